"""The admin: every model in Chinese, a constant number of queries, and only what a role may do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin import ModelAdmin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from indicators.models import (
    Assessment,
    EvidenceFile,
    Indicator,
    Plan,
    ReportingRound,
    Target,
    TargetDocumentFile,
    ValueImport,
    YearlyValue,
)
from portal.accounts.models import SignInRecord, User
from projects.models import KeyProject, ProgressReport, ReportImport
from regions.models import Department, Membership, Role
from tests.factories import (
    EvidenceFileFactory,
    PlanFactory,
    ReportImportFactory,
    TargetDocumentFileFactory,
    UserFactory,
    ValueImportFactory,
    YearlyValueFactory,
    member_of,
)

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


def fill_rounds() -> None:
    """A round for every year of every plan: 21."""
    person = UserFactory.create()
    for plan in Plan.objects.all():
        for year in plan.years:
            ReportingRound.objects.create(
                plan=plan, year=year, deadline=date(year + 1, 3, 31), opened_by=person, opened_at=timezone.now()
            )


def fill_reports() -> None:
    """A progress report of twenty projects."""
    for project in KeyProject.objects.all()[:20]:
        ProgressReport.objects.create(project=project, year=2023, project_status="construction")


def fill_members() -> None:
    """Twenty people, each in a department of their own."""
    for department in Department.objects.all()[:20]:
        member_of(department, Role.ENTRY)


#: Tables that the source documents do not fill: without rows a list that asks per row would not show.
FILLERS: dict[Any, Callable[[], object]] = {
    Plan: lambda: PlanFactory.create_batch(20),
    ReportingRound: fill_rounds,
    ProgressReport: fill_reports,
    Membership: fill_members,
    User: fill_members,
    EvidenceFile: lambda: EvidenceFileFactory.create_batch(20),
    TargetDocumentFile: lambda: TargetDocumentFileFactory.create_batch(20),
    ValueImport: lambda: ValueImportFactory.create_batch(20),
    ReportImport: lambda: ReportImportFactory.create_batch(20),
    YearlyValue: lambda: YearlyValueFactory.create_batch(20, value=1),
    SignInRecord: lambda: [SignInRecord.objects.create(account="x", browser="", outcome="success") for _ in range(20)],
}


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
    FILLERS.get(model, lambda: None)()
    assert model.objects.count() >= 20

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


def test_imports_are_listed_for_those_who_review_their_plan_and_changed_by_nobody(
    client: Client, reviewer: User, entry_staff: User
) -> None:
    seen = ValueImportFactory.create(plan=Plan.objects.get(slug="bazhong"), name="巴中.xlsx", counts={"new": 7})
    foreign = ValueImportFactory.create(plan=Plan.objects.get(slug="liaoyuan"), name="辽源.xlsx")
    client.force_login(entry_staff)
    assert client.get(changelist(ValueImport)).status_code == 403
    client.force_login(reviewer)
    page = client.get(changelist(ValueImport)).content.decode()
    assert "巴中.xlsx" in page
    assert "辽源.xlsx" not in page
    assert '<td class="field-new">7</td>' in page
    assert client.get(change_address(foreign)).status_code == 302
    assert seen.get_absolute_url() in client.get(change_address(seen)).content.decode()
    seen.counts = {"new": 7, "problems": 1}
    seen.save()
    history = client.get(change_address(seen).replace("/change/", "/history/")).content.decode()
    assert "新增 7、要改正的单元格 1" in history
    assert client.get(kept_address(seen)).status_code == 200
    for address in (change_address(seen), changelist(ValueImport) + "add/"):
        assert client.post(address, {"state": "done"}).status_code == 403


@pytest.mark.parametrize(
    "factory", [EvidenceFileFactory, TargetDocumentFileFactory, ValueImportFactory, ReportImportFactory]
)
def test_what_a_stored_file_once_was_is_shown(factory: Any, client: Client, administrator: User) -> None:
    client.force_login(administrator)
    assert client.get(kept_address(factory.create())).status_code == 200


def test_people_are_deactivated_never_deleted(client: Client, administrator: User, entry_staff: User) -> None:
    client.force_login(administrator)
    address = reverse("admin:accounts_user_delete", args=[entry_staff.pk])
    assert client.get(address).status_code == 403
    assert client.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [entry_staff.pk], "post": "yes"}
    client.post(changelist(User), chosen)
    assert User.objects.filter(pk=entry_staff.pk).exists()
    assert address not in client.get(change_address(entry_staff)).content.decode()


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


def target_form(target: Target, **changes: Any) -> dict[str, Any]:
    """The admin's form of a stored target, as it would be posted."""
    return {"wording": target.wording, "document": target.document, "note": target.note} | changes


def kept_address(record: Any) -> str:
    """The address of what a record last was."""
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_simple_history"
    return reverse(name, args=[record.pk, record.history.latest().pk])


def change_address(record: Any) -> str:
    """The address of a record's form."""
    return reverse(f"admin:{record._meta.app_label}_{record._meta.model_name}_change", args=[record.pk])


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
