"""The matrix of a plan's duties as a file: the signs as on the page."""

from __future__ import annotations

from indicators.downloads import Export
from indicators.workbook.export import Cell, Column, ExportTable
from portal.dashboards.departments.duty_matrix import COORDINATING, SIGNS, DutyMatrix, MatrixRow

LEGEND = "，".join(f"{sign.symbol} {sign.label}" for sign in (*SIGNS.values(), COORDINATING))

INDICATOR: list[Column[MatrixRow]] = [
    Column("指标代码", lambda row: row.indicator.code),
    Column("类别", lambda row: row.indicator.category.label or row.indicator.category.name),
    Column("序号", lambda row: row.indicator.number or None),
    Column("指标名称", lambda row: row.indicator.name),
    Column("所属指标", lambda row: row.indicator.parent.name if row.indicator.parent else None),
]


def department_column(place: int, label: str) -> Column[MatrixRow]:
    """The column of the department in that place."""

    def signs(row: MatrixRow) -> Cell:
        return row.cells[place].symbols or None

    return Column(label, signs)


def duty_matrix_export(page: DutyMatrix) -> Export:
    """Every indicator with the sign of each department that answers for one of them."""
    departments = [department_column(place, column.label) for place, column in enumerate(page.columns)]
    return Export(
        name=[page.plan.title, "责任分工"],
        page=f"{page.plan.title}：责任分工表",
        tables=[ExportTable("责任分工", [*INDICATOR, *departments], page.rows)],
        basis="规划文件写明的分工，以及审核人员的调整。",
        note=f"{LEGEND}（没有指定牵头单位，由统筹部门牵头）。空格表示不承担。",
    )
