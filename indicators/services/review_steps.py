"""The way of a record from draft to approved: submit, approve, return, reopen, singly or many at once.

Every step is all or nothing, asks the permission on each object, is recorded in history, and settles what counts
differently afterwards. What differs between yearly values, progress reports and statements stands in a `Workflow`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import QuerySet

from indicators.models import AbstractReviewed, Plan, ReviewStatus
from indicators.permissions import may_review
from indicators.services.reviewed_records import last_author
from regions.history import attribute, check_length, check_reason
from regions.permissions import Person, is_administrator

Record = TypeVar("Record", bound=AbstractReviewed)


class Step(StrEnum):
    """A step of the workflow."""

    SUBMIT = "submit"
    APPROVE = "approve"
    RETURN = "return"
    REOPEN = "reopen"


#: From which states a step leads to which.
TRANSITIONS: dict[Step, tuple[set[str], str]] = {
    Step.SUBMIT: ({ReviewStatus.DRAFT, ReviewStatus.RETURNED}, ReviewStatus.SUBMITTED),
    Step.APPROVE: ({ReviewStatus.SUBMITTED}, ReviewStatus.APPROVED),
    Step.RETURN: ({ReviewStatus.SUBMITTED}, ReviewStatus.RETURNED),
    Step.REOPEN: ({ReviewStatus.APPROVED}, ReviewStatus.RETURNED),
}
STEP_NAMES = {Step.SUBMIT: "提交", Step.APPROVE: "审定", Step.RETURN: "退回", Step.REOPEN: "重新打开"}


class Workflow(ABC, Generic[Record]):
    """The steps for one kind of record. `noun` is what people call one, `counted` how they count several: 3 项数值."""

    noun: str
    counted: str

    @abstractmethod
    def records(self) -> QuerySet[Any]:
        """All records of the kind, with what `reference` and the permissions read loaded."""

    @abstractmethod
    def lock(self, keys: Collection[int]) -> None:
        """Make everybody wait who writes or judges what these records (primary keys) belong to."""

    @abstractmethod
    def plan_of(self, record: Record) -> Plan:
        """The plan whose reviewers decide."""

    @abstractmethod
    def may_enter(self, person: Person, record: Record) -> bool:
        """Whether the person states and hands in this record."""

    @abstractmethod
    def statement_of(self, record: Record) -> str:
        """What the record states, for somebody who saw it otherwise: 96.7%."""

    @abstractmethod
    def settle(self, records: list[Record], *, now: datetime) -> None:
        """Bring up to date what depends on approved records of the kind."""

    def submit(self, records: Iterable[Record], *, person: Person, now: datetime) -> list[Record]:
        """Hand drafts and returned records to review. The person may enter them."""

        def change(record: Record) -> None:
            record.submitted_at, record.submitted_by_id, record.review_comment = now, person.pk, ""

        return self._take(Step.SUBMIT, records, change, person=person, now=now)

    def approve(self, records: Iterable[Record], *, person: Person, now: datetime, comment: str = "") -> list[Record]:
        """Approve submitted records: from now on they count, and are locked. Not one's own, except by an
        administrator."""

        def change(record: Record) -> None:
            if record.submitted_by_id == person.pk and not is_administrator(person):
                raise PermissionDenied(f"{record.reference}由您本人提交，须由其他审核人员审定。")
            record.approved_at, record.approved_by_id, record.review_comment = now, person.pk, comment

        return self._take(Step.APPROVE, records, change, person=person, now=now, reason=comment)

    def send_back(self, records: Iterable[Record], *, comment: str, person: Person, now: datetime) -> list[Record]:
        """Return submitted records with what is to be mended."""
        check_reason(comment, "请写明退回意见，填报人员需要知道改什么。")

        def change(record: Record) -> None:
            record.review_comment = comment

        return self._take(Step.RETURN, records, change, person=person, now=now, reason=comment)

    def reopen(self, records: Iterable[Record], *, reason: str, person: Person, now: datetime) -> list[Record]:
        """Unlock approved records for correction; until they are approved again they do not count."""
        check_reason(reason, "请写明重新打开的原因。")

        def change(record: Record) -> None:
            record.approved_at, record.approved_by_id, record.review_comment = None, None, reason

        return self._take(Step.REOPEN, records, change, person=person, now=now, reason=reason)

    def decide(
        self,
        step: Step,
        seen: Mapping[int, int],
        among: QuerySet[Any],
        *,
        plan: Plan,
        comment: str,
        person: Person,
        now: datetime,
    ) -> list[Record]:
        """Take a reviewer's step with the records of a plan whose keys `seen` maps to the revisions the person saw.
        `among` are those that the page lists.

        All or nothing. Raises ValidationError (Chinese) when nothing is chosen, a record is gone or belongs elsewhere,
        somebody changed it since, the comment is too long, or the workflow refuses; PermissionDenied for those who may
        not review the plan and for a record that the person submitted.
        """
        if not may_review(person, plan):
            raise PermissionDenied("审定、退回和重新打开由本规划的审核人员或管理员办理。")
        if not seen:
            raise ValidationError(f"没有选中任何{self.noun}。请先在表格中勾选，再点按钮。")
        check_length(comment)
        with transaction.atomic():
            self.lock(seen.keys())
            known = set(among.filter(pk__in=seen).values_list("pk", flat=True))
            records: list[Record] = list(self.records().filter(pk__in=known).order_by("pk"))
            if len(records) < len(seen):
                raise ValidationError(f"所选{self.noun}中有的已被删除，或不属于这个规划的这一年度，请刷新页面后重选。")
            for record in records:
                self._check_seen(record, seen[record.pk])
            if step is Step.APPROVE:
                return self.approve(records, person=person, now=now, comment=comment)
            if step is Step.RETURN:
                return self.send_back(records, comment=comment, person=person, now=now)
            if step is Step.REOPEN:
                return self.reopen(records, reason=comment, person=person, now=now)
        raise ValueError(f"no reviewer's step: {step}")

    def _take(
        self,
        step: Step,
        records: Iterable[Record],
        change: Callable[[Record], None],
        *,
        person: Person,
        now: datetime,
        reason: str = "",
    ) -> list[Record]:
        """Take the step with every record or with none."""
        sources, target = TRANSITIONS[step]
        keys = [record.pk for record in records]
        with transaction.atomic():
            self.lock(keys)
            locked: list[Record] = list(
                self.records().select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
            )
            for record in locked:
                self._check_step(step, record, sources, person)
                change(record)
                record.status = target
                record.revision += 1
                record.full_clean()
                attribute(record, person=person, reason=reason or STEP_NAMES[step])
                record.save()
            if step in (Step.APPROVE, Step.REOPEN):
                self.settle(locked, now=now)
        return locked

    def _check_step(self, step: Step, record: Record, sources: set[str], person: Person) -> None:
        allowed = self.may_enter(person, record) if step is Step.SUBMIT else may_review(person, self.plan_of(record))
        if not allowed:
            raise PermissionDenied(f"您不能{STEP_NAMES[step]}{record.reference}。")
        if record.status not in sources:
            raise ValidationError(
                f"{record.reference}现在是“{ReviewStatus(record.status).label}”，不能{STEP_NAMES[step]}。"
                "可能他人刚刚处理过，请刷新页面。"
            )

    def _check_seen(self, record: Record, revision: int) -> None:
        """Raise ValidationError that names the other person and what stands there now when the record changed since it
        was seen."""
        if record.revision == revision:
            return
        raise ValidationError(
            f"{record.reference}在您打开本页之后由{last_author(record)}处理过，"
            f"现在是 {self.statement_of(record)}（{ReviewStatus(record.status).label}），"
            "本次操作全部没有执行。请刷新页面核对后再办。"
        )
