"""Which year a page shows, and the sentence that says how plans stand."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.core.codes import Constraint
from indicators.core.verdicts import Severity, Verdict
from portal.dashboards.counts import VerdictCounts
from portal.dashboards.standing import answer, conclusion_sentence
from portal.dashboards.years import choose_year

PLAN_YEARS = range(2021, 2026)


@pytest.mark.parametrize(
    ("today", "year"),
    [
        (date(2021, 6, 1), 2021),  # no complete year yet: the first one
        (date(2024, 1, 1), 2023),
        (date(2024, 12, 31), 2023),
        (date(2025, 1, 1), 2024),
        (date(2026, 7, 1), 2025),
        (date(2040, 7, 1), 2025),  # after the period: its last year
    ],
)
def test_default_year_is_the_newest_complete_year_of_the_plan(today: date, year: int) -> None:
    assert choose_year(None, PLAN_YEARS, today).year == year


@pytest.mark.parametrize(
    ("asked", "year"),
    [
        ("2019", 2021),
        ("2031", 2025),
        ("abc", 2025),
        ("99999", 2025),
        ("２０２２", 2025),
        ("-2022", 2025),
        ("9" * 5000, 2025),
    ],
)
def test_a_year_that_is_not_judged_leads_to_the_nearest(asked: str, year: int) -> None:
    choice = choose_year(asked, PLAN_YEARS, date(2026, 7, 1))
    assert choice.year == year
    assert choice.asked
    assert "2021 至 2025" in choice.message


def test_a_judged_year_is_taken_as_asked() -> None:
    choice = choose_year("2023", PLAN_YEARS, date(2026, 7, 1))
    assert (choice.year, choice.asked) == (2023, "")


def counted(*rows: tuple[Constraint, Verdict, int]) -> VerdictCounts:
    """Counts of these constraint types and verdicts."""
    counts = VerdictCounts()
    for constraint, verdict, count in rows:
        counts.add(constraint, verdict, Severity.NONE, count=count)
    return counts


def test_answer_says_when_nothing_is_judged() -> None:
    assert answer(VerdictCounts(), plans=1).sentence == "还没有任何评价结果，不能判断能否完成规划。"
    waiting = counted((Constraint.BINDING, Verdict.AWAITING_VALUE, 9))
    assert answer(waiting, plans=1).sentence == (
        "目前还不能判断能否完成规划：共 9 项指标，达标或符合序时进度 0 项，未完成或滞后 0 项，待填报或待确定 9 项；"
        "待填报 9 项。"
    )


def test_answer_does_not_praise_a_plan_that_is_mostly_unreported() -> None:
    counts = counted((Constraint.BINDING, Verdict.AWAITING_VALUE, 9), (Constraint.BINDING, Verdict.ACHIEVED, 1))
    found = answer(counts, plans=1)
    assert found.judgement == "多数指标还没有评价，目前还不能判断能否完成规划"
    assert found.tone == "waiting"


def test_one_binding_indicator_that_is_missed_decides_whatever_waits() -> None:
    counts = counted((Constraint.BINDING, Verdict.MISSED, 1), (Constraint.BINDING, Verdict.AWAITING_VALUE, 40))
    assert answer(counts, plans=1).judgement == "约束性指标有 1 项未完成，规划不能全部完成"


def test_answer_gives_its_reasons_by_constraint_with_what_waits_and_the_worst() -> None:
    counts = counted(
        (Constraint.BINDING, Verdict.ACHIEVED, 7),
        (Constraint.BINDING, Verdict.MISSED, 2),
        (Constraint.EXPECTED, Verdict.BEHIND, 1),
        (Constraint.EXPECTED, Verdict.AWAITING_TARGET, 1),
        (Constraint.REFERENCE, Verdict.ON_TRACK, 1),
    )
    assert answer(counts, plans=3, worst="巴中市“森林覆盖率”（未完成）").reasons == [
        "3 份规划共 12 项指标，达标或符合序时进度 8 项，未完成或滞后 3 项，待填报或待确定 1 项",
        "未完成或滞后的有约束性 2 项、预期性 1 项",
        "目标待下达 1 项",
        "最突出的是巴中市“森林覆盖率”（未完成）",
    ]


def test_without_a_plan_the_answer_says_so() -> None:
    assert answer(VerdictCounts(), plans=0).sentence == "还没有录入规划。"


@pytest.mark.parametrize(
    ("rows", "judgement", "tone"),
    [
        ([("binding", "moving_away")], "按目前进度，规划不能全部完成", "bad"),
        ([("binding", "behind"), ("expected", "missed")], "按目前进度，规划不能全部完成", "bad"),
        ([("binding", "slightly_behind")], "约束性指标略有滞后，完成规划有风险", "slow"),
        ([("binding", "on_track"), ("expected", "missed")], "约束性指标没有滞后，但其他指标有未完成的", "slow"),
        ([("binding", "on_track"), ("expected", "behind")], "约束性指标没有滞后，但其他指标有滞后的", "slow"),
        ([("binding", "awaiting_value"), ("expected", "behind")], "约束性指标还没有评价，其他指标有滞后的", "slow"),
        ([("unspecified", "behind")], "指标有滞后的，全部完成规划有风险", "slow"),
        ([("binding", "on_track"), ("expected", "awaiting_target")], "已评价的指标都达到要求，能否全部完成", "good"),
        ([("binding", "achieved"), ("expected", "achieved")], "规划目标已经全部完成", "met"),
        ([("binding", "on_track"), ("expected", "achieved")], "按目前进度，规划能够完成", "good"),
    ],
)
def test_the_judgement(rows: list[tuple[str, str]], judgement: str, tone: str) -> None:
    counts = counted(*((Constraint.checked(kind), Verdict.checked(verdict), 1) for kind, verdict in rows))
    found = answer(counts, plans=1)
    assert found.judgement.startswith(judgement)
    assert found.tone == tone


def test_conclusion_counts_binding_indicators_in_the_target_year_only() -> None:
    counts = counted(
        (Constraint.BINDING, Verdict.ACHIEVED, 6),
        (Constraint.BINDING, Verdict.MISSED, 1),
        (Constraint.BINDING, Verdict.AWAITING_TARGET, 2),
        (Constraint.REFERENCE, Verdict.MISSED, 5),
    )
    assert conclusion_sentence(counts, at_target_year=False) == ""
    assert conclusion_sentence(counts, at_target_year=True) == (
        "约束性指标未全部完成（已完成 6 项，未完成 1 项，待填报或待确定 2 项）"
    )


def test_a_conclusion_that_rests_on_what_waits_is_not_read_as_a_failure() -> None:
    achieved, waiting = (Constraint.BINDING, Verdict.ACHIEVED, 3), (Constraint.BINDING, Verdict.AWAITING_VALUE, 5)
    assert conclusion_sentence(counted(achieved, waiting), at_target_year=True) == (
        "约束性指标未全部完成（已完成 3 项，还没有确定未完成的，待填报或待确定 5 项）"
    )
    assert conclusion_sentence(counted(achieved), at_target_year=True) == "约束性指标全部完成（3 项）"


def test_bars_fill_their_width_exactly() -> None:
    counts = counted(
        (Constraint.BINDING, Verdict.MISSED, 1),
        (Constraint.BINDING, Verdict.ON_TRACK, 1),
        (Constraint.BINDING, Verdict.ACHIEVED, 1),
        (Constraint.EXPECTED, Verdict.AWAITING_VALUE, 7),
    )
    binding, expected = counts.bars
    assert [segment.tone for segment in binding.segments] == ["bad", "good", "met"]
    assert sum(segment.width for segment in binding.segments) == 1000
    assert [segment.start for segment in binding.segments] == [0, 333, 666]
    assert [(segment.start, segment.width) for segment in expected.segments] == [(0, 1000)]
    assert counts.column_totals == [3, 7]
