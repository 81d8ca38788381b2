"""The admin: every model in Chinese, a constant number of queries, and only what a role may do."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from indicators.models import Assessment, Indicator, Plan, Target, YearlyValue
from portal.accounts.models import User
from regions.models import Department

pytestmark = pytest.mark.django_db

OUR_APPS = ("regions", "indicators", "projects", "accounts")
#: Models that are edited inside another model's page, or whose rows only come with one.
INLINE = {"departmentalias", "mention", "responsibility", "measureresponsibility", "projectresponsibility"} | {
    "deliveredquantity"
}


def our_models() -> list[Any]:
    """Models with an admin page of their own."""
    return [
        model
        for label in OUR_APPS
        for model in apps.get_app_config(label).get_models()
        if not model.__name__.startswith("Historical") and model._meta.model_name not in INLINE
    ]


def changelist(model: Any) -> str:
    """The address of a model's list."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_every_model_is_in_the_admin_with_search(model: Any) -> None:
    options = admin.site.get_model_admin(model)
    assert options.search_fields
    assert re.search(r"[\u4e00-\u9fff]", str(model._meta.verbose_name))


@pytest.mark.parametrize("model", our_models(), ids=lambda model: model._meta.label)
def test_lists_and_forms_open_and_do_not_ask_per_row(
    model: Any, client: Client, administrator: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(administrator)

    def queries(rows: int) -> int:
        monkeypatch.setattr(type(admin.site.get_model_admin(model)), "list_per_page", rows)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            response = client.get(changelist(model))
        assert response.status_code == 200
        return len(captured)

    queries(2)  # the first request of a session also reads the content types
    assert queries(2) == queries(20)
    first = model.objects.first()
    if first is not None:
        change = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[first.pk])
        assert client.get(change).status_code == 200
        assert client.get(change.replace("/change/", "/history/")).status_code == 200
    if admin.site.get_model_admin(model).has_add_permission(client.get("/admin/").wsgi_request):
        assert client.get(changelist(model) + "add/").status_code == 200


def test_leadership_is_sent_back_to_the_overview(client: Client, leader: User) -> None:
    client.force_login(leader)
    response = client.get("/admin/", follow=True)
    assert response.redirect_chain[-1][0] == reverse("overview")


def test_the_admin_shares_the_portals_sign_in_page(client: Client) -> None:
    response = client.get("/admin/indicators/plan/", follow=True)
    assert response.redirect_chain[-1][0] == "/login/?next=/admin/indicators/plan/"


def test_entry_staff_read_reference_data_and_change_none(client: Client, entry_staff: User) -> None:
    client.force_login(entry_staff)
    for model in (Plan, Indicator, Department, Target):
        assert client.get(changelist(model)).status_code == 200
        assert client.get(changelist(model) + "add/").status_code == 403
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403
    assert client.get(reverse("admin:regions_membership_changelist")).status_code == 403


def test_verdicts_cannot_be_edited(client: Client, administrator: User, loaded_plans: None) -> None:
    client.force_login(administrator)
    options: ModelAdmin[Assessment] = admin.site.get_model_admin(Assessment)
    request = client.get("/admin/").wsgi_request
    assert not options.has_add_permission(request)
    assert not options.has_change_permission(request)
    assert not options.has_delete_permission(request)


def test_people_are_deactivated_never_deleted(client: Client, administrator: User, entry_staff: User) -> None:
    client.force_login(administrator)
    assert client.get(reverse("admin:accounts_user_delete", args=[entry_staff.pk])).status_code == 403


