"""The files of an indicator: evidence of its values and the documents of its targets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.db.models import BigIntegerField, IntegerField, Value
from django.db.models.functions import Cast
from django.urls import reverse

from indicators.models import Indicator
from indicators.permissions import visible_evidence, visible_target_documents
from regions.permissions import Person


@dataclass(frozen=True)
class StoredFile:
    """A file as the page lists it."""

    name: str
    size: int
    get_absolute_url: str


@dataclass(frozen=True)
class Files:
    """Evidence by region (primary key) and year, documents by target (primary key)."""

    of_values: dict[tuple[int, int], list[StoredFile]] = field(default_factory=lambda: defaultdict(list))
    of_targets: dict[int, list[StoredFile]] = field(default_factory=lambda: defaultdict(list))


def files_of(indicator: Indicator, person: Person) -> Files:
    """What the person may see of both. One query."""
    nothing = Cast(Value(None), BigIntegerField())
    evidence = (
        visible_evidence(person)
        .filter(indicator=indicator)
        .annotate(target_id=nothing)
        .order_by()
        .values_list("uploaded_at", "pk", "name", "size", "region_id", "year", "target_id")
    )
    documents = (
        visible_target_documents(person)
        .filter(target__indicator=indicator)
        .annotate(region_id=nothing, year=Cast(Value(None), IntegerField()))
        .order_by()
        .values_list("uploaded_at", "pk", "name", "size", "region_id", "year", "target_id")
    )
    files = Files()
    for _, pk, name, size, region_id, year, target_id in evidence.union(documents, all=True).order_by("uploaded_at"):
        if target_id is None:
            files.of_values[region_id, year].append(StoredFile(name, size, reverse("evidence_file", args=[pk])))
        else:
            address = reverse("target_document_file", args=[pk])
            files.of_targets[target_id].append(StoredFile(name, size, address))
    return files
