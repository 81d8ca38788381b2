"""The person's projects of a plan and year as a file, filtered as the page."""

from __future__ import annotations

from indicators.core.verdicts import Verdict
from indicators.downloads import Export
from indicators.export_cells import moment, names, words
from indicators.workbook.export import Column, ExportTable
from projects.entry.listing import CHOICE_LABELS, ProjectLine, ProjectList
from projects.models import ProgressReport

#: What a file of reports says of its data.
REPORTS_IN_PROGRESS = "含尚未审定的进展报告（见“状态”栏），只供填报和审核使用，不作为评价依据。"

LINES: list[Column[ProjectLine]] = [
    Column("项目代码", lambda line: line.project.code),
    Column("专栏", lambda line: str(line.project.group.column)),
    Column("项目名称", lambda line: line.project.name),
    Column("牵头单位", lambda line: names(line.departments)),
    Column("项目状态", lambda line: line.last.get_project_status_display() if line.last else None),
    Column("最近一期报告", lambda line: line.last.period if line.last else None),
    Column("年度", lambda line: line.year),
    Column("状态", lambda line: line.closing.get_status_display() if line.closing else "未填"),
    Column("提交时间", lambda line: moment(line.closing.submitted_at) if line.closing else None),
    Column("审核意见", lambda line: words(line.closing.review_comment) if line.closing else None),
    Column("季度报告", lambda line: words("、".join(quarter_in_words(each) for each in line.quarters))),
    Column("评价", lambda line: Verdict.checked(line.assessment.verdict).label if line.assessment else None),
    Column("评价理由", lambda line: words(line.assessment.reason) if line.assessment else None),
]


def quarter_in_words(report: ProgressReport) -> str:
    """A quarter's report with its state."""
    return f"{report.get_quarter_display()}（{report.get_status_display()}）"


def projects_export(page: ProjectList) -> Export:
    """The projects of the choice."""
    return Export(
        name=[page.plan.title, f"{page.year}年", "重点项目填报"],
        page=f"{page.plan.title} {page.year} 年重点项目填报情况",
        chosen=[("筛选", f"{page.year} 年，导出人负责填报或审核的项目，状态：{CHOICE_LABELS[page.choice]}")],
        tables=[ExportTable("重点项目", LINES, page.lines)],
        has_demonstration=any(line.closing and line.closing.is_demonstration for line in page.lines),
        basis=REPORTS_IN_PROGRESS,
    )
