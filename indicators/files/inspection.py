"""Whether a file is taken, and as what."""

from __future__ import annotations

import re
from typing import IO

from indicators.files.archives import archive_kind
from indicators.files.compound import SIGNATURE
from indicators.files.documents import document_kind
from indicators.files.images import check_image
from indicators.files.kinds import IN_WORDS, JPEG, PDF, PNG, FileError, Kind
from indicators.files.names import ending_of

PDF_HEAD = re.compile(rb"%PDF-[12]\.\d")
#: Readers look for the end mark in the last kilobyte; some programs write a little behind it.
PDF_TAIL = 2048
MEGABYTE = 1024 * 1024


def inspect(file: IO[bytes], name: str, *, most_bytes: int) -> Kind:
    """What the file is by its content; afterwards it stands at its beginning again.

    Raises FileError: empty, too large, of no kind that is taken, damaged, with macros or a password, unpacking to
    something absurd, or with an ending in `name` that its content contradicts. Documents within documents are not
    opened, and viruses are not looked for: files are only ever handed out to be saved.
    """
    try:
        size = file.seek(0, 2)
        if size == 0:
            raise FileError("文件是空的，请检查后重新选择。")
        if size > most_bytes:
            raise FileError(
                f"文件有 {size / MEGABYTE:.1f} MB，超过 {in_megabytes(most_bytes)}。请压缩图片或拆分文件后上传。"
            )
        kind = _kind(file)
    except FileError:
        raise
    except Exception as error:
        # The libraries that read these formats promise no certain errors for what is damaged or made to confuse them.
        raise FileError("文件不完整或已损坏，请重新打开、另存（图片请重新拍摄或扫描）后上传。") from error
    finally:
        file.seek(0)
    if kind is None:
        raise FileError(f"内容不是可以上传的类型。可以上传：{IN_WORDS}；压缩包请解压后逐个上传。")
    check_ending(kind, name)
    return kind


def in_megabytes(size: int) -> str:
    """A limit as people read it: 20 MB, 1.5 MB."""
    return f"{size / MEGABYTE:.1f}".removesuffix(".0") + " MB"


def check_ending(kind: Kind, name: str) -> None:
    """Raise FileError when the ending says something else than the content."""
    ending = ending_of(name)
    if ending.lower() not in kind.endings:
        stated = f"后缀是“{ending}”" if ending else "没有后缀"
        raise FileError(
            f"文件名{stated}，内容却是{kind.label}（{'、'.join(kind.endings)}）。请核对是不是要上传的文件，改对后缀后重新上传。"
        )


def _kind(file: IO[bytes]) -> Kind | None:
    file.seek(0)
    head = file.read(16)
    file.seek(0)
    if PDF_HEAD.match(head):
        _check_pdf(file)
        return PDF
    if head.startswith(b"PK\x03\x04"):
        return archive_kind(file)
    if head.startswith(SIGNATURE):
        return document_kind(file)
    for kind, mark in ((PNG, b"\x89PNG\r\n\x1a\n"), (JPEG, b"\xff\xd8\xff")):
        if head.startswith(mark):
            check_image(file, kind)
            return kind
    return None


def _check_pdf(file: IO[bytes]) -> None:
    """Raise FileError for a PDF that breaks off before its end mark."""
    file.seek(max(0, file.seek(0, 2) - PDF_TAIL))
    if b"%%EOF" not in file.read():
        raise FileError("PDF 不完整，可能没有下载或保存完。请重新生成后上传。")
