"""Yearly figures that were really published: loaded as approved values, or as a baseline where the plan prints none."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from indicators.loading.indicators import IndicatorFixtures
from indicators.models import Indicator, ValueOrigin, ValueStatus, YearlyValue
from regions.fixture_files import Entry
from regions.fixture_rows import FixtureRows


class PublishedFixtures:
    """Published values with their sources. A value that staff entered meanwhile is left as it is."""

    def __init__(self, indicators: IndicatorFixtures, approved_at: datetime) -> None:
        self.indicators = indicators
        self.approved_at = approved_at
        self.values = FixtureRows(
            YearlyValue.objects.select_related("indicator", "region"),
            key=lambda value: (value.indicator.code, value.region.slug, value.year),
        )

    def read(self, file: Entry) -> None:
        """Build the values of published_values.yaml; `as` says whether a figure is a yearly value or a baseline."""
        for position, entry in enumerate(file.entries("entries", named_by="indicator"), start=1):
            entry.name = f"{entry.name}（第 {position} 条）"
            indicator = self.indicators.find(entry, entry.require("indicator"))
            source = self._source(entry)
            kind, year, value = entry.require("as"), entry.require("year"), entry.require("value")
            url = entry.require("source_url")
            entry.finish()
            if indicator is None:
                continue
            if kind == "baseline":
                self._put_baseline(entry, indicator, year, value, f"{source}；{url}")
            elif kind == "value":
                self._put_value(entry, indicator, year, value, source, url)
            else:
                entry.problem(f"“as”应是 value 或 baseline，不能是“{kind}”。")
        file.finish()

    def save(self, reason: str) -> None:
        """Write the values. Baselines are written with the indicators' own."""
        self.values.save(reason)

    def _source(self, entry: Entry) -> str:
        """One sentence: scope, how sure, when published, and what the year means there."""
        scope, confidence = entry.require("scope"), entry.require("confidence")
        published, basis = entry.require("published"), entry.take("year_basis", "")
        kinds = {"government site": "政府网站", "press": "媒体报道"}
        bases = {
            "end of the five-year period the source speaks of": "来源所述五年期末",
            "the source names the year": "",
        }
        if confidence not in kinds or basis not in bases:
            entry.problem("“confidence”或“year_basis”不是约定的写法。")
            return ""
        parts = [kinds[confidence], scope, f"发布：{published}", bases[basis]]
        return "；".join(part for part in parts if part)

    def _put_baseline(self, entry: Entry, indicator: Indicator, year: int, value: Any, source: str) -> None:
        key = (indicator.code, indicator.plan.region.slug, 1)
        printed = self.indicators.baselines.by_key.get(key)
        if printed is not None and not printed.source:
            entry.problem("规划原文已有基期值，公开发布的数值不能代替它。")
            return
        self.indicators.baselines.put(
            entry,
            indicator=indicator,
            region=indicator.plan.region,
            version=1,
            year=year,
            value=value,
            text=str(value),
            source=source,
            note="规划原文未列基期值，采用公开发布的数值。",
        )

    def _put_value(self, entry: Entry, indicator: Indicator, year: int, value: Any, source: str, url: str) -> None:
        if year not in indicator.years:
            entry.problem(f"年度应在 {indicator.years.start} 至 {indicator.years.stop - 1} 年之间。")
            return
        known = self.values.by_key.get((indicator.code, indicator.plan.region.slug, year))
        if known is not None and known.origin != ValueOrigin.PUBLISHED:
            return
        self.values.put(
            entry,
            indicator=indicator,
            region=indicator.plan.region,
            year=year,
            value=value,
            source=source,
            source_url=url,
            origin=ValueOrigin.PUBLISHED,
            status=ValueStatus.APPROVED,
            approved_at=known.approved_at if known else self.approved_at,
        )
