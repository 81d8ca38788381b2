"""A workbook held against what is stored: every value it states with how it stands, every problem with its cell."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from indicators.models import Indicator, Plan, Target, YearlyValue
from indicators.services.entry_rows import errors_by_field
from indicators.services.recording import Examined, Standing, examine, key_of, stored_values
from indicators.services.values import ValueEntry
from indicators.workbook.matching import IndicatorRecord
from indicators.workbook.problems import Problem, ProblemCode
from indicators.workbook.reading import Reading, read_values
from indicators.workbook.refusals import WorkbookRefused
from indicators.workbook.rows import StatedValue
from regions.models import Region
from regions.permissions import Person

#: Standings that keep a file from being imported.
HINDRANCES = (Standing.NOT_PERMITTED, Standing.LOCKED, Standing.ERROR)


@dataclass(frozen=True)
class ComparedValue:
    """A value of the file and how it stands to what is stored."""

    stated: StatedValue
    examined: Examined

    @property
    def complaints(self) -> list[str]:
        """Why the value cannot be imported, in Chinese; empty when it can."""
        if self.examined.refusal is None or self.examined.standing is Standing.UNCHANGED:
            return []
        return [message for texts in errors_by_field(self.examined.refusal).values() for message in texts]


@dataclass(frozen=True)
class FileEntries:
    """What a file states, as entries: `stated` and `entries` belong together one by one. `problems` are cells to
    correct or to know of."""

    reading: Reading
    stated: list[StatedValue]
    entries: list[ValueEntry]
    problems: list[Problem]

    @property
    def has_errors(self) -> bool:
        """Whether some cell must be corrected before anything is imported."""
        return any(not problem.is_notice for problem in self.problems)

    @property
    def stamp(self) -> str:
        """Changes whenever somebody changes a value that the file is about."""
        seen = [(*key_of(entry), entry.revision) for entry in self.entries]
        return hashlib.sha256(repr(seen).encode()).hexdigest()


@dataclass(frozen=True)
class Comparison:
    """What an import would do with each value of a file."""

    file: FileEntries
    values: list[ComparedValue]

    @property
    def counts(self) -> dict[str, int]:
        """Numbers of values by standing, and of cells to correct."""
        standings = Counter(each.examined.standing.value for each in self.values)
        return {**standings, "problems": sum(not problem.is_notice for problem in self.file.problems)}

    @property
    def is_clean(self) -> bool:
        """Whether nothing keeps the file from being imported as drafts."""
        return not self.file.has_errors and not any(each.examined.standing in HINDRANCES for each in self.values)

    @property
    def lacks_reason(self) -> bool:
        """Whether approved values would change and nobody said why."""
        refusals = (each.examined.refusal for each in self.values if each.complaints)
        return any("reason" in errors_by_field(refusal) for refusal in refusals if refusal)

    @property
    def changes(self) -> list[ComparedValue]:
        """Values that an import would write."""
        return [each for each in self.values if each.examined.standing in (Standing.NEW, Standing.CHANGED)]

    @property
    def unexplained(self) -> list[ComparedValue]:
        """Values that look odd and say nothing about it: they may be drafts and cannot be handed in."""
        return [each for each in self.changes if each.examined.doubts and not each.examined.entry.note.strip()]


def compare(data: bytes, plan: Plan, *, year: int | None = None, reason: str = "", person: Person) -> Comparison:
    """Read the file and hold it against what is stored, as drafts would be; nothing is written. As `read_entries`, and
    the queries of `examine`."""
    file = read_entries(data, plan, year=year, reason=reason)
    examined = examine(file.entries, person=person, as_draft=True)
    return Comparison(file, [ComparedValue(*pair) for pair in zip(file.stated, examined, strict=True)])


def read_entries(data: bytes, plan: Plan, *, year: int | None = None, reason: str = "") -> FileEntries:
    """The entries that a file states for a plan.

    `year` holds for a table that names none, `reason` for approved values that change. What the file leaves empty
    (source, note) stays as it is stored. Three queries: indicators, regions, stored values. Raises WorkbookRefused for
    a file that cannot be read.
    """
    leaves = plan.indicators.filter(components=None).select_related("parent")
    indicators = {indicator.code: indicator for indicator in leaves}
    reading = read_values(data, [record_of(indicator) for indicator in leaves], year=year)
    if reading.mark is not None and reading.mark.plan != plan.slug:
        raise WorkbookRefused(
            f"这是另一份规划（{reading.mark.plan}）的模板，不能导入“{plan.title}”。请到那份规划导入。"
        )
    regions = regions_of(plan)
    problems = list(reading.problems)
    stated, entries = [], []
    for each in reading.values:
        region = regions.get(each.region.strip() or plan.region.name)
        if region is None:
            problems.append(unknown_region(each, regions))
            continue
        stated.append(each)
        entries.append(
            ValueEntry(
                indicators[each.indicator],
                region,
                each.year,
                each.value,
                each.finding,
                source=each.source,
                note=each.note,
                reason=reason,
            )
        )
    return FileEntries(reading, stated, completed(entries), problems)


def completed(entries: Sequence[ValueEntry]) -> list[ValueEntry]:
    """The entries with what is stored where the file says nothing, and the revision that they would replace. One
    query."""
    return [complete(*pair) for pair in zip(entries, stored_values(entries), strict=True)]


def complete(entry: ValueEntry, stored: YearlyValue | None) -> ValueEntry:
    """The entry as it would replace the stored value. What a figure of demonstration was said to come from is no source
    of a real one."""
    if stored is None:
        return entry
    if stored.is_demonstration and not states_the_same(entry, stored):
        return replace(entry, revision=stored.revision)
    return replace(
        entry,
        source=entry.source or stored.source,
        source_url=stored.source_url,
        note=entry.note or stored.note,
        revision=stored.revision,
    )


def states_the_same(entry: ValueEntry, stored: YearlyValue) -> bool:
    """Whether figure and finding are those that are stored."""
    return (entry.value, entry.finding) == (stored.value, stored.finding)


def record_of(indicator: Indicator) -> IndicatorRecord:
    """The indicator as the reading knows it; expects plan and parent to be loaded."""
    return IndicatorRecord(
        code=indicator.code,
        name=indicator.name,
        number=indicator.number,
        unit=indicator.unit,
        parent=indicator.parent.name if indicator.parent else "",
        value_type=indicator.value_type,
        years=indicator.years,
    )


def regions_of(plan: Plan) -> dict[str, Region]:
    """Places that values of the plan can be about, by name: its own and those that targets are broken down to. One
    query."""
    targets = Target.objects.filter(indicator__plan=plan)
    found = Region.objects.filter(pk__in=targets.order_by().values("region"))
    return {plan.region.name: plan.region, **{region.name: region for region in found}}


def unknown_region(stated: StatedValue, known: Iterable[str]) -> Problem:
    """What to tell about a place that the plan does not report on; `known` are the names of those that it does."""
    names = "、".join(known)
    return Problem(
        ProblemCode.UNKNOWN_REGION,
        stated.sheet,
        stated.reference,
        stated.region,
        f"规划中没有按“{stated.region}”填报的指标。可填的地区：{names}；留空表示规划所在地区。",
    )
