"""What every import of a workbook keeps, whatever its cells state: the file, where it stands, what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models

from indicators.models.evidence import AbstractStoredFile

if TYPE_CHECKING:
    from indicators.models.plan import Plan


class ImportState(models.TextChoices):
    """Where an import stands."""

    WAITING = "waiting", "等待核对"
    CHECKED = "checked", "待确认"
    CONFIRMED = "confirmed", "等待写入"
    DONE = "done", "已导入"
    UNDONE = "undone", "已撤销"
    REFUSED = "refused", "无法读取"
    DISCARDED = "discarded", "已放弃"


#: What among the counts keeps a file from being imported.
HINDRANCES = ("problems", "error", "not_permitted", "locked")


class AbstractImport(AbstractStoredFile):
    """A workbook that a person imports into a plan; file, counts and outcome are kept.

    `counts` are the numbers of rows by how they stood (recording.Standing) and under "problems" those of cells to
    correct. `refusal` says why the file could not be read or written. Every kind has its own `plan` and `history`.
    """

    if TYPE_CHECKING:
        plan: models.ForeignKey[Plan, Plan]

    state = models.CharField("状态", max_length=10, choices=ImportState.choices, default=ImportState.WAITING)
    as_draft = models.BooleanField("存为草稿", default=False)
    reason = models.CharField("修改原因", max_length=500, blank=True)
    stamp = models.CharField("核对时的状态", max_length=64, blank=True)
    counts: models.JSONField[Any, Any] = models.JSONField("数量", default=dict, blank=True)
    refusal = models.TextField("未导入的原因", blank=True)
    finished_at = models.DateTimeField("导入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="撤销人",
    )

    class Meta:
        abstract = True
        ordering = ["-uploaded_at", "-pk"]

    @property
    def hindrance_count(self) -> int:
        """How many cells and rows kept the file from being imported when it was last compared."""
        return sum(self.counts.get(name, 0) for name in HINDRANCES)
