"""/api/v1/values/submissions/: values of departments' systems go the way of people's values."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from indicators.models import Assessment, Indicator, Plan, ReportingRound, ValueSubmission, YearlyValue
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry, delete_value
from indicators.services.workflow import approve_values, reopen_values, return_values
from portal.accounts.models import User
from portal.api.models import ApiClient
from regions.models import Department
from tests.factories import led_by
from tests.portal.api.clients import SUBMISSIONS, asking_as, client_with
from tests.portal.api.submitting import BUREAU, YEAR, post, problems, row, stored, submitted

pytestmark = pytest.mark.django_db


class TestWriting:
    """One way in for pages, files and systems."""

    def test_without_review_a_value_counts_at_once(self, asking: Client) -> None:
        answer = post(asking, row("27.60", source="自动监测", note="初步统计"))
        assert answer.status_code == 201, answer.content.decode()
        [each] = answer.json()["values"]
        assert {name: each[name] for name in ("indicator", "region", "value", "status", "revision", "unchanged")} == {
            "indicator": "bazhong-02",
            "region": "bazhong",
            "value": "27.6",
            "status": "approved",
            "revision": 1,
            "unchanged": False,
        }
        verdict = Assessment.objects.get(indicator__code="bazhong-02", year=YEAR)
        assert (each["verdict"], each["verdict_label"]) == (verdict.verdict, verdict.get_verdict_display())

    def test_the_history_names_client_and_way(self, asking: Client) -> None:
        post(asking, row())
        value = stored()
        history = value.history.get()
        assert (value.origin, value.value) == ("api", Decimal("27.6"))
        assert (str(history.history_user), history.channel) == ("接口：监测系统", "接口 监测系统")

    def test_under_review_it_is_handed_in_returned_and_approved(
        self, asking: Client, opened: ReportingRound, reviewer: User
    ) -> None:
        [each] = post(asking, row()).json()["values"]
        assert (each["status"], each["verdict"], each["verdict_label"]) == ("submitted", None, None)
        assert submitted(asking)[0]["decided_at"] is None
        return_values([stored()], comment="与公报不一致", person=reviewer, now=timezone.now())
        [listed] = submitted(asking)
        assert (listed["status"], listed["status_label"], listed["review_comment"]) == (
            "returned",
            "已退回",
            "与公报不一致",
        )
        assert listed["decided_at"] is not None
        [each] = post(asking, row("28.1")).json()["values"]
        assert (each["status"], each["revision"]) == ("submitted", 3)
        approve_values([stored()], person=reviewer, now=timezone.now())
        [listed] = submitted(asking)
        assert (listed["status"], listed["value"], listed["revision"]) == ("approved", "28.1", 4)
        assert listed["decided_at"] == timezone.localtime(stored().approved_at).isoformat()

    def test_drafts_are_the_clients_own(self, asking: Client, opened: ReportingRound, loaded_plans: None) -> None:
        [each] = post(asking, row(), as_draft=True).json()["values"]
        assert each["status"] == "draft"
        assert submitted(asking)[0]["status"] == "draft"
        colleague = asking_as(client_with("bazhong", name="另一系统", departments=(BUREAU,)))
        assert submitted(colleague) == []

    def test_the_same_once_more_changes_nothing(self, asking: Client) -> None:
        post(asking, row())
        [each] = post(asking, row()).json()["values"]
        assert (each["unchanged"], each["revision"]) == (True, 1)
        assert stored().history.count() == 1

    def test_a_correction_needs_a_reason(self, asking: Client) -> None:
        post(asking, row())
        answer = post(asking, row("26.9"))
        assert answer.status_code == 422
        assert problems(answer) == {"values.0.reason": "已审定的数值修改时请写明原因。"}
        assert post(asking, row("26.9", reason="公报更正")).status_code == 201
        assert (stored().value, stored().history.latest().history_change_reason) == (Decimal("26.9"), "公报更正")

    @pytest.mark.parametrize("sent", ["27.6", 27.6, "２７．６"])
    def test_figures_are_exact(self, sent: Any, asking: Client) -> None:
        assert post(asking, row(sent)).status_code == 201
        assert stored().value == Decimal("27.6")

    def test_a_county_is_named(self, asking: Client) -> None:
        answer = post(asking, row(region="bazhong-nanjiang"), row(region="nowhere", year=2023))
        assert answer.status_code == 422
        assert "没有分解到" in problems(answer)["values.0.region"]
        assert "没有这个地区" in problems(answer)["values.1.region"]


class TestAllOrNothing:
    """A batch is written as a whole."""

    def test_every_problem_of_every_row_is_told_and_nothing_is_written(self, asking: Client) -> None:
        answer = post(
            asking,
            row(),
            row(year=2019),
            row("约28", year=2023),
            row("277", indicator="bazhong-01"),
            row(indicator="bazhong-99"),
            row(indicator="liaoyuan-01"),
            row(colour="red", year="2024"),
            row(),
            "27.6",
        )
        assert answer.status_code == 422
        body = answer.json()
        assert (body["code"], body["field"]) == ("unprocessable", "")
        found = problems(answer)
        assert set(found) == {
            "values.1.year",
            "values.2.value",
            "values.3.value",
            "values.4.indicator",
            "values.5.indicator",
            "values.6.colour",
            "values.6.year",
            "values.7.year",
            "values.8",
        }
        assert "没有“liaoyuan-01”这个指标，或不在令牌的范围之内" in found["values.5.indicator"]
        assert not YearlyValue.objects.filter(year=YEAR, indicator__plan__slug="bazhong", origin="api").exists()
        assert not ValueSubmission.objects.exists()

    def test_twenty_are_written_by_as_many_queries_as_two(self, asking: Client, bureau: Department) -> None:
        def queries(codes: list[str]) -> int:
            with CaptureQueriesContext(connection) as captured:
                answer = post(asking, *[row("95", code) for code in codes])
            assert answer.status_code == 201, answer.content.decode()
            return len(captured)

        plan = led_by(bureau).plan
        ApiClient.objects.get().plans.add(plan)
        codes = [led_by(bureau, plan=plan).code for _ in range(24)]
        queries(codes[:2])
        assert queries(codes[2:4]) == queries(codes[4:])

    def test_too_many(self, asking: Client) -> None:
        answer = post(asking, *[row()] * 1001)
        assert (answer.status_code, answer.json()["code"]) == (413, "too_large")
        assert "1001" in answer.json()["message"]

    def test_too_large(self, asking: Client) -> None:
        assert post(asking, row(note="字" * 1_000_000)).status_code == 413


class TestWhoMay:
    """Token, department and scope decide, each for itself."""

    def test_a_token_that_only_reads(self, loaded_plans: None) -> None:
        answer = post(asking_as(client_with("bazhong")), row())
        assert (answer.status_code, answer.json()["code"]) == (403, "permission_denied")
        assert "只能读取" in answer.json()["message"]

    def test_an_indicator_that_another_department_leads(self, loaded_plans: None) -> None:
        client = client_with("bazhong", departments=("liaoyuan-ecology-environment",))
        answer = post(asking_as(client), row(), row(indicator="bazhong-01"))
        assert answer.status_code == 403
        assert set(problems(answer)) == {"values.0.indicator", "values.1.indicator"}
        assert "不是该指标的牵头单位" in problems(answer)["values.0.indicator"]

    def test_a_person_who_is_signed_in_reads_and_submits_nothing(self, client: Client, administrator: User) -> None:
        client.force_login(administrator)
        assert post(client, row()).status_code == 401
        assert submitted(client) == []

    def test_what_a_scope_no_longer_holds_is_not_listed(self, asking: Client, system: ApiClient) -> None:
        post(asking, row())
        assert len(submitted(asking)) == 1
        system.plans.set(Plan.objects.filter(slug="liaoyuan"))
        assert submitted(asking) == []
        assert post(asking, row("28", reason="更正")).status_code == 422

    def test_composites_and_findings_take_no_value(self, loaded_plans: None) -> None:
        asking = asking_as(client_with(departments=(BUREAU,)))
        composite = Indicator.objects.filter(components__isnull=False)[0]
        finding = Indicator.objects.filter(value_type="finding", components=None)[0]
        answer = post(asking, row(indicator=composite.code), row(indicator=finding.code))
        assert answer.status_code == 422
        assert "由分项决定" in problems(answer)["values.0.indicator"]
        assert "评定类指标" in problems(answer)["values.1.indicator"]

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_nothing_else_is_done(self, method: str, asking: Client) -> None:
        assert getattr(asking, method)(SUBMISSIONS).status_code == 405


class TestTwoAtOneValue:
    """Nobody is overwritten unseen, and nobody's draft is told."""

    def record(self, person: User, value: str, **fields: Any) -> YearlyValue:
        """A person's value."""
        indicator = Indicator.objects.select_related("plan__region").get(code="bazhong-02")
        entry = ValueEntry(indicator, indicator.plan.region, YEAR, Decimal(value), **fields)
        return record_value(entry, person=person, now=timezone.now(), as_draft=True)

    def test_a_persons_draft_is_not_overwritten_and_not_told(
        self, asking: Client, opened: ReportingRound, entry_staff: User
    ) -> None:
        self.record(entry_staff, "31.4159")
        answer = post(asking, row())
        assert (answer.status_code, answer.json()["code"]) == (409, "conflict")
        assert answer.json()["field"] == "values.0.revision"
        assert "31.4159" not in answer.content.decode()
        assert post(asking, row(revision=1)).status_code == 201
        assert stored().value == Decimal("27.6")

    def test_after_being_overtaken(self, asking: Client, opened: ReportingRound, entry_staff: User) -> None:
        post(asking, row())
        self.record(entry_staff, "31.4159", revision=1)
        [listed] = submitted(asking)
        assert (listed["status"], listed["value"], listed["revision"]) == ("replaced", "27.6", 2)
        assert "31.4159" not in json.dumps(listed)
        assert post(asking, row("28")).status_code == 409
        assert post(asking, row("28", revision=1)).status_code == 409
        assert post(asking, row("28", revision=2)).status_code == 201

    def test_an_approved_value_under_review_is_locked(
        self, asking: Client, opened: ReportingRound, reviewer: User
    ) -> None:
        post(asking, row())
        approve_values([stored()], person=reviewer, now=timezone.now())
        answer = post(asking, row("28", reason="更正"))
        assert answer.status_code == 409
        assert "已审定并锁定" in answer.json()["message"]
        assert post(asking, row()).json()["values"][0]["unchanged"] is True
        reopen_values([stored()], reason="更正", person=reviewer, now=timezone.now())
        assert post(asking, row("28")).status_code == 201

    def test_a_value_that_was_removed(self, asking: Client, system: ApiClient, entry_staff: User) -> None:
        post(asking, row())
        delete_value(stored(), reason="误填", person=entry_staff, now=timezone.now())
        [listed] = submitted(asking)
        assert (listed["status"], listed["status_label"], listed["revision"]) == ("removed", "已被删除", None)
        answer = post(asking, row(revision=1))
        assert answer.status_code == 409
        assert "已被删除" in answer.json()["message"]
        assert post(asking, row()).status_code == 201


