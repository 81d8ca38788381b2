"""manage.py demo [--remove]: plausible figures for all plans, marked as demonstration; or none of them any more."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from indicators.models import Plan
from indicators.services import demonstration as indicators
from portal.demonstration.entries import obstacles_for, reports_for, statements_for, values_for
from projects.services import demonstration as projects


class Command(BaseCommand):
    help = "填入演示数据（每次相同，处处标明“演示”，不覆盖已有数据）；加 --remove 时全部删除，不动实际数据。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--remove", action="store_true", help="删除全部演示数据")

    def handle(self, *args: Any, remove: bool, **options: Any) -> None:
        if remove:
            count = indicators.remove(now=timezone.now()) + projects.remove(now=timezone.now())
            self.stdout.write(f"已删除演示数据 {count} 条。")
            return
        for plan in Plan.objects.order_by("slug"):
            now = timezone.now()
            values = indicators.fill(values_for(plan), now=now)
            statements = indicators.fill_statements(statements_for(plan), now=now)
            reports = projects.fill_reports(reports_for(plan), now=now)
            problems = projects.fill_problems(obstacles_for(plan))
            self.stdout.write(
                f"{plan.slug}：填入演示数据 {values + statements + reports + problems} 条"
                f"（数值 {values}，任务落实情况 {statements}，项目进展报告 {reports}，项目问题 {problems}）。"
            )
