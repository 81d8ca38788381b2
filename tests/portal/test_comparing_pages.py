"""A plan over its years, and plans beside each other: what the pages show, filter and export."""

from __future__ import annotations

import csv
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import timezone

from indicators.models import Indicator, Plan, Topic
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from regions.models import Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    PlanFactory,
    RegionFactory,
    TargetFactory,
    YearlyValueFactory,
    led_by,
    member_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]


@pytest.fixture
def reader(client: Client) -> Client:
    client.force_login(member_of(DepartmentFactory.create(), Role.LEADER))
    return client


@pytest.fixture
def plan() -> Plan:
    """Two indicators: one binding and achieved early in 2021, one expected without a value."""
    plan: Plan = PlanFactory.create(slug="small-plan")
    good = led_by(plan.coordinating_department, plan=plan, code="good", name="优良天数比例", number="1")
    YearlyValueFactory.create(indicator=good, value=Decimal(96))
    other = led_by(
        DepartmentFactory.create(code="other"),
        plan=plan,
        code="open",
        name="森林覆盖率",
        constraint="expected",
        number="2",
    )
    judge_indicators([good, other], now=timezone.now())
    return plan


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


class TestYears:
    """/plans/<slug>/years/"""

    def test_every_year_has_its_verdict(self, reader: Client, plan: Plan) -> None:
        page = reader.get("/plans/small-plan/years/?year=2021").context["page"]
        group = page.groups[0]
        assert [verdict.verdict for verdict in group.rows[0].verdicts][:2] == ["achieved_early", "awaiting_value"]
        assert page.count == 2

    @pytest.mark.parametrize(
        ("query", "shown", "hidden"),
        [
            ("constraint=expected", "森林覆盖率", "优良天数比例"),
            ("verdict=achieved_early", "优良天数比例", "森林覆盖率"),
            ("department=other", "森林覆盖率", "优良天数比例"),
        ],
    )
    def test_filters_stand_in_the_address(
        self, reader: Client, plan: Plan, query: str, shown: str, hidden: str
    ) -> None:
        table = text(reader, f"/plans/small-plan/years/?year=2021&{query}").split("<table")[1].split("</table>")[0]
        assert shown in table
        assert hidden not in table

    def test_a_filter_that_does_not_exist_filters_nothing(self, reader: Client, plan: Plan) -> None:
        page = text(reader, "/plans/small-plan/years/?year=2021&verdict=wonderful&constraint=x")
        assert "优良天数比例" in page
        assert "森林覆盖率" in page

    def test_nothing_found_says_so(self, reader: Client, plan: Plan) -> None:
        assert "没有符合条件的指标" in text(reader, "/plans/small-plan/years/?year=2021&category=none")

    def test_the_years_keep_the_filter(self, reader: Client, plan: Plan) -> None:
        assert 'href="?year=2022&amp;constraint=expected"' in text(
            reader, "/plans/small-plan/years/?year=2021&constraint=expected"
        )

    def test_the_file_is_what_the_page_shows(self, reader: Client, plan: Plan) -> None:
        answer = reader.get("/plans/small-plan/years/?year=2021&constraint=expected&format=csv")
        rows = list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))
        assert [(row["指标"], row["2021年评价"]) for row in rows] == [("森林覆盖率", "待填报")]

    def test_the_chart_says_how_far_each_one_is(self, reader: Client, plan: Plan) -> None:
        page = reader.get("/plans/small-plan/years/?year=2021").context["page"]
        assert "2021年1项指标中1项已到达目标" in page.chart.summary
        assert [indicator.code for indicator in page.without_share] == ["open"]


class TestPlan:
    """/plans/<slug>/: the same filters on the plan's own table."""

    @pytest.mark.parametrize(
        ("query", "shown", "hidden"),
        [
            ("constraint=expected", "森林覆盖率", "优良天数比例"),
            ("verdict=achieved_early", "优良天数比例", "森林覆盖率"),
            ("department=other", "森林覆盖率", "优良天数比例"),
        ],
    )
    def test_filters_stand_in_the_address(
        self, reader: Client, plan: Plan, query: str, shown: str, hidden: str
    ) -> None:
        page = text(reader, f"/plans/small-plan/?year=2021&{query}")
        tables = page.split('class="data indicators"', 1)[1]
        assert shown in tables
        assert hidden not in tables
        assert "符合条件的指标 1 项，全部 2 项" in page
        assert f'href="?year=2022&amp;{query}"' in page

    def test_counts_are_the_whole_plans(self, reader: Client, plan: Plan) -> None:
        page = reader.get("/plans/small-plan/?year=2021&constraint=expected").context["page"]
        assert (page.shown_count, page.counts.total) == (1, 2)

    def test_the_file_is_what_the_page_shows(self, reader: Client, plan: Plan) -> None:
        answer = reader.get("/plans/small-plan/?year=2021&constraint=expected&format=csv")
        rows = list(csv.DictReader(answer.getvalue().decode("utf-8-sig").splitlines()))
        assert [row["指标名称"] for row in rows] == ["森林覆盖率"]

    def test_nothing_found_says_so(self, reader: Client, plan: Plan) -> None:
        assert "没有符合条件的指标" in text(reader, "/plans/small-plan/?year=2021&category=none")

    def test_another_year_keeps_the_filter(self, reader: Client, plan: Plan) -> None:
        answer = reader.get("/plans/small-plan/?year=1999&constraint=expected")
        assert answer.headers["Location"] == "/plans/small-plan/?year=2021&constraint=expected"


