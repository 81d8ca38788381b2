"""The forms of a new plan. They carry what was typed from step to step and read it; the service decides."""

from __future__ import annotations

from typing import Any

from django import forms

from indicators.core.codes import Constraint, Direction, MeasureKind, ValueType
from indicators.review.forms import PlainForm
from indicators.services.plan_draft import IndicatorDraft
from indicators.workbook.duties import names_in
from regions.models import Region, RegionLevel

#: With 19 fields a row this stays below settings.DATA_UPLOAD_MAX_NUMBER_FIELDS.
MAX_ROWS = 300
TYPED = {"autocomplete": "off"}


def text_field(label: str, help_text: str = "") -> forms.CharField:
    """A line of text; whether it may be empty or long, the service says."""
    return forms.CharField(label=label, required=False, help_text=help_text, widget=forms.TextInput(attrs=TYPED))


def year_field(label: str, help_text: str = "") -> forms.IntegerField:
    """A year in four digits, or None."""
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=1900,
        max_value=2999,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        error_messages={
            "invalid": "年份请填四位数字，例如 2025。",
            "min_value": "年份请填四位数字，例如 2025。",
            "max_value": "年份请填四位数字，例如 2025。",
        },
    )


def code_field(label: str, choices: list[tuple[str, str]]) -> forms.ChoiceField:
    """One of the codes; without a choice the portal guesses."""
    return forms.ChoiceField(label=label, required=False, choices=[("", "由系统判断"), *choices])


class RegionChoice(forms.ModelChoiceField[Region]):
    """Places by name, with the one above: many cities have a 城区."""

    def label_from_instance(self, obj: Region) -> str:
        """The name, with the place above in brackets."""
        return f"{obj}（{obj.parent}）" if obj.parent else str(obj)


def region_field(label: str, empty_label: str, help_text: str) -> RegionChoice:
    """A place of the portal."""
    return RegionChoice(
        queryset=Region.objects.select_related("parent").order_by("slug"),
        label=label,
        required=False,
        empty_label=empty_label,
        help_text=help_text,
        error_messages={"invalid_choice": "没有这个地区，请重新选择。"},
    )


class PlanForm(PlainForm):
    """规划: what the cover of the document says."""

    title = text_field("规划名称", "照文件封面填写。")
    region = region_field("地区", "新建一个县（区、市）", "规划所在的地区；列表中没有的，在下面新建。")
    new_region = text_field("新建地区的名称", "只在“地区”选了新建时填写。")
    parent = region_field("新建地区的上级地区", "请选择", "只在“地区”选了新建时选择。")
    coordinating = text_field("统筹部门", "没有写明牵头单位的指标由该部门填报，例如“县生态环境局”。")
    baseline_year = year_field("基期年", "不填时取表头中的年份。")
    target_year = year_field("目标年", "不填时取表头中的年份。")
    period_start = year_field("规划期起", "不填时取基期年的下一年。")
    period_end = year_field("规划期止", "不填时取目标年。")
    issuer = text_field("发布机关", "可不填。")
    document_number = text_field("文号", "可不填。")
    slug = text_field("标识", "用于网址和指标代码：小写字母、数字和连字符，例如 shili-2025。不填时由系统编排。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        above_counties = Region.objects.filter(level__in=(RegionLevel.PROVINCE, RegionLevel.PREFECTURE))
        self.fields["parent"].queryset = above_counties.select_related("parent").order_by("slug")  # type: ignore[attr-defined]


class UploadForm(PlanForm):
    """第一步: the cover and the file with the table."""

    file = forms.FileField(
        label="指标表文件",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv"}),
        help_text="Excel、WPS 或 LibreOffice 的 .xlsx、.xls、.ods 文件，或 .csv；不超过 20 MB。",
        error_messages={
            "required": "请选择指标表文件。",
            "empty": "文件是空的。请检查是否选错了文件。",
            "missing": "请选择指标表文件。",
            "invalid": "文件没有上传成功，请重新选择。",
        },
    )


class IndicatorForm(PlainForm):
    """One row of the table. `place` and `remarks` say where it stands in the file and what was noticed there."""

    number = text_field("序号")
    category = text_field("类别")
    name = text_field("指标名称")
    unit = text_field("单位")
    parent = text_field("分项属于")
    baseline = text_field("基期值")
    wording = forms.CharField(label="目标原文", required=False, widget=forms.Textarea(attrs={"rows": 2, **TYPED}))
    constraint = forms.ChoiceField(label="指标属性", required=False, choices=[("", "请选择"), *Constraint.choices()])
    direction = code_field("方向", Direction.choices())
    value_type = code_field("填报类型", ValueType.choices())
    measure = code_field("计量方式", MeasureKind.choices())
    lead = text_field("牵头单位")
    participating = text_field("责任单位")
    constraint_text = forms.CharField(required=False, widget=forms.HiddenInput)
    baseline_note = forms.CharField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(required=False, widget=forms.HiddenInput)
    remarks = forms.CharField(required=False, widget=forms.HiddenInput)

    def draft(self) -> IndicatorDraft:
        """The indicator as it is typed; what could not be read is empty."""
        typed = {name: str(value or "") for name, value in self.cleaned_data.items()}
        lead, participating = names_in(typed.get("lead", "")), names_in(typed.get("participating", ""))
        return IndicatorDraft(
            **{name: typed.get(name, "") for name in DRAFT_TEXTS},
            lead=tuple(dict.fromkeys(lead)),
            participating=tuple(dict.fromkeys(participating)),
        )


#: Fields of a row that the draft takes as they are.
DRAFT_TEXTS = (
    *("name", "category", "number", "unit", "parent", "constraint", "constraint_text", "direction", "value_type"),
    *("measure", "baseline", "baseline_note", "wording", "note"),
)

IndicatorFormSet = forms.formset_factory(
    IndicatorForm, extra=0, can_delete=True, max_num=MAX_ROWS, absolute_max=MAX_ROWS, validate_max=True
)
