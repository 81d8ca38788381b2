"""Normalising printed text, so that one grammar reads every way of writing a target. Pure: no Django.

Understood are full-width characters, blanks of every kind, thousands separators, 。 as a decimal point, both kinds of
dash, Roman numerals as single characters, LaTeX as document converters leave it, and variants of the comparison signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

#: Unsigned, in normalised text. Longer runs of digits are no figure of a plan.
DIGITS = r"[0-9]{1,20}(?:\.[0-9]{1,20})?"
NUMBER = rf"-?{DIGITS}"

#: ！ to ～ of the full-width block lie 0xFEE0 behind their ASCII forms.
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"))
_ROMAN = {
    first + offset: numeral
    for first in (0x2160, 0x2170)
    for offset, numeral in enumerate(("I", "II", "III", "IV", "V"))
}
_SIGNS = str.maketrans(
    {
        "≧": "≥", "⩾": "≥", "≮": "≥", "≦": "≤", "⩽": "≤", "≯": "≤",
        "−": "-", "﹣": "-", "―": "—", "─": "—", "〜": "~", "∼": "~",
        "µ": "μ", "㎡": "m2", "㎥": "m3", "㎞": "km", "㎏": "kg", "﹪": "%", "｡": "。",
    }
)  # fmt: skip

_LATEX = (
    (r"\\(?:geqslant|geq|ge)(?![a-zA-Z])", "≥"),
    (r"\\(?:leqslant|leq|le)(?![a-zA-Z])", "≤"),
    (r"\\gt(?![a-zA-Z])", ">"),
    (r"\\lt(?![a-zA-Z])", "<"),
    (r"\\sim(?![a-zA-Z])", "~"),
    (r"\\mu(?![a-zA-Z])", "μ"),
    (r"\\(?:text|mathrm|mathbf)(?=\{)", ""),
    (r"\\([%$&#_])", r"\1"),
    (r"\\[,;: ]|\$", ""),
)
_LATEX_PATTERNS = tuple((re.compile(pattern), text) for pattern, text in _LATEX)
_INDEX = re.compile(r"(?<![0-9.])(?:[_^]\{([0-9.]+)\}|[_^](?=[0-9]))")

_SPACED_THOUSANDS = re.compile(r"(?<![0-9.])[0-9]{1,3}(?: [0-9]{3})+(?![0-9])")
_COMMA_THOUSANDS = re.compile(r"(?<![0-9.,])[0-9]{1,3}(?:,[0-9]{3})+(?![0-9,])")
#: A blank between two digits may separate two figures: it stays, and the figure is not understood.
_BLANK = re.compile(r"(?<![0-9])\s+|\s+(?![0-9])")
_SUPERSCRIPT = re.compile(r"(?<=[A-Za-z米])[²³]")

_DASHES = re.compile(r"[—–]{2,}")
#: In front of a figure an en dash is a minus; an em dash may be a bullet and a tilde may mean "about".
_EN_DASH_MINUS = re.compile(r"(?:^|(?<=[≥≤<>;,]))–(?=[0-9])")

_SYNONYMS = (
    (re.compile(r">=|≥=|大于或?等于|达到或超过"), "≥"),
    (re.compile(r"<=|≤=|小于或?等于"), "≤"),
    (re.compile(r"(?:达到|好于|优于)(?:或|及|和)(?:达到|好于|优于)"), "达到"),
    (re.compile(r"[及或]以上"), "以上"),
    (re.compile(r"[及或]以下"), "以下"),
)


@lru_cache(maxsize=8192)
def normalise(text: str) -> str:
    """The same wording in one way of writing; the verbatim wording is kept elsewhere.

    Superscripts are dissolved in units only: 10² keeps its superscript, because reading it as 102 would be a guess. The
    last answers are remembered, because units, years and places come again in every row of a workbook, and its codes
    are those of the plan.
    """
    plain = text.translate(_FULL_WIDTH).translate(_INVISIBLE).translate(_ROMAN).translate(_SIGNS)
    plain = _without_latex(plain)
    plain = _SUPERSCRIPT.sub(lambda match: {"²": "2", "³": "3"}[match.group()], plain)
    plain = re.sub(r"\s", " ", plain)
    plain = _SPACED_THOUSANDS.sub(lambda match: match.group().replace(" ", ""), plain)
    plain = _BLANK.sub("", plain)
    plain = re.sub(r"(?<=[0-9])。(?=[0-9])", ".", plain)
    plain = _COMMA_THOUSANDS.sub(lambda match: match.group().replace(",", ""), plain)
    for pattern, sign in _SYNONYMS:
        plain = pattern.sub(sign, plain)
    plain = _DASHES.sub("—", plain)
    plain = _EN_DASH_MINUS.sub("-", plain).replace("–", "—")
    return plain.strip(" 。;,").rstrip(".")


def any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, longest first so that 不低于 is not read as 低于."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


def _without_latex(text: str) -> str:
    if "\\" in text or "$" in text:
        for pattern, sign in _LATEX_PATTERNS:
            text = pattern.sub(sign, text)
    # An index or exponent belongs to a unit or a formula; behind a digit it would change the figure.
    return _INDEX.sub(lambda match: match.group(1) or "", text)
