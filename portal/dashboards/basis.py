"""What a verdict rests on, as labelled figures. Works on a stored verdict; queries nothing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from indicators.core.codes import Finding, MeasureKind, ValueType
from indicators.core.figures import show_figure
from indicators.core.rounding import decimals_of, percentage, rounded
from indicators.display import show_value
from indicators.models import Assessment, Indicator
from portal.dashboards.rules import rule_meaning

PROJECTION_ASSUMPTIONS = {
    MeasureKind.LEVEL: "假定今后每年的变化与基期以来的平均变化相同",
    MeasureKind.CUMULATIVE_RATE: "假定今后每年的降幅与目前的年均降幅相同",
    MeasureKind.ADDITIVE: "假定今后每年的完成量与目前的年均完成量相同",
}


@dataclass(frozen=True)
class Fact:
    """A labelled figure with a remark."""

    label: str
    text: str
    remark: str = ""


def facts_of(assessment: Assessment, indicator: Indicator) -> list[Fact]:
    """The figures that exist, in the order of the argument: rule, value, required, pace, gap, outlook, settings."""
    plan = indicator.plan
    figures = Figures(assessment, indicator)
    meaning = rule_meaning(assessment.rule_number)
    candidates = [
        Fact("适用规则", f"第 {assessment.rule_number} 条", meaning) if meaning else None,
        *_inputs(assessment, indicator),
        figures.fact("当年数值", assessment.value),
        figures.fact("截至当年累计", assessment.cumulative),
        figures.fact("当年应达到", assessment.required),
        figures.difference_fact("与目标的差距", assessment.gap, "正数表示还差多少，负数表示好于目标"),
        _share("已走完的路程", assessment.progress, "占基期到目标全程的比例"),
        _share("序时进度完成率", assessment.pace, _thresholds(indicator)),
        figures.fact("尚需完成", assessment.remaining),
        figures.difference_fact("今后每年需变化", assessment.needed_per_year, "以后各年平均，达到目标所需"),
        figures.fact(
            f"预计 {indicator.target_year} 年",
            assessment.projection if assessment.year < indicator.target_year else None,
            PROJECTION_ASSUMPTIONS[MeasureKind.checked(indicator.measure)],
        ),
        Fact("“左右”的容差", percentage(plan.about_tolerance, 0), "目标写“左右”时使用")
        if _is_about(assessment)
        else None,
    ]
    return [fact for fact in candidates if fact is not None]


class Figures:
    """Shows the derived figures of a verdict, rounded to the decimals of its target, value and baseline."""

    def __init__(self, assessment: Assessment, indicator: Indicator) -> None:
        self.indicator = indicator
        self.known = [figure for figure in (assessment.value, *_given(assessment)) if figure is not None]
        self.decimals = decimals_of(_shortened(figure) for figure in self.known)

    def show(self, figure: Decimal | None) -> str:
        """The figure with its unit; — where there is none."""
        if figure is None:
            return "—"
        if self.indicator.value_type == ValueType.GRADE:
            return show_value(self.indicator, figure) if 1 <= figure <= 6 else f"{show_figure(figure)} 个类别"
        return rounded(figure, self.decimals, self.known) + self.indicator.unit

    def difference(self, figure: Decimal | None) -> str:
        """What lies between two figures, with its unit; — where there is none."""
        if figure is None:
            return "—"
        if self.indicator.value_type == ValueType.GRADE:
            return f"{show_figure(figure)}个类别"
        return rounded(figure, self.decimals, self.known) + self.indicator.difference_unit

    def fact(self, label: str, figure: Decimal | None, remark: str = "") -> Fact | None:
        """A labelled figure; None where there is none."""
        return None if figure is None else Fact(label, self.show(figure), remark)

    def difference_fact(self, label: str, figure: Decimal | None, remark: str = "") -> Fact | None:
        """A labelled difference; None where there is none."""
        return None if figure is None else Fact(label, self.difference(figure), remark)


def _given(assessment: Assessment) -> list[Decimal | None]:
    """Baseline and target as the verdict was given them."""
    inputs = (assessment.inputs or {}).get("inputs") or {}
    baseline = inputs.get("baseline")
    reached = assessment.value - assessment.gap if assessment.value is not None and assessment.gap is not None else None
    return [Decimal(baseline) if baseline is not None else None, reached]


def _shortened(figure: Decimal) -> Decimal:
    """Without trailing zeros after the point."""
    return Decimal(show_figure(figure))


def _inputs(assessment: Assessment, indicator: Indicator) -> list[Fact | None]:
    """What the verdict was given: target, baseline and the values up to its year."""
    given = (assessment.inputs or {}).get("inputs") or {}

    def shown(stated: str) -> str:
        return Finding.checked(stated).label if stated in list(Finding) else show_value(indicator, Decimal(stated))

    baseline, values = given.get("baseline"), given.get("values") or {}
    reported = values | (given.get("findings") or {})
    known = "，".join(f"{year} 年 {shown(reported[year])}" for year in sorted(reported))
    is_start = indicator.measure == MeasureKind.LEVEL
    return [
        Fact("目标", str(given["target"]), f"{given['target_year']} 年") if given.get("target") else None,
        Fact("上级下达数", shown(given["assigned_value"])) if given.get("assigned_value") else None,
        Fact("当年的年度目标", shown(given["annual_target"])) if given.get("annual_target") else None,
        Fact("起点（基期值）", shown(baseline), f"{given['baseline_year']} 年") if baseline and is_start else None,
        Fact("用到的数值", f"{len(reported)} 年", known) if known else None,
    ]


def _share(label: str, share: Decimal | None, remark: str) -> Fact | None:
    return None if share is None else Fact(label, percentage(share), remark)


def _thresholds(indicator: Indicator) -> str:
    on_track, behind = (percentage(share, 0) for share in (indicator.plan.on_track_from, indicator.plan.behind_below))
    return f"实际进度占应有进度的比例；{on_track} 及以上为符合序时进度，不足 {behind} 为滞后"


def _is_about(assessment: Assessment) -> bool:
    inputs = (assessment.inputs or {}).get("inputs") or {}
    return any(word in str(inputs.get("target", "")) for word in ("左右", "约", "上下"))
