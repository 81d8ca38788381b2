"""Targets over time: each save is a new version, judged at once; nothing that stands is edited."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from indicators.models import Assessment, Baseline, Indicator, Target
from indicators.services.target_versions import (
    evidence_of,
    record_annual,
    record_assigned,
    restate_baseline,
    restate_target,
    spread,
    stamp,
)
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, YearlyValueFactory, led_by, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def indicator(bureau: Department) -> Indicator:
    """≥95 in 2025 from 90 in 2020, with 91 in 2022."""
    indicator = led_by(bureau, code="the-indicator")
    Baseline.objects.create(indicator=indicator, region=indicator.plan.region, year=2020, value=90, text="90")
    YearlyValueFactory.create(indicator=indicator, year=2022, value=91)
    return indicator


@pytest.fixture
def awaiting(bureau: Department) -> Indicator:
    """完成省定目标 with 91 in 2022."""
    indicator = led_by(bureau, code="awaiting", wording="完成省定目标")
    Baseline.objects.create(indicator=indicator, region=indicator.plan.region, year=2020, value=90, text="90")
    YearlyValueFactory.create(indicator=indicator, year=2022, value=91)
    return indicator


def how(indicator: Indicator, person: User) -> dict[str, Any]:
    return {"seen": stamp(indicator), "person": person, "now": NOW}


def verdict(indicator: Indicator, year: int = 2022) -> str:
    return Assessment.objects.get(indicator=indicator, year=year).verdict


def versions(indicator: Indicator, year: int = 2025) -> list[tuple[int, str, Decimal | None]]:
    found = Target.objects.filter(indicator=indicator, year=year).order_by("version")
    return list(found.values_list("version", "wording", "assigned_value"))


def test_an_assigned_number_turns_waiting_into_a_verdict(awaiting: Indicator, reviewer: User) -> None:
    document = "川环函〔2023〕1号"
    record_assigned(
        awaiting, value=Decimal(92), document=document, effective_on=date(2023, 2, 1), **how(awaiting, reviewer)
    )
    assert verdict(awaiting) == "on_track"
    assert versions(awaiting) == [(1, "完成省定目标", None), (2, "完成省定目标", Decimal(92))]
    record_assigned(awaiting, value=Decimal(99), document=document, effective_on=None, **how(awaiting, reviewer))
    assert verdict(awaiting) == "behind", "the highest version is in force"
    assert Target.objects.get(indicator=awaiting, version=2).assigned_value == 92


def test_an_assigned_number_names_its_document_and_is_possible(awaiting: Indicator, reviewer: User) -> None:
    with pytest.raises(ValidationError, match="不是规划本身"):
        record_assigned(awaiting, value=Decimal(92), document=" ", effective_on=None, **how(awaiting, reviewer))
    with pytest.raises(ValidationError, match=r"是否漏了小数点"):
        record_assigned(awaiting, value=Decimal(920), document="文", effective_on=None, **how(awaiting, reviewer))
    assert len(versions(awaiting)) == 1


def test_a_target_with_its_own_number_takes_no_assigned_one(indicator: Indicator, reviewer: User) -> None:
    with pytest.raises(ValidationError, match="不需要下达数"):
        record_assigned(indicator, value=Decimal(96), document="文", effective_on=None, **how(indicator, reviewer))


def test_annual_targets_decide_their_year(indicator: Indicator, reviewer: User) -> None:
    record_annual(indicator, figures={2022: Decimal(91), 2023: None}, **how(indicator, reviewer))
    assert verdict(indicator) == "on_track"
    record_annual(indicator, figures={2022: Decimal("94.5")}, **how(indicator, reviewer))
    assert verdict(indicator) == "behind"
    assert [wording for _, wording, _ in versions(indicator, 2022)] == ["≥91", "≥94.5"]
    assert versions(indicator, 2023) == [], "a year that stays empty gets no version"


def test_an_emptied_annual_target_is_withdrawn_and_kept(indicator: Indicator, reviewer: User) -> None:
    record_annual(indicator, figures={2022: Decimal(91)}, **how(indicator, reviewer))
    record_annual(indicator, figures={2022: None}, **how(indicator, reviewer))
    assert evidence_of(indicator).annual_targets == {}
    assert [wording for _, wording, _ in versions(indicator, 2022)] == ["≥91", ""]
    with pytest.raises(ValidationError, match="没有变化"):
        record_annual(indicator, figures={2022: None}, **how(indicator, reviewer))


def test_an_annual_grade_decides_its_year(bureau: Department, reviewer: User) -> None:
    grade = led_by(bureau, value_type="grade", unit="", direction="lower", wording="Ⅱ类")
    Baseline.objects.create(indicator=grade, region=grade.plan.region, year=2020, value=4, text="Ⅳ类")
    YearlyValueFactory.create(indicator=grade, year=2022, value=3)
    record_annual(grade, figures={2022: Decimal(2)}, **how(grade, reviewer))
    assert versions(grade, 2022) == [(1, "Ⅱ类", None)]
    assert evidence_of(grade).annual_targets == {2022: 2}
    assert verdict(grade) == "slightly_behind"
    record_annual(grade, figures={2022: Decimal(3)}, **how(grade, reviewer))
    assert verdict(grade) == "on_track"
    with pytest.raises(ValidationError, match="1 至 6"):
        record_annual(grade, figures={2022: Decimal(7)}, **how(grade, reviewer))


def test_one_impossible_annual_figure_stops_them_all(indicator: Indicator, reviewer: User) -> None:
    with pytest.raises(ValidationError) as caught:
        record_annual(indicator, figures={2021: Decimal(91), 2022: Decimal(910)}, **how(indicator, reviewer))
    assert list(caught.value.message_dict) == ["year_2022"]
    assert versions(indicator, 2021) == []


@pytest.mark.parametrize(
    ("measure", "wording", "expected"),
    [
        ("level", "≥95", ["91.00", "92.00", "93.00", "94.00"]),
        ("additive", "≥100", ["20.00", "40.00", "60.00", "80.00"]),
        # 1 − 0.9^(n/5): every year reduces by the same share
        ("cumulative_rate", "累计下降10%以上", ["2.09", "4.13", "6.13", "8.08"]),
    ],
)
def test_spreading_follows_the_measure(bureau: Department, measure: str, wording: str, expected: list[str]) -> None:
    indicator = led_by(bureau, measure=measure, wording=wording, unit="吨" if measure == "additive" else "%")
    Baseline.objects.create(indicator=indicator, region=indicator.plan.region, year=2020, value=90, text="90")
    assert [str(figure) for figure in spread(indicator).values()] == expected
    assert Target.objects.filter(indicator=indicator).count() == 1, "nothing is stored"


def test_what_was_spread_for_a_reduction_counts_as_a_total_to_date(bureau: Department, reviewer: User) -> None:
    indicator = led_by(bureau, measure="cumulative_rate", wording="累计下降10%以上", direction="lower")
    YearlyValueFactory.create(indicator=indicator, year=2021, value=Decimal("2.5"))
    record_annual(indicator, figures=dict(spread(indicator)), **how(indicator, reviewer))
    assert verdict(indicator, 2021) == "on_track"
    target = Target.objects.get(indicator=indicator, year=2021)
    assert (target.wording, target.rule["problems"]) == ("≥2.09", [])


def test_spreading_says_what_is_lacking(awaiting: Indicator, bureau: Department) -> None:
    with pytest.raises(ValidationError, match="上级尚未下达具体目标数，不能均匀分配"):
        spread(awaiting)
    with pytest.raises(ValidationError, match="缺少 2020 年基期值"):
        spread(led_by(bureau))
    with pytest.raises(ValidationError, match="水质类别"):
        spread(led_by(bureau, value_type="grade", wording="Ⅲ类"))


def test_a_restated_target_is_a_new_dated_version(indicator: Indicator, reviewer: User) -> None:
    restate_target(
        indicator, wording="≥91", document="调整通知", effective_on=date(2023, 1, 1), **how(indicator, reviewer)
    )
    assert verdict(indicator) == "achieved_early"
    assert [row[:2] for row in versions(indicator)] == [(1, "≥95"), (2, "≥91")]
    newest = Target.objects.get(indicator=indicator, version=2)
    assert (newest.effective_on, newest.history.latest().history_user) == (date(2023, 1, 1), reviewer)


def test_a_restated_target_keeps_the_assigned_number_only_while_it_asks_for_one(
    awaiting: Indicator, reviewer: User
) -> None:
    record_assigned(awaiting, value=Decimal(92), document="文", effective_on=None, **how(awaiting, reviewer))
    for wording, assigned in (("完成上级下达目标", Decimal(92)), ("≥93", None)):
        version = restate_target(
            awaiting, wording=wording, document="调整通知", effective_on=None, **how(awaiting, reviewer)
        )
        assert version.assigned_value == assigned


def test_a_restated_baseline_is_judged_from(indicator: Indicator, reviewer: User) -> None:
    restate_baseline(
        indicator, value=Decimal("90.9"), document="核定通知", effective_on=None, **how(indicator, reviewer)
    )
    assert verdict(indicator) == "behind"
    assert list(indicator.baselines.order_by("version").values_list("version", "text")) == [(1, "90"), (2, "90.9")]


def test_the_second_of_two_reviewers_is_told_and_overwrites_nothing(indicator: Indicator, reviewer: User) -> None:
    seen = stamp(indicator)
    restate_target(indicator, wording="≥91", document="文", effective_on=None, **how(indicator, reviewer))
    with pytest.raises(ValidationError, match="李审核在您打开本页之后"):
        restate_baseline(
            indicator,
            value=Decimal(80),
            document="文",
            effective_on=None,
            seen=seen,
            person=member_of(reviewer.memberships.get().department, Role.REVIEWER),
            now=NOW,
        )
    assert indicator.baselines.count() == 1


@pytest.mark.parametrize("role", [Role.ENTRY, Role.LEADER])
def test_only_reviewers_of_the_plan_record_versions(indicator: Indicator, bureau: Department, role: Role) -> None:
    for person in (member_of(bureau, role), member_of(DepartmentFactory.create(), Role.REVIEWER)):
        with pytest.raises(PermissionDenied):
            restate_target(indicator, wording="≥1", document="文", effective_on=None, **how(indicator, person))
        with pytest.raises(PermissionDenied):
            record_annual(indicator, figures={2022: Decimal(1)}, **how(indicator, person))


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


ADDRESS = "/indicators/the-indicator/targets/"


def test_the_page_shows_the_understanding_before_it_saves(signed_in: Client, indicator: Indicator) -> None:
    typed = {"form": "wording", "wording": "不低于91%", "document": "调整通知", "seen": stamp(indicator)}
    first = signed_in.post(ADDRESS, typed)
    assert "系统理解为：<strong>不低于91%</strong>" in first.content.decode()
    assert len(versions(indicator)) == 1
    changed = signed_in.post(ADDRESS, {**typed, "wording": "越来越好看", "confirmed": "不低于91%"})
    assert "没有看懂这个目标" in changed.content.decode(), "a wording changed after the preview is shown again"
    assert len(versions(indicator)) == 1
    assert signed_in.post(ADDRESS, {**typed, "confirmed": "不低于91%"}).status_code == 302
    assert len(versions(indicator)) == 2


def test_the_page_spreads_into_the_form_and_saves_what_was_edited(signed_in: Client, indicator: Indicator) -> None:
    spreading = {"form": "annual", "spread": "1", "document": "年度计划", "seen": stamp(indicator)}
    page = signed_in.post(ADDRESS, spreading).content.decode()
    assert 'value="91"' in page
    assert 'value="年度计划"' in page
    assert versions(indicator, 2021) == []
    edited = {f"year_{year}": str(year - 1930) for year in range(2021, 2025)}
    assert signed_in.post(ADDRESS, {"form": "annual", "seen": stamp(indicator), **edited}).status_code == 302
    assert evidence_of(indicator).annual_targets == {2021: 91, 2022: 92, 2023: 93, 2024: 94}


def test_a_refused_form_keeps_what_was_typed(signed_in: Client, indicator: Indicator) -> None:
    typed = {"form": "annual", "seen": stamp(indicator), "year_2021": "九十一", "year_2022": "92", "document": "计划"}
    page = signed_in.post(ADDRESS, typed).content.decode()
    for kept in ('value="九十一"', 'value="92"', 'value="计划"', "中文数字"):
        assert kept in page


def test_the_page_offers_only_what_makes_sense(signed_in: Client, indicator: Indicator, awaiting: Indicator) -> None:
    assert "记录上级下达数" not in signed_in.get(ADDRESS).content.decode()
    assert "记录上级下达数" in signed_in.get("/indicators/awaiting/targets/").content.decode()
    finding = led_by(awaiting.plan.coordinating_department, value_type="finding", wording="基本建立体系")
    assert "不设年度目标" in signed_in.get(f"/indicators/{finding.code}/targets/").content.decode()


def test_annual_grades_are_chosen_from_a_list(signed_in: Client, bureau: Department) -> None:
    grade = led_by(bureau, code="the-grade", value_type="grade", unit="", direction="lower", wording="Ⅲ类")
    page = signed_in.get("/indicators/the-grade/targets/").content.decode()
    assert '<select name="year_2021"' in page
    assert "均匀分配" not in page
    chosen = {"form": "annual", "seen": stamp(grade), "year_2021": "4", "year_2022": ""}
    assert signed_in.post("/indicators/the-grade/targets/", chosen).status_code == 302
    assert evidence_of(grade).annual_targets == {2021: 4}
    assert '<option value="4" selected>Ⅳ类</option>' in signed_in.get("/indicators/the-grade/targets/").content.decode()


def test_the_page_is_the_reviewers(client: Client, indicator: Indicator, bureau: Department) -> None:
    for person in (member_of(bureau, Role.ENTRY), member_of(DepartmentFactory.create(), Role.REVIEWER)):
        client.force_login(person)
        assert client.get(ADDRESS).status_code == 403
        assert client.post(ADDRESS, {"form": "wording", "wording": "≥1"}).status_code == 403
