"""Forms of the ledger. They read what was typed; the services decide."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.review.forms import PlainForm, date_field
from indicators.services.duties import assignable_departments
from projects.models import KeyProject
from regions.history import LONGEST_REASON
from regions.models import Department


def sentence(label: str, *, required: str, help_text: str = "") -> forms.CharField:
    """A text of a few lines that has to be written; `required` is the message when it is empty."""
    return forms.CharField(
        label=label,
        max_length=LONGEST_REASON,
        help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={
            "required": required,
            "max_length": f"最多 {LONGEST_REASON} 字，您写了 %(show_value)d 字，请精简。",
        },
    )


class OwnerChoice(forms.ModelChoiceField[Department]):
    """Departments by name, those of other regions with their region."""

    region_id: int

    def label_from_instance(self, obj: Department) -> str:
        """The department's name."""
        return obj.name if obj.region_id == self.region_id else f"{obj.region.name} {obj.name}"


class RaiseForm(PlainForm):
    """登记问题: what it is, who solves it, and by when."""

    description = sentence(
        "问题", required="请写明是什么问题。", help_text=f"写清事实和影响，最多 {LONGEST_REASON} 字。"
    )
    owner = OwnerChoice(
        queryset=Department.objects.none(),
        to_field_name="code",
        label="责任单位",
        empty_label="请选择",
        help_text="负责解决这个问题的部门。",
        error_messages={"required": "请选择责任单位。", "invalid_choice": "没有这个部门，请重新选择。"},
    )
    deadline = date_field("整改期限", required="请填写整改期限。")

    def __init__(self, *args: Any, project: KeyProject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        assert isinstance(owner, OwnerChoice)  # noqa: S101  declared above
        owner.region_id = project.plan.region_id
        owner.queryset = assignable_departments(project.plan).select_related("region").order_by("region__slug", "code")


class ActionForm(PlainForm):
    """Something that is done with a problem as the person saw it."""

    revision = forms.IntegerField(widget=forms.HiddenInput)


class ResolveForm(ActionForm):
    """销号: how the problem was solved."""

    resolution = sentence("解决情况", required="请写明解决情况。")


class DeadlineForm(ActionForm):
    """More or less time, and why."""

    deadline = date_field("新的整改期限", required="请填写新的整改期限。")
    reason = sentence("调整原因", required="请写明调整期限的原因。")


class ReopenForm(ActionForm):
    """Back on the ledger, and why."""

    reason = sentence("重新列入台账的原因", required="请写明重新列入台账的原因。")
