"""Verdicts on findings and on wordings of several clauses (docs/assessment.md, "Verdicts")."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from indicators.core.verdicts import Verdict
from tests.indicators.core.subjects import FINDING, ROW, case, check

V = Verdict

FINDINGS = [
    case("finding: none", V.AWAITING_REVIEW, 4, "建立", {}, 2021, **FINDING),
    case("finding: a figure is none", V.AWAITING_REVIEW, 4, "建立", {2021: "1"}, 2021),
    case("finding: achieved at the target year", V.ACHIEVED, 5, "建立", {2025: "achieved"}, 2025, **FINDING),
    case("finding: achieved before", V.HOLDING, 6, "建立", {2021: "achieved"}, 2021, **FINDING),
    case("finding: partly at the target year", V.MISSED, 8, "建立", {2025: "partly"}, 2025, **FINDING),
    case("finding: not achieved at the target year", V.MISSED, 8, "建立", {2025: "not_achieved"}, 2025, **FINDING),
    case("finding: partly", V.SLIGHTLY_BEHIND, 12, "建立", {2021: "partly"}, 2021, **FINDING),
    case("finding: not achieved", V.BEHIND, 13, "建立", {2021: "not_achieved"}, 2021, **FINDING),
    case("finding on a hold", V.HOLDING, 6, "面积不减少", {2021: "achieved"}, 2021, **FINDING),
    case("finding on what an upper level asks", V.HOLDING, 6, "满足市级要求", {2021: "achieved"}, 2021, **FINDING),
    case("finding cannot replace a rule", V.AWAITING_RULE, 2, "另行通知", {2021: "achieved"}, 2021, **FINDING),
]

BOTH = "完成上级规定的考核任务；保持稳定或持续改善"
SCORE = "完成上级规定的考核任务，且≥90或持续提高"
ASSIGNED_60: dict[str, Any] = {"assigned_value": Decimal(60)}
COMPOSITES = [
    case("all: the number is awaited", V.AWAITING_TARGET, 1, BOTH, {2021: "60"}, 2021),
    case("all: failing outranks waiting", V.MOVING_AWAY, 9, BOTH, {2021: "40"}, 2021),
    case("all: without a value the number is still awaited first", V.AWAITING_TARGET, 1, BOTH, {}, 2021),
    case("all: no value", V.AWAITING_VALUE, 3, BOTH, {}, 2021, **ASSIGNED_60),
    case("all: both hold", V.HOLDING, 6, BOTH, {2021: "60"}, 2021, **ASSIGNED_60),
    case("all: the number is far", V.BEHIND, 13, BOTH, {2021: "50"}, 2021, **ASSIGNED_60),
    case(
        "any: worse than the baseline, better than last year",
        V.MOVING_AWAY,
        14,
        BOTH,
        {2021: "40", 2022: "45"},
        2022,
        **ASSIGNED_60,
    ),
    case("any: stable at what it fell to", V.ON_TRACK, 11, "保持稳定或持续改善", {2021: "40", 2022: "40"}, 2022),
    case("any: better than last year", V.ON_TRACK, 11, SCORE, {2021: "61", 2022: "62"}, 2022, **ASSIGNED_60),
    case(
        "any: equal to last year is not better",
        V.SLIGHTLY_BEHIND,
        12,
        SCORE,
        {2021: "62", 2022: "62"},
        2022,
        **ASSIGNED_60,
    ),
    case("any: achieved", V.ACHIEVED, 5, SCORE, {2024: "95", 2025: "90"}, 2025, **ASSIGNED_60),
    case(
        "any: a waiting alternative is not a failing one", V.AWAITING_TARGET, 1, "≥90或完成省定目标", {2025: "80"}, 2025
    ),
    case("any: an achieved alternative needs no other", V.ACHIEVED, 5, "≥90或完成省定目标", {2025: "90"}, 2025),
    case("all: a figure and a finding, not yet reviewed", V.AWAITING_REVIEW, 4, "≥95%；建立", {2021: "96"}, 2021),
    case(
        "all: a figure and a finding",
        V.HOLDING,
        6,
        "≥95%；建立",
        {2021: "96"},
        2021,
        findings={2021: "achieved"},
        baseline="95",
    ),
    case("all: a finding fails", V.BEHIND, 13, "≥95%；建立", {2021: "96"}, 2021, findings={2021: "not_achieved"}),
]


@pytest.mark.parametrize(ROW, [*FINDINGS, *COMPOSITES])
def test_verdict(
    wording: str, values: dict[int, str], year: int, rest: dict[str, Any], verdict: Verdict, rule_number: int
) -> None:
    check(wording, values, year, rest, verdict, rule_number)
