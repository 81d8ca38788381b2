"""What is taken and what is refused, by content; every refusal is one that a person can act on."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.files import kinds
from indicators.files.inspection import inspect
from indicators.files.kinds import FileError
from tests.indicators.files.samples import (
    GOOD,
    PDF,
    archive,
    compound,
    image,
    ofd,
    ooxml,
    open_document,
    vba_info,
    workbook,
)

LIMIT = 2 * 1024 * 1024
SHEET = bytes(4) + b"\0" + b"\x01" + b"\x05\0Macro"


def refusal(content: bytes, name: str, *, most_bytes: int = LIMIT) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(FileError) as caught:
        inspect(io.BytesIO(content), name, most_bytes=most_bytes)
    return str(caught.value)


@pytest.mark.parametrize("name", GOOD)
def test_what_offices_send_is_taken_as_what_it_is(name: str) -> None:
    kind, content = GOOD[name]
    file = io.BytesIO(content)
    assert inspect(file, name, most_bytes=LIMIT) is kind
    assert file.tell() == 0, "ready to be read"


def huge_png() -> bytes:
    """A PNG of a few bytes that claims 40,000 × 40,000 pixels."""
    header = struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"")), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def encrypted(content: bytes) -> bytes:
    """The archive with every entry marked as encrypted."""
    marked = bytearray(content)
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        found = marked.find(mark)
        while found >= 0:
            marked[found + place] |= 1
            found = marked.find(mark, found + 1)
    return bytes(marked)


def overlapping() -> bytes:
    """A docx whose directory names one packed part a hundred times."""
    content = ooxml(kinds.DOCX, {"big": bytes(range(256)) * 40})
    end = content.rindex(b"PK\x05\x06")
    start = struct.unpack_from("<I", content, end + 16)[0]
    last = content.rindex(b"PK\x01\x02")
    directory = content[start:end] + content[last:end] * 100
    count = content[start:end].count(b"PK\x01\x02") + 100
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(directory), start, 0)
    return content[:start] + directory + tail


HOSTILE = {
    "空.pdf": (b"", "文件是空的"),
    "页面.html": (b"<!DOCTYPE html><script>alert(1)</script>", "不是可以上传的类型"),
    "页面.pdf": (b"<html><script>alert(1)</script></html>", "不是可以上传的类型"),
    "图.svg": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "不是可以上传的类型"),
    "图.png": (b'<?xml version="1.0"?><svg onload="alert(1)"/>', "不是可以上传的类型"),
    "脚本.pdf": (b"#!/bin/sh\nrm -rf /\n", "不是可以上传的类型"),
    "程序.jpg": (b"MZ\x90\x00" + bytes(64), "不是可以上传的类型"),
    "程序.docx": (b"\x7fELF" + bytes(64), "不是可以上传的类型"),
    "压缩包.zip": (archive({"公报.pdf": PDF}), "压缩包请解压后逐个上传"),
    "压缩包.docx": (archive({"a.exe": b"MZ"}), "不是可以上传的类型"),
    "自解压.docx": (b"MZ" + ooxml(kinds.DOCX), "不是可以上传的类型"),
    "安装包.doc": (compound({"_Tables": b"msi"}), "不是可以上传的类型"),
    "说明.txt": ("文字".encode(), "不是可以上传的类型"),
    "公报.pdf.exe": (PDF, "后缀是“.exe”，内容却是PDF"),
    "公报": (PDF, "没有后缀，内容却是PDF"),
    "表.xlsx": (ooxml(kinds.DOCX), "后缀是“.xlsx”，内容却是Word 文档（.docx）"),
    "照片.png": (image("JPEG"), "内容却是JPEG 图片（.jpg、.jpeg）"),
    "台账.doc": (compound({"Workbook": workbook()}), "内容却是Excel 97 或 WPS 表格（.xls、.et）"),
    "半截.pdf": (PDF[:40], "PDF 不完整"),
    "半截.docx": (ooxml(kinds.DOCX)[:-30], "不完整或已损坏"),
    "半截.jpg": (image("JPEG", (300, 300))[:-400], "不完整或已损坏"),
    "改动.png": (image("PNG").replace(b"IDAT", b"IDAX"), "不完整或已损坏"),
    "半截.xls": (compound({"Workbook": workbook()})[:700], "不完整或已损坏"),
    "巨图.png": (huge_png(), "像素太多"),
    "宏.docx": (ooxml(kinds.DOCX, {"word/vbaProject.bin": b"x"}), "含有宏"),
    "宏.docm": (ooxml(kinds.DOCX, main="application/vnd.ms-word.document.macroEnabled.main+xml"), "含有宏"),
    "宏表.xlsx": (ooxml(kinds.XLSX, {"xl/macrosheets/sheet1.xml": b"<x/>"}), "含有宏"),
    "宏.ods": (open_document(kinds.ODS, {"Basic/Standard/Module1.xml": b"<x/>"}), "含有宏"),
    "脚本.odt": (open_document(kinds.ODT, {"Scripts/python/a.py": b"x"}), "含有宏"),
    "宏.doc": (compound({"WordDocument": bytes(32), "Macros/VBA": b"x"}), "含有宏"),
    "宏.xls": (compound({"Workbook": workbook(), "_VBA_PROJECT_CUR/dir": b"x"}), "含有宏"),
    "宏表.xls": (compound({"Workbook": workbook((0x0085, SHEET))}), "含有宏"),
    "宏.ppt": (compound({"PowerPoint Document": vba_info(macros=0) + vba_info(macros=1)}), "含有宏"),
    "密码.docx": (compound({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "设有密码"),
    "密码.doc": (compound({"WordDocument": bytes(11) + b"\x01" + bytes(20)}), "设有密码"),
    "密码.xls": (compound({"Workbook": workbook((0x002F, bytes(6)))}), "设有密码"),
    "密码.xlsx": (encrypted(ooxml(kinds.XLSX)), "设有密码"),
    "密码.ods": (open_document(kinds.ODS, {"META-INF/manifest.xml": b"<encryption-data/>"}), "设有密码"),
    "炸弹.xlsx": (ooxml(kinds.XLSX, {"xl/worksheets/sheet1.xml": bytes(40 * 1024 * 1024)}), "压缩炸弹"),
    "许多.docx": (ooxml(kinds.DOCX, {f"word/{number}.xml": b"" for number in range(5_001)}), "压缩炸弹"),
    "重叠.docx": (overlapping(), "压缩炸弹"),
    "长目录.docx": (archive({"[Content_Types].xml": bytes(2 * 1024 * 1024)}), "压缩炸弹"),
    "实体.docx": (
        archive({"[Content_Types].xml": b'<!DOCTYPE t [<!ENTITY a "b">]><Types>&a;</Types>'}),
        "不完整或已损坏",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_must_not_come_in_is_refused_with_a_sentence(name: str) -> None:
    content, words = HOSTILE[name]
    sentence = refusal(content, name)
    assert words in sentence
    assert sentence.endswith("。")


def test_a_large_file_is_refused_before_it_is_opened() -> None:
    assert "文件有 2.0 MB，超过 1.5 MB" in refusal(PDF + bytes(LIMIT), "大.pdf", most_bytes=LIMIT * 3 // 4)


def test_an_archive_that_lies_about_its_sizes_is_not_unpacked() -> None:
    """The directory says one byte, the entry holds megabytes: what is read stays within the limit."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writer:
        writer.writestr("[Content_Types].xml", bytes(5 * 1024 * 1024))
    lying = bytearray(buffer.getvalue())
    struct.pack_into("<I", lying, lying.rindex(b"PK\x01\x02") + 24, 1)
    assert "损坏" in refusal(bytes(lying), "假.docx")


@given(st.data())
def test_a_damaged_file_is_taken_or_refused_and_breaks_nothing(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(GOOD)))
    content = bytearray(GOOD[name][1])
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(1, len(content))) :]
    with suppress(FileError):
        assert inspect(io.BytesIO(bytes(content)), name, most_bytes=LIMIT) is GOOD[name][0]


def test_an_ofd_is_known_by_its_namespace() -> None:
    assert inspect(io.BytesIO(ofd()), "公文.ofd", most_bytes=LIMIT) is kinds.OFD
    assert "不是可以上传的类型" in refusal(archive({"OFD.xml": b"<html/>"}), "公文.ofd")
