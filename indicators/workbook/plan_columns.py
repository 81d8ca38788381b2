"""What a column of a published plan's own indicator table means, and which columns hold baseline and target.

Pure: no Django. To add a meaning, add a class with its titles to `PLAN_MEANINGS`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from indicators.workbook.columns import (
    Column,
    Meanings,
    NameColumn,
    NoteColumn,
    NumberColumn,
    Title,
    UnitColumn,
)
from indicators.workbook.headers import Header

#: Plans run over five years; of several target years the one within this distance is the plan's own.
PERIOD = 5


class CategoryColumn(Column):
    """The group of the indicator; of two such columns the right one is the finer."""

    label = "类别"
    may_repeat = True
    titles = frozenset(
        {
            "类别",
            "指标类别",
            "分类",
            "指标分类",
            "领域",
            "指标领域",
            "任务",
            "一级指标",
            "方面",
            "目标类别",
            "板块",
            "类",
        }
    )


class PlanNameColumn(NameColumn):
    """The name of the indicator; under a title over two columns the left one groups components."""

    may_repeat = True
    titles = NameColumn.titles | {"规划指标名称", "目标指标", "三级指标", "指标名称及单位", "指标及单位", "目标名称"}


class ConstraintColumn(Column):
    """How binding the target is."""

    label = "指标属性"
    titles = frozenset(
        {"指标属性", "属性", "指标性质", "性质", "指示属性", "指标类型", "类型", "约束性", "约束类型", "约束属性"}
        | {"目标属性", "目标性质", "指标约束性", "属性类型"}
    )


class LeadColumn(Column):
    """Who answers for the indicator."""

    label = "牵头单位"
    titles = frozenset({"牵头单位", "牵头部门", "牵头责任单位", "牵头责任部门", "主责单位", "主责部门", "主管部门"})


class ParticipatingColumn(Column):
    """Who shares the work."""

    label = "责任单位"
    may_repeat = True
    titles = frozenset(
        {"责任单位", "责任部门", "配合单位", "配合部门", "参与单位", "参与部门", "协办单位", "协同单位", "责任主体"}
        | {"责任分工", "落实单位", "落实部门", "实施单位", "部门", "部门分工"}
    )


class WordedColumn(Column):
    """A column that is known by words in its title, which may name a year."""

    may_name_year = True
    words: ClassVar[re.Pattern[str]]

    @classmethod
    def means(cls, title: Title) -> bool:
        """By words in the title."""
        return cls.words.search(title.words) is not None


class PassedColumn(WordedColumn):
    """What plan tables show beside and the portal has no place for; it is named in a notice."""

    label = "其他"
    may_repeat = True
    words = re.compile(r"时限|期限|任务|措施|增速|增长|年均|累计|变化|依据|来源|权重|分值|说明$")


class BaselineColumn(WordedColumn):
    """Where the period starts."""

    label = "基期值"
    words = re.compile(r"现状|基期|基准|基础值|基数|完成|实际|实绩|“?十三五”?末")


class TargetColumn(WordedColumn):
    """What the plan promises."""

    label = "目标"
    words = re.compile(r"目标|规划值|规划指标|计划值|指标值|指标要求|考核要求|规划期末")


class YearColumn(Column):
    """A column whose title is only a year: baseline or target, by its place among the others."""

    label = "年份列"
    may_name_year = True
    may_repeat = True

    @classmethod
    def means(cls, title: Title) -> bool:
        """A year and no word."""
        return title.year is not None and not title.words


PLAN_MEANINGS: Meanings = (
    NumberColumn,
    PlanNameColumn,
    UnitColumn,
    ConstraintColumn,
    CategoryColumn,
    LeadColumn,
    ParticipatingColumn,
    NoteColumn,
    PassedColumn,
    BaselineColumn,
    TargetColumn,
    YearColumn,
)


@dataclass(frozen=True)
class PeriodColumns:
    """The columns of baseline and target, the years that they or the caller name, and those passed over."""

    baseline: Column | None
    target: Column | None
    baseline_year: int | None
    target_year: int | None
    passed: tuple[Column, ...] = ()


def period_columns(header: Header, baseline_year: int | None, target_year: int | None) -> PeriodColumns:
    """Which columns are baseline and target. A year of the caller chooses the column that names it.

    Otherwise the target is the latest column within five years after the baseline, so that a 远景目标 of 2035 is passed
    over, and the baseline is the latest column before the target. Of bare years the first is the baseline.
    """
    bare = sorted(header.all(YearColumn), key=lambda column: column.year or 0)
    baselines: list[Column] = [*header.all(BaselineColumn)]
    targets: list[Column] = [*header.all(TargetColumn)]
    if not targets:
        before = _years_before(bare, baseline_year, target_year, has_baseline=bool(baselines))
        baselines += bare[:before]
        targets = [*bare[before:]]
    elif not baselines:
        baselines = [*bare]
    latest = max((column.year for column in targets if column.year), default=None)
    starts = [column.year for column in baselines if column.year and (latest is None or column.year < latest)]
    target = _target(targets, baseline_year or max(starts, default=None), target_year)
    end = target_year or (target.year if target else None)
    baseline = _baseline(baselines, end, baseline_year)
    passed = [column for column in (*baselines, *targets) if column not in (baseline, target)]
    return PeriodColumns(
        baseline=baseline,
        target=target,
        baseline_year=baseline_year or (baseline.year if baseline else None),
        target_year=end,
        passed=tuple(passed),
    )


def _years_before(
    bare: Sequence[Column], baseline_year: int | None, target_year: int | None, *, has_baseline: bool
) -> int:
    """How many of the columns whose titles are only years stand for a baseline."""
    if baseline_year is not None:
        return sum(column.year is not None and column.year <= baseline_year for column in bare)
    if target_year is not None:
        return sum(column.year is not None and column.year < target_year for column in bare)
    return 1 if len(bare) > 1 and not has_baseline else 0


def _target(columns: Sequence[Column], start: int | None, wanted: int | None) -> Column | None:
    named = [column for column in columns if column.year]
    if wanted is not None:
        exact = [column for column in named if column.year == wanted]
        return next(iter(exact or [column for column in columns if not column.year]), None)
    if start is not None:
        within = [column for column in named if column.year and start < column.year <= start + PERIOD]
        named = sorted(within, key=lambda column: column.year or 0, reverse=True) or named
    return next(iter(named or columns), None)


def _baseline(columns: Sequence[Column], end: int | None, wanted: int | None) -> Column | None:
    named = [column for column in columns if column.year]
    if wanted is not None:
        exact = [column for column in named if column.year == wanted]
        return next(iter(exact or [column for column in columns if not column.year]), None)
    before = [column for column in named if column.year and (end is None or column.year < end)]
    latest = sorted(before, key=lambda column: column.year or 0, reverse=True)
    return next(iter(latest or [column for column in columns if not column.year]), None)
