"""The five documents as loaded: no indicator missing, every figure and wording with the section it stands in."""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db.models import Count

from indicators.models import Indicator, Mention, Plan, Target, Topic
from projects.models import Deliverable, KeyProject, ProjectColumn
from regions.models import Department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]

# Table rows and groups were counted in the documents; what the prose promises was read twice by different readers.

SECTION = re.compile(r"[第一二三四五六七八九十专附指表]")


@pytest.mark.parametrize(
    ("plan", "rows", "groups"),
    [
        (
            "bazhong",
            [str(number) for number in range(1, 26)],
            {"生态环境质量改善": 10, "生态保护": 4, "资源节约与利用": 3, "环境风险防控": 3, "人居环境改善": 5},
        ),
        (
            "qiandongnan",
            [str(number) for number in range(1, 19)],
            {"环境治理": 8, "应对气候变化": 3, "环境风险防控": 3, "生态保护": 4},
        ),
        (
            "bazhong-checklist",
            [str(number) for number in range(11, 36)],
            {
                "生态环境质量改善": 2,
                "生态系统保护": 4,
                "生态环境风险防范": 2,
                "空间格局优化": 1,
                "资源节约与利用": 6,
                "产业循环发展": 1,
                "人居环境改善": 4,
                "生活方式绿色化": 5,
            },
        ),
    ],
)
def test_every_table_row_is_there(plan: str, rows: list[str], groups: dict[str, int]) -> None:
    indicators = Indicator.objects.headline().filter(plan__slug=plan, origin="table")
    assert sorted(indicators.values_list("number", flat=True), key=int) == rows
    assert dict(indicators.order_by().values_list("category__name").annotate(Count("pk"))) == groups


@pytest.mark.parametrize(
    ("plan", "constraints"),
    [
        ("bazhong", {"binding": 24, "expected": 1}),
        ("bazhong-checklist", {"binding": 13, "reference": 12}),
        ("qiandongnan", {"binding": 8, "expected": 10}),
    ],
)
def test_constraint_types_of_the_tables(plan: str, constraints: dict[str, int]) -> None:
    indicators = Indicator.objects.headline().filter(plan__slug=plan, origin="table")
    assert Counter(indicators.values_list("constraint", flat=True)) == constraints


@pytest.mark.parametrize("plan", ["banan", "liaoyuan"])
def test_plans_without_stated_constraints_claim_none(plan: str) -> None:
    assert set(Indicator.objects.filter(plan__slug=plan).values_list("constraint", flat=True)) == {"unspecified"}
    assert not Indicator.objects.filter(plan__slug=plan, origin="table").exists()


def test_liaoyuan_declares_21_of_which_only_the_stated_are_recorded() -> None:
    plan = Plan.objects.get(slug="liaoyuan")
    assert plan.declared_indicator_count == 21
    assert list(plan.categories.filter(origin="table").values_list("declared_count", flat=True)) == [12, 3, 3, 3]
    assert 0 < plan.indicators.declared().count() < 21


@pytest.mark.parametrize(
    ("code", "baseline", "wording"),
    [
        ("bazhong-01", "96.7", "完成省考核目标"),
        ("bazhong-02", "28.1", "<27.0"),
        ("bazhong-08", "-", "完成省定目标"),
        ("bazhong-11", "-", "未经依法审批,面积不减少,性质不改变,功能不降低"),
        ("bazhong-12", "73.5*", "≥73.5"),
        ("bazhong-13", "95*", "≥95"),
        ("bazhong-14", "63", ">63"),
        ("bazhong-16", "12.1", ""),
        ("bazhong-23", "95.92", "≥96"),
        ("bazhong-25", "54", "≥75"),
        ("qiandongnan-01", "达到国家二级标准", "达到国家二级标准"),
        ("qiandongnan-02", "99.7", "达到国家及贵州省下达目标要求"),
        ("qiandongnan-07", None, "25"),
        ("qiandongnan-13", None, "有效保障"),
        ("qiandongnan-15", None, "保持良好"),
        ("qiandongnan-16", "67.98", "70左右"),
        ("qiandongnan-17", "28.82*", "达到国家及贵州省下达目标要求"),
        ("bazhong-checklist-13", None, "≥60%"),
        ("bazhong-checklist-15-2", None, "不明显"),
        ("bazhong-checklist-23", None, r"$\geq 4.5\%$"),
        ("bazhong-checklist-34-3", None, "逐步下降"),
    ],
)
def test_figures_and_wordings_stand_as_printed(code: str, baseline: str | None, wording: str) -> None:
    indicator = Indicator.objects.get(code=code)
    assert indicator.targets.get().wording == wording
    assert next((each.text for each in indicator.baselines.all()), None) == baseline


