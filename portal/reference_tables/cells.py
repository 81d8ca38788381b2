"""How a cell of a reference table becomes the value of a field, and back. A refusal is a ValueError in Chinese."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from import_export.fields import Field
from import_export.widgets import ForeignKeyWidget, Widget

from regions.models import Department, DepartmentAlias

SEPARATOR = "；"


class ChoiceCell(Widget):
    """One of a list, by its Chinese label; its code is understood too."""

    def __init__(self, name: str, choices: Sequence[tuple[str, Any]]) -> None:
        super().__init__()
        self.name = name
        self.labels = {code: str(label) for code, label in choices}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> str:
        """The code."""
        for code, label in self.labels.items():
            if value in (code, label):
                return code
        if not value:
            return ""
        raise ValueError(f"没有“{value}”这种{self.name}。可以填：{'、'.join(self.labels.values())}。")

    def render(self, value: str | None, obj: Any = None, **kwargs: Any) -> str:
        """The label."""
        return self.labels.get(value or "", "")


class KeyCell(ForeignKeyWidget):
    """A record of another table by its natural key; rows of the same file that stand before count too."""

    def __init__(self, model: Any, field: str) -> None:
        super().__init__(model, field)
        self.known: dict[str, Any] = {}

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> Any:
        """The record; None for an empty cell. One query for each key that was not met before."""
        if not value:
            return None
        if value not in self.known:
            found = self.get_queryset(value, row).filter(**{self.field: value}).first()
            if found is None:
                name = self.model._meta.verbose_name
                label = self.model._meta.get_field(self.field).verbose_name
                raise ValueError(f"没有{label}为“{value}”的{name}。请改正，或先在前面的行中新增这个{name}。")
            self.known[value] = found
        return self.known[value]


class AliasesField(Field):
    """The aliases of a department in one cell, separated by ；. An import adds aliases and takes none away."""

    def __init__(self) -> None:
        super().__init__(attribute="aliases", column_name="别名", widget=AliasesCell())

    def get_value(self, instance: Department) -> list[str]:
        """Aliases stored and to be added."""
        stored = [alias.name for alias in instance.aliases.all()] if instance.pk else []
        return sorted({*stored, *vars(instance).get("new_aliases", ())})

    def save(self, instance: Department, row: Any, is_m2m: bool = False, **kwargs: Any) -> None:
        """Keep the names until the department itself is stored."""
        vars(instance)["new_aliases"] = self.clean(row)


class AliasesCell(Widget):
    """Names in one cell."""

    def clean(self, value: str, row: Any = None, **kwargs: Any) -> list[str]:
        """The names, each once. Raises ValueError for one that is too long."""
        names = list(dict.fromkeys(name.strip() for name in value.replace(";", SEPARATOR).split(SEPARATOR)))
        longest = DepartmentAlias._meta.get_field("name").max_length or 0
        for name in names:
            if len(name) > longest:
                raise ValueError(f"别名“{name[:20]}…”超过 {longest} 个字。多个别名请用“；”分隔。")
        return [name for name in names if name]

    def render(self, value: list[str] | None, obj: Any = None, **kwargs: Any) -> str:
        """The names in their order."""
        return SEPARATOR.join(value or [])
