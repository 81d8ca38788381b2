"""Documents in compound files: Word, Excel and PowerPoint 97 and the formats of WPS. Pure: no Django."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from indicators.files.archives import ENCRYPTED, WITH_MACROS
from indicators.files.compound import content_of, paths_in
from indicators.files.kinds import DOC, PPT, XLS, FileError, Kind

MAIN_STREAMS = {"worddocument": DOC, "workbook": XLS, "book": XLS, "powerpoint document": PPT}
MACRO_STORAGES = {"macros", "vba", "_vba_project", "_vba_project_cur"}
#: Sheets are listed at the beginning of a workbook, before its texts.
WORKBOOK_HEAD = 256 * 1024
SHEET, PASSWORD, END = 0x0085, 0x002F, 0x000A
MACRO_SHEET = 1
#: VBAInfoContainer with its VBAInfoAtom ([MS-PPT] 2.4.10); two numbers later it says whether there are macros.
VBA_INFO = bytes.fromhex("1f00ff0314000000" + "020000040c000000")


def document_kind(file: IO[bytes]) -> Kind | None:
    """The kind of the document in a compound file, None for one that holds something else. Raises FileError for what
    must not come in, BrokenContainerError for what is damaged."""
    paths = [path.lower() for path in paths_in(file)]
    if any(name in MACRO_STORAGES for path in paths for name in path.split("/")):
        raise FileError(WITH_MACROS)
    if "encryptedpackage" in paths:
        raise FileError(ENCRYPTED)
    main = next((path for path in paths if path in MAIN_STREAMS), None)
    if main is None:
        return None
    _check(MAIN_STREAMS[main], content_of(file, main))
    return MAIN_STREAMS[main]


def _check(kind: Kind, content: bytes) -> None:
    """Raise FileError for what the main stream says of passwords and macros."""
    if kind is DOC:
        if len(content) > 11 and content[11] & 0x01:  # fEncrypted of the FIB, [MS-DOC] 2.5.2
            raise FileError(ENCRYPTED)
    elif kind is XLS:
        for number, body in _records(content[:WORKBOOK_HEAD]):
            if number == PASSWORD:
                raise FileError(ENCRYPTED)
            if number == SHEET and len(body) > 5 and body[5] == MACRO_SHEET:
                raise FileError(WITH_MACROS)
    elif _presentation_has_macros(content):
        raise FileError(WITH_MACROS)


def _records(head: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and content of the records with which a workbook begins."""
    place = 0
    while place + 4 <= len(head):
        number, length = struct.unpack_from("<HH", head, place)
        yield number, head[place + 4 : place + 4 + length]
        if number == END:
            return
        place += 4 + length


def _presentation_has_macros(content: bytes) -> bool:
    """Whether some VBAInfoAtom counts macros; PowerPoint packs them into its one stream."""
    place = content.find(VBA_INFO)
    while place >= 0:
        start = place + len(VBA_INFO)
        if content[start + 4 : start + 8].strip(b"\0"):
            return True
        place = content.find(VBA_INFO, start)
    return False
