"""Every page of every role at office and phone width: nothing that axe calls serious, nothing out of reach."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from indicators.models import (
    Assessment,
    Baseline,
    Indicator,
    Measure,
    MeasureReport,
    Plan,
    ReportingRound,
    Target,
    ValueImport,
    ValueSubmission,
    YearlyValue,
)
from indicators.services.imports import check, receive
from indicators.services.measure_reports import MeasureReportEntry, record_measure_report
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.services.workflow import return_values
from portal.accounts.models import SignInRecord, User
from portal.api.models import AccessToken, ApiClient
from projects.models import KeyProject, ProgressFile, ProgressReport, ProjectProblem, ReportImport
from projects.services.files import ReportKey, add_progress_file
from projects.services.problems import ProblemEntry, raise_problem
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from regions.models import Department, Membership
from tests.browser.conftest import Visitor
from tests.indicators.uploads import pdf
from tests.portal.api.clients import client_with, fill_submissions

pytestmark = pytest.mark.django_db(transaction=True)

WIDTHS = (1280, 390)


@pytest.fixture
def opened(loaded_plans: None, reviewer: User, entry_staff: User) -> ReportingRound:
    """Bazhong's round of 2021 with a draft, a submitted and a returned value, an unconfirmed import, and a
    statement on a measure of its checklist."""
    plan, now = Plan.objects.get(slug="bazhong"), timezone.now()
    opened = open_round(plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=now)
    for code, figure, is_draft in (
        ("bazhong-01", "96.7", True),
        ("bazhong-02", "27.6", False),
        ("bazhong-03", "100", False),
    ):
        entry = ValueEntry(Indicator.objects.get(code=code), plan.region, 2021, Decimal(figure))
        value = record_value(entry, person=entry_staff, now=now, as_draft=is_draft)
    return_values([value], person=reviewer, comment="与公报不一致，请核对", now=now)
    for code, share, is_draft in (("bazhong-c02-13", "9", False), ("bazhong-c02-14", "6", True)):
        project = KeyProject.objects.get(code=code)
        stated = {project.deliverables.get().pk: Decimal(share)}
        report = ReportEntry(project, 2021, project_status="construction", quantities=stated, problems="用地未批")
        record_report(report, person=entry_staff, now=now, as_draft=is_draft)
    add_progress_file(
        ReportKey(KeyProject.objects.get(code="bazhong-c02-13"), 2021), pdf(), person=entry_staff, now=now
    )
    measure = Measure.objects.select_related("plan").get(code="bazhong-checklist-m001")
    statement = MeasureReportEntry(measure, 2021, progress="ongoing", statement="印发清单，按月调度。")
    record_measure_report(statement, person=entry_staff, now=now)
    file = ContentFile("指标名称,2021年\n城市黑臭水体比例,0\n".encode(), name="指标表.csv")
    check(receive(file, plan, person=entry_staff, now=now), person=entry_staff)
    report_on_project(entry_staff)
    return opened


def report_on_project(person: User) -> None:
    """Two years of a project of Bazhong, and a problem that is overdue."""
    project = KeyProject.objects.get(code="bazhong-c02-06")
    for year, share in ((2022, Decimal("0.3")), (2023, Decimal("0.8"))):
        done = {each.pk: (each.quantity * share).quantize(Decimal(1)) for each in project.deliverables.all()}
        entry = ReportEntry(project, year, project_status="construction", quantities=done, next_step="按计划推进")
        record_report(entry, person=person, now=timezone.now())
    owner, today = project.plan.coordinating_department, timezone.localdate()
    problem = raise_problem(ProblemEntry(project, "没有资金", owner, today), person=person, now=timezone.now())
    ProjectProblem.objects.filter(pk=problem.pk).update(deadline=today - timedelta(days=3))


def listing(model: Any, page: str = "changelist") -> str:
    """The list of a model in the admin, or its form for a new record."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}")


def pages_of(record: Any, *pages: str) -> list[str]:
    """Pages of one record in the admin."""
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}"
    return [reverse(f"{name}_{page}", args=[record.pk]) for page in pages]


def kept(record: Any) -> str:
    """The page of what a record once was."""
    name = f"admin:{record._meta.app_label}_{record._meta.model_name}_simple_history"
    return reverse(name, args=[record.pk, record.history.first().pk])


