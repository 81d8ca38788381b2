"""Which departments and roles a person had: the history of memberships, those that ended included."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal.accounts.models import User
from regions.models import Membership


@dataclass(frozen=True)
class RoleChange:
    """One change of a membership. `old` is empty for a new one, `new` for one that ended."""

    when: datetime
    who: str
    channel: str
    old: str
    new: str
    reason: str


def role_changes(person: User) -> list[RoleChange]:
    """Newest first. One query: every record of every membership that the person ever had."""
    own = Membership.history.filter(user_id=person.pk).values("id")
    records = (
        Membership.history.filter(id__in=own)
        .select_related("history_user", "user", "department__region")
        .order_by("history_id")
    )
    stood: dict[int, str] = {}
    changes = []
    for record in records:
        old = stood.pop(record.id, "")
        new = "" if record.history_type == "-" else _described(record, person)
        if new:
            stood[record.id] = new
        changes.append(
            RoleChange(
                when=record.history_date,
                who=str(record.history_user or "系统"),
                channel=record.channel,
                old=old,
                new=new,
                reason=record.history_change_reason or "",
            )
        )
    return changes[::-1]


def _described(record: Any, person: User) -> str:
    """Region, department and role; with the name where the membership went to another person."""
    place = f"{record.department.region.name} {record.department.name}" if record.department else "已删除的部门"
    moved = "" if record.user_id == person.pk else f"，人员改为 {record.user or '已删除的账号'}"
    return f"{place} · {record.get_role_display()}{moved}"
