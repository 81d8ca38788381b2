"""The list of works as a file, filtered as the page is."""

from __future__ import annotations

from indicators.downloads import Export, part_of
from indicators.workbook.export import ExportTable
from portal.dashboards.exports.project_rows import DELIVERABLES, PLAN, PROJECTS, deliverables_of, is_demonstration
from portal.dashboards.projects.works import WorksPage


def works_export(page: WorksPage) -> Export:
    """The projects that the address asks for, and what each is to deliver."""
    return Export(
        name=["重点项目", *(words for _, words in page.asked.stated)][:4],
        page="重点项目：各规划专栏中的项目及其进展",
        chosen=[*page.asked.stated, *part_of(page.page, "项目")],
        tables=[
            ExportTable("项目", [*PLAN, *PROJECTS], page.lines),
            ExportTable("建设内容", DELIVERABLES, deliverables_of(page.lines)),
        ],
        has_demonstration=any(map(is_demonstration, page.lines)),
        basis="规划文件中的专栏项目，进展取各项目最近一次已审定的报告；选了年度的，取到那一年年底为止的报告。",
    )
