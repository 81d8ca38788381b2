"""A rule as data: written to JSON and back, refused when malformed, put together by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest

from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Comparator
from indicators.targets import TargetRule, parse_target

K, C = ClauseKind, Comparator


def test_json_keeps_everything() -> None:
    rule = parse_target("15万亩", direction="higher", unit="亩")
    written = rule.to_json()
    assert written == {
        "wording": "15万亩",
        "unit": "亩",
        "problems": ["目标的单位“万亩”与指标单位“亩”不一致，请核对。"],
        "all": [{"any": [{"kind": "reach", "comparator": "ge", "value": "15", "unit": "万亩"}]}],
    }
    read = TargetRule.from_json(written)
    assert read == rule
    assert (read.wording, read.unit, read.problems) == (rule.wording, rule.unit, rule.problems)


@pytest.mark.parametrize(
    "written",
    [
        {},
        {"all": []},
        {"all": [{"any": []}]},
        {"all": [{}]},
        {"all": None},
        {"all": [{"any": ["≥90"]}]},
        {"all": [{"any": [{"kind": "nonsense"}]}]},
        {"all": [{"any": [{"kind": "threshold"}]}]},
        {"all": [{"any": [{"kind": "threshold", "comparator": "ge", "value": "NaN"}]}]},
        {"all": [{"any": [{"kind": "threshold", "comparator": "ge", "value": "ninety"}]}]},
        {"all": [{"any": [{"kind": "grade", "grade": 7}]}]},
        {"all": [{"any": [{"kind": "hold", "colour": "red"}]}]},
        {"all": [{"any": [{"kind": "missing"}]}, {"any": [{"kind": "hold"}]}]},
    ],
)
def test_malformed_json_is_refused(written: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        TargetRule.from_json(written)


@pytest.mark.parametrize(
    "fields",
    [
        {"kind": K.THRESHOLD},
        {"kind": K.THRESHOLD, "comparator": C.GE, "value": Decimal("Infinity")},
        {"kind": K.THRESHOLD, "comparator": C.GE, "value": Decimal("1E+30")},
        {"kind": K.REACH, "comparator": C.GT, "value": Decimal(1)},
        {"kind": K.HOLD, "value": Decimal(0)},
        {"kind": K.RANGE, "value": Decimal(5), "upper": Decimal(5)},
        {"kind": K.TREND, "comparator": C.GE},
        {"kind": K.THRESHOLD, "comparator": C.GE, "value": Decimal(1), "unit": "个或处"},
        {"kind": K.HOLD, "reference_year": 20},
    ],
)
def test_a_clause_whose_fields_do_not_fit_its_kind_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        Clause(**fields)  # type: ignore[arg-type]


def test_a_rule_by_hand() -> None:
    rule = TargetRule.of(Clause(K.HOLD), Clause(K.FINDING), wording="原文")
    assert rule.describe() == "保持基期水平；由审核人员评定"
    assert parse_target(rule.describe()) == rule
