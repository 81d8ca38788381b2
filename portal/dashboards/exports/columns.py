"""The project columns of a plan as a file: projects, what each is to deliver, and how each column stands."""

from __future__ import annotations

from collections.abc import Callable

from indicators.core.verdicts import Severity
from indicators.display import SEVERITY_WORDS
from indicators.downloads import Export
from indicators.export_cells import shown_figure
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.exports.project_rows import DELIVERABLES, PROJECTS, deliverables_of, is_demonstration
from portal.dashboards.projects.columns import ColumnLines, ColumnsPage
from portal.dashboards.projects.lines import UNREPORTED, status_label
from projects.models import ProjectStatus


def with_status(code: str) -> Callable[[ColumnLines], Cell]:
    """How many projects of a column have the status."""
    return lambda each: sum(status.count for status in each.progress.statuses if status.code == code)


def with_severity(code: str) -> Callable[[ColumnLines], Cell]:
    """How many projects of a column are warned of in that way."""
    return lambda each: dict(each.progress.severities).get(code, 0)


COLUMNS: list[Column[ColumnLines]] = [
    Column("专栏序号", lambda each: each.column.number),
    Column("专栏", lambda each: str(each.column)),
    Column("项目数", lambda each: each.project_count, unit="个"),
    *(Column(status_label(code), with_status(code), unit="个") for code in [*ProjectStatus.values, UNREPORTED]),
    *(Column(SEVERITY_WORDS[each], with_severity(each), unit="个") for each in (Severity.CRITICAL, Severity.WARNING)),
    Column("待填报", lambda each: each.progress.waiting, unit="个"),
    Column("建设内容", lambda each: each.progress.deliverables, unit="项"),
    Column("已报完成数量", lambda each: each.progress.stated, unit="项"),
    Column("已全部完成", lambda each: each.progress.complete, unit="项"),
    Column("承诺合计", lambda each: shown_figure(each.progress.promised)),
    Column("累计完成合计", lambda each: shown_figure(each.progress.total)),
    Column("合计的单位", lambda each: each.progress.unit or None),
    Column("未销号问题", lambda each: each.progress.problems, unit="个"),
]


def columns_export(page: ColumnsPage) -> Export:
    """Every project of the plan's columns, in their order."""
    lines = [line for column in page.columns for group in column.groups for line in group.projects]
    return Export(
        name=[page.plan.title, "专栏项目"],
        page=f"{page.plan.title}：专栏项目",
        chosen=[("评价年度", f"{page.year} 年")],
        tables=[
            ExportTable("项目", PROJECTS, lines),
            ExportTable("建设内容", DELIVERABLES, deliverables_of(lines)),
            ExportTable("各专栏进展", COLUMNS, page.columns),
        ],
        has_demonstration=any(map(is_demonstration, lines)),
        basis="规划文件中的专栏项目，进展取各项目最近一次已审定的报告。",
    )
