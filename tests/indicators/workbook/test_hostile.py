"""Hostile and broken files: refused with a clear sentence, in little time and memory."""

from __future__ import annotations

import subprocess
import sys

import pytest

from indicators.workbook.opening import open_workbook
from indicators.workbook.refusals import WorkbookRefused
from tests.indicators.workbook.hostile import HOSTILE

#: Memory that opening may take beyond the program and the file itself.
MOST_MEGABYTES = 250


@pytest.mark.parametrize("name", [name for name, (_, advice) in HOSTILE.items() if advice])
def test_a_hostile_file_is_refused_with_what_to_do(name: str) -> None:
    make, advice = HOSTILE[name]
    with pytest.raises(WorkbookRefused, match=advice) as refusal:
        open_workbook(make())
    assert str(refusal.value).endswith("。")


@pytest.mark.parametrize("name", [name for name, (_, advice) in HOSTILE.items() if not advice])
def test_what_only_looks_hostile_is_read(name: str) -> None:
    assert open_workbook(HOSTILE[name][0]()).sheets


@pytest.mark.parametrize(
    "name",
    [
        "zip bomb",
        "zip bomb that claims to be small",
        "a million formatted rows",
        "formatted columns",
        "one long text in many cells",
        "ods that repeats a cell over the sheet",
        "xls with cells in opposite corners",
    ],
)
def test_opening_a_hostile_file_takes_little_memory(name: str) -> None:
    made = HOSTILE[name][0]()
    answer = subprocess.run(
        [sys.executable, "-m", "tests.indicators.workbook.hostile"],
        input=made,
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert int(answer.stdout.split()[0]) < MOST_MEGABYTES
