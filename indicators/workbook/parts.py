"""The XML parts of a zipped workbook, unpacked within bounds and read without surprises. Pure: no Django."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from xml.parsers import expat

from indicators.workbook.refusals import BROKEN, EMPTY, ENCRYPTED, ENTITIES, Limits, WorkbookRefused

#: Parts of a zipped file by name.
Parts = dict[str, bytes]
#: What is told of every element as it opens: its name without prefix, and its attributes.
OnStart = Callable[[str, dict[str, str]], None]
OnName = Callable[[str], None]
OnText = Callable[[str], None]

#: More parts than this no office program writes for a table.
MAX_PARTS = 2000
CHUNK = 256 * 1024
#: A text up to this size is told in one piece; a cell holds at most 32,767 characters.
TEXT_BUFFER = 128 * 1024
FLAG_ENCRYPTED = 0x1
#: What may go wrong with a damaged or forged zip file.
ZIP_ERRORS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def unpack(data: bytes, limits: Limits) -> tuple[list[str], Parts]:
    """The names of all parts, and the content of those that are XML. Raises WorkbookRefused.

    A part is read up to the budget that is left, whatever size the file claims; a name that occurs twice is refused,
    because two programs would read two different things.
    """
    parts: Parts = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
            names = [entry.filename for entry in entries]
            if not entries:
                raise WorkbookRefused(EMPTY)
            if len(entries) > MAX_PARTS or len(set(names)) < len(names):
                raise WorkbookRefused(BROKEN)
            if any(entry.flag_bits & FLAG_ENCRYPTED for entry in entries):
                raise WorkbookRefused(ENCRYPTED)
            wanted = [entry for entry in entries if is_xml(entry.filename)]
            left = limits.inflated_bytes
            limits.check_inflated(sum(entry.file_size for entry in wanted))
            for entry in wanted:
                if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                    raise WorkbookRefused(BROKEN)
                with package.open(entry) as stream:
                    content = stream.read(left + 1)
                left -= len(content)
                limits.check_inflated(limits.inflated_bytes - left)
                parts[entry.filename] = content
    except ZIP_ERRORS as error:
        raise WorkbookRefused(BROKEN) from error
    return names, parts


def is_xml(name: str) -> bool:
    """Whether the part is one that a reader may look into; pictures and the like are not unpacked."""
    return name.lower().endswith((".xml", ".rels")) or name == "mimetype"


def parse(content: bytes, start: OnStart, *, end: OnName | None = None, text: OnText | None = None) -> None:
    """Tell of every element in order, with its name; the prefix of the root element is taken off all names.

    Raises WorkbookRefused for a part that is not sound XML, whose attributes are not what the callbacks expect (they
    raise LookupError or ValueError), or that declares a document type: office files never do, attacks with entities
    must.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = TEXT_BUFFER

    def on_root(name: str, attributes: dict[str, str]) -> None:
        # Most files have no prefix; the callbacks of every cell then take no detour.
        prefix = name[: name.find(":") + 1]
        if prefix:
            parser.StartElementHandler = lambda name, attributes: start(name.removeprefix(prefix), attributes)
            parser.EndElementHandler = end and (lambda name: end(name.removeprefix(prefix)))
        else:
            parser.StartElementHandler, parser.EndElementHandler = start, end
        parser.CharacterDataHandler = text
        start(name.removeprefix(prefix), attributes)

    def on_doctype(*_: object) -> None:
        raise WorkbookRefused(ENTITIES)

    parser.StartElementHandler = on_root
    parser.StartDoctypeDeclHandler = on_doctype
    try:
        for offset in range(0, len(content), CHUNK):
            parser.Parse(content[offset : offset + CHUNK], False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise WorkbookRefused(BROKEN) from error
