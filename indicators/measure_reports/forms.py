"""The form of one statement. It reads what was typed; the service decides."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.entry.cells import one_kind_of_line_end
from indicators.models import Measure, MeasureProgress, MeasureReport
from indicators.review.forms import PlainForm
from indicators.services.measure_reports import STATED, MeasureReportEntry
from regions.history import LONGEST_REASON

LONGEST_TEXT = 2000


def text_field(label: str, *, rows: int, column: str, help_text: str = "") -> forms.CharField:
    """A long text; `column` is the name under which the browser keeps what was not saved."""
    attrs = {"rows": rows, "maxlength": LONGEST_TEXT, "data-column": column}
    return forms.CharField(
        label=label, required=False, help_text=help_text, strip=False, widget=forms.Textarea(attrs=attrs)
    )


class MeasureReportForm(PlainForm):
    """What was done for a measure in a year. Nothing is required here: the service says what lacks."""

    progress = forms.CharField(
        label="进展",
        required=False,
        widget=forms.Select(
            choices=[("", "请选择"), *MeasureProgress.choices], attrs={"data-column": "progress", "data-cell": ""}
        ),
    )
    statement = text_field(
        "落实情况", rows=6, column="value", help_text="这一年做了哪些工作、完成了多少；还没有开展的，写明原因。"
    )
    problems = text_field("存在问题（选填）", rows=3, column="problems")
    next_step = text_field("下一步安排（选填）", rows=3, column="next_step")
    reason = forms.CharField(
        label="修改原因",
        required=False,
        help_text="已审定的落实情况修改时必填。",
        widget=forms.TextInput(attrs={"maxlength": LONGEST_REASON, "data-column": "reason"}),
    )
    revision = forms.IntegerField(required=False, min_value=1, max_value=10**9, widget=forms.HiddenInput)

    def __init__(self, *args: Any, record: MeasureReport | None, needs_reason: bool, **kwargs: Any) -> None:
        initial = {name: getattr(record, name) for name in (*STATED, "revision")} if record else {}
        super().__init__(*args, initial=initial, **kwargs)
        if not needs_reason:
            del self.fields["reason"]

    def entry(self, measure: Measure, year: int) -> MeasureReportEntry:
        """What the person states; expects the form to be valid."""
        texts = {name: one_kind_of_line_end(self.cleaned_data[name]) for name in STATED}
        return MeasureReportEntry(
            measure=measure,
            year=year,
            reason=self.cleaned_data.get("reason", ""),
            revision=self.cleaned_data["revision"],
            **texts,
        )
