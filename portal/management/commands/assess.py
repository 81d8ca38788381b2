"""manage.py assess [--check]: judge everything anew in batches, or say which stored verdicts differ from fresh ones."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.models import Plan
from indicators.services.judging import differences, judge_plans
from projects.services import judging as projects


class Command(BaseCommand):
    help = "按规划逐个重新评价全部指标和重点项目；加 --check 时只核对已存的评价，不写入。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，有差异时以非零状态退出")
        parser.add_argument("--plan", action="append", metavar="SLUG", help="只处理这些规划，可重复")

    def handle(self, *args: Any, check: bool, plan: list[str] | None, **options: Any) -> None:
        plans = Plan.objects.select_related("region")
        if plan:
            plans = plans.filter(slug__in=plan)
        now = timezone.now()
        if check:
            found = [
                line
                for each in plans.iterator()
                for line in [*differences(each, now=now), *projects.differences(each, now=now)]
            ]
            if found:
                raise CommandError("存储的评价与重新评价不一致：\n" + "\n".join(found))
            self.stdout.write("存储的评价与重新评价一致。")
            return
        total = 0
        for each in plans.iterator():
            count = judge_plans([each], now=now) + projects.judge_plan_projects(each, now=now)
            total += count
            self.stdout.write(f"{each.slug}：{count} 条评价")
        self.stdout.write(f"共 {total} 条评价。")
