"""Who changed the values, findings, targets, baseline and departments of an indicator: the history records as readable
events."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Value
from django.db.models.functions import Cast

from indicators.core.codes import ValueType
from indicators.core.figures import show_figure
from indicators.display import show_value
from indicators.models import Baseline, EvidenceFile, Indicator, Responsibility, ReviewStatus, Target, YearlyValue
from portal.dashboards.duty_history import assignment_events
from portal.dashboards.events import ACTIONS, Change, Event, event_of
from regions.moment import asked_moment

#: No more history records than this are read for a page.
RECORDS_READ = 900
EVENTS_SHOWN = 60

#: A field as history shows it: label, and the text of a record's value.
ShownField = tuple[str, Callable[[Any], str]]

BASELINE_FIELDS: list[ShownField] = [
    ("基期值", lambda row: row.text or show_figure(row.value)),
    ("数据来源", lambda row: str(row.source)),
    ("依据文件", lambda row: str(row.document)),
    ("说明", lambda row: str(row.note)),
]

FILE_FIELDS: list[ShownField] = [("文件", lambda row: str(row.name)), ("SHA-256", lambda row: str(row.sha256))]

#: What every record states, and who its author is.
COMMON = (
    "history_id",
    "id",
    "history_type",
    "history_date",
    "history_change_reason",
    "history_user_id",
    "history_user__full_name",
    "history_user__username",
    "channel",
)
FIGURE = models.DecimalField(max_digits=15, decimal_places=4)
#: What records of one kind or another state; a kind without such a field states nothing there.
STATED: dict[str, models.Field[Any, Any]] = {
    "region_id": models.BigIntegerField(),
    "region__name": models.CharField(),
    "year": models.IntegerField(),
    "version": models.IntegerField(),
    "value": FIGURE,
    "finding": models.CharField(),
    "status": models.CharField(),
    "source": models.CharField(),
    "source_url": models.CharField(),
    "note": models.CharField(),
    "wording": models.CharField(),
    "assigned_value": FIGURE,
    "document": models.CharField(),
    "text": models.CharField(),
    "name": models.CharField(),
    "sha256": models.CharField(),
    "department__name": models.CharField(),
    "role": models.CharField(),
    "position": models.IntegerField(),
    "basis": models.CharField(),
}


def history_of(indicator: Indicator, *, with_drafts: bool) -> list[Event]:
    """The newest events first, at most `EVENTS_SHOWN`: values, targets, baselines, departments, with drafts also
    evidence. One query.

    `with_drafts` is for those who enter or review the indicator; others see what was approved in the plan's region.
    """
    records = _records(indicator, with_drafts=with_drafts)
    value = _value_word(indicator)

    def events(model: Any, fields: list[ShownField], title: str) -> list[Event]:
        return chained(
            records[model], fields, lambda record: f"{_county(record, indicator)}{title.format_map(vars(record))}"
        )

    found = [
        *events(YearlyValue, _value_fields(indicator), f"{{year}} 年{value}"),
        *events(Target, _target_fields(indicator), "{year} 年目标（第 {version} 版）"),
        *events(Baseline, BASELINE_FIELDS, "{year} 年基期值（第 {version} 版）"),
        *events(EvidenceFile, FILE_FIELDS, "{year} 年佐证材料"),
        *assignment_events(records[Responsibility][::-1]),
    ]
    return sorted(found, key=lambda event: event.when, reverse=True)[:EVENTS_SHOWN]


def _records(indicator: Indicator, *, with_drafts: bool) -> dict[Any, list[Any]]:
    """The newest records by the model that they are of, newest first. One query: the histories under each other."""
    approved = {} if with_drafts else {"status": ReviewStatus.APPROVED, "region_id": indicator.plan.region_id}
    kinds: list[Any] = [YearlyValue, Target, Baseline, Responsibility, *([EvidenceFile] if with_drafts else [])]
    first, *others = [
        _stated(number, model, indicator, approved if model is YearlyValue else {})
        for number, model in enumerate(kinds)
    ]
    found: defaultdict[Any, list[Any]] = defaultdict(list)
    newest = first.union(*others, all=True).order_by("-history_date", "-history_id")[:RECORDS_READ]
    for kind, *values in newest:
        found[kinds[kind]].append(_record(dict(zip([*COMMON, *STATED], values, strict=True))))
    for records in found.values():
        records.sort(key=lambda record: record.history_id, reverse=True)
    return found


def _stated(kind: int, model: Any, indicator: Indicator, only: dict[str, Any]) -> models.QuerySet[Any, Any]:
    """The history of one model with the columns that all kinds share."""
    missing = {name: Cast(Value(None), field) for name, field in STATED.items() if not _has(model.history.model, name)}
    records = model.history.filter(indicator_id=indicator.pk, **only)
    if moment := asked_moment():
        records = records.filter(history_date__lte=moment)
    names = {name: f"no_{name}" if name in missing else name for name in STATED}
    records = records.annotate(kind=Value(kind), **{names[name]: nothing for name, nothing in missing.items()})
    columns: models.QuerySet[Any, Any] = records.order_by().values_list("kind", *COMMON, *names.values())
    return columns


def _has(history: type[models.Model], name: str) -> bool:
    """Whether records of that history state it."""
    try:
        history._meta.get_field(name.split("__")[0].removesuffix("_id"))
    except FieldDoesNotExist:
        return False
    return True


def _record(values: dict[str, Any]) -> SimpleNamespace:
    """A record as `chained` and `assignment_events` read it; of person, region and department it knows the name."""
    name = values["department__name"]
    return SimpleNamespace(
        **values,
        history_user=values["history_user__full_name"] or values["history_user__username"],
        region=values["region__name"],
        department=SimpleNamespace(name=name) if name else None,
    )


def _value_word(indicator: Indicator) -> str:
    return "评定结论" if indicator.value_type == ValueType.FINDING else "数值"


def _value_fields(indicator: Indicator) -> list[ShownField]:
    return [
        (_value_word(indicator), lambda row: show_value(indicator, row.value, row.finding)),
        ("状态", lambda row: str(ReviewStatus(row.status).label)),
        ("数据来源", lambda row: str(row.source)),
        ("来源网址", lambda row: str(row.source_url)),
        ("说明", lambda row: str(row.note)),
    ]


def _target_fields(indicator: Indicator) -> list[ShownField]:
    return [
        ("目标", lambda row: row.wording or "原文未写"),
        ("上级下达数", lambda row: show_value(indicator, row.assigned_value) if row.assigned_value is not None else ""),
        ("依据文件", lambda row: str(row.document)),
        ("说明", lambda row: str(row.note)),
    ]


def chained(newest_first: list[Any], fields: list[ShownField], title: Callable[[Any], str]) -> list[Event]:
    """The events of history records of one model, each held against the record before of the same row. `title` is what
    a record is about; the users are loaded."""
    chains: dict[int, list[Any]] = {}
    for record in reversed(newest_first):
        chains.setdefault(record.id, []).append(record)
    return [
        event_of(record, f"{ACTIONS[record.history_type]} {title(record)}", _changes(earlier, record, fields))
        for chain in chains.values()
        for earlier, record in pairwise([None, *chain])
    ]


def _county(record: Any, indicator: Indicator) -> str:
    """The county of a record with a blank behind it; empty for the plan's own region."""
    return "" if record.region_id == indicator.plan.region_id else f"{record.region} "


def _changes(earlier: Any, record: Any, fields: list[ShownField]) -> list[Change]:
    """Fields whose text differs from the record before; of a new or deleted record those that say something."""
    deleted = record.history_type == "-"
    found = []
    for label, shown in fields:
        old = shown(record if deleted else earlier) if deleted or earlier is not None else ""
        new = "" if deleted else shown(record)
        if old != new:
            found.append(Change(label, old, new))
    return found
