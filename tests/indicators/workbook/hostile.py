"""Hostile and broken files by name, each with words of the sentence that refuses it, and a way to measure one.

`python -m tests.indicators.workbook.hostile` opens the file that it reads from standard input, and prints by how many
megabytes the memory of the process grew beyond what the file itself and the program take, and the answer.
"""

from __future__ import annotations

import resource
import struct
import sys
from collections.abc import Callable
from functools import cache

from indicators.workbook.opening import open_workbook
from indicators.workbook.refusals import WorkbookRefused
from indicators.workbook.table import column_letters
from tests.indicators.workbook.files import (
    SHEET_PART,
    TEXTS_PART,
    WORKBOOK_PART,
    claiming_size,
    compound_file,
    ods,
    record,
    repacked,
    sheet_xml,
    with_sheet,
    xls,
    xlsx,
)

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>'
    b"<sst><si><t>&c;</t></si></sst>"
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>'
)
ODS_CELL = '<table:table-cell {} office:value-type="float" office:value="1"><text:p>1</text:p></table:table-cell>'


@cache
def formatted_rows(count: int) -> bytes:
    """Rows without content that only carry a format."""
    return with_sheet("".join(f'<row r="{number}"><c r="A{number}" s="1"/></row>' for number in range(1, count + 1)))


@cache
def formatted_columns() -> bytes:
    """Rows that are formatted in all columns that a sheet has."""
    names = [column_letters(column) for column in range(16_384)]
    return with_sheet(
        "".join(
            f'<row r="{row}">' + "".join(f'<c r="{name}{row}"/>' for name in names) + "</row>" for row in range(1, 101)
        )
    )


@cache
def bomb() -> bytes:
    """A part of 100 MB in a file of 100 KB."""
    return repacked(xlsx(), {SHEET_PART: b"<worksheet>" + b" " * 100_000_000})


@cache
def one_long_text() -> bytes:
    """A long text shown by very many cells."""
    rows = "".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 100_000))
    text = b"<sst><si><t>" + b"x" * 32_000 + b"</t></si></sst>"
    return repacked(xlsx(), {TEXTS_PART: text, SHEET_PART: sheet_xml(rows)})


def far_corner(tag: str) -> str:
    """Two cells with the whole of a sheet between them."""
    return f'<row r="1"><c r="A1">{tag}</c></row><row r="1048576"><c r="XFD1048576">{tag}</c></row>'


