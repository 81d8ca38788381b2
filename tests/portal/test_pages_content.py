"""What the pages say, over the five loaded plans."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from indicators.models import Indicator, Plan, ReportingRound, Target, YearlyValue
from indicators.series import SeriesKey
from indicators.services.judging import judge_indicators
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from tests.factories import IndicatorFactory, PlanFactory, RegionFactory, TargetFactory, YearlyValueFactory

pytestmark = pytest.mark.usefixtures("loaded_plans")

#: Scripts of this host, figures for charts, and the empty style elements that plotly.js fills by rules.
NOT_INLINE = re.compile(
    r'<script src="/static/[^"]+" defer></script>|<script id="[a-z-]+" type="application/json">.*?</script>'
    r'|<style id="[^"]+" nonce="[^"]+"></style>',
    re.DOTALL,
)
PLANS = ["bazhong", "bazhong-checklist", "banan", "liaoyuan", "qiandongnan"]


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    """A client that is signed in as leadership, who has no access to the admin."""
    client.force_login(leader)
    return client


def html(client: Client, address: str, status: int = 200) -> str:
    """The page's HTML."""
    response = client.get(address)
    assert response.status_code == status, response
    return response.content.decode()


def words(page: str) -> str:
    """The text of the page without blanks."""
    return re.sub(r"\s+", "", strip_tags(page))


def entry_of(indicator: Indicator, year: int, value: str) -> ValueEntry:
    """A value as a person states it."""
    return ValueEntry(indicator=indicator, region=indicator.plan.region, year=year, value=Decimal(value), source="年报")


@pytest.mark.parametrize(
    "address",
    [
        "/",
        *[f"/plans/{slug}/" for slug in PLANS],
        *[f"/plans/{slug}/projects/" for slug in PLANS],
        "/projects/",
        "/projects/?plan=liaoyuan&place=liaoyuan-dongfeng",
        "/projects/liaoyuan-c02-01/",
        "/problems/",
        "/indicators/bazhong-02/",
        "/departments/",
        "/departments/bazhong-ecology-environment/",
        "/plans/nowhere/",
    ],
)
class TestEveryPage:
    def test_asks_for_sign_in(self, client: Client, address: str) -> None:
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/login/?next=")

    def test_has_landmarks_and_nothing_inline(self, reader: Client, address: str) -> None:
        page = html(reader, address, 404 if "nowhere" in address else 200)
        assert '<html lang="zh-Hans">' in page
        assert page.count("<h1") == 1
        assert page.count("<main") == 1
        assert 'class="skip-link" href="#content"' in page
        assert "<title>" in page
        own = NOT_INLINE.sub("", page)
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|<script", own)
        assert not re.search(r'(?:src|<link[^>]*href)="(?:https?:)?//', page)
        identifiers = re.findall(r'\sid="([^"]+)"', page)
        assert len(identifiers) == len(set(identifiers))
        for anchor in re.findall(r'href="#([^"]+)"', page):
            assert anchor in identifiers


class TestOverview:
    def test_names_every_plan_and_says_how_they_stand(self, reader: Client) -> None:
        page = html(reader, "/")
        for slug in PLANS:
            assert reverse("plan", args=[slug]) in page
        assert "5份规划共" in words(page)
        assert "征求意见稿" in page

    def test_own_region_comes_first(self, reader: Client) -> None:
        page = html(reader, "/")
        assert page.index("/plans/bazhong/") < page.index("/plans/banan/")

    def test_says_how_many_indicators_of_liaoyuan_are_recorded(self, reader: Client) -> None:
        assert "指标表已录入13项，应有21项" in words(html(reader, "/"))

    def test_most_severe_comes_first(self, reader: Client, administrator: User) -> None:
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-03")
        record_value(entry_of(indicator, 2025, "97.8"), person=administrator, now=timezone.now())
        page = html(reader, "/")
        warnings = page[page.index("attention-heading") :]
        assert warnings.index("红色预警") < warnings.index("bazhong-03") < warnings.index("▲")