class TestCompare:
    """/compare/ and the page of a topic."""

    def test_topics_that_two_plans_share_are_listed_by_domain(self, reader: Client) -> None:
        page = reader.get("/compare/?year=2023").context["page"]
        domains = [row.topic.domain for row in page.rows]
        assert domains == sorted(domains)
        assert all(sum(bool(cell) for cell in row.cells) >= 1 for row in page.rows)
        assert "PM2.5年均浓度" in text(reader, "/compare/?year=2023")

    def test_the_address_names_plans(self, reader: Client) -> None:
        page = reader.get("/compare/?year=2023&plan=bazhong&plan=liaoyuan").context["page"]
        assert {each.slug for each in page.plans} == {"bazhong", "liaoyuan"}
        assert "banan" in {each.slug for each in page.others}

    def test_a_topic_is_ranked_by_the_way_that_is_done(self, reader: Client) -> None:
        topic = Indicator.objects.exclude(topic=None)[0].topic
        assert topic is not None
        for slug, figure in (("near", "94"), ("far", "91")):
            plan = PlanFactory.create(slug=slug)
            indicator = IndicatorFactory.create(plan=plan, topic=topic, name=f"{slug} 指标")
            TargetFactory.create(indicator=indicator)
            indicator.baselines.create(region=plan.region, year=2020, value=90, text="90")
            YearlyValueFactory.create(indicator=indicator, value=Decimal(figure), year=2025)
            judge_indicators([indicator], now=timezone.now())
        page = reader.get(f"/compare/{topic.key}/?year=2025").context["page"]
        ranked = [line.row.indicator.name for line in page.lines if line.rank]
        assert ranked.index("near 指标") < ranked.index("far 指标")
        assert page.ways is not None
        assert "far 指标" in page.ways.summary

    def test_equals_share_a_rank_counties_have_their_own_and_unknown_ones_come_last(self, reader: Client) -> None:
        topic = Topic.objects.create(key="test-topic", name="主题", domain="air")
        for number, figure in enumerate([94, 94, 91, None]):
            plan = PlanFactory.create()
            indicator = IndicatorFactory.create(plan=plan, topic=topic, name=f"指标{number}")
            TargetFactory.create(indicator=indicator)
            indicator.baselines.create(region=plan.region, year=2020, value=90, text="90")
            if figure:
                YearlyValueFactory.create(indicator=indicator, value=Decimal(figure), year=2025)
            if number == 0:
                county, silent = RegionFactory.create(name="通江县"), RegionFactory.create(name="平昌县")
                TargetFactory.create(indicator=indicator, region=county)
                TargetFactory.create(indicator=indicator, region=silent)
                indicator.baselines.create(region=county, year=2020, value=80, text="80")
                YearlyValueFactory.create(indicator=indicator, region=county, value=Decimal(81), year=2025)
            judge_indicators([indicator], now=timezone.now())
        page = reader.get("/compare/test-topic/?year=2025").context["page"]
        ranks = {line.title.split()[1] if not line.row.county else "通江县": line.rank for line in page.lines}
        assert ranks == {"指标0": 1, "指标1": 1, "指标2": 3, "通江县": 4, "指标3": None}
        assert page.lines[-1].rank is None
        assert "平昌县" not in text(reader, "/compare/test-topic/?year=2025")
        file = reader.get("/compare/test-topic/?year=2025&format=csv").getvalue().decode("utf-8-sig")
        assert [row["地区"] for row in csv.DictReader(file.splitlines())][3] == "通江县"

    def test_a_topic_that_does_not_exist(self, reader: Client) -> None:
        assert reader.get("/compare/nothing/").status_code == 404

    @pytest.mark.parametrize("address", ["/compare/", "/compare/pm25-concentration/"])
    def test_files(self, reader: Client, address: str) -> None:
        assert reader.get(f"{address}?year=2023&format=xlsx").status_code == 200


class TestScreen:
    """/screen/"""

    def test_it_answers_the_question_without_a_script(self, reader: Client, plan: Plan) -> None:
        page = text(reader, "/screen/")
        assert "总体进展" in page
        answer = reader.get("/").context["page"].answer
        assert all(words in page for words in (answer.judgement, answer.failing, answer.waiting, answer.worst))


def test_who_is_not_signed_in_sees_none_of_it(client: Client, leader: User) -> None:
    for address in ("/screen/", "/compare/", "/plans/bazhong/years/"):
        assert client.get(address).status_code == 302
