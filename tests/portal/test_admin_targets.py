"""Targets and the history of records in the admin."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import (
    Assessment,
    Indicator,
    Plan,
    Target,
    YearlyValue,
)
from portal.accounts.models import User
from regions.models import Department
from tests.portal.admin_addresses import change_address

pytestmark = pytest.mark.django_db


def test_what_a_record_once_was_is_shown_and_not_typed_into(client: Client, entry_staff: User) -> None:
    client.force_login(entry_staff)
    value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
    name = "admin:indicators_yearlyvalue_simple_history"
    page = client.get(reverse(name, args=[value.pk, value.history.get().pk])).content.decode()
    assert '<fieldset class="kept-record" disabled>' in page
    assert "Historical" not in page
    assert "规划与指标" in page


def test_who_only_reads_a_target_is_not_shown_the_reviewers_question(client: Client, entry_staff: User) -> None:
    client.force_login(entry_staff)
    page = client.get(change_address(Target.objects.get(indicator__code="bazhong-02"))).content.decode()
    assert "系统理解为" in page
    assert "Chosen" not in page


def target_form(target: Target, **changes: Any) -> dict[str, Any]:
    """The admin's form of a stored target, as it would be posted."""
    return {"wording": target.wording, "document": target.document, "note": target.note} | changes


def test_a_restated_target_is_a_new_version_understood_and_judged(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    target = Target.objects.get(indicator__code="bazhong-02")
    assert client.post(change_address(target), target_form(target, wording="<29.0")).status_code == 302
    restated = Target.objects.get(indicator=target.indicator, version=2)
    assert restated.rule["all"] == [{"any": [{"kind": "threshold", "comparator": "lt", "value": "29.0"}]}]
    verdict = Assessment.objects.get(indicator=target.indicator, year=2024)
    assert (verdict.verdict, verdict.target) == ("holding", restated)
    target.refresh_from_db()
    assert target.wording == "<27.0"


def test_an_assigned_number_names_its_document_and_is_possible(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    target = Target.objects.get(indicator__code="bazhong-07")
    address = change_address(target)
    assert "不是规划本身" in client.post(address, target_form(target, assigned_value="12")).content.decode()
    impossible = target_form(target, assigned_value="1250", document="川环函〔2022〕1号")
    assert "应不大于 100" in client.post(address, impossible).content.decode()
    assert client.post(address, impossible | {"assigned_value": "12"}).status_code == 302
    verdicts = Assessment.objects.filter(indicator=target.indicator).values_list("verdict", flat=True)
    assert set(verdicts) == {"awaiting_value"}


def test_a_person_says_in_words_what_a_wording_means(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    target = Target.objects.get(indicator__code="bazhong-16")
    address = change_address(target)
    assert "未能识别" in client.post(address, target_form(target, chosen="尽力而为吧")).content.decode()
    assert client.post(address, target_form(target, chosen="累计不低于13.5%")).status_code == 302
    chosen = Target.objects.get(indicator=target.indicator, version=2)
    assert chosen.rule_by_hand
    assert "累计不低于13.5%（人工确定）" in client.get(change_address(chosen)).content.decode()


def test_a_reviewer_keeps_the_targets_of_the_own_region_only(client: Client, reviewer: User) -> None:
    client.force_login(reviewer)
    foreign = Target.objects.get(indicator__code="banan-p10")
    assert client.post(change_address(foreign), target_form(foreign, wording="不低于1天")).status_code == 403
    form = target_form(foreign, wording="1", year=2024, indicator=foreign.indicator_id, region=foreign.region_id)
    page = client.post(reverse("admin:indicators_target_add"), form).content.decode()
    assert "由本规划的审核人员或管理员维护" in page
    assert list(Target.objects.filter(indicator=foreign.indicator)) == [foreign]


@pytest.mark.parametrize("who", ["entry_staff", "reviewer", "administrator"])
@pytest.mark.parametrize(
    "model", [Plan, Indicator, Department, Target, YearlyValue, User], ids=lambda model: model.__name__
)
def test_history_is_read_and_never_written(
    model: Any, who: str, client: Client, request: pytest.FixtureRequest
) -> None:
    client.force_login(request.getfixturevalue(who))
    record = model.objects.first()
    history = reverse(
        f"admin:{model._meta.app_label}_{model._meta.model_name}_simple_history",
        args=[record.pk, record.history.first().history_id],
    )
    count = model.history.count()
    assert client.post(history, {"name": "改写", "title": "改写", "username": "rewritten"}).status_code == 403
    assert model.history.count() == count
