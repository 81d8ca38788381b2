"""Verdicts on projects: each deliverable is judged by the engine of the indicators, the project by its worst one.

A deliverable is a quantity that adds up from the start of the period, or a rate, which is a level: no document prints
where it starts, so it is reached or not, and before the last year one that is not cannot be called slow. A year is
judged by the approved report that closes it: of the whole year or, without one, of the fourth quarter. A year without
such a report stays unknown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, QuerySet

from indicators.assessment import Result, Subject, assess, combine_components
from indicators.core.clauses import Clause, ClauseKind
from indicators.core.codes import Comparator, Constraint, Direction, EntryBasis, MeasureKind, ValueType
from indicators.core.verdicts import severity
from indicators.models import AbstractAssessment, Plan
from indicators.services.judging import overdue_years, plain
from indicators.services.stored_verdicts import FIGURES, stored_figure
from indicators.targets import TargetRule
from projects.models import (
    Deliverable,
    DeliverableAssessment,
    KeyProject,
    ProgressReport,
    ProjectAssessment,
    Quarter,
)
from regions.rows import chunks

BATCH = 500
#: What a stored verdict says, beside the moment of judging.
STATED = (*FIGURES, "verdict", "severity", "rule_number", "worsened", "reason", "inputs", "is_demonstration")


def rule_of(deliverable: Deliverable) -> TargetRule:
    """At least the promised quantity; of a printed range the lower bound."""
    clause = Clause(ClauseKind.THRESHOLD, Comparator.GE, plain(deliverable.quantity))
    return TargetRule.of(clause, wording=deliverable.wording, unit=deliverable.unit)


def subject_of(deliverable: Deliverable, values: dict[int, Decimal], plan: Plan, due_year: int, year: int) -> Subject:
    """The core's view for one year. A project that is past its time is judged as if each further year were its last."""
    return Subject(
        rule=rule_of(deliverable),
        measure=MeasureKind.LEVEL if deliverable.is_rate else MeasureKind.ADDITIVE,
        direction=Direction.HIGHER,
        value_type=ValueType.NUMBER,
        entry_basis=EntryBasis.TO_DATE,
        unit=deliverable.unit,
        baseline_year=plan.baseline_year,
        target_year=max(due_year, year),
        values={each: value for each, value in values.items() if each <= year},
        on_track_share=plan.on_track_from,
        behind_share=plan.behind_below,
        about_tolerance=plan.about_tolerance,
    )


def with_reports(projects: Iterable[KeyProject]) -> QuerySet[KeyProject]:
    """The projects with plan, deliverables and the quantities of their approved reports. Four queries."""
    reports = ProgressReport.objects.approved().in_time().prefetch_related("delivered_quantities")
    keys = [project.pk for project in projects]
    return (
        KeyProject.objects.filter(pk__in=keys)
        .select_related("group__column__plan")
        .prefetch_related("deliverables", Prefetch("progress_reports", reports))
    )


@dataclass(frozen=True)
class Reported:
    """What a report says of its period: the quantity to date by deliverable (primary key)."""

    year: int
    quarter: int
    quantities: Mapping[int, Decimal]


def approved_of(project: KeyProject) -> list[Reported]:
    """What the approved reports of a project of `with_reports` say, in order of time."""
    return [
        Reported(
            report.year,
            report.quarter,
            {each.deliverable_id: plain(each.quantity) for each in report.delivered_quantities.all()},
        )
        for report in project.progress_reports.all()
    ]


def quantities_by_year(reports: Iterable[Reported]) -> dict[int, dict[int, Decimal]]:
    """Of each deliverable (primary key) the quantity to date by year. The reports are in order of time: that of the
    whole year, which comes last, takes the place of the fourth quarter's."""
    found: defaultdict[int, dict[int, Decimal]] = defaultdict(dict)
    for report in reports:
        if Quarter(report.quarter).closes_year:
            for deliverable, quantity in report.quantities.items():
                found[deliverable][report.year] = quantity
    return found


def has_demonstration(project: KeyProject, year: int) -> bool:
    """Whether an approved report of demonstration counts in the year's verdicts; of a project of `with_reports`."""
    return any(report.is_demonstration and report.year <= year for report in project.progress_reports.all())


def results_of(
    project: KeyProject, reports: Iterable[Reported]
) -> tuple[dict[tuple[int, int], Result], dict[int, Result]]:
    """Results of a project by these reports: by deliverable (primary key) and year, and of the project by year. Expects
    plan and deliverables to be loaded."""
    plan, quantities = project.plan, quantities_by_year(reports)
    deliverables = list(project.deliverables.all())
    parts: dict[tuple[int, int], Result] = {}
    whole: dict[int, Result] = {}
    for year in plan.years if deliverables else ():
        for each in deliverables:
            subject = subject_of(each, quantities.get(each.pk, {}), plan, project.due_year, year)
            parts[each.pk, year] = assess(subject, year)
        named = [(each.name, parts[each.pk, year]) for each in deliverables]
        whole[year] = named[0][1] if len(named) == 1 else combine_components(named, noun="建设内容")
    return parts, whole


