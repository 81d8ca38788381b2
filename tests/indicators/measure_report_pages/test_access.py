"""The pages of statements on measures: who gets in, what each person finds, and how many queries they take."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Measure, MeasureReport, Plan
from indicators.services.measure_reports import MeasureReportEntry, record_measure_report
from indicators.services.measure_review import MEASURE_REPORTS
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, IndicatorFactory, measure_led_by, member_of
from tests.indicators.measure_report_pages.steps import LIST, NOW, QUEUE, row, stated, text

pytestmark = pytest.mark.django_db


class TestWhoGetsIn:
    """Each page by role."""

    @pytest.mark.parametrize(
        ("role", "own", "answers"),
        [
            (Role.ENTRY, True, (200, 200, 403)),
            (Role.LEADER, True, (403, 403, 403)),
            (Role.ENTRY, False, (403, 403, 403)),
            (Role.REVIEWER, True, (200, 200, 200)),
            (Role.REVIEWER, False, (403, 403, 403)),
            (Role.ADMINISTRATOR, False, (200, 200, 200)),
        ],
    )
    def test_by_role(
        self, client: Client, measure: Measure, bureau: Department, role: Role, own: bool, answers: tuple[int, ...]
    ) -> None:
        client.force_login(member_of(bureau if own else DepartmentFactory.create(), role))
        pages = (LIST, "/entry/measures/m-1/2022/", QUEUE)
        assert tuple(client.get(page).status_code for page in pages) == answers
        assert tuple(client.post(page, {}).status_code for page in pages if client.get(page).status_code == 403) == (
            403,
        ) * answers.count(403)

    def test_what_there_is_not(self, signed_in: Client, measure: Measure) -> None:
        for page in (
            "/entry/none/2022/measures/",
            "/entry/the-plan/2031/measures/",
            "/entry/measures/none/2022/",
            "/entry/measures/m-1/2031/",
            "/review/the-plan/2031/measures/",
            f"{LIST}?format=pdf",
        ):
            assert signed_in.get(page).status_code == 404, page

    def test_nothing_is_written_to_the_measure_of_others(self, signed_in: Client, measure: Measure) -> None:
        theirs = measure_led_by(DepartmentFactory.create(region=measure.plan.region), plan=measure.plan)
        assert signed_in.post(LIST, {**row(measure), **row(theirs)}).status_code == 403
        assert not MeasureReport.objects.exists()


class TestMine:
    """我的填报."""

    def test_who_leads_only_measures_finds_them(
        self, client: Client, opened: Plan, measure: Measure, bureau: Department, reviewer: User
    ) -> None:
        only = DepartmentFactory.create(region=bureau.region)
        person = member_of(only, Role.ENTRY)
        theirs = measure_led_by(only, plan=opened, title="推广节水器具")
        client.force_login(person)
        page = text(client.get("/entry/"))
        assert reverse("entry_measures", args=["the-plan", 2022]) in page
        MEASURE_REPORTS.send_back([stated(theirs, person)], comment="写明数量", person=reviewer, now=NOW)
        page = text(client.get("/entry/"))
        for words in ("退回给您的任务落实情况", "推广节水器具", "写明数量"):
            assert words in page
        lines = b"".join(client.get("/entry/?format=csv&table=任务落实").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert "测试规划" in lines

    def test_without_anything_it_says_so(self, client: Client, bureau: Department) -> None:
        client.force_login(member_of(DepartmentFactory.create(), Role.ENTRY))
        assert "目前没有由您填报的指标、项目和任务" in text(client.get("/entry/"))


class TestAdmin:
    """Read-only, with history."""

    def test_it_lists_what_the_person_may_see_and_changes_nothing(
        self, client: Client, opened: Plan, measure: Measure, staff: User
    ) -> None:
        report = stated(measure, staff)
        client.force_login(staff)
        listed = reverse("admin:indicators_measurereport_changelist")
        page = reverse("admin:indicators_measurereport_change", args=[report.pk])
        assert "治理水土流失" in text(client.get(listed))
        assert "治理12处。" in text(client.get(page))
        assert "王填报" in text(client.get(reverse("admin:indicators_measurereport_history", args=[report.pk])))
        assert client.post(page, {"statement": "改"}).status_code == 403
        assert client.get(reverse("admin:indicators_measurereport_add")).status_code == 403
        client.force_login(member_of(DepartmentFactory.create(), Role.ENTRY))
        assert "治理水土流失" not in text(client.get(listed))


def test_pages_take_the_same_queries_for_2_and_for_20_measures(
    client: Client, opened: Plan, measure: Measure, bureau: Department, staff: User, reviewer: User
) -> None:
    measure.indicators.add(IndicatorFactory.create(plan=opened))

    def add(count: int) -> None:
        for _ in range(count):
            each = measure_led_by(bureau, plan=opened)
            each.indicators.add(IndicatorFactory.create(plan=opened))
            record_measure_report(
                MeasureReportEntry(each, 2021, progress="ongoing", statement="治理。"), person=staff, now=NOW
            )
            stated(each, staff)
            again = MeasureReportEntry(each, 2022, progress="ongoing", statement="治理2处。", revision=1)
            record_measure_report(again, person=staff, now=NOW)

    def queries(person: User, address: str) -> int:
        client.force_login(person)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    # Beside session, user and roles:
    # the list: plan; round; measures; statements
    # one measure: measure and duties; whether the person answers for it; round; statements; whether the person reviews;
    # indicators; history; projects
    # the queue: plan; whether the person reviews; round; measures, duties, indicators; statements
    expected = {
        (staff, LIST): 3 + 4,
        (staff, "/entry/measures/m-1/2022/"): 3 + 9,
        (reviewer, QUEUE): 3 + 7,
        (reviewer, f"{QUEUE}?state=missing"): 3 + 7,
        (reviewer, f"{QUEUE}?state=submitted&format=xlsx"): 3 + 7,
    }
    add(2)
    assert {each: queries(*each) for each in expected} == expected
    few = queries(staff, "/entry/")
    add(18)
    assert {each: queries(*each) for each in expected} == expected
    assert queries(staff, "/entry/") == few
