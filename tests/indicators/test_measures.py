"""What a measure serves and who answers for it: said by a reviewer, with history, nothing overwritten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from indicators.models import Indicator, Measure, MeasureResponsibility
from indicators.services.measures import measure_stamp, revise_measure
from portal.accounts.models import User
from regions.models import Department, DutyRole, Role
from tests.factories import DepartmentFactory, IndicatorFactory, MeasureFactory, PlanFactory, member_of

pytestmark = pytest.mark.django_db
PAGE = "/review/measures/the-measure/"


@pytest.fixture
def bureau() -> Department:
    return DepartmentFactory.create(name="市生态环境局")


@pytest.fixture
def water(bureau: Department) -> Department:
    return DepartmentFactory.create(region=bureau.region, name="市水利局")


@pytest.fixture
def measure(bureau: Department, water: Department) -> Measure:
    """Led by 市水利局; serves 水土保持率."""
    plan = PlanFactory.create(slug="the-plan", coordinating_department=bureau)
    measure: Measure = MeasureFactory.create(plan=plan, code="the-measure", title="治理水土流失")
    measure.indicators.add(IndicatorFactory.create(plan=plan, code="soil", name="水土保持率", position=1))
    MeasureResponsibility.objects.create(measure=measure, department=water, role=DutyRole.LEAD)
    return measure


@pytest.fixture
def cover(measure: Measure) -> Indicator:
    return IndicatorFactory.create(plan=measure.plan, code="cover", name="森林覆盖率", position=2)


@pytest.fixture
def reviewer(bureau: Department) -> User:
    return member_of(bureau, Role.REVIEWER, full_name="李审核")


def revise(measure: Measure, person: User, indicators: Sequence[Indicator], **more: Any) -> None:
    stated = {
        "lead": [duty.department for duty in measure.responsibilities.all()],
        "participating": [],
        "reason": "细化落实",
        "seen": measure_stamp(measure),
    } | more
    revise_measure(measure, indicators=indicators, person=person, **stated)


def served(measure: Measure) -> list[str]:
    return list(measure.indicators.order_by("position").values_list("name", flat=True))


def duties(measure: Measure) -> list[str]:
    return [str(duty) for duty in MeasureResponsibility.objects.filter(measure=measure)]


class TestService:
    def test_indicators_are_linked_and_the_record_says_who_and_why(
        self, measure: Measure, cover: Indicator, reviewer: User
    ) -> None:
        duty_records = MeasureResponsibility.history.count()
        revise(measure, reviewer, [cover])
        assert served(measure) == ["森林覆盖率"]
        last = measure.history.latest("history_id")
        assert (last.history_user, last.history_change_reason) == (reviewer, "细化落实")
        assert [row.indicator for row in last.indicators.all()] == [cover]
        assert MeasureResponsibility.history.count() == duty_records

    def test_departments_are_assigned_and_the_links_get_no_record(
        self, measure: Measure, reviewer: User, bureau: Department
    ) -> None:
        records = measure.history.count()
        revise(measure, reviewer, list(measure.indicators.all()), lead=[bureau], basis="巴府办1号")
        assert duties(measure) == ["牵头：市生态环境局"]
        assert measure.history.count() == records

    def test_both_or_nothing(self, measure: Measure, cover: Indicator, reviewer: User) -> None:
        with pytest.raises(ValidationError, match="外局不属于"):
            revise(measure, reviewer, [cover], lead=[DepartmentFactory.create(name="外局")])
        assert served(measure) == ["水土保持率"]

    @pytest.mark.parametrize(
        ("more", "words"),
        [({"reason": " "}, "请写明调整原因"), ({}, "与现在的内容相同"), ({"seen": "0-0"}, "您的内容没有保存")],
    )
    def test_it_says_why(self, measure: Measure, reviewer: User, more: dict[str, Any], words: str) -> None:
        with pytest.raises(ValidationError, match=words):
            revise(measure, reviewer, list(measure.indicators.all()), **more)

    def test_an_indicator_of_another_plan_is_refused(self, measure: Measure, reviewer: User) -> None:
        with pytest.raises(ValidationError, match="不属于本规划"):
            revise(measure, reviewer, [IndicatorFactory.create()])

    def test_who_was_faster_is_named(
        self, measure: Measure, cover: Indicator, reviewer: User, bureau: Department
    ) -> None:
        seen = measure_stamp(measure)
        other = member_of(bureau, Role.REVIEWER, full_name="王审核")
        for change in ({"indicators": [cover]}, {"indicators": [cover], "lead": [bureau]}):
            revise(measure, other, **change)
            with pytest.raises(ValidationError, match="王审核在您打开本页之后调整了本任务"):
                revise(measure, reviewer, [], seen=seen)
        assert served(measure) == ["森林覆盖率"]

    def test_only_reviewers_of_the_plan(self, measure: Measure, cover: Indicator, bureau: Department) -> None:
        for person in (member_of(bureau, Role.ENTRY), member_of(DepartmentFactory.create(), Role.REVIEWER)):
            with pytest.raises(PermissionDenied):
                revise(measure, person, [cover])


class TestPage:
    def text(self, response: Any) -> str:
        return str(response.content.decode())

    def form(self, measure: Measure, **changes: Any) -> dict[str, Any]:
        water = measure.responsibilities.get().department
        stated = {"indicators": ["soil"], "lead": [water.code], "reason": "细化落实", "basis": ""}
        return stated | {"seen": measure_stamp(measure)} | changes

    def test_a_measure_is_revised_and_the_plans_page_tells(
        self, client: Client, measure: Measure, cover: Indicator, reviewer: User, bureau: Department
    ) -> None:
        client.force_login(reviewer)
        page = self.text(client.get(PAGE))
        assert 'value="soil" checked' in page
        changes = self.form(measure, indicators=["soil", "cover"], lead=[bureau.code], basis="巴府办1号")
        page = self.text(client.post(PAGE, changes, follow=True))
        assert "已保存任务“治理水土流失”" in page
        assert served(measure) == ["水土保持率", "森林覆盖率"]
        history = page[page.index("最近的调整") :]
        for words in (
            "修改 治理水土流失对应的指标",
            "<ins>水土保持率、森林覆盖率</ins>",
            "修改 治理水土流失的责任部门",
            "<ins>市生态环境局</ins>",
            "途径：任务页面",
            "原因：细化落实",
        ):
            assert words in history

    def test_replacing_an_indicator_is_one_line_of_history(
        self, client: Client, measure: Measure, cover: Indicator, reviewer: User
    ) -> None:
        client.force_login(reviewer)
        page = self.text(client.post(PAGE, self.form(measure, indicators=["cover"]), follow=True))
        assert page.count("修改 治理水土流失对应的指标") == 1
        assert "<del>水土保持率</del>" in page

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"reason": ""}, "请写明调整原因"),
            ({"indicators": ["cover", "no-such"]}, "有一项指标不能选"),
            ({"lead": ["no-such"]}, "有一个部门不能选"),
            ({"seen": "0-0"}, "请核对页面上现在的内容"),
        ],
    )
    def test_what_is_refused_keeps_what_was_typed(
        self,
        client: Client,
        measure: Measure,
        cover: Indicator,
        reviewer: User,
        changes: dict[str, Any],
        words: str,
    ) -> None:
        client.force_login(reviewer)
        typed = self.form(measure, indicators=["cover"], basis="巴府办1号") | changes
        page = self.text(client.post(PAGE, typed))
        assert words in page
        assert 'value="巴府办1号"' in page
        assert 'value="cover" checked' in page
        assert served(measure) == ["水土保持率"]
        assert f'value="{measure_stamp(measure)}"' in page

    def test_reviewers_find_it_and_others_do_not(
        self, client: Client, measure: Measure, reviewer: User, bureau: Department
    ) -> None:
        people = (
            (reviewer, 200),
            (member_of(bureau, Role.ENTRY), 403),
            (member_of(DepartmentFactory.create(), Role.REVIEWER), 403),
        )
        for person, status in people:
            client.force_login(person)
            assert client.get(PAGE).status_code == status
            assert (PAGE in self.text(client.get("/plans/the-plan/measures/"))) is (status == 200)
            if status == 403:
                assert client.post(PAGE, self.form(measure)).status_code == 403
        client.force_login(reviewer)
        assert client.get("/review/measures/no-such/").status_code == 404
        client.logout()
        assert client.post(PAGE, self.form(measure)).status_code == 302
