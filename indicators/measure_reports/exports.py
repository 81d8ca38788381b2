"""The list of statements and each tab of their queue as files."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from indicators.downloads import Export
from indicators.export_cells import moment, names, words
from indicators.measure_reports.queue import LABELS, StatementQueue, StatementRow
from indicators.measure_reports.sheet import STATE_LABELS, MeasureRow, MeasureSheet
from indicators.models import MeasureReport, ReviewStatus
from indicators.review.queue import Tab
from indicators.workbook.export import Cell, Column, ExportTable

BASIS = "含尚未审定的落实情况（见“状态”栏），只供填报和审核使用。"
NOTE = "“完成时限”照文件原文；空格表示没有填写。"


Row = TypeVar("Row", MeasureRow, StatementRow)


def stated(read: Callable[[MeasureReport], Cell]) -> Callable[[MeasureRow | StatementRow], Cell]:
    """What a cell of this year's statement holds; nothing where there is none."""
    return lambda row: read(row.record) if row.record else None


def last_progress(row: MeasureRow | StatementRow) -> Cell:
    """How far the measure had come a year before."""
    return row.last.get_progress_display() if row.last else None


def measure_columns() -> list[Column[Row]]:
    """What the plan says of the measure."""
    return [
        Column("任务代码", lambda row: row.measure.code),
        Column("章", lambda row: words(row.measure.chapter)),
        Column("节", lambda row: words(row.measure.section)),
        Column("任务", lambda row: row.measure.title),
        Column("内容概述", lambda row: words(row.measure.summary)),
        Column("完成时限", lambda row: words(row.measure.deadline)),
    ]


def statement_columns() -> list[Column[Row]]:
    """What the department says of it."""
    return [
        Column("上年进展", last_progress),
        Column("进展", stated(lambda report: report.get_progress_display())),
        Column("落实情况", stated(lambda report: words(report.statement))),
        Column("存在问题", stated(lambda report: words(report.problems))),
        Column("下一步安排", stated(lambda report: words(report.next_step))),
    ]


def returned_comment(row: MeasureRow) -> Cell:
    """What the reviewers wrote when they returned the statement."""
    return words(row.record.review_comment) if row.record and row.state == ReviewStatus.RETURNED else None


SHEET: list[Column[MeasureRow]] = [
    *measure_columns(),
    *statement_columns(),
    Column("状态", lambda row: row.state_label),
    Column("审核意见", returned_comment),
]


def queue_columns(tab: Tab) -> list[Column[StatementRow]]:
    """The columns of a tab; approved statements say who approved them, missing ones have no statement."""
    columns: list[Column[StatementRow]] = measure_columns()
    columns += [
        Column("牵头单位", lambda row: names(row.departments)),
        Column("对应指标", lambda row: "、".join(each.name for each in row.indicators) or None),
    ]
    if tab is Tab.MISSING:
        return [*columns, Column("状态", lambda row: "草稿，尚未提交" if row.record else "未填报")]
    columns += statement_columns()
    columns += [
        Column("状态", stated(lambda report: report.get_status_display())),
        Column("审核意见", stated(lambda report: words(report.review_comment))),
        Column("提交人", stated(lambda report: str(report.submitted_by) if report.submitted_by else None)),
        Column("提交时间", stated(lambda report: moment(report.submitted_at))),
    ]
    if tab is Tab.APPROVED:
        columns += [
            Column("审定人", stated(lambda report: str(report.approved_by or "系统"))),
            Column("审定时间", stated(lambda report: moment(report.approved_at))),
        ]
    return columns


def sheet_export(sheet: MeasureSheet) -> Export:
    """The person's measures of a plan and year as the address filters them, with statements in whatever state."""
    chosen = [f"{sheet.year} 年，导出人负责填报或审核的任务"]
    if sheet.chosen.state:
        chosen.append(f"状态：{STATE_LABELS[sheet.chosen.state]}")
    if sheet.chosen.chapter:
        chosen.append(sheet.chosen.chapter)
    return Export(
        name=[sheet.plan.title, f"{sheet.year}年", "任务落实情况"],
        page=f"{sheet.plan.title} {sheet.year} 年任务落实情况",
        chosen=[("筛选", "；".join(chosen))],
        tables=[ExportTable("任务落实情况", SHEET, sheet.rows)],
        has_demonstration=any(row.record and row.record.is_demonstration for row in sheet.rows),
        basis=BASIS,
        note=NOTE,
    )


def queue_export(page: StatementQueue) -> Export:
    """One tab of the queue."""
    label = LABELS[page.tab]
    return Export(
        name=[page.plan.title, f"{page.year}年", f"任务落实审核 {label}"],
        page=f"{page.plan.title} {page.year} 年任务落实情况审核",
        chosen=[("筛选", f"{page.year} 年，{label}")],
        tables=[ExportTable(label, queue_columns(page.tab), page.rows)],
        has_demonstration=any(row.record and row.record.is_demonstration for row in page.rows),
        basis=BASIS,
        note=NOTE,
    )
