"""Evidence as the service keeps it: once, privately, by those who answer for it, and not past the lock."""

from __future__ import annotations

import hashlib
import os
import stat
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from indicators.models import EvidenceFile, Indicator, TargetDocumentFile
from indicators.models.evidence import evidence_storage
from indicators.services.evidence import EvidenceKey, add_evidence, remove_evidence
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.stored_files import MOST_FILES
from indicators.services.target_documents import MOST_DOCUMENTS, attach_document, remove_document
from indicators.services.targets import delete_version
from indicators.services.values import ValueEntry
from indicators.services.workflow import approve_values, reopen_values
from portal.accounts.models import User
from regions.models import Department, Region, Role
from tests.factories import DepartmentFactory, EvidenceFileFactory, RegionFactory, TargetFactory, led_by, member_of
from tests.indicators.files.samples import PDF
from tests.indicators.uploads import pdf

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def department() -> Department:
    return DepartmentFactory.create()


@pytest.fixture
def staff(department: Department) -> User:
    return member_of(department, Role.ENTRY, full_name="王填报")


@pytest.fixture
def reviewer(department: Department) -> User:
    return member_of(department, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def key(department: Department) -> EvidenceKey:
    indicator = led_by(department)
    return EvidenceKey(indicator, indicator.plan.region, 2022)


def paths(directory: Path) -> list[Path]:
    """All files that lie there."""
    return [path for path in directory.rglob("*") if path.is_file()]


def approve(key: EvidenceKey, staff: User, reviewer: User) -> None:
    """The key's value goes through a round and is approved."""
    open_round(key.indicator.plan, key.year, deadline=date(2023, 3, 31), person=reviewer, now=NOW)
    value = record_value(ValueEntry(key.indicator, key.region, key.year, Decimal(96)), person=staff, now=NOW)
    approve_values([value], person=reviewer, now=NOW)


def test_a_file_is_kept_with_what_it_really_is(key: EvidenceKey, staff: User, evidence_directory: Path) -> None:
    kept = add_evidence(key, pdf("C:\\资料\\2022年公报.pdf"), person=staff, now=NOW)
    stored = EvidenceFile.objects.get()
    assert (stored.name, stored.content_type, stored.kind) == ("2022年公报.pdf", "application/pdf", "PDF")
    with stored.file.open("rb") as file:
        content = file.read()
    assert (stored.size, stored.sha256) == (len(content), hashlib.sha256(content).hexdigest())
    assert (stored.uploaded_by, stored.uploaded_at) == (staff, NOW)
    assert kept.history.get().history_user == staff


def test_bytes_lie_where_only_the_portal_reads_them_under_a_name_that_says_nothing(
    key: EvidenceKey, staff: User, evidence_directory: Path
) -> None:
    add_evidence(key, pdf("../../公报.pdf"), person=staff, now=NOW)
    [path] = paths(evidence_directory)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {stat.S_IMODE(each.stat().st_mode) for each in (path.parent, evidence_directory)} == {0o700}
    assert set(path.name) <= set("0123456789abcdef")
    with pytest.raises(ValueError, match="no address"):
        evidence_storage().url(path.name)


def test_a_refused_file_leaves_nothing_behind(key: EvidenceKey, staff: User, evidence_directory: Path) -> None:
    with pytest.raises(ValidationError, match="内容却是PDF"):
        add_evidence(key, pdf("公报.docx"), person=staff, now=NOW)
    assert not EvidenceFile.objects.exists()
    assert paths(evidence_directory) == []


def test_the_limit_is_a_setting(key: EvidenceKey, staff: User, settings: Settings) -> None:
    settings.EVIDENCE_MAX_BYTES = len(PDF) // 2
    with pytest.raises(ValidationError, match="超过"):
        add_evidence(key, pdf(), person=staff, now=NOW)


def test_the_same_content_is_kept_once_for_a_value(key: EvidenceKey, staff: User, evidence_directory: Path) -> None:
    add_evidence(key, pdf("甲.pdf"), person=staff, now=NOW)
    with pytest.raises(ValidationError, match=r"已经上传过（“甲\.pdf”，王填报上传）"):
        add_evidence(key, pdf("乙.pdf"), person=staff, now=NOW)
    add_evidence(EvidenceKey(key.indicator, key.region, 2023), pdf("乙.pdf"), person=staff, now=NOW)
    assert len(paths(evidence_directory)) == 2


def test_there_is_an_end_to_the_number_of_files(key: EvidenceKey, staff: User) -> None:
    EvidenceFileFactory.create_batch(MOST_FILES, indicator=key.indicator, year=key.year)
    with pytest.raises(ValidationError, match=f"最多保存 {MOST_FILES} 个文件"):
        add_evidence(key, pdf(), person=staff, now=NOW)


def test_others_neither_add_nor_remove(key: EvidenceKey, staff: User, department: Department) -> None:
    stored = add_evidence(key, pdf(), person=staff, now=NOW)
    neighbour = member_of(DepartmentFactory.create(region=department.region), Role.ENTRY)
    for person in (neighbour, member_of(department, Role.LEADER), member_of(DepartmentFactory.create(), Role.REVIEWER)):
        with pytest.raises(PermissionDenied):
            add_evidence(key, pdf(text="other"), person=person, now=NOW)
        with pytest.raises(PermissionDenied):
            remove_evidence(stored, reason="传错", person=person)
    assert EvidenceFile.objects.count() == 1


def test_evidence_is_for_regions_and_years_that_are_reported(key: EvidenceKey, staff: User) -> None:
    county: Region = RegionFactory.create(parent=key.region)
    for wrong in (EvidenceKey(key.indicator, county, 2022), EvidenceKey(key.indicator, key.region, 2020)):
        with pytest.raises(ValidationError, match="不填报"):
            add_evidence(wrong, pdf(), person=staff, now=NOW)
    TargetFactory.create(indicator=key.indicator, region=county)
    add_evidence(EvidenceKey(key.indicator, county, 2022), pdf(), person=staff, now=NOW)


def test_review_locks_the_evidence_with_the_value(key: EvidenceKey, staff: User, reviewer: User) -> None:
    stored = add_evidence(key, pdf(), person=staff, now=NOW)
    approve(key, staff, reviewer)
    for person in (staff, reviewer):
        with pytest.raises(ValidationError, match="已审定并锁定"):
            add_evidence(key, pdf(text="more"), person=person, now=NOW)
        with pytest.raises(ValidationError, match="已审定并锁定"):
            remove_evidence(stored, reason="传错", person=person)
    reopen_values(key.indicator.values.all(), reason="补材料", person=reviewer, now=NOW)
    add_evidence(key, pdf(text="more"), person=staff, now=NOW)


def test_a_value_that_counts_without_review_is_not_locked(key: EvidenceKey, staff: User) -> None:
    record_value(ValueEntry(key.indicator, key.region, 2022, Decimal(96)), person=staff, now=NOW)
    stored = add_evidence(key, pdf(), person=staff, now=NOW)
    remove_evidence(stored, reason="传错", person=staff)


def test_removal_needs_a_reason_that_the_history_keeps(
    key: EvidenceKey,
    staff: User,
    evidence_directory: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    stored = add_evidence(key, pdf(), person=staff, now=NOW)
    for reason, words in (("  ", "请写明删除原因"), ("长" * 501, "最多 500 字，您写了 501 字")):
        with pytest.raises(ValidationError, match=words):
            remove_evidence(stored, reason=reason, person=staff)
    digest = stored.sha256
    with django_capture_on_commit_callbacks(execute=True):
        remove_evidence(stored, reason="传错了文件", person=staff)
        assert paths(evidence_directory), "bytes go after the removal is committed"
    assert paths(evidence_directory) == []
    assert not EvidenceFile.objects.exists()
    last = EvidenceFile.history.latest()
    assert (last.history_type, last.name, last.sha256) == ("-", "2022年公报.pdf", digest)
    assert (last.history_user, last.history_change_reason) == (staff, "传错了文件")


@pytest.fixture
def indicator(department: Department) -> Indicator:
    return led_by(department)


def test_the_document_of_a_target_is_the_reviewers(
    indicator: Indicator, staff: User, reviewer: User, evidence_directory: Path
) -> None:
    target = indicator.targets.get()
    with pytest.raises(PermissionDenied):
        attach_document(target, pdf(), person=staff, now=NOW)
    stored = attach_document(target, pdf("川环函〔2023〕1号.pdf"), person=reviewer, now=NOW)
    with pytest.raises(ValidationError, match="内容相同"):
        attach_document(target, pdf("再传.pdf"), person=reviewer, now=NOW)
    for number in range(1, MOST_DOCUMENTS):
        attach_document(target, pdf(text=str(number)), person=reviewer, now=NOW)
    with pytest.raises(ValidationError, match="最多附"):
        attach_document(target, pdf(text="more"), person=reviewer, now=NOW)
    with pytest.raises(PermissionDenied):
        remove_document(stored, reason="传错", person=staff)
    remove_document(stored, reason="传错", person=reviewer)
    assert TargetDocumentFile.history.latest().history_change_reason == "传错"


def test_a_deleted_version_takes_its_documents_along(
    indicator: Indicator,
    reviewer: User,
    evidence_directory: Path,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    version = TargetFactory.create(indicator=indicator, version=2)
    attach_document(version, pdf(), person=reviewer, now=NOW)
    with django_capture_on_commit_callbacks(execute=True):
        delete_version(version, reason="登记错误", person=reviewer, now=NOW)
    assert paths(evidence_directory) == []
    assert TargetDocumentFile.history.latest().history_change_reason == "所属的目标版本已删除"


def test_check_files_names_what_is_lost_changed_or_unowned(
    key: EvidenceKey, staff: User, evidence_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("check_files")
    assert "都在" in capsys.readouterr().out
    first = add_evidence(key, pdf("甲.pdf"), person=staff, now=NOW)
    second = add_evidence(key, pdf("乙.pdf", "other"), person=staff, now=NOW)
    call_command("check_files")
    (evidence_directory / str(first.file.name)).write_bytes(b"changed")
    (evidence_directory / str(second.file.name)).unlink()
    with pytest.raises(CommandError, match=r"(?s)“甲\.pdf”：内容与上传时不同.*“乙\.pdf”：找不到内容"):
        call_command("check_files")


def test_check_files_tidies_what_an_interruption_left_and_spares_uploads_under_way(
    key: EvidenceKey, staff: User, evidence_directory: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stored = add_evidence(key, pdf(), person=staff, now=NOW)
    left, under_way = evidence_directory / "ab" / "left", evidence_directory / "ab" / "under-way"
    left.parent.mkdir(exist_ok=True)
    for path in (left, under_way):
        path.write_bytes(b"x")
    os.utime(left, (0, 0))
    call_command("check_files")
    assert "没有记录的内容：ab/left" in capsys.readouterr().out
    call_command("check_files", "--tidy")
    assert sorted(paths(evidence_directory)) == sorted([under_way, evidence_directory / str(stored.file.name)])
