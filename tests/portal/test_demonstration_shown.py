"""Figures of demonstration: every plan has them, and whatever shows them says so."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from urllib.parse import unquote

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook
from pytest_django.plugin import DjangoDbBlocker

from indicators.models import Assessment, Measure, MeasureReport, Plan, ValueOrigin, YearlyValue
from portal.accounts.models import User
from projects.models import KeyProject, ProgressReport, ProjectAssessment, ProjectProblem
from tests import filled_tables

pytestmark = pytest.mark.django_db
INDICATOR = "/indicators/bazhong-02/"
PAGES = [
    "/",
    "/plans/bazhong/?year=2023",
    INDICATOR,
    "/plans/bazhong/years/?year=2023",
    "/compare/?year=2023",
    "/screen/",
    "/plans/bazhong/measures/",
    "/plans/bazhong/projects/",
    "/plans/bazhong/projects/reports/?year=2023",
    "/projects/",
    "/problems/",
    "/departments/",
    "/departments/bazhong-ecology-environment/",
]
LISTS = [
    "/plans/bazhong/measures/",
    "/plans/bazhong/projects/",
    "/plans/bazhong/projects/reports/?year=2023",
    "/projects/",
    "/problems/",
    "/departments/",
]


@pytest.fixture(scope="module", autouse=True)
def demonstration(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The portal as `make demo` leaves it, filled once for the tests of this module, which only read."""
    with django_db_blocker.unblock(), transaction.atomic():
        if not Plan.objects.exists():
            filled_tables.put_back()
        call_command("demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def reader(client: Client, leader: User) -> Client:
    client.force_login(leader)
    return client


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def file_of(address: str) -> str:
    return f"{address}{'&' if '?' in address else '?'}format=xlsx"


def test_every_plan_is_filled_and_judged() -> None:
    filled = YearlyValue.objects.filter(origin=ValueOrigin.DEMONSTRATION).values_list(
        "indicator__plan__slug", flat=True
    )
    assert set(filled) == {"bazhong", "bazhong-checklist", "banan", "liaoyuan", "qiandongnan"}
    verdicts = set(Assessment.objects.filter(is_demonstration=True).values_list("verdict", flat=True))
    assert {"achieved", "missed", "on_track", "slightly_behind", "behind"} <= verdicts
    call_command("assess", "--check", verbosity=0)


def test_projects_and_measures_are_filled_too() -> None:
    reports = ProgressReport.objects.filter(is_demonstration=True)
    assert set(reports.values_list("year", flat=True)) == {2021, 2022, 2023, 2024, 2025}
    assert reports.values("project").distinct().count() == KeyProject.objects.count()
    statuses = set(reports.values_list("project_status", flat=True))
    assert {"preparation", "construction", "completed", "operating", "suspended"} <= statuses
    verdicts = set(ProjectAssessment.objects.filter(is_demonstration=True).values_list("verdict", flat=True))
    assert {"achieved", "missed", "on_track", "behind"} <= verdicts
    said = MeasureReport.objects.filter(is_demonstration=True)
    assert said.values("measure").distinct().count() == Measure.objects.count()
    assert set(said.values_list("progress", flat=True)) == {"not_started", "ongoing", "completed"}
    problems = ProjectProblem.objects.filter(is_demonstration=True)
    assert problems.open().exists()
    assert problems.exclude(resolved_on=None).exists()
    assert not ProgressReport.history.exclude(history_user=None).exists()


@pytest.mark.parametrize("address", PAGES)
def test_pages_mark_them(reader: Client, address: str) -> None:
    assert "演示" in text(reader, address)


def test_those_who_enter_and_review_see_the_mark(client: Client, entry_staff: User, reviewer: User) -> None:
    for person, addresses in (
        (
            entry_staff,
            [
                "/entry/bazhong/2023/",
                "/entry/bazhong/2023/projects/",
                "/entry/projects/bazhong-c02-15/2023/0/",
                "/entry/bazhong/2023/measures/",
                "/entry/measures/bazhong-m001/2023/",
            ],
        ),
        (
            reviewer,
            [
                "/review/bazhong/2023/?state=approved",
                "/review/bazhong/2023/projects/?state=approved",
                "/review/bazhong/2023/measures/?state=approved",
            ],
        ),
    ):
        client.force_login(person)
        for address in addresses:
            assert 'class="tag tag-demonstration"' in text(client, address), address


def test_chart_and_file_mark_them(reader: Client) -> None:
    assert "实际完成（演示数据）" in reader.get(INDICATOR).context["page"].chart.summary
    answer = reader.get(f"{INDICATOR}?format=xlsx")
    assert "含演示数据" in answer["Content-Disposition"] or "%E6%BC%94%E7%A4%BA" in answer["Content-Disposition"]
    notes = load_workbook(BytesIO(answer.getvalue()))["说明"]
    assert any("含演示数据" in str(cell.value) for row in notes for cell in row)


def test_the_page_of_a_project_marks_its_chart_report_and_problem(reader: Client) -> None:
    problem = ProjectProblem.objects.filter(resolved_on=None).exclude(project__deliverables=None).first()
    assert problem is not None
    page = text(reader, problem.project.get_absolute_url())
    assert "累计完成（演示数据）" in page
    assert f'{problem.description}</a><span class="tag tag-demonstration">演示</span>' in page
    assert text(reader, problem.get_absolute_url()).count("tag-demonstration") == 1


@pytest.mark.parametrize("address", LISTS)
def test_files_mark_them(reader: Client, address: str) -> None:
    assert "含演示数据" in unquote(reader.get(file_of(address))["Content-Disposition"])


def test_nothing_is_marked_without_them(reader: Client) -> None:
    call_command("demo", "--remove", verbosity=0)
    marked = [address for address in PAGES if "演示" in text(reader, address)]
    assert marked == [INDICATOR], "its history tells of what was there, no other page"
    names = {address: unquote(reader.get(file_of(address))["Content-Disposition"]) for address in LISTS}
    assert [address for address, name in names.items() if "含演示数据" in name] == []


def test_the_sheet_as_a_file_says_which_values_are_of_demonstration(client: Client, entry_staff: User) -> None:
    client.force_login(entry_staff)
    rows = load_workbook(BytesIO(client.get("/entry/bazhong/2023/?format=xlsx").getvalue())).worksheets[0]
    titles = [str(cell.value) for cell in rows[1]]
    states = {
        str(row[place].value)
        for row in rows.iter_rows(min_row=2)
        for place, title in enumerate(titles)
        if "状态" in title
    }
    assert "已审定，演示数据" in states