#: Every file with words of the sentence that refuses it; "" where it is read without harm.
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip bomb": (bomb, "解压后超过"),
    "zip bomb that claims to be small": (lambda: claiming_size(bomb(), SHEET_PART, 1000), "不完整或已损坏"),
    "entities in the texts": (lambda: repacked(xlsx(), {TEXTS_PART: LAUGHS}), "XML 实体"),
    "entity from outside in a sheet": (lambda: repacked(xlsx(), {SHEET_PART: OUTSIDE}), "XML 实体"),
    "entities in the workbook": (lambda: repacked(xlsx(), {WORKBOOK_PART: LAUGHS}), "XML 实体"),
    "encrypted xlsx": (lambda: compound_file("EncryptedPackage", b"x" * 5000), "打开密码"),
    "encrypted xls": (lambda: xls(before=record(0x2F, bytes(6))), "打开密码"),
    "encrypted ods": (
        lambda: ods("", '<manifest:manifest xmlns:manifest="m"><manifest:encryption-data/></manifest:manifest>'),
        "打开密码",
    ),
    "macros in xlsx": (lambda: repacked(xlsx(), {"xl/vbaProject.bin": b"x"}), "含有宏"),
    "macros in xls": (lambda: compound_file("Workbook", b"x", storage="_VBA_PROJECT_CUR"), "含有宏"),
    "macro sheet in xls": (lambda: xls(kind=1), "含有宏"),
    "macros in ods": (lambda: repacked(ods("<table:table/>"), {"Basic/Standard/Module1.xml": b"<m/>"}), "含有宏"),
    "renamed exe": (lambda: b"MZ\x90\x00" + bytes(1000), "是程序"),
    "binary noise": (lambda: bytes(range(256)) * 100, "不是工作簿"),
    "a million formatted rows": (lambda: formatted_rows(1_048_576), "只带格式"),
    "formatted columns": (formatted_columns, "只带格式"),
    "16,384 columns": (lambda: xlsx(rows=[["x"] * 16_384]), "16384 列"),
    "cells in opposite corners": (lambda: with_sheet(far_corner("<v>1</v>")), "超过"),
    "a cell in another row": (lambda: with_sheet('<row r="1"><c r="A1048576"><v>1</v></c></row>'), "不完整或已损坏"),
    "a huge dimension": (lambda: with_sheet("", before='<dimension ref="A1:XFD1048576"/>'), ""),
    "a huge count of texts": (
        lambda: repacked(
            xlsx(),
            {TEXTS_PART: b'<sst uniqueCount="4294967295"><si><t>a</t></si><si><t>b</t></si><si><t>c</t></si></sst>'},
        ),
        "",
    ),
    "overlapping merges": (
        lambda: with_sheet('<row r="1"><c r="A1"><v>1</v></c></row>', after='<mergeCell ref="A1:XFD1048576"/>' * 9),
        "",
    ),
    "one long text in many cells": (one_long_text, ""),
    "truncated xlsx": (lambda: xlsx()[:-40], "不完整或已损坏"),
    "half an xlsx": (lambda: xlsx()[: len(xlsx()) // 2], "不完整或已损坏"),
    "truncated xls": (lambda: xls()[:6000], "不完整或已损坏"),
    "xls without an end": (
        lambda: compound_file("Workbook", record(0x809, struct.pack("<HH12x", 0x600, 5))),
        "不完整或已损坏",
    ),
    "external links in xlsx": (lambda: repacked(xlsx(), {"xl/externalLinks/externalLink1.xml": b"<e/>"}), "其他工作簿"),
    "external links in xls": (lambda: xls(before=record(0x1AE, struct.pack("<HH", 1, 12) + b"x" * 12)), "其他工作簿"),
    "external links in ods": (
        lambda: ods('<table:table table:name="a"><table:table-source/></table:table>'),
        "其他工作簿",
    ),
    "200 MB": (lambda: b"PK\x03\x04" + bytes(200_000_000), "上限"),
    "ods that repeats a cell over the sheet": (
        lambda: ods(
            '<table:table table:name="a"><table:table-row table:number-rows-repeated="1048576">'
            + ODS_CELL.format('table:number-columns-repeated="16384"')
            + "</table:table-row></table:table>"
        ),
        "16384 列",
    ),
    "ods that repeats beyond any sheet": (
        lambda: ods(
            '<table:table table:name="a"><table:table-row table:number-rows-repeated="99999999999">'
            + ODS_CELL.format("")
            + "</table:table-row></table:table>"
        ),
        "不完整或已损坏",
    ),
    "xls with cells in opposite corners": (
        lambda: xls(
            record(0x203, struct.pack("<HHHd", 0, 0, 0, 1.0)) + record(0x203, struct.pack("<HHHd", 65_535, 255, 0, 1.0))
        ),
        "超过",
    ),
    "xls that claims a huge table of texts": (
        lambda: xls(before=record(0xFC, struct.pack("<II", 0xFFFFFFFF, 0xFFFFFFFF))),
        "不完整或已损坏",
    ),
    "xls that claims a huge rectangle": (
        lambda: xls(record(0x200, struct.pack("<IIHHH", 0, 0xFFFFFFFF, 0, 256, 0))),
        "",
    ),
}


def peak() -> float:
    """The most memory that this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Open the file in standard input; print by how much memory grew, then the answer."""
    data = sys.stdin.buffer.read()
    before = peak()
    try:
        answer = str(len(open_workbook(data).sheets))
    except WorkbookRefused as refusal:
        answer = str(refusal)
    sys.stdout.write(f"{peak() - before:.0f} {answer}\n")


if __name__ == "__main__":
    main()
