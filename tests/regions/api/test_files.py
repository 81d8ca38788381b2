"""Files of the API: rows come one by one, no digit is lost, and a list longer than a sheet goes on in the next."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from openpyxl import load_workbook

from regions.api import files
from regions.api.files import Column, csv_chunks, xlsx_chunks

COLUMNS = [Column("name", ("name",), is_figure=False), Column("value", ("value",), is_figure=True)]


def cells(content: bytes) -> list[list[tuple[Any, ...]]]:
    """The rows of each sheet."""
    return [list(sheet.iter_rows(values_only=True)) for sheet in load_workbook(io.BytesIO(content)).worksheets]


def test_a_figure_with_more_digits_than_excel_keeps_stays_a_text() -> None:
    rows = [{"name": "=1+1", "value": value} for value in ("96.7", "-12345678901.123456", None)]
    [[_, *lines]] = cells(b"".join(xlsx_chunks(COLUMNS, rows)))
    assert lines == [("=1+1", 96.7), ("=1+1", "-12345678901.123456"), ("=1+1", None)]


def test_a_long_list_goes_on_in_a_next_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "ROWS_OF_SHEET", 2)
    rows = [{"name": str(number), "value": None} for number in range(5)]
    sheets = cells(b"".join(xlsx_chunks(COLUMNS, rows)))
    assert [sheet[0] for sheet in sheets] == [("name", "value")] * 3
    assert [line[0] for sheet in sheets for line in sheet[1:]] == ["0", "1", "2", "3", "4"]


def test_an_empty_list_has_its_header() -> None:
    assert cells(b"".join(xlsx_chunks(COLUMNS, []))) == [[("name", "value")]]
    assert b"".join(csv_chunks(COLUMNS, [])).decode() == "\ufeffname,value\r\n"


def test_a_csv_file_is_sent_while_it_is_read() -> None:
    read = []

    def rows() -> Iterator[dict[str, Any]]:
        for number in range(10_000):
            read.append(number)
            yield {"name": "很长的名称" * 10, "value": "1"}

    next(csv_chunks(COLUMNS, rows()))
    assert len(read) < 2_000
