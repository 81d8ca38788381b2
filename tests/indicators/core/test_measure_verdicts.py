"""Verdicts on rates, quantities, yearly commitments and grades (docs/assessment.md, "What is measured")."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from indicators.core.verdicts import Verdict
from tests.indicators.core.subjects import GRADE, RATE, ROW, WORKS, annual, case, check

V = Verdict

MEASURES = [
    case(
        "rate: annual entries compound", V.BEHIND, 13, "17", {2021: "-1.51", 2022: "2.20", 2023: "4.18"}, 2023, **RATE
    ),
    case("rate: to date", V.BEHIND, 13, "17", {2023: "4.87"}, 2023, **RATE | {"entry_basis": "to_date"}),
    case("rate: an earlier year is missing", V.AWAITING_VALUE, 3, "17", {2021: "3", 2023: "4"}, 2023, **RATE),
    case("rate: this year is missing", V.AWAITING_VALUE, 3, "17", {2021: "3"}, 2022, **RATE),
    case("rate: on time", V.ON_TRACK, 11, "17", {2021: "3.66"}, 2021, **RATE),
    case("rate: growth", V.MOVING_AWAY, 14, "17", {2021: "-0.01"}, 2021, **RATE),
    case("rate: no change", V.BEHIND, 13, "17", {2021: "0"}, 2021, **RATE),
    case("rate: reached", V.ACHIEVED, 5, "17", {2025: "17"}, 2025, **RATE | {"entry_basis": "to_date"}),
    case(
        "rate: more is better whatever the direction says",
        V.ACHIEVED,
        5,
        "17",
        {2025: "20"},
        2025,
        **RATE | {"entry_basis": "to_date", "direction": "lower"},
    ),
    case("rate: a target of 0 is to be maintained", V.HOLDING, 6, "0", {2021: "0.5"}, 2021, **RATE),
    case("rate: a target of 0 is not maintained", V.MOVING_AWAY, 9, "0", {2021: "-0.5"}, 2021, **RATE),
    case("rate: total in brackets", V.ACHIEVED_EARLY, 7, "〔18〕", {2021: "19"}, 2021, **RATE),
    case("rate: worded as a change", V.ACHIEVED_EARLY, 7, "比2020年下降18%", {2021: "18"}, 2021, **RATE),
    case("rate: worded as a change, not yet", V.ON_TRACK, 11, "比2020年下降18%", {2021: "17.9"}, 2021, **RATE),
    case(
        "rate: assigned",
        V.ACHIEVED_EARLY,
        7,
        "完成省定目标",
        {2021: "13.5"},
        2021,
        assigned_value=Decimal("13.5"),
        **RATE,
    ),
    case(
        "rate: annual target to date met",
        V.ON_TRACK,
        11,
        "17",
        {2021: "1", 2022: "1"},
        2022,
        **RATE | annual(2022, "1.99"),
    ),
    case("rate: all of it is gone", V.ACHIEVED_EARLY, 7, "17", {2021: "100"}, 2021, **RATE),
    case("rate: a reduction of 100 % cannot be paced", V.AWAITING_RULE, 2, "100", {2021: "10"}, 2021, **RATE),
    case("rate: hold means no growth", V.HOLDING, 6, "保持稳定", {2021: "0"}, 2021, **RATE),
    case("rate: trend means a further reduction", V.ON_TRACK, 11, "逐步下降", {2021: "3", 2022: "0.1"}, 2022, **RATE),
    case("works: to date", V.ON_TRACK, 11, "10个", {2022: "4"}, 2022, **WORKS),
    case(
        "works: annual entries add up",
        V.ON_TRACK,
        11,
        "10个",
        {2021: "1", 2022: "3"},
        2022,
        **WORKS | {"entry_basis": "annual"},
    ),
    case(
        "works: an earlier year is missing",
        V.AWAITING_VALUE,
        3,
        "10个",
        {2022: "12"},
        2022,
        **WORKS | {"entry_basis": "annual"},
    ),
    case("works: reached", V.ACHIEVED_EARLY, 7, "10个", {2022: "10"}, 2022, **WORKS),
    case("works: missed", V.MISSED, 8, "10个", {2025: "9"}, 2025, **WORKS),
    case("works: none yet", V.BEHIND, 13, "10个", {2021: "0"}, 2021, **WORKS),
    case("works: the lower end of a range", V.ACHIEVED, 5, "5—10个", {2025: "5"}, 2025, **WORKS),
    case("works: annual target met", V.ON_TRACK, 11, "10个", {2022: "1"}, 2022, **WORKS | annual(2022, "1")),
    case("works: cannot change against a baseline", V.AWAITING_RULE, 2, "下降10%", {2022: "1"}, 2022, **WORKS),
    case(
        "every year: this year's alone",
        V.ACHIEVED,
        5,
        "每年不少于1个",
        {2021: "5", 2022: "1"},
        2022,
        **WORKS | {"entry_basis": "annual"},
    ),
    case(
        "every year: missed in a year",
        V.MISSED,
        8,
        "每年不少于1个",
        {2021: "5", 2022: "0"},
        2022,
        **WORKS | {"entry_basis": "annual"},
    ),
    case("every year: entered to date", V.MISSED, 8, "每年不少于1个", {2021: "5", 2022: "5"}, 2022, **WORKS),
    case(
        "every year: entered to date, last year missing",
        V.AWAITING_VALUE,
        3,
        "每年不少于1个",
        {2022: "5"},
        2022,
        **WORKS,
    ),
    case("every year by the indicator", V.MISSED, 8, "保持100%", {2022: "99"}, 2022, frequency="yearly", baseline="90"),
    case("every year does not concern a trend", V.ON_TRACK, 11, "逐年提升", {2021: "51"}, 2021, frequency="yearly"),
]

GRADES = [
    case("grade: reached", V.ACHIEVED, 5, "Ⅲ类", {2025: "3"}, 2025, baseline="5", **GRADE),
    case("grade: maintained", V.HOLDING, 6, "保持Ⅲ类水质", {2021: "3"}, 2021, baseline="2", **GRADE),
    case("grade: reached early", V.ACHIEVED_EARLY, 7, "Ⅲ类", {2021: "2"}, 2021, baseline="5", **GRADE),
    case("grade: missed", V.MISSED, 8, "Ⅲ类", {2025: "4"}, 2025, baseline="5", **GRADE),
    case("grade: no longer maintained", V.MOVING_AWAY, 9, "Ⅲ类", {2021: "4"}, 2021, baseline="3", **GRADE),
    case("grade: no baseline", V.AWAITING_BASELINE, 10, "Ⅲ类", {2021: "4"}, 2021, baseline=None, **GRADE),
    # 5 − 2 × 0.2 = 4.6, so grade 5 is still in time in 2021; 5 − 2 × 0.6 = 3.8 asks for 4 in 2023.
    case("grade: unchanged but still in time", V.ON_TRACK, 11, "Ⅲ类", {2021: "5"}, 2021, baseline="5", **GRADE),
    case("grade: as required", V.ON_TRACK, 11, "Ⅲ类", {2023: "4"}, 2023, baseline="5", **GRADE),
    case(
        "grade: annual target met", V.ON_TRACK, 11, "Ⅱ类", {2024: "5"}, 2024, baseline="6", **GRADE | annual(2024, "5")
    ),
    case("grade: better but short", V.SLIGHTLY_BEHIND, 12, "Ⅱ类", {2024: "5"}, 2024, baseline="6", **GRADE),
    case(
        "grade: annual target missed",
        V.SLIGHTLY_BEHIND,
        12,
        "Ⅱ类",
        {2021: "5"},
        2021,
        baseline="6",
        **GRADE | annual(2021, "4"),
    ),
    case("grade: unchanged", V.BEHIND, 13, "Ⅲ类", {2023: "5"}, 2023, baseline="5", **GRADE),
    case("grade: worse", V.MOVING_AWAY, 14, "Ⅲ类", {2023: "6"}, 2023, baseline="5", **GRADE),
    case(
        "grade: assigned",
        V.ACHIEVED,
        5,
        "完成省定目标",
        {2025: "3"},
        2025,
        baseline="4",
        assigned_value=Decimal(3),
        **GRADE,
    ),
    case("grade: hold", V.HOLDING, 6, "水质不降低", {2021: "3"}, 2021, baseline="3", **GRADE),
    case("grade: hold, worse", V.MOVING_AWAY, 9, "水质不降低", {2021: "4"}, 2021, baseline="3", **GRADE),
    case("grade: trend", V.ON_TRACK, 11, "持续改善", {2021: "4", 2022: "3"}, 2022, baseline="5", **GRADE),
]


@pytest.mark.parametrize(ROW, [*MEASURES, *GRADES])
def test_verdict(
    wording: str, values: dict[int, str], year: int, rest: dict[str, Any], verdict: Verdict, rule_number: int
) -> None:
    check(wording, values, year, rest, verdict, rule_number)
