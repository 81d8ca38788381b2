"""What is reported of a plan's own table, and what is refused."""

from __future__ import annotations

from time import perf_counter

from indicators.workbook.mark import PROBLEM_LIST_TITLE
from indicators.workbook.plan_table import plan_table_of
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import Kind, SheetTable, Workbook
from tests.indicators.workbook.plan_reading import HEADER, Row, problems, read, table


def test_all_problems_are_reported_at_once_and_errors_apart_from_notices() -> None:
    rows: list[Row] = [
        HEADER,
        [1.0, "森林覆盖率（%）", "", ">63", ""],
        [2.0, "", "", "≥96", ""],
        [3.0, "森林 覆盖率(%)", "", "≥64", ""],
        [4.0, "造林", "", "", ""],
        [5.0, "水域面积（公顷）", "", "三年行动见成效", ""],
        [6.0, "PM2.5浓度（μg/m3）", "", "≥30%", ""],
        [7.0, "绿地面积", "", "", ""],
    ]
    found = read(rows, failures={(4, 3): "#REF!"}, uncalculated=frozenset({(7, 3)}))
    assert problems(found) == [
        (ProblemCode.NO_NAME, "B3"),
        (ProblemCode.NAME_TWICE, "B4"),
        (ProblemCode.NO_TARGET, "B5"),
        (ProblemCode.FORMULA_FAILED, "D5"),
        (ProblemCode.TARGET_UNRECOGNISED, "D6"),
        (ProblemCode.TARGET_DOUBTFUL, "D7"),
        (ProblemCode.NO_TARGET, "B8"),
        (ProblemCode.FORMULA_UNCALCULATED, "D8"),
    ]
    assert [problem.code for problem in found.errors] == [
        ProblemCode.NO_NAME,
        ProblemCode.NAME_TWICE,
        ProblemCode.FORMULA_FAILED,
        ProblemCode.FORMULA_UNCALCULATED,
    ]
    assert all(problem.message.endswith("。") for problem in found.problems)


def test_every_sheet_is_read_or_named_with_the_reason() -> None:
    sheets = [
        SheetTable("问题清单", [[PROBLEM_LIST_TITLE]]),
        table([["封面"]], name="封面"),
        table([HEADER, [1.0, "森林覆盖率（%）", 63.0, ">63", ""]], name="表一"),
        table([["指标名称", "目标值"], ["城镇污水处理率（%）", "≥96"]], name="表二"),
        table([["指标名称", "牵头单位"], ["森林覆盖率", "市林业局"]], name="分工"),
        table([HEADER], name="隐", is_hidden=True),
        SheetTable("空", []),
    ]
    found = plan_table_of(Workbook(Kind.XLSX, sheets))
    assert [(row.sheet, row.name) for row in found.rows] == [("表一", "森林覆盖率"), ("表二", "城镇污水处理率")]
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert [(sheet.name, bool(sheet.skipped), sheet.row_count) for sheet in found.sheets] == [
        ("封面", True, 0),
        ("表一", False, 1),
        ("表二", False, 1),
        ("分工", True, 0),
        ("隐", True, 0),
        ("空", True, 0),
    ]
    assert "没有找到目标列" in found.sheets[3].skipped
    assert found.problems == []


def test_an_indicator_on_two_sheets_is_stated_twice() -> None:
    rows: list[Row] = [HEADER, [1.0, "森林覆盖率（%）", 63.0, ">63", ""]]
    found = plan_table_of(Workbook(Kind.XLSX, [table(rows, name="甲"), table(rows, name="乙")]))
    assert [(problem.code, problem.sheet, problem.reference) for problem in found.errors] == [
        (ProblemCode.NAME_TWICE, "乙", "B2")
    ]
    assert "“甲”B2" in found.errors[0].message


def test_hidden_rows_are_read_and_named() -> None:
    found = read([HEADER, [1.0, "森林覆盖率（%）", 63.0, ">63", ""]], hidden_rows=frozenset({1, 7}))
    assert len(found.rows) == 1
    assert problems(found) == [(ProblemCode.HIDDEN, "2")]


def test_a_file_without_a_plan_table_is_one_clear_error() -> None:
    found = read([["姓名", "电话"], ["甲", "1"]])
    assert problems(found) == [(ProblemCode.NO_HEADER, "")]
    assert "没有找到指标表" in found.errors[0].message


def test_a_table_of_thousands_is_no_plan() -> None:
    numbered: list[Row] = [[float(line), f"指标{line}", "", "≥1", ""] for line in range(1002)]
    found = read([HEADER, *numbered])
    assert len(found.rows) == 1000
    assert problems(found) == [(ProblemCode.NOT_READ, "B1002")]
    assert not found.problems[0].is_notice


def test_long_texts_cost_little_time() -> None:
    texts = [f"a{' ' * 32_000}b", "治理" * 16_000, f"{'*' * 32_000}x", "其中" * 16_000, "、" * 32_000, "（" * 32_000]
    header = [*HEADER, "责任单位"]
    started = perf_counter()
    read([header, *([text] * 6 for text in texts)])
    assert perf_counter() - started < 5
