"""A template of Bazhong's plan with values in it, and what reading it must give."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from indicators.workbook.matching import IndicatorRecord
from indicators.workbook.reading import Reading
from indicators.workbook.template import FIRST_ROW, TemplateContent, TemplateEntry, TemplateGroup, TemplateRow

YEARS = range(2021, 2026)
GOOD_AIR, PM25, RED_LINE = (
    "地级及以上城市空气质量优良天数比率",
    "地级及以上城市细颗粒物(PM2.5)浓度",
    "生态保护红线、自然保护地",
)
NITROGEN, FOREST, SAFE_LAND = "氮氧化物减少", "森林覆盖率", "受污染耕地安全利用率"

ROWS = [
    TemplateRow(
        "bazhong-01",
        GOOD_AIR,
        "1",
        unit="%",
        constraint="约束性",
        baseline="96.7",
        target="完成省考核目标",
        earlier={2021: Decimal("96.7"), 2022: Decimal("95.1")},
        entries=[TemplateEntry(2023, Decimal("96.75"), "=监测年报", "+初步数", "已退回：请核对")],
    ),
    TemplateRow(
        "bazhong-02",
        PM25,
        "2",
        unit="μg/m3",
        constraint="约束性",
        baseline="28.1",
        target="<27.0",
        entries=[TemplateEntry(2023, Decimal("28.1"), "监测年报", is_open=False)],
    ),
    TemplateRow(
        "bazhong-07",
        NITROGEN,
        "7",
        unit="%",
        constraint="约束性",
        baseline="27.4",
        target="完成省定目标",
        hint="填 2023 年当年数",
        entries=[TemplateEntry(2023, Decimal("-1.51"))],
    ),
    TemplateRow(
        "bazhong-11",
        RED_LINE,
        "11",
        constraint="约束性",
        baseline="-",
        target="未经依法审批,面积不减少,性质不改变,功能不降低",
        value_type="finding",
        entries=[TemplateEntry(2023, "partly", note="@说明")],
    ),
    TemplateRow("bazhong-14", FOREST, "14", unit="%", constraint="约束性", baseline="63", target=">63"),
    TemplateRow("bazhong-14", FOREST, "14", county="通江县", unit="%", entries=[TemplateEntry(2023, Decimal(0))]),
    TemplateRow("bazhong-19", SAFE_LAND, "19", unit="%", entries=[TemplateEntry(2023, Decimal(94))]),
    TemplateRow("banan-p03-1", "一品河水质", parent="一品河、五布河、孝子河水质", value_type="grade", unit="类"),
    TemplateRow(
        "banan-p03-2",
        "五布河水质",
        parent="一品河、五布河、孝子河水质",
        value_type="grade",
        unit="类",
        earlier={2022: Decimal(3)},
        entries=[TemplateEntry(2023, Decimal(3))],
    ),
]
CONTENT = TemplateContent(
    plan="bazhong",
    title="巴中市“十四五”生态环境保护规划",
    region="巴中市",
    years=(2023,),
    baseline_year=2020,
    target_year=2025,
    groups=[
        TemplateGroup("生态环境质量改善", ROWS[:3]),
        TemplateGroup("生态保护", ROWS[3:6]),
        TemplateGroup("环境风险防控", ROWS[6:]),
    ],
    department="市生态环境局",
    department_key="bazhong-ecology-environment",
)
INDICATORS = [
    IndicatorRecord(row.code, row.name, row.number, row.unit, row.parent, row.value_type, YEARS)
    for row in {row.code: row for row in ROWS}.values()
]

#: Indicator, region, value or finding, source, note of every value, in the order of the rows.
PREFILLED = [
    ("bazhong-01", "巴中市", Decimal("96.75"), "=监测年报", "+初步数"),
    ("bazhong-02", "巴中市", Decimal("28.1"), "监测年报", ""),
    ("bazhong-07", "巴中市", Decimal("-1.51"), "", ""),
    ("bazhong-11", "巴中市", "partly", "", "@说明"),
    ("bazhong-14", "通江县", Decimal(0), "", ""),
    ("bazhong-19", "巴中市", Decimal(94), "", ""),
    ("banan-p03-2", "巴中市", Decimal(3), "", ""),
]


def stated(reading: Reading) -> list[tuple[object, ...]]:
    """The values of a reading as `PREFILLED` lists them."""
    return [
        (each.indicator, each.region, each.value if each.value is not None else each.finding, each.source, each.note)
        for each in reading.values
    ]


def reorder(sheet: Worksheet, order: Sequence[int]) -> None:
    """Sort the rows into this order, counted from 0; rows that it does not name are deleted."""
    rows = [[cell.value for cell in sheet[FIRST_ROW + 1 + place]] for place in order]
    for line, row in enumerate(rows, FIRST_ROW + 1):
        for place, value in enumerate(row, 1):
            cell = sheet.cell(line, place)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"
    sheet.delete_rows(FIRST_ROW + 1 + len(rows), sheet.max_row)


def saved(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file."""
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
