"""The forms of the import of progress reports: upload, and which template is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from indicators.imports.forms import WorkbookForm
from projects.models import Quarter
from regions.models import Department


class ReportUploadForm(WorkbookForm):
    """导入项目进展. `quarter` is for tables that are no template of ours."""

    field_order = ["file", "quarter", "reason"]

    quarter = forms.TypedChoiceField(
        label="期间",
        required=False,
        coerce=int,
        empty_value=None,
        choices=[("", "模板中已写明"), *Quarter.choices],
        help_text="不是从这里下载的模板时，选表中写的是哪一期。",
        error_messages={"invalid_choice": "请从列表中选择期间。"},
    )


class TemplateForm(forms.Form):
    """下载模板: the period, and of those who report for several departments the one that is to fill it."""

    quarter = forms.TypedChoiceField(
        label="期间", coerce=int, choices=Quarter.choices, required=False, empty_value=None
    )
    department = forms.ChoiceField(label="牵头单位", required=False)

    def __init__(self, *args: Any, departments: Iterable[Department], **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        listed = [(each.code, each.name) for each in departments]
        if len(listed) > 1:
            # Django's stubs know the fields of a form only as Field, which has no choices.
            self.fields["department"].choices = [("", "全部"), *listed]  # type: ignore[attr-defined]
        else:
            del self.fields["department"]
