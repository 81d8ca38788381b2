"""A plan's project columns from its fixture file: groups, key projects, places, departments, measures served,
deliverables."""

from __future__ import annotations

from indicators.loading.duties import DutyFixtures, duties
from indicators.loading.measures import MeasureFixtures
from indicators.models import Measure, Plan
from projects.models import Deliverable, KeyProject, ProjectColumn, ProjectGroup, ProjectResponsibility
from regions.fixture_files import Entry
from regions.fixture_links import FixtureLinks
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures, RegionFixtures
from regions.models import Region


class ProjectFixtures:
    """Project columns and everything in them."""

    def __init__(self, regions: RegionFixtures, departments: DepartmentFixtures, measures: MeasureFixtures) -> None:
        self.regions = regions
        self.departments = departments
        self.measures = measures
        self.columns = FixtureRows(
            ProjectColumn.objects.select_related("plan"), key=lambda column: (column.plan.slug, column.number)
        )
        self.groups = FixtureRows(
            ProjectGroup.objects.select_related("column__plan"),
            key=lambda group: (group.column.plan.slug, group.column.number, group.position),
        )
        self.projects = FixtureRows(
            KeyProject.objects.select_related("group__column__plan"), key=lambda project: project.code
        )
        self.deliverables = FixtureRows(
            Deliverable.objects.select_related("project"),
            key=lambda deliverable: (deliverable.project.code, deliverable.position),
        )
        self.responsibilities = DutyFixtures(ProjectResponsibility, "project")
        self.place_links: FixtureLinks[KeyProject, Region] = FixtureLinks(KeyProject.places.field)
        self.measure_links: FixtureLinks[KeyProject, Measure] = FixtureLinks(KeyProject.measures.field)

    def read(self, file: Entry, plan: Plan) -> None:
        """Build every column of a plan file; the measures of the file are read already."""
        for entry in file.entries("columns", named_by="label"):
            column = self.columns.put(
                entry,
                plan=plan,
                number=entry.require("number"),
                label=entry.require("label"),
                title=entry.require("title"),
                section=entry.require("section"),
            )
            served = self._served(entry, [])
            groups = entry.entries("groups", named_by="title")
            entry.finish()
            if column is not None:
                for position, group in enumerate(groups, start=1):
                    self._put_group(group, column, plan, position, served)

    def compare(self, plans: set[str]) -> None:
        """Find what the files of these plans no longer name; a department that a project no longer lists is removed."""
        self.projects.compare(lambda project: project.group.column.plan.slug in plans)
        self.deliverables.compare(lambda deliverable: self.projects.named(deliverable.project.code))
        self.responsibilities.compare(lambda duty: self.projects.named(duty.project.code), remove=True)

    def save(self, reason: str) -> None:
        """Write columns, groups, projects and what hangs on them; the measures are written already."""
        for rows in (self.columns, self.groups, self.projects, self.deliverables, self.responsibilities):
            rows.save(reason)
        for links in (self.place_links, self.measure_links):
            links.save(reason)

    def _served(self, entry: Entry, around: list[Measure]) -> list[Measure]:
        """The measures that an entry names, after those of the column or group it stands in."""
        named = [self.measures.find(entry, code) for code in entry.names("measures")]
        return list({measure.code: measure for measure in (*around, *named) if measure is not None}.values())

    def _put_group(self, entry: Entry, column: ProjectColumn, plan: Plan, position: int, around: list[Measure]) -> None:
        group = self.groups.put(entry, column=column, position=position, **entry.take_all("label", "title"))
        served = self._served(entry, around)
        projects = entry.entries("projects", named_by="code")
        entry.finish()
        if group is not None:
            for number, project in enumerate(projects, start=1):
                self._put_project(project, group, plan, number, served)

    def _put_project(self, entry: Entry, group: ProjectGroup, plan: Plan, position: int, around: list[Measure]) -> None:
        investment = entry.entry("investment") or Entry({}, entry.file, f"{entry.name} · investment", entry.problems)
        project = self.projects.put(
            entry,
            group=group,
            code=entry.require("code"),
            name=entry.require("name"),
            kind=entry.require("kind"),
            companies=entry.names("companies"),
            start_year=entry.year("start_year"),
            end_year=entry.year("end_year"),
            investment_amount=investment.take("amount"),
            investment_unit=investment.take("unit", ""),
            investment_wording=investment.take("wording", ""),
            investment_source=investment.take("source", ""),
            position=position,
            **entry.take_all("summary", "location"),
        )
        investment.finish()
        found = [self.regions.find(entry, slug) for slug in entry.names("places")]
        served = self._served(entry, around)
        named = duties(entry, self.departments, plan)
        deliverables = entry.entries("deliverables")
        entry.finish()
        if project is None:
            return
        self.place_links.put(project, [region for region in found if region is not None])
        self.measure_links.put(project, served)
        self.responsibilities.put_all(entry, project, named)
        for number, deliverable in enumerate(deliverables, start=1):
            self.deliverables.put(
                deliverable,
                project=project,
                name=deliverable.require("name"),
                quantity=deliverable.require("quantity"),
                quantity_max=deliverable.take("quantity_max"),
                wording=deliverable.require("wording"),
                position=number,
                **deliverable.take_all("unit"),
            )
            deliverable.finish()