def test_reduction_rows_show_the_previous_result_and_start_from_zero() -> None:
    for code in ("bazhong-07", "bazhong-09", "bazhong-10", "bazhong-15", "bazhong-16"):
        indicator = Indicator.objects.get(code=code)
        assert (indicator.measure, indicator.baselines.get().text != "") == ("cumulative_rate", True)


@pytest.mark.parametrize(
    ("code", "lead", "participating"),
    [
        ("bazhong-checklist-14", ["市林业局"], 4),
        ("bazhong-checklist-19", ["市自然资源和规划局", "市林业局"], 9),
        ("bazhong-checklist-33", ["市住房和城乡建设局", "市城市管理行政执法局"], 6),
        ("bazhong-checklist-35", ["市财政局"], 2),
    ],
)
def test_responsible_departments_of_the_checklist(code: str, lead: list[str], participating: int) -> None:
    duties = Indicator.objects.get(code=code).responsibilities.select_related("department")
    assert [duty.department.name for duty in duties if duty.role == "lead"] == lead
    assert sum(duty.role == "participating" for duty in duties) == participating


def test_every_wording_and_figure_carries_its_section() -> None:
    for indicator in Indicator.objects.all():
        assert SECTION.search(indicator.section), indicator.code
    for mention in Mention.objects.all():
        assert SECTION.search(mention.section), mention
        assert mention.wording
        assert mention.agrees or mention.note, "a disagreement says how"
    for column in ProjectColumn.objects.all():
        assert SECTION.search(column.section), column
    for target in Target.objects.filter(wording=""):
        explained = target.note or target.indicator.note or target.indicator.components.exists()
        assert explained, f"{target.indicator.code} has no wording and does not say why"


def test_every_leaf_indicator_has_one_target() -> None:
    indicators = Indicator.objects.filter(components=None).annotate(target_count=Count("targets"))
    assert set(indicators.values_list("target_count", flat=True)) == {1}


def test_banan_says_that_it_has_neither_table_nor_columns() -> None:
    plan = Plan.objects.get(slug="banan")
    assert plan.stage == "draft"
    assert "专栏" in plan.note


def test_aliases_are_one_department() -> None:
    department = Department.objects.get(region__slug="liaoyuan", name="市工业和信息化局")
    assert [alias.name for alias in department.aliases.all()] == ["市工业和信息局"]


def test_topics_tie_the_same_measure_across_plans() -> None:
    def plans(key: str) -> set[str]:
        return set(Topic.objects.get(key=key).indicators.values_list("plan__slug", flat=True))

    assert plans("forest-coverage") == {"bazhong", "banan", "liaoyuan", "qiandongnan"}
    assert plans("pm25-concentration") >= {"bazhong", "banan", "liaoyuan"}
    assert not Topic.objects.filter(indicators=None).exists(), "a topic that no plan uses"


def test_counts_of_what_the_prose_promises() -> None:
    """Counted once in the documents; a change of these numbers is a change of the transcription."""
    prose = Indicator.objects.headline().filter(origin="prose")
    counts = {
        plan.slug: (
            prose.filter(plan=plan).count(),
            Mention.objects.filter(indicator__plan=plan).count(),
            KeyProject.objects.filter(group__column__plan=plan).count(),
            Deliverable.objects.filter(project__group__column__plan=plan).count(),
            plan.measures.count(),
        )
        for plan in Plan.objects.all()
    }
    assert counts == {
        "bazhong": (41, 22, 153, 48, 111),
        "bazhong-checklist": (6, 10, 0, 0, 31),
        "banan": (51, 4, 0, 0, 45),
        "liaoyuan": (47, 7, 47, 88, 135),
        "qiandongnan": (34, 16, 106, 10, 87),
    }
