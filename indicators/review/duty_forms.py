"""Forms by which reviewers say who answers: for one indicator or measure, or in the matrix of a plan."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from indicators.models import Indicator
from indicators.review.forms import PlainForm
from indicators.services.duty_cells import UNKNOWN_DEPARTMENT
from regions.history import LONGEST_REASON
from regions.models import Department, DutyRole

#: A cell of the matrix as the page sends it: indicator, department, and what the department shall be.
CHANGE = re.compile(rf"([0-9]{{1,18}}):([0-9]{{1,18}}):({'|'.join(DutyRole.values)}|)")
#: An indicator with the stamp that the page showed.
SEEN = re.compile(r"([0-9]{1,18}):([0-9]{1,18})")


class AssignmentForm(PlainForm):
    """What every assignment states beside the departments."""

    basis = forms.CharField(
        label="依据文件",
        required=False,
        max_length=200,
        help_text="可不填。分工文件的名称和文号。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    reason = forms.CharField(
        label="调整原因",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "请写明调整原因，有关部门会看到。"},
    )


class DepartmentsForm(AssignmentForm):
    """调整责任部门. The page draws the boxes of `lead` and `participating` itself, by region; each value is a code."""

    lead = forms.MultipleChoiceField(required=False)
    participating = forms.MultipleChoiceField(required=False)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        departments: list[Department],
        standing: dict[str, list[str]],
        initial: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=initial)
        self.departments = {department.code: department for department in departments}
        self.standing = standing
        for name in standing:
            field = self.fields[name]
            field.choices = [(code, department.name) for code, department in self.departments.items()]  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = UNKNOWN_DEPARTMENT

    def ticked(self, name: str) -> set[str]:
        """Codes whose box of that role is ticked: as sent, else as it stands."""
        return set(self[name].value() or [])

    def clean_lead(self) -> list[Department]:
        """The departments, those that stand in their order before the new ones."""
        return self._in_order("lead")

    def clean_participating(self) -> list[Department]:
        """The departments, those that stand in their order before the new ones."""
        return self._in_order("participating")

    def _in_order(self, name: str) -> list[Department]:
        chosen, standing = set(self.cleaned_data[name]), self.standing[name]
        order = [*standing, *(code for code in self.departments if code not in standing)]
        return [self.departments[code] for code in order if code in chosen]


class MatrixForm(AssignmentForm):
    """The cells of a plan's matrix that a reviewer changed; the script of the page sends nothing else."""

    def __init__(self, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.fields["reason"].widget = forms.TextInput(attrs={"autocomplete": "off"})
        self.fields["basis"].help_text = ""

    @property
    def changes(self) -> dict[tuple[int, int], str]:
        """What each changed cell (indicator, department) shall be: a DutyRole or nothing. What cannot be read is left
        out, and `clean` complains of it."""
        found = [CHANGE.fullmatch(text) for text in self._sent("change")]
        return {(int(each[1]), int(each[2])): each[3] for each in found if each}

    @property
    def seen(self) -> dict[int, str]:
        """The stamp of each changed indicator as the page showed it."""
        found = [SEEN.fullmatch(text) for text in self._sent("seen")]
        return {int(each[1]): each[2] for each in found if each}

    def clean(self) -> dict[str, Any]:
        """Every change can be read, and there is one."""
        cleaned = super().clean() or {}
        if not self.changes or len(self.changes) < len(self._sent("change")):
            raise ValidationError("没有收到改动，什么都没有保存。请重新点选后再保存。")
        return cleaned

    def _sent(self, name: str) -> list[str]:
        return self.data.getlist(name) if isinstance(self.data, QueryDict) else []


class MeasureForm(DepartmentsForm):
    """调整任务: the indicators that it serves, beside its departments. The page draws the boxes of `indicators`."""

    indicators = forms.MultipleChoiceField(required=False)

    def __init__(self, data: QueryDict | None = None, *, linkable: list[Indicator], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.linkable = {indicator.code: indicator for indicator in linkable}
        field = self.fields["indicators"]
        field.choices = [(code, indicator.name) for code, indicator in self.linkable.items()]  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = "有一项指标不能选，可能刚刚改动。请核对后重选。"

    def clean_indicators(self) -> list[Indicator]:
        """The indicators in the order of the plan."""
        chosen = set(self.cleaned_data["indicators"])
        return [indicator for code, indicator in self.linkable.items() if code in chosen]
