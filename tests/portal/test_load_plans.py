"""manage.py load_plans: complete, repeatable, and all problems of a wrong file at once with nothing half-loaded."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from decimal import Decimal
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from indicators.models import Assessment, Indicator, Plan, Target, YearlyValue
from indicators.targets import TargetRule
from portal.accounts.models import User
from regions.models import Department

pytestmark = pytest.mark.django_db

PLAN = """
plan:
  slug: trial
  title: 某县规划
  region: banan
  period_start: 2021
  period_end: 2025
  baseline_year: 2020
  target_year: 2025
  coordinating_department: 区生态环境局
categories:
  - {key: water, name: 水环境}
indicators:
  - code: trial-01
    name: 断面水质达标率
    unit: "%"
    category: water
    constraint: binding
    direction: higher
    origin: table
    section: 第二章
    baseline: {value: "90", text: "90*", note: 初步数}
    target: {wording: ≥95}
    lead: [区生态环境局]
"""


@pytest.fixture
def files(tmp_path: Path, loaded_plans: None) -> Path:
    """A directory with the project's regions, topics and rosters, and no plan but a small trial one."""
    shutil.copytree(settings.BASE_DIR / "fixtures", tmp_path / "fixtures")
    directory = tmp_path / "fixtures"
    for path in (directory / "plans").glob("*.yaml"):
        path.unlink()
    (directory / "published_values.yaml").write_text("[]", encoding="utf-8")
    (directory / "plans" / "trial.yaml").write_text(PLAN, encoding="utf-8")
    return directory


@pytest.fixture
def changed(files: Path) -> Callable[[str, str], Path]:
    """Replaces a text in the trial plan and gives the directory."""

    def change(old: str, new: str) -> Path:
        path = files / "plans" / "trial.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")
        return files

    return change


def load(directory: Path | None = None) -> str:
    """Run the command; gives what it printed."""
    output = StringIO()
    call_command("load_plans", *([directory] if directory else []), stdout=output)
    return output.getvalue()


def test_loading_again_changes_nothing(loaded_plans: None) -> None:
    history = Indicator.history.count()
    assert "新增 0 条，更新 0 条" in load()
    assert Indicator.history.count() == history


def test_a_small_plan_is_loaded_judged_and_understood(files: Path) -> None:
    load(files)
    indicator = Indicator.objects.get(code="trial-01")
    rule = TargetRule.from_json(Target.objects.get(indicator=indicator).rule)
    assert rule.describe() == "不低于95"
    assert indicator.baselines.get().text == "90*"
    assert indicator.assessments.count() == 5
    assert set(indicator.assessments.values_list("verdict", flat=True)) == {"awaiting_value"}


def test_a_corrected_file_updates_and_keeps_history(changed: Callable[[str, str], Path], files: Path) -> None:
    load(files)
    load(changed("断面水质达标率", "国控断面水质达标率"))
    indicator = Indicator.objects.get(code="trial-01")
    assert indicator.name == "国控断面水质达标率"
    assert [record.name for record in indicator.history.all()] == ["国控断面水质达标率", "断面水质达标率"]


def test_what_a_person_changed_is_kept_and_listed(
    changed: Callable[[str, str], Path], files: Path, administrator: User
) -> None:
    load(files)
    indicator = Indicator.objects.get(code="trial-01")
    indicator.name = "改过的名称"
    indicator._history_user = administrator  # type: ignore[attr-defined]
    indicator.save()
    printed = load(changed("断面水质达标率", "国控断面水质达标率"))
    indicator.refresh_from_db()
    assert indicator.name == "改过的名称"
    assert "保留人工修改：trial-01 改过的名称" in printed


