"""A quantity broken down to three counties, filled by pasting four rows, approved, and judged county by county."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from indicators.models import Indicator, Plan
from indicators.services.breakdown import Share, record_breakdown
from indicators.services.rounds import open_round
from indicators.services.target_versions import stamp
from portal.accounts.models import User
from regions.models import Region
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

VEHICLES = "推广新能源汽车"
TARGETS = "/indicators/bazhong-p08/targets/"
SHEET = "/entry/bazhong/2025/"


@pytest.fixture
def opened(loaded_plans: None, reviewer: User) -> Plan:
    """Bazhong's plan with the round of 2025 open; it promises 8,000 vehicles."""
    plan = Plan.objects.select_related("region").get(slug="bazhong")
    open_round(plan, 2025, deadline=date(2099, 3, 31), person=reviewer, now=timezone.now())
    return plan


@pytest.fixture
def broken_down(opened: Plan, reviewer: User) -> Plan:
    """The plan with its vehicles broken down to three counties."""
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-p08")
    shares = {"bazhong-bazhou": "3000", "bazhong-enyang": "3000", "bazhong-nanjiang": "2000"}
    record_breakdown(
        indicator,
        shares={Region.objects.get(slug=slug).pk: Share(wording) for slug, wording in shares.items()},
        document="分解方案",
        effective_on=None,
        seen=stamp(indicator),
        person=reviewer,
        now=timezone.now(),
    )
    return opened


def cell(page: Page, name: str) -> Locator:
    """The entry cell of 2025 of an indicator, or of a county with its name in brackets."""
    return page.get_by_label(f"{name} 2025 年数值", exact=True)


def test_a_quantity_is_broken_down_filled_by_paste_and_judged_by_county(
    visitor: Visitor, opened: Plan, reviewer: User, entry_staff: User, leader: User
) -> None:
    page = visitor.page
    visitor.sign_in(reviewer)
    visitor.open(TARGETS)
    form = page.locator("form").filter(has=page.get_by_role("button", name="保存县区目标"))
    for county, figure in (("巴州区", "3000"), ("恩阳区", "3000"), ("南江县", "1000")):
        form.get_by_label(f"{county}目标").fill(figure)
    form.get_by_label("依据文件").fill("分解方案")
    form.get_by_role("button", name="保存县区目标").click()
    expect(form).to_contain_text("各县区合计 7000辆，本规划的目标是 8000辆，少 1000辆")
    expect(form.get_by_label("恩阳区目标")).to_have_value("3000")
    form.get_by_label("南江县目标").fill("2000")
    form.get_by_role("button", name="保存县区目标").click()
    expect(page.get_by_role("status")).to_contain_text("已保存各县区的目标")

    visitor.sign_in(entry_staff)
    visitor.open(SHEET)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", "7800\r\n3000\r\n2500\r\n2000\r\n")
    cell(page, VEHICLES).focus()
    page.keyboard.press("Control+v")
    expect(page.locator("[data-entry-notice]")).to_contain_text("已填入 4 格")
    expect(cell(page, f"{VEHICLES}（南江县）")).to_have_value("2000")
    own = page.locator("tr").filter(has=cell(page, VEHICLES))
    expect(own.locator("[data-sum]")).to_contain_text("各县区合计 7500辆（3 个县区，已填 3 个）")
    expect(own.locator("[data-sum]")).to_contain_text("7800 比各县区合计 7500 多 300")
    enyang = page.locator("tr").filter(has=cell(page, f"{VEHICLES}（恩阳区）"))
    expect(enyang.locator("[data-answer]")).to_contain_text("未完成")
    cell(page, f"{VEHICLES}（恩阳区）").fill("2800")
    cell(page, f"{VEHICLES}（恩阳区）").press("Shift+Enter")
    expect(cell(page, f"{VEHICLES}（巴州区）")).to_be_focused()
    expect(own.locator("[data-sum]")).not_to_contain_text("多")
    page.get_by_role("button", name="保存并提交").click()
    expect(page.get_by_text("已提交 4 项")).to_be_visible()

    visitor.sign_in(reviewer)
    visitor.open("/review/bazhong/2025/")
    expect(page.get_by_role("row").filter(has_text=f"{VEHICLES}（恩阳区）")).to_contain_text("2800辆")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="审定所选").click()
    expect(page.get_by_role("status")).to_contain_text("已审定 4 项数值")

    visitor.sign_in(leader)
    visitor.open("/indicators/bazhong-p08/")
    table = page.locator("section").filter(has=page.get_by_role("heading", name="分解到县区的目标与"))
    for name, figure, verdict in (
        ("巴州区", "3000", "已完成"),
        ("恩阳区", "2800", "未完成"),
        ("南江县", "2000", "已完成"),
    ):
        row = table.get_by_role("row").filter(has_text=name)
        expect(row).to_contain_text(figure)
        expect(row).to_contain_text(verdict)


def test_a_composite_follows_its_components_while_they_are_typed(
    visitor: Visitor, opened: Plan, entry_staff: User
) -> None:
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open(SHEET)
    parent = Indicator.objects.get(code="bazhong-p35")
    line = page.locator(f"#composite-{parent.pk}")
    names = list(parent.components.order_by("position").values_list("name", flat=True))
    expect(line).to_contain_text(f"{len(names)} 个分项中还缺 {len(names)} 个")
    for name in names:
        cell(page, name).fill("100")
    page.keyboard.press("Enter")
    expect(line).to_contain_text("各分项均已有数值")
    cell(page, names[0]).fill("一百")
    page.keyboard.press("Enter")
    expect(line).to_contain_text(f"还缺 1 个：{names[0]}")


@pytest.mark.parametrize("width", [1280, 390])
def test_pages_with_counties_are_accessible(visitor: Visitor, broken_down: Plan, reviewer: User, width: int) -> None:
    page = visitor.page
    page.set_viewport_size({"width": width, "height": 900})
    visitor.sign_in(reviewer)
    for path in (TARGETS, SHEET, "/indicators/bazhong-p08/", "/review/bazhong/2025/?state=missing"):
        visitor.open(path)
        assert visitor.serious_findings() == [], path
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{path} scrolls sideways"
