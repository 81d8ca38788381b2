"""Files that prove what is stated: evidence of yearly values, and the documents that set targets."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.core.files.storage import Storage, storages
from django.db import models
from django.db.models import Count
from django.urls import reverse

from indicators.files.kinds import label_of
from indicators.models.indicator import Indicator
from indicators.models.target import Target
from regions.history import kept_history
from regions.models import Region
from regions.records import StandingRecord


def evidence_storage() -> Storage:
    """Where the bytes lie: the storage "evidence" of the settings."""
    return storages["evidence"]


def random_path(record: models.Model, name: str) -> str:
    """A path that says nothing and holds no text of a person."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token}"


class AbstractStoredFile(models.Model):
    """A file that a person uploaded. `name` is theirs, cleaned; `content_type` is told by the content, never by the
    browser. The bytes lie under a random path and go with the record; its history keeps name and `sha256`."""

    file = models.FileField("文件", storage=evidence_storage, upload_to=random_path, max_length=100, editable=False)
    name = models.CharField("文件名", max_length=200)
    content_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小（字节）")
    sha256 = models.CharField("SHA-256", max_length=64)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="上传人"
    )

    class Meta:
        abstract = True
        ordering = ["uploaded_at", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The address that hands the file out to those who may see it."""
        raise NotImplementedError

    @property
    def kind(self) -> str:
        """What people call files of this type."""
        return label_of(self.content_type)


class EvidenceFileQuerySet(models.QuerySet["EvidenceFile"]):
    """Named reads over evidence."""

    def counts(self) -> dict[tuple[int, int], int]:
        """How many files each indicator and region (primary keys) has among these. One query."""
        rows = self.order_by().values_list("indicator", "region").annotate(count=Count("pk"))
        return {(indicator, region): count for indicator, region, count in rows}

    def grouped(self) -> dict[tuple[int, int, int], list[EvidenceFile]]:
        """These files by indicator, region (primary keys) and year. One query."""
        groups: dict[tuple[int, int, int], list[EvidenceFile]] = {}
        for file in self:
            groups.setdefault((file.indicator_id, file.region_id, file.year), []).append(file)
        return groups


class EvidenceFile(AbstractStoredFile):
    """Evidence (佐证材料) for the value of an indicator, region and year.

    Not tied to the value's row: it is uploaded before a reviewer records the finding that it supports, and survives
    the value's correction.
    """

    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="evidence_files", verbose_name="指标"
    )
    region = models.ForeignKey(Region, on_delete=models.PROTECT, related_name="+", verbose_name="地区")
    year = models.PositiveSmallIntegerField("年度")
    history = kept_history(bases=[StandingRecord])

    objects = EvidenceFileQuerySet.as_manager()

    class Meta(AbstractStoredFile.Meta):
        verbose_name = "佐证材料"
        verbose_name_plural = "佐证材料"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "region", "year", "sha256"],
                name="evidence_file_once",
                violation_error_message="内容相同的文件已经上传过，不用重复上传。",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The address that hands the file out to those who may see it."""
        return reverse("evidence_file", args=[self.pk])


class TargetDocumentFileQuerySet(models.QuerySet["TargetDocumentFile"]):
    """Named reads over the documents of targets."""

    def grouped(self) -> dict[int, list[TargetDocumentFile]]:
        """These files by their target (primary key). One query."""
        groups: dict[int, list[TargetDocumentFile]] = {}
        for file in self:
            groups.setdefault(file.target_id, []).append(file)
        return groups


class TargetDocumentFile(AbstractStoredFile):
    """The document on whose authority a version of a target stands, with the number it assigns or the wording."""

    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="document_files", verbose_name="目标")
    history = kept_history(bases=[StandingRecord])

    objects = TargetDocumentFileQuerySet.as_manager()

    class Meta(AbstractStoredFile.Meta):
        verbose_name = "目标依据文件"
        verbose_name_plural = "目标依据文件"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "sha256"],
                name="target_document_file_once",
                violation_error_message="内容相同的文件已经上传过，不用重复上传。",
            ),
        ]

    def get_absolute_url(self) -> str:
        """The address that hands the file out to everybody with an account."""
        return reverse("target_document_file", args=[self.pk])
