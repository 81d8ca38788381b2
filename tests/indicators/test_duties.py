"""Who answers for an indicator, a measure or a project: assigned by a reviewer, with history, effective at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from indicators.models import Indicator, MeasureResponsibility, Responsibility, ReviewStatus, YearlyValue
from indicators.permissions import may_enter_value
from indicators.services.duties import (
    Assignment,
    DutyOwner,
    assign_departments,
    assign_together,
    assignable_departments,
    stamp,
    stamps,
)
from indicators.services.recording import record_value
from indicators.services.values import ValueEntry
from portal.accounts.models import User
from projects.models import KeyProject
from regions.channel import acting_through
from regions.models import AbstractResponsibility, Department, Region, Role
from tests.factories import (
    DepartmentFactory,
    IndicatorFactory,
    MeasureFactory,
    PlanFactory,
    RegionFactory,
    led_by,
    member_of,
)

pytestmark = pytest.mark.django_db
NOW = datetime(2023, 3, 1, 9, 0, tzinfo=UTC)
PAGE = "/review/indicators/the-indicator/departments/"


@pytest.fixture
def region() -> Region:
    """A city in a province, with a county below it."""
    city: Region = RegionFactory.create(name="巴城市", parent=RegionFactory.create(name="川省"))
    RegionFactory.create(name="江县", parent=city)
    return city


@pytest.fixture
def bureau(region: Region) -> Department:
    return DepartmentFactory.create(region=region, name="市生态环境局")


@pytest.fixture
def water(region: Region) -> Department:
    return DepartmentFactory.create(region=region, name="市水利局")


@pytest.fixture
def forestry(region: Region) -> Department:
    return DepartmentFactory.create(region=region, name="市林业局")


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


@pytest.fixture
def indicator(bureau: Department, water: Department) -> Indicator:
    """Led by 市水利局, coordinated by 市生态环境局; values go through review."""
    plan = PlanFactory.create(coordinating_department=bureau, review_required=True)
    return led_by(water, plan=plan, code="the-indicator", name="水土保持率")


@pytest.fixture
def signed_in(client: Client, reviewer: User) -> Client:
    client.force_login(reviewer)
    return client


def assign(
    owner: DutyOwner, person: User, lead: Sequence[Department], sharing: Sequence[Department] = (), **more: Any
) -> list[AbstractResponsibility]:
    stated = {"reason": "职能调整", "seen": stamp(owner)} | more
    return assign_departments(owner, lead=lead, participating=sharing, person=person, **stated)


def duties(indicator: Indicator) -> list[str]:
    return [str(duty) for duty in Responsibility.objects.filter(indicator=indicator)]


def records(indicator: Indicator) -> list[tuple[str, str, str | None]]:
    """Type, department and reason of the records that the reviewer made."""
    history = Responsibility.history.filter(indicator=indicator).exclude(history_user=None).order_by("history_id")
    return [(each.history_type, each.department.name, each.history_change_reason) for each in history]


class TestService:
    def test_rows_are_replaced_and_each_is_recorded(
        self, indicator: Indicator, reviewer: User, water: Department, forestry: Department, bureau: Department
    ) -> None:
        assign(indicator, reviewer, [water], [bureau])
        assign(indicator, reviewer, [forestry], [water], basis="巴府办〔2023〕1号", reason="机构改革")
        assert duties(indicator) == ["牵头：市林业局", "责任：市水利局"]
        assert {duty.basis for duty in indicator.responsibilities.all()} == {"巴府办〔2023〕1号"}
        assert records(indicator) == [
            ("~", "市水利局", "职能调整"),
            ("+", "市生态环境局", "职能调整"),
            ("-", "市生态环境局", "机构改革"),
            ("+", "市林业局", "机构改革"),
            ("~", "市水利局", "机构改革"),
        ]

    def test_the_new_lead_enters_at_once_and_the_old_one_no_more(
        self, indicator: Indicator, reviewer: User, water: Department, forestry: Department
    ) -> None:
        old, new = member_of(water, Role.ENTRY), member_of(forestry, Role.ENTRY)
        assign(indicator, reviewer, [forestry])
        assert not may_enter_value(old, indicator)
        assert may_enter_value(new, indicator)

    def test_without_a_lead_the_coordinating_department_leads(
        self, indicator: Indicator, reviewer: User, bureau: Department, forestry: Department
    ) -> None:
        assign(indicator, reviewer, [], [forestry])
        assert may_enter_value(member_of(bureau, Role.ENTRY), indicator)
        assert not may_enter_value(member_of(forestry, Role.ENTRY), indicator)

    def test_drafts_stay_and_the_new_lead_goes_on_with_them(
        self, client: Client, indicator: Indicator, reviewer: User, water: Department, forestry: Department
    ) -> None:
        entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal("71.25"), source="水土保持公报")
        record_value(entry, person=member_of(water, Role.ENTRY), now=NOW, as_draft=True)
        assign(indicator, reviewer, [forestry])
        assert YearlyValue.objects.get(indicator=indicator).status == ReviewStatus.DRAFT
        client.force_login(member_of(forestry, Role.ENTRY))
        assert 'value="71.25"' in client.get(f"/entry/{indicator.plan.slug}/2021/").content.decode()

    def test_a_department_is_not_both(self, indicator: Indicator, reviewer: User, water: Department) -> None:
        with pytest.raises(ValidationError, match="市水利局同时选了牵头和责任"):
            assign(indicator, reviewer, [water], [water])
        assert duties(indicator) == ["牵头：市水利局"]

    def test_departments_belong_to_the_region_or_next_to_it(self, indicator: Indicator, reviewer: User) -> None:
        city = indicator.plan.region
        county, province = city.children.get(), city.parent
        sister = RegionFactory.create(parent=province)
        near = [DepartmentFactory.create(region=each, name="应急局") for each in (province, county)]
        far = [DepartmentFactory.create(region=each, name="农业局") for each in (sister, RegionFactory.create())]
        own = Department.objects.filter(region=city)
        assert set(assignable_departments(indicator.plan)) == {*own, *near}
        for department in far:
            with pytest.raises(ValidationError, match="农业局不属于巴城市"):
                assign(indicator, reviewer, [department])
        assign(indicator, reviewer, near)
        assert duties(indicator) == ["牵头：应急局", "牵头：应急局"]

    def test_a_plan_of_a_region_without_one_above(self) -> None:
        bureau = DepartmentFactory.create()
        DepartmentFactory.create()
        plan = PlanFactory.create(coordinating_department=bureau)
        assert list(assignable_departments(plan)) == [bureau]

    @pytest.mark.parametrize(
        ("more", "words"),
        [({"reason": " "}, "请写明调整原因"), ({"reason": "改" * 501}, "最多 500 字"), ({"basis": "文" * 201}, "200")],
    )
    def test_it_says_why(
        self, indicator: Indicator, reviewer: User, forestry: Department, more: dict[str, Any], words: str
    ) -> None:
        with pytest.raises(ValidationError, match=words):
            assign(indicator, reviewer, [forestry], **more)
        assert duties(indicator) == ["牵头：市水利局"]

    def test_nothing_is_written_when_nothing_changes(
        self, indicator: Indicator, reviewer: User, water: Department
    ) -> None:
        with pytest.raises(ValidationError, match="与现在的分工相同"):
            assign(indicator, reviewer, [water])
        assert records(indicator) == []
        assign(indicator, reviewer, [water], basis="巴府办〔2023〕1号")
        with pytest.raises(ValidationError, match="与现在的分工相同"):
            assign(indicator, reviewer, [water], basis="巴府办〔2023〕1号")

    def test_who_was_faster_is_named(
        self, indicator: Indicator, reviewer: User, bureau: Department, forestry: Department
    ) -> None:
        seen = stamp(indicator)
        assign(indicator, reviewer, [forestry])
        other = member_of(bureau, Role.REVIEWER)
        with pytest.raises(ValidationError, match="李审核在您打开本页之后调整了"):
            assign(indicator, other, [bureau], seen=seen)
        assert duties(indicator) == ["牵头：市林业局"]


class TestOtherOwners:
    def test_a_measure_is_assigned_in_the_same_way(
        self, indicator: Indicator, reviewer: User, water: Department, forestry: Department
    ) -> None:
        measure = MeasureFactory.create(plan=indicator.plan)
        seen = stamp(measure)
        assign(measure, reviewer, [water], [forestry], seen=seen)
        assert [str(duty) for duty in measure.responsibilities.all()] == ["牵头：市水利局", "责任：市林业局"]
        (first, _) = MeasureResponsibility.history.filter(measure=measure).order_by("history_id")
        assert (first.history_user, first.history_change_reason) == (reviewer, "职能调整")
        with pytest.raises(ValidationError, match="李审核在您打开本页之后调整了本任务的责任部门"):
            assign(measure, reviewer, [forestry], seen=seen)
        with pytest.raises(PermissionDenied):
            assign(measure, member_of(water, Role.ENTRY), [forestry])

    def test_a_key_project_too(self, reviewer: User, loaded_plans: None) -> None:
        project = KeyProject.objects.filter(group__column__plan__slug="bazhong")[0]
        bureau = project.plan.coordinating_department
        assign(project, member_of(bureau, Role.REVIEWER), [bureau])
        assert [str(duty) for duty in project.responsibilities.all()] == [f"牵头：{bureau}"]
        with pytest.raises(PermissionDenied):
            assign(project, reviewer, [])

    def test_a_duty_of_an_indicator_does_not_touch_the_stamp_of_a_measure(
        self, indicator: Indicator, reviewer: User, forestry: Department
    ) -> None:
        measure = MeasureFactory.create(plan=indicator.plan)
        before = stamp(measure)
        assign(indicator, reviewer, [forestry])
        assert stamp(measure) == before


class TestTogether:
    @pytest.fixture
    def second(self, indicator: Indicator, water: Department) -> Indicator:
        return led_by(water, plan=indicator.plan, code="second-indicator", name="河湖水域面积")

    def test_stamps_of_many_are_those_of_each(
        self, indicator: Indicator, second: Indicator, reviewer: User, forestry: Department
    ) -> None:
        third = IndicatorFactory.create(plan=indicator.plan)
        assign(second, reviewer, [forestry])
        with CaptureQueriesContext(connection) as captured:
            found = stamps([indicator, second, third])
        assert len(captured) == 1
        assert found == {each.pk: stamp(each) for each in (indicator, second, third)}
        assert stamps([]) == {}

    def test_all_are_assigned_for_one_reason(
        self, indicator: Indicator, second: Indicator, reviewer: User, forestry: Department
    ) -> None:
        wanted = [Assignment(each, [forestry], [], stamp(each)) for each in (second, indicator)]
        assign_together(wanted, reason="机构改革", basis="巴府办〔2023〕1号", person=reviewer)
        assert duties(indicator) == duties(second) == ["牵头：市林业局"]
        assert records(second) == [("-", "市水利局", "机构改革"), ("+", "市林业局", "机构改革")]

    def test_none_is_assigned_where_one_is_refused_and_every_refusal_is_told(
        self, indicator: Indicator, second: Indicator, reviewer: User, forestry: Department, water: Department
    ) -> None:
        third = led_by(water, plan=indicator.plan)
        seen = {each.pk: stamp(each) for each in (indicator, second, third)}
        assign(second, reviewer, [], [forestry])
        wanted = [Assignment(each, [forestry], [], seen[each.pk]) for each in (indicator, second)]
        wanted.append(Assignment(third, [water], [water], seen[third.pk]))
        with pytest.raises(ValidationError) as refused:
            assign_together(wanted, reason="机构改革", person=reviewer)
        messages = refused.value.message_dict
        assert messages.keys() == {str(second.pk), str(third.pk)}
        assert "李审核在您打开本页之后调整了" in messages[str(second.pk)][0]
        assert duties(indicator) == ["牵头：市水利局"]
        assert records(indicator) == []

    def test_a_reason_is_asked_once(self, indicator: Indicator, reviewer: User, forestry: Department) -> None:
        with pytest.raises(ValidationError) as refused:
            assign_together([Assignment(indicator, [forestry], [], stamp(indicator))], reason="", person=reviewer)
        assert refused.value.messages == ["请写明调整原因，有关部门会看到。"]


class TestPage:
    def text(self, response: Any) -> str:
        return str(response.content.decode())

    def form(self, indicator: Indicator, **changes: Any) -> dict[str, Any]:
        return {"seen": stamp(indicator), "reason": "机构改革", "basis": ""} | changes

    def test_it_says_who_answers_now_and_on_what_basis(
        self, signed_in: Client, indicator: Indicator, reviewer: User, forestry: Department
    ) -> None:
        page = self.text(signed_in.get(PAGE))
        assert "规划原文" in page
        assign(indicator, reviewer, [forestry], basis="巴府办〔2023〕1号", reason="机构改革")
        page = self.text(signed_in.get(PAGE))
        for words in ("巴府办〔2023〕1号", "李审核", "机构改革"):
            assert words in page
        assert f'name="lead" value="{forestry.code}" checked' in page
        assign(indicator, reviewer, [])
        assert "没有指定牵头单位，由统筹部门<strong>市生态环境局</strong>牵头" in self.text(signed_in.get(PAGE))

    def test_a_department_is_assigned_and_the_timeline_says_so(
        self, signed_in: Client, indicator: Indicator, water: Department, forestry: Department
    ) -> None:
        form = self.form(indicator, lead=[forestry.code], participating=[water.code], basis="巴府办〔2023〕1号")
        assert "已保存新的责任部门" in self.text(signed_in.post(PAGE, form, follow=True))
        assert duties(indicator) == ["牵头：市林业局", "责任：市水利局"]
        page = self.text(signed_in.get("/indicators/the-indicator/"))
        for words in (
            "修改 责任部门",
            "途径：责任部门页面",
            "<del>市水利局</del>",
            "<ins>市林业局</ins>",
            "原因：机构改革",
            "依据：<ins>巴府办〔2023〕1号</ins>",
        ):
            assert words in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"reason": ""}, "请写明调整原因"),
            ({"participating": ["water"]}, "同时选了牵头和责任"),
            ({"lead": ["no-such-department"]}, "有一个部门不能选"),
            ({"seen": "0"}, "请核对页面上现在的分工"),
        ],
    )
    def test_what_is_refused_keeps_what_was_typed(
        self, signed_in: Client, indicator: Indicator, water: Department, changes: dict[str, Any], words: str
    ) -> None:
        Department.objects.filter(pk=water.pk).update(code="water")
        typed = self.form(indicator, lead=["water"], basis="巴府办〔2023〕1号") | changes
        page = self.text(signed_in.post(PAGE, typed))
        assert words in page
        assert 'value="巴府办〔2023〕1号"' in page
        if "lead" not in changes:
            assert 'name="lead" value="water" checked' in page
        assert duties(indicator) == ["牵头：市水利局"]

    def test_after_somebody_was_faster_saving_again_is_meant(
        self, signed_in: Client, indicator: Indicator, bureau: Department, forestry: Department
    ) -> None:
        typed = self.form(indicator, lead=[forestry.code])
        assign(indicator, member_of(bureau, Role.REVIEWER, full_name="王审核"), [bureau])
        page = self.text(signed_in.post(PAGE, typed))
        assert "王审核在您打开本页之后" in page
        assert f'value="{stamp(indicator)}"' in page
        signed_in.post(PAGE, self.form(indicator, lead=[forestry.code]))
        assert duties(indicator) == ["牵头：市林业局"]

    def test_departments_keep_their_order(
        self, signed_in: Client, indicator: Indicator, reviewer: User, bureau: Department, water: Department
    ) -> None:
        assign(indicator, reviewer, [water, bureau])
        third = DepartmentFactory.create(region=indicator.plan.region, name="市城管局")
        form = self.form(indicator, lead=[bureau.code, water.code, third.code])
        signed_in.post(PAGE, form)
        assert duties(indicator) == ["牵头：市水利局", "牵头：市生态环境局", "牵头：市城管局"]

    def test_unfinished_values_are_announced(self, signed_in: Client, indicator: Indicator, water: Department) -> None:
        entry = ValueEntry(indicator, indicator.plan.region, 2021, Decimal("71.25"), source="水土保持公报")
        record_value(entry, person=member_of(water, Role.ENTRY), now=NOW, as_draft=True)
        assert "还有 1 项草稿或退回的数值" in self.text(signed_in.get(PAGE))

    def test_a_composite_leads_to_its_components(self, signed_in: Client, indicator: Indicator) -> None:
        component = IndicatorFactory.create(plan=indicator.plan, parent=indicator, name="其中：耕地")
        page = self.text(signed_in.get(PAGE))
        assert f'href="/review/indicators/{component.code}/departments/"' in page

    def test_reviewers_find_it_and_others_do_not(
        self, client: Client, indicator: Indicator, reviewer: User, bureau: Department
    ) -> None:
        stranger = member_of(DepartmentFactory.create(), Role.REVIEWER)
        for person, status in ((reviewer, 200), (stranger, 403), (member_of(bureau, Role.ENTRY), 403)):
            client.force_login(person)
            assert client.get(PAGE).status_code == status
            if status == 403:
                assert client.post(PAGE, self.form(indicator)).status_code == 403
            links = PAGE in self.text(client.get("/indicators/the-indicator/"))
            assert links is (status == 200)
        client.force_login(reviewer)
        assert PAGE in self.text(client.get("/indicators/the-indicator/targets/"))
        assert client.get("/review/indicators/no-such/departments/").status_code == 404

    def test_it_costs_the_same_for_many(
        self, signed_in: Client, indicator: Indicator, reviewer: User, bureau: Department
    ) -> None:
        # session, user, indicator, roles, permission; duties, records, departments, stamp, unfinished, components
        counts = []
        for number in (2, 18):
            new = DepartmentFactory.create_batch(number, region=indicator.plan.region)
            with acting_through("程序"):
                assign(indicator, reviewer, new)
            signed_in.get(PAGE)
            with CaptureQueriesContext(connection) as captured:
                assert signed_in.get(PAGE).status_code == 200
            counts.append(len(captured))
        assert counts == [11, 11], [query["sql"] for query in captured]
