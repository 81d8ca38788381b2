"""Properties of reading targets: descriptions and JSON lead back to the rule, and no text is too strange."""

from __future__ import annotations

import json

from hypothesis import example, given, settings
from hypothesis import strategies as st

from indicators.core import vocabulary
from indicators.core.wording import normalise
from indicators.targets import TargetRule, parse_target
from tests.indicators.core.rule_strategies import rules

#: Pieces that real and damaged wordings are made of; put together at random they reach every branch of the grammar.
PIECES = [
    *(*vocabulary.LIMITS_BEFORE, *vocabulary.LIMITS_BEHIND, *vocabulary.NEUTRAL_LEADS, *vocabulary.HELD),
    *(*vocabulary.STEADILY, *vocabulary.RISING, *vocabulary.FALLING, *vocabulary.FULFIL, *vocabulary.HANDED_DOWN),
    *("；", "，", "、", "或", "且", "并", "。", "每年", "累计", "〔", "〕", "比2020年", "2025年底前", "左右", "~", "—"),
    *("$", "-", "\\geq", "\\%", "Ⅲ", "劣", "V", "类", "%", "‰", "亿", "万亩", "μg/m3", "（单位：个）", "（越高越好）"),
    *("0", "27.0", "1,184", "省下达", "上级", "无", "面积", "NaN", "\u00a0", "²", "１", "\ud7ff", "\x00"),
]
wordings = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=10).map("".join)
directions = st.sampled_from([None, "higher", "lower", "none"])


@given(rules)
@settings(max_examples=500, deadline=None)
def test_a_description_is_read_back_to_the_same_rule(rule: TargetRule) -> None:
    assert parse_target(rule.describe()) == rule


@given(rules, directions)
@settings(deadline=None)
def test_a_description_means_the_same_for_any_indicator(rule: TargetRule, direction: str | None) -> None:
    assert parse_target(rule.describe(), direction=direction, unit="公顷") == rule


@given(rules)
@settings(deadline=None)
def test_json_is_read_back_to_the_same_rule(rule: TargetRule) -> None:
    assert TargetRule.from_json(json.loads(json.dumps(rule.to_json()))) == rule


@given(wordings, directions, st.sampled_from(["", "%", "μg/m3", "羽次"]) | st.text(max_size=8))
@example("(" * 5000, "higher", "%")
@example("保持在" * 3000, "higher", "%")
@settings(max_examples=1000, deadline=None)
def test_no_text_is_too_strange(wording: str, direction: str | None, unit: str) -> None:
    rule = parse_target(wording, direction=direction, unit=unit)
    assert rule.wording == wording
    assert parse_target(rule.describe()) == rule
    assert TargetRule.from_json(rule.to_json()) == rule


@given(wordings)
@settings(deadline=None)
def test_normalising_twice_changes_nothing(wording: str) -> None:
    assert normalise(normalise(wording)) == normalise(wording)
