"""Creating a plan from what a person states of it: all or nothing, with every problem at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from pytest_django import DjangoAssertNumQueries

from indicators.core.verdicts import Verdict
from indicators.models import Assessment, Indicator, Plan, Target
from indicators.services.judging import differences
from indicators.services.new_plan import check_draft, create_plan
from indicators.services.plan_draft import DraftProblem, DraftRefused, IndicatorDraft, PlanDraft
from portal.accounts.models import User
from regions.models import Department, DepartmentAlias, DutyRole, Region, RegionLevel, Role
from tests.factories import DepartmentFactory, IndicatorFactory, PlanFactory, RegionFactory, member_of

pytestmark = pytest.mark.django_db
NOW = datetime(2024, 3, 1, 9, 0, tzinfo=UTC)
AIR = IndicatorDraft(
    name="示例优良天数比例",
    category="（一）环境质量",
    number="1",
    unit="%",
    constraint="binding",
    baseline="90",
    wording="≥95",
    lead=("示例县生态环境局",),
    participating=("示例县气象局",),
)
FOREST = IndicatorDraft(name="示例覆盖率", category="（二）生态保护", unit="%", baseline="-", wording="每年不低于40")


@pytest.fixture
def region() -> Region:
    return RegionFactory.create(slug="shili", name="示例县")


@pytest.fixture
def bureau(region: Region) -> Department:
    return DepartmentFactory.create(region=region, name="示例县生态环境局")


@pytest.fixture
def weather(region: Region) -> Department:
    """A department that documents also call by another name."""
    found = DepartmentFactory.create(region=region, name="示例县气象服务中心")
    DepartmentAlias.objects.create(department=found, name="示例县气象局")
    return found


@pytest.fixture
def keeper(bureau: Department) -> User:
    return member_of(bureau, Role.ADMINISTRATOR, full_name="示例管理员")


@pytest.fixture
def draft(region: Region, bureau: Department, weather: Department) -> PlanDraft:
    return PlanDraft(
        title="示例县生态环境保护规划",
        region=region,
        coordinating="示例县生态环境局",
        period_start=2021,
        period_end=2025,
        baseline_year=2020,
        target_year=2025,
        indicators=(AIR, FOREST),
    )


def with_rows(draft: PlanDraft, *rows: IndicatorDraft) -> PlanDraft:
    return replace(draft, indicators=rows)


def problems(draft: PlanDraft) -> list[tuple[int | None, str]]:
    """Row and field of everything that is wrong."""
    return [(problem.row, problem.field) for problem in check_draft(draft)]


def test_a_plan_is_written_understood_and_judged(draft: PlanDraft, keeper: User, weather: Department) -> None:
    plan = create_plan(draft, person=keeper, now=NOW)
    assert (plan.slug, plan.title, plan.coordinating_department.name) == ("shili", draft.title, "示例县生态环境局")
    assert [(each.name, each.label) for each in plan.categories.all()] == [
        ("环境质量", "（一）环境质量"),
        ("生态保护", "（二）生态保护"),
    ]
    air, forest = plan.indicators.all()
    assert (air.code, forest.code) == ("shili-01", "shili-02")
    assert air.baselines.get().value == Decimal(90)
    assert (forest.baselines.get().value, forest.baselines.get().text) == (None, "-")
    assert forest.frequency == "yearly"
    assert [duty.department for duty in air.responsibilities.filter(role=DutyRole.PARTICIPATING)] == [weather]
    assert Target.objects.get(indicator=air).rule["all"]
    assert {each.verdict for each in Assessment.objects.filter(indicator=air)} == {Verdict.AWAITING_VALUE}
    assert differences(plan, now=NOW) == []


def test_history_says_who_and_by_what(draft: PlanDraft, keeper: User) -> None:
    plan = create_plan(draft, person=keeper, now=NOW)
    air = plan.indicators.get(number="1")
    rows = [plan, air, air.category, air.baselines.get(), air.targets.get(), air.responsibilities.first()]
    records = [row.history.get() for row in rows if row is not None]
    assert {(record.history_user, record.history_change_reason) for record in records} == {(keeper, "由规划指标表创建")}
    assert len(records) == 6


def test_a_new_county_comes_with_its_departments(draft: PlanDraft, keeper: User) -> None:
    above = RegionFactory.create(slug="shilishi", name="示例市", level=RegionLevel.PREFECTURE)
    county = replace(
        draft,
        region=None,
        new_region="示例新县",
        parent=above,
        slug="xinxian",
        new_departments=frozenset({"示例县生态环境局", "示例县气象局"}),
    )
    plan = create_plan(county, person=keeper, now=NOW)
    assert (plan.region.slug, plan.region.name, plan.region.parent) == ("xinxian", "示例新县", above)
    assert set(plan.region.departments.values_list("name", "code")) == {
        ("示例县生态环境局", "xinxian-department-1"),
        ("示例县气象局", "xinxian-department-2"),
    }


def test_a_component_stands_under_its_indicator(draft: PlanDraft, keeper: User) -> None:
    parts = (replace(AIR, name="示例分项", parent="示例优良天数比例"), FOREST)
    plan = create_plan(with_rows(draft, AIR, *parts), person=keeper, now=NOW)
    assert plan.indicators.get(name="示例分项").parent == plan.indicators.get(name="示例优良天数比例")


def test_a_grade_is_read_from_its_printed_form(draft: PlanDraft, keeper: User) -> None:
    water = IndicatorDraft(
        name="示例断面水质", value_type="grade", direction="lower", baseline="Ⅳ类", wording="达到Ⅲ类"
    )
    plan = create_plan(with_rows(draft, water), person=keeper, now=NOW)
    assert plan.indicators.get().baselines.get().value == 4


def test_yearly_rates_of_a_cumulative_target_are_entered_year_by_year(draft: PlanDraft, keeper: User) -> None:
    rate = replace(AIR, name="示例排放下降率", measure="cumulative_rate", wording="累计下降10", baseline="")
    plan = create_plan(with_rows(draft, rate), person=keeper, now=NOW)
    assert plan.indicators.get().entry_basis == "annual"


@pytest.mark.parametrize("role", [Role.ENTRY, Role.REVIEWER, Role.LEADER])
def test_only_administrators_create(draft: PlanDraft, bureau: Department, role: Role) -> None:
    with pytest.raises(PermissionDenied):
        create_plan(draft, person=member_of(bureau, role), now=NOW)
    assert not Plan.objects.filter(title=draft.title).exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"title": ""}, "title"),
        ({"slug": "Shi_Li"}, "slug"),
        ({"slug": "new"}, "slug"),
        ({"coordinating": ""}, "coordinating"),
        ({"coordinating": "示例县没有的局"}, "coordinating"),
        ({"region": None}, "region"),
        ({"region": None, "new_region": "示例新县"}, "parent"),
        ({"new_region": "示例新县"}, "new_region"),
        ({"target_year": None}, "target_year"),
        ({"baseline_year": None}, "baseline_year"),
        ({"baseline_year": 2025}, ""),
        ({"indicators": ()}, ""),
    ],
)
def test_what_is_wrong_with_the_plan_is_said_at_its_field(
    draft: PlanDraft, changed: dict[str, object], field: str
) -> None:
    assert (None, field) in problems(replace(draft, **changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "示例覆盖率"}, "name"),
        ({"name": "长" * 161}, "name"),
        ({"unit": "位" * 41}, "unit"),
        ({"constraint": ""}, "constraint"),
        ({"direction": ""}, "direction"),
        ({"value_type": "grade", "measure": "additive"}, "measure"),
        ({"baseline": "967"}, "baseline"),
        ({"wording": "目" * 301}, "wording"),
        ({"parent": "示例没有的指标"}, "parent"),
        ({"category": "类" * 161}, "category"),
        ({"lead": ("示例县没有的局",)}, "lead"),
        ({"participating": ("示例县没有的局",)}, "participating"),
    ],
)
def test_what_is_wrong_with_an_indicator_is_said_at_its_row(
    draft: PlanDraft, changed: dict[str, object], field: str
) -> None:
    found = problems(with_rows(draft, FOREST, replace(AIR, **changed)))  # type: ignore[arg-type]
    assert set(found) == {(1, field)}


def test_everything_wrong_is_said_at_once_and_nothing_is_written(draft: PlanDraft, keeper: User) -> None:
    before = Region.objects.count(), Department.objects.count(), Indicator.objects.count()
    wrong = replace(
        with_rows(draft, replace(AIR, name=""), replace(FOREST, lead=("示例县没有的局", "示例新局"))),
        title="",
        new_departments=frozenset({"示例新局"}),
    )
    with pytest.raises(DraftRefused) as refused:
        create_plan(wrong, person=keeper, now=NOW)
    assert refused.value.problems == (
        DraftProblem("请填写名称。", "title"),
        DraftProblem("请填写指标名称。", "name", 0),
        DraftProblem("部门名录中没有“示例县没有的局”。请改成名录中的名称；确实没有的，在“新建部门”中勾选。", "lead", 1),
    )
    assert before == (Region.objects.count(), Department.objects.count(), Indicator.objects.count())


def test_the_same_plan_is_not_created_twice(draft: PlanDraft, keeper: User) -> None:
    create_plan(draft, person=keeper, now=NOW)
    with pytest.raises(DraftRefused, match="同名规划"):
        create_plan(draft, person=keeper, now=NOW)


def test_a_free_address_is_chosen(draft: PlanDraft, keeper: User) -> None:
    PlanFactory.create(slug="shili")
    assert create_plan(draft, person=keeper, now=NOW).slug == "shili-2025"


def test_a_taken_address_is_refused(draft: PlanDraft) -> None:
    PlanFactory.create(slug="taken")
    assert problems(replace(draft, slug="taken")) == [(None, "slug")]


def test_codes_of_another_plan_are_not_taken(draft: PlanDraft) -> None:
    IndicatorFactory.create(code="taken-02")
    assert problems(replace(draft, slug="taken")) == [(None, "slug")]


def test_checking_costs_the_same_for_many_rows(
    draft: PlanDraft, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    # free address; aliases and departments of the region, codes of new ones; plan: address, two constraints (three
    # each), title; codes of indicators
    for size in (2, 20):
        rows = [replace(FOREST, name=f"示例指标{number}") for number in range(size)]
        with django_assert_num_queries(13):
            assert check_draft(with_rows(draft, *rows)) == []
