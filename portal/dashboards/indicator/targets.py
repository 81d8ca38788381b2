"""The versions of an indicator's targets, as its page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from indicators.display import show_value
from indicators.models import Indicator, Target
from indicators.services.judging import rule_of
from indicators.targets import TargetRule
from portal.dashboards.indicator.files import Files, StoredFile


@dataclass(frozen=True)
class TargetVersion:
    """A version of a target, how it was understood and its documents. `is_current` marks the one in force."""

    target: Target
    rule: TargetRule
    assigned: str
    is_current: bool
    files: list[StoredFile]


def target_versions(indicator: Indicator, files: Files, today: date) -> list[TargetVersion]:
    """All versions for all regions and years, by year, newest first; in force is the newest that has taken effect.
    Queries nothing."""
    seen: set[tuple[int, int]] = set()
    versions = []
    for target in sorted(indicator.targets.all(), key=lambda target: (target.year, -target.version)):
        key = (target.region_id, target.year)
        assigned = show_value(indicator, target.assigned_value) if target.assigned_value is not None else ""
        is_current = key not in seen and target.is_in_effect(today)
        rule = rule_of(target, indicator)
        versions.append(TargetVersion(target, rule, assigned, is_current, files.of_targets.get(target.pk, [])))
        if is_current:
            seen.add(key)
    return versions
