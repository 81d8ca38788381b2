"""Yearly figures that were really published: loaded as approved values, or as a baseline where the plan prints none."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.core.exceptions import ValidationError

from indicators.loading.indicators import IndicatorFixtures
from indicators.models import Indicator, ReviewStatus, ValueOrigin, YearlyValue
from indicators.services.values import ValueEntry, check_entry
from regions.fixture_files import Entry
from regions.fixture_rows import FixtureRows


class PublishedFixtures:
    """Published values with their sources. A value that staff entered meanwhile is left as it is."""

    def __init__(self, indicators: IndicatorFixtures, approved_at: datetime) -> None:
        self.indicators = indicators
        self.approved_at = approved_at
        self.values = FixtureRows(
            YearlyValue.objects.select_related("indicator__plan", "region"),
            key=lambda value: (value.indicator.code, value.region.slug, value.year),
        )

    def read(self, file: Entry) -> None:
        """Build the values of published_values.yaml; `as` says whether a figure is a yearly value or a baseline."""
        parents = self.indicators.parent_codes()
        for position, entry in enumerate(file.entries("entries", named_by="indicator"), start=1):
            entry.name = f"{entry.name}（第 {position} 条）"
            code = entry.text("indicator", required=True)
            indicator = None if code is None else self.indicators.find(entry, code)
            source, url = self._source(entry), entry.text("source_url", required=True)
            kind = entry.text("as", required=True)
            year, value = entry.year("year", required=True), entry.number("value", required=True)
            entry.finish()
            if kind not in ("value", "baseline", None):
                entry.problem(f"“as”应是 value 或 baseline，不能是“{kind}”。")
            if indicator is not None and indicator.code in parents:
                entry.problem("该指标由分项指标汇总评价，本身不填数值，请填到分项指标。")
            if entry.failed or indicator is None or year is None or value is None:
                continue
            if kind == "baseline":
                self._put_baseline(entry, indicator, year, value, f"{source}；{url}")
            else:
                self._put_value(entry, indicator, year, value, source, url or "")
        file.finish()

    def save(self, reason: str) -> None:
        """Write the values. Baselines are written with the indicators' own."""
        self.values.save(reason)

    def _source(self, entry: Entry) -> str:
        """One sentence: scope, how sure, when published, and what the year means there."""
        scope, confidence = entry.text("scope", required=True), entry.text("confidence", required=True)
        published, basis = entry.text("published", required=True), entry.text("year_basis") or ""
        kinds = {"government site": "政府网站", "press": "媒体报道"}
        bases = {
            "end of the five-year period the source speaks of": "来源所述五年期末",
            "the source names the year": "",
        }
        if confidence is None:
            return ""
        if confidence not in kinds or basis not in bases:
            entry.problem("“confidence”或“year_basis”不是约定的写法。")
            return ""
        parts = [kinds[confidence], scope, f"发布：{published}", bases[basis]]
        return "；".join(part for part in parts if part)

    def _put_baseline(self, entry: Entry, indicator: Indicator, year: int, value: Decimal, source: str) -> None:
        if self.indicators.baselines.named((indicator.code, indicator.plan.region.slug, 1)):
            entry.problem("规划原文或前面的条目已有基期值，公开发布的数值不能代替它。")
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

    def _put_value(self, entry: Entry, indicator: Indicator, year: int, value: Decimal, source: str, url: str) -> None:
        try:
            check_entry(ValueEntry(indicator, indicator.plan.region, year, value, source=source, source_url=url))
        except ValidationError as error:
            for message in error.messages:
                entry.problem(message)
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
            status=ReviewStatus.APPROVED,
            approved_at=known.approved_at if known else self.approved_at,
        )
