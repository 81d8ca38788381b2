"""Progress reports: what may be stated, who may state it, how review goes, and the verdicts that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from indicators.models import ReviewStatus
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, KeyProject, ProgressReport, ProjectAssessment, Quarter
from projects.services.judging import differences
from projects.services.recording import delete_report, record_report
from projects.services.reports import ReportEntry, quantity_field
from projects.services.review import approve_reports, reopen_reports, return_reports, submit_reports
from regions.models import Department, Role
from tests.factories import DepartmentFactory, member_of, project_led_by

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY)


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER)


@pytest.fixture
def project(bureau: Department) -> KeyProject:
    """Promises 100 charging points by 2025."""
    return project_led_by(bureau, quantity=Decimal(100))


@pytest.fixture
def piles(project: KeyProject) -> Deliverable:
    return project.deliverables.get()


@pytest.fixture
def entry(project: KeyProject, piles: Deliverable) -> ReportEntry:
    """20 of 100 at the end of 2021."""
    return ReportEntry(project, 2021, project_status="construction", quantities={piles.pk: Decimal(20)})


def verdict(project: KeyProject, year: int) -> str:
    return ProjectAssessment.objects.get(project=project, year=year).verdict


def test_a_report_counts_at_once_where_nothing_is_reviewed(entry: ReportEntry, staff: User) -> None:
    report = record_report(entry, person=staff, now=NOW)
    assert report.status == ReviewStatus.APPROVED
    assert verdict(entry.project, 2021) == "on_track"
    assert verdict(entry.project, 2022) == "awaiting_value"
    assert differences(entry.project.plan, now=NOW) == []
    assessment = ProjectAssessment.objects.get(project=entry.project, year=2021)
    assert (assessment.pace, assessment.progress, assessment.gap) == (Decimal(1), Decimal("0.2"), Decimal(80))
    assert "截至2021年累计完成20个" in assessment.reason


def test_a_project_that_is_slow_lags_behind(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    record_report(replace(entry, quantities={piles.pk: Decimal(5)}), person=staff, now=NOW)
    assert verdict(entry.project, 2021) == "behind"


def test_quarters_do_not_close_a_year_but_the_fourth_does(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    record_report(replace(entry, quarter=Quarter.SECOND), person=staff, now=NOW)
    assert verdict(entry.project, 2021) == "awaiting_value"
    record_report(replace(entry, quarter=Quarter.FOURTH), person=staff, now=NOW)
    assert verdict(entry.project, 2021) == "on_track"
    record_report(replace(entry, quantities={piles.pk: Decimal(25)}), person=staff, now=NOW)
    assert ProjectAssessment.objects.get(project=entry.project, year=2021).value == 25


def test_a_project_past_its_time_is_missed_until_it_is_complete(
    entry: ReportEntry, piles: Deliverable, staff: User
) -> None:
    KeyProject.objects.filter(pk=entry.project.pk).update(end_year=2021)
    entry.project.refresh_from_db()
    record_report(entry, person=staff, now=NOW)
    record_report(replace(entry, year=2022, quantities={piles.pk: Decimal(100)}), person=staff, now=NOW)
    assert [verdict(entry.project, year) for year in (2021, 2022)] == ["missed", "achieved"]


def test_a_rate_is_reached_or_not_and_does_not_add_up(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    """联网率达到100%: 60 % in the first year is no three fifths of the way, for nothing says where it started."""
    Deliverable.objects.filter(pk=piles.pk).update(name="联网率", unit="%", wording="联网率达到100%")
    for year, rate in ((2021, 60), (2022, 100), (2025, 90)):
        stated = replace(entry, year=year, quantities={piles.pk: Decimal(rate)}, note="部分设备更换")
        record_report(stated, person=staff, now=datetime(year + 1, 3, 1, 9, 0, tzinfo=UTC))
    assert [verdict(entry.project, year) for year in (2021, 2022, 2023, 2025)] == [
        "awaiting_baseline",
        "achieved_early",
        "awaiting_value",
        "missed",
    ]
    first = ProjectAssessment.objects.get(project=entry.project, year=2021)
    assert first.reason.startswith("2021年为60%，尚未达到目标")
    assert (first.pace, first.progress, first.severity) == (None, None, "none")


def test_a_rate_that_falls_needs_a_word(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    Deliverable.objects.filter(pk=piles.pk).update(name="联网率", unit="%", wording="联网率达到100%")
    record_report(entry, person=staff, now=NOW)
    less = replace(entry, year=2022, quantities={piles.pk: Decimal(15)})
    with pytest.raises(ValidationError, match="联网率 15%，比2021年已报的 20% 少"):
        record_report(less, person=staff, now=NOW)


def test_a_total_that_falls_needs_a_word(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    record_report(replace(entry, investment_paid=Decimal(500)), person=staff, now=NOW)
    less = replace(entry, year=2022, quantities={piles.pk: Decimal(15)}, investment_paid=Decimal(400))
    with pytest.raises(ValidationError) as refused:
        record_report(less, person=staff, now=NOW)
    said = "".join(refused.value.message_dict["note"])
    assert "充电桩累计 15个，比2021年已报的 20个 少" in said
    assert "累计完成投资 400 万元，比2021年已报的 500 万元 少" in said
    record_report(replace(less, note="核减重复统计"), person=staff, now=NOW)


def test_an_earlier_total_does_not_exceed_a_later_one(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    record_report(replace(entry, year=2022), person=staff, now=NOW)
    with pytest.raises(ValidationError, match="比2022年已报的 20个 多"):
        record_report(replace(entry, quantities={piles.pk: Decimal(30)}), person=staff, now=NOW)


def test_a_completed_project_has_delivered_everything_or_says_why(entry: ReportEntry, staff: User) -> None:
    with pytest.raises(ValidationError, match="项目状态是“完工”，但充电桩只完成 20个，应完成 100个"):
        record_report(replace(entry, project_status="completed"), person=staff, now=NOW)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"project_status": ""}, "project_status"),
        ({"project_status": "cancelled"}, "status_reason"),
        ({"year": 2026}, "year"),
        ({"quarter": 7}, "quarter"),
        ({"investment_paid": Decimal(-1)}, "investment_paid"),
        ({"problems": "难" * 2001}, "problems"),
    ],
)
def test_what_cannot_be_true_is_refused_by_field(
    entry: ReportEntry, staff: User, change: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        record_report(replace(entry, **change), person=staff, now=NOW)  # type: ignore[arg-type]
    assert field in refused.value.message_dict
    assert not ProgressReport.objects.exists()


def test_a_quantity_is_the_projects_own_and_not_negative(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    with pytest.raises(ValidationError) as refused:
        record_report(replace(entry, quantities={piles.pk: Decimal(-1), 0: Decimal(1)}), person=staff, now=NOW)
    assert {quantity_field(piles.pk), quantity_field(0)} <= refused.value.message_dict.keys()


def test_only_who_leads_the_project_reports(entry: ReportEntry, bureau: Department) -> None:
    for person in (
        member_of(DepartmentFactory.create(region=bureau.region), Role.ENTRY),
        member_of(bureau, Role.LEADER),
        member_of(DepartmentFactory.create(), Role.REVIEWER),
    ):
        with pytest.raises(PermissionDenied, match="不是该项目的牵头单位"):
            record_report(entry, person=person, now=NOW)


def test_the_coordinating_department_reports_where_nobody_leads(entry: ReportEntry, staff: User) -> None:
    entry.project.responsibilities.all().delete()
    assert record_report(entry, person=staff, now=NOW).pk


def test_two_people_at_one_report(entry: ReportEntry, staff: User, bureau: Department) -> None:
    first = record_report(entry, person=staff, now=NOW)
    other = member_of(bureau, Role.ENTRY)
    with pytest.raises(ValidationError, match=f"{staff}在您打开之后"):
        record_report(replace(entry, investment_paid=Decimal(1)), person=other, now=NOW)
    changed = replace(entry, investment_paid=Decimal(1), revision=first.revision)
    with pytest.raises(ValidationError, match="修改时请写明原因"):
        record_report(changed, person=other, now=NOW)
    assert record_report(replace(changed, reason="补报"), person=other, now=NOW).revision == 2


def test_review_of_a_report_goes_as_that_of_a_value(
    entry: ReportEntry, piles: Deliverable, staff: User, reviewer: User
) -> None:
    open_round(entry.project.plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=NOW)
    draft = record_report(entry, person=staff, now=NOW, as_draft=True)
    [submitted] = submit_reports([draft], person=staff, now=NOW)
    assert verdict_or_none(entry.project) in (None, "awaiting_value")
    with pytest.raises(PermissionDenied, match="您不能审定“公共充电设施”2021年的进展报告"):
        approve_reports([submitted], person=staff, now=NOW)
    [returned] = return_reports([submitted], comment="附照片", person=reviewer, now=NOW)
    mended = record_report(replace(entry, revision=returned.revision, next_step="补拍照片"), person=staff, now=NOW)
    assert mended.status == ReviewStatus.SUBMITTED
    [approved] = approve_reports([mended], person=reviewer, now=NOW)
    assert verdict(entry.project, 2021) == "on_track"
    locked = replace(entry, quantities={piles.pk: Decimal(30)}, revision=approved.revision, reason="更正")
    with pytest.raises(ValidationError, match="已审定并锁定"):
        record_report(locked, person=staff, now=NOW)
    reopen_reports([approved], reason="数据更正", person=reviewer, now=NOW)
    assert verdict(entry.project, 2021) == "awaiting_value"


def verdict_or_none(project: KeyProject) -> str | None:
    return ProjectAssessment.objects.filter(project=project, year=2021).values_list("verdict", flat=True).first()


def test_the_history_says_who_changed_what_and_why(entry: ReportEntry, piles: Deliverable, staff: User) -> None:
    first = record_report(entry, person=staff, now=NOW)
    record_report(
        replace(entry, quantities={piles.pk: Decimal(22)}, revision=first.revision, reason="漏报"),
        person=staff,
        now=NOW,
    )
    quantity = first.delivered_quantities.get()
    assert [record.quantity for record in quantity.history.order_by("history_id")] == [20, 22]
    last = first.history.latest()
    assert (last.history_user, last.history_change_reason) == (staff, "漏报")


def test_a_report_made_by_mistake_is_removed_with_a_reason(entry: ReportEntry, staff: User) -> None:
    report = record_report(entry, person=staff, now=NOW)
    with pytest.raises(ValidationError, match="删除原因"):
        delete_report(report, reason=" ", person=staff, now=NOW)
    delete_report(report, reason="填错项目", person=staff, now=NOW)
    assert verdict(entry.project, 2021) == "awaiting_value"
    assert ProgressReport.history.filter(history_type="-").latest().history_change_reason == "填错项目"
