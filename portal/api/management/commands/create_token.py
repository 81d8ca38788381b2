"""manage.py create_token NAME [--plan SLUG …] [--submit] [--department CODE …] [--days N]: a token for a client,
alone on stdout."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from indicators.models import Plan
from portal.api.clients import DEFAULT_DAYS, Scope, issue_token, save_client
from portal.api.models import ApiClient
from regions.models import Department


class Command(BaseCommand):
    help = (
        "为接口客户端生成一个访问令牌，只在标准输出显示这一次。没有这个客户端时先建立；不写 --plan 的可读全部规划。"
        "已有的客户端只换发令牌，范围在管理后台修改。"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", metavar="NAME", help="客户端名称，例如 市大数据局共享平台")
        parser.add_argument("--plan", nargs="+", action="extend", default=[], metavar="SLUG", help="只可读这些规划")
        parser.add_argument("--submit", action="store_true", help="可以提交数值")
        parser.add_argument(
            "--department",
            nargs="+",
            action="extend",
            default=[],
            metavar="CODE",
            help="以这些部门的身份提交；不写时用 --plan 各规划的统筹部门",
        )
        parser.add_argument("--days", type=int, default=DEFAULT_DAYS, help=f"有效天数，默认 {DEFAULT_DAYS}")

    @sensitive_variables("secret")
    def handle(
        self, *args: Any, name: str, plan: list[str], submit: bool, department: list[str], days: int, **options: Any
    ) -> None:
        try:
            with transaction.atomic():
                client = self.client(name, plan=plan, submit=submit, department=department)
                _, secret = issue_token(client, now=timezone.now(), person=None, days=days)
        except ValidationError as error:
            raise CommandError("".join(error.messages)) from error
        self.stdout.write(secret)

    def client(self, name: str, *, plan: list[str], submit: bool, department: list[str]) -> ApiClient:
        """The client of that name, made with this scope where there is none. Raises CommandError for a scope that an
        existing client would not take over, and for one that is inactive."""
        client = ApiClient.objects.filter(name=name).first()
        if client is None:
            return save_client(
                ApiClient(name=name), self.scope(plan, submit=submit, department=department), person=None
            )
        if plan or submit or department:
            raise CommandError(
                f"客户端“{name}”已经存在，范围请在管理后台修改。只换发令牌时不要写 --plan、--submit 和 --department。"
            )
        if not client.is_active:
            raise CommandError(f"客户端“{name}”已停用。请先在管理后台启用。")
        return client

    def scope(self, plan: list[str], *, submit: bool, department: list[str]) -> Scope:
        """The scope that the options describe. Says on stderr where a client that submits has no department yet."""
        plans = found(Plan, "slug", plan, "规划")
        departments = found(Department, "code", department, "部门")
        if department and not submit:
            raise CommandError("--department 只与 --submit 一起使用。")
        if submit and not department:
            departments = list(
                {each.coordinating_department_id: each.coordinating_department for each in plans}.values()
            )
            names = "、".join(f"{each.region} {each.name}" for each in departments)
            told = (
                f"以统筹部门的身份提交：{names}。"
                if names
                else "没有写 --department，请在管理后台选定填报部门后再提交。"
            )
            self.stderr.write(told)
        return Scope(plans, all_plans=not plans, may_submit=submit, departments=departments)


def found(model: Any, field: str, wanted: list[str], noun: str) -> list[Any]:
    """The records so named. Raises CommandError that lists those that there are not."""
    records = {getattr(each, field): each for each in model.objects.filter(**{f"{field}__in": wanted})}
    if missing := [each for each in wanted if each not in records]:
        raise CommandError(f"没有这些{noun}：{'、'.join(missing)}。请核对后重试。")
    return list(records.values())
