"""Indicators as a table of an export, for the pages of a plan, a department and an indicator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from indicators.export_cells import names, severity_words, shown_figure, value_cell, verdict_words, words, yes
from indicators.models import Baseline, Indicator, Target
from indicators.workbook.export import Cell, Column
from portal.dashboards.rows import IndicatorRow, row_baseline, row_target


@dataclass(frozen=True)
class IndicatorLine:
    """A row of a page judged in `year`; `footnotes` are those of its page, `duty` the part that a department has."""

    row: IndicatorRow
    year: int
    footnotes: Sequence[str] = field(default_factory=list)
    duty: str = ""

    @property
    def indicator(self) -> Indicator:
        """The indicator of the row."""
        return self.row.indicator

    @property
    def baseline(self) -> Baseline | None:
        """The baseline in force."""
        return row_baseline(self.indicator)

    @property
    def target(self) -> Target | None:
        """The final target in force."""
        return row_target(self.indicator)

    @property
    def value_year(self) -> int | None:
        """The year of the value; None without one."""
        return None if words(self.row.value) is None else self.row.value_year or self.year

    @property
    def leads(self) -> Cell:
        """Departments that lead; the coordinating one is marked as on the page."""
        coordinating = self.row.duties.coordinating
        return f"{coordinating.name}（统筹）" if coordinating else names(self.row.duties.leads)

    @property
    def notes(self) -> Cell:
        """The texts of the row's footnotes."""
        numbers = {self.row.baseline.footnote, self.row.target.footnote}
        return "；".join(self.footnotes[number - 1] for number in sorted(filter(None, numbers))) or None


def has_demonstration(rows: Iterable[IndicatorRow]) -> bool:
    """Whether a verdict of the rows rests on figures of demonstration."""
    return any(row.assessment is not None and row.assessment.is_demonstration for row in rows)


def baseline_figure(line: IndicatorLine) -> Cell:
    """The baseline as a figure, grade or nothing."""
    return value_cell(line.indicator, line.baseline.value) if line.baseline else None


def assigned(line: IndicatorLine) -> Cell:
    """The number that an upper level assigned."""
    return value_cell(line.indicator, line.target.assigned_value) if line.target else None


def parent_name(line: IndicatorLine) -> Cell:
    """The indicator that a component belongs to."""
    return line.indicator.parent.name if line.indicator.parent else None


#: Where an indicator stands and what it is.
PLACE: list[Column[IndicatorLine]] = [
    Column("指标代码", lambda line: line.indicator.code),
    Column("类别", lambda line: line.indicator.category.label or line.indicator.category.name),
    Column("序号", lambda line: line.indicator.number or None),
    Column("指标名称", lambda line: line.indicator.name),
    Column("所属指标", parent_name),
    Column("单位", lambda line: line.indicator.unit or None),
    Column("指标属性", lambda line: line.indicator.get_constraint_display()),
    Column("指标属性（原文）", lambda line: line.row.constraint_wording or None),
]
FIGURES: list[Column[IndicatorLine]] = [
    Column("基期值（原文）", lambda line: line.row.baseline.text),
    Column("基期值", baseline_figure),
    Column("基期值说明", lambda line: line.row.baseline_label or None),
    Column("评价年度", lambda line: line.year),
    Column("数值", lambda line: shown_figure(line.row.value)),
    Column("数值年度", lambda line: line.value_year),
    Column("目标（原文）", lambda line: line.row.target.text),
    Column("上级下达数", assigned),
    Column("目标年", lambda line: line.indicator.target_year),
]
ANSWERS: list[Column[IndicatorLine]] = [
    Column("牵头单位", lambda line: line.leads),
    Column("责任单位", lambda line: names(line.row.duties.participating)),
]
VERDICT: list[Column[IndicatorLine]] = [
    Column("评价", lambda line: verdict_words(line.row.assessment)),
    Column("预警", lambda line: severity_words(line.row.assessment.severity) if line.row.assessment else None),
    Column("理由", lambda line: line.row.assessment.reason if line.row.assessment else None),
    Column("演示数据", lambda line: yes(line.row.assessment and line.row.assessment.is_demonstration)),
    Column("较上年变差", lambda line: yes(line.row.assessment and line.row.assessment.worsened)),
]
NOTES: Column[IndicatorLine] = Column("注", lambda line: line.notes)
#: For a page of several plans.
PLAN: Column[IndicatorLine] = Column("规划", lambda line: line.indicator.plan.title)
SECTION: Column[IndicatorLine] = Column("章节", lambda line: line.indicator.section)
DUTY: Column[IndicatorLine] = Column("本部门分工", lambda line: line.duty)

COLUMNS = [*PLACE, *FIGURES, *ANSWERS, *VERDICT]
