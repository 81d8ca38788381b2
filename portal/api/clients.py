"""Writing clients and tokens: the one way for the admin and for `manage.py create_token`."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from indicators.models import Plan
from portal.accounts.models import User
from portal.api.models import AccessToken, ApiClient
from regions.history import attribute
from regions.models import Department, Membership, Role
from regions.permissions import Person, is_administrator

#: Every token starts so: whoever finds one in a file knows what it opens, and scanners for secrets can look for it.
PREFIX = "ghzb_"
#: 256 random bits: nobody guesses one, so a digest without salt or stretching is enough.
RANDOM_BYTES = 32
SHOWN = len(PREFIX) + 4
DEFAULT_DAYS, LONGEST_DAYS = 365, 1096


@dataclass(frozen=True)
class Scope:
    """What a client may do: read these plans or all, submit or not, and for which departments it submits."""

    plans: Collection[Plan] = ()
    all_plans: bool = False
    may_submit: bool = False
    departments: Collection[Department] = ()

    def check(self) -> None:
        """Raise ValidationError by field for a scope that says nothing or contradicts itself."""
        if self.all_plans and self.plans:
            raise ValidationError({"plans": "已勾选“可读全部规划”，请不要再选规划；只开放部分规划的，请取消勾选。"})
        if not self.all_plans and not self.plans:
            raise ValidationError({"plans": "请选择可读的规划，或勾选“可读全部规划”。"})
        if self.departments and not self.may_submit:
            raise ValidationError({"departments": "没有勾选“可提交数值”的客户端不需要填报部门。"})


def save_client(client: ApiClient, scope: Scope, *, person: Person | None, reason: str = "") -> ApiClient:
    """Create or change a client with its account, scope and departments, in one transaction and with history.

    Raises PermissionDenied for people who are no administrators (None is the command line), ValidationError by field.
    """
    check_administrator(person)
    scope.check()
    client.all_plans, client.may_submit = scope.all_plans, scope.may_submit
    client.full_clean(exclude=["account"])
    with transaction.atomic():
        save_account(client, person=person, reason=reason)
        attribute(client, person=person, reason=reason)
        client.save()
        client.plans.set(scope.plans)
        join(client.account, scope.departments, person=person, reason=reason)
    return client


def save_account(client: ApiClient, *, person: Person | None, reason: str) -> None:
    """The account that the history names as author: it has the client's name, is active as long as the client is, and
    nobody signs in with it."""
    account = client.account if client.account_id else User(username=f"api-{secrets.token_hex(4)}")
    account.full_name, account.is_active = f"接口：{client.name}", client.is_active
    account.is_service_account, account.is_staff = True, False
    account.set_unusable_password()
    account.full_clean()
    attribute(account, person=person, reason=reason)
    account.save()
    client.account = account


def join(account: User, departments: Iterable[Department], *, person: Person | None, reason: str) -> None:
    """Let the account enter values for exactly these departments."""
    wanted = {department.pk: department for department in departments}
    for membership in account.memberships.all():
        if membership.role == Role.ENTRY and membership.department_id in wanted:
            del wanted[membership.department_id]
            continue
        attribute(membership, person=person, reason=reason)
        membership.delete()
    for department in wanted.values():
        membership = Membership(user=account, department=department, role=Role.ENTRY)
        membership.full_clean()
        attribute(membership, person=person, reason=reason)
        membership.save()


@sensitive_variables("secret")
def issue_token(
    client: ApiClient, *, now: datetime, person: Person | None, days: int = DEFAULT_DAYS
) -> tuple[AccessToken, str]:
    """A new token of the client and its secret, which is told here and never again. Other tokens stay valid.

    Raises PermissionDenied for people who are no administrators (None is the command line), ValidationError for a term
    of less than a day or more than LONGEST_DAYS.
    """
    check_administrator(person)
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": f"有效天数应在 1 至 {LONGEST_DAYS} 之间。"})
    secret = PREFIX + secrets.token_urlsafe(RANDOM_BYTES)
    token = AccessToken.objects.create(
        client=client,
        digest=digest_of(secret),
        start=secret[:SHOWN],
        created_at=now,
        created_by_id=person.pk if person else None,
        expires_at=now + timedelta(days=days),
    )
    return token, secret


def revoke_tokens(tokens: Iterable[AccessToken], *, now: datetime, person: Person) -> int:
    """Close the API to these tokens at once and for good; gives how many were open. One query."""
    check_administrator(person)
    keys = [token.pk for token in tokens]
    return AccessToken.objects.filter(pk__in=keys, revoked_at=None).update(revoked_at=now, revoked_by=person.pk)


@sensitive_variables("secret")
def digest_of(secret: str) -> str:
    """What is stored of a token."""
    return hashlib.sha256(secret.encode()).hexdigest()


def check_administrator(person: Person | None) -> None:
    """Raise PermissionDenied unless an administrator acts, or the command line."""
    if person is not None and not is_administrator(person):
        raise PermissionDenied("接口客户端和令牌由系统管理员管理。")
