"""Many-to-many links between rows that fixture files name: missing ones are added, none is ever taken away."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Generic, TypeVar, cast

from django.db import models

from regions.history import attribute

Owner = TypeVar("Owner", bound=models.Model)
Other = TypeVar("Other", bound=models.Model)


class FixtureLinks(Generic[Owner, Other]):
    """The links of one many-to-many field whose owner keeps a history of it.

    After `save`, `added` counts new links and `kept` describes those that a person took away.
    """

    def __init__(self, field: models.ManyToManyField[Any, Any]) -> None:
        self.field = field
        self.added = 0
        self.kept: list[str] = []
        self._named: list[tuple[Owner, list[Other]]] = []

    def put(self, owner: Owner, others: list[Other]) -> None:
        """Note what a file links."""
        self._named.append((owner, others))

    def save(self, reason: str) -> None:
        """Add the links that were never there; owners and others are written already. Two queries and two or three for
        each owner that gains a link."""
        stored = self._pairs(cast(Any, self.field.remote_field).through._default_manager.all())
        missing = {
            owner: [other for other in others if other.pk not in stored[owner.pk]] for owner, others in self._named
        }
        missing = {owner: others for owner, others in missing.items() if others}
        if not missing:
            return
        history = getattr(cast(Any, self.field.model).history.model, self.field.name)
        once = self._pairs(history.filter(**{f"{self.field.m2m_field_name()}__in": list(missing)}))
        for owner, others in missing.items():
            new = [other for other in others if other.pk not in once[owner.pk]]
            self.kept += [f"{owner} → {other}，关联已被人工删除" for other in others if other not in new]
            if new:
                attribute(owner, reason=reason)
                getattr(owner, self.field.name).add(*new)
                self.added += len(new)

    def _pairs(self, rows: models.QuerySet[Any]) -> defaultdict[Any, set[Any]]:
        """Primary keys of the others by that of the owner."""
        found: defaultdict[Any, set[Any]] = defaultdict(set)
        columns = f"{self.field.m2m_field_name()}_id", f"{self.field.m2m_reverse_field_name()}_id"
        for owner, other in rows.values_list(*columns):
            found[owner].add(other)
        return found
