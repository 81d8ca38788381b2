"""The page of a plan's measures (任务): by chapter and section, with departments, deadline and indicators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Prefetch, QuerySet

from indicators.models import Indicator, Measure, MeasureReport, MeasureResponsibility, Plan
from indicators.permissions import may_review
from indicators.services.measure_reports import newest_approved_reports
from portal.dashboards.duty_history import newest_assignments
from portal.dashboards.events import EVENTS_SHOWN, Event
from portal.dashboards.plan.measure_history import newest_links
from projects.models import KeyProject
from regions.models import Department, DutyRole
from regions.permissions import Person


@dataclass(frozen=True)
class MeasureLine:
    """A measure as a row. `coordinating` is set where no lead is named; `bases` are the places or documents that name
    its departments elsewhere; `report` is the newest approved statement of what was done."""

    measure: Measure
    leads: list[Department]
    coordinating: Department | None
    participating: list[Department]
    indicators: list[Indicator]
    projects: list[KeyProject]
    bases: list[str]
    report: MeasureReport | None

    @property
    def departments(self) -> list[Department]:
        """Everybody who answers."""
        return [*self.leads, *([self.coordinating] if self.coordinating else []), *self.participating]


@dataclass(frozen=True)
class SectionLines:
    """The measures of a section; its title is empty where the document has none."""

    title: str
    lines: list[MeasureLine]


@dataclass(frozen=True)
class ChapterSections:
    """A chapter with its sections; `number` counts the chapters that the page shows."""

    number: int
    title: str
    sections: list[SectionLines]

    @property
    def count(self) -> int:
        """Measures of all sections."""
        return sum(len(section.lines) for section in self.sections)


@dataclass(frozen=True)
class MeasureFilter:
    """What the address asks for: the code of a department and the title of a chapter, each empty for all."""

    department: str = ""
    chapter: str = ""

    def __bool__(self) -> bool:
        return bool(self.department or self.chapter)

    def keeps(self, line: MeasureLine) -> bool:
        """Whether the page shows the line."""
        answers = not self.department or any(each.code == self.department for each in line.departments)
        return answers and (not self.chapter or line.measure.chapter == self.chapter)


@dataclass(frozen=True)
class MeasuresPage:
    """What the page shows: `total` counts all measures of the plan, `departments` and `titles` are to choose from."""

    plan: Plan
    chosen: MeasureFilter
    chapters: list[ChapterSections]
    total: int
    departments: list[Department]
    titles: list[str]
    may_edit: bool
    events: list[Event]

    @property
    def lines(self) -> list[MeasureLine]:
        """The measures that the page shows."""
        return [line for chapter in self.chapters for section in chapter.sections for line in section.lines]

    @property
    def chosen_department(self) -> Department | None:
        """The department that the list is limited to."""
        return next((each for each in self.departments if each.code == self.chosen.department), None)


def measures_page(plan: Plan, person: Person, chosen: MeasureFilter) -> MeasuresPage:
    """Expects region and coordinating department to be loaded. Queries: measures, their departments, indicators and
    projects; statements; permission; history of departments (two) and of indicators (three)."""
    measures = list(measures_with_duties(Measure.objects.filter(plan=plan)))
    reports = newest_approved_reports(measures)
    lines = [measure_line(measure, reports.get(measure.pk), plan.coordinating_department) for measure in measures]
    names = {line.measure.pk: line.measure.title for line in lines}
    events = [*newest_assignments(MeasureResponsibility, "measure", names), *newest_links(names)]
    return MeasuresPage(
        plan=plan,
        chosen=chosen,
        chapters=chapters_of([line for line in lines if chosen.keeps(line)]),
        total=len(lines),
        departments=sorted({each for line in lines for each in line.departments}, key=lambda each: each.pk),
        titles=list(dict.fromkeys(line.measure.chapter for line in lines if line.measure.chapter)),
        may_edit=may_review(person, plan),
        events=sorted(events, key=lambda event: event.when, reverse=True)[:EVENTS_SHOWN],
    )


def measures_with_duties(measures: QuerySet[Measure]) -> QuerySet[Measure]:
    """Measures in the order of the plan with all that a line shows but statements. Four queries when evaluated."""
    duties = MeasureResponsibility.objects.select_related("department").order_by("role", "position")
    indicators = Indicator.objects.order_by("position", "code")
    return measures.order_by("position", "code").prefetch_related(
        Prefetch("responsibilities", duties),
        Prefetch("indicators", indicators),
        Prefetch("projects", KeyProject.objects.order_by("group__column__number", "group__position", "position")),
    )


def measure_line(measure: Measure, report: MeasureReport | None, coordinating: Department) -> MeasureLine:
    """The line of a measure of `measures_with_duties`; `coordinating` leads where nobody is named. Queries nothing."""
    duties = list(measure.responsibilities.all())
    leads = [duty.department for duty in duties if duty.role == DutyRole.LEAD]
    return MeasureLine(
        measure=measure,
        leads=leads,
        coordinating=None if leads else coordinating,
        participating=[duty.department for duty in duties if duty.role == DutyRole.PARTICIPATING],
        indicators=list(measure.indicators.all()),
        projects=list(measure.projects.all()),
        bases=list(dict.fromkeys(duty.basis for duty in duties if duty.basis)),
        report=report,
    )


def chapters_of(lines: Sequence[MeasureLine]) -> list[ChapterSections]:
    """The lines by chapter and section, in their order."""
    chapters = groupby(lines, key=lambda line: line.measure.chapter)
    return [
        ChapterSections(
            number,
            chapter,
            [SectionLines(title, list(rows)) for title, rows in groupby(group, key=lambda line: line.measure.section)],
        )
        for number, (chapter, group) in enumerate(chapters, start=1)
    ]
