"""Which year a page shows, and the sentence that says how plans stand."""

from __future__ import annotations

from datetime import date

import pytest

from indicators.core.codes import Constraint
from indicators.core.verdicts import Severity, Verdict
from portal.dashboards.counts import VerdictCounts
from portal.dashboards.standing import conclusion_sentence, standing_sentence
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
        row = {"indicator__constraint": constraint, "verdict": verdict, "severity": Severity.NONE, "count": count}
        counts.add({**row, "demonstrated": 0})
    return counts


def test_sentence_says_when_nothing_is_judged() -> None:
    assert standing_sentence(VerdictCounts(), plans=1) == "还没有任何评价结果。"
    waiting = counted((Constraint.BINDING, Verdict.AWAITING_VALUE, 9))
    assert "0 项已有评价，9 项待填报或待确定。目前还不能判断" in standing_sentence(waiting, plans=1)


def test_sentence_does_not_praise_a_plan_that_is_mostly_unreported() -> None:
    counts = counted((Constraint.BINDING, Verdict.AWAITING_VALUE, 9), (Constraint.BINDING, Verdict.ACHIEVED, 1))
    assert "多数指标还没有数值，总体进展暂不能判断" in standing_sentence(counts, plans=1)


def test_sentence_counts_failing_and_binding_ones() -> None:
    counts = counted(
        (Constraint.BINDING, Verdict.ACHIEVED, 7),
        (Constraint.BINDING, Verdict.MISSED, 2),
        (Constraint.EXPECTED, Verdict.BEHIND, 1),
        (Constraint.EXPECTED, Verdict.AWAITING_VALUE, 1),
    )
    sentence = standing_sentence(counts, plans=3)
    assert "3 份规划共 11 项指标，10 项已有评价，1 项待填报" in sentence
    assert "7 项达标或符合序时进度，3 项未完成、滞后或反向变化（其中约束性指标 2 项）" in sentence
    assert "多数" not in sentence


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
