"""The ledger of problems as a file, filtered as the page is."""

from __future__ import annotations

from indicators.downloads import Export, part_of
from indicators.export_cells import yes
from indicators.workbook.export import Column, ExportTable
from portal.dashboards.projects.problems import STATES, ProblemsPage
from projects.ledger.lines import ProblemLine

PROBLEMS: list[Column[ProblemLine]] = [
    Column("问题", lambda line: line.problem.description),
    Column("项目代码", lambda line: line.problem.project.code),
    Column("项目名称", lambda line: line.problem.project.name),
    Column("规划", lambda line: line.problem.project.plan.title),
    Column("责任单位", lambda line: line.problem.owner.name),
    Column("责任单位所在地区", lambda line: line.problem.owner.region.name),
    Column("整改期限", lambda line: line.problem.deadline),
    Column("期限情况", lambda line: line.time.label),
    Column("逾期", lambda line: line.days, unit="天"),
    Column("登记日期", lambda line: line.problem.raised_on),
    Column("登记人", lambda line: line.problem.author),
    Column("解决情况", lambda line: line.problem.resolution or None),
    Column("销号日期", lambda line: line.problem.resolved_on),
    Column("演示数据", lambda line: yes(line.problem.is_demonstration)),
]


def problems_export(page: ProblemsPage) -> Export:
    """The problems that the address asks for."""
    return Export(
        name=["问题台账", STATES[page.asked.state]],
        page="重点项目问题台账",
        chosen=[*page.asked.stated, *part_of(page.page, "问题")],
        tables=[ExportTable("问题", PROBLEMS, page.lines)],
        has_demonstration=any(line.problem.is_demonstration for line in page.lines),
        basis=f"登记后即列入台账，不经审核；逾期天数算到 {page.today:%Y年%m月%d日}。",
    )
