"""Reminders by mail: entry staff of departments that owe something hear of it near and after the deadline.

What departments owe is told by kinds of duty (`indicators.services.owed`): values, and whatever the portal adds.
The days are exact (`is_reminder_day`), so nothing has to remember what was sent: run once a day, a run for a day that
was left out is made up with its date. Running twice on one day sends twice.
"""

from __future__ import annotations

import logging
from collections import Counter, defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db.models import QuerySet
from django.template.loader import render_to_string

from indicators.models import ReportingRound, ReviewStatus
from indicators.services.owed import DutyKind, Owed
from indicators.services.round_progress import VALUES_DUE
from regions.models import Department, Membership, Role

logger = logging.getLogger(__name__)

DAYS_BEFORE = (7, 1)
WEEK = 7
STATE_NOTES = {ReviewStatus.DRAFT: "草稿未提交", ReviewStatus.RETURNED: "已退回，待修改"}


@dataclass(frozen=True)
class ReminderPart:
    """What a person's departments owe in one round, of one kind. `days_left` is negative after the deadline."""

    round: ReportingRound
    kind: DutyKind
    days_left: int
    lines: tuple[str, ...]

    @property
    def when(self) -> str:
        """How the deadline stands, in words."""
        if self.days_left < 0:
            return f"已逾期 {-self.days_left} 天"
        return f"还有 {self.days_left} 天"


@dataclass(frozen=True)
class Reminder:
    """One mail: all that a person's departments owe on that day."""

    name: str
    address: str
    parts: tuple[ReminderPart, ...]

    @property
    def owes(self) -> str:
        """How much is listed, kind by kind: 2 项指标、1 个重点项目."""
        counts: Counter[str] = Counter()
        for part in self.parts:
            counts[part.kind.counted] += len(part.lines)
        return "、".join(f"{count} {counted}" for counted, count in counts.items())


@dataclass
class Outcome:
    """What a run did. `without_address` names people who owe something and have no mail address."""

    sent: int = 0
    failed: list[str] = field(default_factory=list)
    without_address: list[str] = field(default_factory=list)


def is_reminder_day(deadline: date, today: date) -> bool:
    """Seven days and one day before the deadline, the day after it, and every seven days from then on."""
    left = (deadline - today).days
    return left in DAYS_BEFORE or (left < 0 and (-left - 1) % WEEK == 0)


def rounds_to_remind(today: date) -> QuerySet[ReportingRound]:
    """Rounds for which `today` is a reminder day. Two queries when evaluated."""
    near = ReportingRound.objects.filter(deadline__lte=today + timedelta(days=max(DAYS_BEFORE)))
    keys = [key for key, deadline in near.values_list("pk", "deadline") if is_reminder_day(deadline, today)]
    return ReportingRound.objects.filter(pk__in=keys)


def reminders(today: date, kinds: Sequence[DutyKind] = (VALUES_DUE,)) -> list[Reminder]:
    """The day's reminders by account name, people without an address included. Two queries beside those of the kinds,
    whose rounds are found with one more."""
    rounds = rounds_to_remind(today)
    owed: defaultdict[int, list[tuple[DutyKind, Owed]]] = defaultdict(list)
    for kind in kinds:
        for each in kind.owed(rounds):
            for department in each.departments:
                owed[department.pk].append((kind, each))
    staff = (
        Membership.objects.filter(role=Role.ENTRY, department__in=owed, user__is_active=True)
        .select_related("user", "department")
        .order_by("user__username", "department")
    )
    people: dict[int, Membership] = {}
    listed: defaultdict[int, list[tuple[Department, DutyKind, Owed]]] = defaultdict(list)
    for membership in staff:
        people.setdefault(membership.user_id, membership)
        listed[membership.user_id] += [(membership.department, *each) for each in owed[membership.department_id]]
    return [
        Reminder(str(membership.user), membership.user.email, parts_of(listed[key], today))
        for key, membership in people.items()
    ]


def parts_of(listed: list[tuple[Department, DutyKind, Owed]], today: date) -> tuple[ReminderPart, ...]:
    """The lists of a mail by round and kind, most urgent first; what two of the person's departments lead stands
    once."""
    lines: defaultdict[tuple[ReportingRound, DutyKind], dict[Hashable, str]] = defaultdict(dict)
    for department, kind, each in listed:
        note = STATE_NOTES.get(ReviewStatus(each.state), "") if each.state else ""
        line = f"{each.name}（{department.name}{'，' + note if note else ''}）"
        lines[each.round, kind].setdefault(each.key, line)
    parts = [
        ReminderPart(opened, kind, (opened.deadline - today).days, tuple(each.values()))
        for (opened, kind), each in lines.items()
    ]
    return tuple(sorted(parts, key=lambda part: (part.days_left, part.round.plan.slug)))


def message_of(reminder: Reminder) -> EmailMessage:
    """The mail of a reminder, plain text."""
    overdue = any(part.days_left < 0 for part in reminder.parts)
    subject = f"【规划指标跟踪】{'逾期提醒' if overdue else '填报提醒'}：还有 {reminder.owes}没有提交"
    body = render_to_string("review/reminder.txt", {"reminder": reminder})
    return EmailMessage(subject, body, settings.DEFAULT_FROM_EMAIL, [reminder.address])


def send_reminders(today: date, kinds: Sequence[DutyKind] = (VALUES_DUE,)) -> Outcome:
    """Send the day's reminders of these kinds of duty; one that cannot be delivered is logged and does not keep the
    others."""
    outcome = Outcome()
    connection = get_connection()
    for reminder in reminders(today, kinds):
        if not reminder.address:
            outcome.without_address.append(reminder.name)
            continue
        message = message_of(reminder)
        message.connection = connection
        try:
            message.send()
        except OSError:
            logger.exception("reminder to %s was not sent", reminder.address)
            outcome.failed.append(reminder.name)
        else:
            outcome.sent += 1
    return outcome
