"""Hypothesis strategies for clauses and rules of every kind."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from hypothesis import strategies as st

from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Comparator, Grade
from indicators.core.units import is_unit
from indicators.targets import TargetRule

KNOWN_UNITS = ("", "%", "‰", "个", "万亩", "亿", "微克/立方米", "μg/m3", "吨标准煤/万元", "起/每万枚", "千米", "km")

figures = st.builds(
    lambda digits, places: Decimal(digits).scaleb(-places), st.integers(-(10**19), 10**19), st.integers(0, 20)
)
units = st.sampled_from(KNOWN_UNITS) | st.text(max_size=12).filter(lambda unit: unit == "" or is_unit(unit))
years = st.none() | st.integers(1949, 2199)


def _with(kind: ClauseKind, **fields: st.SearchStrategy[object]) -> st.SearchStrategy[Clause]:
    build: Callable[..., Clause] = Clause
    return st.builds(build, st.just(kind), **fields)


@st.composite
def ranges(draw: st.DrawFn) -> Clause:
    lower, upper = sorted(draw(st.lists(figures, min_size=2, max_size=2, unique=True)))
    return Clause(ClauseKind.RANGE, value=lower, upper=upper, unit=draw(units), yearly=draw(st.booleans()))


any_comparator = st.sampled_from(list(Comparator))
inclusive = st.sampled_from([Comparator.GE, Comparator.LE])
strict = st.sampled_from([Comparator.GT, Comparator.LT])

clauses: st.SearchStrategy[Clause] = st.one_of(
    _with(ClauseKind.THRESHOLD, comparator=any_comparator, value=figures, unit=units, yearly=st.booleans()),
    _with(ClauseKind.REACH, comparator=inclusive, value=figures, unit=units, yearly=st.booleans()),
    _with(ClauseKind.ABOUT, value=figures, unit=units, yearly=st.booleans()),
    ranges(),
    _with(ClauseKind.CHANGE, comparator=any_comparator, value=figures, reference_year=years),
    _with(ClauseKind.CUMULATIVE, comparator=any_comparator, value=figures, unit=units),
    _with(ClauseKind.GRADE, grade=st.sampled_from(list(Grade)), yearly=st.booleans()),
    _with(ClauseKind.HOLD, comparator=st.none() | inclusive, reference_year=years),
    _with(ClauseKind.TREND, comparator=st.none() | strict, equal_counts=st.booleans()),
    _with(ClauseKind.ASSIGNED, yearly=st.booleans()),
    _with(ClauseKind.FINDING, yearly=st.booleans()),
)

rules: st.SearchStrategy[TargetRule] = st.one_of(
    st.lists(st.lists(clauses, min_size=1, max_size=3).map(tuple), min_size=1, max_size=4).map(
        lambda groups: TargetRule(tuple(groups))
    ),
    st.sampled_from([ClauseKind.UNRECOGNISED, ClauseKind.MISSING]).map(lambda kind: TargetRule.of(Clause(kind))),
)