def pages_of_leaders() -> list[str]:
    """The dashboards and the own password."""
    return [
        "/",
        "/plans/bazhong/",
        "/plans/bazhong/?year=2021",
        "/plans/bazhong-checklist/",
        "/plans/banan/",
        "/plans/liaoyuan/",
        "/plans/qiandongnan/",
        "/plans/bazhong/projects/",
        "/plans/banan/projects/",
        "/plans/bazhong/duties/",
        "/plans/bazhong-checklist/duties/",
        "/plans/bazhong-checklist/measures/",
        "/plans/banan/measures/",
        "/indicators/bazhong-02/",
        "/indicators/bazhong-checklist-12/",
        "/departments/",
        "/departments/bazhong-ecology-environment/",
        "/departments/bazhong-ecology-environment/duties/",
        "/plans/bazhong/years/?year=2021",
        "/compare/?year=2021",
        "/compare/pm25-concentration/?year=2021",
        "/screen/",
        "/password/",
        "/projects/",
        "/projects/?plan=liaoyuan&place=liaoyuan-dongfeng",
        "/projects/bazhong-c02-06/",
        "/problems/",
        "/problems/?state=all",
        ProjectProblem.objects.get().get_absolute_url(),
        "/plans/bazhong/projects/reports/",
        "/plans/banan/projects/reports/",
    ]


def pages_of_entry_staff() -> list[str]:
    """我的填报, and in the admin the values with everything that their pages lead to."""
    value = YearlyValue.objects.get(indicator__code="bazhong-01", year=2021)
    indicator = value.indicator
    return [
        "/entry/",
        "/entry/bazhong/2021/",
        "/entry/bazhong/2022/",
        "/entry/bazhong/import/",
        ValueImport.objects.get().get_absolute_url(),
        "/indicators/bazhong-03/",
        reverse("admin:index"),
        listing(YearlyValue),
        listing(YearlyValue, "add"),
        *pages_of(value, "change", "history", "delete"),
        kept(value),
        listing(ReportingRound),
        *pages_of(ReportingRound.objects.get(), "change", "history"),
        listing(Assessment),
        *pages_of(Assessment.objects.get(indicator=indicator, year=2024), "change"),
        listing(Indicator),
        *pages_of(indicator, "change", "history"),
        kept(indicator),
        *pages_of(Target.objects.get(indicator=indicator), "change"),
        *pages_of(indicator.plan, "change"),
        "/projects/bazhong-c02-06/",
        "/projects/bazhong-c02-06/problems/",
        ProjectProblem.objects.get().get_absolute_url(),
        "/entry/bazhong/2021/projects/?state=draft",
        "/entry/projects/bazhong-c02-13/2021/0/",
        "/entry/projects/bazhong-c02-14/2021/2/",
        "/entry/projects/bazhong-c02-01/2022/0/",
        "/entry/bazhong-checklist/2021/measures/",
        "/entry/measures/bazhong-checklist-m001/2021/",
        listing(MeasureReport),
        *pages_of(MeasureReport.objects.get(), "change", "history"),
        kept(MeasureReport.objects.get()),
        "/entry/bazhong/2021/projects/import/",
    ]


def pages_of_reviewers() -> list[str]:
    """Rounds, queue and targets, and what reviewers keep in the admin."""
    value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2021)
    target = Target.objects.get(indicator=value.indicator)
    baseline = Baseline.objects.get(indicator=value.indicator)
    return [
        "/review/",
        "/review/bazhong/2021/",
        "/review/bazhong/2021/?state=missing",
        "/review/bazhong/2021/?state=returned",
        "/review/bazhong/2021/?state=approved",
        "/indicators/bazhong-02/targets/",
        "/indicators/bazhong-06/targets/",
        "/review/indicators/bazhong-02/departments/",
        "/review/measures/bazhong-checklist-m001/",
        "/plans/bazhong-checklist/duties/",
        "/plans/bazhong-checklist/measures/",
        "/entry/bazhong/2021/",
        reverse("admin:index"),
        listing(YearlyValue),
        *pages_of(value, "change", "history", "delete"),
        listing(Target),
        listing(Target, "add"),
        listing(ValueImport),
        *pages_of(ValueImport.objects.get(), "change", "history"),
        kept(ValueImport.objects.get()),
        ValueImport.objects.get().get_absolute_url(),
        *pages_of(target, "change", "history", "delete"),
        kept(target),
        listing(Baseline),
        listing(Baseline, "add"),
        *pages_of(baseline, "change", "history", "delete"),
        *pages_of(ReportingRound.objects.get(), "change", "history"),
        *pages_of(value.indicator, "change", "history"),
        ProjectProblem.objects.get().get_absolute_url(),
        "/review/bazhong/2021/projects/",
        "/review/bazhong/2021/projects/?state=approved",
        "/review/bazhong/2021/projects/?state=missing",
        listing(ProgressReport),
        *pages_of(ProgressReport.objects.filter(status="submitted").get(), "change", "history"),
        *pages_of(ProgressFile.objects.get(), "change"),
        listing(ProjectProblem),
        "/review/bazhong-checklist/2021/measures/",
        "/review/bazhong-checklist/2021/measures/?state=missing",
        "/review/bazhong-checklist/2021/measures/?state=approved",
        listing(ReportImport),
    ]


