"""Statements on measures: what may be stated, who may state it, how review goes, and what is still owed."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied, ValidationError
from pytest_django import DjangoAssertNumQueries

from indicators.models import Measure, MeasureReport, Plan, ReportingRound, ReviewStatus
from indicators.permissions import may_report_measure, visible_measure_reports
from indicators.services.measure_reports import (
    MeasureReportEntry,
    delete_measure_report,
    newest_approved_reports,
    record_measure_report,
    record_measure_reports,
)
from indicators.services.measure_review import MEASURE_REPORTS
from indicators.services.measures_due import outstanding_measures
from indicators.services.review_steps import Step
from indicators.services.round_progress import owed_by_department
from indicators.services.rounds import open_round
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, MeasureFactory, PlanFactory, measure_led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市水利局")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY)


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER)


@pytest.fixture
def measure(bureau: Department) -> Measure:
    return measure_led_by(bureau)


@pytest.fixture
def opened(measure: Measure, reviewer: User) -> ReportingRound:
    """The round of 2021."""
    return open_round(measure.plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=NOW)


@pytest.fixture
def entry(measure: Measure) -> MeasureReportEntry:
    return MeasureReportEntry(measure, 2021, progress="ongoing", statement="治理水土流失12处。")


def test_a_statement_counts_at_once_where_nothing_is_reviewed(entry: MeasureReportEntry, staff: User) -> None:
    report = record_measure_report(entry, person=staff, now=NOW)
    assert (report.status, report.approved_by, report.revision) == (ReviewStatus.APPROVED, staff, 1)
    assert newest_approved_reports([entry.measure]) == {entry.measure.pk: report}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"progress": ""}, "progress"),
        ({"progress": "done"}, "progress"),
        ({"statement": "  "}, "statement"),
        ({"statement": "治" * 2001}, "statement"),
        ({"problems": "难" * 2001}, "problems"),
        ({"next_step": "续" * 2001}, "next_step"),
        ({"year": 2026}, "year"),
        ({"reason": "因" * 501}, "reason"),
    ],
)
def test_what_cannot_be_stated_is_refused_by_field(
    entry: MeasureReportEntry, staff: User, change: dict[str, object], field: str
) -> None:
    with pytest.raises(ValidationError) as refused:
        record_measure_report(replace(entry, **change), person=staff, now=NOW)  # type: ignore[arg-type]
    assert field in refused.value.message_dict
    assert not MeasureReport.objects.exists()


def people(measure: Measure, bureau: Department) -> dict[str, tuple[User, bool]]:
    """One person of each kind, and whether they state what was done for the measure."""
    elsewhere = DepartmentFactory.create()
    neighbour = DepartmentFactory.create(region=bureau.region)
    coordinating = DepartmentFactory.create(region=bureau.region)
    Plan.objects.filter(pk=measure.plan.pk).update(coordinating_department=coordinating)
    sharing = DepartmentFactory.create(region=bureau.region)
    measure.responsibilities.create(department=sharing, role="participating", position=2)
    return {
        "entry staff of the lead": (member_of(bureau, Role.ENTRY), True),
        "leadership of the lead": (member_of(bureau, Role.LEADER), False),
        "entry staff of a department that shares": (member_of(sharing, Role.ENTRY), False),
        "entry staff of another department": (member_of(neighbour, Role.ENTRY), False),
        "entry staff of the coordinating department": (member_of(coordinating, Role.ENTRY), False),
        "a reviewer of the region": (member_of(neighbour, Role.REVIEWER), True),
        "a reviewer of elsewhere": (member_of(elsewhere, Role.REVIEWER), False),
        "an administrator": (member_of(elsewhere, Role.ADMINISTRATOR), True),
        "somebody who left": (member_of(bureau, Role.ENTRY, is_active=False), False),
    }


def test_who_states_what_was_done(entry: MeasureReportEntry, bureau: Department, reviewer: User) -> None:
    open_round(entry.measure.plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=NOW)
    for role, (person, may) in people(entry.measure, bureau).items():
        MeasureReport.objects.all().delete()
        assert may_report_measure(person, entry.measure) is may, role
        if may:
            assert record_measure_report(entry, person=person, now=NOW, as_draft=True).pk, role
        else:
            with pytest.raises(PermissionDenied, match="不是该任务的牵头单位"):
                record_measure_report(entry, person=person, now=NOW)
            assert not MeasureReport.objects.exists(), role


def test_who_sees_a_statement_before_and_after_approval(
    entry: MeasureReportEntry, bureau: Department, staff: User, reviewer: User
) -> None:
    open_round(entry.measure.plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=NOW)
    report = record_measure_report(entry, person=staff, now=NOW)
    before = people(entry.measure, bureau)
    for role, (person, may) in before.items():
        assert visible_measure_reports(person).exists() is may, role
    MEASURE_REPORTS.approve([report], person=reviewer, now=NOW)
    for role, (person, _) in before.items():
        assert visible_measure_reports(person).exists() is person.is_active, role
    assert not visible_measure_reports(AnonymousUser()).exists()


def test_the_coordinating_department_states_it_where_nobody_leads(entry: MeasureReportEntry, staff: User) -> None:
    entry.measure.responsibilities.all().delete()
    assert record_measure_report(entry, person=staff, now=NOW).pk


def test_two_people_at_one_statement(entry: MeasureReportEntry, staff: User, bureau: Department) -> None:
    first = record_measure_report(entry, person=staff, now=NOW)
    other = member_of(bureau, Role.ENTRY)
    mine = replace(entry, statement="治理水土流失15处。")
    with pytest.raises(ValidationError, match=f"{staff}在您打开之后已填报或修改了2021年的落实情况"):
        record_measure_report(mine, person=other, now=NOW)
    seen = replace(mine, revision=first.revision)
    with pytest.raises(ValidationError, match="已审定的落实情况修改时请写明原因"):
        record_measure_report(seen, person=other, now=NOW)
    assert record_measure_report(replace(seen, reason="补报"), person=other, now=NOW).revision == 2
    first.delete()
    with pytest.raises(ValidationError, match="刚刚被他人删除"):
        record_measure_report(seen, person=other, now=NOW)


def test_stating_the_same_again_changes_nothing(entry: MeasureReportEntry, staff: User) -> None:
    first = record_measure_report(entry, person=staff, now=NOW)
    again = record_measure_report(replace(entry, statement=f" {entry.statement}\n"), person=staff, now=NOW)
    assert (again.pk, again.revision) == (first.pk, 1)
    assert first.history.count() == 1


def test_review_of_a_statement_goes_as_that_of_a_value(
    entry: MeasureReportEntry, opened: ReportingRound, staff: User, reviewer: User
) -> None:
    draft = record_measure_report(entry, person=staff, now=NOW, as_draft=True)
    assert (draft.status, draft.submitted_at) == (ReviewStatus.DRAFT, None)
    handed_in = record_measure_report(replace(entry, revision=1), person=staff, now=NOW)
    assert (handed_in.status, handed_in.submitted_by) == (ReviewStatus.SUBMITTED, staff)
    with pytest.raises(PermissionDenied, match="您不能审定“加强水土流失治理”2021年的落实情况"):
        MEASURE_REPORTS.approve([handed_in], person=staff, now=NOW)
    [returned] = MEASURE_REPORTS.send_back([handed_in], comment="写明地点", person=reviewer, now=NOW)
    unmended = replace(entry, revision=returned.revision)
    assert record_measure_report(unmended, person=staff, now=NOW).status == ReviewStatus.RETURNED
    mended = record_measure_report(replace(unmended, statement="在12个乡镇治理。"), person=staff, now=NOW)
    [approved] = MEASURE_REPORTS.approve([mended], person=reviewer, now=NOW)
    locked = replace(entry, statement="另有3处。", revision=approved.revision, reason="更正")
    with pytest.raises(ValidationError, match="这份落实情况已审定并锁定。确需修改"):
        record_measure_report(locked, person=staff, now=NOW)
    with pytest.raises(ValidationError, match="确需删除，请审核人员先“重新打开”"):
        delete_measure_report(approved, seen=approved.revision, reason="填错", person=staff)
    [reopened] = MEASURE_REPORTS.reopen([approved], reason="数量有误", person=reviewer, now=NOW)
    assert newest_approved_reports([entry.measure]) == {}
    assert record_measure_report(replace(locked, revision=reopened.revision), person=staff, now=NOW).pk


def test_nobody_approves_their_own_except_an_administrator(
    entry: MeasureReportEntry, opened: ReportingRound, bureau: Department, reviewer: User
) -> None:
    own = record_measure_report(entry, person=reviewer, now=NOW)
    with pytest.raises(PermissionDenied, match="由您本人提交"):
        MEASURE_REPORTS.approve([own], person=reviewer, now=NOW)
    administrator = member_of(bureau, Role.ADMINISTRATOR)
    other = replace(entry, measure=measure_led_by(bureau, plan=entry.measure.plan))
    MEASURE_REPORTS.approve(
        [record_measure_report(other, person=administrator, now=NOW)], person=administrator, now=NOW
    )


def test_a_decision_on_a_statement_that_changed_says_what_stands_there(
    entry: MeasureReportEntry, opened: ReportingRound, staff: User, reviewer: User
) -> None:
    report = record_measure_report(entry, person=staff, now=NOW)
    record_measure_report(replace(entry, statement="长" * 100, revision=1), person=staff, now=NOW)
    with pytest.raises(ValidationError, match=f"现在是 推进中：{'长' * 60}…（待审核）"):
        MEASURE_REPORTS.decide(
            Step.APPROVE,
            {report.pk: 1},
            MeasureReport.objects.filter(year=2021),
            plan=opened.plan,
            comment="",
            person=reviewer,
            now=NOW,
        )


def test_a_statement_made_by_mistake_is_removed_with_a_reason(entry: MeasureReportEntry, staff: User) -> None:
    report = record_measure_report(entry, person=staff, now=NOW)
    with pytest.raises(ValidationError, match="删除原因"):
        delete_measure_report(report, seen=1, reason=" ", person=staff)
    outsider = member_of(DepartmentFactory.create(), Role.ENTRY)
    with pytest.raises(PermissionDenied):
        delete_measure_report(report, seen=1, reason="填错任务", person=outsider)
    with pytest.raises(ValidationError, match=f"{staff}在您打开之后修改过"):
        delete_measure_report(report, seen=None, reason="填错任务", person=staff)
    delete_measure_report(report, seen=1, reason="填错任务", person=staff)
    assert MeasureReport.history.filter(history_type="-").latest().history_change_reason == "填错任务"
    with pytest.raises(ValidationError, match="刚刚被他人删除"):
        delete_measure_report(report, seen=1, reason="填错任务", person=staff)


def test_many_at_once_what_is_right_is_written(
    bureau: Department, measure: Measure, staff: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def entries(count: int) -> list[MeasureReportEntry]:
        found = [measure_led_by(bureau, plan=measure.plan) for _ in range(count)]
        return [MeasureReportEntry(each, 2021, progress="completed", statement="完成。") for each in found]

    few, many = entries(2), entries(20)
    # savepoint; locked measures, permitted measures, rounds, statements; rows, history; end of the savepoint
    with django_assert_num_queries(9):
        record_measure_reports(few, person=staff, now=NOW)
    with django_assert_num_queries(8):  # the person's roles are known now
        written = record_measure_reports([*many, replace(few[0], statement="")], person=staff, now=NOW)
    assert [each.refusal is None for each in written] == [True] * 20 + [False]
    changed = [replace(each, statement="已完成。", revision=1, reason="更正") for each in many]
    with django_assert_num_queries(8):
        record_measure_reports(changed, person=staff, now=NOW)
    report = MeasureReport.objects.get(measure=many[0].measure)
    assert [record.statement for record in report.history.order_by("history_id")] == ["完成。", "已完成。"]
    last = report.history.latest()
    assert (last.history_user, last.history_change_reason, last.history_type) == (staff, "更正", "~")


def test_the_newest_approved_statement_of_each_measure(
    measure: Measure, bureau: Department, staff: User, reviewer: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    open_round(measure.plan, 2023, deadline=date(2024, 3, 31), person=reviewer, now=NOW)
    silent = measure_led_by(bureau, plan=measure.plan)
    for year in (2021, 2022, 2023):
        entry = MeasureReportEntry(measure, year, progress="ongoing", statement=f"{year}年的工作。")
        record_measure_report(entry, person=staff, now=NOW)
    with django_assert_num_queries(1):
        found = newest_approved_reports([measure, silent])
    assert {key: report.year for key, report in found.items()} == {measure.pk: 2022}


class TestOutstanding:
    """What is owed in the rounds."""

    def test_every_measure_until_its_statement_is_handed_in(
        self, entry: MeasureReportEntry, opened: ReportingRound, bureau: Department, staff: User, reviewer: User
    ) -> None:
        silent = MeasureFactory.create(plan=opened.plan)
        rounds = ReportingRound.objects.filter(pk=opened.pk)
        record_measure_report(entry, person=staff, now=NOW, as_draft=True)
        owed = outstanding_measures(rounds)
        assert [(each.measure, each.state, each.departments) for each in owed] == [
            (entry.measure, "draft", (bureau,)),
            (silent, "", (bureau,)),
        ]
        assert owed_by_department(owed) == {opened.pk: [(bureau, 2)]}
        assert [(each.key, each.name) for each in owed] == [(each.pk, each.title) for each in (entry.measure, silent)]
        assert [each.days_overdue(date(2022, 4, 2)) for each in owed] == [2, 2]
        assert owed[0].days_overdue(date(2022, 3, 31)) == 0

        report = record_measure_report(replace(entry, revision=1), person=staff, now=NOW)
        assert [each.measure for each in outstanding_measures(rounds)] == [silent]
        MEASURE_REPORTS.send_back([report], comment="补充", person=reviewer, now=NOW)
        assert [each.state for each in outstanding_measures(rounds)] == ["returned", ""]

    def test_of_some_departments_only(self, measure: Measure, opened: ReportingRound, bureau: Department) -> None:
        other = DepartmentFactory.create(region=bureau.region)
        theirs = measure_led_by(other, plan=opened.plan)
        mine = Department.objects.filter(pk=other.pk)
        assert [each.measure for each in outstanding_measures(ReportingRound.objects.all(), departments=mine)] == [
            theirs
        ]

    def test_queries_do_not_grow(
        self, measure: Measure, reviewer: User, bureau: Department, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        def add() -> None:
            plan = PlanFactory.create(coordinating_department=bureau)
            for _ in range(3):
                measure_led_by(bureau, plan=plan)
            open_round(plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=NOW)

        for count in (1, 5):
            for _ in range(count):
                add()
            with django_assert_num_queries(3):  # rounds, measures, duties
                outstanding_measures(ReportingRound.objects.all())
