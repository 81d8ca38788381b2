"""The cells of a checked file through calamine, which reads ten times faster than Python. Pure: no Django."""

from __future__ import annotations

import io
from collections.abc import Sequence

from python_calamine import CalamineError, CalamineWorkbook

from indicators.workbook.refusals import BROKEN, WorkbookRefused
from indicators.workbook.table import Merge, RawCell

#: Rows from A1 to the last filled cell, and merged cells.
Cells = tuple[list[list[RawCell]], tuple[Merge, ...]]


def read_cells(data: bytes, names: Sequence[str]) -> list[Cells]:
    """The cells of the sheets with these names, in the same order.

    Calamine lays a sheet out as a full rectangle in memory: ask only for sheets whose size was checked. Raises
    WorkbookRefused.
    """
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(data)) as workbook:
            return [_cells_of(workbook, name) for name in names]
    except (CalamineError, OSError, ValueError, OverflowError) as error:
        raise WorkbookRefused(BROKEN) from error
    except BaseException as error:
        # A panic inside calamine arrives as PanicException, which is no Exception and has no importable name.
        if type(error).__name__ == "PanicException":
            raise WorkbookRefused(BROKEN) from error
        raise


def _cells_of(workbook: CalamineWorkbook, name: str) -> Cells:
    sheet = workbook.get_sheet_by_name(name)
    return sheet.to_python(skip_empty_area=False), tuple(
        Merge(*first, *last) for first, last in sheet.merged_cell_ranges or []
    )
