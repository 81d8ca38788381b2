"""The reason of a verdict: what a reader is told, and how figures are rounded for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from indicators.assessment import assess
from indicators.core.rounding import decimals_of, percentage, rounded
from tests.indicators.core.subjects import FINDING, GRADE, LOWER, RATE, WORKS, annual, subject

#: Wording, values, year, what else is different, and what the sentence must say.
SENTENCES: list[tuple[str, dict[int, str], int, dict[str, Any], list[str]]] = [
    ("完成省定目标", {2021: "60"}, 2021, {}, ["上级尚未下达", "完成省定目标"]),
    ("另行通知", {2021: "60"}, 2021, {}, ["未能识别", "人工确认", "另行通知"]),
    ("", {2021: "60"}, 2021, {}, ["原文未列目标"]),
    ("≥75", {}, 2021, {}, ["2021年数值尚未填报", "≥75"]),
    ("17", {2021: "3", 2024: "4"}, 2024, RATE, ["缺少2022年、2023年数值"]),
    ("逐年提升", {2022: "60"}, 2022, {}, ["缺少2021年数值"]),
    ("建立", {}, 2021, FINDING, ["由审核人员评定", "尚无评定结论"]),
    ("≥75", {2025: "75"}, 2025, {}, ["2025年为75%", "达到目标（不低于75%）", "已完成"]),
    ("≥50", {2021: "60"}, 2021, {}, ["保持了基期已有的达标水平"]),
    ("≥75", {2022: "76"}, 2022, {}, ["已提前达到2025年目标"]),
    ("≥75", {2025: "74.5"}, 2025, {}, ["未达到目标", "还差0.5个百分点"]),
    ("<27.0", {2025: "27.0"}, 2025, LOWER | {"baseline": "28.1"}, ["恰为27.0μg/m3", "按“低于”的要求不算达到"]),
    ("≥50", {2021: "49"}, 2021, {}, ["基期已经达标", "反向变化"]),
    ("≥75", {2021: "60"}, 2021, {"baseline": None}, ["缺少2020年基期值", "无法判断进度快慢"]),
    ("≥75", {2021: "60"}, 2021, {"baseline": None, **annual(2021, "61")}, ["未达到当年年度目标61%"]),
    ("减少", {2021: "60"}, 2021, {"baseline": None, "direction": "lower"}, ["缺少2020年基期值"]),
    ("不降低", {2021: "60"}, 2021, {"baseline": None, **annual(2021, "60")}, ["仅按年度目标", "缺少2020年基期值"]),
    ("≥75", {2021: "61"}, 2021, annual(2021, "61"), ["达到当年年度目标61%", "最终目标：不低于75%"]),
    ("≥75", {2021: "55"}, 2021, {}, ["进程的20.0%", "序时进度要求的100.0%", "不低于95%为符合", "还需提高5个百分点"]),
    ("≥75", {2021: "53"}, 2021, {}, ["12.0%", "60.0%", "60%至95%之间为略有滞后", "略有滞后"]),
    ("≥75", {2021: "52"}, 2021, {}, ["低于60%为滞后", "，滞后，"]),
    ("≥75", {2021: "53"}, 2021, {"on_track_share": Decimal("0.625")}, ["60%至62.5%之间"]),
    ("≥75", {2021: "60"}, 2021, annual(2021, "62.5"), ["年度目标要求的80.0%"]),
    ("≥75", {2021: "49"}, 2021, {}, ["差于基期的50%", "背离目标", "反向变化"]),
    ("<27.0", {2021: "28.0"}, 2021, LOWER | {"baseline": "28.1"}, ["今后每年还需降低0.2μg/m3"]),
    (">50", {2021: "50"}, 2021, {}, ["与基期持平", "高于50%"]),
    (">50", {2021: "49"}, 2021, {}, ["差于基期"]),
    ("17", {2021: "-1.51"}, 2021, RATE, ["累计上升1.51%", "差于期初水平", "还需降低4.91%"]),
    ("70左右", {2025: "67"}, 2025, {}, ["70%左右", "容许偏差5%", "即不低于66.5%"]),
    ("70左右", {2025: "67"}, 2025, {"about_tolerance": Decimal("0.025")}, ["容许偏差2.5%"]),
    ("60~70", {2025: "61"}, 2025, {}, ["60至70%", "即不低于60%"]),
    ("比2020年下降10%", {2025: "45"}, 2025, {"direction": "lower"}, ["即不高于45%"]),
    ("不降低", {2021: "50"}, 2021, {}, ["即不低于50%"]),
    ("完成省定目标", {2025: "60"}, 2025, {"assigned_value": Decimal(60)}, ["上级下达60%"]),
    ("10个", {2022: "3"}, 2022, WORKS, ["截至2022年累计完成3个", "今后每年还需完成2个"]),
    ("17", {2021: "3.4"}, 2021, RATE, ["截至2021年累计降低3.4%", "还需降低3.72%"]),
    ("每年不少于1个", {2021: "0"}, 2021, WORKS | {"entry_basis": "annual"}, ["2021年为0个", "每年不低于1个"]),
    ("Ⅲ类", {2023: "5"}, 2023, GRADE | {"baseline": "5"}, ["2023年为Ⅴ类", "基期为Ⅴ类", "当年应达到Ⅳ类", "Ⅲ类及以上"]),
    ("Ⅲ类", {2025: "5"}, 2025, GRADE | {"baseline": "5"}, ["相差2个类别"]),
    ("逐年提升", {2021: "51", 2022: "51"}, 2022, {}, ["与上年持平", "逐年上升"]),
    ("逐年提升", {2021: "51", 2022: "52"}, 2022, {}, ["好于上年的51%"]),
    ("逐年提升", {2021: "51", 2022: "50.5"}, 2022, annual(2022, "50"), ["差于上年的51.0%", "但达到当年年度目标"]),
    ("建立", {2021: "partly"}, 2021, FINDING, ["评定为“部分达成”", "略有滞后"]),
    ("≥75；建立", {2021: "60"}, 2021, {}, ["共2项要求", "由“由审核人员评定”决定"]),
    ("≥75亩", {2021: "60"}, 2021, {}, ["注意：目标的单位“亩”与指标单位“%”不一致"]),
]


@pytest.mark.parametrize(("wording", "values", "year", "rest", "parts"), SENTENCES)
def test_the_sentence_says(
    wording: str, values: dict[int, str], year: int, rest: dict[str, Any], parts: list[str]
) -> None:
    reason = assess(subject(wording, values, **rest), year).reason
    for part in parts:
        assert part in reason
    assert reason.endswith("。")
    assert reason.count("。") == 1


def test_a_figure_is_never_rounded_into_its_target() -> None:
    assert "2025年为99.96%" in assess(subject("100", {2025: "99.96"}), 2025).reason
    missed = assess(subject("17.0", {2021: "3", 2022: "3", 2023: "4", 2024: "4", 2025: "4.2"}, **RATE), 2025)
    assert missed.verdict == "missed"
    assert "累计降低17.0%" not in missed.reason


def test_a_pace_is_never_rounded_into_its_threshold() -> None:
    reason = assess(subject("≥150", {2021: "68.999"}), 2021).reason
    assert "序时进度要求的94.995%（60%至95%之间" in reason


@pytest.mark.parametrize(
    ("figure", "decimals", "shown"),
    [
        ("2.5", 0, "2"),
        ("3.5", 0, "4"),
        ("-0.04", 1, "0.0"),
        ("27", 1, "27.0"),
        ("1E+3", 0, "1000"),
        ("0.268112", 3, "0.268"),
    ],
)
def test_rounding_is_half_even(figure: str, decimals: int, shown: str) -> None:
    assert rounded(Decimal(figure), decimals) == shown


def test_rounding_keeps_different_figures_apart() -> None:
    assert rounded(Decimal("99.996"), 1, [Decimal(100)]) == "99.996"
    assert rounded(Decimal(100), 1, [Decimal(100)]) == "100.0"
    assert percentage(Decimal("0.9496"), 1, [Decimal("0.95")]) == "94.96%"


def test_decimals_of_figures() -> None:
    assert decimals_of([]) == 0
    assert decimals_of([Decimal("27.0"), Decimal("1.25"), Decimal("1E+3")]) == 2
