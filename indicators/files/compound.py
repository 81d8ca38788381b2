"""Compound files (OLE2), the container of Word, Excel and PowerPoint 97 and of WPS: what is inside. Pure: no Django."""

from __future__ import annotations

from typing import IO

import olefile

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")


class BrokenContainerError(Exception):
    """The file is no compound file that can be read."""


def paths_in(file: IO[bytes]) -> list[str]:
    """The storages and streams of a compound file as written, a stream b in the storage a as a/b. Raises
    BrokenContainerError."""
    try:
        with olefile.OleFileIO(file) as container:
            return ["/".join(path) for path in container.listdir(streams=True, storages=True)]
    except Exception as error:  # a forged container breaks olefile in ways that it does not list
        raise BrokenContainerError from error


def content_of(file: IO[bytes], path: str) -> bytes:
    """The content of one stream, its name in any case. Raises BrokenContainerError, also for a stream that claims more
    than the file holds: nothing of it is read then."""
    size = file.seek(0, 2)
    try:
        with olefile.OleFileIO(file) as container:
            if container.get_size(path) > size:
                raise BrokenContainerError
            with container.openstream(path) as stream:
                return bytes(stream.read())
    except BrokenContainerError:
        raise
    except Exception as error:  # as above
        raise BrokenContainerError from error
