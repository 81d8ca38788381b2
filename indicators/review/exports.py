"""The reviewers' pages as files: rounds with who has not filled, and each tab of the queue."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from indicators.core.verdicts import Verdict
from indicators.downloads import WORK_IN_PROGRESS, Export, part_of
from indicators.export_cells import moment, names, severity_words, value_cell, words, yes
from indicators.models import Plan
from indicators.review.queue import TAB_LABELS, MissingRow, QueuePage, QueueRow, Tab
from indicators.review.rounds import ReviewPage, RoundLine
from indicators.services.review_preview import Preview
from indicators.workbook.export import Cell, Column, ExportTable
from regions.models import Department


@dataclass(frozen=True)
class PlacedRound:
    """A round with its plan."""

    plan: Plan
    line: RoundLine


@dataclass(frozen=True)
class Owing:
    """A department that has not handed in everything of a round."""

    placed: PlacedRound
    department: Department
    count: int


def progress(line: RoundLine) -> str:
    """How the round stands against its deadline, as the page says it."""
    if line.complete:
        return "已全部审定"
    if line.overdue_days:
        return f"已逾期 {line.overdue_days} 天"
    return "今天截止" if line.days_left == 0 else f"还有 {line.days_left} 天"


ROUNDS: list[Column[PlacedRound]] = [
    Column("规划标识", lambda each: each.plan.slug),
    Column("规划", lambda each: each.plan.title),
    Column("地区", lambda each: each.plan.region.name),
    Column("年度", lambda each: each.line.round.year),
    Column("截止日期", lambda each: each.line.round.deadline),
    Column("进度", lambda each: progress(each.line)),
    Column("应填", lambda each: each.line.total, unit="项"),
    Column("未填报", lambda each: each.line.not_entered, unit="项"),
    Column("待评定", lambda each: each.line.to_judge, unit="项"),
    Column("草稿", lambda each: each.line.drafts, unit="项"),
    Column("待审核", lambda each: each.line.submitted, unit="项"),
    Column("已退回", lambda each: each.line.returned, unit="项"),
    Column("已审定", lambda each: each.line.approved, unit="项"),
    Column("填报要求", lambda each: words(each.line.round.note)),
]
OWING: list[Column[Owing]] = [
    Column("规划", lambda each: each.placed.plan.title),
    Column("年度", lambda each: each.placed.line.round.year),
    Column("截止日期", lambda each: each.placed.line.round.deadline),
    Column("部门代码", lambda each: each.department.code),
    Column("牵头单位", lambda each: each.department.name),
    Column("未交齐", lambda each: each.count, unit="项"),
]


def rounds_export(page: ReviewPage) -> Export:
    """The rounds of the person's plans, and the departments that have not handed in."""
    rounds = [PlacedRound(each.plan, line) for each in page.plans for line in each.lines]
    owing = [Owing(placed, department, count) for placed in rounds for department, count in placed.line.owing]
    return Export(
        name=["填报任务"],
        page="审核与填报任务：各规划各年度的填报进度",
        chosen=[("筛选", "导出人审核的规划"), *part_of(page.page, "规划")],
        tables=[ExportTable("填报任务", ROUNDS, rounds), ExportTable("未交齐的部门", OWING, owing)],
        basis="各状态的数值个数，含尚未审定的数值。",
    )


def from_preview(read: Callable[[Preview], Cell]) -> Callable[[QueueRow], Cell]:
    """What the comparison of a value says; nothing where there is none."""
    return lambda row: read(row.preview) if row.preview else None


def verdict_of(code: str) -> str:
    """The label of a verdict."""
    return Verdict.checked(code).label


def queue_columns(tab: Tab) -> list[Column[QueueRow]]:
    """The columns of a tab with values; approved ones have one verdict and say who approved them."""
    if tab is Tab.APPROVED:
        verdicts: list[Column[QueueRow]] = [Column("评价", from_preview(lambda each: verdict_of(each.after.verdict)))]
        approval: list[Column[QueueRow]] = [
            Column("审定人", lambda row: str(row.value.approved_by or "系统")),
            Column("审定时间", lambda row: moment(row.value.approved_at)),
        ]
    else:
        verdicts = [
            Column("审定前的评价", from_preview(lambda each: verdict_of(each.before.verdict))),
            Column("审定后的评价", from_preview(lambda each: verdict_of(each.after.verdict))),
        ]
        approval = []
    return [
        Column("指标代码", lambda row: row.value.indicator.code),
        Column("地区", lambda row: row.value.region.name),
        Column("序号", lambda row: words(row.value.indicator.number)),
        Column("指标名称", lambda row: row.value.indicator.name),
        Column("单位", lambda row: words(row.value.indicator.unit)),
        Column("牵头单位", lambda row: names(row.departments)),
        Column("年度", lambda row: row.value.year),
        Column("数值", lambda row: value_cell(row.value.indicator, row.value.value, row.value.finding)),
        Column("上年", last_value),
        Column("变化", lambda row: words(row.change)),
        *verdicts,
        Column("预警", from_preview(lambda each: severity_words(each.after_severity))),
        Column("理由", from_preview(lambda each: each.after.reason)),
        Column("较上年变差", from_preview(lambda each: yes(each.after.worsened_year_on_year))),
        Column("状态", lambda row: row.value.get_status_display()),
        Column("数据来源", lambda row: row.value.source or "未注明来源"),
        Column("来源网址", lambda row: words(row.value.source_url)),
        Column("说明", lambda row: words(row.value.note)),
        Column("审核意见", lambda row: words(row.value.review_comment)),
        Column("提交人", lambda row: str(row.value.submitted_by) if row.value.submitted_by else None),
        Column("提交时间", lambda row: moment(row.value.submitted_at)),
        *approval,
    ]


def last_value(row: QueueRow) -> Cell:
    """Last year's value, as the page compares it."""
    return value_cell(row.value.indicator, row.preview.last, row.preview.last_finding) if row.preview else None


def lack(row: MissingRow) -> str:
    """Why the value is not there."""
    if row.is_draft:
        return "草稿，尚未提交"
    return "待审核人员评定" if row.is_finding else "未填报"


MISSING: list[Column[MissingRow]] = [
    Column("指标代码", lambda row: row.indicator.code),
    Column("序号", lambda row: words(row.indicator.number)),
    Column("指标名称", lambda row: row.name),
    Column("单位", lambda row: words(row.indicator.unit)),
    Column("牵头单位", lambda row: names(row.departments)),
    Column("状态", lack),
]


def queue_export(page: QueuePage) -> Export:
    """One tab of the queue."""
    label = TAB_LABELS[page.tab]
    table: ExportTable[QueueRow] | ExportTable[MissingRow] = (
        ExportTable("未提交", MISSING, page.missing)
        if page.tab is Tab.MISSING
        else ExportTable(label, queue_columns(page.tab), page.rows)
    )
    return Export(
        name=[page.plan.title, f"{page.year}年", f"数值审核 {label}"],
        page=f"{page.plan.title} {page.year} 年数值审核",
        chosen=[("筛选", f"{page.year} 年，{label}")],
        tables=[table],
        has_demonstration=any(row.value.is_demonstration for row in page.rows),
        basis=WORK_IN_PROGRESS,
    )
