"""Departments in a cell: who leads, who shares."""

from __future__ import annotations

import pytest

from indicators.workbook.duties import duties_in, names_in


@pytest.mark.parametrize(
    ("text", "leading", "sharing"),
    [
        ("市林业局", [], ["市林业局"]),
        ("市自然资源局、市林业局", [], ["市自然资源局", "市林业局"]),
        ("市水利局；市林业局", [], ["市水利局", "市林业局"]),
        ("市水利局 市林业局", [], ["市水利局", "市林业局"]),
        ("市生态环境局牵头，市直相关部门按职责分工负责", ["市生态环境局"], ["市直相关部门"]),
        ("市住建局、市城管局牵头，市财政局配合", ["市住建局", "市城管局"], ["市财政局"]),
        ("市生态环境局（牵头）、市水利局", [], ["市生态环境局", "市水利局"]),
        ("市公安局、市生态环境局、市交通运输局按职责分工负责", [], ["市公安局", "市生态环境局", "市交通运输局"]),
        (
            "责任单位：市水利局，各区县党委和人民政府，巴中经开区",
            [],
            ["市水利局", "各区县党委和人民政府", "巴中经开区"],
        ),
        ("—", [], []),
        ("", [], []),
    ],
)
def test_duties_are_split_as_printed(text: str, leading: list[str], sharing: list[str]) -> None:
    assert duties_in(text) == (leading, sharing)


def test_a_column_of_leads_lists_names_one_a_line() -> None:
    assert names_in("市自然资源和规划局\n市林业局") == ["市自然资源和规划局", "市林业局"]
