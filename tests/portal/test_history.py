"""What the history says of a change: who, when, from what to what, why, and by which way it came in."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from simple_history.utils import bulk_create_with_history

from indicators.models import Indicator, Mention, Plan, Responsibility, Target, YearlyValue
from indicators.series import SeriesKey
from indicators.services.rounds import move_deadline, open_round
from indicators.services.targets import delete_version
from indicators.services.workflow import reopen_values
from portal.accounts.models import User
from regions.channel import LONGEST_CHANNEL, acting_through
from regions.history import LONGEST_REASON, attribute
from regions.models import Department, DutyRole, Membership, Region, Role
from tests.factories import DepartmentFactory, IndicatorFactory, PlanFactory, RegionFactory, YearlyValueFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)


def newest(record: Any) -> Any:
    """The newest history record."""
    return record.history.latest()


def value_2024() -> YearlyValue:
    """A published value of Bazhong."""
    return YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)


def test_every_history_keeps_the_channel() -> None:
    histories = [model for model in apps.get_models() if hasattr(model, "history_change_reason")]
    assert len(histories) > 20
    for model in histories:
        assert model._meta.get_field("channel").get_internal_type() == "CharField"
        assert model._meta.get_field("history_change_reason").get_internal_type() == "TextField"


class TestChannel:
    """By which way a change came in."""

    def test_outside_of_everything_it_is_the_program(self) -> None:
        assert newest(RegionFactory.create()).channel == "程序"

    def test_the_innermost_name_counts_and_ends(self) -> None:
        with acting_through("接口 巴中市大数据局"):
            with acting_through("表格导入"):
                inner: Region = RegionFactory.create()
            outer: Region = RegionFactory.create()
        assert (newest(inner).channel, newest(outer).channel) == ("表格导入", "接口 巴中市大数据局")
        assert newest(RegionFactory.create()).channel == "程序"

    def test_a_long_name_is_cut(self) -> None:
        with acting_through("接" * 300):
            assert newest(RegionFactory.create()).channel == "接" * LONGEST_CHANNEL

    def test_rows_written_in_bulk_have_it(self) -> None:
        indicator = IndicatorFactory.create()
        rows = [Mention(indicator=indicator, section=f"第{number}章", wording="≥95") for number in range(3)]
        with acting_through("命令 load_plans"):
            bulk_create_with_history(rows, Mention)
        assert set(Mention.history.filter(indicator=indicator).values_list("channel", flat=True)) == {"命令 load_plans"}

    def test_the_entry_sheet(self, client: Client, entry_staff: User) -> None:
        client.force_login(entry_staff)
        indicator = Indicator.objects.get(code="bazhong-02")
        row = SeriesKey(indicator.pk, indicator.plan.region_id)
        cells = {f"value-{row}": "27.6", f"source-{row}": "公报", f"note-{row}": "已核对"}
        client.post("/entry/bazhong/2021/", cells)
        record = newest(YearlyValue.objects.get(indicator=indicator, year=2021))
        assert (record.channel, record.history_user) == ("填报表", entry_staff)

    def test_the_review_page(self, client: Client, reviewer: User) -> None:
        client.force_login(reviewer)
        Plan.objects.filter(slug="bazhong").update(review_required=True)
        value = value_2024()
        posted = {"step": "reopen", "value": [f"{value.pk}:{value.revision}"], "comment": "公报更正"}
        client.post("/review/bazhong/2024/?state=approved", posted)
        record = newest(value)
        assert (record.channel, record.history_change_reason) == ("审核页面", "公报更正")

    def test_the_admin(self, client: Client, administrator: User, bureau: Department) -> None:
        client.force_login(administrator)
        form = {"code": bureau.code, "region": bureau.region_id, "name": "市生态环境局（更名）", "kind": bureau.kind}
        inline = {"aliases-TOTAL_FORMS": "0", "aliases-INITIAL_FORMS": "0"}
        address = reverse("admin:regions_department_change", args=[bureau.pk])
        assert client.post(address, form | inline).status_code == 302
        assert newest(bureau).channel == "管理后台"

    def test_the_password_page(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        new = "Bashan-Green-2025"
        form = {"old_password": "a long enough password", "new_password1": new, "new_password2": new}
        client.post("/password/", form)
        assert newest(leader).channel == "账号页面"

    def test_a_command(self) -> None:
        """Whatever is started through manage.py is named by its command."""
        code = "from regions.channel import current_channel; print(current_channel())"
        command = [sys.executable, "manage.py", "shell", "--verbosity", "0", "--command", code]
        root: Path = settings.BASE_DIR
        ran = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)  # noqa: S603  our own
        assert ran.stdout.splitlines()[-1] == "命令 shell"


class TestReasons:
    """Why: as long as a person needs, and never left out where it is asked for."""

    def test_a_long_reason_is_kept_whole(self, entry_staff: User, client: Client) -> None:
        client.force_login(entry_staff)
        value = value_2024()
        reason = "公报更正" * 120
        form = {"value": "28.4", "source": "公报", "reason": reason, "seen_revision": value.revision}
        response = client.post(reverse("admin:indicators_yearlyvalue_change", args=[value.pk]), form)
        assert response.status_code == 302
        assert newest(value).history_change_reason == reason

    def test_a_reason_that_is_too_long_is_refused(self, administrator: User) -> None:
        with pytest.raises(ValidationError, match=f"最多 {LONGEST_REASON} 字，您写了 501 字"):
            attribute(value_2024(), person=administrator, reason="改" * 501)

    def test_the_services_ask_for_it(self, reviewer: User, loaded_plans: None) -> None:
        plan = Plan.objects.get(slug="bazhong")
        opened = open_round(plan, 2023, deadline=date(2024, 3, 31), person=reviewer, now=NOW)
        with pytest.raises(ValidationError, match="请写明调整原因"):
            move_deadline(opened, deadline=date(2024, 4, 30), reason=" ", person=reviewer)
        opened.refresh_from_db()
        assert opened.deadline == date(2024, 3, 31)
        target = Target.objects.get(indicator__code="bazhong-02")
        with pytest.raises(ValidationError, match="请写明删除原因"):
            delete_version(target, reason="", person=reviewer, now=NOW)
        with pytest.raises(ValidationError, match="请写明重新打开的原因"):
            reopen_values([value_2024()], reason="", person=reviewer, now=NOW)

    def test_a_target_is_deleted_with_a_reason_only(self, client: Client, reviewer: User) -> None:
        client.force_login(reviewer)
        target = Target.objects.get(indicator__code="bazhong-02")
        address = reverse("admin:indicators_target_delete", args=[target.pk])
        assert "删除原因" in client.get(address).content.decode()
        page = client.post(address, {"post": "yes"}, follow=True).content.decode()
        assert "请写明删除原因" in page
        client.post(address, {"post": "yes", "reason": "重复登记"})
        assert Target.history.filter(id=target.pk).latest().history_change_reason == "重复登记"


class TestAdminTable:
    """The history of a record in the admin."""

    def test_it_reads_as_an_office_writes(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        value = value_2024()
        value.approved_at, value.value, value.source = NOW, "31.5000", ""
        attribute(value, person=administrator, reason="核对后更正")
        with acting_through("表格导入"):
            value.save()
        page = client.get(reverse("admin:indicators_yearlyvalue_history", args=[value.pk])).content.decode()
        for words in ("表格导入", "核对后更正", "→ 31.5<", "→ 2023年3月1日 17:00", "→ （空）"):
            assert words in page
        assert "+00:00" not in page

    def test_records_from_before_say_that_their_way_is_not_known(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        value = value_2024()
        YearlyValue.history.filter(id=value.pk).update(channel="")
        page = client.get(reverse("admin:indicators_yearlyvalue_history", args=[value.pk])).content.decode()
        assert "未记录" in page

    def test_choices_and_departments_are_named(self, client: Client, administrator: User, entry_staff: User) -> None:
        client.force_login(administrator)
        membership = entry_staff.memberships.get()
        membership.role = Role.REVIEWER
        membership.save()
        address = reverse("admin:regions_membership_history", args=[membership.pk])
        assert "填报 → 审核" in client.get(address).content.decode()


class TestRoles:
    """Which departments and roles a person had, on the page of the account."""

    def test_the_account_leads_to_it(self, client: Client, administrator: User, entry_staff: User) -> None:
        client.force_login(administrator)
        page = client.get(reverse("admin:accounts_user_change", args=[entry_staff.pk])).content.decode()
        assert f'href="{reverse("admin:accounts_user_history", args=[entry_staff.pk])}"' in page

    def test_roles_that_ended_are_named_too(
        self, client: Client, administrator: User, entry_staff: User, bureau: Department
    ) -> None:
        client.force_login(administrator)
        membership = entry_staff.memberships.get()
        membership.role = Role.REVIEWER
        attribute(membership, person=administrator, reason="岗位调整")
        membership.save()
        attribute(membership, person=administrator, reason="调离")
        membership.delete()
        page = client.get(reverse("admin:accounts_user_history", args=[entry_staff.pk])).content.decode()
        place = f"{bureau.region.name} {bureau.name}"
        for words in (
            f"（无） → {place} · 填报",
            f"{place} · 填报 → {place} · 审核",
            f"{place} · 审核 → （取消）",
            "岗位调整",
            "调离",
        ):
            assert words in page

    def test_a_role_that_moved_to_somebody_else(
        self, client: Client, administrator: User, entry_staff: User, leader: User
    ) -> None:
        client.force_login(administrator)
        Membership.objects.filter(user=leader).delete()
        membership = entry_staff.memberships.get()
        membership.user = leader
        membership.save()
        page = client.get(reverse("admin:accounts_user_history", args=[entry_staff.pk])).content.decode()
        assert f"人员改为 {leader}" in page

    def test_an_old_record_of_an_account_is_not_saved_again(
        self, client: Client, administrator: User, entry_staff: User
    ) -> None:
        client.force_login(administrator)
        version = newest(entry_staff).history_id
        address = reverse("admin:accounts_user_simple_history", args=[entry_staff.pk, version])
        assert client.post(address, {"username": "anders"}).status_code == 403


class TestTimeline:
    """修改记录 on the page of an indicator."""

    def page(self, client: Client, indicator: Indicator) -> str:
        return str(client.get(f"/indicators/{indicator.code}/").content.decode())

    def test_it_names_the_way(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        value = YearlyValueFactory.create(value=91)
        with acting_through("接口 巴中市大数据局"):
            value.value = 92
            value.save()
        assert "途径：接口 巴中市大数据局" in self.page(client, value.indicator)

    def test_a_finding_is_called_one(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        indicator = IndicatorFactory.create(value_type="finding")
        YearlyValueFactory.create(indicator=indicator, finding="partly")
        page = self.page(client, indicator)
        assert "新增 2021 年评定结论" in page
        assert "<ins>部分达成</ins>" in page

    def test_departments_stand_as_whole_assignments(self, client: Client, leader: User) -> None:
        client.force_login(leader)
        plan = PlanFactory.create()
        indicator = IndicatorFactory.create(plan=plan)
        for position, name in enumerate(("市水利局", "市林业局", "市城管局")):
            Responsibility.objects.create(
                indicator=indicator,
                department=DepartmentFactory.create(region=plan.region, name=name),
                role=DutyRole.LEAD if position == 0 else DutyRole.PARTICIPATING,
                position=position,
            )
        page = self.page(client, indicator)
        assert page.count("新增 责任部门") == 1
        assert "牵头单位：<ins>市水利局</ins>" in page
        assert "责任单位：<ins>市林业局、市城管局</ins>" in page
