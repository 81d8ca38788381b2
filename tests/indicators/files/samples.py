"""Files of every kind that offices send, and hostile ones, as small as their formats allow."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping

from PIL import Image

from indicators.files import kinds
from indicators.files.kinds import Kind

PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer << /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
SECTOR = 512
FREE, END_OF_CHAIN, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def image(form: str, size: tuple[int, int] = (24, 16)) -> bytes:
    """A picture of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", size, "green").save(buffer, form)
    return buffer.getvalue()


def archive(entries: Mapping[str, bytes]) -> bytes:
    """A ZIP archive with these entries."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as writer:
        for name, content in entries.items():
            writer.writestr(name, content)
    return buffer.getvalue()


def ooxml(kind: Kind, extra: Mapping[str, bytes] | None = None, *, main: str = "") -> bytes:
    """A docx, xlsx or pptx. `main` is another content type of its main part."""
    description = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Override PartName="/main.xml" ContentType="{main or kind.content_type + ".main+xml"}"/></Types>'
    )
    return archive({"[Content_Types].xml": description.encode(), "main.xml": b"<main/>", **(extra or {})})


def open_document(kind: Kind, extra: Mapping[str, bytes] | None = None) -> bytes:
    """An odt, ods or odp."""
    return archive({"mimetype": kind.content_type.encode(), "content.xml": b"<content/>", **(extra or {})})


def ofd() -> bytes:
    """An OFD document (GB/T 33190)."""
    return archive({"OFD.xml": b'<ofd:OFD xmlns:ofd="http://www.ofdspec.org/2016" Version="1.0"/>'})


def compound(streams: Mapping[str, bytes]) -> bytes:
    """A compound file (OLE2) with these streams; a/b is the stream b in the storage a."""
    padded = {path: content.ljust(4096, b"\0") for path, content in streams.items()}
    storages = sorted({path.rpartition("/")[0] for path in padded} - {""})
    names = ["", *storages, *padded]
    directory_sectors = -(-len(names) * 128 // SECTOR)
    fat = [FAT_SECTOR, *range(2, directory_sectors + 1), END_OF_CHAIN]
    starts = {}
    for path, content in padded.items():
        starts[path] = len(fat)
        count = -(-len(content) // SECTOR)
        fat += [*range(len(fat) + 1, len(fat) + count), END_OF_CHAIN]
    assert len(fat) <= SECTOR // 4, "one sector of allocation table has to do"

    def parent(path: str) -> str:
        return path.rpartition("/")[0]

    def entry(number: int, path: str) -> bytes:
        siblings = [each for each in names[1:] if parent(each) == parent(path)] if path else []
        place = siblings.index(path) if path else 0
        right = names.index(siblings[place + 1]) if path and place + 1 < len(siblings) else FREE
        children = [each for each in names[1:] if parent(each) == path]
        child = names.index(children[0]) if children and path not in padded else FREE
        kind = 5 if not number else 2 if path in padded else 1
        label = (path.rpartition("/")[2] or "Root Entry").encode("utf-16-le") + b"\0\0"
        start, size = starts.get(path, END_OF_CHAIN if not number else 0), len(padded.get(path, b""))
        return (
            label.ljust(64, b"\0")
            + struct.pack("<HBBIII", len(label), kind, 1, FREE, right, child)
            + bytes(36)
            + struct.pack("<IQ", start, size)
        )

    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + bytes(16)
        + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6)
        + bytes(6)
        + struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0)
        + struct.pack("<109I", 0, *[FREE] * 108)
    )
    table = b"".join(struct.pack("<I", each) for each in fat).ljust(SECTOR, b"\xff")
    directory = b"".join(entry(number, path) for number, path in enumerate(names))
    empty = bytes(64) + struct.pack("<HBBIII", 0, 0, 0, FREE, FREE, FREE) + bytes(48)
    directory += empty * (directory_sectors * 4 - len(names))
    return header + table + directory + b"".join(padded.values())


def workbook(*records: tuple[int, bytes]) -> bytes:
    """The beginning of an Excel 97 workbook stream: BOF, these records, EOF."""
    all_records = [(0x0809, bytes(16)), *records, (0x000A, b"")]
    return b"".join(struct.pack("<HH", number, len(content)) + content for number, content in all_records)


def vba_info(*, macros: int) -> bytes:
    """The atom by which a PowerPoint 97 presentation counts its macros."""
    atom = struct.pack("<HHI", 2, 0x0400, 12) + struct.pack("<III", 7, macros, 2)
    return struct.pack("<HHI", 0x1F, 0x03FF, len(atom)) + atom


#: One honest file of each kind by its name.
GOOD: dict[str, tuple[Kind, bytes]] = {
    "公报.pdf": (kinds.PDF, PDF),
    "公文.ofd": (kinds.OFD, ofd()),
    "截图.PNG": (kinds.PNG, image("PNG")),
    "照片.jpg": (kinds.JPEG, image("JPEG")),
    "照片.jpeg": (kinds.JPEG, image("JPEG")),
    "报告.docx": (kinds.DOCX, ooxml(kinds.DOCX)),
    "台账.xlsx": (kinds.XLSX, ooxml(kinds.XLSX)),
    "汇报.pptx": (kinds.PPTX, ooxml(kinds.PPTX)),
    "报告.doc": (kinds.DOC, compound({"WordDocument": bytes(32)})),
    "报告.wps": (kinds.DOC, compound({"WordDocument": bytes(32), "1Table": b"x"})),
    "台账.xls": (kinds.XLS, compound({"Workbook": workbook((0x0085, bytes(8)))})),
    "台账.et": (kinds.XLS, compound({"Workbook": workbook()})),
    "汇报.ppt": (kinds.PPT, compound({"PowerPoint Document": vba_info(macros=0)})),
    "汇报.dps": (kinds.PPT, compound({"PowerPoint Document": b"slides"})),
    "报告.odt": (kinds.ODT, open_document(kinds.ODT)),
    "台账.ods": (kinds.ODS, open_document(kinds.ODS, {"Basic/script-lc.xml": b"<index/>"})),
    "汇报.odp": (kinds.ODP, open_document(kinds.ODP)),
}
