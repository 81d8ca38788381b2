"""Who uses the API: clients, each with an account of its own, and their tokens."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from indicators.models import Plan
from regions.history import kept_history

#: The history names a client by an account “接口：…” and by the way “接口 …”; both have room for so many characters.
LONGEST_NAME = 50
DEFAULT_RATE, HIGHEST_RATE = 300, 6000


class ApiClient(models.Model):
    """A system that reads plans of its scope and, where allowed, submits values.

    It acts under `account`, which nobody signs in with; what it may submit follows from the departments that the
    account belongs to, as for a person. `portal.api.clients` writes clients.
    """

    name = models.CharField(
        "名称", max_length=LONGEST_NAME, unique=True, help_text="单位和系统，例如：市大数据局共享平台"
    )
    account = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="api_client",
        verbose_name="接口账号",
        editable=False,
    )
    contact = models.CharField("联系人", max_length=100, blank=True, help_text="姓名和电话，有问题时找谁")
    all_plans = models.BooleanField("可读全部规划", default=False, help_text="包括以后新增的规划")
    plans = models.ManyToManyField(Plan, blank=True, related_name="+", verbose_name="可读规划")
    may_submit = models.BooleanField("可提交数值", default=False)
    rate_per_minute = models.PositiveIntegerField(
        "每分钟最多请求次数",
        default=DEFAULT_RATE,
        validators=[MinValueValidator(1), MaxValueValidator(HIGHEST_RATE)],
    )
    is_active = models.BooleanField("启用", default=True, help_text="停用后，它的全部令牌立即失效")
    history = kept_history(m2m_fields=[plans])

    class Meta:
        verbose_name = "接口客户端"
        verbose_name_plural = "接口客户端"
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse control characters: name and contact stand in lines of the history and of lists."""
        super().clean()
        for name in ("name", "contact"):
            if not getattr(self, name).replace("\u3000", " ").isprintable():
                raise ValidationError({name: "请写成一行，不要带换行等控制字符。"})

    @property
    def channel(self) -> str:
        """How the history calls the way by which the client's changes come in."""
        return f"接口 {self.name}"

    def plan_scope(self) -> QuerySet[Plan]:
        """The plans that the client may know of. No query before it is evaluated."""
        return Plan.objects.all() if self.all_plans else self.plans.all()


class TokenState(models.TextChoices):
    """Whether a token opens the API."""

    VALID = "valid", "有效"
    EXPIRED = "expired", "已过期"
    REVOKED = "revoked", "已停用"


class AccessToken(models.Model):
    """A secret that a client shows with every request; only its digest is stored. A client has several while it changes
    from one to the next. Tokens are revoked, never deleted."""

    client = models.ForeignKey(ApiClient, on_delete=models.PROTECT, related_name="tokens", verbose_name="接口客户端")
    digest = models.CharField("摘要", max_length=64, unique=True, editable=False)
    start = models.CharField("开头", max_length=12, help_text="令牌的前几个字符，用来辨认是哪一个")
    created_at = models.DateTimeField("创建时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="创建人",
        help_text="空白为系统命令",
    )
    expires_at = models.DateTimeField("到期时间")
    revoked_at = models.DateTimeField("停用时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="停用人",
    )
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True, help_text="精确到分钟")
    last_used_address = models.GenericIPAddressField("最近使用的地址", null=True, blank=True)

    class Meta:
        verbose_name = "访问令牌"
        verbose_name_plural = "访问令牌"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="token_expires_later",
                violation_error_message="到期时间应晚于创建时间。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.start}…"

    def state(self, now: datetime | None = None) -> TokenState:
        """What the token is worth at that moment, now by default."""
        if self.revoked_at is not None:
            return TokenState.REVOKED
        return TokenState.EXPIRED if self.expires_at <= (now or timezone.now()) else TokenState.VALID


class RequestCount(models.Model):
    """How many requests somebody was granted in a minute, over all processes; `portal.api.rates` counts."""

    who = models.CharField(max_length=80, primary_key=True)
    minute = models.PositiveIntegerField()
    granted = models.PositiveIntegerField()

    class Meta:
        verbose_name = "请求计数"
        verbose_name_plural = "请求计数"

    def __str__(self) -> str:
        return f"{self.who}: {self.granted}"
