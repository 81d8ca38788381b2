"""Compound files, the container of .xls: the streams inside, and a fresh container for one of them. Pure: no Django."""

from __future__ import annotations

import io
import struct

import olefile

from indicators.workbook.refusals import BROKEN, WorkbookRefused

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
SECTOR = 4096
FREE, END_OF_CHAIN, FAT_SECTOR, NO_STREAM = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
STREAM, ROOT, EMPTY = 2, 5, 0
#: Sectors of the allocation table that fit into the header: 450 MB of content, far beyond any limit.
MOST_FAT_SECTORS = 109


def stream_names(data: bytes) -> list[str]:
    """The streams and storages of a compound file, as paths. Raises WorkbookRefused."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            return ["/".join(path) for path in container.listdir(streams=True, storages=True)]
    except Exception as error:  # a forged container breaks olefile in ways that it does not list
        raise WorkbookRefused(BROKEN) from error


def read_stream(data: bytes, name: str) -> bytes:
    """The content of one stream. Raises WorkbookRefused, also for a stream that claims more than the file holds."""
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            if container.get_size(name) > len(data):
                raise WorkbookRefused(BROKEN)
            with container.openstream(name) as stream:
                return bytes(stream.read())
    except WorkbookRefused:
        raise
    except Exception as error:  # as above
        raise WorkbookRefused(BROKEN) from error


def contain(name: str, content: bytes) -> bytes:
    """A compound file with this one stream: whoever reads it reads what was looked at, and nothing else."""
    body = content + bytes(-len(content) % SECTOR)
    count = len(body) // SECTOR
    directory_sector, spare_sector = count, count + 1
    fat_count = -(-(count + 2) // (SECTOR // 4 - 1))
    if fat_count > MOST_FAT_SECTORS:
        raise WorkbookRefused(BROKEN)
    chain = [*range(1, count), *[END_OF_CHAIN] * 3, *[FAT_SECTOR] * fat_count]
    chain += [FREE] * (fat_count * SECTOR // 4 - len(chain))
    fat_sectors = [spare_sector + 1 + index for index in range(fat_count)]
    header = SIGNATURE + struct.pack(
        "<16x5H6x9I109I",
        *(0x3E, 4, 0xFFFE, 12, 6),
        *(1, fat_count, directory_sector, 0, SECTOR, END_OF_CHAIN, 0, END_OF_CHAIN, 0),
        *fat_sectors,
        *[FREE] * (MOST_FAT_SECTORS - fat_count),
    )
    directory = (
        _entry("Root Entry", ROOT, child=1, start=spare_sector, size=0)
        + _entry(name, STREAM, child=NO_STREAM, start=0, size=len(body))
        + _entry("", EMPTY, child=NO_STREAM, start=0, size=0) * (SECTOR // 128 - 2)
    )
    # Calamine takes a root that begins nowhere for a broken file, hence the spare sector.
    spare = bytes(SECTOR)
    return header.ljust(SECTOR, b"\0") + body + directory + spare + struct.pack(f"<{len(chain)}I", *chain)


def _entry(name: str, kind: int, *, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le")
    length = len(encoded) + 2 if name else 0
    return struct.pack("<64sHBB3I36xIQ", encoded, length, kind, 1, NO_STREAM, NO_STREAM, child, start, size)
