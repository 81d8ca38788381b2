"""What changed on the overview: since a week or since the last review, for better and for worse, and why."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Assessment, Indicator, Plan, ReportingRound, Target, ValueOrigin
from indicators.services.judging import judge_indicators
from portal.dashboards.overview.changes import (
    Kind,
    Since,
    change_groups,
    kind_of,
    period_of,
    reason_of,
    verdict_changes,
)
from portal.dashboards.overview.page import Overview
from regions.models import Role
from regions.moment import as_of
from tests.factories import IndicatorFactory, PlanFactory, TargetFactory, UserFactory, YearlyValueFactory, member_of

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)
YEAR = 2025


def days_ago(days: float) -> datetime:
    """A moment before noon of the day of these tests."""
    return datetime(2026, 11, 23, 4, tzinfo=UTC) - timedelta(days=days)


@pytest.fixture
def plan() -> Plan:
    """A plan of its own region."""
    return PlanFactory.create()


@pytest.fixture
def indicator(plan: Plan) -> Indicator:
    """At least 95 by 2025; nothing was known ten days ago."""
    indicator: Indicator = IndicatorFactory.create(plan=plan, name="森林覆盖率", constraint="binding", target_year=YEAR)
    TargetFactory.create(indicator=indicator, wording="≥95")
    judge_indicators([indicator], now=days_ago(10))
    return indicator


def state(indicator: Indicator, figure: str, *, days: float, **values: object) -> None:
    """A value of 2025, approved and judged so many days ago."""
    moment = days_ago(days)
    given = {"value": Decimal(figure), "status": "approved", "approved_at": moment, **values}
    record = indicator.values.filter(year=YEAR).first()
    if record is None:
        YearlyValueFactory.create(indicator=indicator, year=YEAR, **given)
    else:
        for name, value in given.items():
            setattr(record, name, value)
        record.save()
    judge_indicators([indicator], now=moment)


def changes_of(plan: Plan, *, days: float = 7) -> list[tuple[str, str, str, str]]:
    """Kind, verdicts before and now, and reason of what changed since so many days."""
    return [
        (change.kind, change.old.verdict if change.old else "", change.new.verdict, change.reason)
        for change in verdict_changes({plan.pk: plan}, YEAR, days_ago(days))
    ]


def test_a_value_that_came_in_is_for_better_or_worse(plan: Plan, indicator: Indicator) -> None:
    state(indicator, "96", days=2)
    assert changes_of(plan) == [(Kind.BETTER, "awaiting_value", "achieved", "填报数值 96%")]
    state(indicator, "90", days=1)
    assert changes_of(plan) == [(Kind.WORSE, "awaiting_value", "missed", "填报数值 90%")]
    assert changes_of(plan, days=1.5) == [(Kind.WORSE, "achieved", "missed", "数值由 96% 改为 90%")]


def test_what_changed_and_changed_back_is_no_change(plan: Plan, indicator: Indicator) -> None:
    state(indicator, "96", days=9)
    state(indicator, "90", days=3)
    state(indicator, "97", days=1)
    assert changes_of(plan) == []


def test_what_changed_before_or_did_not_change_is_not_told(plan: Plan, indicator: Indicator) -> None:
    state(indicator, "90", days=9)
    state(indicator, "91", days=2)  # a better figure, the same verdict
    assert changes_of(plan) == []


def test_a_value_that_is_withdrawn_is_neither_better_nor_worse(plan: Plan, indicator: Indicator) -> None:
    state(indicator, "90", days=9)
    state(indicator, "90", days=1, status="returned", approved_at=None)
    assert changes_of(plan) == [
        (Kind.UNSETTLED, "missed", "awaiting_value", "原数值 90% 退回修改或撤销，不再计入"),
    ]


def test_a_new_indicator_is_new(plan: Plan, indicator: Indicator) -> None:
    added = IndicatorFactory.create(plan=plan, target_year=YEAR)
    TargetFactory.create(indicator=added)
    judge_indicators([added], now=days_ago(1))
    assert changes_of(plan) == [(Kind.NEW, "", "awaiting_value", "新列入评价")]


def test_a_target_that_is_handed_down_is_told(plan: Plan, indicator: Indicator) -> None:
    Target.objects.filter(indicator=indicator).delete()
    TargetFactory.create(indicator=indicator, wording="完成省下达目标")
    judge_indicators([indicator], now=days_ago(9))
    Target.objects.filter(indicator=indicator).update(assigned_value=Decimal(95))
    judge_indicators([indicator], now=days_ago(1))
    assert changes_of(plan) == [(Kind.BETTER, "awaiting_target", "awaiting_value", "目标已下达")]


def test_a_deadline_that_passed_makes_a_missing_value_worse(plan: Plan, indicator: Indicator) -> None:
    ReportingRound.objects.create(
        plan=plan, year=YEAR, deadline=date(2026, 11, 20), opened_by=UserFactory.create(), opened_at=days_ago(30)
    )
    judge_indicators([indicator], now=days_ago(1))
    assert changes_of(plan) == [(Kind.WORSE, "awaiting_value", "awaiting_value", "填报截止日期已过")]


def test_the_most_severe_comes_first_in_both_directions(plan: Plan) -> None:
    def add(name: str, constraint: str, before: str, now: str) -> None:
        indicator = IndicatorFactory.create(plan=plan, name=name, constraint=constraint, target_year=YEAR)
        TargetFactory.create(indicator=indicator, wording="≥95")
        state(indicator, before, days=9)
        state(indicator, now, days=1)

    add("预期性变差", "expected", "96", "90")
    add("约束性变差", "binding", "96", "90")
    add("预期性好转", "expected", "90", "96")
    add("约束性好转", "binding", "90", "96")
    changes = verdict_changes({plan.pk: plan}, YEAR, days_ago(7))
    groups = change_groups(changes, shown=1, folded=1)
    assert [group.kind for group in groups] == [Kind.WORSE, Kind.BETTER]
    assert [[each.indicator.name for each in (*group.shown, *group.folded)] for group in groups] == [
        ["约束性变差", "预期性变差"],
        ["约束性好转", "预期性好转"],
    ]
    [worse, _] = change_groups(changes, shown=1, folded=0)
    assert (len(worse.shown), len(worse.folded), worse.left, worse.count) == (1, 0, 1, 2)


def test_asked_as_of_a_day_nothing_later_is_known(plan: Plan, indicator: Indicator) -> None:
    state(indicator, "96", days=5)
    state(indicator, "90", days=1)
    with as_of(days_ago(3)):
        assert changes_of(plan) == [(Kind.BETTER, "awaiting_value", "achieved", "填报数值 96%")]
        assert changes_of(plan, days=4) == []


@pytest.mark.parametrize(
    ("before", "now", "kind"),
    [
        ("behind", "slightly_behind", Kind.BETTER),
        ("on_track", "slightly_behind", Kind.WORSE),
        ("awaiting_value", "behind", Kind.WORSE),
        ("awaiting_target", "awaiting_value", Kind.BETTER),
        ("behind", "awaiting_review", Kind.UNSETTLED),
    ],
)
def test_kinds(before: str, now: str, kind: Kind) -> None:
    old, new = (Assessment(verdict=verdict, severity="none") for verdict in (before, now))
    assert kind_of(old, new) is kind


def test_reasons_of_findings_and_settings() -> None:
    indicator = Indicator(unit="%", value_type="finding")
    old = Assessment(verdict="awaiting_review", severity="none")
    assert reason_of(indicator, old, Assessment(verdict="achieved", severity="none")) == "已评定"
    old.verdict = "behind"
    assert "设置有变" in reason_of(indicator, old, Assessment(verdict="achieved", severity="none"))
    assert reason_of(indicator, old, Assessment(verdict="behind", severity="none", target_id=5)) == "目标有了新的版本"


class TestPeriod:
    """Since when"""

    def test_a_week_begins_with_the_day(self) -> None:
        period = period_of(Since.WEEK, TODAY, [days_ago(3)])
        assert (period.start, period.moment) == (
            date(2026, 11, 16),
            timezone.make_aware(datetime(2026, 11, 16)),  # noqa: DTZ001  a local midnight
        )
        assert period.words == "与一周前（2026年11月16日零时）相比"

    def test_a_review_is_the_newest_day_of_any_plan_with_what_it_brought(self) -> None:
        period = period_of(Since.REVIEW, TODAY, [days_ago(30), None, days_ago(12)])
        assert (period.start, period.fell_back) == (date(2026, 11, 11), False)
        assert "最近一次审定是2026年11月11日" in period.words

    def test_without_a_review_it_says_that_it_is_a_week(self) -> None:
        period = period_of(Since.REVIEW, TODAY, [None])
        assert (period.start, period.fell_back) == (date(2026, 11, 16), True)
        assert "还没有审定记录" in period.words


class TestPage:
    """The overview"""

    @pytest.fixture
    def reader(self, client: Client, plan: Plan) -> Client:
        """Leadership of the plan's region."""
        client.force_login(member_of(plan.coordinating_department, Role.LEADER))
        return client

    @pytest.fixture
    def changed(self, indicator: Indicator) -> Indicator:
        """Approved a month ago, and found to be less yesterday by somebody who corrected the figure."""
        now = timezone.now()
        Assessment.ever.filter(indicator=indicator).update(judged_at=now - timedelta(days=60))
        month = now - timedelta(days=30)
        YearlyValueFactory.create(
            indicator=indicator, year=YEAR, value=96, approved_at=month, approved_by=UserFactory.create()
        )
        judge_indicators([indicator], now=month)
        yesterday = now - timedelta(days=1)
        indicator.values.update(value=90, approved_by=None, origin=ValueOrigin.PUBLISHED)
        judge_indicators([indicator], now=yesterday)
        return indicator

    def shown(self, reader: Client, address: str) -> Overview:
        page: Overview = reader.get(address).context["page"]
        return page

    def test_names_what_changed_with_both_verdicts_and_a_link(self, reader: Client, changed: Indicator) -> None:
        html = reader.get("/").content.decode()
        section = html[html.index('id="changes"') : html.index('id="plans"')]
        assert section.index("森林覆盖率") < section.index("已完成") < section.index("未完成")
        assert "数值由 96% 改为 90%" in section
        assert f'href="/indicators/{changed.code}/#history-heading"' in section
        assert "aria-current" in section[section.index("?since=week") : section.index("?since=review")]

    @pytest.mark.parametrize("asked", ["", "?since=week", "?since=month", "?since=%00"])
    def test_a_week_unless_the_review_is_asked_for(self, reader: Client, changed: Indicator, asked: str) -> None:
        page = self.shown(reader, f"/{asked}")
        assert page.period.since is Since.WEEK

    def test_since_the_review(self, reader: Client, changed: Indicator) -> None:
        indicator = Indicator.objects.get(pk=changed.pk)
        indicator.values.update(approved_by=UserFactory.create(), approved_at=timezone.now() - timedelta(days=30))
        page = self.shown(reader, "/?since=review")
        assert page.period.start == timezone.localdate() - timedelta(days=30)
        [group] = [group for group in page.changes if group.shown[0].indicator == changed]
        assert (group.kind, group.shown[0].old) == (Kind.WORSE, Assessment.ever.filter(year=YEAR).earliest("judged_at"))

    def test_the_file_names_all_of_them(self, reader: Client, changed: Indicator) -> None:
        book: Any = load_workbook(BytesIO(reader.get("/?format=xlsx").getvalue()))
        header, row = list(book["评价的变化"].iter_rows(values_only=True))[:2]
        found = dict(zip(header, row, strict=True))
        assert (found["变化"], found["原评价"], found["现评价"]) == ("变差", "已完成", "未完成")
        assert isinstance(found["变化时间"], datetime)
        assert found["原因"] == "数值由 96% 改为 90%"
        assert "与一周前" in dict(book["说明"].iter_rows(values_only=True))["内容"]

    def test_without_a_change_it_says_so(self, reader: Client, indicator: Indicator) -> None:
        Assessment.ever.update(judged_at=timezone.now() - timedelta(days=60))
        assert "各指标的评价没有变化。" in reader.get("/").content.decode()
        assert "各指标的评价没有变化。" in reader.get("/screen/").content.decode()
