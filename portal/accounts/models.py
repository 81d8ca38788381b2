"""Personal accounts and the log of who signed in. Roles come from memberships (regions.Membership), never from a shared
account."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.hashers import is_password_usable
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from regions.history import kept_history

#: A new password is none of this many last ones, the present one included.
RECENT_PASSWORDS = 3


class User(AbstractUser):
    """A person, or an API client, which acts under an account of its own. Someone who leaves is deactivated and stays
    in the history."""

    full_name = models.CharField("姓名", max_length=60, blank=True)
    must_change_password = models.BooleanField("须修改初始密码", default=False)
    is_service_account = models.BooleanField(
        "接口账号",
        default=False,
        editable=False,
        help_text="由接口客户端使用，不能登录；在“接口客户端”中管理",
    )
    #: Hashes of the last passwords, the present one first.
    recent_passwords = models.JSONField("最近用过的密码", default=list, editable=False)
    # Chinese names are one field.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    history = kept_history(excluded_fields=["password", "last_login", "recent_passwords"])

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["username"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(is_service_account=True, is_superuser=True),
                name="user_service_is_no_administrator",
                violation_error_message="接口账号不能是管理员。",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Remember the password among the recent ones. Signing in alone is no change: the sign-in log has it."""
        fields = kwargs.get("update_fields")
        if (fields is None or "password" in fields) and self._remember_password() and fields is not None:
            kwargs["update_fields"] = {*fields, "recent_passwords"}
        if fields is None or set(fields) != {"last_login"}:
            super().save(*args, **kwargs)
            return
        self.skip_history_when_saving = True
        try:
            super().save(*args, **kwargs)
        finally:
            del self.skip_history_when_saving

    def _remember_password(self) -> bool:
        """Put the present password first; False when it is known already or nobody can sign in with it."""
        if self.password in self.recent_passwords or not is_password_usable(self.password):
            return False
        self.recent_passwords = [self.password, *self.recent_passwords][:RECENT_PASSWORDS]
        return True

    def get_full_name(self) -> str:
        """The person's name, or the account name where none is recorded."""
        return str(self)

    def get_short_name(self) -> str:
        """The same as the full name: Chinese names are not shortened."""
        return str(self)


class SignInOutcome(models.TextChoices):
    """What became of an attempt to sign in or to change the password, or that somebody signed out."""

    SUCCESS = "success", "登录成功"
    WRONG_PASSWORD = "wrong_password", "账号或密码错误"
    WRONG_AT_CHANGE = "wrong_at_change", "修改密码时原密码错误"
    LOCKED = "locked", "已锁定"
    SIGNED_OUT = "signed_out", "退出"


class SignInRecord(models.Model):
    """A line of the sign-in log. The portal only ever adds lines."""

    at = models.DateTimeField("时间", default=timezone.now, db_index=True)
    account = models.CharField("填写的账号", max_length=150)
    user = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="sign_ins", verbose_name="人员", help_text="账号存在时"
    )
    address = models.GenericIPAddressField("网络地址", null=True)
    browser = models.CharField("浏览器", max_length=200)
    outcome = models.CharField("结果", max_length=16, choices=SignInOutcome.choices)

    class Meta:
        verbose_name = "登录记录"
        verbose_name_plural = "登录记录"
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.account} · {self.get_outcome_display()}"
