"""The five documents as loaded: every column with its projects, what they build, where, and the tasks they serve."""

from __future__ import annotations

from collections import Counter

import pytest
from django.db.models import Count

from projects.models import Deliverable, KeyProject, ProjectColumn, ProjectGroup

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]

# Columns and groups were counted in the documents.


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
