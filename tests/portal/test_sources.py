"""The five documents as loaded: nothing missing, every figure and wording with the section it stands in.

Table rows, groups and columns were counted in the documents; what the prose promises was read twice by different
readers.
"""

from __future__ import annotations

import re
from collections import Counter

import pytest
from django.db.models import Count

from indicators.models import Indicator, Measure, Mention, Plan, Target, Topic
from projects.models import Deliverable, KeyProject, ProjectColumn, ProjectGroup
from regions.models import Department

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]

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


@pytest.mark.parametrize(
    ("plan", "columns"),
    [
        ("bazhong", [f"专栏{number}" for number in "二三四五六七八九十"]),
        ("liaoyuan", [f"专栏{number}" for number in range(1, 6)]),
        ("qiandongnan", [f"专栏{number}" for number in range(1, 11)]),
        ("banan", []),
        ("bazhong-checklist", []),
    ],
)
def test_project_columns(plan: str, columns: list[str]) -> None:
    found = ProjectColumn.objects.filter(plan__slug=plan)
    assert list(found.values_list("label", flat=True)) == columns
    assert not ProjectGroup.objects.filter(column__in=found, projects=None).exists()


@pytest.mark.parametrize(
    ("plan", "counts"),
    [
        (
            "bazhong",
            {
                "专栏二": (3, 23, 12),
                "专栏三": (2, 9, 5),
                "专栏四": (5, 14, 2),
                "专栏五": (6, 41, 20),
                "专栏六": (4, 12, 1),
                "专栏七": (3, 9, 1),
                "专栏八": (4, 30, 6),
                "专栏九": (2, 11, 0),
                "专栏十": (2, 4, 1),
            },
        ),
        (
            "liaoyuan",
            {
                "专栏1": (1, 15, 2),
                "专栏2": (1, 14, 25),
                "专栏3": (1, 7, 20),
                "专栏4": (1, 3, 3),
                "专栏5": (1, 8, 38),
            },
        ),
        (
            "qiandongnan",
            {
                "专栏1": (3, 14, 0),
                "专栏2": (2, 5, 0),
                "专栏3": (6, 15, 2),
                "专栏4": (2, 9, 0),
                "专栏5": (4, 16, 1),
                "专栏6": (3, 6, 0),
                "专栏7": (3, 7, 1),
                "专栏8": (3, 6, 0),
                "专栏9": (4, 12, 4),
                "专栏10": (5, 16, 2),
            },
        ),
    ],
)
def test_groups_projects_and_deliverables_of_every_column(plan: str, counts: dict[str, tuple[int, int, int]]) -> None:
    columns = ProjectColumn.objects.filter(plan__slug=plan).annotate(
        group_count=Count("groups", distinct=True),
        project_count=Count("groups__projects", distinct=True),
        deliverable_count=Count("groups__projects__deliverables", distinct=True),
    )
    assert {
        column.label: (column.group_count, column.project_count, column.deliverable_count) for column in columns
    } == counts


@pytest.mark.parametrize(
    ("code", "deliverables"),
    [
        ("bazhong-c02-13", ["90万千瓦 装机90万千瓦"]),
        ("bazhong-c04-14", ["92% 秸秆综合利用率不低于92%"]),
        (
            "bazhong-c05-09",
            [
                "252170m2 河道缓冲带生态保护面积252170m2",
                "15.8千米 生态河堤保护及修复共计15.8千米",
                "23341m2 面积约23341m2",
            ],
        ),
        ("bazhong-c08-06", ["500平方公里 水土流失综合治理500平方公里"]),
        ("bazhong-c10-03", ["1套 建设1套网格化监管APP系统"]),
        ("liaoyuan-c01-10", ["5000台 年产5000台单螺杆压缩机膨胀机"]),
        (
            "liaoyuan-c02-03",
            [
                "2台 2台120吨/小时角管式热水锅炉",
                "1台 1台130吨/小时循环流化床锅炉",
                "2台 2台65吨角管式热水锅炉",
                "1台 1台130吨角管式热水锅炉",
                "650万平方米 清洁替代面积约650万平方米",
            ],
        ),
        ("liaoyuan-c03-06", ["0.2万m3/d 由0.1万m3/d改扩建至0.2 万m3/d"]),
        ("liaoyuan-c04-01", ["10万吨 年协同处理城乡10万吨", "13881平方米 总建筑面积为13881平方米"]),
        (
            "liaoyuan-c05-05",
            [
                "2.4公里 设置防护网2.4公里",
                "36个 界碑36个",
                "320个 界桩320个",
                "23座 警示牌23座",
                "1台 1台垃圾清理车",
                "3台 吸粪车3台",
            ],
        ),
        ("qiandongnan-c05-14", ["1300吨 新增处理能力1300吨"]),
        ("qiandongnan-c07-02", ["90% 30户以上自然寨覆盖90%以上"]),
        ("qiandongnan-c09-01", ["15万亩 完成退化防护林修复15万亩", "100万亩 建设国家储备林基地100万亩"]),
        ("qiandongnan-c10-01", ["1套 中心城市至少建设1套环境空气VOCS自动监测站"]),
    ],
)
def test_deliverables_stand_as_printed(code: str, deliverables: list[str]) -> None:
    found = Deliverable.objects.filter(project__code=code)
    assert [f"{each.quantity.normalize():f}{each.unit} {each.wording}" for each in found] == deliverables


