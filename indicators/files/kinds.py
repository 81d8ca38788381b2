"""The kinds of files that the portal takes, and the refusal of everything else."""

from __future__ import annotations

from dataclasses import dataclass


class FileError(Exception):
    """A file is not taken. The text is one or two Chinese sentences: what is wrong and what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of file: what people call it, how it is sent, and the endings (with dot, lower case) it may have."""

    label: str
    content_type: str
    endings: tuple[str, ...]


_OOXML = "application/vnd.openxmlformats-officedocument"
_ODF = "application/vnd.oasis.opendocument"

PDF = Kind("PDF", "application/pdf", (".pdf",))
OFD = Kind("OFD 版式文件", "application/ofd", (".ofd",))
PNG = Kind("PNG 图片", "image/png", (".png",))
JPEG = Kind("JPEG 图片", "image/jpeg", (".jpg", ".jpeg"))
DOCX = Kind("Word 文档", f"{_OOXML}.wordprocessingml.document", (".docx",))
XLSX = Kind("Excel 表格", f"{_OOXML}.spreadsheetml.sheet", (".xlsx",))
PPTX = Kind("PowerPoint 演示文稿", f"{_OOXML}.presentationml.presentation", (".pptx",))
DOC = Kind("Word 97 或 WPS 文字文档", "application/msword", (".doc", ".wps"))
XLS = Kind("Excel 97 或 WPS 表格", "application/vnd.ms-excel", (".xls", ".et"))
PPT = Kind("PowerPoint 97 或 WPS 演示文稿", "application/vnd.ms-powerpoint", (".ppt", ".dps"))
ODT = Kind("OpenDocument 文档", f"{_ODF}.text", (".odt",))
ODS = Kind("OpenDocument 表格", f"{_ODF}.spreadsheet", (".ods",))
ODP = Kind("OpenDocument 演示文稿", f"{_ODF}.presentation", (".odp",))

KINDS = (PDF, OFD, PNG, JPEG, DOCX, XLSX, PPTX, DOC, XLS, PPT, ODT, ODS, ODP)
#: How the kinds are named in a sentence.
IN_WORDS = "PDF、OFD、PNG 和 JPEG 图片、Word、Excel、PowerPoint、WPS 和 OpenDocument 文件"
#: All endings, as a file field of a page wants them.
ENDINGS = ",".join(ending for kind in KINDS for ending in kind.endings)


def label_of(content_type: str) -> str:
    """What people call files of that type; the type itself for one that is not taken any more."""
    return next((kind.label for kind in KINDS if kind.content_type == content_type), content_type)
