"""What yearly values, evidence and rows of a sheet are kept under: an indicator in a region."""

from __future__ import annotations

import re
from typing import NamedTuple, Self

_WRITTEN = re.compile(r"([0-9]{1,18})-([0-9]{1,18})")


class SeriesKey(NamedTuple):
    """Primary keys of an indicator and a region; written 12-3 in names of form fields, ids and addresses."""

    indicator_id: int
    region_id: int

    def __str__(self) -> str:
        return f"{self.indicator_id}-{self.region_id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The key that `str` wrote; None for anything else."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found else None
