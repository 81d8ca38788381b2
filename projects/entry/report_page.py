"""The form of one report: what stands in it, what it is held against, its photos, and the verdict that would follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.urls import reverse

from indicators.assessment import Result
from indicators.core.figures import show_figure
from indicators.core.rounding import rounded
from indicators.evidence.part import FilesPart, removed_files
from indicators.models import Plan, ReportingRound, ReviewStatus
from indicators.permissions import may_review
from projects.entry.saving import Errors, errors_of
from projects.entry.typed import TypedReport, entry_of, stated_in
from projects.models import Deliverable, KeyProject, ProgressFile, ProgressReport, ProjectStatus, Quarter
from projects.models.progress import period_in_words
from projects.services.due import leading_departments, project_duties
from projects.services.files import ReportKey, progress_files
from projects.services.preview import ReportPreview, preview, projects_for_preview
from projects.services.reports import check_report, doubts_about, neighbours, quantities_of, quantity_field
from regions.models import Department
from regions.permissions import Person

PAID = "investment_paid"


@dataclass(frozen=True)
class PeriodLink:
    """A period of the year with the state of its report; `state` is None where there is none."""

    label: str
    address: str
    state: str | None
    is_current: bool


@dataclass(frozen=True)
class Field:
    """A field of the form. `stored` is what somebody else put there meanwhile, None where nobody did; `last` is what
    the report before says."""

    name: str
    label: str
    text: str
    errors: Sequence[str]
    is_unsaved: bool
    stored: str | None = None
    last: str = ""


@dataclass(frozen=True)
class DeliverableLine:
    """A deliverable with its field, the share of the promise that is completed, and what the verdict says of it."""

    deliverable: Deliverable
    field: Field
    promised: str
    share: str
    result: Result | None


@dataclass(frozen=True)
class ReportPage:
    """What the page shows. `typed` is what stands in the fields, `stored` what is kept, `errors` what was refused;
    `before` is the report that was handed in before this period, `quantities` are those typed (by deliverable)."""

    key: ReportKey
    departments: tuple[Department, ...]
    record: ProgressReport | None
    before: ProgressReport | None
    opened: ReportingRound | None
    is_reviewed: bool
    is_reviewer: bool
    today: date
    periods: list[PeriodLink]
    typed: TypedReport
    stored: TypedReport
    errors: Errors
    doubts: list[str]
    preview: ReportPreview | None
    files: FilesPart
    quantities: Mapping[int, Decimal] = field(default_factory=dict)

    @property
    def project(self) -> KeyProject:
        """What is reported on."""
        return self.key.project

    @property
    def plan(self) -> Plan:
        """The plan whose column names the project."""
        return self.project.plan

    @property
    def period(self) -> str:
        """The period in words."""
        return period_in_words(self.key.year, self.key.quarter)

    @property
    def address(self) -> str:
        """The page's own address, which takes the forms."""
        return report_address(self.key)

    @property
    def is_locked(self) -> bool:
        """Whether review has locked the report."""
        return self.is_reviewed and self.record is not None and self.record.status == ReviewStatus.APPROVED

    @property
    def is_contested(self) -> bool:
        """Whether somebody else saved, or deleted, the report since the person saw it."""
        return self.typed.revision != self.stored.revision

    @property
    def closes_year(self) -> bool:
        """Whether the report decides the verdict of the year."""
        return Quarter(self.key.quarter).closes_year

    @property
    def days_left(self) -> int | None:
        """Days until the deadline, negative when it has passed; None without a round."""
        return (self.opened.deadline - self.today).days if self.opened else None

    @property
    def days_overdue(self) -> int:
        """Days since the deadline; 0 as long as there is time."""
        return max(0, -(self.days_left or 0))

    @property
    def statuses(self) -> list[tuple[str, str]]:
        """What the field of the status offers."""
        return ProjectStatus.choices

    @property
    def lines(self) -> list[DeliverableLine]:
        """The deliverables in printed order."""
        last = quantities_of(self.before) if self.before else {}
        return [
            DeliverableLine(
                each,
                self.field_of(quantity_field(each.pk), each.name, show_figure(last.get(each.pk))),
                promised_in_words(each),
                share_in_words(self.quantities.get(each.pk), each.quantity),
                self.preview.parts.get(each.pk) if self.preview else None,
            )
            for each in self.project.deliverables.all()
        ]

    @property
    def status_field(self) -> Field:
        """How far the project has come."""
        return self.field_of(
            "project_status", "项目状态", ProjectStatus(self.before.project_status).label if self.before else ""
        )

    @property
    def paid_field(self) -> Field:
        """The money."""
        paid = self.before.investment_paid if self.before else None
        return self.field_of(PAID, "累计完成投资（万元）", "" if paid is None else show_figure(paid))

    @property
    def text_fields(self) -> list[Field]:
        """The fields that take sentences."""
        return [self.field_of("problems", "存在问题"), self.field_of("next_step", "下一步安排")]

    @property
    def status_reason_field(self) -> Field:
        """Why the work stopped."""
        return self.field_of("status_reason", "停缓建或取消的原因")

    @property
    def note_field(self) -> Field:
        """What else has to be said."""
        return self.field_of("note", "说明")

    @property
    def reason_field(self) -> Field | None:
        """Why a report that counts is corrected; None where nothing counts yet."""
        counts = self.record is not None and self.record.status == ReviewStatus.APPROVED
        return self.field_of("reason", "修改原因") if counts else None

    def field_of(self, name: str, label: str, last: str = "") -> Field:
        """The field of that name."""
        differs = name != "reason" and self.typed.text(name) != self.stored.text(name)
        return Field(
            name=name,
            label=label,
            text=self.typed.text(name),
            errors=self.errors.get(name, []),
            is_unsaved=differs,
            stored=self.stored_text(name) if differs and self.is_contested else None,
            last=last,
        )

    def stored_text(self, name: str) -> str:
        """What is stored in a field, as people read it."""
        text = self.stored.text(name)
        if name == "project_status" and text:
            return ProjectStatus(text).label
        return text or "（空白）"

    @property
    def wrong(self) -> list[Field]:
        """The fields of which something is wrong, as the form orders them."""
        fields = [
            self.status_field,
            self.status_reason_field,
            *(line.field for line in self.lines),
            self.paid_field,
            *self.text_fields,
            self.note_field,
            *([self.reason_field] if self.reason_field else []),
        ]
        return [each for each in fields if each.errors]

    @property
    def general_errors(self) -> list[str]:
        """What is wrong with no field in particular."""
        return list(self.errors.get("", []))


