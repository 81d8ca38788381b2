"""Loading once more beside people's work: what they deleted stays deleted, corrected files correct, nothing grows."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError
from django.db.models import Model

from indicators.models import Assessment, Indicator, Measure, Mention, Responsibility, Target, YearlyValue
from indicators.services.duties import assign_departments, stamp
from portal.accounts.models import User
from projects.models import Deliverable, KeyProject
from regions.history import attribute
from regions.models import Department, Region
from tests.portal.test_load_plans import PLAN, PUBLISHED, load

pytestmark = pytest.mark.django_db

FULL_PLAN = (
    PLAN
    + """
    participating: [区委督查室]
    mentions: [{section: 第三章, wording: 达到95%}]
  - code: trial-02
    name: 河道巡查次数
    unit: 次
    category: water
    constraint: expected
    direction: higher
    origin: table
    section: 第二章
    target: {wording: ≥12}
measures:
  items:
    - {code: trial-m1, title: 治理水体, participating: [区委督查室], indicators: [trial-01, trial-02]}
    - {code: trial-m2, title: 巡查河道}
columns:
  - label: 专栏1
    number: 1
    title: 水体治理
    section: 第四章
    groups:
      - projects:
          - code: trial-c01-01
            name: 截污管网
            kind: facility
            places: [banan]
            lead: [区委督查室]
            deliverables:
              - {name: 管网, quantity: "3", unit: 公里, wording: 管网3公里}
              - {name: 泵站, quantity: "2", unit: 座, wording: 泵站2座}
