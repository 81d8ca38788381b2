"""The five documents as loaded: every task with its chapter, departments, deadline and indicators."""

from __future__ import annotations

import re

import pytest
from django.db.models import Count

from indicators.models import Indicator, Measure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]


def test_tasks_stand_in_their_chapter() -> None:
    for measure in Measure.objects.exclude(plan__slug="bazhong-checklist"):
        if measure.plan.slug == "banan":
            assert re.match(r"[二三四五六七八九]、", measure.chapter), measure.code
        else:
            assert re.match(r"第.+章 ", measure.chapter), measure.code
            assert re.match(r"第.+节 ", measure.section), measure.code
        assert measure.summary, measure.code


def test_tasks_have_the_departments_that_their_paragraph_names() -> None:
    measures = Measure.objects.annotate(duties=Count("responsibilities"))
    for measure in measures.filter(plan__slug="liaoyuan"):
        assert measure.responsibility_text, measure.code
        assert measure.duties, measure.code
    others = measures.exclude(plan__slug__in=["liaoyuan", "bazhong-checklist"])
    assert {measure.code: measure.duties for measure in others if measure.duties} == {
        "bazhong-m104": 2,
        "bazhong-m106": 1,
        "banan-m042": 6,
        "banan-m043": 3,
        "qiandongnan-m045": 1,
        "qiandongnan-m071": 2,
        "qiandongnan-m082": 2,
        "qiandongnan-m083": 1,
        "qiandongnan-m084": 1,
    }
    assert all(bool(measure.responsibility_text) == bool(measure.duties) for measure in others)


@pytest.mark.parametrize(
    ("code", "section", "title", "indicators", "deadline"),
    [
        (
            "bazhong-m001",
            "第一节 构建绿色发展格局",
            "健全生态空间管控体系",
            ["11", "12", "14", "p03", "p04", "p05"],
            "到2025年",
        ),
        ("bazhong-m020", "第三节 增强自然空间碳汇功能", "增强自然空间碳汇功能", [], ""),
        ("bazhong-m026", "第一节 深化工业污染治理", "加强工业园区污染治理", ["p17"], "2022年底前"),
        (
            "bazhong-m041",
            "第二节 强化水环境综合治理",
            "强化入河排污口整治",
            ["p26", "p27", "p39"],
            "到2022年底、到2023年底",
        ),
        ("bazhong-m111", "第六节 动员社会参与", "动员社会参与", [], ""),
        ("banan-m002", "", "加快推进能源清洁低碳化", ["p01-3", "p30"], ""),
        ("banan-m009", "", "全面保障饮用水安全", ["p37", "p38"], "到2025年"),
        ("banan-m027", "", "(三十)持续提升生态系统质量", ["p26", "p47", "p48"], ""),
        ("banan-m038", "", "(四十一)深化推进生态环境监测现代化", ["p50", "p51"], "到2023年"),
        ("qiandongnan-m016", "第三节 积极应对气候变化", "加强应对气候变化管理", [], ""),
        ("qiandongnan-m024", "第五节 持续深化水环境治理", "提升城镇污染治理水平", ["p06", "p07", "p08"], "到2025年"),
        (
            "qiandongnan-m053",
            "第一节 推进环境风险常态化监管机制",
            "健全环境安全隐患排查治理常态化监管机制",
            ["p24"],
            "2024年底前",
        ),
        (
            "qiandongnan-m061",
            "第一节 筑牢生态安全格局保障",
            "加强山水林田湖系统治理",
            ["16", "p27", "p28", "p29", "p30"],
            "到2025年",
        ),
    ],
)
def test_tasks_stand_as_printed(code: str, section: str, title: str, indicators: list[str], deadline: str) -> None:
    measure = Measure.objects.get(code=code)
    served = {indicator.code.removeprefix(f"{measure.plan.slug}-") for indicator in measure.indicators.all()}
    assert (measure.section, measure.title, measure.deadline) == (section, title, deadline)
    assert served == set(indicators)


@pytest.mark.parametrize(
    ("plan", "targets"),
    [("bazhong", "第二章"), ("qiandongnan", "第二章"), ("banan", "一（三）")],
)
def test_every_promise_of_the_prose_has_a_task(plan: str, targets: str) -> None:
    """But those of the chapter that only sets targets, and one that heads a chapter."""
    promises = Indicator.objects.headline().filter(plan__slug=plan, origin="prose", measures=None)
    left = promises.exclude(section__startswith=targets).values_list("code", "section")
    assert list(left) == ([("qiandongnan-p02", "第五章章首")] if plan == "qiandongnan" else [])


def test_checklist_tasks_cover_every_row() -> None:
    served = Indicator.objects.filter(measures__plan__slug="bazhong-checklist", origin="table", parent=None)
    assert served.distinct().count() == 25


def test_a_checklist_task_serves_every_row_whose_figure_it_repeats() -> None:
    """The task of row 12 promises the drinking-water rate of row 27 as well."""
    numbers = Measure.objects.get(code="bazhong-checklist-m008").indicators.filter(origin="table", parent=None)
    assert set(numbers.values_list("number", flat=True)) == {"12", "27"}
