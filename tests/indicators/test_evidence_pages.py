"""Evidence as people meet it: the page that keeps it, where reviewers and readers find it, and how it is handed out."""

from __future__ import annotations

import stat
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from indicators.models import EvidenceFile, Indicator, Plan, Target, TargetDocumentFile
from indicators.services.evidence import EvidenceKey, add_evidence
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.stored_files import MOST_FILES
from indicators.services.target_versions import stamp
from indicators.services.values import ValueEntry
from indicators.services.workflow import approve_values
from portal.accounts.models import User
from regions.models import Department, Role
from tests.factories import DepartmentFactory, PlanFactory, RegionFactory, TargetFactory, led_by, member_of
from tests.indicators.uploads import pdf

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
PAGE = "/entry/the-plan/2022/forest/evidence/"


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create(name="市林业局")


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(department: Department) -> User:
    return member_of(department, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def plan(department: Department, reviewer: User) -> Plan:
    plan: Plan = PlanFactory.create(slug="the-plan", coordinating_department=department)
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    return plan


@pytest.fixture
def indicator(department: Department, plan: Plan) -> Indicator:
    return led_by(department, plan=plan, code="forest", name="森林覆盖率")


@pytest.fixture
def stored(indicator: Indicator, staff: User) -> EvidenceFile:
    """A file for the indicator's value of 2022, which nobody has entered yet."""
    return add_evidence(EvidenceKey(indicator, indicator.plan.region, 2022), pdf(), person=staff, now=NOW)


@pytest.fixture
def at_work(client: Client, staff: User, indicator: Indicator) -> Client:
    """A client that is signed in as the department's staff."""
    client.force_login(staff)
    return client


def text(response: Any) -> str:
    return str(response.content.decode())


def download(client: Client, address: str) -> tuple[Any, bytes]:
    """The answer of a file's address, read to its end, which closes the file, and the bytes."""
    response: Any = client.get(address, headers={"accept-encoding": "gzip"})
    content = b"".join(response.streaming_content) if response.streaming else b""
    return response, content


def enter(indicator: Indicator, staff: User, reviewer: User | None = None) -> None:
    """Enter 96 for 2022; with a reviewer it is approved."""
    value = record_value(ValueEntry(indicator, indicator.plan.region, 2022, Decimal(96)), person=staff, now=NOW)
    if reviewer:
        approve_values([value], person=reviewer, now=NOW)


def test_several_files_are_uploaded_at_once_and_each_refusal_is_explained(at_work: Client) -> None:
    page = text(at_work.post(PAGE, {"files": [pdf("甲.pdf"), pdf("乙.docx", "b"), pdf("丙.pdf", "c"), pdf("丁.pdf")]}))
    assert "已上传 2 个文件" in page
    assert "“乙.docx”没有上传：文件名后缀是“.docx”，内容却是PDF" in page
    assert "“丁.pdf”没有上传：内容相同的文件已经上传过（“甲.pdf”" in page
    assert sorted(EvidenceFile.objects.values_list("name", flat=True)) == ["丙.pdf", "甲.pdf"]


def test_what_was_uploaded_is_listed_with_who_and_when(at_work: Client) -> None:
    page = text(at_work.post(PAGE, {"files": pdf("<b>公报.pdf")}, follow=True))
    for words in ("_b_公报.pdf", "PDF", "王填报", "已上传的文件（1）", "尚未填报"):
        assert words in page


@pytest.mark.parametrize(
    ("files", "words"),
    [([], "没有选择文件"), ([pdf(f"{number}.pdf", str(number)) for number in range(MOST_FILES + 1)], "一次最多上传")],
)
def test_a_request_without_files_or_with_too_many_is_explained(
    at_work: Client, files: list[SimpleUploadedFile], words: str
) -> None:
    assert words in text(at_work.post(PAGE, {"files": files}))
    assert not EvidenceFile.objects.exists()


def test_a_request_over_the_limit_is_read_to_its_end_and_nothing_of_it_kept(
    at_work: Client, settings: Settings, evidence_directory: Path
) -> None:
    settings.UPLOAD_MAX_BYTES = 2000
    page = text(at_work.post(PAGE, {"files": [pdf(text="x" * 3000)]}))
    assert "合计超过 0 MB，一个也没有上传" in page
    assert not evidence_directory.exists()


def test_a_file_is_removed_with_a_reason(at_work: Client, stored: EvidenceFile) -> None:
    page = text(at_work.post(PAGE, {"action": "remove", "file": stored.pk, "reason": " "}))
    assert "没有删除：请写明删除原因" in page
    page = text(at_work.post(PAGE, {"action": "remove", "file": stored.pk, "reason": "长" * 501}))
    assert "您写了 501 字" in page
    assert f'value="{"长" * 501}"' in page, "what was typed stays"
    page = text(at_work.post(PAGE, {"action": "remove", "file": stored.pk, "reason": "传错了"}, follow=True))
    assert "已删除“2022年公报.pdf”" in page
    assert "原因：传错了" in page
    timeline = text(at_work.get("/indicators/forest/"))
    for words in ("新增 2022 年佐证材料", "删除 2022 年佐证材料", "2022年公报.pdf", "途径：佐证材料页面"):
        assert words in timeline
    for gone in (str(stored.pk), "x", "9" * 30):
        assert at_work.post(PAGE, {"action": "remove", "file": gone, "reason": "x"}).status_code == 404


def test_a_file_of_another_value_is_not_removed_here(
    at_work: Client, stored: EvidenceFile, department: Department, plan: Plan
) -> None:
    led_by(department, plan=plan, code="water")
    for other in ("/entry/the-plan/2022/water/evidence/", "/entry/the-plan/2023/forest/evidence/"):
        assert at_work.get(other).status_code == 200
        assert at_work.post(other, {"action": "remove", "file": stored.pk, "reason": "x"}).status_code == 404
    assert EvidenceFile.objects.contains(stored)


def test_a_locked_value_offers_nothing_and_takes_nothing(
    at_work: Client, stored: EvidenceFile, indicator: Indicator, staff: User, reviewer: User
) -> None:
    enter(indicator, staff, reviewer)
    page = text(at_work.get(PAGE))
    assert "已锁定" in page
    assert 'type="file"' not in page
    assert "确认删除" not in page
    assert "已审定并锁定" in text(at_work.post(PAGE, {"files": pdf(text="more")}))
    assert "已审定并锁定" in text(at_work.post(PAGE, {"action": "remove", "file": stored.pk, "reason": "x"}))
    assert list(EvidenceFile.objects.all()) == [stored]


@pytest.mark.parametrize(
    ("who", "status"),
    [("staff", 200), ("reviewer", 200), ("administrator", 200), ("leader", 404), ("neighbour", 404), ("stranger", 404)],
)
def test_by_address_only_those_who_answer_or_review_get_in(
    client: Client, stored: EvidenceFile, department: Department, who: str, status: int
) -> None:
    person = {
        "staff": lambda: User.objects.get(full_name="王填报"),
        "reviewer": lambda: User.objects.get(full_name="李审核"),
        "administrator": lambda: member_of(department, Role.ADMINISTRATOR),
        "leader": lambda: member_of(department, Role.LEADER),
        "neighbour": lambda: member_of(DepartmentFactory.create(region=department.region), Role.ENTRY),
        "stranger": lambda: member_of(DepartmentFactory.create(), Role.REVIEWER),
    }[who]()
    client.force_login(person)
    assert client.get(PAGE).status_code == status
    assert client.post(PAGE, {"files": pdf(text="more")}, follow=True).status_code == status
    assert download(client, stored.get_absolute_url())[0].status_code == status
    removal = client.post(PAGE, {"action": "remove", "file": stored.pk, "reason": "x"}, follow=True)
    assert removal.status_code == status
    assert EvidenceFile.objects.contains(stored) is (status == 404)


def test_nobody_gets_a_file_without_signing_in(client: Client, stored: EvidenceFile) -> None:
    response = client.get(reverse("evidence_file", args=[stored.pk]))
    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


@pytest.mark.parametrize("name", ["2022年公报（终稿）.pdf", "report 2022.pdf", "It's 50%; a=b.pdf"])
def test_a_file_is_handed_out_to_be_saved_and_never_shown(
    at_work: Client, indicator: Indicator, staff: User, name: str
) -> None:
    key = EvidenceKey(indicator, indicator.plan.region, 2022)
    stored = add_evidence(key, pdf(name), person=staff, now=NOW)
    response, content = download(at_work, stored.get_absolute_url())
    disposition = response["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert f'filename="{name}"' in disposition or f"filename*=utf-8''{quote(name)}" in disposition
    assert response["Content-Type"] == "application/pdf", "by content, not what the browser said"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Length"] == str(len(content)) == str(stored.size)
    assert "Content-Encoding" not in response
    assert content.startswith(b"%PDF-1.7")


def test_lost_bytes_are_said_and_not_an_error_page(
    at_work: Client, stored: EvidenceFile, evidence_directory: Path
) -> None:
    (evidence_directory / str(stored.file.name)).unlink()
    response = at_work.get(stored.get_absolute_url())
    assert response.status_code == 404
    assert "请联系系统管理员从备份恢复" in text(response)


def test_files_have_no_other_way_out(at_work: Client, stored: EvidenceFile, evidence_directory: Path) -> None:
    for address in (f"/{stored.file.name}", f"/static/{stored.file.name}", f"/media/{stored.file.name}"):
        assert at_work.get(address).status_code == 404
    assert not stat.S_IMODE(evidence_directory.stat().st_mode) & 0o077
    assert django_settings.STATIC_ROOT not in evidence_directory.parents


def test_a_county_with_a_target_of_its_own_has_evidence_of_its_own(
    at_work: Client, indicator: Indicator, stored: EvidenceFile
) -> None:
    county = RegionFactory.create(slug="a-county", name="甲县", parent=indicator.plan.region)
    assert at_work.get(f"{PAGE}?region=a-county").status_code == 404
    TargetFactory.create(indicator=indicator, region=county)
    response = at_work.post(f"{PAGE}?region=a-county", {"files": pdf("县公报.pdf")}, follow=True)
    page = text(response)
    assert response.redirect_chain[-1][0] == f"{PAGE}?region=a-county"
    assert "甲县" in page
    assert "县公报.pdf" in page
    assert stored.name not in page
    for wrong in ("?region=no-such", f"?region={RegionFactory.create().slug}"):
        assert at_work.get(f"{PAGE}{wrong}").status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        "/entry/the-plan/2019/forest/evidence/",
        "/entry/no-plan/2022/forest/evidence/",
        "/entry/the-plan/2022/no-such/evidence/",
        "/entry/the-plan/99999/forest/evidence/",
        "/evidence/999999/",
        "/targets/documents/999999/",
    ],
)
def test_what_there_is_not_is_not_found(at_work: Client, address: str) -> None:
    assert at_work.get(address).status_code == 404


