"""What changed between two history records, as an office reads it: no raw timestamps, codes or English words."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format
from simple_history.models import DeletedObject, ModelChange
from simple_history.template_utils import HistoricalRecordContextHelper

NOTHING = "（空）"
#: Long enough for every reason and note to stand there whole.
LONGEST_TEXT = 1000


class ReadableChanges(HistoricalRecordContextHelper):
    """Writes the old and new value of a change for the admin's history table."""

    def __init__(self, model: type[models.Model], historical_record: Any) -> None:
        super().__init__(model, historical_record, max_displayed_delta_change_chars=LONGEST_TEXT)

    def prepare_delta_change_value(self, change: ModelChange, value: Any) -> Any:
        """The value in words; a list, as of a many-to-many field, in words one by one."""
        prepared = super().prepare_delta_change_value(change, value)
        if isinstance(prepared, list):
            return "、".join(map(in_words, prepared)) or NOTHING
        if isinstance(prepared, dict):
            return (
                "、".join(f"{self.word_of(change.field, key)} {in_words(each)}" for key, each in prepared.items())
                or NOTHING
            )
        choices = dict(getattr(self.model._meta.get_field(change.field), "flatchoices", None) or ())
        return str(choices.get(prepared) or in_words(prepared))

    def word_of(self, field: str, key: str) -> str:
        """What a key of a field that holds named values is called; a model with such a field has words of its own."""
        return key


def in_words(value: Any) -> str:
    """One value: a time of this place, a date, 是 or 否, a figure without trailing zeros, anything else as it is."""
    match value:
        case None | "":
            return NOTHING
        case bool():
            return "是" if value else "否"
        case datetime():
            return date_format(timezone.localtime(value), "DATETIME_FORMAT")
        case date():
            return date_format(value, "DATE_FORMAT")
        case Decimal():
            text = f"{value:f}"
            return text.rstrip("0").rstrip(".") if "." in text else text
        case DeletedObject():
            return f"已删除的{value.model._meta.verbose_name}"
    return str(value)
