"""The name of an uploaded file, fit to be shown and to be saved under any operating system."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

LONGEST_NAME = 200
#: What Windows does not allow in a name.
FORBIDDEN = re.compile(r'["<>:|?*]')


def clean_name(name: str) -> str:
    """The last part of the name without control and direction characters, at most LONGEST_NAME long; the ending
    stays."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    visible = "".join(character for character in last if not unicodedata.category(character).startswith("C"))
    plain = " ".join(FORBIDDEN.sub("_", visible).split()).strip(" .") or "未命名"
    ending = ending_of(plain)
    if len(ending) >= LONGEST_NAME:
        return plain[:LONGEST_NAME].strip(" .")
    return plain.removesuffix(ending)[: LONGEST_NAME - len(ending)] + ending


def ending_of(name: str) -> str:
    """The ending as written, with its dot; empty without one."""
    return PurePosixPath(name).suffix
