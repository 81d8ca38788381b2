"""A plan's project columns from its fixture file: groups, key projects, places, departments and deliverables."""

from __future__ import annotations

from indicators.loading.indicators import duties, duty_rows
from indicators.models import Plan
from projects.models import Deliverable, KeyProject, ProjectColumn, ProjectGroup, ProjectResponsibility
from regions.fixture_files import Entry
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures, RegionFixtures
from regions.models import Region


class ProjectFixtures:
    """Project columns and everything in them."""

    def __init__(self, regions: RegionFixtures, departments: DepartmentFixtures) -> None:
        self.regions = regions
        self.departments = departments
        self.columns = FixtureRows(
            ProjectColumn.objects.select_related("plan"), key=lambda column: (column.plan.slug, column.number)
        )
        self.groups = FixtureRows(
            ProjectGroup.objects.select_related("column__plan"),
            key=lambda group: (group.column.plan.slug, group.column.number, group.position),
        )
        self.projects = FixtureRows(KeyProject.objects.select_related("group"), key=lambda project: project.code)
        self.deliverables = FixtureRows(
            Deliverable.objects.select_related("project"),
            key=lambda deliverable: (deliverable.project.code, deliverable.position),
        )
        self.responsibilities = duty_rows(ProjectResponsibility, "project")
        self._places: list[tuple[KeyProject, list[Region]]] = []

    def read(self, file: Entry, plan: Plan) -> None:
        """Build every column of a plan file."""
        for column_entry in file.entries("columns", named_by="label"):
            column = self.columns.put(
                column_entry,
                plan=plan,
                number=column_entry.require("number"),
                label=column_entry.require("label"),
                title=column_entry.require("title"),
                section=column_entry.require("section"),
            )
            for position, group_entry in enumerate(column_entry.entries("groups", named_by="title"), start=1):
                group = self.groups.put(
                    group_entry, column=column, position=position, **group_entry.take_all("label", "title")
                )
                for number, entry in enumerate(group_entry.entries("projects", named_by="code"), start=1):
                    self._put_project(entry, group, plan, number)
                group_entry.finish()
            column_entry.finish()

    def save(self, reason: str) -> None:
        """Write columns, groups, projects and what hangs on them."""
        for rows in (self.columns, self.groups, self.projects, self.deliverables, self.responsibilities):
            rows.save(reason)
        for project, places in self._places:
            if set(project.places.all()) != set(places):
                project.places.add(*places)

    def _put_project(self, entry: Entry, group: ProjectGroup, plan: Plan, position: int) -> None:
        investment = entry.entry("investment") or Entry({}, entry.file, f"{entry.name} · investment", entry.problems)
        project = self.projects.put(
            entry,
            group=group,
            code=entry.require("code"),
            name=entry.require("name"),
            kind=entry.require("kind"),
            companies=entry.names("companies"),
            start_year=entry.take("start_year"),
            end_year=entry.take("end_year"),
            investment_amount=investment.take("amount"),
            investment_unit=investment.take("unit", ""),
            investment_wording=investment.take("wording", ""),
            position=position,
            **entry.take_all("summary", "location"),
        )
        investment.finish()
        found = [self.regions.find(entry, slug) for slug in entry.names("places")]
        self._places.append((project, [region for region in found if region is not None]))
        for number, (department, role) in enumerate(duties(entry, self.departments, plan), start=1):
            self.responsibilities.put(entry, project=project, department=department, role=role, position=number)
        for number, deliverable in enumerate(entry.entries("deliverables"), start=1):
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
        entry.finish()