class TestList:
    """A client reads what became of its own values."""

    def test_filters(self, asking: Client, opened: ReportingRound) -> None:
        post(asking, row(), row(year=2023, note="核实"), row("95", indicator="bazhong-01", note="核实"))
        assert len(submitted(asking)) == 3
        assert [each["year"] for each in submitted(asking, status="submitted")] == [YEAR, YEAR]
        assert [each["indicator"] for each in submitted(asking, indicator="bazhong-01")] == ["bazhong-01"]
        assert [each["year"] for each in submitted(asking, year=2023, plan="bazhong", region="bazhong")] == [2023]
        assert submitted(asking, status="removed,replaced") == []

    def test_what_it_does_not_know(self, asking: Client) -> None:
        answer = asking.get(
            SUBMISSIONS, {"plan": "liaoyuan", "status": "lost", "as_of": "2023-01-01", "state": "draft"}
        )
        assert answer.status_code == 400
        assert problems(answer).keys() == {"plan", "status", "as_of", "state"}

    def test_queries_do_not_grow_with_rows(self, asking: Client) -> None:
        def queries() -> int:
            with CaptureQueriesContext(connection) as captured:
                submitted(asking)
            return len(captured)

        post(asking, row())
        queries()
        few = queries()
        post(asking, row(year=2023, note="核实"), row("95", indicator="bazhong-01", note="核实"))
        assert queries() == few

    def test_as_a_file(self, asking: Client) -> None:
        post(asking, row(source="=1+1"))
        answer = asking.get(SUBMISSIONS, {"format": "csv"})
        content = b"".join(answer).decode("utf-8-sig")
        assert content.splitlines()[0].startswith("plan,indicator,region,year,value")
        assert "'=1+1" in content

    def test_an_unchanged_list_is_not_sent_again(self, asking: Client) -> None:
        post(asking, row())
        tag = asking.get(SUBMISSIONS)["ETag"]
        assert asking.get(SUBMISSIONS, headers={"if-none-match": tag}).status_code == 304
