"""Number formats: which of them show a percentage or a date. Pure: no Django."""

from __future__ import annotations

import re

#: Formats 9 (0%) and 10 (0.00%) of every spreadsheet program.
PERCENT_FORMATS = frozenset({9, 10})
#: Formats of dates and times, those of Chinese Windows among them.
DATE_FORMATS = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
#: Text of a format that is shown as it stands: "…", \x, _x and *x, [colour or condition].
_LITERAL = re.compile(r'"[^"]*"|[\\_*!].|\[[^\]]*\]')


def shows_percent(code: str) -> bool:
    """Whether figures in this format are multiplied by 100 for showing; 0.0"%" only shows the sign."""
    return "%" in code and "%" in _LITERAL.sub("", code)


def shows_date(code: str) -> bool:
    """Whether figures in this format are shown as a date or a time: yyyy"年"m"月"."""
    return re.search("[ymdhs]", _LITERAL.sub("", code), re.IGNORECASE) is not None
