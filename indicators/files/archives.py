"""Files that are ZIP archives inside: OOXML (docx …), OpenDocument and OFD."""

from __future__ import annotations

import zipfile
from typing import IO
from xml.etree import ElementTree

from indicators.files.kinds import DOCX, ODP, ODS, ODT, OFD, PPTX, XLSX, FileError, Kind

MOST_ENTRIES = 5_000
ENTRY_MARK = b"PK\x01\x02"
BLOCK = 1024 * 1024
MOST_UNPACKED = 300 * 1024 * 1024
#: Text packs to about a thirtieth; small archives may be denser.
MOST_RATIO, RATIO_COUNTS_FROM = 150, 10 * 1024 * 1024
#: The descriptions that are read here are a few kilobytes long.
LONGEST_DESCRIPTION = 1024 * 1024

CONTENT_TYPES = "[Content_Types].xml"
OOXML_MAIN_PARTS = {f"{kind.content_type}.main+xml": kind for kind in (DOCX, XLSX, PPTX)}
OPEN_DOCUMENTS = {kind.content_type: kind for kind in (ODT, ODS, ODP)}
#: The index files that LibreOffice writes beside macro modules; alone they are no macro.
BASIC_INDEXES = ("script-lc.xml", "script-lb.xml", "dialog-lc.xml", "dialog-lb.xml")

TOO_MUCH = "文件解压后大得不正常，可能是压缩炸弹，没有上传。请用办公软件另存一份后重试。"
WITH_MACROS = "文件含有宏，为安全起见不能上传。请另存为不含宏的格式（如 .docx、.xlsx）或 PDF。"
ENCRYPTED = "文件设有密码，审核人员无法打开。请取消密码后重新上传。"


def archive_kind(file: IO[bytes]) -> Kind | None:
    """The kind of an archive, None for one that is no document. Raises FileError for what must not come in, and
    whatever zipfile and the XML parser raise for what is damaged.

    Only the directory and at most three short descriptions are read, whatever the archive claims to hold.
    """
    if directory_entries(file) > MOST_ENTRIES:
        raise FileError(TOO_MUCH)
    with zipfile.ZipFile(file) as archive:
        check_size(archive, file)
        if any(entry.flag_bits & 1 for entry in archive.infolist()):
            raise FileError(ENCRYPTED)
        return _kind(archive)


def directory_entries(file: IO[bytes]) -> int:
    """How many entries the directory can have at most, counted before it is read: each costs memory then."""
    file.seek(0)
    count, tail = 0, b""
    while block := file.read(BLOCK):
        count += (tail + block).count(ENTRY_MARK)
        tail = block[1 - len(ENTRY_MARK) :]
    return count


def check_size(archive: zipfile.ZipFile, file: IO[bytes]) -> None:
    """Raise FileError for an archive that would unpack to something absurd, entries that overlap included."""
    entries = archive.infolist()
    packed, unpacked = sum(entry.compress_size for entry in entries), sum(entry.file_size for entry in entries)
    size = file.seek(0, 2)
    if unpacked > MOST_UNPACKED or packed > size:
        raise FileError(TOO_MUCH)
    if unpacked > RATIO_COUNTS_FROM and unpacked > MOST_RATIO * size:
        raise FileError(TOO_MUCH)


def _kind(archive: zipfile.ZipFile) -> Kind | None:
    names = set(archive.namelist())
    if CONTENT_TYPES in names:
        return _ooxml(archive, names)
    if "mimetype" in names:
        return _open_document(archive, names)
    if "OFD.xml" in names and b"ofdspec.org" in _description(archive, "OFD.xml"):
        return OFD
    return None


def _ooxml(archive: zipfile.ZipFile, names: set[str]) -> Kind | None:
    """By the content type of the main part; macros by content type and by name."""
    description = _description(archive, CONTENT_TYPES)
    if b"<!DOCTYPE" in description or b"<!ENTITY" in description:
        raise ValueError("a document type where none belongs")
    root = ElementTree.fromstring(description)  # noqa: S314  short and without a document type, checked above
    types = {part.get("ContentType", "") for part in root}
    if any("macro" in each.lower() or "vba" in each.lower() for each in types):
        raise FileError(WITH_MACROS)
    if any(name.lower().endswith("vbaproject.bin") or "/macrosheets/" in name.lower() for name in names):
        raise FileError(WITH_MACROS)
    return next((kind for main, kind in OOXML_MAIN_PARTS.items() if main in types), None)


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> Kind | None:
    if any(
        name.startswith("Scripts/") or (name.startswith("Basic/") and not name.endswith(("/", *BASIC_INDEXES)))
        for name in names
    ):
        raise FileError(WITH_MACROS)
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in _description(archive, manifest):
        raise FileError(ENCRYPTED)
    return OPEN_DOCUMENTS.get(_description(archive, "mimetype").decode("ascii", "replace").strip())


def _description(archive: zipfile.ZipFile, name: str) -> bytes:
    """A short entry. Raises FileError for a long one."""
    with archive.open(name) as entry:
        content = entry.read(LONGEST_DESCRIPTION + 1)
    if len(content) > LONGEST_DESCRIPTION:
        raise FileError(TOO_MUCH)
    return content
