"""The catalogue of topics, and a plan with its categories."""

from __future__ import annotations

from indicators.models import Category, Plan, Topic
from regions.fixture_files import Entry
from regions.fixture_rows import FixtureRows
from regions.loading import DepartmentFixtures, RegionFixtures


class TopicFixtures:
    """Canonical measures; refer to one by key."""

    def __init__(self) -> None:
        self.rows = FixtureRows(Topic.objects.all(), key=lambda topic: topic.key)

    def read(self, file: Entry) -> None:
        """Build every topic of topics.yaml."""
        for entry in file.entries("entries", named_by="key"):
            self.rows.put(
                entry,
                key=entry.require("key"),
                name=entry.require("name"),
                unit=entry.take("unit", ""),
                domain=entry.require("domain"),
            )
            entry.finish()
        file.finish()

    def find(self, entry: Entry, key: str | None) -> Topic | None:
        """The topic of that key, or None for an absent key; an unknown key is a problem of the entry."""
        return None if key is None else self.rows.find(entry, key, f"没有标识为“{key}”的指标主题。")

    def save(self, reason: str) -> None:
        """Write the topics."""
        self.rows.save(reason)


class PlanFixtures:
    """Plans and their categories."""

    def __init__(self, regions: RegionFixtures, departments: DepartmentFixtures) -> None:
        self.regions = regions
        self.departments = departments
        self.plans = FixtureRows(
            Plan.objects.select_related("region", "coordinating_department"), key=lambda plan: plan.slug
        )
        self.categories = FixtureRows(
            Category.objects.select_related("plan"), key=lambda category: (category.plan.slug, category.key)
        )

    def read(self, file: Entry) -> Plan | None:
        """Build the plan at the head of a plan file with its categories; None when it is left out (FixtureRows.put)."""
        head = file.entry("plan")
        if head is None:
            file.problem("缺少“plan”。")
            return None
        slug, name = head.text("region", required=True), head.text("coordinating_department", required=True)
        region = None if slug is None else self.regions.find(head, slug)
        department = None if region is None or name is None else self.departments.find(head, region, name)
        plan = self.plans.put(
            head,
            region=region,
            coordinating_department=department,
            slug=head.require("slug"),
            title=head.require("title"),
            period_start=head.year("period_start", required=True),
            period_end=head.year("period_end", required=True),
            baseline_year=head.year("baseline_year", required=True),
            target_year=head.year("target_year", required=True),
            declared_indicator_count=head.take("declared_indicator_count"),
            published_on=head.take("published_on"),
            **head.take_all("stage", "document_number", "issuer", "note"),
        )
        head.finish()
        if plan is None:
            return None
        for position, entry in enumerate(file.entries("categories", named_by="key"), start=1):
            self.categories.put(
                entry,
                plan=plan,
                key=entry.require("key"),
                name=entry.require("name"),
                declared_count=entry.take("declared_count"),
                position=position,
                **entry.take_all("label", "origin"),
            )
            entry.finish()
        return plan

    def category(self, entry: Entry, plan: Plan, key: str) -> Category | None:
        """The plan's category of that key; an unknown one is a problem of the entry."""
        return self.categories.find(entry, (plan.slug, key), f"规划中没有标识为“{key}”的类别。")

    def save(self, reason: str) -> None:
        """Write plans, then their categories."""
        self.plans.save(reason)
        self.categories.save(reason)