def fresh_assessments(
    projects: Iterable[KeyProject], *, now: datetime
) -> tuple[list[DeliverableAssessment], list[ProjectAssessment]]:
    """Unsaved verdicts on the projects' deliverables and on the projects, for every plan year. Five queries."""
    listed = list(with_reports(projects))
    overdue = overdue_years({project.plan.pk for project in listed}, now=now)
    deliverables: list[DeliverableAssessment] = []
    wholes: list[ProjectAssessment] = []
    for project in listed:
        parts, whole = results_of(project, approved_of(project))

        def stated(result: Result, project: KeyProject = project) -> dict[str, Any]:
            past_deadline = (project.plan.pk, result.year) in overdue
            return {
                **statement_of(result, project.due_year, now, past_deadline=past_deadline),
                "is_demonstration": has_demonstration(project, result.year),
            }

        for (deliverable, _), result in parts.items():
            deliverables.append(DeliverableAssessment(deliverable_id=deliverable, **stated(result)))
        wholes += [ProjectAssessment(project=project, **stated(result)) for result in whole.values()]
    return deliverables, wholes


def statement_of(result: Result, due_year: int, now: datetime, *, past_deadline: bool) -> dict[str, Any]:
    """What a stored verdict states. Columns name no kind of constraint, so the severity is that of a target without."""
    return {
        "year": result.year,
        "verdict": result.verdict,
        "severity": severity(
            result.verdict,
            Constraint.UNSPECIFIED,
            year=result.year,
            target_year=max(due_year, result.year),
            past_deadline=past_deadline,
        ),
        "rule_number": result.rule_number,
        "worsened": result.worsened_year_on_year,
        "reason": result.reason,
        "inputs": result.to_json(),
        "judged_at": now,
        **{name: stored_figure(getattr(result, name)) for name in FIGURES},
    }


def lock_projects(keys: Collection[int]) -> None:
    """Make everybody else who reports on these projects (primary keys) wait until this transaction ends. One query."""
    list(KeyProject.objects.select_for_update().filter(pk__in=keys).order_by("pk").values_list("pk"))


def judge_projects(projects: Collection[KeyProject], *, now: datetime) -> int:
    """Judge anew and store what changes. Gives the number of verdicts on projects."""
    with transaction.atomic():
        lock_projects([project.pk for project in projects])
        deliverables, wholes = fresh_assessments(projects, now=now)
        stored_parts = DeliverableAssessment.objects.filter(deliverable__project__in=projects)
        replace(stored_parts, deliverables, "deliverable", now=now)
        replace(ProjectAssessment.objects.filter(project__in=projects), wholes, "project", now=now)
    return len(wholes)


def replace(standing: QuerySet[Any], fresh: Iterable[AbstractAssessment], name: str, *, now: datetime) -> None:
    """End those of the standing verdicts that the fresh ones change or no longer give, and store the new ones; what
    stays is left alone. `name` is the field of what is judged. Three queries, a very long list takes several batches.
    """
    ended, new = [], []
    for _, here, there in changes(fresh, standing, name):
        if here is not None:
            new.append(here)
        if there is not None:
            ended.append(there.pk)
    for chunk in chunks(ended):
        standing.model.objects.filter(pk__in=chunk).update(replaced_at=now)
    standing.model.objects.bulk_create(new, batch_size=BATCH)


def judge_plan_projects(plan: Plan, *, now: datetime) -> int:
    """Judge every project of the plan. Gives the number of verdicts on projects."""
    return judge_projects(list(KeyProject.objects.filter(group__column__plan=plan)), now=now)


def differences(plan: Plan, *, now: datetime) -> list[str]:
    """Stored verdicts on the plan's projects that a fresh judgement would change, described in Chinese; empty when all
    agree."""
    parts, wholes = fresh_assessments(KeyProject.objects.filter(group__column__plan=plan), now=now)
    stored_parts = DeliverableAssessment.objects.filter(deliverable__project__group__column__plan=plan)
    stored_wholes = ProjectAssessment.objects.filter(project__group__column__plan=plan)
    return [
        *compared(parts, stored_parts.select_related("deliverable"), "deliverable"),
        *compared(wholes, stored_wholes.select_related("project"), "project"),
    ]


def compared(fresh: Iterable[AbstractAssessment], stored: Iterable[AbstractAssessment], name: str) -> list[str]:
    """A line for each verdict that differs; `name` is the field of what is judged."""
    return [
        f"{getattr(here or there, name)} {year}：评价与重新评价不一致"
        for (_, year), here, there in changes(fresh, stored, name)
    ]


def changes(
    fresh: Iterable[AbstractAssessment], stored: Iterable[AbstractAssessment], name: str
) -> Iterator[tuple[tuple[int, int], AbstractAssessment | None, AbstractAssessment | None]]:
    """What is judged (primary key) and its year, the fresh and the stored verdict, for all that differ; None where one
    side has none."""
    new = {(getattr(row, f"{name}_id"), row.year): row for row in fresh}
    old = {(getattr(row, f"{name}_id"), row.year): row for row in stored}
    for key in sorted(new.keys() | old.keys()):
        here, there = new.get(key), old.get(key)
        if here is None or there is None or any(getattr(here, each) != getattr(there, each) for each in STATED):
            yield key, here, there
