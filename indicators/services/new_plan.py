"""Creating a plan from what a person states of it: everything is checked first, then written at once and judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import IntegrityError, models, transaction

from indicators.core.codes import EntryBasis, Frequency, MeasureKind
from indicators.models import Baseline, Category, Indicator, Origin, Plan, Responsibility, Target
from indicators.permissions import may_create_plan
from indicators.services.judging import judge_plans, rule_of
from indicators.services.new_departments import PlanDepartments
from indicators.services.plan_draft import DraftProblem, DraftRefused, IndicatorDraft, PlanDraft
from indicators.services.targets import save_versions, understand
from indicators.workbook.matching import evened_name
from indicators.workbook.plan_row import baseline_figure, without_numeral
from regions.history import attribute
from regions.models import DutyRole, Region, RegionLevel
from regions.permissions import Person

REASON = "由规划指标表创建"
#: Where the indicators stand in the document.
SECTION = "指标表"
#: The category of indicators for which the table names none.
PLAIN_CATEGORY = "规划指标"
#: A plan's address; "new" is the page that creates one.
SLUG = re.compile(r"(?!new$)[a-z0-9]+(?:-[a-z0-9]+)*")
YEARS = ("period_start", "period_end", "baseline_year", "target_year")
MESSAGES = {"blank": "请填写{label}。", "null": "请填写{label}。"}


def create_plan(draft: PlanDraft, *, person: Person, now: datetime) -> Plan:
    """Write the plan with its region, departments, categories, indicators, baselines, targets and duties, all or
    nothing, and judge it.

    Raises PermissionDenied for others than administrators, DraftRefused with everything that is wrong.
    """
    if not may_create_plan(person):
        raise PermissionDenied("规划由管理员创建。")
    try:
        with transaction.atomic():
            new = NewPlan(draft)
            if new.problems:
                raise DraftRefused(new.problems)
            for row in new.definitions():
                attribute(row, person=person, reason=REASON)
                row.save()
            save_versions(new.versions(), person=person, now=now, reason=REASON)
            judge_plans([new.plan], now=now)
    except IntegrityError as error:
        message = "刚刚有人创建了同样的规划、地区或部门，本次没有保存。请核对后再点一次“创建规划”。"
        raise DraftRefused([DraftProblem(message)]) from error
    return new.plan


def check_draft(draft: PlanDraft) -> list[DraftProblem]:
    """Everything that keeps the plan from being created; empty when nothing does."""
    return NewPlan(draft).problems


class NewPlan:
    """The rows of a plan as a draft states them, built and validated and not yet written. `problems` says what is wrong
    with them; with problems they are not to be written."""

    def __init__(self, draft: PlanDraft) -> None:
        self.draft = draft
        self.problems: list[DraftProblem] = []
        self.categories: dict[str, Category] = {}
        self.indicators: list[Indicator] = []
        self.baselines: list[Baseline] = []
        self.targets: list[Target] = []
        self.duties: list[Responsibility] = []
        slug = draft.slug or offered_slug(draft)
        self.region = draft.region or self._new_region(slug)
        if draft.region is not None and draft.new_region:
            both = f"“地区”中已选择{draft.region}。不新建地区的，请清空这一格；要新建的，请把“地区”改为新建。"
            self._report(both, "new_region")
        self.departments = PlanDepartments(self.region, draft.new_departments)
        self.plan = self._plan(slug)
        self._add_indicators()
        for department in self.departments.created:
            self._check(department, without={"region", "code"}, field_names={"name": "new_department"})
        self._check_codes()

    def definitions(self) -> Iterable[models.Model]:
        """What is written before baselines and targets, in an order in which each finds what it refers to."""
        if self.region.pk is None:
            yield self.region
        yield from (*self.departments.created, self.plan, *self.categories.values(), *self.indicators, *self.duties)

    def versions(self) -> list[Baseline | Target]:
        """Baselines and targets, once the definitions are written: only then has what they refer to its key."""
        versions: list[Baseline | Target] = [*self.baselines, *self.targets]
        for version in versions:
            version.indicator, version.region = version.indicator, version.region
        return versions

    def _new_region(self, slug: str) -> Region:
        draft = self.draft
        region = Region(
            slug=free_slug(slug, Region), name=draft.new_region, level=RegionLevel.COUNTY, parent=draft.parent
        )
        if not draft.new_region:
            self._report("请选择地区；列表中没有的，请填写新建地区的名称和上级地区。", "region")
        elif draft.parent is None:
            self._report("请选择新建地区的上级地区。", "parent")
        elif Region.objects.filter(parent=draft.parent, name=draft.new_region).exists():
            self._report(f"{draft.parent}已有“{draft.new_region}”，请在“地区”中选择它。", "new_region")
        else:
            self._check(region, without={"slug"}, field_names={"name": "new_region"})
        return region

    def _plan(self, slug: str) -> Plan:
        draft = self.draft
        coordinating = self.departments.find(draft.coordinating) if draft.coordinating else None
        if coordinating is None:
            self._report(
                unknown_department(draft.coordinating) if draft.coordinating else "请填写统筹部门的名称。",
                "coordinating",
            )
        years: dict[str, Any] = {name: getattr(draft, name) for name in YEARS}
        plan = Plan(
            **years,
            slug=slug,
            title=draft.title,
            region=self.region,
            document_number=draft.document_number,
            issuer=draft.issuer,
        )
        if coordinating is not None:
            plan.coordinating_department = coordinating
        self._check(plan, without={"region", "coordinating_department"}, constraints=True)
        if not SLUG.fullmatch(slug):
            self._report("标识只用小写字母、数字和连字符，例如 shili-2025；不能是 new。", "slug")
        if self.region.pk and Plan.objects.filter(region=self.region, title=draft.title).exists():
            self._report(f"{self.region}已有同名规划，请核对是否重复创建。", "title")
        return plan

    def _add_indicators(self) -> None:
        drafts = self.draft.indicators
        if not drafts:
            self._report("还没有指标。请上传指标表，或添加一行。")
        seen: set[tuple[str, str]] = set()
        named: dict[str, Indicator] = {}
        for row, draft in enumerate(drafts):
            named_so = evened_name(draft.parent), evened_name(draft.name)
            if draft.name and named_so in seen:
                self._report(f"上面已有名为“{draft.name}”的指标。请去掉一行，或写清两者的区别。", "name", row)
            seen.add(named_so)
            indicator = self._indicator(draft, row, self._parent(draft, row, named))
            self.indicators.append(indicator)
            if not draft.parent:
                named.setdefault(evened_name(draft.name), indicator)
            self._add_baseline(draft, indicator, row)
            self._add_target(draft, indicator, row)
            self._add_duties(draft, indicator, row)

    def _parent(self, draft: IndicatorDraft, row: int, named: dict[str, Indicator]) -> Indicator | None:
        if not draft.parent:
            return None
        parent = named.get(evened_name(draft.parent))
        if parent is None:
            self._report(f"上面没有名为“{draft.parent}”的指标。请改成上面某个指标的名称，或清空。", "parent", row)
        return parent

    def _indicator(self, draft: IndicatorDraft, row: int, parent: Indicator | None) -> Indicator:
        plan = self.plan
        is_rate = draft.measure == MeasureKind.CUMULATIVE_RATE
        # A plan whose years are wrong says so once; its rows need not say it again.
        target_year: Any = plan.target_year if self._years_are_sound() else None
        indicator = Indicator(
            target_year=target_year,
            code=f"{plan.slug}-{row + 1:02}",
            plan=plan,
            category=self._category(draft.category or PLAIN_CATEGORY, row),
            parent=parent,
            number=draft.number,
            name=draft.name,
            unit=draft.unit,
            constraint=draft.constraint,
            constraint_text=draft.constraint_text,
            direction=draft.direction,
            value_type=draft.value_type,
            measure=draft.measure,
            entry_basis=EntryBasis.ANNUAL if is_rate else EntryBasis.TO_DATE,
            origin=Origin.TABLE,
            section=SECTION,
            note=draft.note,
            position=row + 1,
        )
        self._check(indicator, row, without={"plan", "category", "parent", "target_year", "code"})
        return indicator

    def _category(self, name: str, row: int) -> Category:
        known = self.categories.get(name)
        if known is None:
            position = len(self.categories) + 1
            known = Category(
                plan=self.plan, key=f"group-{position}", name=without_numeral(name), label=name, position=position
            )
            self._check(known, row, without={"plan"}, field_names={"name": "category", "label": "category"})
            self.categories[name] = known
        return known

    def _add_baseline(self, draft: IndicatorDraft, indicator: Indicator, row: int) -> None:
        if not draft.baseline:
            return
        baseline = Baseline(
            indicator=indicator,
            region=self.region,
            year=self.plan.baseline_year,
            value=baseline_figure(draft.baseline, draft.unit, draft.value_type),
            text=draft.baseline,
            document=self.plan.title,
            note=draft.baseline_note,
        )
        self._check(
            baseline,
            row,
            without={"indicator", "region", "year"},
            field_names={"value": "baseline", "text": "baseline"},
        )
        self.baselines.append(baseline)

    def _add_target(self, draft: IndicatorDraft, indicator: Indicator, row: int) -> None:
        target = Target(
            indicator=indicator,
            region=self.region,
            year=indicator.target_year,
            wording=draft.wording,
            document=self.plan.title,
        )
        if self._indicator_is_sound(row):
            understand(target)
            if any(clause.yearly for clause in rule_of(target, indicator).clauses):
                indicator.frequency = Frequency.YEARLY
        self._check(target, row, without={"indicator", "region", "year"})
        self.targets.append(target)

    def _add_duties(self, draft: IndicatorDraft, indicator: Indicator, row: int) -> None:
        """Lead before participating departments in printed order; one named in both leads."""
        named = [(name, DutyRole.LEAD) for name in draft.lead]
        named += [(name, DutyRole.PARTICIPATING) for name in draft.participating]
        listed: set[str] = set()
        for position, (name, role) in enumerate(named, start=1):
            department = self.departments.find(name)
            if department is None:
                self._report(unknown_department(name), "lead" if role == DutyRole.LEAD else "participating", row)
            elif department.code not in listed:
                listed.add(department.code)
                self.duties.append(
                    Responsibility(indicator=indicator, department=department, role=role, position=position)
                )

    def _check_codes(self) -> None:
        """Codes follow from the address; another plan's may look the same. One query for all of them."""
        codes = [indicator.code for indicator in self.indicators]
        if Indicator.objects.filter(code__in=codes).exists():
            self._report(f"已有代码为 {codes[0]} 一类的指标，请换一个标识。", "slug")

    def _years_are_sound(self) -> bool:
        return not any(problem.row is None and problem.field in ("", *YEARS) for problem in self.problems)

    def _indicator_is_sound(self, row: int) -> bool:
        return not any(problem.row == row for problem in self.problems)

    def _check(
        self,
        checked: models.Model,
        row: int | None = None,
        *,
        without: Iterable[str] = (),
        field_names: dict[str, str] | None = None,
        constraints: bool = False,
    ) -> None:
        """The model's own validation, each message at the field of the draft. `constraints` asks the database once for
        each; those of rows hold by the way they are built, and are checked again when they are written."""
        try:
            checked.full_clean(exclude=set(without), validate_constraints=constraints)
        except ValidationError as error:
            for name, complaints in error.error_dict.items():
                for complaint in complaints:
                    self._report(self._words(checked, name, complaint), (field_names or {}).get(name, name), row)

    def _words(self, checked: models.Model, name: str, complaint: ValidationError) -> str:
        words = MESSAGES.get(complaint.code or "")
        if words is None or name == NON_FIELD_ERRORS:
            return "".join(complaint.messages)
        return words.format(label=checked._meta.get_field(name).verbose_name)  # type: ignore[union-attr]

    def _report(self, message: str, field: str = "", row: int | None = None) -> None:
        self.problems.append(DraftProblem(message, "" if field == NON_FIELD_ERRORS else field, row))


def unknown_department(name: str) -> str:
    """What to say of a department that the region does not have."""
    return f"部门名录中没有“{name}”。请改成名录中的名称；确实没有的，在“新建部门”中勾选。"


def offered_slug(draft: PlanDraft) -> str:
    """A free address for the plan, from the place and, where that is taken, the target year. One query."""
    if draft.region is not None:
        base = draft.region.slug
    else:
        base = f"{draft.parent.slug}-county" if draft.parent else "county"
    with_year = f"{base}-{draft.target_year}" if draft.target_year else base
    return base if free_slug(base, Plan) == base else free_slug(with_year, Plan)


def free_slug(base: str, model: type[models.Model]) -> str:
    """The slug, with a number behind it where the model has it already. One query."""
    taken = set(model._default_manager.filter(slug__startswith=base).values_list("slug", flat=True))
    return next(slug for number in count(1) if (slug := base if number == 1 else f"{base}-{number}") not in taken)
