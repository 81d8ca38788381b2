"""Who changed the values, findings, targets, baseline and departments of an indicator: the history records as readable
events."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

from indicators.core.codes import ValueType
from indicators.core.figures import show_figure
from indicators.display import show_value
from indicators.models import Baseline, EvidenceFile, Indicator, ReviewStatus, Target, YearlyValue
from portal.dashboards.duty_history import duty_events
from portal.dashboards.events import ACTIONS, Change, Event, event_of

#: No more history records of one kind than this are read for a page.
RECORDS_READ = 300
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


def history_of(indicator: Indicator, *, with_drafts: bool) -> list[Event]:
    """The newest events first, at most `EVENTS_SHOWN`. Four queries: values, targets, baselines, departments, with the
    person; with drafts a fifth for evidence.

    `with_drafts` is for those who enter or review the indicator; others see what was approved in the plan's region.
    """
    approved = {} if with_drafts else {"status": ReviewStatus.APPROVED, "region_id": indicator.plan.region_id}
    files = _events(EvidenceFile, indicator, FILE_FIELDS, "{year} 年佐证材料") if with_drafts else []
    events = [
        *_events(YearlyValue, indicator, _value_fields(indicator), f"{{year}} 年{_value_word(indicator)}", **approved),
        *_events(Target, indicator, _target_fields(indicator), "{year} 年目标（第 {version} 版）"),
        *_events(Baseline, indicator, BASELINE_FIELDS, "{year} 年基期值（第 {version} 版）"),
        *duty_events(indicator),
        *files,
    ]
    return sorted(events, key=lambda event: event.when, reverse=True)[:EVENTS_SHOWN]


def _value_word(indicator: Indicator) -> str:
    return "评定结论" if indicator.value_type == ValueType.FINDING else "数值"


def _value_fields(indicator: Indicator) -> list[ShownField]:
    return [
        (_value_word(indicator), lambda row: show_value(indicator, row.value, row.finding)),
        ("状态", lambda row: str(row.get_status_display())),
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


def _events(model: Any, indicator: Indicator, fields: list[ShownField], title: str, **only: Any) -> list[Event]:
    """The events of one model, oldest first, of records like `only`. One query."""
    records = list(
        model.history.filter(indicator_id=indicator.pk, **only)
        .select_related("history_user", "region")
        .order_by("-history_id")[:RECORDS_READ]
    )
    return chained(records, fields, lambda record: f"{_county(record, indicator)}{title.format_map(vars(record))}")


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
