"""The lock after wrong passwords: django-axes counts per account and address; here is what people see of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth import authenticate
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from portal.accounts.addresses import client_address

#: From this many tries left the sign-in page says how many there are.
WARN_AT = 2


def answer_of_the_page(request: HttpRequest, response: HttpResponse, credentials: object) -> HttpResponse:
    """What axes answers when it refuses: the page that was asked, which says so itself, as 429 Too Many Requests."""
    response.status_code = 429
    return response


@sensitive_variables("password")
def password_fits(request: HttpRequest, account: str, password: str) -> bool:
    """Whether that is the account's password, asked as at sign-in: a wrong one counts towards the lock and is in the
    sign-in log, the right one clears the count from that address, and while the lock lasts none fits."""
    if authenticate(request, username=account, password=password) is None:
        return False
    _counted([account]).filter(ip_address=client_address(request)).delete()
    return True


def is_locked_out(request: HttpRequest) -> bool:
    """Whether the password that this request gave brought a lock or met one."""
    return bool(getattr(request, "axes_locked_out", False))


def words_of_a_lock(request: HttpRequest, account: str) -> dict[str, object]:
    """What a page says of the lock that this request met: how many tries, how many minutes, until when. One query."""
    return {
        "failure_limit": settings.AXES_FAILURE_LIMIT,
        "lock_minutes": lock_minutes(),
        "locked_until": locked_until(account, client_address(request)),
    }


def lock_minutes() -> int:
    """How long a lock lasts."""
    return int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)


def locked_until(account: str, address: str | None) -> datetime | None:
    """When that account may be tried again from that address; None when it is not locked. One query."""
    return _end_of_lock(_counted([account]).filter(ip_address=address))


def locks_of(account: str) -> dict[str | None, datetime]:
    """Every address from which the account is locked now, with the end of the lock. One query."""
    by_address: dict[str | None, list[AccessAttempt]] = {}
    for attempt in _counted([account]):
        by_address.setdefault(attempt.ip_address, []).append(attempt)
    ends = {address: _end_of_lock(attempts) for address, attempts in by_address.items()}
    return {address: end for address, end in ends.items() if end}


def unlock(accounts: Iterable[str]) -> set[str]:
    """Forget the wrong passwords of these accounts from every address; gives the accounts that had any."""
    attempts = _counted(accounts)
    found = set(attempts.values_list("username", flat=True))
    attempts.delete()
    return found


def tries_left(request: HttpRequest) -> int | None:
    """How often a wrong password may still follow the one just given; None where that need not be said yet."""
    failures: int | None = getattr(request, "axes_failures_since_start", None)
    if failures is None:
        return None
    left = int(settings.AXES_FAILURE_LIMIT) - failures
    return left if 0 < left <= WARN_AT else None


def _counted(accounts: Iterable[str]) -> QuerySet[AccessAttempt]:
    """Wrong passwords that still count, newest first: one row per address and browser."""
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    attempts: QuerySet[AccessAttempt] = AccessAttempt.objects.filter(username__in=accounts, attempt_time__gte=since)
    return attempts.order_by("-attempt_time")


def _end_of_lock(attempts: Iterable[AccessAttempt]) -> datetime | None:
    """The moment when too few of the attempts (newest first) are left to lock; None when there are too few now."""
    failures = 0
    for attempt in attempts:
        failures += attempt.failures_since_start
        if failures >= settings.AXES_FAILURE_LIMIT:
            end: datetime = attempt.attempt_time + settings.AXES_COOLOFF_TIME
            return end
    return None
