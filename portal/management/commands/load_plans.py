"""manage.py load_plans: bring the fixture files into the database; running it again changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.plan_loading import FixtureLoad
from regions.fixture_files import FixtureError


class Command(BaseCommand):
    help = (
        "载入地区、部门、规划、指标、项目、任务和公开发布的数值。可重复执行；文件有误时列出全部问题，不写入任何内容。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        default = settings.BASE_DIR / "fixtures"
        parser.add_argument("directory", nargs="?", type=Path, default=default, help="文件所在目录")

    def handle(self, *args: Any, directory: Path, **options: Any) -> None:
        load = FixtureLoad(directory)
        try:
            load.read()
        except FixtureError as error:
            raise CommandError(f"共 {len(error.problems)} 处问题，未写入任何内容：\n{error}") from error
        report = load.save()
        self.stdout.write(
            f"规划 {report.plans} 个：新增 {report.created} 条，更新 {report.changed} 条，"
            f"新增关联 {report.linked} 条，按文件更正删除 {len(report.removed)} 条，"
            f"保留人工修改 {len(report.kept)} 条，文件中已没有 {len(report.unnamed)} 条。"
        )
        for label, names in (
            ("按文件更正删除", report.removed),
            ("保留人工修改", report.kept),
            ("文件中已没有", report.unnamed),
        ):
            for name in names:
                self.stdout.write(f"  {label}：{name}")
