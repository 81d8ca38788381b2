"""What is wrong in a workbook, cell by cell. Pure: no Django."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ProblemCode(StrEnum):
    """The kinds of problems, for grouping, styling and tests."""

    NOT_A_FIGURE = "not_a_figure"
    NOT_A_GRADE = "not_a_grade"
    NOT_A_FINDING = "not_a_finding"
    FORMULA_FAILED = "formula_failed"
    FORMULA_UNCALCULATED = "formula_uncalculated"
    DATE = "date"
    TRUTH = "truth"
    OTHER_UNIT = "other_unit"
    UNIT_UNKNOWN = "unit_unknown"
    ROUNDED = "rounded"
    NO_YEAR = "no_year"
    OTHER_YEAR = "other_year"
    YEAR_ASSUMED = "year_assumed"
    NO_HEADER = "no_header"
    COLUMN_TWICE = "column_twice"
    UNKNOWN_INDICATOR = "unknown_indicator"
    AMBIGUOUS_INDICATOR = "ambiguous_indicator"
    OTHER_NAME = "other_name"
    STATED_TWICE = "stated_twice"
    MERGED_VALUE = "merged_value"
    HIDDEN = "hidden"
    NOT_READ = "not_read"
    DAMAGED_MARK = "damaged_mark"
    UNKNOWN_REGION = "unknown_region"
    NO_NAME = "no_name"
    NAME_TWICE = "name_twice"
    NO_TARGET = "no_target"
    TARGET_UNRECOGNISED = "target_unrecognised"
    TARGET_DOUBTFUL = "target_doubtful"
    TARGET_SHARED = "target_shared"
    SEVERAL_LINES = "several_lines"
    UNIT_ASSUMED = "unit_assumed"
    CONSTRAINT_UNKNOWN = "constraint_unknown"
    BASELINE_UNREAD = "baseline_unread"
    UNKNOWN_DELIVERABLE = "unknown_deliverable"
    NOT_A_STATUS = "not_a_status"
    CONTRADICTION = "contradiction"


@dataclass(frozen=True, slots=True)
class Problem:
    """Something to correct, or with `is_notice` only to know: a notice never keeps a value from being imported.

    `reference` is a cell (D17), a row (17), a column (D) or "" for the whole sheet; `stands` is what stands there, as
    the person sees it; `message` says in Chinese what is wrong and what to do.
    """

    code: ProblemCode
    sheet: str
    reference: str
    stands: str
    message: str
    is_notice: bool = False