def report_page(
    key: ReportKey,
    *,
    person: Person,
    today: date,
    typed: TypedReport | None = None,
    errors: Errors | None = None,
) -> ReportPage:
    """The page; `typed` and `errors` are those of a form that was not saved. What is typed without having been refused
    is only tried: its errors are found here.

    Queries: reports with their quantities, duties, the round, whether the person reviews, approved reports for the
    verdict (four), files, removed ones.
    """
    project, plan = key.project, key.project.plan
    reports = list(ProgressReport.objects.filter(project=project).in_time().prefetch_related("delivered_quantities"))
    for each in reports:
        each.project = project
    record = next((each for each in reports if (each.year, each.quarter) == (key.year, key.quarter)), None)
    stored = stated_in(record)
    typed = stored if typed is None else typed
    is_tried, errors = typed is not stored and errors is None, dict(errors or {})
    quantities: Mapping[int, Decimal] = {}
    doubts: list[str] = []
    judged: ReportPreview | None = None
    try:
        entry = entry_of(project, key.year, key.quarter, typed)
        if is_tried:
            check_report(entry)
    except ValidationError as error:
        errors = errors or dict(errors_of(error, project))
    else:
        quantities = entry.quantities
        doubts = doubts_about(entry, [each for each in reports if each is not record])
        known = projects_for_preview([project])[project.pk]
        judged = preview(known, key.year, key.quarter, quantities) if quantities else None
    opened = ReportingRound.objects.filter(plan=plan, year=key.year).first()
    page_of_project = KeyProject.objects.prefetch_related(project_duties()).get(pk=project.pk)
    is_reviewed = plan.review_required or opened is not None
    history = ProgressFile.history.filter(project_id=project.pk, year=key.year, quarter=key.quarter)
    return ReportPage(
        key=key,
        departments=leading_departments(page_of_project, plan.coordinating_department),
        record=record,
        before=neighbours(key.year, key.quarter, reports)[0],
        opened=opened,
        is_reviewed=is_reviewed,
        is_reviewer=may_review(person, plan),
        today=today,
        periods=period_links(key, reports),
        typed=typed,
        stored=stored,
        errors=errors,
        doubts=[] if typed.text("note") else doubts,
        preview=judged,
        quantities=quantities,
        files=FilesPart(
            address=f"{report_address(key)}#files-heading",
            noun="照片和附件",
            owner="报告",
            readers="本项目的填报、审核人员",
            is_locked=is_reviewed and record is not None and record.status == ReviewStatus.APPROVED,
            files=progress_files(key),
            removed=removed_files(history),
        ),
    )


def period_links(key: ReportKey, reports: Sequence[ProgressReport]) -> list[PeriodLink]:
    """The periods of the year, the whole year first."""
    states = {each.quarter: each.get_status_display() for each in reports if each.year == key.year}
    return [
        PeriodLink(
            quarter.label,
            report_address(ReportKey(key.project, key.year, quarter)),
            states.get(quarter.value),
            quarter == key.quarter,
        )
        for quarter in Quarter
    ]


def report_address(key: ReportKey) -> str:
    """Where the report is written."""
    return reverse("entry_report", args=[key.project.code, key.year, int(key.quarter)])


def promised_in_words(deliverable: Deliverable) -> str:
    """The promised quantity as printed: 3600, or 3000–3600 for a range."""
    least = show_figure(deliverable.quantity)
    return least if deliverable.quantity_max is None else f"{least}–{show_figure(deliverable.quantity_max)}"


def share_in_words(quantity: Decimal | None, promised: Decimal) -> str:
    """How much of the promise is completed: 20%; empty where that is unknown."""
    if quantity is None or not promised:
        return ""
    return f"{show_figure(Decimal(rounded(quantity * 100 / promised, 1, unlike=[Decimal(100)])))}%"