def pages_of_administrators() -> list[str]:
    """Accounts, the sign-in log, and reference data with rows of every kind."""
    person = User.objects.get(username="tianbao")
    department = Department.objects.get(code="bazhong-ecology-environment")
    project = KeyProject.objects.filter(places__isnull=False).distinct()[0]
    indicator = Indicator.objects.get(code="bazhong-02")
    return [
        reverse("admin:index"),
        listing(User),
        listing(User, "add"),
        *pages_of(person, "change", "history"),
        kept(person),
        reverse("admin:auth_user_password_change", args=[person.pk]),
        listing(SignInRecord),
        *pages_of(SignInRecord.objects.all()[0], "change"),
        listing(Membership),
        listing(Membership, "add"),
        *pages_of(person.memberships.get(), "change", "history", "delete"),
        listing(Department),
        listing(Department, "add"),
        *pages_of(department, "change", "history", "delete"),
        listing(Plan),
        *pages_of(indicator.plan, "change", "history"),
        listing(Indicator, "add"),
        *pages_of(indicator, "change"),
        kept(indicator),
        *pages_of(project, "change"),
        listing(ProgressReport),
        *pages_of_the_api(),
    ]


def pages_of_the_api() -> list[str]:
    """The guide; clients with their tokens, and what they submitted."""
    fill_submissions(count=1)
    client = ApiClient.objects.get()
    return [
        "/api/guide/",
        listing(ApiClient),
        listing(ApiClient, "add"),
        *pages_of(client, "change", "history"),
        kept(client),
        listing(AccessToken),
        listing(AccessToken, "add"),
        *pages_of(client.tokens.get(), "change"),
        listing(ValueSubmission),
        *pages_of(ValueSubmission.objects.get(), "change"),
    ]


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        ("leader", pages_of_leaders),
        ("entry_staff", pages_of_entry_staff),
        ("reviewer", pages_of_reviewers),
        ("administrator", pages_of_administrators),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_every_page_is_accessible_and_fits_the_screen(
    role: str,
    pages: Callable[[], list[str]],
    visitor: Visitor,
    opened: ReportingRound,
    request: pytest.FixtureRequest,
) -> None:
    visitor.sign_in(request.getfixturevalue(role))
    found = {}
    for path in pages():
        answer = visitor.page.goto(visitor.address + path)
        assert answer is not None
        assert answer.status == 200, path
        for width in WIDTHS:  # colours are the same at both
            if findings := visitor.findings_at(width, contrast=width == WIDTHS[0]):
                found[f"{path} at {width}"] = findings
    assert found == {}


def test_signing_in_is_accessible_in_all_it_says(visitor: Visitor, leader: User) -> None:
    page = visitor.page
    for path in ("/login/", "/login/?ended=idle&next=/departments/"):
        visitor.open(path)
        for width in WIDTHS:
            assert visitor.findings_at(width) == []
    for _ in range(5):
        page.get_by_label("账号").fill(leader.username)
        page.get_by_label("密码").fill("wrong")
        page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("登录已锁定")
    visitor.complaints.clear()  # Chromium reports the refusal (429) itself
    for width in WIDTHS:
        assert visitor.findings_at(width) == []


def test_a_wrong_old_password_too_often_signs_out_and_says_why(visitor: Visitor, leader: User) -> None:
    page = visitor.page
    visitor.sign_in(leader)
    visitor.open("/password/")
    for _ in range(5):
        page.get_by_label("原密码").fill("wrong")
        page.get_by_label("新密码", exact=True).fill("Qing-shan-2025")
        page.get_by_label("再填一次新密码").fill("Qing-shan-2025")
        assert visitor.findings_at(390) == []
        page.get_by_role("button", name="修改密码").click()
    expect(page.get_by_role("heading", name="密码没有修改，已退出登录")).to_be_visible()
    visitor.complaints.clear()  # Chromium reports the refusal (429) itself
    for width in WIDTHS:
        assert visitor.findings_at(width) == []
    visitor.open("/departments/")
    expect(page.get_by_role("heading", name="登录", exact=True)).to_be_visible()


def test_a_new_row_of_a_table_in_the_admin_is_labelled(visitor: Visitor, administrator: User) -> None:
    page = visitor.page
    visitor.sign_in(administrator)
    visitor.open(listing(User, "add"))
    page.get_by_role("button", name="再增加一行部门人员").click()
    expect(page.get_by_role("combobox", name="部门")).to_have_count(2)
    expect(page.get_by_role("combobox", name="角色")).to_have_count(2)
    assert visitor.findings_at(1280) == []


def test_a_new_token_is_shown_accessibly_and_only_once(visitor: Visitor, administrator: User) -> None:
    page = visitor.page
    client = client_with("bazhong")
    visitor.sign_in(administrator)
    visitor.open(f"{listing(AccessToken, 'add')}?client={client.pk}")
    page.get_by_role("button", name="生成令牌").click()
    expect(page.get_by_label("访问令牌：")).to_have_value(re.compile(r"ghzb_[\w-]{43}"))
    for width in WIDTHS:
        assert visitor.findings_at(width) == []
    visitor.open(listing(AccessToken))
    expect(page.get_by_text("有效").first).to_be_visible()
    assert client.tokens.count() == 1
