"""Two people at one value, and a department at another's: nothing is overwritten, nothing typed is lost.

Cells are found by what a person reads: the label of the cell, the name of the indicator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from indicators.models import Indicator, Plan, YearlyValue
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Department, Role
from tests.browser.conftest import Visitor
from tests.browser.test_main_job import choose_indicator
from tests.factories import member_of

pytestmark = pytest.mark.django_db(transaction=True)

SHEET = "/entry/bazhong/2021/"
DAYS = "空气质量优良天数比率"
WATER_SHEET = "/entry/bazhong-checklist/2021/"


@pytest.fixture
def colleague(bureau: Department) -> User:
    """Another person who enters values for the same department."""
    return member_of(bureau, Role.ENTRY, username="wangfang", full_name="王芳")


@pytest.fixture
def second_visitor(live_server: LiveServer, new_context: Callable[[], BrowserContext]) -> Iterator[Visitor]:
    """A second browser, which shares nothing with the first."""
    person = Visitor(new_context().new_page(), live_server.url)
    yield person
    assert person.complaints == []


@pytest.fixture
def water_staff(loaded_plans: None) -> User:
    """Enters values for Bazhong's water bureau, which leads a few indicators of the checklist."""
    return member_of(Department.objects.get(region__slug="bazhong", name="市水利局"), Role.ENTRY, username="shuili")


@pytest.fixture
def opened(loaded_plans: None, reviewer: User) -> Plan:
    """Bazhong's plan with the round of 2021 open."""
    plan = Plan.objects.select_related("region").get(slug="bazhong")
    open_round(plan, 2021, deadline=date(2099, 3, 31), person=reviewer, now=timezone.now())
    return plan


def cell(page: Page) -> Locator:
    """The cell for the figure of 2021 in the row of the good days."""
    return page.get_by_role("row").filter(has=page.get_by_role("link", name=DAYS)).get_by_label(f"{DAYS} 2021 年数值")


def days_of_2021() -> YearlyValue:
    return YearlyValue.objects.get(indicator__code="bazhong-01", year=2021)


def draft(figure: str, person: User) -> YearlyValue:
    """A draft of the good days in 2021, saved before anybody opened a page."""
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-01")
    entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal(figure))
    return record_value(entry, person=person, now=timezone.now(), as_draft=True)


@pytest.mark.parametrize("stored", ["", "95.1"], ids=["an empty cell", "a draft"])
def test_two_people_at_one_cell_of_the_sheet(
    stored: str, visitor: Visitor, second_visitor: Visitor, opened: Plan, entry_staff: User, colleague: User
) -> None:
    if stored:
        draft(stored, entry_staff)
    for person, browser in ((entry_staff, visitor), (colleague, second_visitor)):
        browser.sign_in(person)
        browser.open(SHEET)
    cell(second_visitor.page).fill("96.7")
    second_visitor.page.get_by_role("button", name="保存草稿").click()
    expect(second_visitor.page.get_by_text("已保存 1 项草稿")).to_be_visible()

    page = visitor.page
    cell(page).fill("96.9")
    page.get_by_label(f"{DAYS} 说明").fill("监测站月报汇总")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("1 项没有保存")).to_be_visible()
    row = page.get_by_role("row").filter(has=page.get_by_role("link", name=DAYS))
    expect(row).to_contain_text("王芳")
    expect(row).to_contain_text("96.7%")
    expect(cell(page)).to_have_value("96.9")
    expect(page.get_by_label(f"{DAYS} 说明")).to_have_value("监测站月报汇总")
    assert days_of_2021().value == Decimal("96.7")

    visitor.open(SHEET)
    expect(cell(page)).to_have_value("96.7")
    expect(page.get_by_text(f"{DAYS}：您填的是 96.9")).to_be_visible()
    cell(page).fill("96.9")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("已保存 1 项草稿")).to_be_visible()
    assert days_of_2021().value == Decimal("96.9")


def test_two_people_at_one_form_of_the_admin(
    visitor: Visitor, second_visitor: Visitor, opened: Plan, entry_staff: User, colleague: User
) -> None:
    address = reverse("admin:indicators_yearlyvalue_change", args=[draft("95.1", entry_staff).pk])
    for person, browser in ((entry_staff, visitor), (colleague, second_visitor)):
        browser.sign_in(person)
        browser.open(address)
    second_visitor.page.get_by_label("数值:").fill("96.7")
    second_visitor.page.get_by_role("button", name="保存", exact=True).click()
    expect(second_visitor.page.get_by_role("heading", name=DAYS)).to_be_visible()

    page = visitor.page
    page.get_by_label("数值:").fill("96.9")
    page.get_by_label("说明:").fill("监测站月报汇总")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("王芳在您打开之后已将数值改为 96.7%")).to_be_visible()
    expect(page.get_by_label("数值:")).to_have_value("96.9")
    expect(page.get_by_label("说明:")).to_have_value("监测站月报汇总")
    assert days_of_2021().value == Decimal("96.7")


