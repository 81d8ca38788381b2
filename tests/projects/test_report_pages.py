"""The pages on which departments report on projects: who sees what, saving, conflict, photos, deleting."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import ReportingRound, ReviewStatus
from indicators.services.rounds import open_round
from portal.accounts.models import User
from projects.models import Deliverable, KeyProject, ProgressFile, ProgressReport
from projects.services.files import ReportKey, add_progress_file
from projects.services.recording import record_report
from projects.services.reports import ReportEntry, quantity_field
from projects.services.review import approve_reports, return_reports
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, RegionFactory, member_of, project_led_by
from tests.indicators.uploads import pdf

pytestmark = pytest.mark.django_db
NOW = datetime(2022, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市经信局")


@pytest.fixture
def staff(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="王填报")


@pytest.fixture
def colleague(bureau: Department) -> User:
    return member_of(bureau, Role.ENTRY, full_name="赵同事")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def project(bureau: Department) -> KeyProject:
    """Promises 100 charging points by 2025."""
    plan = PlanFactory.create(slug="the-plan", title="测试规划", coordinating_department=bureau)
    return project_led_by(bureau, quantity=Decimal(100), plan=plan, code="piles")


@pytest.fixture
def piles(project: KeyProject) -> Deliverable:
    return project.deliverables.get()


@pytest.fixture
def opened(project: KeyProject, reviewer: User) -> ReportingRound:
    """The round of 2021: reports are reviewed."""
    return open_round(project.plan, 2021, deadline=date(2022, 3, 31), person=reviewer, now=NOW)


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


LIST = "/entry/the-plan/2021/projects/"
FORM = "/entry/projects/piles/2021/0/"


def typed(piles: Deliverable, quantity: object = 20, **texts: object) -> dict[str, Any]:
    """A form as the page posts it."""
    posted = {"action": "submit", "revision": "", "project_status": "construction", quantity_field(piles.pk): quantity}
    return posted | texts


def report(project: KeyProject, person: User, quantity: int = 20, *, as_draft: bool = False, **values: Any) -> Any:
    entry = ReportEntry(
        project,
        values.pop("year", 2021),
        project_status="construction",
        quantities={project.deliverables.get().pk: Decimal(quantity)},
        **values,
    )
    return record_report(entry, person=person, now=NOW, as_draft=as_draft)


def text(response: Any) -> str:
    assert response.status_code == 200
    shown: str = response.content.decode()
    return shown


def test_a_department_saves_a_draft_and_hands_in(
    signed_in: Client, opened: ReportingRound, project: KeyProject, piles: Deliverable
) -> None:
    answer = signed_in.post(FORM, typed(piles, "２０", action="draft", problems="用地未落实"), follow=True)
    assert "已存为草稿" in text(answer)
    stored = ProgressReport.objects.get()
    assert (stored.status, stored.problems) == (ReviewStatus.DRAFT, "用地未落实")
    assert stored.delivered_quantities.get().quantity == 20
    answer = signed_in.post(FORM, typed(piles, 25, revision=stored.revision), follow=True)
    assert "已提交，等待审核" in text(answer)
    assert ProgressReport.objects.get().status == ReviewStatus.SUBMITTED


def test_where_nothing_is_reviewed_a_report_counts_at_once(signed_in: Client, piles: Deliverable) -> None:
    page = text(signed_in.get(FORM))
    assert "保存并提交" not in page
    assert "已计入评价" in text(signed_in.post(FORM, typed(piles, action="draft"), follow=True))
    page = text(signed_in.get(FORM))
    assert "修改原因" in page
    refused = text(signed_in.post(FORM, typed(piles, 30, revision=1)))
    assert "已审定的报告修改时请写明原因" in refused
    assert 'value="30"' in refused


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    signed_in: Client, opened: ReportingRound, piles: Deliverable
) -> None:
    posted = typed(piles, "二十", project_status="suspended", investment_paid="约500", problems="资金\r\n缺口")
    page = text(signed_in.post(FORM, posted))
    assert "报告没有保存，您填的内容还在下面" in page
    assert "是中文数字" in page
    assert "带有文字" in page
    for kept in ('value="二十"', 'value="约500"', "资金\n缺口", '<option value="suspended" selected>'):
        assert kept in page
    page = text(signed_in.post(FORM, posted | {quantity_field(piles.pk): "20", "investment_paid": "500"}))
    assert "停缓建或取消的项目请写明原因" in page
    assert not ProgressReport.objects.exists()


def test_a_total_that_falls_asks_for_a_word(
    signed_in: Client, project: KeyProject, piles: Deliverable, staff: User
) -> None:
    report(project, staff, 30)
    form = "/entry/projects/piles/2022/0/"
    page = text(signed_in.get(form))
    assert re.search(r'data-label="上期累计" class="figure">30<', page)
    refused = text(signed_in.post(form, typed(piles, 25)))
    assert "比2021年已报的 30个 少" in refused
    assert refused.count("比2021年已报的 30个 少") == 1


def test_the_verdict_that_would_follow_is_shown_and_nothing_is_stored(
    signed_in: Client, opened: ReportingRound, piles: Deliverable
) -> None:
    page = text(signed_in.post(FORM, typed(piles, 5, action="preview")))
    assert "待填报" in page
    assert "滞后" in page
    assert 'value="5"' in page
    answer = signed_in.post(FORM, typed(piles, 20, action="check")).json()
    assert (answer["label"], answer["errors"]) == ("符合序时进度", {})
    assert answer["parts"][quantity_field(piles.pk)]["share"] == "20%"
    assert signed_in.post(FORM, typed(piles, -1, action="check")).json()["errors"] == {
        quantity_field(piles.pk): ["累计完成数量不能为负。"]
    }
    assert not ProgressReport.objects.exists()


def test_a_quarter_says_that_it_decides_no_verdict(signed_in: Client, piles: Deliverable) -> None:
    page = text(signed_in.post("/entry/projects/piles/2021/2/", typed(piles, action="preview")))
    assert "季度报告不改变年度评价" in page
    signed_in.post("/entry/projects/piles/2021/2/", typed(piles, action="draft"))
    assert ProgressReport.objects.get().quarter == 2
    assert "第二季度 <span" in text(signed_in.get(FORM))


def test_the_second_of_two_people_sees_what_the_first_wrote(
    signed_in: Client, opened: ReportingRound, project: KeyProject, piles: Deliverable, staff: User, colleague: User
) -> None:
    first = report(project, staff, as_draft=True)
    report(project, colleague, 40, as_draft=True, revision=first.revision, problems="征地慢")
    page = text(signed_in.post(FORM, typed(piles, 25, revision=first.revision, problems="缺钱")))
    assert "赵同事在您打开之后已填报或修改了2021年的进展报告" in page
    assert 'value="25"' in page
    assert "现在存的是：40" in page
    assert "现在存的是：征地慢" in page
    assert 'name="revision" value="2"' in page
    signed_in.post(FORM, typed(piles, 25, revision=2, problems="缺钱"))
    assert ProgressReport.objects.get().delivered_quantities.get().quantity == 25


def test_a_returned_report_shows_the_comment_and_wants_a_change(
    signed_in: Client, opened: ReportingRound, project: KeyProject, piles: Deliverable, staff: User, reviewer: User
) -> None:
    [returned] = return_reports([report(project, staff)], comment="请附照片", person=reviewer, now=NOW)
    assert "审核意见：请附照片" in text(signed_in.get(FORM))
    assert "请附照片" in text(signed_in.get("/entry/"))
    posted = typed(piles, revision=returned.revision)
    assert "退回的报告没有改动" in text(signed_in.post(FORM, posted))
    key = ReportKey(project, 2021)
    add_progress_file(key, pdf("现场.pdf"), person=staff, now=NOW)
    assert "已提交，等待审核" in text(signed_in.post(FORM, posted, follow=True))
    returned.refresh_from_db()
    assert returned.status == ReviewStatus.SUBMITTED


def test_an_approved_report_is_locked(
    signed_in: Client, opened: ReportingRound, project: KeyProject, piles: Deliverable, staff: User, reviewer: User
) -> None:
    [approved] = approve_reports([report(project, staff)], person=reviewer, now=NOW)
    page = text(signed_in.get(FORM))
    assert "已审定并锁定" in page
    assert "保存草稿" not in page
    assert "20个" in page
    assert "已审定并锁定" in text(signed_in.post(FORM, typed(piles, 30, revision=approved.revision)))


def test_a_draft_is_deleted_with_a_reason(
    signed_in: Client, opened: ReportingRound, project: KeyProject, staff: User, colleague: User
) -> None:
    draft = report(project, staff, as_draft=True)
    posted = {"action": "delete", "revision": draft.revision}
    assert "请写明删除原因" in text(signed_in.post(FORM, posted))
    report(project, colleague, 30, as_draft=True, revision=draft.revision)
    refused = text(signed_in.post(FORM, posted | {"delete_reason": "填错项目"}))
    assert "被他人修改过，没有删除" in refused
    assert 'value="填错项目"' in refused
    done = text(signed_in.post(FORM, {"action": "delete", "revision": 2, "delete_reason": "填错项目"}, follow=True))
    assert "进展报告已删除" in done
    assert not ProgressReport.objects.exists()


def test_photos_are_kept_with_the_report_and_removed_with_a_reason(
    signed_in: Client, opened: ReportingRound, project: KeyProject
) -> None:
    done = text(signed_in.post(FORM, {"action": "upload", "files": [pdf("现场.pdf")]}, follow=True))
    assert "已上传 1 个文件" in done
    assert "现场.pdf" in done
    file = ProgressFile.objects.get()
    refused = text(signed_in.post(FORM, {"action": "remove", "file": file.pk, "reason": ""}))
    assert "请写明删除原因" in refused
    done = text(signed_in.post(FORM, {"action": "remove", "file": file.pk, "reason": "重复"}, follow=True))
    assert "原因：重复" in done


def test_photos_are_hidden_from_others_until_the_report_is_approved(
    client: Client, opened: ReportingRound, project: KeyProject, bureau: Department, staff: User, reviewer: User
) -> None:
    file = add_progress_file(ReportKey(project, 2021), pdf("现场.pdf"), person=staff, now=NOW)
    submitted = report(project, staff)
    outsider = member_of(DepartmentFactory.create(region=bureau.region), Role.ENTRY)
    leader = member_of(bureau, Role.LEADER)
    address = file.get_absolute_url()
    seen = {}
    for person in (staff, reviewer, leader, outsider):
        client.force_login(person)
        seen[person] = download(client, address)[0].status_code
    assert list(seen.values()) == [200, 200, 404, 404]
    approve_reports([submitted], person=reviewer, now=NOW)
    client.force_login(outsider)
    answer, content = download(client, address)
    assert (answer.status_code, answer["X-Content-Type-Options"]) == (200, "nosniff")
    assert answer["Content-Disposition"].startswith("attachment")
    assert content.startswith(b"%PDF")


def test_who_may_open_which_page(
    client: Client, project: KeyProject, bureau: Department, staff: User, reviewer: User
) -> None:
    people = {
        "staff": staff,
        "reviewer": reviewer,
        "administrator": member_of(bureau, Role.ADMINISTRATOR),
        "leader": member_of(bureau, Role.LEADER),
        "neighbour": member_of(DepartmentFactory.create(region=bureau.region), Role.ENTRY),
        "elsewhere": member_of(DepartmentFactory.create(region=RegionFactory.create()), Role.REVIEWER),
    }
    answers = {}
    for name, person in people.items():
        client.force_login(person)
        answers[name] = (client.get(LIST).status_code, client.get(FORM).status_code)
    assert answers == {
        "staff": (200, 200),
        "reviewer": (200, 200),
        "administrator": (200, 200),
        "leader": (403, 404),
        "neighbour": (403, 404),
        "elsewhere": (403, 404),
    }


@pytest.mark.parametrize("path", ["/entry/projects/none/2021/0/", "/entry/projects/piles/2031/0/", FORM[:-2] + "5/"])
def test_addresses_of_nothing_lead_nowhere(signed_in: Client, project: KeyProject, path: str) -> None:
    assert signed_in.get(path).status_code == 404


def test_the_list_shows_state_and_filters_by_it(
    signed_in: Client, opened: ReportingRound, project: KeyProject, bureau: Department, staff: User, reviewer: User
) -> None:
    other = project_led_by(bureau, quantity=Decimal(10), plan=project.plan, name="污水管网")
    return_reports([report(project, staff)], comment="请附照片", person=reviewer, now=NOW)
    page = text(signed_in.get(LIST))
    for shown in (project.name, other.name, "已退回", "审核意见：请附照片", "未填", "截止 2022年3月31日", "已逾期"):
        assert shown in page
    page = text(signed_in.get(f"{LIST}?state=missing"))
    assert other.name in page
    assert f">{project.name}<" not in page
    assert "没有这种状态的项目" in text(signed_in.get(f"{LIST}?state=approved"))
    file = b"".join(signed_in.get(f"{LIST}?state=missing&format=csv").streaming_content).decode()  # type: ignore[attr-defined]
    assert other.name in file
    assert project.name not in file


def test_my_entry_lists_plans_of_projects_for_those_without_indicators(
    signed_in: Client, opened: ReportingRound, project: KeyProject, staff: User
) -> None:
    report(project, staff, as_draft=True)
    page = text(signed_in.get("/entry/"))
    assert "重点项目进展" in page
    assert LIST in page
    assert "目前没有由您填报" not in page
    assert "目前没有由您填报" in text(signed_in_as(member_of(DepartmentFactory.create(), Role.ENTRY)).get("/entry/"))


def download(client: Client, address: str) -> tuple[Any, bytes]:
    """The answer of a file's address, read to its end, which closes the file, and the bytes."""
    response: Any = client.get(address)
    return response, b"".join(response.streaming_content) if response.streaming else b""


def signed_in_as(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_lists_cost_the_same_for_many_projects(
    signed_in: Client, opened: ReportingRound, project: KeyProject, bureau: Department, staff: User
) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            each = project_led_by(bureau, quantity=Decimal(10), plan=project.plan)
            report(each, staff, 5, as_draft=True)

    def queries(path: str) -> int:
        signed_in.get(path)
        with CaptureQueriesContext(connection) as captured:
            text(signed_in.get(path))
        return len(captured)

    add(1)
    few = [queries(LIST), queries("/entry/")]
    add(12)
    assert [queries(LIST), queries("/entry/")] == few
