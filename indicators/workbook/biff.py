"""The records that an .xls workbook consists of, and the texts in them ([MS-XLS], BIFF8). Pure: no Django."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

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


def shared_texts(pieces: Sequence[bytes]) -> list[str]:
    """The texts that the cells of all sheets refer to by their number.

    `pieces` are the contents of the SST record and of those that continue it. Raises struct.error or IndexError for a
    table that stops in the middle.
    """
    if not pieces:
        return []
    (count,) = struct.unpack_from("<4xI", pieces[0])
    reader = _PieceReader(pieces, offset=8)
    # The count is what the file claims; a table that holds less ends in an error before it costs memory.
    return [reader.text() for _ in range(count)]


class _PieceReader:
    """Reads texts that may run over from one piece into the next."""

    def __init__(self, pieces: Sequence[bytes], offset: int) -> None:
        self._pieces, self._index, self._offset = pieces, 0, offset

    def text(self) -> str:
        """The next text. Where it runs over, the next piece begins with its flags anew."""
        if self._offset >= len(self._pieces[self._index]):
            self._index, self._offset = self._index + 1, 0
        left, flags = self._take("<HB")
        tail = self._take("<H")[0] * RUN_BYTES if flags & HAS_RUNS else 0
        tail += self._take("<I")[0] if flags & HAS_PHONETICS else 0
        parts = []
        while True:
            piece = self._pieces[self._index]
            width = 2 if flags & IS_WIDE else 1
            here = min(left, (len(piece) - self._offset) // width)
            parts.append(text_of(piece[self._offset :], here, flags))
            self._offset += here * width
            left -= here
            if not left:
                break
            self._index, self._offset = self._index + 1, 1
            flags = self._pieces[self._index][0]
        self._skip(tail)
        return "".join(parts)

    def _take(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from(layout, self._pieces[self._index], self._offset)
        self._offset += struct.calcsize(layout)
        return found

    def _skip(self, count: int) -> None:
        self._offset += count
        while self._offset > len(self._pieces[self._index]):
            self._offset -= len(self._pieces[self._index])
            self._index += 1
