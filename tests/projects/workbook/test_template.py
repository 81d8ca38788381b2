"""The template of progress reports comes back as it went, sorted, cut and saved by other programs."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from indicators.workbook.mark import SHEET_NAME, TemplateContents
from indicators.workbook.reading import read_values
from indicators.workbook.refusals import WorkbookRefused
from projects.models import Quarter
from projects.models.progress import period_in_words
from projects.workbook import records
from projects.workbook.template import ENTRY_SHEET, FIRST_ROW, HEADER_ROW, write_report_template
from tests.indicators.workbook.templates import reorder, saved
from tests.projects.workbook.templates import CONTENT, PREFILLED, STATUSES, errors, read, report_on, stated

SAVED = Path(__file__).parent / "saved"


@pytest.fixture(scope="module")
def written() -> bytes:
    return write_report_template(CONTENT)


def test_it_is_read_as_it_was_written(written: bytes) -> None:
    reading = read(written)
    assert stated(reading) == PREFILLED
    assert reading.problems == []
    assert reading.mark is not None
    assert (reading.mark.plan, reading.mark.years, reading.mark.quarter) == ("bazhong", (2022,), 2)
    assert reading.mark.contents is TemplateContents.REPORTS
    assert reading.quarter == 2


def test_rows_may_be_sorted_and_deleted(written: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written))
    reorder(book[ENTRY_SHEET], (1, 5, 0))
    reading = read(saved(book))
    assert errors(reading) == []
    assert sorted(stated(reading), key=lambda each: each[0]) == [PREFILLED[2], PREFILLED[0]]
    assert report_on(reading, "charging").places["quantity_1"].reference == "G6"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_libreoffice_may_save_it(kind: str) -> None:
    reading = read((SAVED / f"sorted.{kind}").read_bytes())
    assert errors(reading) == []
    assert sorted(stated(reading), key=lambda each: each[0]) == [PREFILLED[2], PREFILLED[0]]


def test_only_what_is_to_be_filled_is_open(written: bytes) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(written))[ENTRY_SHEET]
    titles = [cell.value for cell in sheet[HEADER_ROW + 1]]
    first, second, locked = (sheet[FIRST_ROW + 1 + place] for place in (0, 1, 3))
    is_open = [
        {title for title, cell in zip(titles, row, strict=True) if not cell.protection.locked}
        for row in (first, second, locked)
    ]
    project = {"项目状态*", "停缓建原因", "累计完成投资（万元）", "存在问题", "下一步安排", "说明"}
    assert is_open == [{"本期累计完成数量*", *project}, {"本期累计完成数量*"}, set()]
    assert sheet.protection.sheet
    lists = [each for each in sheet.data_validations.dataValidation if each.type == "list"]
    assert {each.formula1 for each in lists} == {f'"{",".join(each.label for each in STATUSES)}"'}
    hints = [each.prompt for each in sheet.data_validations.dataValidation if each.prompt]
    assert "承诺 3600个。2022年第一季度已报 900个，比它少的请在“说明”中写明原因。" in hints[0]
    assert openpyxl.load_workbook(io.BytesIO(written))[SHEET_NAME].sheet_state == "veryHidden"


def test_templates_are_not_taken_for_one_another(written: bytes) -> None:
    with pytest.raises(WorkbookRefused, match="这是项目进展的模板"):
        read_values(written, [])


@pytest.mark.parametrize(
    ("year", "quarter", "words"),
    [(2023, None, "这是 2022 年的模板，不能导入 2023 年"), (2022, 0, "这是2022年第二季度的模板，上传时选的却是全年")],
)
def test_a_template_of_another_period_is_refused(written: bytes, year: int, quarter: int | None, words: str) -> None:
    with pytest.raises(WorkbookRefused, match=words):
        read(written, year=year, quarter=quarter)


def test_periods_are_called_as_everywhere() -> None:
    assert {each.value: each.label for each in Quarter} == records.PERIODS
    for quarter in Quarter:
        assert records.period_in_words(2022, quarter) == period_in_words(2022, quarter)