def test_a_rule_chosen_by_hand_survives_until_the_wording_changes(
    changed: Callable[[str, str], Path], files: Path
) -> None:
    load(files)
    target = Target.objects.get(indicator__code="trial-01")
    by_hand = {"wording": "≥95", "unit": "%", "problems": [], "all": [{"any": [{"kind": "finding"}]}]}
    Target.objects.filter(pk=target.pk).update(rule=by_hand, rule_by_hand=True)
    load(files)
    target.refresh_from_db()
    assert target.rule == by_hand
    load(changed("≥95", "≥96"))
    target.refresh_from_db()
    assert TargetRule.from_json(target.rule).describe() == "不低于96"
    assert not target.rule_by_hand


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lead: [区生态环境局]", "lead: [区环保局]", "trial.yaml · trial-01：部门“区环保局”不在巴南区的部门名录中"),
        ("region: banan", "region: nowhere", "trial.yaml · trial.yaml · plan：没有标识为“nowhere”的地区"),
        ("category: water", "category: air", "trial.yaml · trial-01：规划中没有标识为“air”的类别"),
        ("constraint: binding", "constraint: strict", "“constraint”的值“strict”"),
        ('value: "90"', "value: 约90", "trial-01 · baseline：“value”的值“约90”"),
        ("section: 第二章", "setion: 第二章", "trial-01：不认识的键“setion”"),
        ("    name: 断面水质达标率\n", "", "trial-01：缺少“name”"),
        ("baseline_year: 2020", "baseline_year: 2025", "trial.yaml · plan：年份次序不对"),
        ("code: trial-01\n", "code: trial-01\n    topic: no-such\n", "没有标识为“no-such”的指标主题"),
        ("indicators:", "indicators: [", "无法读取"),
        ("direction: higher", "direction: abc", "“direction”的值“abc”"),
        ("baseline_year: 2020", "baseline_year: 二〇二〇", "“baseline_year”应是 1949 至 2100 之间的年份"),
        ("target_year: 2025", "target_year: 99999999999", "“target_year”应是 1949 至 2100 之间的年份"),
        ("region: banan", "region: [banan]", "“region”应是文字"),
        ("coordinating_department: 区生态环境局", "coordinating_department: {}", "“coordinating_department”应是文字"),
        ("category: water", "category: [water]", "“category”应是文字"),
        ("category: water", "category: water\n    topic: {a: b}", "“topic”应是文字"),
        ("    name: 断面水质达标率", "    name: [断面水质达标率]", "“name”的值“['断面水质达标率']”：应是文字"),
        ("period_start: 2021", "period_start: yes", "“period_start”应是"),
        ("target_year: 2025", "target_year: 2025\n  published_on: 2022-13-45", "无法读取"),
        ("{wording: ≥95}", "{wording: ≥95, year: 2019}", "trial-01：目标年应在 2021 至 2025 年之间"),
        (
            'value: "90"',
            'value: "967"',
            "trial-01 · baseline：967 超出可能范围：应不大于 100%。是否漏了小数点（96.7）？",
        ),
    ],
)
def test_a_wrong_file_is_refused_with_file_entry_and_reason(
    changed: Callable[[str, str], Path], old: str, new: str, problem: str
) -> None:
    with pytest.raises(CommandError, match="未写入任何内容") as refusal:
        load(changed(old, new))
    assert problem in str(refusal.value)
    assert not Plan.objects.filter(slug="trial").exists()


def test_every_problem_is_reported_at_once(changed: Callable[[str, str], Path]) -> None:
    changed("lead: [区生态环境局]", "lead: [区环保局, 区园林局]")
    with pytest.raises(CommandError, match="共 3 处问题") as refusal:
        load(changed("category: water\n    constraint", "category: water\n    topic: none\n    constraint"))
    assert "区环保局" in str(refusal.value)
    assert "区园林局" in str(refusal.value)


def test_an_entry_that_stands_twice_is_a_problem(files: Path) -> None:
    path = files / "plans" / "trial.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + text[text.index("  - code: trial-01") :], encoding="utf-8")
    with pytest.raises(CommandError, match="重复"):
        load(files)


def test_departments_are_found_by_alias(changed: Callable[[str, str], Path], files: Path) -> None:
    roster = files / "departments" / "banan.yaml"
    roster.write_text(
        roster.read_text(encoding="utf-8").replace(
            "    name: 区生态环境局\n", "    name: 区生态环境局\n    aliases: [区环保局]\n", 1
        ),
        encoding="utf-8",
    )
    load(changed("lead: [区生态环境局]", "lead: [区环保局]"))
    duty = Indicator.objects.get(code="trial-01").responsibilities.get()
    assert duty.department == Department.objects.get(code="banan-ecology-environment")


