"""Grades, findings and empty cells as people write them; tests/indicators/workbook/test_cells.py has the rest."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.core.codes import Finding, Grade
from indicators.core.worded_values import read_finding, read_grade, states_no_value


@pytest.mark.parametrize("grade", list(Grade))
def test_the_label_and_the_number_of_a_grade_are_read_back(grade: Grade) -> None:
    assert read_grade(grade.label) is read_grade(str(grade.value)) is grade


@pytest.mark.parametrize("finding", list(Finding))
def test_the_label_and_the_code_of_a_finding_are_read_back(finding: Finding) -> None:
    assert read_finding(finding.label) is read_finding(finding.value) is finding


@given(st.text(max_size=20))
def test_no_text_is_two_things_at_once(text: str) -> None:
    assert sum((states_no_value(text), read_grade(text) is not None, read_finding(text) is not None)) <= 1
