"""Who changed a project, its reports, problems and departments: the history records as readable events."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import Any

from indicators.core.figures import show_figure
from indicators.models import ReviewStatus
from portal.dashboards.duty_history import duty_events
from portal.dashboards.events import Event
from portal.dashboards.indicator.history import EVENTS_SHOWN, FILE_FIELDS, RECORDS_READ, ShownField, chained
from projects.models import Deliverable, DeliveredQuantity, KeyProject, ProgressFile, ProgressReport, ProjectProblem
from projects.models.progress import period_in_words


def year_text(year: int | None) -> str:
    """A year; empty where none is stated."""
    return "" if year is None else str(year)


PROJECT_FIELDS: list[ShownField] = [
    ("项目名称", lambda row: str(row.name)),
    ("类型", lambda row: str(row.get_kind_display())),
    ("内容概述", lambda row: str(row.summary)),
    ("具体地点", lambda row: str(row.location)),
    ("计划开工年", lambda row: year_text(row.start_year)),
    ("计划完工年", lambda row: year_text(row.end_year)),
    ("投资额", lambda row: f"{show_figure(row.investment_amount)}{row.investment_unit}" if row.investment_unit else ""),
    ("投资额（原文）", lambda row: str(row.investment_wording)),
    ("资金来源", lambda row: str(row.investment_source)),
]
DELIVERABLE_FIELDS: list[ShownField] = [
    ("数量", lambda row: f"{show_figure(row.quantity)}{row.unit}"),
    ("数量上限", lambda row: "" if row.quantity_max is None else f"{show_figure(row.quantity_max)}{row.unit}"),
    ("原文", lambda row: str(row.wording)),
]
REPORT_FIELDS: list[ShownField] = [
    ("项目状态", lambda row: str(row.get_project_status_display())),
    ("停缓建或取消的原因", lambda row: str(row.status_reason)),
    ("累计完成数量", lambda row: str(row.quantities)),
    ("累计完成投资（万元）", lambda row: "" if row.investment_paid is None else show_figure(row.investment_paid)),
    ("存在问题", lambda row: str(row.problems)),
    ("下一步安排", lambda row: str(row.next_step)),
    ("说明", lambda row: str(row.note)),
    ("状态", lambda row: str(row.get_status_display())),
]
PROBLEM_FIELDS: list[ShownField] = [
    ("问题", lambda row: str(row.description)),
    ("责任单位", lambda row: str(row.owner)),
    ("整改期限", lambda row: f"{row.deadline:%Y-%m-%d}"),
    ("解决情况", lambda row: str(row.resolution)),
    ("销号日期", lambda row: "" if row.resolved_on is None else f"{row.resolved_on:%Y-%m-%d}"),
]


def project_history(project: KeyProject, *, with_drafts: bool) -> list[Event]:
    """The newest events first, at most EVENTS_SHOWN. Six queries: project, deliverables, departments, reports, their
    quantities, problems; with drafts a seventh for photos.

    `with_drafts` is for those who report on the project or review it; others see what was approved.
    """
    events = [
        *chained(newest(KeyProject.history.filter(id=project.pk)), PROJECT_FIELDS, lambda row: "项目"),
        *chained(
            newest(Deliverable.history.filter(project_id=project.pk)),
            DELIVERABLE_FIELDS,
            lambda row: f"建设内容“{row.name}”",
        ),
        *duty_events(project),
        *chained(
            report_records(project, with_drafts=with_drafts),
            REPORT_FIELDS,
            lambda row: f"{period_in_words(row.year, row.quarter)}进展报告",
        ),
        *problem_events(ProjectProblem.history.filter(project_id=project.pk)),
    ]
    if with_drafts:
        events += chained(
            newest(ProgressFile.history.filter(project_id=project.pk)),
            FILE_FIELDS,
            lambda row: f"{period_in_words(row.year, row.quarter)}照片和附件",
        )
    # A save that changed no field that is shown, as one of places, is no news here.
    changed = [event for event in events if event.changes]
    return sorted(changed, key=lambda event: event.when, reverse=True)[:EVENTS_SHOWN]


def problem_events(records: Any) -> list[Event]:
    """The events of history records of problems. One query."""
    return chained(newest(records.select_related("owner")), PROBLEM_FIELDS, lambda row: "问题")


def newest(records: Any) -> list[Any]:
    """The newest records with their users. One query."""
    return list(records.select_related("history_user").order_by("-history_id")[:RECORDS_READ])


def report_records(project: KeyProject, *, with_drafts: bool) -> list[Any]:
    """The newest records of the project's reports, each with `quantities`: what it stated as delivered, in words. Two
    queries.

    Quantities are rows of their own, written right after their report: a report's record stands for all of them up to
    its next record.
    """
    records = newest(ProgressReport.history.filter(project_id=project.pk))
    delivered: defaultdict[int, list[Any]] = defaultdict(list)
    rows = DeliveredQuantity.history.filter(report_id__in={record.id for record in records})
    for row in rows.select_related("deliverable").order_by("history_id"):
        delivered[row.report_id].append(row)
    chains: defaultdict[int, list[Any]] = defaultdict(list)
    for record in reversed(records):
        chains[record.id].append(record)
    for key, chain in chains.items():
        for record, following in pairwise([*chain, None]):
            record.quantities = stated_until(delivered[key], following)
    return [record for record in records if with_drafts or record.status == ReviewStatus.APPROVED]


def stated_until(rows: list[Any], following: Any) -> str:
    """The quantities that stood when the report's `following` record was written; None: at last."""
    is_deletion = following is not None and following.history_type == "-"
    standing: dict[int, Any] = {}
    for row in rows:
        if following is not None and row.history_date >= following.history_date:
            break
        if row.history_type != "-":
            standing[row.deliverable_id] = row
        elif not is_deletion:  # the quantities of a deleted report are deleted just before it
            standing.pop(row.deliverable_id, None)
    in_order = sorted(standing.values(), key=lambda row: (row.deliverable is None, row.deliverable_id))
    return "，".join(quantity_text(row) for row in in_order)


def quantity_text(row: Any) -> str:
    """A quantity of a history record, whose deliverable may be gone: 充电桩 20个."""
    if row.deliverable is None:
        return f"（已删除的建设内容） {show_figure(row.quantity)}"
    return f"{row.deliverable.name} {show_figure(row.quantity)}{row.deliverable.unit}"