class TestPlan:
    def test_shows_the_table_as_printed(self, reader: Client) -> None:
        text = words(html(reader, "/plans/bazhong/?year=2025"))
        assert "完成省考核目标" in text
        assert "&lt;27.0" in text
        assert "73.5*" in text
        assert "“十三五”结果" in text
        assert "统筹" in text

    def test_target_that_the_source_does_not_print(self, reader: Client) -> None:
        assert "原文未写" in html(reader, "/plans/bazhong/")

    def test_marks_what_liaoyuan_lacks(self, reader: Client) -> None:
        assert "还缺" in html(reader, "/plans/liaoyuan/")

    def test_banan_says_plainly_that_it_has_no_table_and_no_columns(self, reader: Client) -> None:
        assert "没有指标表" in html(reader, "/plans/banan/")
        assert "没有工程项目专栏" in html(reader, "/plans/banan/projects/")

    def test_components_stand_below_their_parent(self, reader: Client) -> None:
        component = Indicator.objects.filter(parent__isnull=False).select_related("plan", "parent").first()
        assert component is not None
        assert component.parent is not None
        page = html(reader, f"/plans/{component.plan.slug}/")
        assert f'<tr id="{component.code}" class="component">' in page
        assert page.index(f'<tr id="{component.parent.code}"') < page.index(f'<tr id="{component.code}"')

    def test_year_switch(self, reader: Client) -> None:
        assert '<a href="?year=2023" aria-current="page">2023</a>' in html(reader, "/plans/bazhong/?year=2023")

    @pytest.mark.parametrize(("asked", "year"), [("2019", 2021), ("2030", 2025), ("abc", None)])
    def test_year_that_is_not_judged(self, reader: Client, asked: str, year: int | None) -> None:
        response = reader.get(f"/plans/bazhong/?year={asked}", follow=True)
        assert response.status_code == 200
        assert f"“{asked}”不在评价年份之内" in response.content.decode()
        if year:
            assert response.redirect_chain[-1][0] == f"/plans/bazhong/?year={year}"

    def test_an_asked_year_is_never_trusted(self, reader: Client) -> None:
        page = reader.get("/plans/bazhong/?year=<script>", follow=True).content.decode()
        assert "<script>" not in page

    def test_unknown_plan(self, reader: Client) -> None:
        assert "没有标识为“nowhere”的规划" in html(reader, "/plans/nowhere/", 404)

    def test_value_and_verdict_are_those_of_the_year(self, reader: Client, administrator: User) -> None:
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
        YearlyValue.objects.filter(indicator=indicator).delete()
        record_value(entry_of(indicator, 2022, "27.3"), person=administrator, now=timezone.now())
        row = row_of(html(reader, "/plans/bazhong/?year=2022"), "bazhong-02")
        assert "27.3" in row
        assert "符合序时进度" in row
        assert "待填报" in row_of(html(reader, "/plans/bazhong/?year=2023"), "bazhong-02")


def row_of(page: str, code: str) -> str:
    """The row of an indicator."""
    return page[page.index(f'<tr id="{code}"') :].split("</tr>")[0]


class TestIndicator:
    def test_unknown_indicator(self, reader: Client) -> None:
        assert "没有代码为“nothing”的指标" in html(reader, "/indicators/nothing/", 404)

    def test_shows_what_the_verdict_rests_on(self, reader: Client, administrator: User) -> None:
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
        YearlyValue.objects.filter(indicator=indicator).delete()
        record_value(entry_of(indicator, 2022, "27.3"), person=administrator, now=timezone.now())
        text = words(html(reader, "/indicators/bazhong-02/"))
        assert "2022年评价的依据" in text
        assert "第11条" in text
        assert "95%及以上为符合序时进度，不足60%为滞后" in text
        assert "27.3μg/m3" in text
        assert "低于27" in text

    def test_history_says_who_changed_what_and_why(self, reader: Client, administrator: User) -> None:
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-03")
        now = timezone.now()
        first = record_value(entry_of(indicator, 2021, "99"), person=administrator, now=now)
        changed = ValueEntry(
            **{
                **vars(entry_of(indicator, 2021, "98.5")),
                "reason": "核对监测年报后更正",
                "revision": first.revision,
            }
        )
        record_value(changed, person=administrator, now=now)
        page = html(reader, "/indicators/bazhong-03/")
        text = words(page)
        assert f"{administrator}修改2021年数值" in text
        assert "<del>99%</del>" in page
        assert "<ins>98.5%</ins>" in page
        assert "核对监测年报后更正" in page

    def test_drafts_are_not_shown(self, reader: Client) -> None:
        indicator = Indicator.objects.get(code="bazhong-03")
        YearlyValueFactory.create(
            indicator=indicator, year=2021, value=Decimal("12.34"), status="draft", approved_at=None
        )
        table = html(reader, "/indicators/bazhong-03/").split('id="history-heading"')[0]
        assert "12.34" not in table

    def test_disagreeing_mention_is_marked(self, reader: Client) -> None:
        indicator = Indicator.objects.filter(mentions__agrees=False).first()
        assert indicator is not None
        assert 'class="disagrees"' in html(reader, f"/indicators/{indicator.code}/")

    def test_assigned_number_is_shown_with_its_document(self, reader: Client) -> None:
        target = Target.objects.select_related("indicator").get(indicator__code="bazhong-01")
        target.assigned_value, target.document = Decimal("96.2"), "川环函〔2022〕1号"
        target.save()
        judge_indicators([target.indicator], now=timezone.now())
        text = words(html(reader, "/indicators/bazhong-01/"))
        assert "96.2%（川环函〔2022〕1号）" in text

    def test_entry_link_for_those_who_may_enter(self, client: Client, entry_staff: User, leader: User) -> None:
        indicator = Indicator.objects.select_related("plan").get(code="bazhong-03")
        link = f"/entry/bazhong/2021/#row-{SeriesKey(indicator.pk, indicator.plan.region_id)}"
        client.force_login(entry_staff)
        assert link in html(client, "/indicators/bazhong-03/")
        assert f'id="row-{SeriesKey(indicator.pk, indicator.plan.region_id)}"' in html(client, "/entry/bazhong/2021/")
        client.force_login(leader)
        assert "/entry/" not in html(client, "/indicators/bazhong-03/")

    def test_no_entry_link_for_another_department(self, client: Client, other_entry_staff: User) -> None:
        client.force_login(other_entry_staff)
        assert "/entry/bazhong" not in html(client, "/indicators/bazhong-03/")