def test_two_people_who_add_the_same_value_in_the_admin(
    visitor: Visitor, second_visitor: Visitor, opened: Plan, entry_staff: User, colleague: User
) -> None:
    for person, browser, figure in ((entry_staff, visitor, "96.9"), (colleague, second_visitor, "96.7")):
        browser.sign_in(person)
        browser.open("/admin/indicators/yearlyvalue/add/")
        choose_indicator(browser.page, "优良天数", "bazhong-01")
        browser.page.get_by_label("年度:").fill("2021")
        browser.page.get_by_label("数值:").fill(figure)
    second_visitor.page.get_by_role("button", name="保存", exact=True).click()
    expect(second_visitor.page.get_by_role("heading", name=DAYS)).to_be_visible()
    visitor.page.get_by_role("button", name="保存", exact=True).click()
    expect(visitor.page.get_by_text("现有数值是 96.7%（王芳填报），您的内容没有保存")).to_be_visible()
    expect(visitor.page.get_by_label("数值:")).to_have_value("96.9")
    assert days_of_2021().value == Decimal("96.7")


class TestAnotherDepartment:
    """The water bureau of the same city tries the environment bureau's indicators."""

    def test_by_address(self, visitor: Visitor, opened: Plan, entry_staff: User, water_staff: User) -> None:
        page = visitor.page
        value = draft("95.1234", entry_staff)
        visitor.sign_in(water_staff)
        visitor.open(SHEET)
        expect(page.get_by_role("heading", name="没有权限")).to_be_visible()
        visitor.complaints.clear()  # Chromium reports the refused page itself
        for name in ("change", "history", "delete"):
            visitor.open(reverse(f"admin:indicators_yearlyvalue_{name}", args=[value.pk]))
            expect(page.get_by_label("数值:")).to_have_count(0)
            expect(page.get_by_role("button", name="确认删除")).to_have_count(0)
            expect(page.locator("body")).not_to_contain_text("95.1234")
            visitor.complaints.clear()
        assert days_of_2021() == value

    def test_by_form_field(self, visitor: Visitor, water_staff: User) -> None:
        page = visitor.page
        foreign = Indicator.objects.get(code="bazhong-checklist-11")
        before = set(YearlyValue.objects.values_list("pk", "revision"))
        visitor.sign_in(water_staff)
        visitor.open(WATER_SHEET)
        expect(page.get_by_role("link", name=foreign.name, exact=True)).to_have_count(0)
        page.get_by_label("河湖岸线保护率 2021 年").fill("50")
        tampered = page.get_by_role("row").filter(has=page.get_by_role("link", name="水域面积"))
        tampered.evaluate(
            """(row, foreign) => {
                 for (const field of row.querySelectorAll("[name]")) {
                   field.name = field.name.replace(/-\\d+/, `-${foreign}`);
                 }
               }""",
            foreign.pk,
        )
        page.get_by_label("水域面积 2021 年").fill("50")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("heading", name="没有权限")).to_be_visible()
        visitor.complaints.clear()  # Chromium reports the refused page itself
        assert set(YearlyValue.objects.values_list("pk", "revision")) == before

    def test_by_paste(self, visitor: Visitor, water_staff: User) -> None:
        page = visitor.page
        before = set(YearlyValue.objects.values_list("pk", flat=True))
        visitor.sign_in(water_staff)
        visitor.open(WATER_SHEET)
        cells = page.get_by_label("2021 年")
        count = cells.count()
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.evaluate("text => navigator.clipboard.writeText(text)", "50\n" * (count + 4))
        cells.first.focus()
        page.keyboard.press("Control+v")
        expect(page.get_by_text("4 行超出表格末尾，没有填入")).to_be_visible()
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_text(f"已保存 {count} 项")).to_be_visible()
        written = YearlyValue.objects.exclude(pk__in=before).select_related("indicator")
        assert written.count() == count
        assert {value.year for value in written} == {2021}
        for value in written:
            leads = value.indicator.responsibilities.filter(role="lead").values_list("department__name", flat=True)
            assert "市水利局" in leads
