"""Reading a figure that a person typed, and writing one for people. Pure: no Django.

Full-width digits, surrounding blanks, well-placed thousands separators and a percent sign are understood. Everything
else is refused with a sentence that says what to do; nothing is guessed.
"""

from __future__ import annotations

import re
from decimal import Decimal

from indicators.core.codes import MeasureKind

#: Figures have at most 15 significant digits, four after the point: exact in every supported database.
MAX_INTEGER_DIGITS = 11
MAX_DECIMALS = 4

#: Full-width forms and the minus sign of mathematics, as Chinese input methods type them; nothing else is folded.
HALF_WIDTH = str.maketrans("０１２３４５６７８９．，％＋－−", "0123456789.,%+--")

PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
DECIMAL_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]{1,2}|[+-]?[0-9]+,[0-9]{4,}")
CHINESE_DIGITS = re.compile(r"[〇零一二三四五六七八九十百千万亿点两]{2,}|[一二三四五六七八九十百]")
FULL_STOP = re.compile(r"[+-]?[0-9]+[。·][0-9]+")
RANGE = re.compile(r"[0-9.]+%?\s*[-—–~～至到]+\s*[0-9.]+")
WITH_BRACKETS = re.compile(r"(?P<figure>[+-]?[0-9]+(?:\.[0-9]+)?)%?\s*[(（][^()（）]*[)）]")
HEDGED = re.compile(r"(约|大约|近|超过?|不到|左右|以上|以下|余)")
COMPARED = re.compile(r"[<>≤≥＜＞≦≧]|不低于|不高于|低于|高于|大于|小于|不少于|不大于|不小于")


class FigureError(ValueError):
    """What stands there is no figure; the message says in Chinese why and what to type instead."""


def read_figure(text: str) -> Decimal:
    """The figure that `text` states, in the unit of the field (a trailing % is dropped: 96.7% is 96.7 percentage
    points).

    Raises FigureError for an empty text and for whatever is not plainly one figure.
    """
    plain = text.strip().translate(HALF_WIDTH).removesuffix("%").rstrip()
    if not plain:
        raise FigureError("请填写数值。")
    if GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if PLAIN.fullmatch(plain):
        return within_limits(Decimal(plain), text)
    if DECIMAL_COMMA.fullmatch(plain):
        raise FigureError(
            f"“{text.strip()}”中的逗号看不出是小数点还是千分位。小数请用点，例如 {plain.replace(',', '.')}。"
        )
    if FULL_STOP.fullmatch(plain):
        shown = re.sub("[。·]", ".", plain)
        raise FigureError(f"“{text.strip()}”中的小数点不是“.”。请改成 {shown}。")
    if RANGE.fullmatch(plain):
        raise FigureError(f"“{text.strip()}”是一个范围。请填实际达到的一个数，范围请写在“说明”栏。")
    if bracketed := WITH_BRACKETS.fullmatch(plain):
        raise FigureError(
            f"“{text.strip()}”带有文字。这里只填数字（例如 {bracketed['figure']}），括号中的内容请写在“说明”栏。"
        )
    if COMPARED.search(plain):
        digits = re.sub(r"[^\d.]", "", plain) or "96.7"
        raise FigureError(
            f"“{text.strip()}”不是数字，而是一个界限。请填实际达到的数（例如 {digits}），界限请写在“说明”栏。"
        )
    if HEDGED.search(plain):
        digits = re.sub(r"[^\d.]", "", plain) or "96.7"
        raise FigureError(f"“{text.strip()}”带有文字。这里只填数字（例如 {digits}），估算等情况请写在“说明”栏。")
    if CHINESE_DIGITS.search(plain):
        raise FigureError(f"“{text.strip()}”是中文数字。请改用阿拉伯数字，例如 96 或 96.7。")
    raise FigureError(f"“{text.strip()}”不是数字。请只填一个数，例如 96.7；还没有数据的，先不要填。")


def within_limits(figure: Decimal, text: str) -> Decimal:
    """The figure, if it is one that can be stored; raises FigureError otherwise. `text` is what the person typed."""
    exponent = figure.as_tuple().exponent
    decimals = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    if decimals > MAX_DECIMALS:
        raise FigureError(f"“{text.strip()}”的小数超过 {MAX_DECIMALS} 位，请四舍五入后再填。")
    if figure.adjusted() >= MAX_INTEGER_DIGITS:
        raise FigureError(f"“{text.strip()}”的整数部分超过 {MAX_INTEGER_DIGITS} 位，请核对数值和单位。")
    return figure


def show_figure(figure: Decimal | None) -> str:
    """The figure without trailing zeros or exponent; an unknown figure is shown as —."""
    if figure is None:
        return "—"
    text = f"{figure:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def difference_unit(unit: str, measure: str) -> str:
    """The unit of a difference of two figures: percentages of a level differ by percentage points.

    `measure` is a MeasureKind.
    """
    return "个百分点" if unit == "%" and measure == MeasureKind.LEVEL else unit
