"""The tables of the plans that come with the project, as they are published."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from indicators.core.codes import Constraint
from indicators.workbook.plan_table import read_plan_table
from indicators.workbook.problems import ProblemCode
from tests.indicators.workbook import plans
from tests.indicators.workbook.plan_reading import nature, printed, problems


def loaded(row: dict[str, Any], label: str) -> tuple[object, ...]:
    """The same of an indicator of the fixtures."""
    value = row.get("baseline", {}).get("value")
    return (
        row["number"],
        row["name"],
        row["unit"],
        plans.baseline_text(row),
        None if value is None else Decimal(value),
        row["target"]["wording"],
        row["constraint"],
        row["constraint_text"],
        label,
    )


@pytest.mark.parametrize("sections", [True, False])
def test_the_table_of_bazhong(sections: bool) -> None:
    found = read_plan_table(plans.bazhong(sections=sections))
    rows, label = plans.table_rows("bazhong"), plans.labels("bazhong")
    assert (found.title, found.baseline_year, found.target_year) == (
        "专栏一  “十四五”生态环境保护规划主要指标",
        2020,
        2025,
    )
    assert [printed(row) for row in found.rows] == [loaded(row, label[row["category"]]) for row in rows]
    assert [nature(row) for row in found.rows] == [
        (row["direction"], row["value_type"], row["measure"]) for row in rows
    ]
    assert found.categories[0] == ("生态环境质量改善", "(一)生态环境质量改善")
    assert [(problem.code, problem.stands) for problem in found.problems] == [
        (ProblemCode.NO_TARGET, "单位国内生产总值能耗降低")
    ]
    assert found.errors == []
    assert found.sheets[0].columns["目标"] == "E列“2025年目标”"


def test_the_table_of_qiandongnan() -> None:
    found = read_plan_table(plans.qiandongnan())
    rows, label = plans.table_rows("qiandongnan"), plans.labels("qiandongnan")
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert [printed(row) for row in found.rows] == [loaded(row, label[row["category"]]) for row in rows]
    assert [nature(row) for row in found.rows] == [
        (row["direction"], row["value_type"], row["measure"]) for row in rows
    ]
    noted = {row.number: row.baseline_note for row in found.rows if row.baseline_note}
    assert noted == {"17": plans.named("qiandongnan", "17")[0]["baseline"]["note"]}
    assert found.problems == []


def test_a_table_with_units_bare_years_and_duties_as_liaoyuan_says_them() -> None:
    rows = plans.named("liaoyuan", "p04", "p05", "p07", "p08", "p09", "p11", "p12", "p13")
    found = read_plan_table(plans.liaoyuan(rows))
    assert (found.baseline_year, found.target_year) == (2020, 2025)
    assert [(row.name, row.unit, row.wording) for row in found.rows] == [
        (row["name"], row["unit"], row["target"]["wording"]) for row in rows
    ]
    assert [(list(row.lead), list(row.participating)) for row in found.rows] == [
        (row.get("lead", []), row["participating"]) for row in rows
    ]
    assert [row.baseline for row in found.rows][:3] == [Decimal(39), Decimal("81.7"), None]
    assert {row.constraint for row in found.rows} == {Constraint.UNSPECIFIED}
    assert [nature(row) for row in found.rows] == [
        (row["direction"], row["value_type"], row["measure"]) for row in rows
    ]
    assert found.problems == []


def test_a_table_without_baselines_and_with_components_as_banan_promises_them() -> None:
    rows = plans.named("banan", "p02", "p03", "p10", "p11", "p31", "p14")
    found = read_plan_table(plans.banan(rows))
    expected = []
    for row in rows:
        expected.append(("", row["name"], row.get("unit") or "", row["target"]["wording"]))
        for part in row.get("components", []):
            expected.append((row["name"], part["name"], part.get("unit") or "", part["target"]["wording"]))
    # A target that carries the unit tells it where the row prints none.
    assert [(row.parent, row.name, row.unit, row.wording) for row in found.rows] == expected
    assert (found.baseline_year, found.target_year) == (None, 2025)
    assert {row.baseline for row in found.rows} == {None}
    grades = [row for row in found.rows if row.parent == "一品河、五布河、孝子河水质"]
    assert [nature(row) for row in grades] == [("lower", "grade", "level")] * 3
    assert found.problems == []


def test_the_checklist_with_two_columns_of_groups_deadlines_and_departments() -> None:
    found = read_plan_table(plans.checklist(), baseline_year=2020, target_year=2021)
    rows, label = plans.table_rows("bazhong-checklist"), plans.labels("bazhong-checklist")
    tops = [row for row in found.rows if not row.parent]
    assert [(row.number, row.name, row.unit, row.wording, row.constraint) for row in tops] == [
        (row["number"], row["name"], row["unit"], row["target"]["wording"], row["constraint"]) for row in rows
    ]
    assert [row.category_label for row in tops] == [label[row["category"]] for row in rows]
    assert [(row.lead, row.participating) for row in tops] == [
        (tuple(row["lead"]), tuple(row["participating"])) for row in rows
    ]
    assert [(row.parent, row.name, row.wording) for row in found.rows if row.parent] == [
        (row["name"], part["name"], part["target"]["wording"]) for row in rows for part in row.get("components", [])
    ]
    assert {code for code, _ in problems(found)} == {ProblemCode.UNIT_ASSUMED, ProblemCode.NOT_READ}
    assert "没有读取这些列：“主要任务”、“完成时限”" in next(
        problem.message for problem in found.problems if problem.code == ProblemCode.NOT_READ
    )
