"""我的填报 as files: the person's plans and years, and the sheet of one of them as it is stored."""

from __future__ import annotations

from dataclasses import dataclass

from indicators.downloads import WORK_IN_PROGRESS, Export
from indicators.entry.plans import MyPlans, PlanLines, YearLine
from indicators.entry.rows import EarlierValue, SheetRow
from indicators.entry.sheet import Sheet
from indicators.export_cells import shown_figure, value_cell, words
from indicators.measure_reports.mine import MyMeasures
from indicators.models import Plan, ReviewStatus, Target, ValueOrigin, YearlyValue
from indicators.workbook.export import Cell, Column, ExportTable


@dataclass(frozen=True)
class PlacedYear:
    """A year with its plan."""

    plan: Plan
    line: YearLine


PLANS: list[Column[PlacedYear]] = [
    Column("规划标识", lambda each: each.plan.slug),
    Column("规划", lambda each: each.plan.title),
    Column("年度", lambda each: each.line.year),
    Column("应填", lambda each: each.line.total, unit="项"),
    Column("未填", lambda each: each.line.missing, unit="项"),
    Column("草稿", lambda each: each.line.drafts, unit="项"),
    Column("待审核", lambda each: each.line.submitted, unit="项"),
    Column("已退回", lambda each: each.line.returned, unit="项"),
    Column("已审定", lambda each: each.line.approved, unit="项"),
    Column("截止日期", lambda each: each.line.opened.deadline if each.line.opened else None),
    Column("逾期", lambda each: each.line.days_overdue or None, unit="天"),
]


def plans_export(page: MyPlans, measures: MyMeasures) -> Export:
    """The person's plans and years with the numbers of values in each state; a second table has those of statements on
    measures, where the person answers for some."""
    tables = [ExportTable("填报情况", PLANS, placed_years(page.plans))]
    if measures.plans:
        tables.append(ExportTable("任务落实", PLANS, placed_years(measures.plans)))
    return Export(
        name=["我的填报"],
        page="我的填报：各规划各年度的填报情况",
        chosen=[("筛选", "导出人负责填报或审核的指标和任务")],
        tables=tables,
        basis="各状态的数值和落实情况个数，含尚未审定的。",
    )


def placed_years(plans: list[PlanLines]) -> list[PlacedYear]:
    """Every year of every plan."""
    return [PlacedYear(each.plan, line) for each in plans for line in each.years]


def final_target(row: SheetRow) -> Target | None:
    """The final target in force."""
    return row.evidence.targets.get(row.indicator.target_year)


def baseline_figure(row: SheetRow) -> Cell:
    """The baseline as a figure or grade."""
    baseline = row.evidence.baseline
    return value_cell(row.indicator, baseline.value) if baseline else None


def assigned(row: SheetRow) -> Cell:
    """The number that an upper level assigned."""
    target = final_target(row)
    return value_cell(row.indicator, target.assigned_value) if target else None


def stored_value(row: SheetRow) -> Cell:
    """The value of the year in whatever state."""
    return value_cell(row.indicator, row.record.value, row.record.finding) if row.record else None


def demonstration(stated: YearlyValue | EarlierValue) -> str:
    """The remark that a figure is of demonstration; empty for a real one."""
    return ValueOrigin.DEMONSTRATION.label if stated.is_demonstration else ""


def state(row: SheetRow) -> Cell:
    """The value's state, as the last column of the sheet says it."""
    if row.record is None:
        return "未填"
    locked = "已锁定" if row.is_locked else ""
    return "，".join(filter(None, [row.record.get_status_display(), locked, demonstration(row.record)]))


def returned_comment(row: SheetRow) -> Cell:
    """What the reviewers wrote when they returned the value."""
    is_returned = row.record is not None and row.record.status == ReviewStatus.RETURNED
    return words(row.record.review_comment) if row.record and is_returned else None


def earlier(place: int, year: int) -> list[Column[SheetRow]]:
    """The value of an earlier year as the figure it is, and beside it what speaks against counting it."""

    def figure(row: SheetRow) -> Cell:
        return shown_figure(row.earlier[place].text)

    def status(row: SheetRow) -> Cell:
        each = row.earlier[place]
        return words("，".join(filter(None, [each.status, demonstration(each)])))

    return [Column(f"{year} 年数值", figure), Column(f"{year} 年状态", status)]


def columns_of(sheet: Sheet) -> list[Column[SheetRow]]:
    """The columns of the sheet. Titles name the year, so that an edited file that is uploaded again states what it did
    of that year only."""
    return [
        Column("指标代码", lambda row: row.indicator.code),
        Column("地区", lambda row: row.evidence.region.name),
        Column("类别", lambda row: row.indicator.category.label or row.indicator.category.name),
        Column("序号", lambda row: words(row.indicator.number)),
        Column("指标名称", lambda row: row.indicator.name),
        Column("所属指标", lambda row: row.indicator.parent.name if row.indicator.parent else None),
        Column("单位", lambda row: words(row.indicator.unit)),
        Column("指标属性", lambda row: row.indicator.get_constraint_display()),
        Column("基期值（原文）", lambda row: words(row.baseline)),
        Column("基期值", baseline_figure),
        *(column for place, year in enumerate(sheet.earlier_years) for column in earlier(place, year)),
        Column("目标（原文）", lambda row: row.target or "原文未写"),
        Column("上级下达数", assigned),
        Column(f"{sheet.year} 年应达到", lambda row: shown_figure(row.required)),
        Column(f"{sheet.year} 年数值", stored_value),
        Column(f"{sheet.year} 年数据来源", lambda row: words(row.record.source) if row.record else None),
        Column(f"{sheet.year} 年来源网址", lambda row: words(row.record.source_url) if row.record else None),
        Column(f"{sheet.year} 年说明", lambda row: words(row.record.note) if row.record else None),
        Column("状态", state),
        Column("审核意见", returned_comment),
        Column("按此值评价", lambda row: words(row.answer.label)),
        Column("理由", lambda row: words(row.answer.reason)),
    ]


def sheet_export(sheet: Sheet) -> Export:
    """The person's rows of a plan and year, with the stored values in whatever state."""
    return Export(
        name=[sheet.plan.title, f"{sheet.year}年", "填报表"],
        page=f"{sheet.plan.title} {sheet.year} 年填报表",
        chosen=[("筛选", f"{sheet.year} 年，导出人负责填报或审核的指标")],
        tables=[ExportTable("填报表", columns_of(sheet), sheet.rows)],
        has_demonstration=any(
            (row.record and row.record.is_demonstration) or any(each.is_demonstration for each in row.earlier)
            for row in sheet.rows
        ),
        basis=WORK_IN_PROGRESS,
    )
