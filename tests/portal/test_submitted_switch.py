"""The switch that counts submitted values: what it shows to whom, how that is marked, and that nothing leaks."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Assessment, Baseline, Indicator, ReviewStatus, YearlyValue
from indicators.services.judging import differences, judge_indicators
from indicators.services.submitted_basis import counting_submitted, submitted_counted
from portal.accounts.models import User
from regions.hidden_tables import WrittenOverHiddenTablesError
from regions.models import Department, Role
from tests.factories import (
    DepartmentFactory,
    EvidenceFileFactory,
    IndicatorFactory,
    PlanFactory,
    UserFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)

pytestmark = pytest.mark.usefixtures("loaded_plans")


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def indicator(department: Department) -> Indicator:
    """From 90 to at least 95 by 2025. 91 for 2021 is approved; 96 for 2022 waits for review, 55 for 2023 is a draft."""
    plan = PlanFactory.create(
        slug="the-plan", coordinating_department=DepartmentFactory.create(region=department.region)
    )
    indicator = led_by(department, plan=plan, code="the-indicator")
    Baseline.objects.create(indicator=indicator, region=plan.region, year=2020, value=90, text="90")
    YearlyValueFactory.create(indicator=indicator, year=2021, value=91)
    hand_in(indicator, 2022, "96")
    hand_in(indicator, 2023, "55", status=ReviewStatus.DRAFT)
    judge_indicators([indicator], now=timezone.now())
    return indicator


def hand_in(indicator: Indicator, year: int, value: str, status: str = ReviewStatus.SUBMITTED) -> YearlyValue:
    return YearlyValueFactory.create(
        indicator=indicator, year=year, value=Decimal(value), status=status, approved_at=None
    )


def signed_in(client: Client, person: User) -> Client:
    client.force_login(person)
    return client


def in_2022(client: Client, prefix: str = "/with-submitted") -> tuple[str, str, bool, bool]:
    """Value and verdict of the plan's row, and whether each is marked."""
    answer = client.get(f"{prefix}/plans/the-plan/?year=2022")
    assert answer.status_code == 200, answer.get("Location")
    [row] = [row for group in answer.context["page"].table for row in group.rows]
    return row.value, row.assessment.verdict, row.rests_on_submitted, row.assessment.rests_on_submitted


BEFORE = ("—", "awaiting_value", False, False)
AFTER = ("96", "achieved_early", True, True)


@pytest.mark.parametrize("role", [Role.ENTRY, Role.REVIEWER, Role.LEADER, Role.ADMINISTRATOR])
def test_those_concerned_see_what_would_be(
    client: Client, indicator: Indicator, department: Department, role: Role
) -> None:
    signed_in(client, member_of(department, role))
    assert in_2022(client) == AFTER
    assert in_2022(client, "") == BEFORE


def test_another_department_sees_only_its_own(client: Client, indicator: Indicator, department: Department) -> None:
    other = DepartmentFactory.create(region=department.region)
    own = led_by(other, plan=indicator.plan, code="own-indicator")
    judge_indicators([own], now=timezone.now())
    hand_in(own, 2022, "97")
    signed_in(client, member_of(other, Role.ENTRY))
    answer = client.get("/with-submitted/plans/the-plan/?year=2022")
    rows = {row.indicator.code: row for group in answer.context["page"].table for row in group.rows}
    assert (rows["the-indicator"].value, rows["own-indicator"].value) == ("—", "97")
    assert not rows["the-indicator"].assessment.rests_on_submitted
    assert "计入待审核的数值 1 个" in answer.content.decode()


@pytest.mark.parametrize("role", [Role.ENTRY, Role.REVIEWER, Role.LEADER])
def test_another_region_sees_nothing(client: Client, indicator: Indicator, role: Role) -> None:
    signed_in(client, member_of(DepartmentFactory.create(), role))
    assert in_2022(client) == BEFORE
    assert "没有您可以查看的待审核数值" in client.get("/with-submitted/plans/the-plan/").content.decode()


def test_who_has_no_part_is_not_let_in(client: Client, indicator: Indicator) -> None:
    signed_in(client, UserFactory.create())
    answer = client.get("/with-submitted/plans/the-plan/?year=2022", follow=True)
    assert answer.redirect_chain == [("/plans/the-plan/?year=2022", 302)]
    content = answer.content.decode()
    assert "只有填报、审核和领导人员" in content
    assert "basis=submitted" not in content


def test_nobody_signed_in_goes_to_the_sign_in(client: Client, indicator: Indicator) -> None:
    answer = client.get("/with-submitted/plans/the-plan/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/login/")


def test_a_draft_never_counts(client: Client, indicator: Indicator, department: Department) -> None:
    signed_in(client, member_of(department, Role.REVIEWER))
    page = client.get("/with-submitted/indicators/the-indicator/").context["page"]
    values = {row.year: row.value for row in page.years}
    assert (values[2022], values[2023]) == ("96%", "—")


