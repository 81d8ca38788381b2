"""What a column of an indicator table means, read from its title. Pure: no Django.

To add a meaning, add a class with its titles to `MEANINGS`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

from indicators.core.units import is_known_unit
from indicators.core.wording import normalise

_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9])(?:年度|年末|年底|年)?")
#: A year written short: 21年. Behind one of these words it is a number of years (近10年).
_SHORT_YEAR = re.compile(r"(?<![0-9.近前后共约第每满达])([0-9]{2})年(?:度|末|底)?")
_BRACKETS = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|【([^】]*)】")
_DECORATION = re.compile(r"[\s*:：、,，。.]")
#: A year that stands between these is part of a period (2021-2025年), not the year of a column.
_PERIOD = re.compile(r"(?:19|20)[0-9]{2}年?[-—~至到](?:(?:19|20)?[0-9]{2})年?|[0-9]{2}年?[-—~至到][0-9]{2}年")
_ASIDES = re.compile(r"[、,，;；/]")


@dataclass(frozen=True)
class Title:
    """A title taken apart: the words without blanks and brackets, the year in it, the unit in brackets, and `aside`,
    what else the brackets say: 2025年（目标）."""

    words: str
    year: int | None = None
    unit: str = ""
    aside: str = ""

    @classmethod
    def of(cls, text: str) -> Title:
        """The title that the header cells of a column say, joined from top to bottom."""
        plain = normalise(text)
        if not _YEAR.search(plain) and not _PERIOD.search(plain):
            plain = _SHORT_YEAR.sub(r"20\1年", plain)
        years = [] if _PERIOD.search(plain) else _YEAR.findall(plain)
        year = int(years[0]) if len(set(years)) == 1 else None
        insides = [part for brackets in _BRACKETS.finditer(plain) for part in _inside(brackets)]
        unit = next(filter(is_known_unit, (_unit_in(inside) for inside in insides)), "")
        asides = [inside for inside in insides if not inside.startswith("单位") and not is_known_unit(inside)]
        words, aside = _BRACKETS.sub("", plain), "".join(asides)
        if year is not None:
            words, aside = _YEAR.sub("", words), _YEAR.sub("", aside)
        return cls(_DECORATION.sub("", words), year, unit, _DECORATION.sub("", aside))


def _inside(brackets: re.Match[str]) -> list[str]:
    """What a pair of brackets says: as a whole where it is a unit (t/a), else piece by piece (2023年、%)."""
    text = next((group for group in brackets.groups() if group), "")
    return [text] if is_known_unit(_unit_in(text)) else _ASIDES.split(text)


def _unit_in(inside: str) -> str:
    return inside.removeprefix("单位").lstrip(":")


@dataclass(frozen=True)
class Column:
    """A column with a meaning; `index` counts from 0. `year` and `unit` are what its title says, for those that may."""

    #: What people call the column in errors.
    label: ClassVar[str]
    #: Titles, without year, unit and blanks.
    titles: ClassVar[frozenset[str]] = frozenset()
    #: Whether the title may name a year (2021年数据来源).
    may_name_year: ClassVar[bool] = False
    #: Whether a cell merged over several rows holds for each of them.
    fills_down: ClassVar[bool] = True
    #: Whether several columns of this meaning are one statement in pieces.
    may_repeat: ClassVar[bool] = False
    #: What the title may say in brackets without being another column (2025年（目标）); None for anything.
    asides: ClassVar[re.Pattern[str] | None] = None

    index: int
    year: int | None = None
    unit: str = ""

    @classmethod
    def means(cls, title: Title) -> bool:
        """Whether a column with this title is of this kind."""
        return title.words in cls.titles and (title.year is None or cls.may_name_year) and cls.bears(title.aside)

    @classmethod
    def bears(cls, aside: str) -> bool:
        """Whether the brackets in the title leave it a column of this kind."""
        return cls.asides is None or cls.asides.fullmatch(aside) is not None


class CodeColumn(Column):
    """The code of the indicator in the portal (bazhong-05)."""

    label = "代码"
    titles = frozenset({"代码", "指标代码", "编码", "指标编码", "门户代码"})


class NumberColumn(Column):
    """The number of the indicator in its plan, or only of the row: it decides between equal names, never alone."""

    label = "序号"
    titles = frozenset({"序号", "编号", "指标序号", "指标编号", "号"})


class NameColumn(Column):
    """The name of the indicator."""

    label = "指标名称"
    titles = frozenset(
        {"指标名称", "指标", "名称", "指标项", "指标项目", "指标内容", "具体指标", "主要指标", "考核指标", "评价指标"}
        | {"二级指标", "规划指标", "项目"}
    )


class ParentColumn(Column):
    """The indicator that this one is a component of."""

    label = "所属指标"
    titles = frozenset({"所属指标", "上级指标"})


class UnitColumn(Column):
    """The unit that the row's figures are in."""

    label = "单位"
    titles = frozenset({"单位", "计量单位", "指标单位", "数据单位"})


