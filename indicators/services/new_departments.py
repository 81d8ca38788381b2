"""The departments that a new plan names: those of its region by name or alias, and new ones where a person agreed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from indicators.services.plan_draft import PlanDraft
from regions.models import Department, DepartmentAlias, Region


def known_departments(region: Region | None) -> dict[str, Department]:
    """Departments of a stored region by name and by alias; none for a region that is not stored. Two queries."""
    if region is None or region.pk is None:
        return {}
    aliases = DepartmentAlias.objects.filter(department__region=region).select_related("department")
    known = {alias.name: alias.department for alias in aliases}
    return known | {department.name: department for department in Department.objects.filter(region=region)}


def unknown_departments(draft: PlanDraft) -> list[str]:
    """Names in the draft that the region does not know, each once, in order. Two queries."""
    known = known_departments(draft.region)
    return [name for name in named_departments(draft) if name not in known]


def named_departments(draft: PlanDraft) -> list[str]:
    """Every department that the draft names, each once, the coordinating one first."""
    names = [draft.coordinating]
    for indicator in draft.indicators:
        names += [*indicator.lead, *indicator.participating]
    return [name for name in dict.fromkeys(names) if name]


class PlanDepartments:
    """Departments of a region by the names that a plan prints; `created` are those to be written first."""

    def __init__(self, region: Region, new: Iterable[str]) -> None:
        self.region = region
        self.created: list[Department] = []
        self._known = known_departments(region)
        self._agreed = frozenset(new)
        self._codes = self._free_codes()

    def find(self, name: str) -> Department | None:
        """The department of that name, made where a person agreed to it; None otherwise."""
        found = self._known.get(name)
        if found is None and name in self._agreed:
            found = Department(region=self.region, name=name, code=next(self._codes))
            self._known[name] = found
            self.created.append(found)
        return found

    def _free_codes(self) -> Iterator[str]:
        prefix = f"{self.region.slug}-department-"
        taken = set(Department.objects.filter(code__startswith=prefix).values_list("code", flat=True))
        return (code for number in count(1) if (code := f"{prefix}{number}") not in taken)
