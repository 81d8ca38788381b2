"""What the address of a filtered list asks for. What does not exist is refused with a sentence, never ignored: a list
that is silently longer than asked for misleads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from django.db import models
from django.http import Http404, QueryDict

Row = TypeVar("Row", bound=models.Model)

#: A select box offers no more than this; whatever the address asks for is among them.
MOST_CHOICES = 300
#: Nobody searches for more.
LONGEST_TEXT = 60


@dataclass(frozen=True)
class Choice:
    """An option of a select box."""

    value: str
    label: str


def asked_row(query: QueryDict, name: str, rows: models.QuerySet[Row], field: str, noun: str) -> Row | None:
    """The row that the address names by `field`; None where it asks for none. One query, or none. Raises Http404."""
    asked = query.get(name, "").strip()
    if not asked:
        return None
    found = rows.filter(**{field: asked}).first()
    if found is None:
        raise Http404(f"没有“{asked[:LONGEST_TEXT]}”这个{noun}。请在列表上方重新选择。")
    return found


def asked_code(query: QueryDict, name: str, codes: Mapping[str, str], noun: str) -> str:
    """The code that the address asks for; empty where it asks for none. Raises Http404 for an unknown one."""
    asked = query.get(name, "").strip()
    if asked and asked not in codes:
        raise Http404(f"没有“{asked[:LONGEST_TEXT]}”这种{noun}。请在列表上方重新选择。")
    return asked


def kept_query(query: QueryDict) -> str:
    """What the links to other pages of the list keep of the address, ending in "&"; empty for the whole list."""
    kept = query.copy()
    for name in list(kept):
        if name in ("page", "format", "table") or not kept.get(name, "").strip():
            del kept[name]
    return f"{kept.urlencode()}&" if kept else ""


def with_chosen(choices: list[Choice], chosen: Choice | None) -> list[Choice]:
    """The choices, and the chosen one where it is not among them."""
    return choices if chosen is None or chosen in choices else [chosen, *choices]
