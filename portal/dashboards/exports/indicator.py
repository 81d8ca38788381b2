"""The page of an indicator as a file: its years, the versions of its targets and baseline, its components and
counties."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from indicators.downloads import Export
from indicators.export_cells import severity_words, shown_figure, value_cell, verdict_words, words, yes
from indicators.models import Baseline, Indicator
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.exports.indicator_rows import COLUMNS, IndicatorLine
from portal.dashboards.indicator.counties import CountyRow
from portal.dashboards.indicator.page import IndicatorPage
from portal.dashboards.indicator.targets import TargetVersion
from portal.dashboards.indicator.years import YearRow


@dataclass(frozen=True)
class YearLine:
    """A year of the indicator."""

    indicator: Indicator
    row: YearRow

    def figure(self, text: str) -> Cell:
        """A figure of the row, which the page shows with its unit."""
        return shown_figure(text, self.indicator.unit)

    @property
    def gap(self) -> Cell:
        """The distance from the target."""
        return shown_figure(self.row.gap, self.indicator.difference_unit)

    @property
    def value(self) -> Cell:
        """The approved value."""
        record = self.row.record
        return value_cell(self.indicator, record.value, record.finding) if record else None


@dataclass(frozen=True)
class VersionLine:
    """A version of a target or baseline. `wording` is the printed one, `understood` how the portal reads it."""

    title: str
    year: int
    version: int
    is_current: bool
    wording: str
    understood: Cell
    assigned: Cell
    document: str
    effective_on: date | None
    note: str


@dataclass(frozen=True)
class CountyLine:
    """A county that the indicator is broken down to, judged in `year`."""

    indicator: Indicator
    row: CountyRow
    year: int

    @property
    def value_year(self) -> int | None:
        """The year of the value; None without one."""
        return None if words(self.row.value) is None else self.row.value_year or self.year


YEARS: list[Column[YearLine]] = [
    Column("指标代码", lambda line: line.indicator.code),
    Column("指标名称", lambda line: line.indicator.name),
    Column("单位", lambda line: line.indicator.unit or None),
    Column("年度", lambda line: line.row.year),
    Column("数值", lambda line: line.value),
    Column("当年应达到", lambda line: line.figure(line.row.required)),
    Column("年度目标", lambda line: line.row.annual_target.wording if line.row.annual_target else None),
    Column("序时进度完成率", lambda line: shown_figure(line.row.pace, "%"), unit="%"),
    Column("与目标差距", lambda line: line.gap),
    Column("评价", lambda line: verdict_words(line.row.assessment)),
    Column("预警", lambda line: severity_words(line.row.assessment.severity) if line.row.assessment else None),
    Column("理由", lambda line: line.row.assessment.reason if line.row.assessment else None),
    Column("演示数据", lambda line: yes(line.row.assessment and line.row.assessment.is_demonstration)),
    Column("数据来源", lambda line: (line.row.record.source or "未注明") if line.row.record else None),
    Column("来源网址", lambda line: (line.row.record.source_url or None) if line.row.record else None),
    Column("说明", lambda line: (line.row.record.note or None) if line.row.record else None),
]
VERSIONS: list[Column[VersionLine]] = [
    Column("内容", lambda line: line.title),
    Column("年份", lambda line: line.year),
    Column("版本", lambda line: line.version),
    Column("现行", lambda line: yes(line.is_current)),
    Column("原文", lambda line: words(line.wording)),
    Column("理解", lambda line: line.understood),
    Column("下达数", lambda line: line.assigned),
    Column("依据文件", lambda line: words(line.document)),
    Column("生效日期", lambda line: line.effective_on),
    Column("说明", lambda line: words(line.note)),
]
COUNTIES: list[Column[CountyLine]] = [
    Column("指标代码", lambda line: line.indicator.code),
    Column("指标名称", lambda line: line.indicator.name),
    Column("单位", lambda line: line.indicator.unit or None),
    Column("县区", lambda line: line.row.county.name),
    Column("基期值（原文）", lambda line: words(line.row.baseline)),
    Column("目标年", lambda line: line.indicator.target_year),
    Column("目标（原文）", lambda line: line.row.target.target.wording),
    Column("评价年度", lambda line: line.year),
    Column("数值", lambda line: shown_figure(line.row.value, line.indicator.unit)),
    Column("数值年度", lambda line: line.value_year),
    Column("评价", lambda line: verdict_words(line.row.assessment)),
    Column("预警", lambda line: severity_words(line.row.assessment.severity) if line.row.assessment else None),
    Column("理由", lambda line: line.row.assessment.reason if line.row.assessment else None),
]


def indicator_export(page: IndicatorPage) -> Export:
    """Values with verdicts by year, versions of targets and baseline; components and counties in the newest complete
    year, where there are any."""
    indicator = page.indicator
    latest = page.current.year if page.current else indicator.target_year
    tables: list[ExportTable[Any]] = [
        ExportTable("历年数值与评价", YEARS, [YearLine(indicator, row) for row in page.years]),
        ExportTable("目标和基期值各版本", VERSIONS, list(version_lines(page))),
    ]
    if page.components:
        lines = [IndicatorLine(row, latest) for row in page.components]
        tables.append(ExportTable("分项指标", COLUMNS, lines))
    if page.counties:
        counties = [CountyLine(indicator, row, page.county_year) for row in page.counties]
        tables.append(ExportTable("分解到县区", COUNTIES, counties))
    return Export(
        name=[indicator.plan.title, indicator.name],
        page=f"{indicator.plan.title}：{indicator.name}（{indicator.code}）历年数值与评价",
        tables=tables,
        has_demonstration=any(row.assessment and row.assessment.is_demonstration for row in page.years),
    )


def version_lines(page: IndicatorPage) -> Iterator[VersionLine]:
    """The versions in the order of the page: targets, shares of other regions, baselines."""
    for version in page.targets:
        yield target_line(page.indicator, version, f"{version.target.year} 年目标")
    for version in page.shares:
        yield target_line(page.indicator, version, f"{version.target.region} {version.target.year} 年分解目标")
    for baseline in page.baselines:
        yield baseline_line(page.indicator, baseline, is_current=baseline == page.baseline)


def target_line(indicator: Indicator, version: TargetVersion, title: str) -> VersionLine:
    """One version of a target."""
    target = version.target
    return VersionLine(
        title=title,
        year=target.year,
        version=target.version,
        is_current=version.is_current,
        wording=target.wording or "原文未写",
        understood=version.rule.describe(),
        assigned=value_cell(indicator, target.assigned_value),
        document=target.document,
        effective_on=target.effective_on,
        note=target.note,
    )


def baseline_line(indicator: Indicator, baseline: Baseline, *, is_current: bool) -> VersionLine:
    """One version of the baseline; what the portal reads is the figure itself."""
    return VersionLine(
        title=f"{baseline.year} 年基期值",
        year=baseline.year,
        version=baseline.version,
        is_current=is_current,
        wording=baseline.text,
        understood=value_cell(indicator, baseline.value),
        assigned=None,
        document=baseline.document or baseline.source,
        effective_on=baseline.effective_on,
        note=baseline.note,
    )
