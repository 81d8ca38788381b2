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
    Measure,
    MeasureReport,
    Plan,
    ReportingRound,
    ReviewStatus,
    Target,
    TargetDocumentFile,
    ValueImport,
    ValueSubmission,
    YearlyValue,
)
from portal.accounts.models import SignInRecord, User
from portal.api.models import AccessToken, ApiClient
from projects.models import (
    DeliverableAssessment,
    KeyProject,
    ProgressFile,
    ProgressReport,
    ProjectAssessment,
    ProjectProblem,
    ReportImport,
)
from projects.services.judging import judge_plan_projects
from regions.models import Department, Membership, Role
from tests.factories import (
    EvidenceFileFactory,
    PlanFactory,
    ProgressFileFactory,
    ReportImportFactory,
    TargetDocumentFileFactory,
    UserFactory,
    ValueImportFactory,
    YearlyValueFactory,
    member_of,
)
from tests.portal.admin_addresses import change_address, changelist, kept_address
from tests.portal.api.clients import fill_clients, fill_submissions

pytestmark = pytest.mark.django_db

OUR_APPS = ("regions", "indicators", "projects", "accounts", "api")
#: Models that are edited inside another model's page, whose rows only come with one, or that only count changes.
INLINE = {
    "changecounter",
    "deliveredquantity",
    "departmentalias",
    "measureresponsibility",
    "mention",
    "projectresponsibility",
    "requestcount",
    "responsibility",
    "submittedvalue",
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


def fill_statements() -> None:
    """A statement on twenty measures."""
    for measure in Measure.objects.all()[:20]:
        MeasureReport.objects.create(measure=measure, year=2023, progress="ongoing", statement="按月调度")


def fill_problems() -> None:
    """A problem of twenty projects."""
    person, owner = UserFactory.create(), Department.objects.all()[0]
    for project in KeyProject.objects.all()[:20]:
        ProjectProblem.objects.create(
            project=project,
            description="用地未落实",
            owner=owner,
            deadline=date(2024, 6, 30),
            raised_on=date(2024, 3, 1),
            raised_by=person,
        )


def judge_projects_of_plans() -> None:
    """Verdicts on every project and deliverable."""
    for plan in Plan.objects.all():
        judge_plan_projects(plan, now=timezone.now())


def fill_members() -> None:
    """Twenty people, each in a department of their own."""
    for department in Department.objects.all()[:20]:
        member_of(department, Role.ENTRY)


#: Tables that the source documents do not fill: without rows a list that asks per row would not show.
FILLERS: dict[Any, Callable[[], object]] = {
    Plan: lambda: PlanFactory.create_batch(20),
    ReportingRound: fill_rounds,
    ProgressReport: fill_reports,
    MeasureReport: fill_statements,
    ProgressFile: lambda: ProgressFileFactory.create_batch(20),
    ProjectProblem: fill_problems,
    ProjectAssessment: judge_projects_of_plans,
    DeliverableAssessment: judge_projects_of_plans,
    Membership: fill_members,
    User: fill_members,
    EvidenceFile: lambda: EvidenceFileFactory.create_batch(20),
    TargetDocumentFile: lambda: TargetDocumentFileFactory.create_batch(20),
    ValueImport: lambda: ValueImportFactory.create_batch(20),
    ReportImport: lambda: ReportImportFactory.create_batch(20),
    YearlyValue: lambda: YearlyValueFactory.create_batch(20, value=1),
    ApiClient: fill_clients,
    AccessToken: fill_clients,
    ValueSubmission: fill_submissions,
    SignInRecord: lambda: [SignInRecord.objects.create(account="x", browser="", outcome="success") for _ in range(20)],
}


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


def test_what_was_a_draft_is_shown_to_those_who_write_or_review_it(
    client: Client, entry_staff: User, reviewer: User, other_entry_staff: User
) -> None:
    plan = Plan.objects.get(slug="bazhong")
    measure = Measure.objects.filter(plan=plan, responsibilities=None)[0]
    project = KeyProject.objects.filter(group__column__plan=plan, responsibilities=None)[0]
    reports: list[MeasureReport | ProgressReport] = [
        MeasureReport.objects.create(measure=measure, year=2021, progress="ongoing", statement="尚未核实。"),
        ProgressReport.objects.create(project=project, year=2021, project_status="building", problems="尚未核实。"),
    ]
    approved = {"status": ReviewStatus.APPROVED, "approved_at": timezone.now()}
    for changes in ({}, approved, None):
        for report in reports:
            pages = [change_address(report).replace("/change/", "/history/")]
            pages.append(f"{pages[0]}{report.history.earliest().history_id}/")
            if changes is None:
                report.delete()
            else:
                type(report).objects.filter(pk=report.pk).update(**changes)
            for person, status in ((other_entry_staff, 403), (entry_staff, 200), (reviewer, 200)):
                client.force_login(person)
                assert [client.get(page).status_code for page in pages] == [status, status]


@pytest.mark.parametrize("factory", [EvidenceFileFactory, ValueImportFactory, ReportImportFactory])
def test_the_history_of_what_a_list_does_not_show_is_not_shown_either(
    factory: Any, client: Client, other_entry_staff: User
) -> None:
    history = change_address(factory.create()).replace("/change/", "/history/")
    client.force_login(other_entry_staff)
    assert client.get(history).status_code == 403


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
