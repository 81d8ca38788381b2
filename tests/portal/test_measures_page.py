"""A plan's measures by chapter and section, all of them or those of a department and chapter."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from indicators.models import Measure, MeasureResponsibility, Plan
from indicators.services.duties import assign_departments, stamp
from portal.accounts.models import User
from regions.models import Department, DutyRole
from tests.factories import PlanFactory

pytestmark = pytest.mark.usefixtures("loaded_plans")
PAGE = "/plans/liaoyuan/measures/"


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    """A client that is signed in as leadership."""
    client.force_login(leader)
    return client


def text(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def rows(page: str) -> list[str]:
    """The codes of the measures listed, which are their anchors."""
    return re.findall(r'<tr id="([^"]+)"', page)


def sheet(client: Client, address: str) -> list[dict[str, Any]]:
    """The rows of the page's workbook by header."""
    book: Any = load_workbook(BytesIO(client.get(address).content))
    header, *lines = book["任务"].iter_rows(values_only=True)
    return [dict(zip(header, line, strict=True)) for line in lines]


def test_every_measure_stands_once_in_the_order_of_the_plan(reader: Client) -> None:
    page = text(reader, PAGE)
    assert rows(page) == [f"liaoyuan-m{number:03}" for number in range(1, 136)]
    assert "共 135 项任务" in page
    assert page.count("<h2 id=") == 10
    row = page[page.index('id="liaoyuan-m003"') :].split("</tr>")[0]
    assert "到2025年" in row
    assert "塑料制品生产、流通、消费和回收处置等环节的管理制度" in row


def test_the_address_limits_it_to_a_department_and_a_chapter(reader: Client) -> None:
    department = Department.objects.get(region__slug="liaoyuan", name="市水利局")
    codes = MeasureResponsibility.objects.filter(department=department).values_list("measure__code", flat=True)
    limited = f"{PAGE}?department={department.code}"
    assert rows(text(reader, limited)) == sorted(codes)
    chapter = Measure.objects.get(code="liaoyuan-m135").chapter
    both = rows(text(reader, f"{limited}&chapter={chapter}"))
    assert both == sorted(codes.filter(measure__chapter=chapter))
    assert [row["任务代码"] for row in sheet(reader, f"{limited}&chapter={chapter}&format=xlsx")] == both
    assert "没有符合条件的任务" in text(reader, f"{PAGE}?chapter=%3Cscript%3E")


def test_the_file_has_text_deadline_and_departments_as_printed(reader: Client) -> None:
    first = sheet(reader, f"{PAGE}?format=xlsx")[0]
    assert first["任务"] == "坚持遏制高耗能高排放项目盲目发展"
    assert first["责任单位"].startswith("市发展改革委、市工业和信息化局、市生态环境局")
    assert first["责任分工（原文）"].startswith("市发展改革委、市工业和信息化局、市生态环境局按职责分工负责")


def test_a_plan_without_measures_says_so(reader: Client) -> None:
    plan: Plan = PlanFactory.create()
    assert "没有逐项列出任务和责任部门" in text(reader, f"/plans/{plan.slug}/measures/")


def test_it_is_linked_from_the_plans_and_the_indicators_pages(reader: Client) -> None:
    assert f'href="{PAGE}"' in text(reader, "/plans/liaoyuan/")
    measure = Measure.objects.exclude(indicators=None)[0]
    indicator = measure.indicators.all()[0]
    link = f'href="/plans/{measure.plan.slug}/measures/#{measure.code}"'
    assert link in text(reader, f"/indicators/{indicator.code}/")


def test_a_measure_of_a_plan_without_chapters_is_listed(reader: Client) -> None:
    plan: Plan = PlanFactory.create(slug="plain-plan")
    measure = Measure.objects.create(plan=plan, code="plain-m001", title="巡查河道")
    department = plan.coordinating_department
    MeasureResponsibility.objects.create(measure=measure, department=department, role=DutyRole.LEAD)
    page = text(reader, "/plans/plain-plan/measures/")
    assert rows(page) == ["plain-m001"]
    assert "未分章" in page


def test_without_a_lead_the_coordinating_department_answers(reader: Client, reviewer: User, bureau: Department) -> None:
    measure = Measure.objects.get(code="bazhong-m001")
    address = f"/plans/bazhong/measures/?department={bureau.code}"
    assert len(rows(text(reader, address))) == 111
    assert sheet(reader, f"{address}&format=xlsx")[0]["统筹部门（没有指定牵头单位）"] == "市生态环境局"
    other = Department.objects.get(region=bureau.region, name="市林业局")
    assign_departments(measure, lead=[other], participating=[], reason="明确分工", seen=stamp(measure), person=reviewer)
    assert measure.code not in rows(text(reader, address))
    page = text(reader, "/plans/bazhong/measures/")
    assert "未指定，由统筹部门牵头" in page[page.index("最近的调整") :]
