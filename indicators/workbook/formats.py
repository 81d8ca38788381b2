"""Number formats: which of them show a fraction as a percentage. Pure: no Django."""

from __future__ import annotations

import re

#: Formats 9 (0%) and 10 (0.00%) of every spreadsheet program.
PERCENT_FORMATS = frozenset({9, 10})
#: Text of a format that is shown as it stands: "…", \x, _x and *x, [colour or condition].
_LITERAL = re.compile(r'"[^"]*"|[\\_*!].|\[[^\]]*\]')


def shows_percent(code: str) -> bool:
    """Whether figures in this format are multiplied by 100 for showing; 0.0"%" only shows the sign."""
    return "%" in code and "%" in _LITERAL.sub("", code)
