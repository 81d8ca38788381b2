"""The mid-term or final evaluation of a plan as a file."""

from __future__ import annotations

from indicators.downloads import Export
from indicators.export_cells import names, severity_words, shown_figure, verdict_words, words, yes
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.plan.evaluation import EvaluatedRow, EvaluationPage


def difference_of(line: EvaluatedRow, text: str) -> Cell:
    """A difference that the page shows with its unit, as a number; a growth without its plus."""
    return shown_figure(text.removeprefix("+"), line.indicator.difference_unit)


def leads_of(line: EvaluatedRow) -> Cell:
    """Departments that lead; the coordinating one is marked as on the page."""
    coordinating = line.row.duties.coordinating
    return f"{coordinating.name}（统筹）" if coordinating else names(line.row.duties.leads)


def evaluation_export(page: EvaluationPage) -> Export:
    """Every indicator with both comparisons."""
    columns: list[Column[EvaluatedRow]] = [
        Column("指标代码", lambda line: line.indicator.code),
        Column("类别", lambda line: line.indicator.category.label or line.indicator.category.name),
        Column("序号", lambda line: line.indicator.number or None),
        Column("指标名称", lambda line: line.indicator.name),
        Column("单位", lambda line: line.indicator.unit or None),
        Column("指标属性", lambda line: line.indicator.get_constraint_display()),
        Column("基期值（原文）", lambda line: line.row.baseline.text),
        Column(f"{page.year}年数值", lambda line: shown_figure(line.row.value)),
        Column("与基期相比", lambda line: line.comparison.since_start.label),
        Column("较基期变化", lambda line: difference_of(line, line.comparison.change)),
        Column("应达到", lambda line: shown_figure(line.comparison.due, line.indicator.unit)),
        Column("目标（原文）", lambda line: line.row.target.text),
        Column(f"与{page.due}相比", lambda line: line.comparison.against_due.label),
        Column("还差", lambda line: difference_of(line, line.comparison.short)),
        Column("评价", lambda line: verdict_words(line.row.assessment)),
        Column("预警", lambda line: severity_words(line.row.assessment.severity) if line.row.assessment else None),
        Column("理由", lambda line: words(line.row.assessment.reason) if line.row.assessment else None),
        Column("牵头单位", leads_of),
        Column("演示数据", lambda line: yes(line.row.assessment and line.row.assessment.is_demonstration)),
    ]
    return Export(
        name=[page.plan.title, f"{page.evaluation.label}{page.year}年"],
        page=f"{page.plan.title}：{page.evaluation.label}（{page.year} 年）。{page.sentence}",
        tables=[ExportTable("评估", columns, page.rows)],
        has_demonstration=any(line.row.assessment and line.row.assessment.is_demonstration for line in page.rows),
    )
