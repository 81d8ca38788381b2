"""What recording is for everything that goes through review, whatever it states: which state a record takes, when it
is locked, and what is said to somebody who was overtaken."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.core.exceptions import ValidationError

from indicators.models import AbstractReviewed, ReviewStatus
from regions.permissions import Person


class LockedRecordError(ValidationError):
    """An approved record under review: it has to be reopened first, with a reason."""


class State(NamedTuple):
    """Where a record stands, by the attributes of `AbstractReviewed`."""

    status: ReviewStatus
    submitted_at: datetime | None = None
    submitted_by_id: int | None = None
    approved_at: datetime | None = None
    approved_by_id: int | None = None


def state_of(*, is_reviewed: bool, as_draft: bool, person: Person, now: datetime) -> State:
    """The state of what the person states now: a draft or handed in where it is reviewed, approved elsewhere."""
    if not is_reviewed:
        return State(ReviewStatus.APPROVED, approved_at=now, approved_by_id=person.pk)
    if as_draft:
        return State(ReviewStatus.DRAFT)
    return State(ReviewStatus.SUBMITTED, submitted_at=now, submitted_by_id=person.pk)


def stamp_state(record: AbstractReviewed, *, is_reviewed: bool, as_draft: bool, person: Person, now: datetime) -> None:
    """Let the record be what the person stated now, one revision later."""
    record.revision += 1
    state = state_of(is_reviewed=is_reviewed, as_draft=as_draft, person=person, now=now)
    for name, content in state._asdict().items():
        setattr(record, name, content)


def keeps_state(stored: AbstractReviewed, *, is_reviewed: bool, as_draft: bool) -> bool:
    """Whether stating the same once more changes nothing. What was returned and nobody mended is not handed in again
    by it."""
    if not is_reviewed:
        return stored.status == ReviewStatus.APPROVED
    return as_draft or stored.status != ReviewStatus.DRAFT


def check_not_locked(stored: AbstractReviewed, *, noun: str, to: str = "修改") -> None:
    """Raise LockedRecordError for an approved record; `noun` is what people call one: 报告."""
    if stored.status == ReviewStatus.APPROVED:
        raise LockedRecordError(f"这份{noun}已审定并锁定。确需{to}，请审核人员先“重新打开”并写明原因。")


def check_state(
    stored: AbstractReviewed | None, *, seen: int | None, reason: str, is_reviewed: bool, noun: str, reference: str
) -> None:
    """Raise LockedRecordError for an approved record under review; ValidationError when somebody saved in between, or
    when a correction of an approved record gives no reason.

    `seen` is the revision that the person saw, None when they saw no record; `reference` tells which record it is
    (2023年的进展报告). Queries only to name who was faster.
    """
    if stored is None:
        if seen is not None:
            raise ValidationError(f"这份{noun}刚刚被他人删除，请返回列表后重新填报。")
        return
    if is_reviewed:
        check_not_locked(stored, noun=noun)
    if seen != stored.revision:
        raise ValidationError(
            f"{last_author(stored)}在您打开之后已填报或修改了{reference}，您的内容没有保存。"
            "请核对页面上现在的内容；仍要保存时，请再点一次保存。"
        )
    if stored.status == ReviewStatus.APPROVED and not reason.strip():
        raise ValidationError({"reason": f"已审定的{noun}修改时请写明原因。"})


def last_author(record: AbstractReviewed) -> str:
    """Who wrote the record last, 系统 where nobody did. One query."""
    last = type(record).history.filter(id=record.pk).select_related("history_user").latest()  # type: ignore[attr-defined]
    return str(last.history_user or "系统")
