"""The records that an .xls workbook consists of, and the texts in them ([MS-XLS], BIFF8). Pure: no Django."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from indicators.workbook.refusals import BROKEN, WorkbookRefused

BOF, EOF, CONTINUE = 0x809, 0x0A, 0x3C
BIFF8 = 0x0600
#: Flags of a text: two bytes for each character, phonetic data behind it, formatting runs behind it.
IS_WIDE, HAS_PHONETICS, HAS_RUNS = 0x01, 0x04, 0x08
RUN_BYTES = 4


def records(stream: bytes, offset: int) -> Iterator[tuple[int, bytes]]:
    """Number and content of each record of the substream that begins at `offset`.

    Charts inside a sheet are substreams of their own and are left out. Raises WorkbookRefused where the file stops in
    the middle.
    """
    depth = 0
    size = len(stream)
    while True:
        if offset + 4 > size:
            raise WorkbookRefused(BROKEN)
        number, length = struct.unpack_from("<HH", stream, offset)
        offset += 4
        if offset + length > size:
            raise WorkbookRefused(BROKEN)
        if number == BOF:
            depth += 1
        elif number == EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield number, stream[offset : offset + length]
        offset += length


def text_of(content: bytes, count: int, flags: int) -> str:
    """A text of `count` characters at the beginning of `content`."""
    return content[: count * 2].decode("utf-16-le") if flags & IS_WIDE else content[:count].decode("latin-1")


def text_lengths(pieces: list[bytes]) -> list[int]:
    """How long each text of the shared table is: a short file may show one long text in a million cells.

    `pieces` are the SST record and those that continue it; a text that runs over into the next piece begins there with
    its flags anew. Raises struct.error or IndexError for a table that stops in the middle.
    """
    lengths: list[int] = []
    if not pieces:
        return lengths
    (total,) = struct.unpack_from("<4xI", pieces[0])
    index, offset = 0, 8
    for _ in range(total):
        if offset >= len(pieces[index]):
            index, offset = index + 1, 0
        piece = pieces[index]
        count, flags = struct.unpack_from("<HB", piece, offset)
        offset += 3
        tail = 0
        if flags & HAS_RUNS:
            tail += struct.unpack_from("<H", piece, offset)[0] * RUN_BYTES
            offset += 2
        if flags & HAS_PHONETICS:
            tail += struct.unpack_from("<I", piece, offset)[0]
            offset += 4
        lengths.append(count)
        left = count
        while left:
            width = 2 if flags & IS_WIDE else 1
            here = min(left, (len(pieces[index]) - offset) // width)
            offset += here * width
            left -= here
            if left:
                index, offset = index + 1, 1
                flags = pieces[index][0]
        offset += tail
        while index < len(pieces) - 1 and offset > len(pieces[index]):
            offset -= len(pieces[index])
            index += 1
    return lengths
