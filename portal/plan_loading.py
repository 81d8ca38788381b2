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
from indicators.services.judging import judge_plans
from projects.loading import ProjectFixtures
from regions.fixture_files import FixtureError, FixtureProblem, read_file
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures, RegionFixtures

REASON = "载入规划文件"


@dataclass(frozen=True)
class LoadReport:
    """What a load did, counted over all models; `kept` names rows that a person changed and the files would change
    back."""

    plans: int
    created: int
    changed: int
    kept: list[str]


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
        self.projects = ProjectFixtures(self.regions, self.departments)
        self.published = PublishedFixtures(self.indicators, timezone.now())

    def read(self) -> None:
        """Read and validate every file."""
        problems: list[FixtureProblem] = []
        self.regions.read(read_file(self.directory / "regions.yaml", problems))
        self.topics.read(read_file(self.directory / "topics.yaml", problems))
        for path in sorted((self.directory / "departments").glob("*.yaml")):
            self.departments.read(read_file(path, problems))
        for path in sorted((self.directory / "plans").glob("*.yaml")):
            file = read_file(path, problems)
            plan = self.plans.read(file)
            if plan is not None:
                self.indicators.read(file, plan)
                self.measures.read(file, plan)
                self.projects.read(file, plan)
                file.finish()
        self.published.read(read_file(self.directory / "published_values.yaml", problems))
        if problems:
            raise FixtureError(problems)

    def save(self) -> LoadReport:
        """Write what `read` built and judge the plans that changed."""
        report = LoadReport(
            plans=len(self.plans.plans.by_key),
            created=sum(len(rows.created) for rows in self._all_rows()),
            changed=sum(len(rows.changed) for rows in self._all_rows()),
            kept=[str(row) for rows in self._all_rows() for row in rows.kept],
        )
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
            if report.created or report.changed:
                judge_plans(list(self.plans.plans.by_key.values()))
        return report

    def _all_rows(self) -> Iterator[FixtureRows[Any]]:
        yield from (self.regions.rows, self.topics.rows, self.departments.departments, self.departments.aliases)
        yield from (self.plans.plans, self.plans.categories, self.published.values)
        yield from (self.indicators.indicators, self.indicators.baselines, self.indicators.targets)
        yield from (self.indicators.mentions, self.indicators.responsibilities)
        yield from (self.measures.measures, self.measures.responsibilities)
        yield from (self.projects.columns, self.projects.groups, self.projects.projects)
        yield from (self.projects.deliverables, self.projects.responsibilities)
