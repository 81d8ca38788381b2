"""manage.py check_files [--tidy]: whether every uploaded file is there and unchanged, and what lies there unowned."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from indicators.models.evidence import evidence_storage
from indicators.services.file_audit import damaged_files, ownerless_files


class Command(BaseCommand):
    help = "核对上传的文件：记录对应的内容是否都在、是否与上传时一致；列出没有记录的内容，加 --tidy 时删除它们。"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--tidy", action="store_true", help="删除没有记录的内容")

    def handle(self, *args: Any, tidy: bool, **options: Any) -> None:
        for path in ownerless_files(now=timezone.now()):
            if tidy:
                evidence_storage().delete(path)
            self.stdout.write(f"没有记录的内容{'，已删除' if tidy else ''}：{path}")
        damaged = list(damaged_files())
        if damaged:
            raise CommandError("以下文件请从备份恢复：\n" + "\n".join(damaged))
        self.stdout.write("上传的文件都在，内容与上传时一致。")
