"""Reading an office's own table of progress: headers by meaning, projects by code or name, every problem at once."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from indicators.workbook.problems import ProblemCode
from indicators.workbook.refusals import WorkbookRefused
from projects.workbook.reading import ReportReading
from projects.workbook.rows import quarter_in
from tests.indicators.workbook.files import xlsx
from tests.projects.workbook.templates import errors, read, report_on, stated

HEADER = ("项目名称", "建设内容", "单位", "累计完成数量", "项目状态", "累计完成投资（万元）", "存在问题", "备注")
CHARGING, PIPELINE = "公共充电设施建设", "长输管线改造"


def table(*rows: Sequence[object], header: Sequence[object] = HEADER, fill: Any = None) -> bytes:
    return xlsx(fill, [header, *rows])


def read_rows(*rows: Sequence[object], header: Sequence[object] = HEADER, fill: Any = None) -> ReportReading:
    """The table as that of the whole year."""
    return read(table(*rows, header=header, fill=fill), quarter=0)


def test_a_plain_table_is_read_by_what_its_titles_mean() -> None:
    reading = read(
        xlsx(
            rows=[
                ["2022年重点项目进展表"],
                ["序号", "重点项目", "主要建设内容", "截至本期累计完成", "状态", "累计投资", "下一步计划", "责任部门"],
                [1, "公共充电设施建设 ", "公共充电桩", "１,200", "在建", "1,234.5", "加快", "发改委"],
                [2, "公共充电设施建设", "充电站", "12座", "", "", "", ""],
                [3, "长输管线改造", "", 35.5, "已完工", "", "", ""],
                [4, "土壤状况调查", "", "—", "前期", "-", "", ""],
                ["注：数据截至年底"],
            ]
        ),
        quarter=0,
    )
    assert stated(reading) == [
        (
            "charging",
            {1: Decimal(1200), 2: Decimal(12)},
            {"project_status": "construction", "investment_paid": Decimal("1234.5"), "next_step": "加快"},
        ),
        ("pipeline", {3: Decimal("35.5")}, {"project_status": "completed"}),
        ("survey", {}, {"project_status": "preparation"}),
    ]
    assert reading.problems == []


def test_what_is_said_of_the_project_may_stand_in_any_of_its_rows() -> None:
    reading = read_rows(
        (CHARGING, "公共充电桩", "个", 1200, "", "", "", ""),
        (PIPELINE, "", "", 30, "在建", "", "", ""),
        (CHARGING, "充电站", "座", 12, "在建", 500, "征地", ""),
    )
    assert errors(reading) == []
    assert report_on(reading, "charging").statements == {
        "project_status": "construction",
        "investment_paid": Decimal(500),
        "problems": "征地",
    }


def test_the_same_twice_is_no_contradiction_but_two_statements_are() -> None:
    rows = [
        (CHARGING, "公共充电桩", "个", 1200, "在建", 500, "", ""),
        (CHARGING, "充电站", "座", 12, "在建", 600, "", ""),
    ]
    reading = read_rows(*rows)
    assert errors(reading) == [("F2", ProblemCode.CONTRADICTION), ("F3", ProblemCode.CONTRADICTION)]
    assert "在 F3（600） 写得不同" in reading.problems[0].message
    assert report_on(reading, "charging").statements == {"project_status": "construction"}


def test_a_quantity_is_stated_once() -> None:
    reading = read_rows(
        (CHARGING, "公共充电桩", "个", 1200, "", "", "", ""), (CHARGING, "公共充电桩", "个", 1200, "", "", "", "")
    )
    assert errors(reading) == [("D2", ProblemCode.STATED_TWICE), ("D3", ProblemCode.STATED_TWICE)]
    assert reading.reports == []


@pytest.mark.parametrize(
    ("row", "place", "code", "words"),
    [
        (
            ("公共充电设施", "充电站", "座", 1, "", "", "", ""),
            "A2",
            "unknown_indicator",
            "“公共充电设施建设”（charging）",
        ),
        (
            ("家园锅炉房煤改气工程", "", "", "", "在建", "", "", ""),
            "A2",
            "ambiguous_indicator",
            "对应 2 个项目：“家园锅炉房煤改气工程”（boiler-1）",
        ),
        (("", "", "", "", "在建", "", "", ""), "A2", "unknown_indicator", "没有项目名称或代码"),
        (
            (CHARGING, "换电站", "座", 1, "", "", "", ""),
            "B2",
            "unknown_deliverable",
            "该项目的建设内容：“公共充电桩”（个）",
        ),
        ((CHARGING, "", "", 1, "", "", "", ""), "B2", "unknown_deliverable", "有 2 项"),
        (("土壤状况调查", "", "", 1, "", "", "", ""), "D2", "unknown_deliverable", "没有量化的建设内容"),
        ((PIPELINE, "", "座", 1, "", "", "", ""), "C2", "other_unit", "换算成公里"),
        ((PIPELINE, "", "", "35座", "", "", "", ""), "D2", "other_unit", "应填的单位是“公里”"),
        ((PIPELINE, "", "", "约35", "", "", "", ""), "D2", "not_a_figure", ""),
        ((PIPELINE, "", "", "", "建设中期", "", "", ""), "E2", "not_a_status", "请填：前期、在建、完工、停缓建"),
        ((PIPELINE, "", "", "", "", "1亿元", "", ""), "F2", "other_unit", "应填的单位是“万元”"),
    ],
)
def test_every_problem_names_its_cell_and_what_to_do(row: Sequence[object], place: str, code: str, words: str) -> None:
    reading = read_rows(row)
    assert errors(reading) == [(place, code)]
    assert words in reading.problems[0].message
    assert reading.reports == []


def test_all_problems_are_told_at_once() -> None:
    reading = read_rows((PIPELINE, "", "", "约35", "快了", "", "", ""), ("没有的项目", "", "", 1, "", "", "", ""))
    assert [place for place, _ in errors(reading)] == ["D2", "E2", "A3"]


def test_equal_names_are_told_apart_by_code_or_column() -> None:
    header = ("代码", "项目名称", "专栏", "说明")
    name = "家园锅炉房煤改气工程"
    reading = read_rows(("boiler-2", name, "", "甲"), ("", name, "清洁取暖", "乙"), header=header)
    assert errors(reading) == []
    assert {each.project: each.statements["note"] for each in reading.reports} == {"boiler-2": "甲", "boiler-1": "乙"}


def test_a_code_of_another_project_than_the_name_is_a_problem() -> None:
    reading = read_rows(("charging", PIPELINE, "甲"), header=("项目代码", "项目名称", "说明"))
    assert errors(reading) == [("A2", ProblemCode.OTHER_NAME)]


def test_a_title_that_does_not_say_to_date_is_not_read() -> None:
    reading = read_rows((PIPELINE, 12, "在建"), header=("项目名称", "完成数量", "项目状态"))
    assert stated(reading) == [("pipeline", {}, {"project_status": "construction"})]
    assert [each.code for each in reading.problems] == [ProblemCode.NOT_READ]
    assert "“完成数量”" in reading.problems[0].message


def test_columns_of_other_years_are_passed_over_and_told() -> None:
    reading = read_rows((PIPELINE, 12, 35), header=("项目名称", "2021年累计完成", "2022年累计完成"))
    assert stated(reading) == [("pipeline", {3: Decimal(35)}, {})]
    assert [(each.reference, each.is_notice) for each in reading.problems] == [("B", True)]


@pytest.mark.parametrize(
    ("year", "quarter", "found"), [(2022, "全年", []), (2021, "全年", ["C2"]), (2022, "第二季度", ["D2"])]
)
def test_rows_of_another_period_are_problems(year: int, quarter: str, found: list[str]) -> None:
    reading = read_rows((PIPELINE, "在建", year, quarter), header=("项目名称", "项目状态", "年度", "季度"))
    assert [place for place, _ in errors(reading)] == found


def test_quarters_are_read_as_people_write_them() -> None:
    assert [quarter_in(text) for text in ("全年", "二季度", "第3季度", "Q4", "1", "年底")] == [0, 2, 3, 4, 1, None]


def test_a_table_without_a_period_asks_for_it() -> None:
    with pytest.raises(WorkbookRefused, match="选择期间"):
        read(table((PIPELINE, "", "", 1, "", "", "", "")), quarter=None)


def test_money_in_another_unit_is_a_problem() -> None:
    reading = read_rows((PIPELINE, 1), header=("项目名称", "累计完成投资（亿元）"))
    assert errors(reading) == [("B2", ProblemCode.OTHER_UNIT)]


def test_merged_cells_hold_for_the_rows_of_one_project_only() -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 0, 2, 0, CHARGING)
        sheet.merge_range(1, 4, 2, 4, "在建")
        sheet.merge_range(2, 7, 3, 7, "同一说明")

    reading = read_rows(
        ("", "公共充电桩", "个", 1200, "", "", "", ""),
        ("", "充电站", "座", 12, "", "", "", ""),
        (PIPELINE, "", "", 30, "", "", "", ""),
        fill=merge,
    )
    assert errors(reading) == [("H4", ProblemCode.MERGED_VALUE)]
    assert report_on(reading, "charging").statements == {"project_status": "construction", "note": "同一说明"}


def test_merged_quantities_belong_to_nobody() -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 3, 2, 3, 1200)

    reading = read_rows(
        (CHARGING, "公共充电桩", "个", "", "", "", "", ""), (CHARGING, "充电站", "座", "", "", "", "", ""), fill=merge
    )
    assert errors(reading) == [("D3", ProblemCode.MERGED_VALUE)]


def test_a_file_without_projects_says_what_it_looked_for() -> None:
    reading = read(xlsx(), quarter=0)
    assert [each.code for each in reading.problems] == [ProblemCode.NO_HEADER]
    assert "前 30 行中没有找到“项目名称”" in reading.problems[0].message
    reading = read_rows((PIPELINE, "x"), header=("项目名称", "牵头单位"))
    assert "没有找到写进展的列" in reading.problems[0].message
