"""Forms of the reviewers' workspace. They read what was typed; the services decide."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict

from indicators.core.codes import Grade, ValueType
from indicators.core.figures import show_figure
from indicators.files.kinds import ENDINGS
from indicators.forms import FigureField
from indicators.models import Indicator, Plan, ReportingRound
from indicators.permissions import reviewed_plans
from indicators.services.breakdown import Breakdown, Share
from regions.history import LONGEST_REASON
from regions.models import Region
from regions.permissions import Person

FIGURE_INPUT = {"inputmode": "decimal", "autocomplete": "off"}


def take_over(form: forms.BaseForm, error: ValidationError) -> None:
    """Show a service's messages at their fields; those of fields that the form lacks stand above it."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for field, messages in error.error_dict.items():
        form.add_error(field if field in form.fields else None, messages)


def date_field(label: str, *, required: str = "", help_text: str = "") -> forms.DateField:
    """A date that the browser helps to pick; `required` is the message when it is empty."""
    return forms.DateField(
        label=label,
        required=bool(required),
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": required, "invalid": "日期不对，请按“2026-03-31”的样子填写。"},
    )


class PlanChoice(forms.ModelChoiceField[Plan]):
    """Plans by title."""

    def label_from_instance(self, obj: Plan) -> str:
        """The plan's title."""
        return obj.title


