"""manage.py create_first_accounts: one demonstration account of each role with a random password, on an empty portal
only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import transaction

from portal.accounts.models import User
from regions.models import Department, Membership, Role

DEPARTMENT_CODE = "bazhong-ecology-environment"
ACCOUNTS = [
    ("tianbao", "填报员（演示）", Role.ENTRY),
    ("shenhe", "审核员（演示）", Role.REVIEWER),
    ("lingdao", "分管领导（演示）", Role.LEADER),
    ("guanli", "管理员（演示）", Role.ADMINISTRATOR),
]


class Command(BaseCommand):
    help = "在没有任何账号的门户上，为每种角色建立一个演示账号，密码随机，只显示一次并存入仅本人可读的文件。"

    def handle(self, *args: Any, **options: Any) -> None:
        file = settings.VAR_DIR / "first-accounts.txt"
        if User.objects.exists():
            if file.exists():
                self.stdout.write(f"账号已经建立，初始密码见 {file.relative_to(settings.BASE_DIR)}。")
            return
        department = Department.objects.get(code=DEPARTMENT_CODE)
        lines = []
        with transaction.atomic():
            for username, full_name, role in ACCOUNTS:
                password = secrets.token_urlsafe(12)
                administrator = role == Role.ADMINISTRATOR
                user = User.objects.create_user(
                    username,
                    password=password,
                    full_name=full_name,
                    is_staff=administrator,
                    is_superuser=administrator,
                )
                Membership.objects.create(user=user, department=department, role=role)
                lines.append(f"{role.label}  账号 {username}  密码 {password}")
            write_private(file, "\n".join(lines) + "\n")
        self.stdout.write("演示账号（密码只显示这一次，也存于 var/first-accounts.txt）：")
        for line in lines:
            self.stdout.write(f"  {line}")


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; it is never readable by others, not even for a moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
