"""Compound files (OLE2): Word, Excel and PowerPoint 97 and the formats of WPS."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

import olefile

from indicators.files.archives import ENCRYPTED, WITH_MACROS
from indicators.files.kinds import DOC, PPT, XLS, FileError, Kind

MAIN_STREAMS = {"worddocument": DOC, "workbook": XLS, "book": XLS, "powerpoint document": PPT}
MACRO_STORAGES = {"macros", "vba", "_vba_project", "_vba_project_cur"}
#: Sheets are listed at the beginning of a workbook, before its texts.
WORKBOOK_HEAD = 256 * 1024
SHEET, PASSWORD, END = 0x0085, 0x002F, 0x000A
MACRO_SHEET = 1
#: VBAInfoContainer with its VBAInfoAtom ([MS-PPT] 2.4.10); two numbers later it says whether there are macros.
VBA_INFO = bytes.fromhex("1f00ff0314000000" + "020000040c000000")


def compound_kind(file: IO[bytes]) -> Kind | None:
    """The kind of a compound file, None for one that is no document. Raises FileError for what must not come in, and
    whatever olefile raises for what is damaged."""
    with olefile.OleFileIO(file) as compound:
        entries = [[name.lower() for name in path] for path in compound.listdir(streams=True, storages=True)]
        if any(name in MACRO_STORAGES for path in entries for name in path):
            raise FileError(WITH_MACROS)
        if ["encryptedpackage"] in entries:
            raise FileError(ENCRYPTED)
        main = next((path[0] for path in entries if len(path) == 1 and path[0] in MAIN_STREAMS), None)
        if main is None:
            return None
        with compound.openstream([main]) as stream:
            _check(MAIN_STREAMS[main], stream)
        return MAIN_STREAMS[main]


def _check(kind: Kind, stream: IO[bytes]) -> None:
    """Raise FileError for what the main stream says of passwords and macros."""
    if kind is DOC:
        head = stream.read(12)
        if len(head) == 12 and head[11] & 0x01:  # fEncrypted of the FIB, [MS-DOC] 2.5.2
            raise FileError(ENCRYPTED)
    elif kind is XLS:
        for number, content in _records(stream.read(WORKBOOK_HEAD)):
            if number == PASSWORD:
                raise FileError(ENCRYPTED)
            if number == SHEET and len(content) > 5 and content[5] == MACRO_SHEET:
                raise FileError(WITH_MACROS)
    elif _presentation_has_macros(stream.read()):
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
