"""The mid-term and final evaluation of a plan: both fixed comparisons, page, file, and plans without a middle."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Assessment, Baseline, Indicator, Plan
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from portal.dashboards.plan.fixed_comparisons import AgainstDue, SinceStart, compared
from tests.factories import IndicatorFactory, PlanFactory, TargetFactory, YearlyValueFactory

pytestmark = pytest.mark.usefixtures("loaded_plans")


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


@pytest.fixture
def plan() -> Plan:
    return PlanFactory.create(slug="the-plan")


def judged(
    plan: Plan, *, baseline: str | None, values: dict[int, str], wording: str = "≥95", **fields: str
) -> Indicator:
    """An indicator of the plan with these approved values."""
    indicator = IndicatorFactory.create(plan=plan, **fields)
    TargetFactory.create(indicator=indicator, wording=wording)
    if baseline:
        Baseline.objects.create(indicator=indicator, region=plan.region, year=2020, value=baseline, text=baseline)
    for year, value in values.items():
        YearlyValueFactory.create(indicator=indicator, year=year, value=Decimal(value))
    judge_indicators([indicator], now=timezone.now())
    return indicator


def verdict(indicator: Indicator, year: int) -> Assessment:
    return Assessment.objects.get(indicator=indicator, year=year)


@pytest.mark.parametrize(
    ("baseline", "value", "since", "change", "due", "short"),
    [
        ("90", "93", SinceStart.BETTER, "+3个百分点", AgainstDue.REACHED, ""),
        ("90", "92.9", SinceStart.BETTER, "+2.9个百分点", AgainstDue.SHORT, "0.1个百分点"),
        ("90", "90", SinceStart.SAME, "0个百分点", AgainstDue.SHORT, "3个百分点"),
        ("90", "89.5", SinceStart.WORSE, "-0.5个百分点", AgainstDue.SHORT, "3.5个百分点"),
        ("96", "95.5", SinceStart.WORSE, "-0.5个百分点", AgainstDue.REACHED, ""),
        (None, "94", SinceStart.UNKNOWN, "", AgainstDue.UNKNOWN, ""),
        (None, "95", SinceStart.UNKNOWN, "", AgainstDue.REACHED, ""),
    ],
)
def test_a_level_at_midterm(
    plan: Plan,
    baseline: str | None,
    value: str,
    since: SinceStart,
    change: str,
    due: AgainstDue,
    short: str,
) -> None:
    indicator = judged(plan, baseline=baseline, values={2023: value})
    found = compared(indicator, verdict(indicator, 2023), Decimal(baseline) if baseline else None)
    assert (found.since_start, found.change, found.against_due, found.short) == (since, change, due, short)


def test_fewer_is_better_where_the_indicator_says_so(plan: Plan) -> None:
    indicator = judged(plan, baseline="28", values={2025: "27"}, wording="<27.0", direction="lower", unit="μg/m3")
    found = compared(indicator, verdict(indicator, 2025), Decimal(28))
    assert (found.since_start, found.change) == (SinceStart.BETTER, "-1μg/m3")
    assert found.against_due is AgainstDue.SHORT


def test_what_adds_up_starts_from_zero(plan: Plan) -> None:
    indicator = judged(
        plan, baseline="12", values={2023: "4"}, wording="10", measure="additive", unit="座", entry_basis="to_date"
    )
    found = compared(indicator, verdict(indicator, 2023), Decimal(12))
    assert (found.since_start, found.change, found.due, found.short) == (SinceStart.BETTER, "+4座", "6座", "2座")


def test_a_year_without_a_value_is_not_compared(plan: Plan) -> None:
    indicator = judged(plan, baseline="90", values={})
    found = compared(indicator, verdict(indicator, 2023), Decimal(90))
    assert (found.since_start, found.against_due) == (SinceStart.UNKNOWN, AgainstDue.UNKNOWN)


def test_the_pages_count_and_conclude(reader: Client, plan: Plan) -> None:
    judged(plan, baseline="90", values={2023: "93", 2025: "96"})
    judged(plan, baseline="90", values={2023: "91"})
    midterm = reader.get("/plans/the-plan/midterm/")
    assert midterm.context["page"].sentence == (
        "2 项指标中，与当年应达到的水平相比，达到 1 项，未达到 1 项（约束性 1 项），不能比较 0 项；"
        "与基期相比，变好 2 项，持平 0 项，变差 0 项，不能比较 0 项。"
    )
    final = reader.get("/plans/the-plan/final/")
    assert "与目标相比，达到 1 项，未达到 0 项，不能比较 1 项" in final.content.decode()
    assert "约束性指标未全部完成" in final.content.decode()


def test_without_figures_nothing_is_concluded(reader: Client, plan: Plan) -> None:
    assert "没有可以评估的指标" in reader.get("/plans/the-plan/midterm/").content.decode()
    judged(plan, baseline="90", values={})
    assert "暂不能评估" in reader.get("/plans/the-plan/midterm/").content.decode()


def test_the_file_says_what_the_page_says(reader: Client, plan: Plan) -> None:
    judged(plan, baseline="90", values={2023: "92.9"})
    answer = reader.get("/plans/the-plan/midterm/?format=xlsx")
    book = load_workbook(BytesIO(answer.content))
    header, row = [[cell.value for cell in line] for line in book["评估"].iter_rows()]
    cells = dict(zip(header, row, strict=True))
    assert cells["与基期相比"] == "好于基期"
    assert (cells["较基期变化"], cells["应达到"], cells["还差"]) == (2.9, 93, 0.1)
    assert cells["与当年应达到的水平相比"] == "未达到"


def test_a_short_plan_has_no_middle(reader: Client) -> None:
    answer = reader.get("/plans/bazhong-checklist/midterm/")
    assert answer.status_code == 404
    assert "没有中期评估" in answer.content.decode()
    assert "中期评估" not in reader.get("/plans/bazhong-checklist/final/").content.decode()


def test_many_indicators_cost_the_same(reader: Client, plan: Plan) -> None:
    def number() -> int:
        with CaptureQueriesContext(connection) as captured:
            reader.get("/plans/the-plan/midterm/")
        return len(captured)

    judged(plan, baseline="90", values={2023: "93"})
    number()
    few = number()
    for _ in range(8):
        judged(plan, baseline="90", values={2023: "93"})
    # session, user, roles; plan; baselines; indicators, baselines, targets, duties, values, verdicts
    assert number() == few == 11