class TestEntry:
    """The form for yearly values."""

    address = "/admin/indicators/yearlyvalue/add/"

    def fill(self, client: Client, code: str = "bazhong-02", **changes: Any) -> Any:
        """Post the form for an indicator of Bazhong's plan."""
        form = {"indicator": Indicator.objects.get(code=code).pk, "year": "2021", "value": "27.6", "source": "公报"}
        return client.post(self.address, form | changes)

    def test_a_value_is_saved_with_its_author(self, client: Client, entry_staff: User) -> None:
        client.force_login(entry_staff)
        assert self.fill(client).status_code == 302
        record = YearlyValue.objects.get(indicator__code="bazhong-02", year=2021)
        assert record.history.get().history_user == entry_staff
        verdict = Assessment.objects.get(indicator=record.indicator, year=2021)
        assert verdict.value == record.value

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"value": "96,7"}, "小数请用点，例如 96.7"),
            ({"value": "约96"}, "这里只填数字"),
            ({"value": "九十六"}, "请改用阿拉伯数字"),
            ({"value": "967", "code": "bazhong-01"}, "是否漏了小数点（96.7）"),
            ({"value": ""}, "请填写数值"),
            ({"year": "2019"}, "年度应在 2021 至 2025 年之间"),
            ({"year": "2024"}, "该指标 2024 年已有数值，请打开原有记录修改"),
        ],
    )
    def test_bad_input_is_refused_in_chinese_and_kept(
        self, client: Client, entry_staff: User, changes: dict[str, str], message: str
    ) -> None:
        client.force_login(entry_staff)
        before = YearlyValue.objects.count()
        response = self.fill(client, **({"value": "28"} | changes))
        page = response.content.decode()
        assert message in page
        assert f'value="{changes.get("value", "28")}"' in page or not changes.get("value", "28")
        assert "公报" in page
        assert YearlyValue.objects.count() == before

    def test_another_departments_indicator_is_refused_by_form_field(
        self, client: Client, other_entry_staff: User
    ) -> None:
        client.force_login(other_entry_staff)
        assert "不是该指标的牵头单位" in self.fill(client).content.decode()
        assert not YearlyValue.objects.filter(indicator__code="bazhong-02", year=2021).exists()

    def test_another_departments_value_is_refused_by_address(self, client: Client, other_entry_staff: User) -> None:
        client.force_login(other_entry_staff)
        value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
        response = client.get(reverse("admin:indicators_yearlyvalue_change", args=[value.pk]))
        assert response.status_code in (302, 403)

    def test_the_indicator_box_offers_only_what_may_be_entered(self, client: Client, other_entry_staff: User) -> None:
        client.force_login(other_entry_staff)
        response = client.get(
            "/admin/autocomplete/",
            {"app_label": "indicators", "model_name": "yearlyvalue", "field_name": "indicator", "term": "bazhong"},
        )
        assert response.json()["results"] == []

    def test_two_people_at_one_value(self, client: Client, entry_staff: User, reviewer: User) -> None:
        value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
        address = reverse("admin:indicators_yearlyvalue_change", args=[value.pk])
        client.force_login(reviewer)
        form = {"value": "28.4", "source": "公报", "reason": "更正", "seen_revision": value.revision}
        assert client.post(address, form).status_code == 302
        client.force_login(entry_staff)
        page = client.post(address, form | {"value": "28.6"}).content.decode()
        assert "在您打开之后已将数值改为 28.4" in page
        value.refresh_from_db()
        assert f"{value.value:.1f}" == "28.4"

    def test_a_correction_without_a_reason_is_asked_for_one(self, client: Client, entry_staff: User) -> None:
        client.force_login(entry_staff)
        value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
        address = reverse("admin:indicators_yearlyvalue_change", args=[value.pk])
        page = client.post(address, {"value": "28.4", "seen_revision": value.revision}).content.decode()
        assert "请写明原因" in page


def test_a_target_saved_in_the_admin_is_understood_and_judged(client: Client, administrator: User) -> None:
    client.force_login(administrator)
    target = Target.objects.get(indicator__code="bazhong-02")
    form = {
        "indicator": target.indicator_id,
        "region": target.region_id,
        "year": 2025,
        "version": 1,
        "wording": "<29.0",
        "rule": "{}",
        "document": target.document,
    }
    response = client.post(reverse("admin:indicators_target_change", args=[target.pk]), form)
    assert response.status_code == 302, response.content.decode()
    target.refresh_from_db()
    assert target.rule["all"] == [{"any": [{"kind": "threshold", "comparator": "lt", "value": "29.0"}]}]
    assert Assessment.objects.get(indicator=target.indicator, year=2024).verdict == "holding"
