"""Composite indicators in 我的填报: announced above their components, judged as these are typed."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from indicators.models import Indicator, Plan, ReviewStatus
from indicators.series import SeriesKey
from portal.accounts.models import User
from tests.factories import (
    YearlyValueFactory,
)
from tests.indicators.county_sheet.steps import address, ask, form, key, sheet_of

pytestmark = pytest.mark.django_db


def component(name: str) -> SeriesKey:
    return key(Indicator.objects.select_related("plan__region").get(name=name))


def test_a_composite_stands_above_its_components_with_what_they_lack(
    signed_in: Client, opened: Plan, composite: Indicator, staff: User
) -> None:
    lines = sheet_of(opened, staff).lines
    assert [bool(line.composite) for line in lines] == [True, False]
    assert lines[0].composite is not None
    answer = lines[0].composite.answer
    assert (answer.missing, answer.label) == ("3 个分项中还缺 3 个：国控、省控、市控", "待填报")
    page = signed_in.get(address(opened)).content.decode()
    assert f'id="composite-{composite.pk}"' in page
    assert f'name="value-{key(composite)}"' not in page


def test_its_verdict_follows_the_components_as_typed_and_saved(
    signed_in: Client, opened: Plan, composite: Indicator, staff: User
) -> None:
    YearlyValueFactory.create(indicator=Indicator.objects.get(name="市控"), year=2022, value=99)
    first, second = component("国控"), component("省控")

    def above(**texts: str) -> Any:
        cells = {component(name): text for name, text in texts.items()}
        return ask(signed_in, opened, first, {first: "", **cells})["composite"]

    assert above(国控="96")["missing"] == "3 个分项中还缺 1 个：省控"
    typed = above(国控="96", 省控="97")
    assert (typed["row"], typed["label"], typed["missing"]) == (str(composite.pk), "提前达标", "各分项均已有数值")
    assert above(国控="96", 省控="967")["missing"] == "3 个分项中还缺 1 个：省控", "an impossible figure is none"
    signed_in.post(address(opened), form({second: "97"}))
    assert above(国控="96")["label"] == "提前达标", "what was saved as a draft counts here"
    lines = sheet_of(opened, staff).lines
    assert lines[0].composite is not None
    assert lines[0].composite.answer.missing == "3 个分项中还缺 1 个：国控"


def test_drafts_of_another_department_do_not_show_above_the_components(
    opened: Plan, composite: Indicator, staff: User, reviewer: User
) -> None:
    foreign = Indicator.objects.get(name="市控")
    YearlyValueFactory.create(indicator=foreign, year=2022, value=99, status=ReviewStatus.DRAFT, approved_at=None)
    first = sheet_of(opened, staff).lines[0].composite
    assert first is not None
    assert "市控" in first.answer.missing
