"""What tests of breakdowns do and look at."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime

from indicators.models import Assessment, Baseline, Indicator, Target
from indicators.services.breakdown import Share, record_breakdown, reporting_counties
from indicators.services.target_versions import stamp
from portal.accounts.models import User
from regions.models import Region

NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


def break_down(
    indicator: Indicator, person: User, shares: Mapping[Region, Share | str], *, effective_on: date | None = None
) -> list[Target | Baseline]:
    stated = {region.pk: Share(each) if isinstance(each, str) else each for region, each in shares.items()}
    return record_breakdown(
        indicator,
        shares=stated,
        document="分解方案",
        effective_on=effective_on,
        seen=stamp(indicator),
        person=person,
        now=NOW,
    )


def reported(indicator: Indicator) -> list[str]:
    return [region.name for region in reporting_counties(indicator)]


def verdict(indicator: Indicator, region: Region, year: int = 2022) -> str:
    return Assessment.objects.get(indicator=indicator, region=region, year=year).verdict
