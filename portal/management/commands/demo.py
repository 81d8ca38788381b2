"""manage.py demo [--remove]: plausible figures for all plans, marked as demonstration; or none of them any more."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from indicators.models import Indicator, Plan
from indicators.services.demonstration import MARK, fill, remove
from indicators.services.judging import gather
from indicators.services.values import ValueEntry
from portal.demonstration.figures import plausible_values


class Command(BaseCommand):
    help = "填入演示数据（每次相同，处处标明“演示”，不覆盖已有数值）；加 --remove 时全部删除，不动实际数值。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="删除全部演示数据")

    def handle(self, *args: Any, remove: bool, **options: Any) -> None:
        if remove:
            self.stdout.write(f"已删除演示数据 {remove_all()} 条。")
            return
        for plan in Plan.objects.order_by("slug"):
            count = fill(entries_for(plan), now=timezone.now())
            self.stdout.write(f"{plan.slug}：填入演示数据 {count} 条。")


def remove_all() -> int:
    """Remove what the command filled in."""
    return remove(now=timezone.now())


def entries_for(plan: Plan) -> list[ValueEntry]:
    """Figures for every indicator of the plan that takes values, in its own region."""
    indicators = Indicator.objects.filter(plan=plan, components=None).select_related("plan__region")
    entries: list[ValueEntry] = []
    for evidence in gather(indicators):
        indicator = evidence.indicator
        if evidence.is_county:
            continue
        evidence.values.clear()
        figures = plausible_values(evidence.subject(indicator.target_year), plan.years, indicator.code)
        for year, figure in figures.items():
            entry = ValueEntry(indicator, evidence.region, year, source=MARK, note=MARK)
            if isinstance(figure, str):
                entries.append(replace(entry, finding=figure))
            else:
                entries.append(replace(entry, value=Decimal(figure)))
    return entries
