"""manage.py prune_submissions: forget old keys of the API's submissions, with what was answered to them."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from indicators.services.submissions import KEPT_DAYS, forget_submissions


def days_to_keep(text: str) -> int:
    """The number of days; raises ArgumentTypeError for what is no number or too few."""
    if not text.isdecimal() or not KEPT_DAYS <= int(text) < 100_000:
        raise ArgumentTypeError(f"接口使用说明写明标识至少保留 {KEPT_DAYS} 天，--days 请填不小于 {KEPT_DAYS} 的整数。")
    return int(text)


class Command(BaseCommand):
    help = "删除超过保留天数、其中数值都已另行提交过的接口提交（标识和答复）；数值的修改记录不受影响。每天运行一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=days_to_keep, default=KEPT_DAYS, help=f"保留天数，默认 {KEPT_DAYS}")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        since = timezone.now() - timedelta(days=days)
        deleted = forget_submissions(since)
        self.stdout.write(f"已删除 {deleted} 次 {timezone.localtime(since):%Y-%m-%d} 以前的接口提交，其余保留。")
