"""What a person may state as a progress report: figures, texts, and what they must agree with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError

from indicators.core.figures import show_figure
from indicators.models import ReviewStatus
from projects.models import Deliverable, DeliveredQuantity, KeyProject, ProgressReport, ProjectStatus, Quarter
from projects.models.progress import period_in_words
from regions.history import check_length

#: What a person states beside quantities, as fields of the entry and of the stored report alike.
STATED = ("project_status", "status_reason", "investment_paid", "problems", "next_step", "note")


@dataclass(frozen=True)
class ReportEntry:
    """What a person states about one project at the end of a year or quarter.

    `quantities` are to date, by primary key of the deliverable; one that is left out stays unknown. `investment_paid`
    is in 万元, to date. `reason` says why an approved report is corrected; `revision` is the one the person saw, None
    when they saw no report.
    """

    project: KeyProject
    year: int
    quarter: int = Quarter.YEAR
    project_status: str = ""
    status_reason: str = ""
    quantities: Mapping[int, Decimal] = field(default_factory=dict)
    investment_paid: Decimal | None = None
    problems: str = ""
    next_step: str = ""
    note: str = ""
    reason: str = ""
    revision: int | None = None

    @property
    def period(self) -> str:
        """The period in words."""
        return period_in_words(self.year, self.quarter)


def quantity_field(deliverable_id: int) -> str:
    """The name under which errors and forms know the quantity of a deliverable."""
    return f"quantity_{deliverable_id}"


def check_report(entry: ReportEntry) -> None:
    """Raise ValidationError by field, in Chinese, for an entry that cannot be true. Queries nothing but the project's
    deliverables, unless they are prefetched."""
    errors: dict[str, Any] = {}
    record = ProgressReport(project=entry.project, year=entry.year, quarter=entry.quarter, **statement_of(entry))
    try:
        record.clean_fields(exclude=["project", "approved_at", "status"])
        record.clean()
    except ValidationError as error:
        errors.update(error.update_error_dict({}))
    deliverables = {each.pk: each for each in entry.project.deliverables.all()}
    for key, quantity in entry.quantities.items():
        if key not in deliverables:
            errors[quantity_field(key)] = "该建设内容不属于这个项目。"
            continue
        try:
            DeliveredQuantity._meta.get_field("quantity").clean(quantity, None)
        except ValidationError as error:
            errors[quantity_field(key)] = error.error_list
        if quantity < 0:
            errors[quantity_field(key)] = "累计完成数量不能为负。"
    if entry.investment_paid is not None and entry.investment_paid < 0:
        errors["investment_paid"] = "累计完成投资不能为负。"
    try:
        check_length(entry.reason)
    except ValidationError as error:
        errors["reason"] = error.messages
    if errors:
        raise ValidationError(errors)


def statement_of(stated: ReportEntry | ProgressReport) -> dict[str, Any]:
    """What is stated beside the quantities, by field."""
    return {name: getattr(stated, name) for name in STATED}


def quantities_of(report: ProgressReport) -> dict[int, Decimal]:
    """The stored quantities by deliverable (primary key). One query unless prefetched."""
    return {each.deliverable_id: each.quantity for each in report.delivered_quantities.all()}


def doubts_about(entry: ReportEntry, others: Iterable[ProgressReport]) -> list[str]:
    """What contradicts the project's other reports that were handed in, in Chinese: each needs a word in the note.

    A quantity or the money to date falls behind the report before, or exceeds the one after; a project is called
    completed though a quantity is not. `others` have their quantities loaded and are in order of time.
    """
    named = {each.pk: each for each in entry.project.deliverables.all()}
    before, after = neighbours(entry.year, entry.quarter, others)
    mine, found = totals(entry, entry.quantities), []
    if before is not None:
        theirs = totals(before, quantities_of(before))
        found += [
            f"{in_words(key, figure, named)}，比{before.period}已报的 {in_unit(key, theirs[key], named)} 少"
            for key, figure in mine.items()
            if key in theirs and figure < theirs[key]
        ]
    if after is not None:
        theirs = totals(after, quantities_of(after))
        found += [
            f"{in_words(key, figure, named)}，比{after.period}已报的 {in_unit(key, theirs[key], named)} 多"
            for key, figure in mine.items()
            if key in theirs and figure > theirs[key]
        ]
    if entry.project_status in (ProjectStatus.COMPLETED, ProjectStatus.OPERATING):
        label = ProjectStatus(entry.project_status).label
        found += [
            f"项目状态是“{label}”，但{named[key].name}只完成 {show_figure(quantity)}{named[key].unit}，"
            f"应完成 {show_figure(named[key].quantity)}{named[key].unit}"
            for key, quantity in entry.quantities.items()
            if quantity < named[key].quantity
        ]
    return [f"{each}。请核对；确实如此的，请在“说明”中写明原因。" for each in found]


def neighbours(
    year: int, quarter: int, reports: Iterable[ProgressReport]
) -> tuple[ProgressReport | None, ProgressReport | None]:
    """Of a project's reports, in order of time, those that were handed in last before a period and first after it."""
    own = (year, Quarter(quarter).rank)
    handed_in = [each for each in reports if each.status in (ReviewStatus.SUBMITTED, ReviewStatus.APPROVED)]
    places = [((each.year, Quarter(each.quarter).rank), each) for each in handed_in]
    before = [each for place, each in places if place < own]
    after = [each for place, each in places if place > own]
    return before[-1] if before else None, after[0] if after else None


#: Stands for the money among the totals of a report.
MONEY = 0


def totals(stated: ReportEntry | ProgressReport, quantities: Mapping[int, Decimal]) -> dict[int, Decimal]:
    """Everything that only grows: quantities by deliverable (primary key), and under MONEY what was paid."""
    paid = {} if stated.investment_paid is None else {MONEY: stated.investment_paid}
    return {**quantities, **paid}


def in_words(key: int, figure: Decimal, deliverables: Mapping[int, Deliverable]) -> str:
    """A total as people say it: 充电桩累计 120个; a rate is none: 联网率 80%."""
    if key == MONEY:
        return f"累计完成投资 {in_unit(key, figure, deliverables)}"
    so_far = "" if deliverables[key].is_rate else "累计"
    return f"{deliverables[key].name}{so_far} {in_unit(key, figure, deliverables)}"


def in_unit(key: int, figure: Decimal, deliverables: Mapping[int, Deliverable]) -> str:
    """A total with its unit: 120个, 400 万元."""
    return f"{show_figure(figure)} 万元" if key == MONEY else f"{show_figure(figure)}{deliverables[key].unit}"
