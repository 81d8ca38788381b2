"""Tables as published plans print them, made from the plans that come with the portal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import yaml

from tests.indicators.workbook.files import xlsx

FIXTURES = Path(__file__).parents[3] / "fixtures" / "plans"
PLANS = ("bazhong", "bazhong-checklist", "banan", "liaoyuan", "qiandongnan")


def plan(slug: str) -> dict[str, Any]:
    """A plan of the fixtures."""
    loaded: dict[str, Any] = yaml.safe_load((FIXTURES / f"{slug}.yaml").read_text(encoding="utf-8"))
    return loaded


def table_rows(slug: str) -> list[dict[str, Any]]:
    """The rows of a plan's own table."""
    return [row for row in plan(slug)["indicators"] if row["origin"] == "table"]


def named(slug: str, *codes: str) -> list[dict[str, Any]]:
    """Indicators of a plan by the ends of their codes."""
    found = {row["code"]: row for row in plan(slug)["indicators"]}
    return [found[f"{slug}-{code}"] for code in codes]


def labels(slug: str) -> dict[str, str]:
    """The printed label of each category by its key."""
    return {category["key"]: category.get("label", category["name"]) for category in plan(slug)["categories"]}


def all_indicators() -> Iterator[dict[str, Any]]:
    """All indicators and components of all plans."""
    for slug in PLANS:
        for row in plan(slug)["indicators"]:
            yield row
            yield from row.get("components", [])


def printed_name(row: dict[str, Any]) -> str:
    """The name with its unit in brackets."""
    return f"{row['name']}({row['unit']})" if row.get("unit") else str(row["name"])


def baseline_text(row: dict[str, Any]) -> str:
    """The printed baseline, "" for none."""
    return str(row.get("baseline", {}).get("text", ""))


def runs(keys: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of equal keys."""
    first = 0
    for place in range(1, len(keys) + 1):
        if place == len(keys) or keys[place] != keys[first]:
            yield first, place - 1
            first = place


def merged(rows: list[list[object]], merges: Sequence[tuple[int, int, int, int, str]]) -> bytes:
    """A file of rows in which some cells are merged."""

    def merge(_: Any, sheet: Any) -> None:
        for each in merges:
            sheet.merge_range(*each)

    return xlsx(merge, rows)


def bazhong(*, sections: bool) -> bytes:
    """专栏一 of Bazhong; its groups as rows over the whole width, or as merged cells of the first column."""
    rows = table_rows("bazhong")
    label = labels("bazhong")
    printed: list[list[object]] = [
        ["专栏一  “十四五”生态环境保护规划主要指标"],
        ["类别", "序号", "指标名称", "2020年基准值", "2025年目标", "指标\n属性"],
    ]
    merges: list[tuple[int, int, int, int, str]] = []
    for first, last in runs([row["category"] for row in rows]):
        group = label[rows[first]["category"]]
        if sections:
            merges.append((len(printed), 0, len(printed), 5, group))
            printed.append([group])
        else:
            merges.append((len(printed), 0, len(printed) + last - first, 0, group))
        for row in rows[first : last + 1]:
            baseline = baseline_text(row)
            figure = float(baseline) if baseline.replace(".", "").isdigit() else baseline
            wording = row["target"]["wording"]
            target = float(wording) if wording.isdigit() else wording
            printed.append(["", int(row["number"]), printed_name(row), figure, target, row["constraint_text"]])
    return merged(printed, merges)


def qiandongnan() -> bytes:
    """Table 2-1 of Qiandongnan: where only one of baseline and target is printed, one cell runs over both."""
    rows = table_rows("qiandongnan")
    label = labels("qiandongnan")
    printed: list[list[object]] = [
        ["表2-1  黔东南州“十四五”生态环境保护主要指标"],
        ["指标类别", "序号", "指标名称", "现状值\n(2020年)", "目标值\n(2025年)", "指标属性"],
    ]
    merges: list[tuple[int, int, int, int, str]] = []
    for first, last in runs([row["category"] for row in rows]):
        merges.append((len(printed), 0, len(printed) + last - first, 0, label[rows[first]["category"]]))
        for row in rows[first : last + 1]:
            wording = row["target"]["wording"]
            if not baseline_text(row):
                merges.append((len(printed), 3, len(printed), 4, wording))
            printed.append(["", row["number"], printed_name(row), baseline_text(row), wording, row["constraint_text"]])
    printed.append(["*为2021年5月现状值"])
    return merged(printed, merges)


def liaoyuan(rows: Sequence[dict[str, Any]]) -> bytes:
    """Commitments of Liaoyuan with a unit column, bare years and who is responsible, as its sentences say it."""
    label = labels("liaoyuan")
    printed: list[list[object]] = [["序号", "指标", "计量单位", "2020年", "2025年", "责任部门"]]
    for first, last in runs([row["category"] for row in rows]):
        printed.append([f"一、{label[rows[first]['category']]}"])
        for row in rows[first : last + 1]:
            lead = f"{'、'.join(row['lead'])}牵头，" if row.get("lead") else ""
            duty = f"{lead}{'、'.join(row['participating'])}按职责分工负责"
            printed.append([len(printed), row["name"], row["unit"], baseline_text(row), row["target"]["wording"], duty])
    return xlsx(rows=printed)


def banan(rows: Sequence[dict[str, Any]]) -> bytes:
    """Commitments of Banan without baseline; components stand under their indicator, 其中 before the first."""
    printed: list[list[object]] = [["序号", "主要指标", "规划目标（2025年）"]]
    for number, row in enumerate(rows, 1):
        printed.append([number, printed_name(row), row["target"]["wording"]])
        for place, component in enumerate(row.get("components", [])):
            lead = "其中：" if place == 0 else ""
            printed.append(["", lead + printed_name(component), component["target"]["wording"]])
    return xlsx(rows=printed)


def checklist() -> bytes:
    """The creation checklist of Bazhong: two columns of groups, long tasks, a deadline, and departments."""
    label = labels("bazhong-checklist")
    header: list[object] = [
        "领域",
        "任务",
        "序号",
        "指标名称",
        "指标值",
        "指示属性",
        "主要任务",
        "完成时限",
        "牵头单位",
        "责任单位",
    ]
    printed: list[list[object]] = [["巴中市创建国家生态文明建设示范市创建清单"], header]
    for row in table_rows("bazhong-checklist"):
        wording = row["target"]["wording"]
        name = row["name"] if "%" in wording else printed_name(row)
        duties = ["\n".join(row["lead"]), "、".join(row["participating"])]
        printed.append(
            [
                "生态",
                label[row["category"]],
                row["number"],
                name,
                wording,
                row["constraint_text"],
                "",
                "2021年3月",
                *duties,
            ]
        )
        for place, component in enumerate(row.get("components", []), 1):
            wording = component["target"]["wording"]
            printed.append(
                ["", "", f"（{place}）", component["name"], wording, row["constraint_text"], "", "", *duties]
            )
    return xlsx(rows=printed)