class TestDepartments:
    def test_coordinated_indicators_are_marked(self, reader: Client) -> None:
        assert "没有指定牵头单位，由统筹部门牵头" in html(reader, "/departments/bazhong-ecology-environment/")

    def test_unknown_department(self, reader: Client) -> None:
        assert "没有代码为“nobody”的部门" in html(reader, "/departments/nobody/", 404)


class TestSignIn:
    def test_error_says_what_to_do(self, client: Client) -> None:
        page = client.post("/login/", {"username": "somebody", "password": "wrong"}).content.decode()
        assert "账号或密码不正确" in page
        assert "系统管理员" in page
        assert 'value="somebody"' in page
        assert 'value="wrong"' not in page

    def test_fields_have_labels_and_autocomplete(self, client: Client) -> None:
        page = html(client, "/login/")
        assert '<label for="id_username">' in page
        assert 'autocomplete="username"' in page
        assert 'autocomplete="current-password"' in page

    def test_header_shows_who_is_signed_in_and_signs_out_by_post(self, client: Client, entry_staff: User) -> None:
        client.force_login(entry_staff)
        page = html(client, "/")
        assert str(entry_staff) in page
        assert 'method="post" action="/logout/"' in page
        assert "数据管理" in page
        client.post("/logout/")
        assert client.get("/").status_code == 302

    def test_no_link_to_the_admin_for_those_who_may_not_use_it(self, reader: Client) -> None:
        assert "数据管理" not in html(reader, "/")

    def test_error_page_needs_nothing_from_the_request(self) -> None:
        page = render_to_string("500.html")
        assert "请稍后重试" in page
        assert "<script" not in page

    def test_unknown_address_when_nobody_is_signed_in(self, client: Client) -> None:
        assert "登录" in html(client, "/no/such/page", 404)


def test_the_overview_keeps_a_known_warning_in_sight_while_a_new_value_is_missing(client: Client, leader: User) -> None:
    """Bazhong's PM2.5 of 2024 and Banan's good-air days of 2021 moved away from their targets; nothing newer is
    known."""
    client.force_login(leader)
    page = client.get("/").content.decode()
    assert "另有 2 项尚无新数值、最近一次评价已经预警" in page
    section = page[page.index("尚无新数值，但最近一次评价已经预警") :]
    assert "地级及以上城市细颗粒物(PM2.5)浓度" in section
    assert "2024年为28.5μg/m3" in section
    assert "反向变化" in section


def test_the_overview_names_who_is_late(client: Client, leader: User) -> None:
    plan = Plan.objects.get(slug="bazhong")
    ReportingRound.objects.create(
        plan=plan, year=2023, deadline=date(2024, 3, 31), opened_by=leader, opened_at=timezone.now()
    )
    client.force_login(leader)
    page = client.get("/").content.decode()
    section = page[page.index("逾期未填报") :]
    assert "市生态环境局" in section
    assert "2024年3月31日，逾期" in section


class TestReasoning:
    """What a reader needs to follow a verdict: what it was given, how progress is reckoned, the counties."""

    def test_inputs_rule_and_path(self, reader: Client) -> None:
        page = reader.get("/indicators/bazhong-02/").context["page"]
        facts = {fact.label: fact for fact in page.facts}
        assert (facts["目标"].text, facts["起点（基期值）"].text) == ("<27.0", "28.1μg/m3")
        assert "2024 年 28.5μg/m3" in facts["用到的数值"].remark
        assert "95% 及以上为符合序时进度，不足 60% 为滞后" in facts["序时进度完成率"].remark
        assert "从基期值到目标按年均分" in words(html(reader, "/indicators/bazhong-02/"))

    def test_counties_of_a_composite_stand_with_their_parts(self, reader: Client) -> None:
        plan = PlanFactory.create(slug="composite-plan")
        whole = IndicatorFactory.create(plan=plan, code="the-whole")
        county = RegionFactory.create(name="通江县")
        for name, figure in (("甲", 96), ("乙", 70)):
            part = IndicatorFactory.create(plan=plan, category=whole.category, parent=whole, name=f"{name}分项")
            TargetFactory.create(indicator=part)
            TargetFactory.create(indicator=part, region=county)
            YearlyValueFactory.create(indicator=part, region=county, year=2025, value=figure)
        judge_indicators([whole], now=timezone.now())
        page = reader.get("/indicators/the-whole/").context["page"]
        assert [(each.county, each.assessment.verdict) for each in page.combined] == [(county, "missed")]
        text = words(html(reader, "/indicators/the-whole/"))
        section = text[text.index("各县区2025年评价") :]
        assert section.index("全部分项") < section.index("甲分项")
        assert "通江县乙分项" in section

    def test_the_same_topic_leads_to_the_comparison(self, reader: Client) -> None:
        assert 'href="/compare/pm25-concentration/"' in html(reader, "/indicators/bazhong-02/")
