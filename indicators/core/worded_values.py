"""Reading a grade or finding that a person typed, and the words that say that there is no value. Pure: no Django."""

from __future__ import annotations

import re

from indicators.core.codes import Finding, Grade
from indicators.core.vocabulary import EMPTY_CELLS
from indicators.core.wording import normalise

#: Cells that say that there is no value, or none yet.
NO_VALUE = EMPTY_CELLS | {"无", "暂无", "无数据", "暂无数据", "未统计", "未监测", "待定", "待统计"}

_GRADE = re.compile(r"(?P<inferior>劣)?(?P<numeral>I{1,3}|IV|V|[1-5一二三四五])类?(?:水质|水体|水)?(?:标准)?")
_NUMERALS = (("I", "1", "一"), ("II", "2", "二"), ("III", "3", "三"), ("IV", "4", "四"), ("V", "5", "五"))
_GRADE_OF = {numeral: Grade(ordinal) for ordinal, numerals in enumerate(_NUMERALS, start=1) for numeral in numerals}

#: Words that say exactly what a finding says; 基本完成 or 推进中 leave the judgement open and are not among them.
_FINDINGS = {
    Finding.ACHIEVED: ("达成", "已达成", "完成", "已完成", "全部完成", "达标", "已达标", "达到目标"),
    Finding.PARTLY: ("部分达成", "部分完成", "部分达标"),
    Finding.NOT_ACHIEVED: ("未达成", "没有达成", "未完成", "没有完成", "未达标", "未达到目标"),
}
_FINDING_OF = {word: finding for finding, words in _FINDINGS.items() for word in (finding.value, *words)}


def states_no_value(text: str) -> bool:
    """Whether the text is empty or says, like — or 无, that there is no value."""
    return normalise(text).lower() in NO_VALUE


def read_grade(text: str) -> Grade | None:
    """The water-quality grade that the text states (Ⅲ类, III, 三类水质, 3, 劣Ⅴ类); 6 alone is 劣Ⅴ类, as in the portal's
    own fields. None for anything else."""
    plain = normalise(text).upper()
    if plain == str(Grade.INFERIOR_V.value):
        return Grade.INFERIOR_V
    found = _GRADE.fullmatch(plain)
    if found is None:
        return None
    grade = _GRADE_OF[found["numeral"]]
    if not found["inferior"]:
        return grade
    return Grade.INFERIOR_V if grade is Grade.V else None


def read_finding(text: str) -> Finding | None:
    """The finding that the text states, by its code, label or a word of the same meaning; None for anything else."""
    return _FINDING_OF.get(normalise(text))