def test_the_sheet_leads_to_the_evidence_of_each_row(
    at_work: Client, stored: EvidenceFile, department: Department, plan: Plan
) -> None:
    led_by(department, plan=plan, code="system", name="体系建立", value_type="finding", wording="基本建立体系")
    led_by(department, plan=plan, code="water", name="水土保持率")
    page = text(at_work.get("/entry/the-plan/2022/"))
    for address, words in ((PAGE, "佐证材料（1）"), (PAGE.replace("forest", "water"), "添加佐证材料")):
        assert f'href="{address}">{words}' in page
    finding = PAGE.replace("forest", "system")
    assert f'href="{finding}">提供依据' in page
    assert "审核人员尚未评定" in text(at_work.get(finding))
    assert "已上传 1 个文件" in text(at_work.post(finding, {"files": pdf()}, follow=True))


def test_reviewers_find_the_files_where_they_decide(
    client: Client, stored: EvidenceFile, indicator: Indicator, staff: User, reviewer: User, department: Department
) -> None:
    finding = led_by(department, plan=indicator.plan, name="体系建立", value_type="finding", wording="基本建立体系")
    key = EvidenceKey(finding, finding.plan.region, 2022)
    basis = add_evidence(key, pdf("印发文件.pdf"), person=staff, now=NOW)
    client.force_login(reviewer)
    missing = text(client.get("/review/the-plan/2022/?state=missing"))
    assert f'href="{basis.get_absolute_url()}" download>印发文件.pdf</a>' in missing
    enter(indicator, staff)
    queue = text(client.get("/review/the-plan/2022/"))
    assert f'href="{stored.get_absolute_url()}" download>2022年公报.pdf</a>' in queue
    assert f'href="{PAGE}">佐证材料（1）' in queue