class RegionColumn(Column):
    """The place that the value belongs to."""

    label = "地区"
    titles = frozenset(
        {"地区", "区域", "县区", "区县", "县市", "市县", "县市区", "行政区", "行政区划", "所在地区", "县", "市州"}
    )


class YearColumn(Column):
    """The year of the row's value."""

    label = "年度"
    titles = frozenset({"年度", "年份", "年", "统计年度", "数据年度", "填报年度", "指标年度"})


#: What may stand around a year, or in brackets, without saying anything else than that these are the values of it.
_ACTUAL = (
    r"“?十[三四五]五”?|(?:规划|指标)(?=期间|实施|进展|完成|实际|年度|各年|分年度|逐年|历年|情况|数据|监测|统计)|期间|实施|进展|完成"
    r"|实际|年度|各年|分年度|逐年|历年|全年|情况|数值|数据|值|数|监测|统计|结果|成效|填报|填写|截[至止]"
)


class ValueColumn(Column):
    """Figures, grades or findings; the title may name the year, and then needs no word that says more.

    What a plan wants (规划值, 指标值) is no value, and what brackets make of a year (预计, 1-9月) is none of that year.
    """

    label = "数值"
    may_name_year = True
    fills_down = False
    titles = frozenset(
        {
            "数值",
            "值",
            "完成值",
            "实际值",
            "完成情况",
            "实际完成值",
            "实际完成",
            "实际完成情况",
            "完成数",
            "实际数",
            "完成数值",
        }
        | {
            "年度数值",
            "年度值",
            "年度完成值",
            "年度完成情况",
            "年度实际值",
            "填报值",
            "填报数",
            "上报值",
            "上报数",
            "填报数值",
            "监测值",
            "统计值",
        }
        | {"实际", "实绩", "完成", "本年值", "当年值", "本年完成", "本年实际", "当年完成值", "实际数值", "指标完成情况"}
        | {"本年完成值", "当年完成情况", "本年完成情况"}
    )
    around_year = re.compile(rf"(?:{_ACTUAL})*")
    asides = re.compile(rf"(?:{_ACTUAL}|必填|选填|只?填数字|保留.{{1,3}}位?小数)*")

    @classmethod
    def means(cls, title: Title) -> bool:
        """As any column, or a year with such words."""
        return super().means(title) or (
            title.year is not None and cls.around_year.fullmatch(title.words) is not None and cls.bears(title.aside)
        )


class FindingColumn(Column):
    """Findings, where a table keeps them apart from figures."""

    label = "评定结论"
    may_name_year = True
    fills_down = False
    titles = frozenset({"评定结论", "评定", "评定结果", "结论", "达成情况"})
    asides = ValueColumn.asides


class SourceColumn(Column):
    """Where the value comes from."""

    label = "数据来源"
    may_name_year = True
    titles = frozenset({"数据来源", "来源", "资料来源", "数据出处", "出处", "数据来源及依据"})


class NoteColumn(Column):
    """What there is to say about the value."""

    label = "说明"
    may_name_year = True
    may_repeat = True
    titles = frozenset({"说明", "备注", "备注说明", "情况说明", "填报说明", "注", "注释", "数据说明"})


class KnownColumn(Column):
    """What tables show beside the values and the portal knows or does not need: it is passed over without a word."""

    label = "其他"
    may_name_year = True
    may_repeat = True
    words = re.compile(
        r"目标|基期|现状|基准|规划|计划|要求|任务|属性|性质|类型|类别|分类|领域|方向|牵头|责任|部门|填报人|填报单位|联系"
        r"|负责人|日期|上年|去年|上一年|往年|历年|评价|状态|审核|意见|进度|缺口|预警|得分|分值|权重|一级指标|填报口径|网址|下达|应达到|理由"
    )

    @classmethod
    def means(cls, title: Title) -> bool:
        """By words in the title, in brackets too."""
        return cls.words.search(title.words + title.aside) is not None


#: What the columns of a kind of table may mean, in the order in which the meanings are asked.
Meanings = tuple[type[Column], ...]
#: Those of a table of yearly values.
MEANINGS: Meanings = (
    CodeColumn,
    NumberColumn,
    NameColumn,
    ParentColumn,
    UnitColumn,
    RegionColumn,
    YearColumn,
    ValueColumn,
    FindingColumn,
    SourceColumn,
    NoteColumn,
    KnownColumn,
)


def column_of(text: str, index: int, meanings: Meanings = MEANINGS) -> Column | None:
    """The column that a title announces; None for an empty title and for one that is not understood."""
    if not text.strip():
        return None
    title = Title.of(text)
    return next((meaning(index, title.year, title.unit) for meaning in meanings if meaning.means(title)), None)
