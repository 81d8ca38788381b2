"""manage.py send_reminders [--today YYYY-MM-DD]: mail the day's reminders. Run once a day."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.services.reminders import send_reminders
from portal.duties import DUTY_KINDS


class Command(BaseCommand):
    help = "向还没有交齐的部门填报人员发送提醒邮件：截止前 7 天和 1 天，逾期次日起每 7 天。每天运行一次。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="按这一天发送，用于补发；默认今天"
        )

    def handle(self, *args: Any, today: date | None, **options: Any) -> None:
        outcome = send_reminders(today or timezone.localdate(), DUTY_KINDS)
        self.stdout.write(f"已发送 {outcome.sent} 封提醒邮件。")
        if outcome.without_address:
            self.stdout.write(f"没有邮箱、未能提醒：{'、'.join(outcome.without_address)}。请在账号中补填邮箱。")
        if outcome.failed:
            raise CommandError(f"{len(outcome.failed)} 封未能发出：{'、'.join(outcome.failed)}。请检查邮件服务器设置。")
