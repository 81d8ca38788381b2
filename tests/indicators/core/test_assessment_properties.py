"""What holds for every rule and value: a worse value never looks better, and figures agree with each other."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from indicators.assessment import Result, Subject, assess
from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Comparator, Grade
from indicators.core.verdicts import Verdict
from indicators.targets import TargetRule, parse_target
from tests.indicators.core.rule_strategies import rules

FIRST, LAST = 2021, 2025
years = st.integers(FIRST, LAST)
levels = st.decimals(min_value=-200, max_value=200, places=2)
rates = st.decimals(min_value=-50, max_value=99, places=2)
#: Few distinct figures, so that targets, baselines and values often coincide.
coarse = st.sampled_from([Decimal(figure) for figure in ("-10", "0", "10", "10.5", "20", "40")])
TOLERANCE = Decimal("1e-20")

COMPARATORS = {
    "higher": [Comparator.GE, Comparator.GT],
    "lower": [Comparator.LE, Comparator.LT],
}


@st.composite
def clauses(draw: st.DrawFn, direction: str, measure: str, figures: st.SearchStrategy[Decimal]) -> Clause:
    """A clause that asks for figures and asks for them in the direction of the indicator."""
    comparator = draw(st.sampled_from(COMPARATORS[direction]))
    inclusive, strict = COMPARATORS[direction]
    value, upper = sorted(draw(st.lists(figures, min_size=2, max_size=2, unique=True)))
    kinds = [
        Clause(ClauseKind.THRESHOLD, comparator, value),
        Clause(ClauseKind.REACH, inclusive, value),
        Clause(ClauseKind.ABOUT, value=value),
        Clause(ClauseKind.RANGE, value=value, upper=upper),
        Clause(ClauseKind.HOLD, inclusive),
        Clause(ClauseKind.TREND, strict, equal_counts=draw(st.booleans())),
        Clause(ClauseKind.ASSIGNED),
        Clause(ClauseKind.THRESHOLD, comparator, value, yearly=True),
    ]
    if measure == "level":
        kinds.append(Clause(ClauseKind.CHANGE, comparator, value))
    else:
        kinds.append(Clause(ClauseKind.CUMULATIVE, comparator, value))
    return draw(st.sampled_from(kinds))


@st.composite
def subjects(draw: st.DrawFn, *, single: bool) -> Subject:
    """A subject with figures for every year of the period."""
    measure = draw(st.sampled_from(["level", "cumulative_rate", "additive"]))
    direction = "higher" if measure == "cumulative_rate" else draw(st.sampled_from(["higher", "lower"]))
    figures = coarse | (rates if measure == "cumulative_rate" else levels)
    a_clause = clauses(direction, measure, figures)
    if single:
        rule = TargetRule.of(draw(a_clause))
    else:
        group = st.lists(a_clause, min_size=1, max_size=2).map(tuple)
        rule = TargetRule(tuple(draw(st.lists(group, min_size=1, max_size=3))))
    return Subject(
        rule=rule,
        measure=measure,
        direction=direction,
        value_type="number",
        entry_basis=draw(st.sampled_from(["annual", "to_date"])),
        baseline=draw(st.none() | figures),
        baseline_year=FIRST - 1,
        target_year=LAST,
        values={year: draw(figures) for year in range(FIRST, LAST + 1)},
        annual_targets=draw(st.dictionaries(years, figures, max_size=2)),
        assigned_value=draw(st.none() | figures),
        frequency=draw(st.sampled_from(["once", "once", "yearly"])),
    )


def judged(subject: Subject, year: int, value: Decimal) -> Result:
    return assess(replace(subject, values={**subject.values, year: value}), year)


def worse_and_better(subject: Subject, one: Decimal, other: Decimal) -> tuple[Decimal, Decimal]:
    worse, better = sorted([one, other])
    return (worse, better) if subject.direction == "higher" else (better, worse)


@given(subjects(single=True), years, coarse | rates, coarse | rates)
@settings(max_examples=600, deadline=None)
def test_a_worse_value_never_looks_better(subject: Subject, year: int, one: Decimal, other: Decimal) -> None:
    worse, better = (judged(subject, year, value) for value in worse_and_better(subject, one, other))
    assert worse.verdict.rank <= better.verdict.rank
    if worse.pace is not None and better.pace is not None:
        assert worse.pace <= better.pace
    if worse.progress is not None and better.progress is not None:
        assert worse.progress <= better.progress
    if worse.gap is not None and better.gap is not None:
        assert worse.gap >= better.gap


@given(subjects(single=False), years, coarse | rates, coarse | rates)
@settings(max_examples=400, deadline=None)
def test_a_worse_value_never_looks_better_under_several_clauses(
    subject: Subject, year: int, one: Decimal, other: Decimal
) -> None:
    worse, better = (judged(subject, year, value) for value in worse_and_better(subject, one, other))
    assert worse.verdict.rank <= better.verdict.rank


@given(
    st.sampled_from(
        [
            *(Clause(ClauseKind.GRADE, grade=grade) for grade in Grade),
            Clause(ClauseKind.HOLD),
            Clause(ClauseKind.TREND),
            Clause(ClauseKind.ASSIGNED),
        ]
    ),
    st.none() | st.integers(1, 6),
    st.dictionaries(years, st.integers(1, 6), max_size=2),
    st.lists(st.integers(1, 6), min_size=5, max_size=5),
    years,
    st.integers(1, 6),
)
@settings(max_examples=300, deadline=None)
def test_a_worse_grade_never_looks_better(
    clause: Clause, baseline: int | None, annual: dict[int, int], grades: list[int], year: int, other: int
) -> None:
    subject = Subject(
        rule=TargetRule.of(clause),
        measure="level",
        direction="none",
        value_type="grade",
        baseline=baseline,
        baseline_year=FIRST - 1,
        target_year=LAST,
        values=dict(zip(range(FIRST, LAST + 1), grades, strict=True)),
        annual_targets=annual,
        assigned_value=3,
    )
    better, worse = (judged(subject, year, Decimal(grade)) for grade in sorted([grades[year - FIRST], other]))
    assert worse.verdict.rank <= better.verdict.rank


@given(
    rules,
    st.sampled_from(["level", "cumulative_rate", "additive"]),
    st.sampled_from(["higher", "lower", "none"]),
    years,
)
@settings(max_examples=300, deadline=None)
def test_every_rule_gets_a_verdict_with_a_reason_and_can_be_written(
    rule: TargetRule, measure: str, direction: str, year: int
) -> None:
    for value_type, values in _VALUES.items():
        if value_type == "grade" and measure != "level":
            continue
        subject = Subject(
            rule=rule,
            measure=measure,
            direction=direction,
            value_type=value_type,
            baseline=Decimal(3),
            baseline_year=FIRST - 1,
            target_year=LAST,
            values=values,
            assigned_value=Decimal(2),
        )
        result = assess(subject, year)
        assert result.verdict in Verdict
        assert 1 <= result.rule_number <= 14
        assert result.reason.endswith("。")
        again = replace(subject, rule=TargetRule.from_json(rule.to_json()))
        assert assess(again, year).to_json() == result.to_json()


_VALUES: dict[str, dict[int, Any]] = {
    "number": {2021: Decimal(3), 2022: Decimal("2.5"), 2023: Decimal(0), 2025: Decimal(4)},
    "grade": {2021: 3, 2022: 2, 2023: 6, 2025: 4},
    "finding": {2021: "achieved", 2022: "partly", 2023: "not_achieved"},
}


@given(st.sampled_from(["level", "cumulative_rate", "additive"]), rates, rates, st.integers(FIRST, LAST - 1))
@settings(deadline=None)
def test_required_projection_and_needed_agree_with_the_target(
    measure: str, baseline: Decimal, target: Decimal, year: int
) -> None:
    start = baseline if measure == "level" else Decimal(0)
    assume(target != start)
    direction = "higher" if target > start or measure == "cumulative_rate" else "lower"
    assume(measure != "cumulative_rate" or target > 0)
    subject = Subject(
        rule=parse_target(f"{target}", direction=direction),
        measure=measure,
        direction=direction,
        value_type="number",
        baseline=baseline,
        baseline_year=FIRST - 1,
        target_year=LAST,
        values={year: baseline},
    )
    required = assess(subject, year).required
    assert required is not None
    on_time = judged(subject, year, required)
    assert on_time.pace is not None
    assert abs(on_time.pace - 1) < TOLERANCE
    # Where a bound of what is possible lies on the way, the projection stops there.
    if on_time.projection is not None and min(target, start) >= 0:
        assert abs(on_time.projection - target) < TOLERANCE
    needed, left = on_time.needed_per_year, LAST - year
    assert needed is not None
    if measure == "cumulative_rate":
        reached = 100 * (1 - (1 - required / 100) * (1 - needed / 100) ** left)
    else:
        reached = required + needed * left
    assert abs(reached - target) < TOLERANCE
