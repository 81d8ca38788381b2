"""The verdict table, rule by rule, for levels (docs/assessment.md, "Verdicts")."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from indicators.core.verdicts import Verdict
from tests.indicators.core.subjects import GRADE, LOWER, ROW, annual, case, check

V = Verdict

LEVELS = [
    case("assigned without a number", V.AWAITING_TARGET, 1, "完成省定目标", {2021: "60"}, 2021),
    case("assigned without a number, nor a value", V.AWAITING_TARGET, 1, "完成省定目标", {}, 2021),
    case(
        "assigned without a number, annual target met",
        V.AWAITING_TARGET,
        1,
        "完成省定目标",
        {2021: "60"},
        2021,
        **annual(2021, "55"),
    ),
    case("missing target", V.AWAITING_RULE, 2, "", {2021: "60"}, 2021),
    case("unrecognised target", V.AWAITING_RULE, 2, "另行通知", {}, 2021),
    case("about without a direction", V.AWAITING_RULE, 2, "70左右", {2021: "60"}, 2021, direction="none"),
    case("range without a direction", V.AWAITING_RULE, 2, "60~70", {2021: "60"}, 2021, direction="none"),
    case("hold without a direction", V.AWAITING_RULE, 2, "保持稳定", {2021: "60"}, 2021, direction="none"),
    case("trend without a direction", V.AWAITING_RULE, 2, "持续改善", {2021: "60"}, 2021, direction="none"),
    case(
        "assigned number without a direction",
        V.AWAITING_RULE,
        2,
        "完成省定目标",
        {2021: "60"},
        2021,
        direction="none",
        assigned_value=Decimal(60),
    ),
    case("grade asked of figures", V.AWAITING_RULE, 2, "Ⅲ类", {2021: "3"}, 2021),
    case("figure asked of grades", V.AWAITING_RULE, 2, "≤3", {2021: "3"}, 2021, **GRADE | {"baseline": "4"}),
    case("total asked of a level", V.AWAITING_RULE, 2, "累计14.5%", {2021: "3"}, 2021),
    case("no value", V.AWAITING_VALUE, 3, "≥75", {2020: "60", 2022: "80"}, 2021),
    case("no value at the target year", V.AWAITING_VALUE, 3, "≥75", {2024: "80"}, 2025),
    case("a finding where a figure is asked", V.AWAITING_VALUE, 3, "≥75", {2021: "achieved"}, 2021),
    case("met at the target year", V.ACHIEVED, 5, "≥75", {2025: "75"}, 2025),
    case("maintained until the target year", V.ACHIEVED, 5, "≥45", {2025: "45"}, 2025),
    case("met without a baseline at the target year", V.ACHIEVED, 5, "≥75", {2025: "75"}, 2025, baseline=None),
    case("maintained", V.HOLDING, 6, "≥50", {2021: "50"}, 2021),
    case("maintained below the baseline", V.HOLDING, 6, "≥45", {2021: "46"}, 2021),
    case("met before the target year", V.ACHIEVED_EARLY, 7, "≥75", {2021: "75"}, 2021),
    case(
        "met before the target year without a baseline", V.ACHIEVED_EARLY, 7, "≥75", {2021: "75"}, 2021, baseline=None
    ),
    case("missed by a hair", V.MISSED, 8, "≥75", {2025: "74.9999"}, 2025),
    case("27.0 fails <27.0", V.MISSED, 8, "<27.0", {2025: "27.0"}, 2025, **LOWER | {"baseline": "28.1"}),
    case("missed without a baseline", V.MISSED, 8, "≥75", {2025: "74"}, 2025, baseline=None),
    case("an annual target cannot save the target year", V.MISSED, 8, "≥75", {2025: "74"}, 2025, **annual(2025, "70")),
    case("not maintained", V.MOVING_AWAY, 9, "≥50", {2021: "49.99"}, 2021),
    case(
        "not maintained though the annual target is met",
        V.MOVING_AWAY,
        9,
        "≥50",
        {2021: "49"},
        2021,
        **annual(2021, "48"),
    ),
    case("no baseline", V.AWAITING_BASELINE, 10, "≥75", {2021: "60"}, 2021, baseline=None),
    case(
        "no baseline, annual target missed",
        V.AWAITING_BASELINE,
        10,
        "≥75",
        {2021: "60"},
        2021,
        baseline=None,
        **annual(2021, "61"),
    ),
    case("pace of 0.95", V.ON_TRACK, 11, "≥150", {2021: "69"}, 2021),
    case(
        "no baseline, annual target met", V.ON_TRACK, 11, "≥75", {2021: "61"}, 2021, baseline=None, **annual(2021, "61")
    ),
    case("annual target met", V.ON_TRACK, 11, "≥75", {2021: "51"}, 2021, **annual(2021, "51")),
    case("annual target allows a dip", V.ON_TRACK, 11, "≥75", {2021: "49"}, 2021, **annual(2021, "48")),
    case("0.95 of the annual target", V.ON_TRACK, 11, "≥75", {2021: "69"}, 2021, **annual(2021, "70")),
    case("pace below 0.95", V.SLIGHTLY_BEHIND, 12, "≥150", {2021: "68.9999"}, 2021),
    case("pace of 0.60", V.SLIGHTLY_BEHIND, 12, "≥150", {2021: "62"}, 2021),
    case("pace below 0.60", V.BEHIND, 13, "≥150", {2021: "61.9999"}, 2021),
    case("no change", V.BEHIND, 13, "≥75", {2021: "50"}, 2021),
    case(
        "on time only without the stricter annual target", V.BEHIND, 13, "≥75", {2021: "55"}, 2021, **annual(2021, "70")
    ),
    case("strict target equal to the baseline, no change", V.BEHIND, 13, ">50", {2024: "50"}, 2024),
    case("strict target equal to the baseline, better", V.ACHIEVED_EARLY, 7, ">50", {2024: "50.01"}, 2024),
    case("strict target equal to the baseline, worse", V.MOVING_AWAY, 14, ">50", {2024: "49.99"}, 2024),
    case("worse than the baseline", V.MOVING_AWAY, 14, "≥75", {2021: "49.99"}, 2021),
    case(
        "below an annual target that allows a dip", V.MOVING_AWAY, 14, "≥75", {2021: "47"}, 2021, **annual(2021, "48")
    ),
    case("below an annual target at the baseline", V.MOVING_AWAY, 14, "≥75", {2021: "49"}, 2021, **annual(2021, "50")),
    case("lower is better: on time", V.ON_TRACK, 11, "<27.0", {2021: "27.88"}, 2021, **LOWER | {"baseline": "28.1"}),
    case("lower is better: worse", V.MOVING_AWAY, 14, "<27.0", {2021: "28.2"}, 2021, **LOWER | {"baseline": "28.1"}),
    case("lower is better: maintained at 0", V.HOLDING, 6, "0", {2021: "0"}, 2021, **LOWER | {"baseline": "0"}),
    case("lower is better: no longer 0", V.MOVING_AWAY, 9, "0", {2021: "0.1"}, 2021, **LOWER | {"baseline": "0"}),
    case("assigned number reached", V.ACHIEVED, 5, "完成省定目标", {2025: "60"}, 2025, assigned_value=Decimal(60)),
    case("assigned number missed", V.MISSED, 8, "完成省定目标", {2025: "59"}, 2025, assigned_value=Decimal(60)),
    case(
        "assigned number, lower is better",
        V.ACHIEVED_EARLY,
        7,
        "完成省定目标",
        {2021: "40"},
        2021,
        direction="lower",
        assigned_value=Decimal(40),
    ),
    case(
        "assigned number at the baseline", V.HOLDING, 6, "完成省定目标", {2021: "50"}, 2021, assigned_value=Decimal(50)
    ),
    case("about: within the tolerance", V.ACHIEVED, 5, "70左右", {2025: "66.5"}, 2025),
    case("about: below the tolerance", V.MISSED, 8, "70左右", {2025: "66.49"}, 2025),
    case("about: far above", V.ACHIEVED, 5, "70左右", {2025: "99"}, 2025),
    case(
        "about, lower is better: within the tolerance", V.ACHIEVED, 5, "70左右", {2025: "73.5"}, 2025, direction="lower"
    ),
    case(
        "about, lower is better: above the tolerance", V.MISSED, 8, "70左右", {2025: "73.51"}, 2025, direction="lower"
    ),
    case("about: the baseline is within the tolerance", V.HOLDING, 6, "70左右", {2021: "67"}, 2021, baseline="67.98"),
    case("about: another tolerance", V.MISSED, 8, "70左右", {2025: "66.5"}, 2025, about_tolerance=Decimal("0.04")),
    case("range: lower bound reached", V.ACHIEVED, 5, "60~70", {2025: "60"}, 2025),
    case("range: lower bound missed", V.MISSED, 8, "60~70", {2025: "59.9"}, 2025),
    case("range: above the upper bound", V.ACHIEVED, 5, "60~70", {2025: "71"}, 2025),
    case("range, lower is better: upper bound reached", V.ACHIEVED, 5, "20~30", {2025: "30"}, 2025, direction="lower"),
    case("range, lower is better: upper bound missed", V.MISSED, 8, "20~30", {2025: "30.1"}, 2025, direction="lower"),
    case("change: reached", V.ACHIEVED, 5, "比2020年下降10%以上", {2025: "45"}, 2025, direction="lower"),
    case("change: missed", V.MISSED, 8, "比2020年下降10%以上", {2025: "45.1"}, 2025, direction="lower"),
    case(
        "change: no baseline",
        V.AWAITING_BASELINE,
        10,
        "比2020年下降10%以上",
        {2025: "45"},
        2025,
        direction="lower",
        baseline=None,
    ),
    case("change: a baseline of 0", V.AWAITING_BASELINE, 10, "比2020年提高10%", {2021: "5"}, 2021, baseline="0"),
    case(
        "change: from a year without a figure",
        V.AWAITING_BASELINE,
        10,
        "比2015年下降10%",
        {2021: "45"},
        2021,
        direction="lower",
    ),
    case(
        "change: from a year with a figure",
        V.HOLDING,
        6,
        "比2015年下降10%",
        {2015: "60", 2021: "54"},
        2021,
        direction="lower",
    ),
    case("change of any size: less", V.ACHIEVED_EARLY, 7, "减少", {2021: "49"}, 2021, direction="lower"),
    case("change of any size: the same", V.BEHIND, 13, "减少", {2021: "50"}, 2021, direction="lower"),
    case("change of any size: more", V.MOVING_AWAY, 14, "减少", {2021: "51"}, 2021, direction="lower"),
    case("hold: as the baseline", V.HOLDING, 6, "不降低", {2021: "50"}, 2021),
    case("hold: at the target year", V.ACHIEVED, 5, "不降低", {2025: "50"}, 2025),
    case("hold: worse", V.MOVING_AWAY, 9, "保持稳定", {2021: "49"}, 2021),
    case("hold: worse at the target year", V.MISSED, 8, "保持稳定", {2025: "49"}, 2025),
    case("hold, lower is better", V.HOLDING, 6, "保持稳定", {2021: "49"}, 2021, direction="lower"),
    case("hold: no baseline", V.AWAITING_BASELINE, 10, "不降低", {2021: "50"}, 2021, baseline=None),
    case("hold: no baseline at the target year", V.AWAITING_BASELINE, 10, "不降低", {2025: "50"}, 2025, baseline=None),
    case(
        "hold: no baseline but annual target met",
        V.ON_TRACK,
        11,
        "不降低",
        {2021: "50"},
        2021,
        baseline=None,
        **annual(2021, "50"),
    ),
    case("hold: no value comes before no baseline", V.AWAITING_VALUE, 3, "不降低", {}, 2021, baseline=None),
    case("hold: zero growth", V.HOLDING, 6, "比2020年零增长", {2021: "50"}, 2021, direction="lower"),
    case("trend: better than the year before", V.ON_TRACK, 11, "逐年提升", {2021: "51", 2022: "52"}, 2022),
    case("trend: better than the baseline", V.ON_TRACK, 11, "逐年提升", {2021: "51"}, 2021),
    case("trend: better at the target year", V.ACHIEVED, 5, "逐年提升", {2024: "51", 2025: "52"}, 2025),
    case("trend: equal", V.MOVING_AWAY, 14, "逐年提升", {2021: "51", 2022: "51"}, 2022),
    case("trend: equal at the target year", V.MISSED, 8, "逐年提升", {2024: "51", 2025: "51"}, 2025),
    case("trend: equal where the wording allows it", V.ON_TRACK, 11, "稳中有升", {2021: "51", 2022: "51"}, 2022),
    case("trend: worse", V.MOVING_AWAY, 14, "逐步下降", {2021: "51", 2022: "52"}, 2022, direction="lower"),
    case(
        "trend: worse than last year, annual target met",
        V.ON_TRACK,
        11,
        "逐年提升",
        {2021: "53", 2022: "52"},
        2022,
        **annual(2022, "52"),
    ),
    case("trend: last year unknown", V.AWAITING_VALUE, 3, "逐年提升", {2022: "51"}, 2022),
    case("trend: this year unknown", V.AWAITING_VALUE, 3, "逐年提升", {2021: "51"}, 2022),
    case(
        "trend: no baseline in the first year", V.AWAITING_BASELINE, 10, "逐年提升", {2021: "51"}, 2021, baseline=None
    ),
]


@pytest.mark.parametrize(ROW, LEVELS)
def test_verdict_on_a_level(
    wording: str, values: dict[int, str], year: int, rest: dict[str, Any], verdict: Verdict, rule_number: int
) -> None:
    check(wording, values, year, rest, verdict, rule_number)
