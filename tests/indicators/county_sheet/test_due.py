"""What is due of counties, and where it is counted."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.entry.plans import my_plans
from indicators.models import Indicator, Plan, ReportingRound, ReviewStatus, Target
from indicators.review.queue import Tab, queue_page
from indicators.services.reminders import reminders
from indicators.services.round_progress import counts_by_state, outstanding
from indicators.services.workflow import return_values
from portal.accounts.models import User
from regions.models import Department, Region
from tests.factories import (
    RegionFactory,
    led_by,
)
from tests.indicators.county_sheet.steps import NOW, address, break_down, enter, key, sheet_of

pytestmark = pytest.mark.django_db


def test_county_values_are_due_and_counted_everywhere(
    opened: Plan, quantity: Indicator, counties: list[Region], staff: User, reviewer: User
) -> None:
    rounds = ReportingRound.objects.filter(plan=opened)
    assert [(each.indicator, each.region) for each in outstanding(rounds)] == [
        (quantity, region) for region in (opened.region, *counties)
    ]
    enter(quantity, opened.region, staff, "120")
    enter(quantity, counties[0], staff, "40", as_draft=True)
    back = enter(quantity, counties[1], staff, "40")
    return_values([back], comment="请核对", person=reviewer, now=NOW)
    assert dict(counts_by_state(rounds)[rounds.get().pk]) == {
        ReviewStatus.SUBMITTED: 1,
        ReviewStatus.DRAFT: 1,
        ReviewStatus.RETURNED: 1,
        "": 1,
    }
    mine = my_plans(staff, today=date(2023, 3, 1))
    line = next(line for line in mine.plans[0].years if line.year == 2022)
    assert (line.total, line.missing, line.drafts, line.submitted, line.returned) == (4, 1, 1, 1, 1)
    assert [value.name for value in mine.returned] == ["新建管网（乙县）"]
    (mail,) = reminders(date(2023, 4, 1))
    assert [text.split("（", 1)[1].split("）")[0] for text in mail.parts[0].lines] == ["甲县", "乙县", "丙县"]
    tabs = {link.tab: link.count for link in queue_page(opened, 2022, Tab.SUBMITTED, person=reviewer).tabs}
    assert tabs == {Tab.SUBMITTED: 1, Tab.RETURNED: 1, Tab.MISSING: 1, Tab.APPROVED: 0}
    missing = queue_page(opened, 2022, Tab.MISSING, person=reviewer).missing
    assert [row.name for row in missing] == ["新建管网（甲县）", "新建管网（丙县）"]


def test_nothing_is_due_before_the_share_took_effect_or_after_it_was_withdrawn(
    opened: Plan, department: Department, counties: list[Region], staff: User, reviewer: User
) -> None:
    level = led_by(department, plan=opened)
    first, second, _ = counties
    break_down(level, reviewer, {first: "≥96"}, effective_on=date(2023, 1, 1))
    break_down(level, reviewer, {second: "≥96"})
    enter(level, second, staff, "95")
    break_down(level, reviewer, {second: ""})
    rounds = ReportingRound.objects.filter(plan=opened)
    assert [each.region for each in outstanding(rounds)] == [opened.region]
    assert counts_by_state(rounds)[rounds.get().pk].total() == 1
    assert [row.region for row in sheet_of(opened, staff).rows] == [opened.region]
    assert [row.region for row in sheet_of(opened, staff, 2023).rows] == [opened.region, first]
    totals = {line.year: line.total for line in my_plans(staff, today=date(2023, 3, 1)).plans[0].years}
    assert totals == {2023: 2, 2022: 1, 2021: 1}
    page = queue_page(opened, 2022, Tab.SUBMITTED, person=reviewer)
    assert (page.rows, page.tabs[0].count) == ([], 0)


def test_the_queue_names_the_county_and_its_own_verdict(
    client: Client, opened: Plan, quantity: Indicator, counties: list[Region], staff: User, reviewer: User
) -> None:
    value = enter(quantity, counties[1], staff, "40")
    client.force_login(reviewer)
    page = client.get(f"/review/{opened.slug}/2022/").content.decode()
    for words in ("新建管网（乙县）", "选择新建管网（乙县）", "符合序时进度"):
        assert words in page
    client.post(f"/review/{opened.slug}/2022/", {"step": "approve", "value": f"{value.pk}:{value.revision}"})
    value.refresh_from_db()
    assert value.status == ReviewStatus.APPROVED


def test_pages_take_the_same_queries_for_2_counties_and_for_16(
    signed_in: Client, opened: Plan, department: Department, composite: Indicator, staff: User, reviewer: User
) -> None:
    level = led_by(department, plan=opened)

    def add(count: int) -> None:
        for _ in range(count):
            county = RegionFactory.create(parent=department.region)
            Target.objects.create(indicator=level, region=county, year=2025, wording="≥96")
            enter(level, county, staff, "95", as_draft=True)

    def queries() -> list[int]:
        check = {"row": str(key(level)), f"value-{key(level)}": "96"}
        counts = []
        for visit in (
            lambda: signed_in.get(address(opened)),
            lambda: signed_in.get(reverse("entry")),
            lambda: signed_in.post(address(opened, "entry_check"), check),
            lambda: queue_page(opened, 2022, Tab.RETURNED, person=reviewer),
            lambda: outstanding(ReportingRound.objects.all()),
            lambda: signed_in.get(f"/indicators/{level.code}/"),
        ):
            with CaptureQueriesContext(connection) as captured:
                visit()
            counts.append(len(captured))
        return counts

    add(2)
    queries()  # the first request of a session also stamps it
    few = queries()
    add(14)
    assert queries() == few
