"""Writes the sign-in log, from the signals of Django's authentication and of axes."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver
from django.http import HttpRequest

from portal.accounts.addresses import client_address
from portal.accounts.models import SignInOutcome, SignInRecord, User


def record(request: HttpRequest | None, account: str, user: User | None, outcome: SignInOutcome) -> None:
    """Add a line. What the visitor sent (account, browser) is cut to what the log keeps."""
    browser = request.META.get("HTTP_USER_AGENT", "") if request else ""
    SignInRecord.objects.create(
        account=_kept(account, "account"),
        user=user,
        address=client_address(request) if request else None,
        browser=_kept(browser, "browser"),
        outcome=outcome,
    )


@receiver(user_logged_in)
def record_success(sender: object, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Somebody signed in."""
    record(request, user.username, user, SignInOutcome.SUCCESS)


@receiver(user_logged_out)
def record_sign_out(sender: object, request: HttpRequest, user: User | None, **kwargs: Any) -> None:
    """Somebody signed out; a visitor who was not signed in leaves no line."""
    if user is not None:
        record(request, user.username, user, SignInOutcome.SIGNED_OUT)


@receiver(user_login_failed)
def record_failure(
    sender: object, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any
) -> None:
    """Account and password did not fit. Axes hears of it first (its receivers are connected when it is imported above);
    where it locks, `record_lock` has written both."""
    if not getattr(request, "axes_locked_out", False):
        account = str(credentials.get("username") or "")
        record(request, account, _person(account), _wrong(request))


@receiver(user_locked_out)
def record_lock(sender: object, request: HttpRequest, username: str | None, **kwargs: Any) -> None:
    """One wrong password too many, or another try while the lock lasts."""
    account = username or ""
    person = _person(account)
    if request.axes_failures_since_start is not None:  # type: ignore[attr-defined]  # None: refused without comparing
        record(request, account, person, _wrong(request))
    record(request, account, person, SignInOutcome.LOCKED)


def _wrong(request: HttpRequest | None) -> SignInOutcome:
    """Whoever is signed in gives a password only to replace it."""
    signed_in = request is not None and request.user.is_authenticated
    return SignInOutcome.WRONG_AT_CHANGE if signed_in else SignInOutcome.WRONG_PASSWORD


def _person(account: str) -> User | None:
    return User.objects.filter(username=_kept(account, "account")).first()


def _kept(text: str, field: str) -> str:
    """Without the null character, which PostgreSQL refuses, and as long as the field."""
    limit: int = getattr(SignInRecord._meta.get_field(field), "max_length")  # noqa: B009
    return text.replace("\0", "")[:limit]
