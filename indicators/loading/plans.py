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
        if key is None:
            return None
        topic = self.rows.by_key.get(key)
        if topic is None:
            entry.problem(f"没有标识为“{key}”的指标主题。")
        return topic

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
        """Build the plan at the head of a plan file with its categories; None when it cannot be tied to a region."""
        head = file.entry("plan")
        if head is None:
            file.problem("缺少“plan”。")
            return None
        region = self.regions.find(head, head.require("region"))
        coordinating = head.require("coordinating_department")
        department = self.departments.find(head, region, coordinating) if region else None
        if region is None or department is None:
            return None
        plan = self.plans.put(
            head,
            region=region,
            coordinating_department=department,
            slug=head.require("slug"),
            title=head.require("title"),
            period_start=head.require("period_start"),
            period_end=head.require("period_end"),
            baseline_year=head.require("baseline_year"),
            target_year=head.require("target_year"),
            declared_indicator_count=head.take("declared_indicator_count"),
            published_on=head.take("published_on"),
            **head.take_all("stage", "document_number", "issuer", "note"),
        )
        head.finish()
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
        category = self.categories.by_key.get((plan.slug, key))
        if category is None:
            entry.problem(f"规划中没有标识为“{key}”的类别。")
        return category

    def save(self, reason: str) -> None:
        """Write plans, then their categories."""
        self.plans.save(reason)
        self.categories.save(reason)