def test_published_values_are_loaded_with_their_source(loaded_plans: None) -> None:
    value = YearlyValue.objects.get(indicator__code="bazhong-02", year=2024)
    assert value.value is not None
    assert f"{value.value:f}" == "28.5000"
    assert value.source == "媒体报道；全市；发布：2025-04-24"
    assert value.source_url == "http://cnchenbao.com/stzg/20251124/1450.html"


def test_a_published_figure_of_2020_is_a_baseline_with_its_source(loaded_plans: None) -> None:
    baseline = Indicator.objects.get(code="banan-p10").baselines.get()
    assert (baseline.value, baseline.year) == (Decimal(334), 2020)
    assert "big5.china.com.cn" in baseline.source
    assert baseline.note == "规划原文未列基期值，采用公开发布的数值。"


PUBLISHED = """
- indicator: trial-01
  year: 2021
  value: "91"
  as: value
  scope: 全区
  source_url: https://example.org/1
  published: "2022-01-01"
  year_basis: the source names the year
  confidence: press
"""
COMPONENT = """    components:
      - code: trial-01-1
        name: 国控断面
        unit: "%"
        direction: higher
        target: {wording: ≥95}
"""


@pytest.mark.parametrize(
    ("old", "new", "figure", "problem"),
    [
        ("", "", "967", "967 超出可能范围：应不大于 100%"),
        ("", "", "-1", "应不小于 0%"),
        ("", "", "NaN", "“value”应是数值，不能是“NaN”"),
        ("direction: higher", "direction: lower\n    value_type: finding", "1", "该指标不填数值，请选择评定结论"),
        ("direction: higher", "direction: lower\n    value_type: grade", "9", "水质类别请填 1 至 6"),
        ("    lead: [", COMPONENT + "    lead: [", "91", "该指标由分项指标汇总评价，本身不填数值"),
    ],
)
def test_published_values_pass_the_checks_of_every_other_input(
    changed: Callable[[str, str], Path], files: Path, old: str, new: str, figure: str, problem: str
) -> None:
    changed('baseline: {value: "90", text: "90*", note: 初步数}', "baseline: {text: 一般}")
    if old:
        changed(old, new)
    (files / "published_values.yaml").write_text(PUBLISHED.replace('"91"', f'"{figure}"'), encoding="utf-8")
    with pytest.raises(CommandError, match="未写入任何内容") as refusal:
        load(files)
    assert "trial-01（第 1 条）" in str(refusal.value)
    assert problem in str(refusal.value)


@pytest.mark.parametrize(
    ("new", "complaint"),
    [
        ("direction: lower\n    measure: cumulative_rate", "应不大于 100%"),
        ("direction: lower\n    value_type: grade", "水质类别请填 1 至 6"),
    ],
)
def test_printed_baselines_lie_within_the_same_bounds(
    changed: Callable[[str, str], Path], new: str, complaint: str
) -> None:
    changed('value: "90"', 'value: "109"')
    with pytest.raises(CommandError, match=complaint):
        load(changed("direction: higher", new))


def test_a_division_code_belongs_to_one_region(files: Path) -> None:
    path = files / "regions.yaml"
    code = next(region for region in yaml.safe_load(path.read_text(encoding="utf-8")) if region.get("division_code"))
    extra = f"""
- {{slug: twin, name: 某区, level: county, division_code: "{code["division_code"]}"}}
"""
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    with pytest.raises(CommandError, match="twin：该行政区划代码已被另一个地区使用"):
        load(files)


def test_a_directory_without_plans_is_a_problem(files: Path) -> None:
    (files / "plans" / "trial.yaml").unlink()
    with pytest.raises(CommandError, match="没有规划文件"):
        load(files)
    (files / "plans").rmdir()
    with pytest.raises(CommandError, match="没有规划文件"):
        load(files)


def test_only_plans_with_changes_are_judged(changed: Callable[[str, str], Path], files: Path) -> None:
    load(files)
    before = dict(Assessment.objects.values_list("pk", "judged_at"))
    assert "新增 0 条，更新 0 条" in load(files)
    assert dict(Assessment.objects.values_list("pk", "judged_at")) == before
    load(changed("≥95", "≥96"))
    judged_anew = Assessment.objects.exclude(judged_at__in=set(before.values()))
    assert set(judged_anew.values_list("indicator__plan__slug", flat=True)) == {"trial"}
    assert judged_anew.count() == 5
