"""The rows of the page: as the file states them, and what the portal makes of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict

from indicators.core.clauses import ClauseKind
from indicators.core.codes import Direction, MeasureKind, ValueType
from indicators.core.worded_values import states_no_value
from indicators.services.plan_draft import IndicatorDraft
from indicators.targets import parse_target
from indicators.workbook.guesses import Nature, guess_nature
from indicators.workbook.plan_row import PlanRow, baseline_figure
from indicators.workbook.plan_table import PlanTable
from indicators.workbook.problems import ProblemCode
from indicators.workbook.table import place_of

PREFIX = "row"
FILE_REMARKS = "file_remark"
#: The field that names an uploaded table from step to step, for what the browser keeps of it.
KEY = "draft_key"
LIST_SEPARATOR = "、"
#: Remarks that the page says itself, of what stands in the row now.
SAID_ANEW = {
    ProblemCode.TARGET_UNRECOGNISED,
    ProblemCode.TARGET_DOUBTFUL,
    ProblemCode.NO_TARGET,
    ProblemCode.NAME_TWICE,
}
CHOICES = (("direction", Direction), ("value_type", ValueType), ("measure", MeasureKind))


@dataclass(frozen=True)
class Understanding:
    """What the portal makes of a row: the target in its own words, doubts as Chinese sentences, and why direction,
    type and measure are what they are."""

    target: str
    is_understood: bool
    doubts: tuple[str, ...]
    reasons: tuple[str, ...]


def understanding(draft: IndicatorDraft) -> Understanding:
    """How the row is understood as it stands. Queries nothing."""
    rule = parse_target(draft.wording, direction=draft.direction or None, unit=draft.unit)
    doubts = list(rule.problems)
    if rule.kind == ClauseKind.UNRECOGNISED:
        doubts.append("没有看懂这个目标。请改写，例如“≥95”“下降10%”；也可以先创建，以后由审核人员确定。")
    if draft.baseline and not states_no_value(draft.baseline) and figure_of(draft) is None:
        doubts.append("基期值不是数值，只作原文保存，不参与计算。")
    nature, reasons = nature_of(draft), []
    for name, codes in CHOICES:
        guess, chosen = getattr(nature, name), getattr(draft, name)
        if chosen == guess.code:
            reasons.append(f"{guess.code.label}：{guess.reason}")
        elif chosen:
            label = codes.checked(chosen).label
            reasons.append(f"{label}：由您选择；系统会判断为{guess.code.label}，因为{guess.reason}")
    return Understanding(rule.describe(), rule.understood, tuple(doubts), tuple(reasons))


def nature_of(draft: IndicatorDraft) -> Nature:
    """What kind of indicator the row looks like."""
    figure = baseline_figure(draft.baseline, draft.unit)
    return guess_nature(draft.name, unit=draft.unit, wording=draft.wording, baseline=figure)


def figure_of(draft: IndicatorDraft) -> object:
    """The figure of the baseline, None where it states none."""
    return baseline_figure(draft.baseline, draft.unit, draft.value_type or ValueType.NUMBER)


def fill_rows(data: QueryDict, table: PlanTable) -> list[str]:
    """Put the rows of the table into the form's data; gives what is to be said of the file beside its rows."""
    remarks, rest = problems_by_row(table)
    data[f"{PREFIX}-TOTAL_FORMS"], data[f"{PREFIX}-INITIAL_FORMS"] = str(len(table.rows)), "0"
    for number, row in enumerate(table.rows):
        for name, value in row_data(row, remarks[number]).items():
            data[f"{PREFIX}-{number}-{name}"] = value
    return rest


def row_data(row: PlanRow, remarks: Sequence[str]) -> dict[str, str]:
    """A row as the form is filled with it."""
    return {
        "number": row.number,
        "category": row.category_label,
        "name": row.name,
        "unit": row.unit,
        "parent": row.parent,
        "baseline": row.baseline_text,
        "baseline_note": row.baseline_note,
        "wording": row.wording,
        "constraint": row.constraint.value,
        "constraint_text": row.constraint_text,
        "direction": row.direction.code.value,
        "value_type": row.value_type.code.value,
        "measure": row.measure.code.value,
        "lead": LIST_SEPARATOR.join(row.lead),
        "participating": LIST_SEPARATOR.join(row.participating),
        "note": row.note,
        "place": f"{row.sheet} {row.reference}",
        "remarks": "".join(remarks),
    }


def problems_by_row(table: PlanTable) -> tuple[Mapping[int, list[str]], list[str]]:
    """The sentences about the cells of each row, by its place among the rows, and those about no row."""
    lines = {(row.sheet, place_of(row.reference)[0]): number for number, row in enumerate(table.rows)}
    remarks: defaultdict[int, list[str]] = defaultdict(list)
    rest = [f"工作表“{sheet.name}”没有读取：{sheet.skipped}" for sheet in table.sheets if sheet.skipped]
    for problem in table.problems:
        number = lines.get((problem.sheet, place_of(problem.reference)[0]))
        if number is None:
            at = " ".join(filter(None, (problem.sheet, problem.reference)))
            rest.append(f"{at}：{problem.message}")
        elif problem.code not in SAID_ANEW:
            remarks[number].append(f"{problem.reference}：{problem.message}")
    return remarks, rest


def guess_what_is_open(data: QueryDict, drafts: Mapping[int, IndicatorDraft]) -> None:
    """Choose direction, type and measure where nobody chose. A row without a name is left as it is."""
    for number, draft in drafts.items():
        if not draft.name:
            continue
        nature = nature_of(draft)
        for name, _ in CHOICES:
            if not getattr(draft, name):
                data[f"{PREFIX}-{number}-{name}"] = getattr(nature, name).code.value
