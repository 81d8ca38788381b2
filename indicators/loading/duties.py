"""The departments that a plan file names for its indicators, measures and projects."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple, cast

from django.db import models

from indicators.models import Plan
from regions.fixture_files import Entry
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures
from regions.models import AbstractResponsibility, Department, DutyRole


class NamedDuty(NamedTuple):
    """A department as a file names it; `basis` where the document says so elsewhere."""

    department: Department
    role: DutyRole
    basis: str = ""


def duties(entry: Entry, departments: DepartmentFixtures, plan: Plan) -> list[NamedDuty]:
    """Lead and participating departments of an entry in printed order; one named in both leads."""
    lead = departments.find_all(entry, plan.region, entry.names("lead"))
    participating = departments.find_all(entry, plan.region, entry.names("participating"))
    leading = {department.code for department in lead}
    return [NamedDuty(department, DutyRole.LEAD) for department in lead] + [
        NamedDuty(department, DutyRole.PARTICIPATING) for department in participating if department.code not in leading
    ]


def assigned_by_people(model: type[AbstractResponsibility], owner: str) -> set[int]:
    """Primary keys of the owners whose departments people decided: somebody wrote a duty, and none of the loader's
    stands there. One query."""
    key = f"{owner}_id"
    history = cast(Any, model).history
    touched = history.exclude(history_user=None).order_by().values(key)
    records = history.filter(**{f"{key}__in": touched}).order_by("history_id")
    newest = {
        (owner_id, row): (kind, user)
        for owner_id, row, kind, user in records.values_list(key, "id", "history_type", "history_user_id")
    }
    by_loader = {owner_id for (owner_id, _), (kind, user) in newest.items() if user is None and kind != "-"}
    return {owner_id for owner_id, _ in newest} - by_loader


class DutyFixtures(FixtureRows[Any]):
    """Responsibilities of one kind of owner, which has a code and stands under the foreign key `owner`.

    Departments that people assigned to an owner stay as a whole.
    """

    def __init__(self, model: type[AbstractResponsibility], owner: str) -> None:
        super().__init__(
            model._default_manager.select_related(owner, "department"),
            key=lambda duty: (getattr(duty, owner).code, duty.department.code),
        )
        self.owner = owner

    def put_all(self, entry: Entry, owner: models.Model, named: Iterable[NamedDuty]) -> None:
        """Let the departments that the file names answer for the owner, unless people decided otherwise."""
        listed = list(named)
        assigned = self._assigned.get(owner.pk)
        if assigned is not None:
            if assigned != {(department.code, str(role)) for department, role, _ in listed}:
                self.kept.append(f"{owner}，责任部门由人工指定")
            return
        for position, (department, role, basis) in enumerate(listed, start=1):
            of_owner = {self.owner: owner, "department": department}
            self.put(entry, **of_owner, role=role, position=position, **({"basis": basis} if basis else {}))

    @cached_property
    def _assigned(self) -> dict[int, set[tuple[str, str]]]:
        """Department codes and roles of the owners that people decided; they stay as they are."""
        people = assigned_by_people(self.model, self.owner)
        found: dict[int, set[tuple[str, str]]] = {owner_id: set() for owner_id in people}
        for duty in self.by_key.values():
            owner_id = getattr(duty, f"{self.owner}_id")
            if owner_id in found:
                found[owner_id].add((duty.department.code, duty.role))
        return found
