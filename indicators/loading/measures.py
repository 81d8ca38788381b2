"""A plan's measures (任务) with the departments that answer for them."""

from __future__ import annotations

from indicators.loading.duties import DutyFixtures, NamedDuty, duties
from indicators.loading.indicators import IndicatorFixtures
from indicators.models import Indicator, Measure, MeasureResponsibility, Plan
from regions.fixture_files import Entry
from regions.fixture_links import FixtureLinks
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures
from regions.models import Department, DutyRole


class MeasureFixtures:
    """Measures, their responsible departments and the indicators they serve."""

    def __init__(self, departments: DepartmentFixtures, indicators: IndicatorFixtures) -> None:
        self.departments = departments
        self.indicators = indicators
        self.measures = FixtureRows(Measure.objects.select_related("plan"), key=lambda measure: measure.code)
        self.responsibilities = DutyFixtures(MeasureResponsibility, "measure")
        self.links: FixtureLinks[Measure, Indicator] = FixtureLinks(Measure.indicators.field)

    def read(self, file: Entry, plan: Plan) -> None:
        """Build every measure of a plan file; standing participants share each of them."""
        block = file.entry("measures")
        if block is None:
            return
        standing, basis = self._standing_participants(block, plan)
        for position, entry in enumerate(block.entries("items", named_by="code"), start=1):
            measure = self.measures.put(
                entry,
                plan=plan,
                code=entry.require("code"),
                title=entry.require("title"),
                position=position,
                **entry.take_all("chapter", "section", "summary", "responsibility_text", "deadline"),
            )
            named = duties(entry, self.departments, plan)
            found = [self.indicators.find(entry, code) for code in entry.names("indicators")]
            entry.finish()
            if measure is None:
                continue
            self.links.put(measure, [indicator for indicator in found if indicator is not None])
            listed = {each.department.code for each in named}
            more = [NamedDuty(each, DutyRole.PARTICIPATING, basis) for each in standing if each.code not in listed]
            self.responsibilities.put_all(entry, measure, [*named, *more])
        block.finish()

    def find(self, entry: Entry, code: str) -> Measure | None:
        """The measure of that code; an unknown one is a problem of the entry."""
        return self.measures.find(entry, code, f"没有代码为“{code}”的任务。")

    def compare(self, plans: set[str]) -> None:
        """Find what the files of these plans no longer name; a department that a measure no longer lists is removed."""
        self.measures.compare(lambda measure: measure.plan.slug in plans)
        self.responsibilities.compare(lambda duty: self.measures.named(duty.measure.code), remove=True)

    def save(self, reason: str) -> None:
        """Write measures, responsibilities and the links to indicators."""
        self.measures.save(reason)
        self.responsibilities.save(reason)
        self.links.save(reason)

    def _standing_participants(self, block: Entry, plan: Plan) -> tuple[list[Department], str]:
        entry = block.entry("standing_participants")
        if entry is None:
            return [], ""
        names, section = entry.names("departments"), entry.text("section", required=True)
        entry.finish()
        return self.departments.find_all(entry, plan.region, names), section or ""