class PlainForm(forms.Form):
    """Labels stand above their fields, without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)


class OpenRoundForm(PlainForm):
    """发起填报任务: the year's values of a plan are due by a day."""

    plan = PlanChoice(
        queryset=Plan.objects.none(),
        label="规划",
        empty_label="请选择",
        error_messages={"required": "请选择规划。", "invalid_choice": "您不能为这个规划发起填报任务，请重新选择。"},
    )
    year = forms.IntegerField(
        label="年度",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={"required": "请填写年度。", "invalid": "年度请填四位数字，例如 2025。"},
    )
    deadline = date_field("截止日期", required="请填写截止日期。")
    note = forms.CharField(
        label="填报要求",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="可不填。写给填报人员，例如数据口径、需附的材料。",
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = reviewed_plans(person)  # type: ignore[attr-defined]


class DeadlineForm(PlainForm):
    """调整截止日期, with the reason that the history keeps."""

    deadline = date_field("新的截止日期", required="请填写新的截止日期。")
    reason = forms.CharField(
        label="调整原因",
        max_length=LONGEST_REASON,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请写明调整原因，填报人员和领导都会看到。"},
    )

    def __init__(self, data: QueryDict | None = None, *, opened: ReportingRound) -> None:
        super().__init__(data, initial={"deadline": opened.deadline}, auto_id=f"id_round_{opened.pk}_%s")
        self.opened = opened


class GradeField(forms.TypedChoiceField):
    """A water-quality grade as its ordinal."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [
            ("", "请选择" if kwargs["required"] else "未选"),
            *((str(int(grade)), grade.label) for grade in Grade),
        ]
        super().__init__(choices=choices, coerce=Decimal, empty_value=None, **kwargs)


def value_field(indicator: Indicator, label: str, *, required: str = "", with_unit: bool = True) -> forms.Field:
    """The control for a figure or a grade of the indicator; `required` is the message when it is empty."""
    messages = {"required": required}
    if indicator.value_type == ValueType.GRADE:
        return GradeField(label=label, required=bool(required), error_messages=messages)
    unit = f"（{indicator.unit}）" if indicator.unit and with_unit else ""
    return FigureField(
        label=f"{label}{unit}",
        required=bool(required),
        error_messages=messages,
        widget=forms.TextInput(attrs=FIGURE_INPUT),
    )


class VersionForm(PlainForm):
    """What every version states beside its content. `seen` is the stamp of the versions that the page showed."""

    document = forms.CharField(
        label="依据文件",
        max_length=200,
        error_messages={"required": "请写明依据文件的名称和文号。"},
    )
    effective_on = date_field("文件日期", help_text="自这一天起生效，可不填。")
    note = forms.CharField(label="说明", required=False, max_length=500)
    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, indicator: Indicator, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicator = indicator

    def stated(self) -> dict[str, Any]:
        """What the service is told; expects a valid form."""
        return dict(self.cleaned_data)


class AssignedForm(VersionForm):
    """上级下达数, with the document that assigns it. What the file is, the service decides."""

    field_order = ["value", "document", "effective_on", "file", "note", "seen"]
    file = forms.FileField(
        label="文件（扫描件或原件）",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ENDINGS}),
        help_text="可不填，也可以以后在下方各版本中补传。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = value_field(self.indicator, "下达数", required="请填写上级下达的数值。")
        self.order_fields(self.field_order)


class AnnualForm(VersionForm):
    """年度目标: one figure per year before the target year; an empty one withdraws the year's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["effective_on"]
        self.fields["document"].required = False
        for year in range(self.indicator.years.start, self.indicator.target_year):
            self.fields[f"year_{year}"] = value_field(self.indicator, f"{year} 年", with_unit=False)

    @property
    def year_fields(self) -> list[forms.BoundField]:
        """The figures, first year first."""
        return [self[name] for name in self.fields if name.startswith("year_")]

    def stated(self) -> dict[str, Any]:
        """`figures` by year beside the rest."""
        figures = {name: self.cleaned_data[name] for name in self.fields if name.startswith("year_")}
        rest = {name: value for name, value in self.cleaned_data.items() if name not in figures}
        return {**rest, "figures": {int(name.removeprefix("year_")): figure for name, figure in figures.items()}}


@dataclass(frozen=True)
class CountyFields:
    """The cells of a county; `baseline` is None where a county has none."""

    county: Region
    target: forms.BoundField
    baseline: forms.BoundField | None


class BreakdownForm(VersionForm):
    """分解到县区: a target and, of a level, a baseline for each county; an empty target withdraws the county's."""

    def __init__(self, *args: Any, breakdown: Breakdown, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.breakdown = breakdown
        for county in breakdown.counties:
            self.fields[f"target_{county.pk}"] = forms.CharField(
                label=f"{county}目标",
                required=False,
                max_length=300,
                widget=forms.TextInput(attrs={"autocomplete": "off"}),
            )
            if breakdown.has_baselines:
                self.fields[f"baseline_{county.pk}"] = value_field(self.indicator, f"{county}基期值", with_unit=False)

    @property
    def county_fields(self) -> list[CountyFields]:
        """A row for each county."""
        return [
            CountyFields(
                county,
                self[f"target_{county.pk}"],
                self[f"baseline_{county.pk}"] if self.breakdown.has_baselines else None,
            )
            for county in self.breakdown.counties
        ]

    def stated(self) -> dict[str, Any]:
        """`shares` by county beside the rest."""
        data = self.cleaned_data
        shares = {
            county.pk: Share(data[f"target_{county.pk}"], data.get(f"baseline_{county.pk}"))
            for county in self.breakdown.counties
        }
        rest = {name: value for name, value in data.items() if not name.startswith(("target_", "baseline_"))}
        return {**rest, "shares": shares}


def breakdown_data(breakdown: Breakdown) -> dict[str, Any]:
    """The shares in force as a BreakdownForm is filled with them."""
    targets = {f"target_{key}": share.wording for key, share in breakdown.shares.items()}
    return targets | {
        f"baseline_{key}": show_figure(share.baseline)
        for key, share in breakdown.shares.items()
        if share.baseline is not None
    }


class WordingForm(VersionForm):
    """调整目标原文. `confirmed` is the wording whose understanding the person saw."""

    field_order = ["wording", "document", "effective_on", "note", "seen"]
    wording = forms.CharField(
        label="新的目标原文",
        max_length=300,
        error_messages={"required": "请照文件原样填写新的目标。"},
        help_text="照文件原样填写，例如“≥95”“较2020年下降10%”“完成省定目标”。",
    )
    confirmed = forms.CharField(required=False, widget=forms.HiddenInput)

    def stated(self) -> dict[str, Any]:
        """Without what was confirmed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "confirmed"}


class BaselineForm(VersionForm):
    """调整基期值."""

    field_order = ["value", "source", "document", "effective_on", "note", "seen"]
    source = forms.CharField(label="数据来源", required=False, max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["value"] = value_field(self.indicator, "新的基期值", required="请填写新的基期值。")
        self.order_fields(self.field_order)


def annual_data(figures: dict[int, Decimal]) -> dict[str, str]:
    """Figures as an AnnualForm is filled with them."""
    return {f"year_{year}": show_figure(figure) for year, figure in figures.items()}
