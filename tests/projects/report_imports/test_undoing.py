"""An import of progress reports is undone as a whole, or discarded before it is confirmed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.test import Client

from indicators.models import ImportState, Plan, ReviewStatus
from portal.accounts.models import User
from projects.models import DeliveredQuantity, KeyProject, ProgressReport, ProjectAssessment, ReportImport
from projects.services.imports import check, confirm, receive, undo
from projects.services.recording import record_report
from projects.services.reports import ReportEntry
from projects.services.review import approve_reports
from tests.projects.report_imports.steps import HEADER, NOW, imported, quantities, table, upload

pytestmark = pytest.mark.django_db


class TestUndo:
    def test_it_brings_everything_back(
        self, signed_in: Client, charging: KeyProject, survey: KeyProject, staff: User
    ) -> None:
        piles, stations = charging.deliverables.all()
        entry = ReportEntry(
            charging,
            2022,
            project_status="construction",
            quantities={piles.pk: Decimal(40), stations.pk: Decimal(4)},
            problems="征地",
        )
        record_report(entry, person=staff, now=NOW, as_draft=True)
        DeliveredQuantity.objects.get(deliverable=stations).delete()
        data = table(
            ("公共充电设施", "充电桩", 45, "停缓建", 600, "资金", None),
            ("公共充电设施", "充电站", 5, None, None, None, None),
            ("土壤状况调查", None, None, "前期", None, None, None),
            header=(*HEADER[:3], "项目状态", "累计完成投资（万元）", "停缓建原因", "说明"),
        )
        assert "新增 1 份，修改 1 份" in imported(signed_in, data)
        done = ReportImport.objects.get()
        undone = undo(done, reason="文件拿错了", person=staff, now=NOW)
        assert undone.state == ImportState.UNDONE
        back = ProgressReport.objects.get()
        assert quantities(back) == {"充电桩": Decimal(40)}
        assert (back.project_status, back.status_reason, back.problems) == ("construction", "", "征地")
        assert (back.investment_paid, back.report_import, back.status) == (None, None, ReviewStatus.DRAFT)
        assert back.history.latest().history_change_reason == "撤销导入“进展表.xlsx”：文件拿错了"
        gone = ProgressReport.history.filter(project=survey).latest()
        assert (gone.history_type, gone.history_user) == ("-", staff)

    def test_verdicts_go_back_too(self, plan: Plan, charging: KeyProject, staff: User) -> None:
        rows = [("公共充电设施", name, 20, "在建", None, None, None) for name in ("充电桩", "充电站")]
        received = receive(ContentFile(table(*rows), name="表.xlsx"), plan, year=2021, quarter=0, person=staff, now=NOW)
        comparison = check(received, person=staff)
        assert comparison is not None
        confirm(received, stamp=comparison.file.stamp, as_draft=False, person=staff, now=NOW)
        assert ProjectAssessment.objects.get(project=charging, year=2021).verdict == "on_track"
        undo(received, reason="文件拿错了", person=staff, now=NOW)
        assert ProjectAssessment.objects.get(project=charging, year=2021).verdict == "awaiting_value"

    def test_not_when_a_report_was_touched_since(
        self, signed_in: Client, charging: KeyProject, survey: KeyProject, reviewer: User
    ) -> None:
        data = table(
            ("公共充电设施", "充电桩", 45, "在建", None, None, None), ("土壤状况调查", "", "", "前期", None, None, None)
        )
        imported(signed_in, data, "submit")
        approve_reports(ProgressReport.objects.filter(project=survey), person=reviewer, now=NOW)
        path = ReportImport.objects.get().get_absolute_url()
        page = signed_in.post(path, {"action": "undo", "reason": "文件拿错了"}).content.decode()
        assert "有 1 份后来又有改动，不能整体撤销：土壤状况调查（李审核）" in page
        assert 'value="文件拿错了"' in page
        assert ProgressReport.objects.count() == 2

    def test_it_needs_a_reason(self, signed_in: Client, survey: KeyProject) -> None:
        imported(signed_in, table(("土壤状况调查", "", "", "前期", None, None, None)))
        path = ReportImport.objects.get().get_absolute_url()
        assert "请写明撤销原因" in signed_in.post(path, {"action": "undo", "reason": " "}).content.decode()
        assert ProgressReport.objects.count() == 1


def test_discarding_stores_nothing(signed_in: Client, survey: KeyProject) -> None:
    page = upload(signed_in, table(("土壤状况调查", "", "", "前期", None, None, None)))
    path = page.redirect_chain[-1][0]
    assert "已放弃这次导入" in signed_in.post(path, {"action": "discard"}, follow=True).content.decode()
    assert not ProgressReport.objects.exists()
    assert "不能再做这一步" in signed_in.post(path, {"action": "draft", "stamp": "x"}).content.decode()
