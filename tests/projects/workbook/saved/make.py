"""How the files beside this script were made: a template, sorted and with rows deleted, saved by LibreOffice as xlsx,
xls and ods.

`python -m tests.projects.workbook.saved.make` makes them anew; the tests only read them.
"""

import io
import subprocess
import tempfile
from pathlib import Path

import openpyxl

from projects.workbook.template import ENTRY_SHEET, write_report_template
from tests.indicators.workbook.templates import reorder, saved
from tests.projects.workbook.templates import CONTENT

HERE = Path(__file__).parent
#: The rows of the template that are left, in this order: both deliverables of the first project, the second one first.
LEFT = (1, 5, 0)


def main() -> None:
    """Write the template as somebody handled it and let LibreOffice save it in each format."""
    with tempfile.TemporaryDirectory() as folder:
        book = openpyxl.load_workbook(io.BytesIO(write_report_template(CONTENT)))
        reorder(book[ENTRY_SHEET], LEFT)
        path = Path(folder, "sorted.xlsx")
        path.write_bytes(saved(book))
        for kind in ("xlsx", "xls", "ods"):
            command = ["soffice", "--headless", "--convert-to", kind, "--outdir", str(HERE), str(path)]
            subprocess.run(command, check=True)  # noqa: S603


if __name__ == "__main__":
    main()