@pytest.mark.parametrize(
    ("code", "places", "location", "companies", "end_year"),
    [
        ("bazhong-c02-13", [], "", ["华能"], None),
        ("bazhong-c05-12", [], "梭滩河", [], None),
        ("bazhong-c06-07", ["巴州区", "恩阳区", "巴中经济开发区"], "中心城区(巴州区、恩阳区、巴中经开区)", [], None),
        ("bazhong-c04-03", [], "", ["巴中海螺水泥有限责任公司"], None),
        ("liaoyuan-c01-07", [], "", ["启星铝业", "利源精制", "绍兴轨道交通集团"], None),
        ("liaoyuan-c01-08", ["东丰县"], "东丰国际梅花鹿产业创投园", ["北京同仁堂"], None),
        ("liaoyuan-c02-09", ["东辽县"], "渭津", ["金刚水泥"], 2023),
        ("liaoyuan-c05-04", ["东辽县"], "大梨树河(岳家桥—大道桥)", [], None),
        ("qiandongnan-c05-04", ["麻江县"], "", ["明达水泥公司"], None),
        ("qiandongnan-c05-13", ["凯里市"], "", [], None),
        ("qiandongnan-c05-14", ["三穗县", "黎平县"], "南部片区", [], 2025),
        ("qiandongnan-c09-08", ["凯里市", "施秉县"], "", [], None),
    ],
)
def test_places_companies_and_years_are_those_that_the_column_names(
    code: str, places: list[str], location: str, companies: list[str], end_year: int | None
) -> None:
    project = KeyProject.objects.get(code=code)
    assert {region.name for region in project.places.all()} == set(places)
    assert (project.location, project.companies, project.end_year) == (location, companies, end_year)


def test_no_column_states_money_or_departments() -> None:
    stated = KeyProject.objects.exclude(investment_amount=None, investment_wording="", investment_source="")
    assert not stated.exists()
    assert not KeyProject.objects.exclude(responsibilities=None).exists()


@pytest.mark.parametrize(
    ("code", "measures"),
    [
        ("liaoyuan-c01-08", ["发展黑土地绿色农业"]),
        ("liaoyuan-c01-11", ["推动能源清洁高效利用"]),
        ("liaoyuan-c02-09", ["实施重点行业氮氧化物深度治理"]),
        ("liaoyuan-c04-03", ["持续打好农业农村污染治理攻坚战"]),
        ("liaoyuan-c05-07", ["开展东辽河岸带生态修复", "加强生态保护修复"]),
        ("liaoyuan-c01-06", []),
        ("liaoyuan-c05-05", []),
        ("bazhong-c02-05", ["引导构建与生态环境相适应的产业空间布局", "全方位构建绿色农业"]),
        ("bazhong-c03-04", ["控制农业活动排放"]),
        ("bazhong-c04-02", ["深化PM2.5与O3污染协同控制"]),
        ("bazhong-c05-01", ["强化入河排污口整治", "全面推进水生态保护和修复工程"]),
        ("bazhong-c06-12", ["加强工业固体废物综合利用"]),
        ("bazhong-c07-05", ["加强尾矿库、渣场风险管控"]),
        ("bazhong-c09-03", ["全域推进生态文明示范创建"]),
        ("bazhong-c02-08", []),
        ("bazhong-c08-12", []),
        ("qiandongnan-c01-04", ["优化能源结构,提升能源清洁化水平"]),
        ("qiandongnan-c03-06", ["提升城镇污染治理水平"]),
        ("qiandongnan-c05-04", ["推动工业固体废物综合利用", "强化危险废物处置和风险防范"]),
        ("qiandongnan-c09-01", ["加强山水林田湖系统治理"]),
        ("qiandongnan-c10-06", ["完善监管体系", "完善生态环境监测网络"]),
        ("qiandongnan-c04-02", []),
        ("qiandongnan-c09-11", []),
    ],
)
def test_projects_serve_the_tasks_that_speak_of_them(code: str, measures: list[str]) -> None:
    assert [measure.title for measure in KeyProject.objects.get(code=code).measures.all()] == measures


def test_projects_are_tied_to_tasks_of_their_own_plan() -> None:
    """Liaoyuan names a project of the last column in a task of another chapter; the others stay in the chapter that the
    column closes."""
    linked = KeyProject.objects.exclude(measures=None).distinct()
    found = list(linked.select_related("group__column__plan").prefetch_related("measures__plan"))
    assert Counter(project.plan.slug for project in found) == {"bazhong": 131, "liaoyuan": 43, "qiandongnan": 88}
    for project in found:
        tasks = project.measures.all()
        assert {measure.plan.slug for measure in tasks} == {project.plan.slug}
        if project.plan.slug != "liaoyuan":
            chapter = project.group.column.section.partition("章")[0]
            assert {measure.chapter.partition("章")[0] for measure in tasks} == {chapter}, project.code


@pytest.mark.parametrize(
    ("wording", "name", "quantity", "unit"),
    [
        ("充电桩3600个", "充电桩", 3600, "个"),
        ("长输管线7条300公里", "天然气长输管线", 300, "公里"),
        ("低碳示范单位80个", "低碳示范单位", 80, "个"),
        ("新增建设改造污水处理能力5.3万吨/日", "污水处理能力", None, "万吨/日"),
    ],
)
def test_quantities_of_projects_are_deliverables(wording: str, name: str, quantity: int | None, unit: str) -> None:
    found = Deliverable.objects.filter(wording__contains=wording, unit=unit)
    assert any(name in each.name for each in found)
    assert quantity is None or quantity in {int(each.quantity) for each in found}


def test_banan_says_that_it_has_neither_table_nor_columns() -> None:
    plan = Plan.objects.get(slug="banan")
    assert plan.stage == "draft"
    assert "专栏" in plan.note


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
