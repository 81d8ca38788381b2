"""manage.py prune_sign_in_log: forget old lines of the sign-in log. The only way that a line ever goes."""

from __future__ import annotations

from argparse import ArgumentTypeError
from datetime import timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from portal.accounts.models import SignInRecord

#: The law (网络安全法, 等保2.0) asks for six months, of which the longest have 184 days.
LEAST_DAYS = 184
#: Lines deleted in one statement, so that nobody who signs in meanwhile waits.
BATCH = 5000


def days_to_keep(text: str) -> int:
    """The number of days; raises ArgumentTypeError for what is no number or too few."""
    if not text.isdecimal() or int(text) < LEAST_DAYS:
        raise ArgumentTypeError(f"登录记录须至少保留六个月，--days 请填不小于 {LEAST_DAYS} 的整数。")
    return int(text)


class Command(BaseCommand):
    help = "删除超过保留天数的登录记录；每天运行一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=days_to_keep, default=400, help="保留最近多少天的记录，默认 400")

    def handle(self, *args: Any, days: int, **options: Any) -> None:
        since = timezone.now() - timedelta(days=days)
        outdated = SignInRecord.objects.filter(at__lt=since).order_by("pk")
        deleted = 0
        while batch := list(outdated.values_list("pk", flat=True)[:BATCH]):
            deleted += SignInRecord.objects.filter(pk__in=batch).delete()[0]
        self.stdout.write(f"已删除 {deleted} 条 {timezone.localtime(since):%Y-%m-%d} 以前的登录记录，其余保留。")