def test_evidence_stays_with_those_who_may_open_it(
    client: Client, indicator: Indicator, department: Department
) -> None:
    EvidenceFileFactory.create(indicator=indicator, year=2022, name="公报.pdf")
    signed_in(client, member_of(department, Role.LEADER))
    assert "公报.pdf" not in client.get("/with-submitted/indicators/the-indicator/").content.decode()
    signed_in(client, member_of(department, Role.ENTRY))
    assert "公报.pdf" in client.get("/with-submitted/indicators/the-indicator/").content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/plans/the-plan/?year=2022",
        "/plans/the-plan/years/",
        "/indicators/the-indicator/",
        "/plans/the-plan/midterm/",
    ],
)
def test_pages_are_marked_and_links_stay(
    client: Client, indicator: Indicator, department: Department, address: str
) -> None:
    hand_in(led_by(department, plan=indicator.plan), 2023, "60")
    hand_in(led_by(department, plan=indicator.plan), 2025, "60")
    signed_in(client, member_of(department, Role.LEADER))
    content = client.get(f"/with-submitted{address}").content.decode()
    assert "计入待审核的数值 3 个" in content
    assert "含待审核</span>" in content
    assert 'href="/with-submitted/departments/"' in content
    assert "basis=approved" in content
    assert "含待审核" not in client.get(address).content.decode()


def test_counts_filters_and_warnings_follow(client: Client, indicator: Indicator, department: Department) -> None:
    hand_in(indicator, 2025, "60")
    signed_in(client, member_of(department, Role.LEADER))
    page = client.get("/with-submitted/").context["page"]
    [card] = [card for card in page.cards if card.plan.slug == "the-plan"]
    assert card.counts.red == 1
    years = client.get("/with-submitted/plans/the-plan/years/?year=2025&verdict=missed").context["page"]
    assert years.count == 1


def test_a_parent_follows_its_components(client: Client, indicator: Indicator, department: Department) -> None:
    parent = IndicatorFactory.create(plan=indicator.plan, code="parent")
    indicator.parent, indicator.category = parent, parent.category
    indicator.save()
    judge_indicators([parent], now=timezone.now())
    signed_in(client, member_of(department, Role.LEADER))
    answer = client.get("/with-submitted/plans/the-plan/?year=2022")
    rows = {row.indicator.code: row for group in answer.context["page"].table for row in group.rows}
    assert rows["parent"].assessment.verdict == "achieved_early"
    assert rows["parent"].assessment.rests_on_submitted


def test_figures_arrive_as_they_were_judged(indicator: Indicator, department: Department) -> None:
    with counting_submitted(member_of(department, Role.LEADER), now=timezone.now()):
        supposed = Assessment.objects.get(indicator=indicator, year=2022)
        counted = submitted_counted()
    YearlyValue.objects.filter(status="submitted").update(status="approved", approved_at=timezone.now())
    judge_indicators([indicator], now=timezone.now())
    stored = Assessment.objects.get(indicator=indicator, year=2022)
    apart = {"id", "judged_at", "change_number"}
    for field in Assessment._meta.concrete_fields:
        if field.attname not in apart:
            assert getattr(supposed, field.attname) == getattr(stored, field.attname), field.attname
    assert (counted, submitted_counted()) == (1, None)


def test_nothing_is_stored(client: Client, indicator: Indicator, department: Department) -> None:
    before = list(Assessment.ever.order_by("pk").values())
    assert in_2022(signed_in(client, member_of(department, Role.LEADER))) == AFTER
    assert list(Assessment.ever.order_by("pk").values()) == before
    assert differences(indicator.plan, now=timezone.now()) == []
    with (
        counting_submitted(member_of(department, Role.LEADER), now=timezone.now()),
        pytest.raises(WrittenOverHiddenTablesError),
    ):
        YearlyValue.objects.filter(indicator=indicator).update(note="计入")


def test_files_say_what_they_count(client: Client, indicator: Indicator, department: Department) -> None:
    signed_in(client, member_of(department, Role.LEADER))
    answer = client.get("/with-submitted/plans/the-plan/?year=2022&format=xlsx")
    book = load_workbook(BytesIO(answer.content))
    facts = {row[0].value: row[1].value for row in book["说明"].iter_rows(max_col=2)}
    assert str(facts["数据范围"]).startswith("计入 1 个待审核的数值")
    header, row = [[cell.value for cell in line] for line in book["指标"].iter_rows()]
    assert row[header.index("评价")] == "提前达标（含待审核）"
    assert "%E5%90%AB%E5%BE%85%E5%AE%A1%E6%A0%B8" in answer["Content-Disposition"]


def test_the_query_switches_and_keeps_the_rest(client: Client, indicator: Indicator, leader: User) -> None:
    signed_in(client, leader)
    assert client.get("/plans/the-plan/?year=2022&basis=submitted")["Location"] == (
        "/with-submitted/plans/the-plan/?year=2022"
    )
    assert client.get("/with-submitted/plans/the-plan/?year=2022&basis=approved")["Location"] == (
        "/plans/the-plan/?year=2022"
    )
    assert client.get("/with-submitted/plans/the-plan/?as_of=2023-12-31", follow=True).redirect_chain[-1][0] == (
        "/as-of/2023-12-31/plans/the-plan/"
    )
    assert client.get("/with-submitted/entry/?a=b")["Location"] == "/entry/?a=b"
    assert client.post("/with-submitted/plans/the-plan/duties/").status_code == 307


def test_a_past_day_offers_no_switch(client: Client, leader: User) -> None:
    signed_in(client, leader)
    assert "basis=submitted" in client.get("/plans/bazhong/").content.decode()
    assert "basis=submitted" not in client.get("/as-of/2025-12-31/plans/bazhong/").content.decode()


def test_many_submitted_values_cost_the_same(client: Client, indicator: Indicator, department: Department) -> None:
    signed_in(client, member_of(department, Role.LEADER))

    def number() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get("/with-submitted/plans/the-plan/?year=2022").status_code == 200
        return len(captured)

    number()
    few = number()
    for _ in range(6):
        hand_in(led_by(department, plan=indicator.plan), 2022, "60")
    assert number() == few
