"""The answer at the top, and that every page and the API count the same."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from indicators.models import Plan
from indicators.services.judging import judge_indicators
from portal.accounts.models import User
from regions.models import Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    PlanFactory,
    TargetFactory,
    YearlyValueFactory,
    member_of,
)

pytestmark = pytest.mark.django_db


def page_of(client: Client, address: str) -> Any:
    """The page object of an address."""
    response = client.get(address)
    assert response.status_code == 200, address
    return response.context["page"]


def verdicts(counts: Any) -> dict[tuple[str, str], int]:
    """Numbers by constraint and verdict that are not 0."""
    return {(str(kind.value), str(verdict.value)): count for (kind, verdict), count in counts.verdicts.items() if count}


@pytest.fixture
def no_plan(db: None) -> User:
    """The administrator of a portal in which nothing was loaded."""
    call_command("flush", interactive=False, verbosity=0)
    return member_of(DepartmentFactory.create(), Role.ADMINISTRATOR)


def test_an_empty_portal_says_what_to_do_and_nothing_else(client: Client, no_plan: User) -> None:
    client.force_login(no_plan)
    content = client.get("/").content.decode()
    assert "还没有录入规划" in content
    assert 'href="/plans/new/"' in content
    for words in ("没有红色或黄色预警", "各指标的评价没有变化", "需要关注的指标", "format=xlsx"):
        assert words not in content
    for address in ("/screen/", "/compare/", "/departments/", "/projects/", "/problems/"):
        assert client.get(address).status_code == 200, address


def test_where_nothing_is_judged_no_list_claims_that_nothing_is_red(client: Client, no_plan: User) -> None:
    PlanFactory.create()
    client.force_login(no_plan)
    content = client.get("/").content.decode()
    assert "还没有评价，因此没有预警" in content
    assert "没有红色或黄色预警" not in content


def test_a_red_verdict_that_nothing_new_has_settled_stands_before_yellow_ones(client: Client, no_plan: User) -> None:
    red, waiting = IndicatorFactory.create_batch(2, constraint="binding", plan=PlanFactory.create())
    TargetFactory.create(indicator=red)
    TargetFactory.create(indicator=waiting, wording="完成省定目标")
    red.baselines.create(region=red.plan.region, year=2020, value=90, text="90")
    YearlyValueFactory.create(indicator=red, year=2022, value=Decimal(85))
    judge_indicators([red, waiting], now=timezone.now())
    client.force_login(no_plan)
    page = page_of(client, "/")
    assert [line.indicator for line in page.last_known] == [red]
    assert page.is_last_known_worse
    content = client.get("/").content.decode()
    assert content.index("尚无新数值，但最近一次评价已经预警") < content.index("最新年度的预警")


@pytest.mark.usefixtures("loaded_plans")
class TestTheSameEverywhere:
    def test_overview_plan_final_evaluation_and_api_count_the_same(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        together: Counter[tuple[str, str]] = Counter()
        for card in page_of(client, "/").cards:
            counted = verdicts(card.counts)
            together.update(counted)
            plan: Plan = card.plan
            assert verdicts(page_of(client, f"/plans/{plan.slug}/?year={card.year}").counts) == counted
            if card.year == plan.target_year:
                assert verdicts(page_of(client, f"/plans/{plan.slug}/final/").counts) == counted
            asked = f"group_by=constraint,verdict&headline=true&plan={plan.slug}&standing_in={card.year}"
            rows = client.get(f"/api/v1/status/summary/?{asked}").json()["results"]
            assert {(row["constraint"], row["verdict"]): row["count"] for row in rows} == counted
        assert verdicts(page_of(client, "/").counts) == together

    def test_what_fails_waits_and_is_kept_is_everything(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        page = page_of(client, "/")
        counts = page.counts
        assert counts.failing + counts.waiting + counts.kept == counts.total
        listed = sum(each.targets + each.values for each in page.pending)
        elsewhere = sum(int(words.split()[1]) for words in page.pending_elsewhere.split("、") if words)
        assert listed + elsewhere == counts.waiting

    def test_the_page_of_a_plan_answers_as_its_card_does(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        for card in page_of(client, "/").cards:
            page = page_of(client, f"/plans/{card.plan.slug}/")
            assert (page.answer.judgement, page.answer.tone) == (card.answer.judgement, card.answer.tone)
