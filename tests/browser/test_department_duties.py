"""What 市生态环境局 of Bazhong answers for: what is due leads to the sheet, and the list of duties prints on A4."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from indicators.models import Plan
from indicators.services.rounds import open_round
from portal.accounts.models import User
from tests.browser.conftest import Visitor

pytestmark = pytest.mark.django_db(transaction=True)

#: Points of A4: upright for the list to sign, across for the matrix.
UPRIGHT, ACROSS = (595, 842), (842, 595)


def paper_of(visitor: Visitor) -> tuple[int, int]:
    """Width and height of the paper that the open page prints on, in points."""
    text = visitor.page.pdf(prefer_css_page_size=True).decode("latin-1")
    box = re.search(r"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", text)
    assert box
    return round(float(box[1])), round(float(box[2]))


def test_the_duties_of_the_bureau(visitor: Visitor, entry_staff: User, reviewer: User) -> None:
    plan = Plan.objects.get(slug="bazhong")
    open_round(plan, 2021, deadline=date(2099, 3, 31), note="", person=reviewer, now=timezone.now())
    page = visitor.page
    visitor.sign_in(entry_staff)
    visitor.open("/departments/bazhong-ecology-environment/")
    for label, count in (("牵头指标", "12"), ("统筹指标", "66"), ("参与指标", "8"), ("任务", "131"), ("项目", "153")):
        term = page.locator(".figures > div").filter(has=page.get_by_text(label, exact=True))
        expect(term.locator(".figures-text")).to_have_text(count)
    red = page.get_by_role("region", name="红色预警")
    expect(red.get_by_role("link", name="地级及以上城市细颗粒物(PM2.5)浓度")).to_be_visible()
    due = page.get_by_role("region", name="待办")
    values = due.get_by_role("listitem").filter(has_text="2021 年指标数值")
    values.get_by_text("具体内容").click()
    due.get_by_role("link", name="地级及以上城市空气质量优良天数比率").click()
    expect(page.get_by_role("heading", name="2021 年填报表")).to_be_visible()
    assert page.url.split("#")[1].startswith("row-")

    visitor.open("/departments/bazhong-ecology-environment/")
    page.get_by_role("link", name="责任清单").click()
    expect(
        page.get_by_text("指标 86 项（牵头 12，统筹 66，责任 8），任务 131 项（其中统筹 116），重点项目 153 个")
    ).to_be_visible()
    last = page.get_by_role("row").last
    expect(last.get_by_role("cell").first).to_have_text("370")
    expect(last).to_contain_text("重点项目")
    expect(last).to_contain_text("统筹")
    expect(page.get_by_role("button", name="打印")).to_be_visible()
    page.emulate_media(media="print")
    for words in ("打印", "导出"):
        expect(page.get_by_text(words, exact=True)).to_be_hidden()
    expect(page.get_by_role("banner")).to_be_hidden()
    expect(page.get_by_text("负责人（签字）")).to_be_visible()
    assert visitor.too_wide() == []
    assert paper_of(visitor) == UPRIGHT

    visitor.open("/plans/bazhong-checklist/duties/")
    assert paper_of(visitor) == ACROSS
