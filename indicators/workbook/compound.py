"""Compound files, the container of .xls: which streams are inside, and what is in them. Pure: no Django."""

from __future__ import annotations

import io

import olefile

from indicators.workbook.refusals import BROKEN, WorkbookRefused

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")


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
