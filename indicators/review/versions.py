"""The page of an indicator's targets over time: what is in force, and every version with who recorded it and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from indicators.core.figures import show_figure
from indicators.display import show_value
from indicators.models import Baseline, Indicator, Target, TargetDocumentFile
from indicators.services.judging import Evidence, rule_of
from indicators.services.target_versions import evidence_of, no_annual_targets, stamp
from indicators.targets import TargetRule


@dataclass(frozen=True)
class VersionLine:
    """One version. `who` and `when` are those of its first record; fixtures have no person. `target` is the key of a
    target's version, to which documents are attached; a baseline has none."""

    title: str
    version: int
    is_current: bool
    wording: str
    understood: str
    assigned: str
    effective_on: date | None
    document: str
    note: str
    who: str
    when: datetime | None
    target: int | None = None
    files: list[TargetDocumentFile] = field(default_factory=list)


@dataclass(frozen=True)
class TargetsPage:
    """What the page shows. `no_annual` says why annual targets are not offered; empty where they are."""

    indicator: Indicator
    target: Target | None
    rule: TargetRule
    baseline: Baseline | None
    annual: dict[int, Decimal]
    no_annual: str
    seen: str
    lines: list[VersionLine]

    @property
    def assigned(self) -> str:
        """The assigned number in force, empty without one."""
        if self.target is None or self.target.assigned_value is None:
            return ""
        return show_value(self.indicator, self.target.assigned_value)

    @property
    def annual_years(self) -> range:
        """The years before the target year."""
        return range(self.indicator.years.start, self.indicator.target_year)


def targets_page(indicator: Indicator) -> TargetsPage:
    """Expects `plan__region` to be loaded. Queries: evidence (three), stamp (two), components, targets and baselines
    with the history of each (four), documents."""
    evidence = evidence_of(indicator)
    target = evidence.targets.get(indicator.target_year)
    return TargetsPage(
        indicator=indicator,
        target=target,
        rule=rule_of(target, indicator),
        baseline=evidence.baseline,
        annual=evidence.annual_targets(),
        no_annual=no_annual_targets(indicator),
        seen=stamp(indicator),
        lines=[*target_lines(indicator, evidence), *baseline_lines(indicator, evidence)],
    )


def target_lines(indicator: Indicator, evidence: Evidence) -> list[VersionLine]:
    """Versions of the final and annual targets, the last year first, newest version first. Three queries."""
    targets = Target.objects.filter(indicator=indicator, region=indicator.plan.region_id).order_by("-year", "-version")
    authors = first_records(Target.history.filter(indicator_id=indicator.pk))
    files = TargetDocumentFile.objects.filter(target__indicator=indicator).grouped()
    return [
        VersionLine(
            title=f"{target.year} 年{'目标' if target.year == indicator.target_year else '年度目标'}",
            version=target.version,
            is_current=evidence.targets.get(target.year) == target,
            wording=target.wording or "（无）",
            understood=rule_of(target, indicator).describe(),
            assigned=show_value(indicator, target.assigned_value) if target.assigned_value is not None else "—",
            effective_on=target.effective_on,
            document=target.document,
            note=target.note,
            target=target.pk,
            files=files.get(target.pk, []),
            **author_of(authors.get(target.pk)),
        )
        for target in targets
    ]


def baseline_lines(indicator: Indicator, evidence: Evidence) -> list[VersionLine]:
    """Versions of the baseline, newest first. Two queries."""
    baselines = Baseline.objects.filter(indicator=indicator, region=indicator.plan.region_id).order_by("-version")
    authors = first_records(Baseline.history.filter(indicator_id=indicator.pk))
    return [
        VersionLine(
            title=f"{baseline.year} 年基期值",
            version=baseline.version,
            is_current=evidence.baseline == baseline,
            wording=baseline.text or show_figure(baseline.value),
            understood=show_value(indicator, baseline.value),
            assigned="—",
            effective_on=baseline.effective_on,
            document=baseline.document or baseline.source,
            note=baseline.note,
            **author_of(authors.get(baseline.pk)),
        )
        for baseline in baselines
    ]


def first_records(history: QuerySet[Any]) -> dict[int, Any]:
    """The record that made each version, by the version's key. One query."""
    made = history.filter(history_type="+").select_related("history_user").order_by("history_id")
    return {record.id: record for record in made}


def author_of(record: Any) -> dict[str, Any]:
    """Who made a version and when."""
    if record is None:
        return {"who": "—", "when": None}
    return {"who": str(record.history_user or "系统（规划原文）"), "when": record.history_date}
