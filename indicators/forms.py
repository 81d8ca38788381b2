"""Form fields and forms for yearly values; every rule is the service's own, so that all ways in say the same."""

from __future__ import annotations

from copy import copy
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError

from indicators.core.figures import FigureError, read_figure, show_figure
from indicators.models import Baseline, Indicator, Target, YearlyValue
from indicators.services.recording import examine
from indicators.services.targets import check_alone, check_version, understand
from indicators.services.values import ValueEntry
from regions.history import LONGEST_REASON
from regions.models import Region
from regions.permissions import Person


class FigureField(forms.CharField):
    """A text field that gives a Decimal, or None when empty; what stands there is kept when it is no figure."""

    def to_python(self, value: Any) -> Any:
        """The figure that was typed; Raises ValidationError with the sentence of indicators.core.figures."""
        text = super().to_python(value)
        if text in self.empty_values:
            return None
        try:
            return read_figure(str(text))
        except FigureError as error:
            raise ValidationError(str(error)) from error

    def prepare_value(self, value: Any) -> Any:
        """A stored figure without trailing zeros; what a person typed stays as typed."""
        return show_figure(value) if isinstance(value, Decimal) else value


class YearlyValueForm(forms.ModelForm[YearlyValue]):
    """Entry of one value, with the question that the sheet asks too: what looks odd is explained in the note. `person`
    is set by the view before the form is used."""

    person: Person

    value = FigureField(
        label="数值",
        required=False,
        help_text="只填数字，单位按指标规定；百分比填 96.7，不填 0.967。水质类别填 1（Ⅰ类）至 6（劣Ⅴ类）。",
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "vTextField"}),
    )
    source_url = forms.URLField(label="来源网址", required=False, assume_scheme="https")
    reason = forms.CharField(
        label="修改原因",
        required=False,
        help_text="修改已审定的数值时必填。",
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "class": "vLargeTextField"}),
    )
    seen_revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = YearlyValue
        fields = ["indicator", "region", "year", "value", "finding", "source", "source_url", "note"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen_revision"] = self.instance.revision
        if "region" in self.fields:
            self.fields["region"].required = False
            self.fields["region"].help_text = "不选时按规划所在地区填报。"

    def clean(self) -> dict[str, Any]:
        """The service's checks, with each message at its field; the same indicator, region and year only once."""
        data = super().clean() or {}
        if self.errors:
            return data
        [examined] = examine([self.entry()], person=self.person)
        if isinstance(examined.refusal, PermissionDenied):
            self.add_error(None, str(examined.refusal))
        elif examined.refusal is not None:
            self._add_errors(examined.refusal)
        return data

    def entry(self) -> ValueEntry:
        """What the person stated. Indicator, region and year of an existing value cannot be changed."""
        data, stored = self.cleaned_data, self.instance
        indicator: Indicator = stored.indicator if stored.pk else data["indicator"]
        region: Region = stored.region if stored.pk else (data.get("region") or indicator.plan.region)
        return ValueEntry(
            indicator=indicator,
            region=region,
            year=stored.year if stored.pk else data["year"],
            value=data.get("value"),
            finding=data.get("finding") or "",
            source=data.get("source", ""),
            source_url=data.get("source_url", ""),
            note=data.get("note", ""),
            reason=data.get("reason", ""),
            revision=data.get("seen_revision"),
        )

    def validate_unique(self) -> None:
        """Left to `examine`, which also says what to do."""

    def validate_constraints(self) -> None:
        """Left to the service, which validates the whole record."""

    def _add_errors(self, error: ValidationError) -> None:
        if not hasattr(error, "error_dict"):
            self.add_error(None, error)
            return
        for field, messages in error.error_dict.items():
            self.add_error(field if field in self.fields else None, messages)


class VersionForm(forms.ModelForm[Any]):
    """A baseline or target version. What it is about cannot be changed afterwards; `person` is set by the view."""

    person: Person

    def clean(self) -> dict[str, Any]:
        """The service's checks, with each message at its field."""
        data = super().clean() or {}
        if self.errors:
            return data
        version = self.version()
        try:
            if isinstance(version, Target):
                understand(version, chosen=self.chosen_words())
            check_alone(version)
            check_version(version, person=self.person)
        except PermissionDenied as error:
            self.add_error(None, str(error))
        except ValidationError as error:
            for field, messages in error.error_dict.items():
                self.add_error(field if field in self.fields else None, messages)
        return data

    def version(self) -> Any:
        """The row as it would be written."""
        row = copy(self.instance)
        for name in self.cleaned_data.keys() & {field.name for field in row._meta.concrete_fields}:
            setattr(row, name, self.cleaned_data[name])
        return row

    def chosen_words(self) -> str:
        """A person's words for what the wording means; only targets have them."""
        return str(self.cleaned_data.get("chosen", ""))


class BaselineForm(VersionForm):
    """A baseline as printed or restated."""

    value = FigureField(label="数值", required=False)

    class Meta:
        model = Baseline
        fields = ["indicator", "region", "year", "value", "text", "source", "document", "effective_on", "note"]


class TargetForm(VersionForm):
    """A target: its wording, and the number that an upper level assigned."""

    assigned_value = FigureField(
        label="上级下达数", required=False, help_text="“完成省定目标”一类目标由上级下达的数，单位同指标。"
    )
    chosen = forms.CharField(
        label="人工确定为",
        required=False,
        max_length=200,
        help_text="系统理解有误时，用规范的说法写明，例如“不低于95”“低于27.0”“由审核人员评定”。目标原文改变后须重新确定。",
    )

    class Meta:
        model = Target
        fields = ["indicator", "region", "year", "wording", "assigned_value", "document", "effective_on", "note"]
