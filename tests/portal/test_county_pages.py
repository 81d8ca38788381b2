"""Counties on the public pages: their own table on the indicator's page, and nowhere among the plan's indicators."""

from __future__ import annotations

import csv
import re
from decimal import Decimal
from io import BytesIO, StringIO

import pytest
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Indicator, Target
from indicators.services.breakdown import Share, record_breakdown
from indicators.services.recording import record_value
from indicators.services.target_versions import stamp
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from regions.models import Region

PAGE = "/indicators/bazhong-p09/"


@pytest.fixture
def indicator(loaded_plans: None) -> Indicator:
    """清洁能源汽车在市区公共领域使用率, not below 90 % in 2025."""
    return Indicator.objects.select_related("plan__region").get(code="bazhong-p09")


@pytest.fixture
def county(indicator: Indicator) -> Region:
    return Region.objects.get(slug="bazhong-tongjiang")


def break_down(indicator: Indicator, county: Region, share: Share, person: User) -> None:
    record_breakdown(
        indicator,
        shares={county.pk: share},
        document="分解方案",
        effective_on=None,
        seen=stamp(indicator),
        person=person,
        now=timezone.now(),
    )


def table_of(client: Client) -> str:
    """The words of the counties' table; empty without one."""
    found = re.search(r'id="counties-heading".*?</table>', client.get(PAGE).content.decode(), re.DOTALL)
    return re.sub(r"<[^>]+>|\s+", "", found[0]) if found else ""


def test_a_county_stands_with_target_baseline_last_value_and_verdict(
    client: Client, indicator: Indicator, county: Region, reviewer: User, entry_staff: User, leader: User
) -> None:
    break_down(indicator, county, Share("≥85", Decimal("60.5")), reviewer)
    client.force_login(leader)
    assert "待填报" in table_of(client)
    entry = ValueEntry(indicator, county, 2024, Decimal("80.5"))
    record_value(entry, person=entry_staff, now=timezone.now())
    assert "通江县60.5≥8580.5%2024年" in table_of(client)
    record_value(ValueEntry(indicator, county, 2025, Decimal("86.5")), person=entry_staff, now=timezone.now())
    assert "通江县60.5≥8586.5%✓已完成" in table_of(client)


def test_a_withdrawn_county_leaves_the_table_and_stays_among_the_versions(
    client: Client, indicator: Indicator, county: Region, reviewer: User
) -> None:
    client.force_login(reviewer)
    break_down(indicator, county, Share("≥85"), reviewer)
    break_down(indicator, county, Share(), reviewer)
    assert table_of(client) == ""
    page = client.get(PAGE).content.decode()
    assert "通江县 2025 年目标" in page
    assert "（不再分解）" in page
    assert "新增 通江县 2025 年目标（第 2 版）" in page, "its history names the county"


def test_a_target_of_the_future_is_not_yet_in_force(client: Client, indicator: Indicator, leader: User) -> None:
    Target.objects.create(
        indicator=indicator,
        region=indicator.plan.region,
        year=2025,
        wording="≥99",
        version=2,
        effective_on="2999-01-01",
    )
    client.force_login(leader)
    page = client.get(PAGE).content.decode()
    assert page.index("不低于90%") < page.index("历年数值与评价</h2>")
    assert "第 1 版（现行）" in page


def test_the_plans_counts_do_not_know_counties(
    client: Client, indicator: Indicator, county: Region, reviewer: User, entry_staff: User, leader: User
) -> None:
    client.force_login(leader)
    pages = ("/", "/plans/bazhong/", "/departments/bazhong-ecology-environment/")

    def shown() -> list[str]:
        return [re.split("<main", client.get(path).content.decode())[1] for path in pages]

    before = shown()
    break_down(indicator, county, Share("≥85", Decimal(80)), reviewer)
    record_value(ValueEntry(indicator, county, 2025, Decimal(10)), person=entry_staff, now=timezone.now())
    assert shown() == before


def test_the_counties_are_part_of_the_pages_files(
    client: Client, indicator: Indicator, county: Region, reviewer: User, entry_staff: User, leader: User
) -> None:
    client.force_login(leader)
    assert "分解到县区" not in client.get(PAGE).content.decode()
    break_down(indicator, county, Share("≥85", Decimal("60.5")), reviewer)
    record_value(ValueEntry(indicator, county, 2024, Decimal("80.5")), person=entry_staff, now=timezone.now())
    assert "table=%E5%88%86%E8%A7%A3" in client.get(PAGE).content.decode()
    content = b"".join(client.get(f"{PAGE}?format=csv&table=分解到县区")).decode()
    [row] = csv.DictReader(StringIO(content[1:], newline=""))
    assert (row["县区"], row["基期值（原文）"], row["目标（原文）"]) == ("通江县", "60.5", "≥85")
    assert (row["数值"], row["数值年度"]) == ("80.5", "2024")
    assert row["评价"] in table_of(client)
    assert re.sub(r"\s+", "", row["理由"]) in table_of(client)
    book = load_workbook(BytesIO(client.get(f"{PAGE}?format=xlsx").content))
    assert [cell.value for cell in book["分解到县区"][2]][3:5] == ["通江县", "60.5"]


def test_no_file_of_components_where_there_are_none(client: Client, leader: User, loaded_plans: None) -> None:
    client.force_login(leader)
    assert "CSV：</span>分项指标" not in client.get("/indicators/bazhong-02/").content.decode()
    assert "CSV：</span>分项指标" in client.get("/indicators/bazhong-p35/").content.decode()
