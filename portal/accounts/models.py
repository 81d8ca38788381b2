"""Personal accounts. Roles come from memberships (regions.Membership), never from a shared account."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from simple_history.models import HistoricalRecords


class User(AbstractUser):
    """A person. Someone who leaves is deactivated and stays in the history."""

    full_name = models.CharField("姓名", max_length=60, blank=True)
    must_change_password = models.BooleanField("须修改初始密码", default=False)
    # Chinese names are one field.
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    history = HistoricalRecords(verbose_name="修改记录", excluded_fields=["password", "last_login"])

    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = "账号"
        verbose_name_plural = "账号"
        ordering = ["username"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """The person's name, or the account name where none is recorded."""
        return str(self)

    def get_short_name(self) -> str:
        """The same as the full name: Chinese names are not shortened."""
        return str(self)
