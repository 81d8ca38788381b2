"""A year of two measures of Liaoyuan: the department states what it did, the reviewer returns one and approves both."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from indicators.models import Measure, Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from regions.models import Department, DutyRole, Role
from tests.browser.conftest import Visitor
from tests.browser.test_review import change_person
from tests.factories import member_of

pytestmark = pytest.mark.django_db(transaction=True)

LIST = "/entry/liaoyuan/2022/measures/"
QUEUE = "/review/liaoyuan/2022/measures/"


@pytest.fixture
def liaoyuan_reviewer(loaded_plans: None) -> User:
    """Approves what Liaoyuan's departments state; the round of 2022 is open."""
    bureau = Department.objects.get(code="liaoyuan-ecology-environment")
    person = member_of(bureau, Role.REVIEWER, full_name="李审核")
    plan = Plan.objects.get(slug="liaoyuan")
    open_round(plan, 2022, deadline=date(2099, 3, 31), person=person, now=timezone.now())
    return person


@pytest.fixture
def measures(liaoyuan_reviewer: User) -> list[Measure]:
    """The first two measures that the bureau leads."""
    bureau = Department.objects.get(code="liaoyuan-ecology-environment")
    return list(Measure.objects.filter(responsibilities__department=bureau, responsibilities__role=DutyRole.LEAD)[:2])


def test_two_measures_are_stated_returned_mended_and_approved(
    visitor: Visitor, other_entry_staff: User, liaoyuan_reviewer: User, measures: list[Measure]
) -> None:
    page = visitor.page
    first, second = (measure.title for measure in measures)

    visitor.sign_in(other_entry_staff)
    visitor.open("/entry/")
    section = page.get_by_role("region", name="任务落实：辽源市")
    section.get_by_role("link", name="2022 年").click()
    page.get_by_label(f"{first} 2022 年进展").select_option(label="推进中")
    page.get_by_label(f"{first} 2022 年落实情况").fill("开展专项检查3次。")
    page.get_by_label(f"{second} 2022 年进展").select_option(label="已完成")
    page.get_by_role("button", name="保存并提交").click()
    expect(page.get_by_role("alert")).to_contain_text(second)
    expect(page.get_by_text("请写明这一年做了哪些工作")).to_be_visible()
    expect(page.get_by_label(f"{second} 2022 年进展")).to_have_value("completed")
    assert visitor.findings_at(390) + visitor.findings_at(1280) == []
    page.get_by_label(f"{second} 2022 年落实情况").fill("已印发实施方案。")
    page.get_by_role("button", name="保存并提交").click()
    expect(page.get_by_text("已提交 1 项，等待审核。")).to_be_visible()
    page.get_by_label("状态", exact=True).select_option(label="待审核（2）")
    page.get_by_role("button", name="筛选").click()
    for title in (first, second):
        expect(page.get_by_role("rowheader", name=title)).to_be_visible()

    change_person(visitor, liaoyuan_reviewer)
    visitor.open(QUEUE)
    row = page.get_by_role("row").filter(has_text=first)
    expect(row).to_contain_text("开展专项检查3次。")
    assert visitor.findings_at(390) + visitor.findings_at(1280) == []
    page.get_by_label(f"选择{first}").check()
    page.get_by_role("button", name="退回所选").click()
    expect(page.get_by_role("alert")).to_contain_text("请写明退回意见")
    expect(page.get_by_label(f"选择{first}")).to_be_checked()
    page.get_by_label("审核意见").fill("写明检查对象")
    page.get_by_role("button", name="退回所选").click()
    expect(page.get_by_role("status")).to_contain_text("已退回 1 项落实情况")

    change_person(visitor, other_entry_staff)
    visitor.open("/entry/")
    returned = page.get_by_role("region", name="退回给您的任务落实情况")
    expect(returned).to_contain_text("写明检查对象")
    returned.get_by_role("link", name=first).click()
    page.get_by_label("落实情况", exact=True).fill("对24家企业开展专项检查3次。")
    page.get_by_label("下一步安排（选填）").fill("督促整改。")
    page.get_by_role("button", name="保存并提交").click()
    expect(page.get_by_role("status").filter(has_text="已提交，等待审核")).to_be_visible()

    change_person(visitor, liaoyuan_reviewer)
    visitor.open(QUEUE)
    expect(page.get_by_role("row").filter(has_text=first)).to_contain_text("对24家企业")
    page.get_by_label("全选").check()
    page.get_by_role("button", name="审定所选").click()
    expect(page.get_by_role("status")).to_contain_text("已审定 2 项落实情况")

    change_person(visitor, other_entry_staff)
    visitor.open(f"{LIST}?state=approved")
    expect(page.get_by_role("row").filter(has_text=first)).to_contain_text("已审定，已锁定")
    page.get_by_role("link", name=first).click()
    expect(page.get_by_text("已审定并锁定。")).to_be_visible()
    history = page.get_by_role("region", name="修改记录")
    assert visitor.findings_at(390) + visitor.findings_at(1280) == []
    for words in ("写明检查对象", "督促整改。", "李审核", "途径：任务落实填报页面", "途径：审核页面"):
        expect(history).to_contain_text(words)


def test_what_was_typed_survives_a_closed_page(
    visitor: Visitor, other_entry_staff: User, measures: list[Measure]
) -> None:
    page = visitor.page
    title = measures[0].title
    visitor.sign_in(other_entry_staff)
    visitor.open(LIST)
    page.get_by_label(f"{title} 2022 年进展").select_option(label="推进中")
    page.get_by_label(f"{title} 2022 年落实情况").fill("开展专项检查3次。")
    visitor.open("/")
    visitor.open(LIST)
    expect(page.get_by_text("已恢复您上次填写、尚未保存的 1 行")).to_be_visible()
    expect(page.get_by_label(f"{title} 2022 年落实情况")).to_have_value("开展专项检查3次。")
    page.get_by_role("button", name="保存草稿").click()
    expect(page.get_by_text("已保存 1 项草稿")).to_be_visible()
    expect(page.get_by_text("已恢复")).to_have_count(0)

    visitor.open(f"/entry/measures/{measures[1].code}/2022/")
    page.get_by_label("存在问题（选填）").fill("资金不足。")
    visitor.open("/")
    visitor.open(f"/entry/measures/{measures[1].code}/2022/")
    expect(page.get_by_label("存在问题（选填）")).to_have_value("资金不足。")