def test_the_indicator_page_shows_evidence_once_the_value_is_approved(
    client: Client, stored: EvidenceFile, indicator: Indicator, staff: User, reviewer: User, department: Department
) -> None:
    enter(indicator, staff)
    leader = member_of(department, Role.LEADER)
    client.force_login(leader)
    assert stored.name not in text(client.get(indicator.get_absolute_url()))
    approve_values(indicator.values.all(), person=reviewer, now=NOW)
    assert stored.get_absolute_url() in text(client.get(indicator.get_absolute_url()))
    assert download(client, stored.get_absolute_url())[1].startswith(b"%PDF")


def test_the_admin_lists_what_the_person_may_see(client: Client, stored: EvidenceFile, department: Department) -> None:
    address = reverse("admin:indicators_evidencefile_change", args=[stored.pk])
    client.force_login(member_of(department, Role.ADMINISTRATOR))
    assert stored.sha256 in text(client.get(address))
    assert client.post(address.replace("change", "delete"), {"post": "yes"}).status_code == 403
    client.force_login(member_of(DepartmentFactory.create(), Role.ENTRY))
    assert stored.name not in text(client.get(reverse("admin:indicators_evidencefile_changelist")))
    assert client.get(address).status_code == 302


@pytest.fixture
def awaiting(department: Department, plan: Plan) -> Indicator:
    """An indicator whose number an upper level assigns."""
    return led_by(department, plan=plan, code="assigned", wording="完成省定目标")


