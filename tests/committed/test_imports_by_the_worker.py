"""Large imports by the real worker: nothing is lost when the page is left, and whatever goes wrong is said."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet
from django.db.models.signals import pre_save
from django.test import Client
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from indicators.imports.progress import LONG
from indicators.interrupted_tasks import ATTEMPTS
from indicators.models import ImportState, Indicator, ReviewStatus, ValueImport, YearlyValue
from indicators.services.recording import record_value
from indicators.services.rounds import open_round
from indicators.services.values import ValueEntry
from indicators.services.work_marks import at_work_on
from indicators.tasks import LARGE
from portal.accounts.models import User
from regions.models import Role
from tests.factories import DepartmentFactory, PlanFactory, led_by, member_of

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def staff() -> User:
    return member_of(DepartmentFactory.create(name="市生态环境局"), Role.ENTRY, full_name="王填报")


@pytest.fixture
def forest(staff: User) -> Indicator:
    """An indicator whose value of 2022 goes through review."""
    department = staff.memberships.get().department
    plan = PlanFactory.create(coordinating_department=department, slug="the-plan")
    open_round(plan, 2022, deadline=date(2023, 3, 31), person=member_of(department, Role.REVIEWER), now=NOW)
    return led_by(department, plan=plan, code="forest", name="森林覆盖率", unit="%")


@pytest.fixture
def signed_in(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


def large_workbook() -> bytes:
    """森林覆盖率 63.5 for 2022, and a second sheet that makes the file too large to be answered at once."""
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(("指标名称", "单位", "2022年"))
    book.active.append(("森林覆盖率", "%", 63.5))
    other = book.create_sheet("附件")
    for _ in range(100):
        other.append((secrets.token_hex(LARGE // 90),))
    file = BytesIO()
    book.save(file)
    assert file.tell() > LARGE
    return file.getvalue()


def uploaded(client: Client) -> ValueImport:
    """The import of a large file that was just sent."""
    client.post("/entry/the-plan/import/", {"file": SimpleUploadedFile("指标表.xlsx", large_workbook())})
    return ValueImport.objects.get()


def page_of(client: Client, value_import: ValueImport) -> Any:
    return client.get(value_import.get_absolute_url())


def confirmed(client: Client, value_import: ValueImport) -> str:
    """Confirm what the page shows; gives the page that follows."""
    stamp = page_of(client, value_import).context["page"].comparison.file.stamp
    answer = client.post(value_import.get_absolute_url(), {"action": "submit", "stamp": stamp}, follow=True)
    return answer.content.decode()


def stored(indicator: Indicator) -> QuerySet[YearlyValue]:
    return YearlyValue.objects.filter(indicator=indicator)


def killed_at_work() -> None:
    """Let a worker in a process of its own do what waits; it is killed while it writes."""
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        address = f"sqlite:///{name}"
    else:
        address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    environment = {"DATABASE_URL": address, "EVIDENCE_DIR": str(settings.EVIDENCE_DIR)}
    ended = subprocess.run(
        [sys.executable, "-m", "tests.committed.killed_worker"],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings.test", **environment},
        cwd=settings.BASE_DIR,
        check=False,
    )
    assert ended.returncode == -signal.SIGKILL


def work() -> None:
    """Let the worker do what waits, in this process; it takes the signals of a process for itself."""
    taken = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)}
    try:
        call_command("db_worker", batch=True, interval=0, startup_delay=False, verbosity=0)
    finally:
        for each, handler in taken.items():
            signal.signal(each, handler)


@contextmanager
def failing_at(state: ImportState) -> Iterator[None]:
    """Saving an import in that state fails, as when the disk of the database is full."""

    def fail(instance: ValueImport, **_: Any) -> None:
        if instance.state == state:
            raise OSError("No space left on device")

    pre_save.connect(fail, sender=ValueImport)
    try:
        yield
    finally:
        pre_save.disconnect(fail, sender=ValueImport)


def test_a_large_file_is_checked_and_written_by_the_worker(signed_in: Client, staff: User, forest: Indicator) -> None:
    value_import = uploaded(signed_in)
    assert value_import.state == ImportState.WAITING
    page = page_of(signed_in, value_import).content.decode()
    assert "正在核对" in page
    assert 'data-import-progress="waiting"' in page
    signed_in.get("/")  # whoever leaves finds it again on the list
    assert "等待核对" in signed_in.get("/entry/the-plan/import/").content.decode()

    work()
    assert "待确认" in signed_in.get("/entry/the-plan/import/").content.decode()
    assert "正在写入" in confirmed(signed_in, value_import)
    assert not stored(forest).exists()

    work()
    page = page_of(signed_in, value_import).content.decode()
    assert "已导入" in page
    assert "1 个数值" in page
    value = stored(forest).get()
    assert (value.value, value.status, value.submitted_by) == (Decimal("63.5"), ReviewStatus.SUBMITTED, staff)
    record = value.history.latest()
    assert (record.history_user, record.channel) == (staff, "表格导入")


def test_what_somebody_changed_meanwhile_brings_the_page_back_with_the_reason(
    signed_in: Client, forest: Indicator, staff: User
) -> None:
    value_import = uploaded(signed_in)
    work()
    confirmed(signed_in, value_import)
    colleague = member_of(staff.memberships.get().department, Role.ENTRY)
    entry = ValueEntry(forest, forest.plan.region, 2022, Decimal(60))
    record_value(entry, person=colleague, now=NOW, as_draft=True)
    work()
    page = page_of(signed_in, value_import).content.decode()
    assert "您核对之后，他人修改了其中的数值，全部内容都没有导入" in page
    assert "60%" in page
    assert stored(forest).get().value == 60
    assert "正在写入" in confirmed(signed_in, value_import)
    work()
    assert stored(forest).get().value == Decimal("63.5")


def test_an_error_nobody_foresaw_leaves_a_sentence_and_no_value(signed_in: Client, forest: Indicator) -> None:
    value_import = uploaded(signed_in)
    work()
    confirmed(signed_in, value_import)
    with failing_at(ImportState.DONE):
        work()
    page = page_of(signed_in, value_import).content.decode()
    assert "写入时程序出错，全部内容都没有导入" in page
    assert not stored(forest).exists()
    failed = DBTaskResult.objects.failed().get()
    assert "No space left on device" in failed.traceback
    assert "正在写入" in confirmed(signed_in, value_import)
    work()
    assert stored(forest).get().value == Decimal("63.5")


def test_a_check_that_fails_does_not_wait_for_ever(signed_in: Client, forest: Indicator) -> None:
    value_import = uploaded(signed_in)
    with failing_at(ImportState.CHECKED):
        work()
    page = page_of(signed_in, value_import).content.decode()
    assert "核对时程序出错，没有写入任何数值。请重新上传一次" in page
    assert DBTaskResult.objects.failed().exists()


def test_a_file_that_is_gone_is_said_on_the_page(signed_in: Client, forest: Indicator) -> None:
    value_import = uploaded(signed_in)
    work()
    value_import.file.delete(save=False)
    page = page_of(signed_in, value_import)
    assert page.status_code == 200
    assert "找不到上传的文件" in page.content.decode()


def test_an_import_that_is_given_up_is_left_alone_by_the_worker(signed_in: Client, forest: Indicator) -> None:
    value_import = uploaded(signed_in)
    signed_in.post(value_import.get_absolute_url(), {"action": "discard"})
    work()
    value_import.refresh_from_db()
    assert value_import.state == ImportState.DISCARDED


class TestAKilledWorker:
    def test_the_page_says_so_and_begins_anew(self, signed_in: Client, forest: Indicator) -> None:
        value_import = uploaded(signed_in)
        work()
        confirmed(signed_in, value_import)
        killed_at_work()
        assert not stored(forest).exists()
        taken_long_ago()
        page = page_of(signed_in, value_import).content.decode()
        assert "中断" in page
        assert "没有写入一半的数值" in page
        answer = signed_in.post(value_import.get_absolute_url(), {"action": "restart"}, follow=True)
        assert "已交给后台重新处理" in answer.content.decode()
        assert "重新开始" not in answer.content.decode()
        again = signed_in.post(value_import.get_absolute_url(), {"action": "restart"})
        assert "没有中断" in again.content.decode()
        work()
        assert stored(forest).get().revision == 1

    def test_the_next_worker_takes_it_up(self, signed_in: Client, forest: Indicator) -> None:
        value_import = uploaded(signed_in)
        work()
        confirmed(signed_in, value_import)
        killed_at_work()
        work()
        assert "已导入" in page_of(signed_in, value_import).content.decode()
        assert stored(forest).get().revision == 1

    def test_a_file_that_ends_every_worker_is_given_up_with_a_sentence(
        self, signed_in: Client, forest: Indicator
    ) -> None:
        value_import = uploaded(signed_in)
        work()
        confirmed(signed_in, value_import)
        for _ in range(ATTEMPTS):
            killed_at_work()
        work()
        assert "写入时程序出错，全部内容都没有导入" in page_of(signed_in, value_import).content.decode()
        assert not stored(forest).exists()
        assert not DBTaskResult.objects.running().exists()

    def test_nobody_begins_the_import_of_somebody_else_anew(
        self, client: Client, staff: User, forest: Indicator
    ) -> None:
        client.force_login(staff)
        value_import = uploaded(client)
        work()
        confirmed(client, value_import)
        killed_at_work()
        taken_long_ago()
        client.force_login(member_of(staff.memberships.get().department, Role.REVIEWER))
        assert "重新开始" not in page_of(client, value_import).content.decode()
        assert client.post(value_import.get_absolute_url(), {"action": "restart"}).status_code == 403


def test_the_page_counts_what_is_written(signed_in: Client, forest: Indicator) -> None:
    value_import = uploaded(signed_in)
    work()
    assert "等待后台处理程序开始" in confirmed(signed_in, value_import)
    with at_work_on(value_import.pk) as tell:
        assert "已写入 0 / 1 个数值" in page_of(signed_in, value_import).content.decode()
        tell(1)
        page = page_of(signed_in, value_import)
        assert "已写入 1 / 1 个数值" in page.content.decode()
        assert 3.5 < page.context["progress"].done < 4
    assert "等待后台处理程序开始" in page_of(signed_in, value_import).content.decode()


class TestWithoutAWorker:
    def test_after_a_while_the_page_says_whom_to_tell(self, signed_in: Client, forest: Indicator) -> None:
        value_import = uploaded(signed_in)
        assert "没有运行" not in page_of(signed_in, value_import).content.decode()
        long_ago(value_import)
        page = page_of(signed_in, value_import).content.decode()
        assert "后台处理程序可能没有运行" in page
        assert "请告知系统管理员" in page
        assert "import-progress.js" not in page
        work()
        assert "待确认" in page_of(signed_in, value_import).content.decode()

    def test_who_waits_in_vain_checks_again_and_nothing_is_written_twice(
        self, signed_in: Client, forest: Indicator
    ) -> None:
        value_import = uploaded(signed_in)
        work()
        confirmed(signed_in, value_import)
        long_ago(value_import)
        assert "不再等待，重新核对" in page_of(signed_in, value_import).content.decode()
        answer = signed_in.post(value_import.get_absolute_url(), {"action": "recheck"}, follow=True)
        assert "请重新核对后再确认" in answer.content.decode()
        confirmed(signed_in, value_import)
        work()  # both tasks, the forgotten one and the new one
        assert stored(forest).get().revision == 1
        answer = signed_in.post(value_import.get_absolute_url(), {"action": "recheck"})
        assert "不能再做这一步" in answer.content.decode()


def long_ago(value_import: ValueImport) -> None:
    """Let the import have waited too long."""
    then = timezone.now() - LONG - timedelta(seconds=1)
    ValueImport.objects.update(uploaded_at=then)
    value_import.history.update(history_date=then)


def taken_long_ago() -> None:
    """Let the worker have taken its task a minute ago."""
    DBTaskResult.objects.running().update(started_at=timezone.now() - timedelta(minutes=1))