"""
)


@pytest.fixture
def files(tmp_path: Path, loaded_plans: None) -> Path:
    """A directory with one small plan of everything, loaded once."""
    shutil.copytree(settings.BASE_DIR / "fixtures", tmp_path / "fixtures")
    directory = tmp_path / "fixtures"
    for path in (directory / "plans").glob("*.yaml"):
        path.unlink()
    (directory / "plans" / "trial.yaml").write_text(FULL_PLAN, encoding="utf-8")
    (directory / "published_values.yaml").write_text(PUBLISHED, encoding="utf-8")
    load(directory)
    return directory


@pytest.fixture
def corrected(files: Path) -> Callable[[str, str], str]:
    """Replaces a text in the plan, loads, and gives what was printed."""

    def correct(old: str, new: str) -> str:
        path = files / "plans" / "trial.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return load(files)

    return correct


def delete(row: Model, person: User) -> None:
    """Delete as the admin does for a person."""
    attribute(row, person=person)
    row.delete()


def test_loading_again_writes_no_history(files: Path) -> None:
    counts = [model.history.count() for model in (Measure, KeyProject, Indicator, Responsibility)]
    assert "新增 0 条，更新 0 条，新增关联 0 条，按文件更正删除 0 条，保留人工修改 0 条，文件中已没有 0 条" in load(
        files
    )
    assert [model.history.count() for model in (Measure, KeyProject, Indicator, Responsibility)] == counts


@pytest.mark.parametrize(
    ("model", "query"),
    [
        (Responsibility, {"indicator__code": "trial-01", "role": "participating"}),
        (Mention, {"indicator__code": "trial-01"}),
        (Target, {"indicator__code": "trial-02"}),
        (YearlyValue, {"indicator__code": "trial-01"}),
        (Measure, {"code": "trial-m1"}),
        (Indicator, {"code": "trial-02"}),
        (Deliverable, {"project__code": "trial-c01-01", "position": 2}),
        (KeyProject, {"code": "trial-c01-01"}),
    ],
)
def test_what_a_person_deleted_does_not_come_back(
    files: Path, administrator: User, model: Any, query: dict[str, Any]
) -> None:
    row = model.objects.get(**query)
    delete(row, administrator)
    for _ in range(2):
        printed = load(files)
        assert not model.objects.filter(**query).exists()
        assert "新增 0 条" in printed
        assert "保留人工修改 1 条" in printed
        assert "已被人工删除" in printed


def test_what_a_person_deleted_and_made_again_is_left_alone(files: Path, administrator: User) -> None:
    mention = Mention.objects.get(indicator__code="trial-01")
    again = Mention(indicator=mention.indicator, section=mention.section, wording=mention.wording)
    delete(mention, administrator)
    attribute(again, person=administrator)
    again.save()
    assert "新增 0 条，更新 0 条" in load(files)
    assert "保留人工修改 0 条" in load(files)


def test_links_that_a_person_took_away_stay_away_and_extra_ones_stay(files: Path, administrator: User) -> None:
    measure, project = Measure.objects.get(code="trial-m1"), KeyProject.objects.get(code="trial-c01-01")
    measure.indicators.remove(Indicator.objects.get(code="trial-02"))
    measure.indicators.add(Indicator.objects.get(code="bazhong-02"))
    project.places.add(Region.objects.get(slug="bazhong"))
    history = Measure.history.count(), KeyProject.history.count()
    printed = load(files)
    assert "新增关联 0 条" in printed
    assert "保留人工修改：治理水体 → trial-02 河道巡查次数，关联已被人工删除" in printed
    assert set(measure.indicators.values_list("code", flat=True)) == {"trial-01", "bazhong-02"}
    assert (Measure.history.count(), KeyProject.history.count()) == history


def test_a_link_that_the_corrected_file_adds_is_added_and_counted(corrected: Callable[[str, str], str]) -> None:
    printed = corrected("title: 巡查河道", "title: 巡查河道, indicators: [trial-02]")
    assert "新增关联 1 条" in printed
    assert Measure.objects.get(code="trial-m2").indicators.get().code == "trial-02"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    section: 第四章\n", "    section: 第四章\n    measures: [trial-m2]\n"),
        ("      - projects:\n", "      - measures: [trial-m2]\n        projects:\n"),
        ("            kind: facility\n", "            kind: facility\n            measures: [trial-m2, trial-m2]\n"),
    ],
)
def test_a_project_serves_the_measures_of_its_column_its_group_and_its_own(
    corrected: Callable[[str, str], str], old: str, new: str
) -> None:
    assert "新增关联 1 条" in corrected(old, new)
    project = KeyProject.objects.get(code="trial-c01-01")
    assert project.measures.get().code == "trial-m2"
    assert project.places.get().slug == "banan"


def test_a_measure_that_a_person_took_from_a_project_stays_away(
    corrected: Callable[[str, str], str], files: Path
) -> None:
    corrected(
        "            kind: facility\n", "            kind: facility\n            measures: [trial-m1, trial-m2]\n"
    )
    project = KeyProject.objects.get(code="trial-c01-01")
    project.measures.remove(Measure.objects.get(code="trial-m1"))
    assert "保留人工修改：截污管网 → 治理水体，关联已被人工删除" in load(files)
    assert project.measures.get().code == "trial-m2"


def test_a_measure_that_no_file_knows_is_a_problem(corrected: Callable[[str, str], str]) -> None:
    with pytest.raises(CommandError, match="专栏1：没有代码为“trial-m9”的任务"):
        corrected("    section: 第四章\n", "    section: 第四章\n    measures: [trial-m9]\n")


def test_money_is_loaded_with_its_source(corrected: Callable[[str, str], str]) -> None:
    money = '            investment: {amount: "1200", unit: 万元, wording: 投资1200万元, source: 中央资金}\n'
    corrected("            kind: facility\n", "            kind: facility\n" + money)
    project = KeyProject.objects.get(code="trial-c01-01")
    assert (project.investment_amount, project.investment_unit) == (Decimal(1200), "万元")
    assert (project.investment_wording, project.investment_source) == ("投资1200万元", "中央资金")


def test_what_the_file_no_longer_names_is_listed_and_stays(corrected: Callable[[str, str], str]) -> None:
    corrected("    - {code: trial-m2, title: 巡查河道}\n", "")
    printed = corrected('              - {name: 泵站, quantity: "2", unit: 座, wording: 泵站2座}\n', "")
    assert "文件中已没有：任务“巡查河道”（trial-m2）" in printed
    assert "文件中已没有：建设内容“泵站 2座”（trial-c01-01 / 2）" in printed
    assert "文件中已没有 2 条" in printed
    assert Measure.objects.filter(code="trial-m2").exists()


def test_what_a_person_added_is_not_listed(files: Path, administrator: User) -> None:
    own = Measure(plan=Indicator.objects.get(code="trial-01").plan, code="own", title="自拟任务")
    attribute(own, person=administrator)
    own.save()
    assert "文件中已没有 0 条" in load(files)


def test_a_department_that_the_corrected_file_drops_is_removed_with_history(
    corrected: Callable[[str, str], str],
) -> None:
    printed = corrected("    participating: [区委督查室]\n", "")
    assert "按文件更正删除：责任分工“责任：区委督查室”（trial-01 / " in printed
    indicator = Indicator.objects.get(code="trial-01")
    assert [duty.department.name for duty in indicator.responsibilities.all()] == ["区生态环境局"]
    newest = Responsibility.history.filter(indicator=indicator).order_by("-history_id").first()
    assert newest is not None
    assert (newest.history_type, newest.history_change_reason) == ("-", "载入规划文件")
    assert "新增 1 条" in corrected("    mentions:", "    participating: [区委督查室]\n    mentions:")


def test_a_department_that_a_person_added_survives_a_corrected_file(
    corrected: Callable[[str, str], str], administrator: User
) -> None:
    duty = Responsibility.objects.get(indicator__code="trial-01", role="participating")
    attribute(duty, person=administrator)
    duty.save()
    assert "按文件更正删除 0 条" in corrected("    participating: [区委督查室]\n", "")
    assert Responsibility.objects.filter(pk=duty.pk).exists()


class TestAssignedDepartments:
    """A reviewer's assignment stands as a whole, whatever the files say afterwards."""

    @pytest.fixture
    def assign(self, files: Path, administrator: User) -> Callable[[list[str], list[str]], Indicator]:
        """Assigns departments of the region by name to trial-01."""

        def assigned(lead: list[str], participating: list[str]) -> Indicator:
            indicator = Indicator.objects.select_related("plan__region").get(code="trial-01")
            named = {each.name: each for each in Department.objects.filter(region=indicator.plan.region)}
            assign_departments(
                indicator,
                lead=[named[name] for name in lead],
                participating=[named[name] for name in participating],
                reason="职能调整",
                seen=stamp(indicator),
                person=administrator,
            )
            return indicator

        return assigned

    def duties(self, indicator: Indicator) -> list[str]:
        return [str(duty) for duty in Responsibility.objects.filter(indicator=indicator)]

    def test_it_survives_loading(self, files: Path, assign: Callable[..., Indicator]) -> None:
        indicator = assign(["区政府督查室"], ["区生态环境局"])
        for _ in range(2):
            printed = load(files)
            assert "新增 0 条，更新 0 条" in printed
            assert "按文件更正删除 0 条，保留人工修改 1 条" in printed
            assert "保留人工修改：trial-01" in printed
            assert "责任部门由人工指定" in printed
            assert self.duties(indicator) == ["牵头：区政府督查室", "责任：区生态环境局"]

    def test_a_corrected_file_adds_and_removes_nothing(
        self, corrected: Callable[[str, str], str], assign: Callable[..., Indicator]
    ) -> None:
        indicator = assign(["区生态环境局"], [])
        corrected("    participating: [区委督查室]", "    participating: [区委督查室, 区政府督查室]")
        assert self.duties(indicator) == ["牵头：区生态环境局"]
        corrected("    lead: [区生态环境局]\n", "")
        assert self.duties(indicator) == ["牵头：区生态环境局"]

    @pytest.mark.parametrize(
        ("owner", "line"),
        [
            (lambda: Measure.objects.get(code="trial-m1"), "title: 治理水体, participating: [区委督查室"),
            (lambda: KeyProject.objects.get(code="trial-c01-01"), "lead: [区委督查室"),
        ],
        ids=["measure", "project"],
    )
    def test_measures_and_projects_keep_theirs_too(
        self,
        corrected: Callable[[str, str], str],
        administrator: User,
        owner: Callable[[], Measure | KeyProject],
        line: str,
    ) -> None:
        named, bureau = owner(), Department.objects.get(region__slug="banan", name="区生态环境局")
        assign_departments(
            named, lead=[bureau], participating=[], reason="职能调整", seen=stamp(named), person=administrator
        )
        assert "责任部门由人工指定" in corrected(line, f"{line}, 区政府督查室")
        assert [str(duty) for duty in named.responsibilities.all()] == ["牵头：区生态环境局"]

    def test_leaving_it_to_the_coordinating_department_survives_too(
        self, files: Path, assign: Callable[..., Indicator]
    ) -> None:
        indicator = assign([], [])
        load(files)
        assert self.duties(indicator) == []


def test_a_target_whose_year_moved_stands_once(corrected: Callable[[str, str], str]) -> None:
    assert "按文件更正删除 1 条" in corrected("{wording: ≥95}", "{wording: ≥95, year: 2024}")
    assert Target.objects.get(indicator__code="trial-01").year == 2024
    assert Assessment.objects.filter(indicator__code="trial-01").count() == 4


def test_a_mention_whose_wording_is_corrected_stands_once(corrected: Callable[[str, str], str]) -> None:
    corrected("达到95%", "达到95%以上")
    assert Mention.objects.get(indicator__code="trial-01").wording == "达到95%以上"
