"""Loading the fixture files as a whole: everything is read and validated first, then written in one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils import timezone

from indicators.loading.indicators import IndicatorFixtures
from indicators.loading.measures import MeasureFixtures
from indicators.loading.plans import PlanFixtures, TopicFixtures
from indicators.loading.published import PublishedFixtures
from indicators.models import Plan
from indicators.services.judging import judge_plans
from projects.loading import ProjectFixtures
from projects.models import KeyProject
from projects.services.judging import judge_projects
from regions.fixture_files import FixtureError, FixtureProblem, read_file
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures, RegionFixtures

REASON = "载入规划文件"


@dataclass(frozen=True)
class LoadReport:
    """What a load did, counted over all models.

    `linked` counts new links between rows; `removed` describes rows of the loader that contradicted the corrected
    files; `kept` what a person changed or deleted and the files would bring back; `unnamed` rows of the loader
    that the files no longer name, left as they are.
    """

    plans: int
    created: int
    changed: int
    linked: int
    removed: list[str]
    kept: list[str]
    unnamed: list[str]


class FixtureLoad:
    """One reading of a fixtures directory. `read` raises FixtureError with every problem; `save` writes all or
    nothing."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.regions = RegionFixtures()
        self.departments = DepartmentFixtures(self.regions)
        self.topics = TopicFixtures()
        self.plans = PlanFixtures(self.regions, self.departments)
        self.indicators = IndicatorFixtures(self.plans, self.topics, self.departments)
        self.measures = MeasureFixtures(self.departments, self.indicators)
        self.projects = ProjectFixtures(self.regions, self.departments, self.measures)
        self.published = PublishedFixtures(self.indicators, timezone.now())

    def read(self) -> None:
        """Read and validate every file."""
        problems: list[FixtureProblem] = []
        self.regions.read(read_file(self.directory / "regions.yaml", problems))
        self.topics.read(read_file(self.directory / "topics.yaml", problems))
        for path in sorted((self.directory / "departments").glob("*.yaml")):
            self.departments.read(read_file(path, problems))
        slugs = self._read_plans(problems)
        self.published.read(read_file(self.directory / "published_values.yaml", problems))
        if problems:
            raise FixtureError(problems)
        for part in (self.indicators, self.measures, self.projects):
            part.compare(slugs)

    def save(self) -> LoadReport:
        """Write what `read` built and judge the plans with changes that verdicts depend on."""
        with transaction.atomic():
            for part in (
                self.regions,
                self.departments,
                self.topics,
                self.plans,
                self.indicators,
                self.measures,
                self.projects,
                self.published,
            ):
                part.save(REASON)
            judge_plans(self._plans_to_judge())
            judge_projects(self._projects_to_judge(), now=timezone.now())
        rows = list(self._all_rows())
        links = (self.measures.links, self.projects.place_links, self.projects.measure_links)
        return LoadReport(
            plans=len(self.plans.plans.by_key),
            created=sum(len(each.created) for each in rows),
            changed=sum(len(each.changed) for each in rows),
            linked=sum(each.added for each in links),
            removed=[each.describe(row) for each in rows for row in each.removed],
            kept=[name for each in rows for name in each.kept] + [name for each in links for name in each.kept],
            unnamed=[each.describe(row) for each in rows for row in each.unnamed],
        )

    def _read_plans(self, problems: list[FixtureProblem]) -> set[str]:
        """Read every plan file; gives the slugs of the plans. A directory without any is a problem."""
        slugs = set()
        paths = sorted((self.directory / "plans").glob("*.yaml"))
        if not paths:
            problems.append(FixtureProblem("plans", "目录", f"{self.directory} 中没有规划文件（plans/*.yaml）。"))
        for path in paths:
            file = read_file(path, problems)
            plan = self.plans.read(file)
            if plan is not None:
                slugs.add(plan.slug)
                self.indicators.read(file, plan)
                self.measures.read(file, plan)
                self.projects.read(file, plan)
                file.finish()
        return slugs

    def _plans_to_judge(self) -> list[Plan]:
        """Plans that are written, or of which something is written that verdicts depend on: indicators, baselines,
        targets, values. Regions, topics, departments and measures decide no verdict."""
        plans = [*self.plans.plans.written, *(indicator.plan for indicator in self.indicators.indicators.written)]
        for rows in (self.indicators.baselines, self.indicators.targets, self.published.values):
            plans += [row.indicator.plan for row in rows.written]
        return list({plan.slug: plan for plan in plans}.values())

    def _projects_to_judge(self) -> list[KeyProject]:
        """Projects that are written, of which a deliverable is written, or of a plan that is written."""
        written = self.plans.plans.written
        projects = [
            *self.projects.projects.written,
            *(deliverable.project for deliverable in self.projects.deliverables.written),
            *KeyProject.objects.filter(group__column__plan__in=written),
        ]
        return list({project.pk: project for project in projects}.values())

    def _all_rows(self) -> Iterator[FixtureRows[Any]]:
        yield from (self.regions.rows, self.topics.rows, self.departments.departments, self.departments.aliases)
        yield from (self.plans.plans, self.plans.categories, self.published.values)
        yield from (self.indicators.indicators, self.indicators.baselines, self.indicators.targets)
        yield from (self.indicators.mentions, self.indicators.responsibilities)
        yield from (self.measures.measures, self.measures.responsibilities)
        yield from (self.projects.columns, self.projects.groups, self.projects.projects)
        yield from (self.projects.deliverables, self.projects.responsibilities)
