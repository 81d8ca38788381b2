"""Values in the admin: entered, corrected, refused, deleted."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from indicators.models import (
    Assessment,
    Indicator,
    Plan,
    YearlyValue,
)
from portal.accounts.models import User
from tests.portal.admin_addresses import change_address, changelist

pytestmark = pytest.mark.django_db


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
        assert f'value="{changes.get("value", "28")}"' in page
        assert "公报" in page
        assert YearlyValue.objects.count() == before

    def test_an_empty_value_is_asked_for(self, client: Client, entry_staff: User) -> None:
        client.force_login(entry_staff)
        assert "请填写数值" in self.fill(client, value="").content.decode()

    @pytest.mark.parametrize(
        ("code", "value", "doubt"),
        [("bazhong-01", "0.967", "像是把百分数填成了小数"), ("bazhong-02", "60", "上升了")],
    )
    def test_what_looks_like_a_slip_needs_a_word_in_the_note(
        self, client: Client, entry_staff: User, code: str, value: str, doubt: str
    ) -> None:
        client.force_login(entry_staff)
        page = self.fill(client, code, value=value).content.decode()
        assert doubt in page
        assert f'value="{value}"' in page
        assert not YearlyValue.objects.filter(indicator__code=code, year=2021).exists()
        assert self.fill(client, code, value=value, note="已与公报核对无误").status_code == 302

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


def test_a_value_is_deleted_with_a_reason_only(client: Client, entry_staff: User) -> None:
    client.force_login(entry_staff)
    value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
    address = reverse("admin:indicators_yearlyvalue_delete", args=[value.pk])
    client.post(address, {"post": "yes"})
    assert YearlyValue.objects.filter(pk=value.pk).exists()
    client.post(address, {"post": "yes", "reason": "来源有误"})
    assert not YearlyValue.objects.filter(pk=value.pk).exists()


def test_values_are_not_deleted_in_bulk(client: Client, entry_staff: User) -> None:
    client.force_login(entry_staff)
    value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
    form = {"action": "delete_selected", "_selected_action": value.pk, "post": "yes"}
    client.post(changelist(YearlyValue), form)
    assert YearlyValue.objects.filter(pk=value.pk).exists()


def test_a_link_to_the_form_with_nonsense_opens_the_form(client: Client, entry_staff: User) -> None:
    client.force_login(entry_staff)
    assert client.get("/admin/indicators/yearlyvalue/add/?indicator=abc&year=x").status_code == 200


def test_a_draft_is_nobody_elses_to_read(client: Client, entry_staff: User, other_entry_staff: User) -> None:
    Plan.objects.filter(slug="bazhong").update(review_required=True)
    client.force_login(entry_staff)
    TestEntry().fill(client, value="26.4321")
    assert "26.4321" in client.get("/indicators/bazhong-02/").content.decode()
    client.force_login(other_entry_staff)
    assert "26.4321" not in client.get("/indicators/bazhong-02/").content.decode()


def test_a_locked_value_is_refused_on_the_form_and_nothing_typed_is_lost(client: Client, entry_staff: User) -> None:
    value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
    Plan.objects.filter(slug="bazhong").update(review_required=True)
    client.force_login(entry_staff)
    form = {"value": "28.4", "source": "新的公报", "reason": "更正", "seen_revision": value.revision}
    page = client.post(change_address(value), form).content.decode()
    assert "该数值已审定并锁定" in page
    assert 'value="28.4"' in page
    assert "新的公报" in page
