"""The form with which a workbook is uploaded."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.models import Plan


class WorkbookForm(forms.Form):
    """导入文件, whatever it states."""

    file = forms.FileField(
        label="文件",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text="Excel、WPS 或 LibreOffice 的 .xlsx、.xls、.ods 文件，或 .csv；不超过 20 MB。",
        error_messages={
            "required": "请选择要导入的文件。",
            "empty": "文件是空的。请检查是否选错了文件。",
            "missing": "请选择要导入的文件。",
            "invalid": "文件没有上传成功，请重新选择。",
        },
    )
    reason = forms.CharField(
        label="修改原因",
        required=False,
        max_length=500,
        help_text="文件要改动已经审定的内容时填写，会记入修改记录。",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)


class UploadForm(WorkbookForm):
    """导入数值. `year` is for tables that name no year."""

    field_order = ["file", "year", "reason"]

    year = forms.TypedChoiceField(
        label="年度",
        required=False,
        coerce=int,
        empty_value=None,
        help_text="表中没有写年度时才需要选。",
        error_messages={"invalid_choice": "请从列表中选择年度。"},
    )

    def __init__(self, *args: Any, plan: Plan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Django's stubs know the fields of a form only as Field, which has no choices.
        self.fields["year"].choices = [("", "表中已写明"), *((year, f"{year} 年") for year in plan.years)]  # type: ignore[attr-defined]
