"""A plan's indicators with components, baselines, targets, mentions and responsible departments."""

from __future__ import annotations

from indicators.loading.duties import DutyFixtures, duties
from indicators.loading.plans import PlanFixtures, TopicFixtures
from indicators.models import Baseline, Indicator, Mention, Plan, Responsibility, Target
from indicators.targets import parse_target
from regions.fixture_files import Entry
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures

#: What a component takes from its parent when it does not say it itself.
INHERITED = ("category", "constraint", "constraint_text", "origin", "section", "lead", "participating")


class IndicatorFixtures:
    """Indicators and everything that the source states about each."""

    def __init__(self, plans: PlanFixtures, topics: TopicFixtures, departments: DepartmentFixtures) -> None:
        self.plans = plans
        self.topics = topics
        self.departments = departments
        self.indicators = FixtureRows(
            Indicator.objects.select_related("plan", "category", "parent__parent"), key=lambda indicator: indicator.code
        )
        self.baselines = FixtureRows(
            Baseline.objects.select_related("indicator__plan", "region"),
            key=lambda baseline: (baseline.indicator.code, baseline.region.slug, baseline.version),
        )
        self.targets = FixtureRows(
            Target.objects.select_related("indicator__plan", "region"),
            key=lambda target: (target.indicator.code, target.region.slug, target.year, target.version),
        )
        self.mentions = FixtureRows(
            Mention.objects.select_related("indicator"),
            key=lambda mention: (mention.indicator.code, mention.section, mention.wording),
        )
        self.responsibilities = DutyFixtures(Responsibility, "indicator")

    def read(self, file: Entry, plan: Plan) -> None:
        """Build every indicator of a plan file, parents before their components."""
        position = 0
        for entry in file.entries("indicators", named_by="code"):
            position += 1
            components = entry.entries("components", named_by="code")
            parent = self._put(entry, plan, None, position)
            if parent is None:
                continue
            inherited = {key: entry.data[key] for key in INHERITED if key in entry.data}
            for component in components:
                position += 1
                component.data = inherited | component.data
                self._put(component, plan, parent, position)

    def find(self, entry: Entry, code: str) -> Indicator | None:
        """The indicator of that code; an unknown one is a problem of the entry."""
        return self.indicators.find(entry, code, f"没有代码为“{code}”的指标。")

    def parent_codes(self) -> set[str]:
        """Codes of indicators with components, stored or read."""
        return {indicator.parent.code for indicator in self.indicators.by_key.values() if indicator.parent}

    def compare(self, plans: set[str]) -> None:
        """Find what the files of these plans no longer name.

        What would contradict the corrected file is removed: departments and mentions that an indicator no longer lists,
        and a final target whose year moved.
        """
        self.indicators.compare(lambda indicator: indicator.plan.slug in plans)
        self.baselines.compare(lambda baseline: self.indicators.named(baseline.indicator.code))
        self.targets.compare(self._stands_beside_final_target, remove=True)
        self.mentions.compare(lambda mention: self.indicators.named(mention.indicator.code), remove=True)
        self.responsibilities.compare(lambda duty: self.indicators.named(duty.indicator.code), remove=True)

    def save(self, reason: str) -> None:
        """Write indicators (a parent needs its key before its components), then what hangs on them."""
        self.indicators.save(reason, one_by_one=True)
        for rows in (self.baselines, self.targets, self.mentions, self.responsibilities):
            rows.save(reason)

    def _stands_beside_final_target(self, target: Target) -> bool:
        """Whether the target is one that the loader may have written for an indicator that the files name."""
        indicator = target.indicator
        own = target.version == 1 and target.region_id == indicator.plan.region_id
        return own and self.indicators.named(indicator.code)

    def _put(self, entry: Entry, plan: Plan, parent: Indicator | None, position: int) -> Indicator | None:
        category = entry.text("category", required=True)
        target = entry.entry("target") or Entry({}, entry.file, f"{entry.name} · target", entry.problems)
        baseline, mentions = entry.entry("baseline"), entry.entries("mentions")
        indicator = self.indicators.put(
            entry,
            plan=plan,
            category=None if category is None else self.plans.category(entry, plan, category),
            parent=parent,
            topic=self.topics.find(entry, entry.text("topic")),
            code=entry.require("code"),
            name=entry.require("name"),
            constraint=entry.require("constraint"),
            direction=entry.require("direction"),
            target_year=target.year("year", plan.target_year),
            origin=entry.require("origin"),
            section=entry.require("section"),
            position=position,
            **entry.take_all(
                "number", "unit", "constraint_text", "value_type", "measure", "entry_basis", "frequency", "note"
            ),
        )
        named = duties(entry, self.departments, plan)
        entry.finish()
        if indicator is None:
            return None
        if baseline is not None:
            self._put_baseline(baseline, indicator, plan)
        self._put_target(target, indicator, plan)
        for mention in mentions:
            self.mentions.put(
                mention,
                indicator=indicator,
                section=mention.require("section"),
                wording=mention.require("wording"),
                **mention.take_all("agrees", "note"),
            )
            mention.finish()
        self.responsibilities.put_all(entry, indicator, named)
        return indicator

    def _put_baseline(self, baseline: Entry, indicator: Indicator, plan: Plan) -> None:
        self.baselines.put(
            baseline,
            indicator=indicator,
            region=plan.region,
            version=1,
            year=baseline.year("year", plan.baseline_year),
            value=baseline.take("value"),
            document=plan.title,
            **baseline.take_all("text", "note"),
        )
        baseline.finish()

    def _put_target(self, target: Entry, indicator: Indicator, plan: Plan) -> None:
        """The final target, also when the source prints no wording: then its rule says so (`missing`)."""
        wording = target.text("wording") or ""
        rule = parse_target(wording, direction=indicator.direction, unit=indicator.unit)
        known = self.targets.by_key.get((indicator.code, plan.region.slug, indicator.target_year, 1))
        by_hand = known is not None and known.rule_by_hand and known.wording == wording
        self.targets.put(
            target,
            indicator=indicator,
            region=plan.region,
            year=indicator.target_year,
            version=1,
            wording=wording,
            document=plan.title,
            effective_on=plan.published_on,
            **({} if by_hand else {"rule": rule.to_json(), "rule_by_hand": False}),
            **target.take_all("note"),
        )
        target.finish()