def assigned(indicator: Indicator, **values: object) -> dict[str, object]:
    """The posted form of an assigned number."""
    return {"form": "assigned", "seen": stamp(indicator), "value": "96", "document": "川环函〔2023〕1号", **values}


def test_an_assigned_number_is_recorded_with_its_document(
    client: Client, awaiting: Indicator, reviewer: User, department: Department
) -> None:
    client.force_login(reviewer)
    address = reverse("indicator_targets", args=[awaiting.code])
    page = text(client.post(address, assigned(awaiting, file=pdf("川环函〔2023〕1号.pdf")), follow=True))
    assert "已记录上级下达数" in page
    file = TargetDocumentFile.objects.get()
    assert (file.target.version, file.target.assigned_value) == (2, Decimal(96))
    assert file.get_absolute_url() in page
    client.force_login(member_of(DepartmentFactory.create(), Role.LEADER))
    assert file.get_absolute_url() in text(client.get(awaiting.get_absolute_url()))
    assert download(client, file.get_absolute_url())[0]["Content-Disposition"].startswith("attachment; ")


def test_a_refused_document_or_form_saves_neither_and_says_so_at_the_file(
    client: Client, awaiting: Indicator, reviewer: User, settings: Settings
) -> None:
    client.force_login(reviewer)
    address = reverse("indicator_targets", args=[awaiting.code])
    for values, words in (
        ({"file": pdf("下达.docx")}, "内容却是PDF"),
        ({"file": pdf(), "document": ""}, "请重新选择文件"),
        ({"file": SimpleUploadedFile("下达.pdf", b"")}, "文件是空的"),
    ):
        page = text(client.post(address, assigned(awaiting, **values)))
        assert words in page
        assert 'value="96"' in page
    settings.UPLOAD_MAX_BYTES = 1000
    assert "合计超过" in text(client.post(address, assigned(awaiting, file=pdf(text="x" * 3000))))
    assert Target.objects.filter(indicator=awaiting).count() == 1
    assert not TargetDocumentFile.objects.exists()


def test_documents_are_added_to_any_version_and_removed_with_a_reason(
    client: Client, awaiting: Indicator, reviewer: User, staff: User
) -> None:
    address = reverse("indicator_targets", args=[awaiting.code])
    target = awaiting.targets.get()
    client.force_login(reviewer)
    assert "没有选择文件" in text(client.post(address, {"form": "attach", "target": target.pk}))
    page = text(client.post(address, {"form": "attach", "target": target.pk, "file": pdf("规划.pdf")}, follow=True))
    assert "已上传“规划.pdf”" in page
    file = TargetDocumentFile.objects.get()
    assert "请写明删除原因" in text(client.post(address, {"form": "remove", "file": file.pk, "reason": ""}))
    for foreign in (TargetFactory.create().pk, "x"):
        assert client.post(address, {"form": "attach", "target": foreign, "file": pdf()}).status_code == 404
    client.force_login(staff)
    assert client.post(address, {"form": "remove", "file": file.pk, "reason": "x"}).status_code == 403
    client.force_login(reviewer)
    assert "已删除“规划.pdf”" in text(
        client.post(address, {"form": "remove", "file": file.pk, "reason": "传错"}, follow=True)
    )
    assert client.post(address, {"form": "remove", "file": file.pk, "reason": "x"}).status_code == 404
