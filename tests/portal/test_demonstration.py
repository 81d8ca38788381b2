"""Figures of demonstration: the same every time, marked wherever they are shown, and gone by one command."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from indicators.models import Assessment, Indicator, Plan, ValueOrigin, YearlyValue
from indicators.services.judging import differences
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from portal.management.commands.demo import entries_for

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("loaded_plans")]
PAGE = "/indicators/bazhong-02/"


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def demonstrated() -> int:
    return YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION).count()


def test_the_same_figures_every_time() -> None:
    plan = Plan.objects.get(slug="bazhong")
    first = [(each.indicator.code, each.year, each.value, each.finding) for each in entries_for(plan)]
    assert first == [(each.indicator.code, each.year, each.value, each.finding) for each in entries_for(plan)]
    assert len(first) > 200


def test_every_plan_is_filled_and_judged() -> None:
    call_command("demo", verbosity=0)
    filled = YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION).values_list(
        "indicator__plan__slug", flat=True
    )
    assert set(filled) == {"bazhong", "bazhong-checklist", "banan", "liaoyuan", "qiandongnan"}
    verdicts = set(Assessment.objects.filter(is_demonstration=True).values_list("verdict", flat=True))
    assert {"achieved", "missed", "on_track", "slightly_behind", "behind"} <= verdicts
    for plan in Plan.objects.all():
        assert differences(plan, now=timezone.now()) == []


def test_figures_that_cannot_be_are_not_made_up() -> None:
    call_command("demo", verbosity=0)
    for value in YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION).select_related("indicator"):
        assert value.value is None or value.indicator.complaint(value.value) is None


def test_what_was_reported_is_neither_overwritten_nor_removed(entry_staff: User) -> None:
    indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
    entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal("28.3"), source="公报")
    real = record_value(entry, person=entry_staff, now=timezone.now())
    published = YearlyValue.objects.filter(origin=ValueOrigin.PUBLISHED).count()
    call_command("demo", verbosity=0)
    real.refresh_from_db()
    assert (real.value, real.origin) == (Decimal("28.3"), ValueOrigin.FORM)
    call_command("demo", "--remove", verbosity=0)
    assert demonstrated() == 0
    assert YearlyValue.objects.filter(pk=real.pk).exists()
    assert YearlyValue.objects.filter(origin=ValueOrigin.PUBLISHED).count() == published
    assert not Assessment.objects.filter(is_demonstration=True).exists()


def test_a_second_run_adds_nothing() -> None:
    call_command("demo", verbosity=0)
    number = demonstrated()
    call_command("demo", verbosity=0)
    assert demonstrated() == number


@pytest.mark.parametrize(
    "address",
    ["/", "/plans/bazhong/?year=2023", PAGE, "/plans/bazhong/years/?year=2023", "/compare/?year=2023", "/screen/"],
)
def test_pages_mark_them(reader: Client, address: str) -> None:
    assert "演示" not in text(reader, address)
    call_command("demo", verbosity=0)
    assert "演示" in text(reader, address)


def test_chart_and_file_mark_them(reader: Client) -> None:
    call_command("demo", verbosity=0)
    assert "实际完成（演示数据）" in reader.get(PAGE).context["page"].chart.summary
    answer = reader.get(f"{PAGE}?format=xlsx")
    assert "含演示数据" in answer["Content-Disposition"] or "%E6%BC%94%E7%A4%BA" in answer["Content-Disposition"]
    notes = load_workbook(BytesIO(answer.getvalue()))["说明"]
    assert any("含演示数据" in str(cell.value) for row in notes for cell in row)
