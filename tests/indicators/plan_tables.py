"""An indicator table as plans publish it, made up for tests: names and figures are examples (示例)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.indicators.workbook.files import xlsx

HEADERS: list[object] = ["类别", "序号", "指标名称", "2020年现状值", "2025年目标值", "指标属性", "牵头单位", "责任单位"]
ROWS: list[list[object]] = [
    ["表1 示例县生态环境保护规划指标表"],
    HEADERS,
    ["环境质量", 1, "示例优良天数比例（%）", 90, "≥95", "约束性", "示例县生态环境局", "示例县气象局"],
    ["", 2, "示例断面水质", "Ⅳ类", "达到Ⅲ类", "约束性", "示例县生态环境局", ""],
    ["生态保护", 3, "示例覆盖率（%）", 40, "稳中求优", "预期性", "示例县林业局", ""],
    ["", 4, "示例治理面积（公顷）", "-", "累计达到100", "预期性", "示例县林业局", "示例县生态环境局"],
]


def plan_table(rows: Sequence[Sequence[object]] | None = None) -> bytes:
    """The table as an .xlsx file; the cells of a category are merged."""

    def merge(workbook: Any, sheet: Any) -> None:
        sheet.merge_range("A3:A4", "环境质量")
        sheet.merge_range("A5:A6", "生态保护")

    return xlsx(merge if rows is None else None, rows=rows or ROWS)
