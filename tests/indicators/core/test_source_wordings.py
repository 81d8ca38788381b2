"""Every target wording of the five source documents, and the rule that it is read as.

A row holds the wording as printed, the direction of the indicator, the kinds of its clauses (joined by + where all must
hold, by | where one is enough) and the rule in the words of `describe()`. A wording of several documents is listed with
the first.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from indicators.targets import parse_target

PLANS = Path(__file__).resolve().parents[3] / "fixtures" / "plans"

Row = tuple[str, str, str, str]

#: 巴中市“十四五”生态环境保护规划
BAZHONG: list[Row] = [
    ("完成省考核目标", "higher", "assigned", "完成上级下达目标"),
    ("<27.0", "lower", "threshold", "低于27.0"),
    ("100", "higher", "reach", "达到100（越高越好）"),
    ("0", "lower", "reach", "达到0（越低越好）"),
    ("完成省定目标", "lower", "assigned", "完成上级下达目标"),
    ("完成省定目标", "higher", "assigned", "完成上级下达目标"),
    ("完成国家和省下达的主要污染物减排目标任务", "higher", "assigned", "完成上级下达目标"),
    ("未经依法审批,面积不减少,性质不改变,功能不降低", "none", "finding", "由审核人员评定"),
    ("生态保护红线、一般生态空间面积不减少", "none", "hold", "不低于基期水平"),
    ("≥73.5", "higher", "threshold", "不低于73.5"),
    ("不低于现状水平并保持稳定", "higher", "hold+hold", "不低于基期水平；保持基期水平"),
    ("不低于现有水平", "higher", "hold", "不低于基期水平"),
    ("≥95", "higher", "threshold", "不低于95"),
    ("不低于95%", "higher", "threshold", "不低于95%"),
    (">63", "higher", "threshold", "高于63"),
    ("森林覆盖率、森林蓄积量巩固提升", "higher", "change", "比基期上升"),
    ("森林覆盖率保持稳定", "higher", "hold", "保持基期水平"),
    ("", "higher", "missing", "原文未列目标"),
    ("提高非化石能源消费占比", "higher", "change", "比基期上升"),
    ("保持在100%", "higher", "reach", "达到100%（越高越好）"),
    ("≥98", "higher", "threshold", "不低于98"),
    ("达到98%", "higher", "reach", "达到98%（越高越好）"),
    ("≥96", "higher", "threshold", "不低于96"),
    ("达96%以上", "higher", "threshold", "不低于96%"),
    ("≥99", "higher", "threshold", "不低于99"),
    ("不低于99%", "higher", "threshold", "不低于99%"),
    ("≥75", "higher", "threshold", "不低于75"),
    ("75%行政村农村生活污水得到有效治理", "higher", "reach", "达到75%（越高越好）"),
    ("巩固提升", "higher", "change", "比基期上升"),
    ("保持在全省前位", "none", "finding", "由审核人员评定"),
    ("面积不减少", "higher", "hold", "不低于基期水平"),
    ("建立较为完善", "none", "finding", "由审核人员评定"),
    ("完成省下达目标任务", "higher", "assigned", "完成上级下达目标"),
    ("5个", "higher", "reach", "达到5个（越高越好）"),
    ("省星级现代农业园区5个", "higher", "reach", "达到5个（越高越好）"),
    ("20个", "higher", "reach", "达到20个（越高越好）"),
    ("改造提升市级园区20个", "higher", "reach", "达到20个（越高越好）"),
    ("8000辆", "higher", "reach", "达到8000辆（越高越好）"),
    ("不低于90%", "higher", "threshold", "不低于90%"),
    ("达到30亿立方米", "higher", "reach", "达到30亿立方米（越高越好）"),
    ("5万千瓦", "higher", "reach", "达到5万千瓦（越高越好）"),
    ("通江5万千瓦风电项目", "higher", "reach", "达到5万千瓦（越高越好）"),
    ("达到100亿元", "higher", "reach", "达到100亿元（越高越好）"),
    ("达到80%", "higher", "reach", "达到80%（越高越好）"),
    ("不低于50%", "higher", "threshold", "不低于50%"),
    ("达到90%", "higher", "reach", "达到90%（越高越好）"),
    ("实现碳达峰", "none", "finding", "由审核人员评定"),
    ("完成“一园一策”废气治理方案编制", "none", "finding", "由审核人员评定"),
    ("全覆盖", "none", "finding", "由审核人员评定"),
    ("不低于92%", "higher", "threshold", "不低于92%"),
    ("达90%以上", "higher", "threshold", "不低于90%"),
    ("控制在10%以内", "lower", "threshold", "不高于10%"),
    ("达到95%以上", "higher", "threshold", "不低于95%"),
    ("达到100%", "higher", "reach", "达到100%（越高越好）"),
    ("全部整治到位", "none", "finding", "由审核人员评定"),
    ("完成所有入河排污口规范化整治", "none", "finding", "由审核人员评定"),
    ("完成全市入河排污口排查整治工作", "none", "finding", "由审核人员评定"),
    ("形成", "none", "finding", "由审核人员评定"),
    ("面积不减少、土壤环境质量不下降", "none", "hold+hold", "不低于基期水平；不低于基期水平"),
    ("不下降", "none", "hold", "不低于基期水平"),
    ("不低于80%", "higher", "threshold", "不低于80%"),
    ("稳定在100%", "higher", "reach", "达到100%（越高越好）"),
    ("进一步提高", "none", "finding", "由审核人员评定"),
    ("更加完善", "none", "finding", "由审核人员评定"),
    ("1个", "higher", "reach", "达到1个（越高越好）"),
    ("100%", "higher", "reach", "达到100%（越高越好）"),
]

#: 巴中市创建国家生态文明建设示范市创建清单
CHECKLIST: list[Row] = [
    (
        "完成上级规定的考核任务；保持稳定或持续改善",
        "higher",
        "assigned+hold|trend",
        "完成上级下达目标；保持基期水平或逐年改善",
    ),
    ("按期完成省级下达的水环境质量改善目标任务", "higher", "assigned", "完成上级下达目标"),
    ("黑臭水体消除比例达100%", "higher", "reach", "达到100%（越高越好）"),
    ("≥60%", "higher", "threshold", "不低于60%"),
    ("", "none", "missing", "原文未列目标"),
    ("≥95%", "higher", "threshold", "不低于95%"),
    ("不明显", "none", "finding", "由审核人员评定"),
    ("不降低", "higher", "hold", "不低于基期水平"),
    ("建立", "none", "finding", "由审核人员评定"),
    ("建立建设用地土壤污染风险管控和修复名录制度", "none", "finding", "由审核人员评定"),
    ("面积不减少，性质不改变，功能不降低", "none", "finding", "由审核人员评定"),
    ("面积不减少、性质不改变、主导生态功能不降低", "none", "finding", "由审核人员评定"),
    ("完成上级管控目标", "higher", "assigned", "完成上级下达目标"),
    ("完成上级管控目标", "lower", "assigned", "完成上级下达目标"),
    (
        "完成上级规定的目标任务；保持稳定或持续改善",
        "lower",
        "assigned+hold|trend",
        "完成上级下达目标；保持基期水平或逐年改善",
    ),
    ("$\\geq 4.5\\%$", "higher", "threshold", "不低于4.5%"),
    ("完成年度审核计划", "higher", "assigned", "完成上级下达目标"),
    ("确保重点行业清洁生产审核按时完成", "higher", "finding", "由审核人员评定"),
    ("$\\geq 80\\%$", "higher", "threshold", "不低于80%"),
    ("集中式饮用水水源地水质达标率100%", "higher", "reach", "达到100%（越高越好）"),
    ("城镇污水处理率达95%以上", "higher", "threshold", "不低于95%"),
    ("城镇生活垃圾无害化处理率达95%以上", "higher", "threshold", "不低于95%"),
    ("≥15", "higher", "threshold", "不低于15"),
    ("城镇建成区人均公园绿地面积达到15平方米/人以上", "higher", "threshold", "不低于15平方米/人"),
    ("$\\geq 50\\%$", "higher", "threshold", "不低于50%"),
    ("实施", "none", "finding", "由审核人员评定"),
    ("认真开展城镇生活垃圾分类减量化行动", "none", "finding", "由审核人员评定"),
    ("逐步下降", "lower", "trend", "逐年下降"),
    ("达100%", "higher", "reach", "达到100%（越高越好）"),
    ("达到地表水Ⅲ类及以上", "lower", "grade", "Ⅲ类及以上"),
    ("只增不减", "higher", "hold", "不低于基期水平"),
    ("得到安全处置", "none", "finding", "由审核人员评定"),
]

#: 巴南区深入打好污染防治攻坚战实施方案
BANAN: list[Row] = [
    ("满足市级要求", "higher", "assigned", "完成上级下达目标"),
    ("满足市级要求", "none", "assigned", "完成上级下达目标"),
    ("稳步提升非化石能源在能源消费的比重", "higher", "trend", "逐年上升"),
    ("保持100%", "higher", "reach", "达到100%（越高越好）"),
    ("保持Ⅲ类水质", "lower", "grade", "Ⅲ类及以上"),
    ("稳定达标并逐步改善", "none", "finding+trend", "由审核人员评定；逐年改善"),
    ("持续向好", "none", "trend", "逐年改善"),
    ("巩固提升", "none", "finding", "由审核人员评定"),
    ("进一步巩固城市黑臭水体治理成效", "none", "finding", "由审核人员评定"),
    ("达到3301.03吨", "higher", "reach", "达到3301.03吨（越高越好）"),
    ("120.91吨", "higher", "reach", "达到120.91吨（越高越好）"),
    ("不低于334天", "higher", "threshold", "不低于334天"),
    ("控制在30微克/立方米以内", "lower", "threshold", "不高于30微克/立方米"),
    ("得到有效控制", "none", "finding", "由审核人员评定"),
    ("有效遏制臭氧浓度增长趋势", "none", "finding", "由审核人员评定"),
    ("无重度及以上污染天气", "lower", "reach", "达到0（越低越好）"),
    ("达到513.8吨", "higher", "reach", "达到513.8吨（越高越好）"),
    ("230.5吨", "higher", "reach", "达到230.5吨（越高越好）"),
    ("得到有效保障", "none", "finding", "由审核人员评定"),
    ("稳定在93%以上", "higher", "threshold", "不低于93%"),
    ("保持稳定", "none", "hold", "保持基期水平"),
    ("达到40%", "higher", "reach", "达到40%（越高越好）"),
    ("力争稳定在43%以上", "higher", "threshold", "不低于43%"),
    ("达到88%以上", "higher", "threshold", "不低于88%"),
    ("明显增强", "none", "finding", "由审核人员评定"),
    ("达到85%", "higher", "reach", "达到85%（越高越好）"),
    ("不断提升", "none", "trend", "逐年上升"),
    ("达到47.6%", "higher", "reach", "达到47.6%（越高越好）"),
    ("森林覆盖率达到47.6%", "higher", "reach", "达到47.6%（越高越好）"),
    ("妥善应对", "none", "finding", "由审核人员评定"),
    ("坚决遏制重特大突发环境事件发生", "none", "finding", "由审核人员评定"),
    ("持续下降", "lower", "trend", "逐年下降"),
    ("全面完成上级部门下达目标任务", "lower", "assigned", "完成上级下达目标"),
    ("基本建立", "none", "finding", "由审核人员评定"),
    ("普遍形成", "none", "finding", "由审核人员评定"),
    ("达40%以上", "higher", "threshold", "不低于40%"),
    ("基本实现不再二次包装", "none", "finding", "由审核人员评定"),
    ("基本完成", "none", "finding", "由审核人员评定"),
    ("达到95%", "higher", "reach", "达到95%（越高越好）"),
    ("申报1个", "higher", "reach", "达到1个（越高越好）"),
    ("基本淘汰", "none", "finding", "由审核人员评定"),
    ("原则上全部使用岸电", "none", "finding", "由审核人员评定"),
    ("达到91%以上", "higher", "threshold", "不低于91%"),
    ("100%全覆盖", "higher", "reach", "达到100%（越高越好）"),
    ("100%全落实", "higher", "reach", "达到100%（越高越好）"),
    ("不少于1个", "higher", "threshold", "不低于1个"),
    ("完成市级下达治理修复任务", "higher", "assigned", "完成上级下达目标"),
    ("完成林业有害生物防治任务", "none", "finding", "由审核人员评定"),
    ("全面实现", "none", "finding", "由审核人员评定"),
]

#: 辽源市生态环境保护“十四五”规划
LIAOYUAN: list[Row] = [
    ("达到上级目标要求", "lower", "assigned", "完成上级下达目标"),
    ("消除黑臭水体", "none", "finding", "由审核人员评定"),
    ("减少", "lower", "change", "比基期下降"),
    ("基本消除重污染天气", "lower", "finding", "由审核人员评定"),
    ("控制在28微克/立方米以下", "lower", "threshold", "不高于28微克/立方米"),
    ("大气细颗粒物浓度有效降低", "lower", "finding", "由审核人员评定"),
    ("达到91%", "higher", "reach", "达到91%（越高越好）"),
    ("优良天数增加", "higher", "change", "比基期上升"),
    ("逐步增加优良天数比例", "higher", "trend", "逐年上升"),
    ("达到国家和省考核标准", "lower", "assigned", "完成上级下达目标"),
    ("为100%", "higher", "reach", "达到100%（越高越好）"),
    ("达到25%", "higher", "reach", "达到25%（越高越好）"),
    ("控制在省目标考核范围内", "lower", "assigned", "完成上级下达目标"),
    ("达到33.5%", "higher", "reach", "达到33.5%（越高越好）"),
    ("双增长", "higher", "change", "比基期上升"),
    ("达到95万亩", "higher", "reach", "达到95万亩（越高越好）"),
    ("0.4个等级", "higher", "reach", "达到0.4个等级（越高越好）"),
    ("总量不减少、质量不降低", "none", "hold+hold", "不低于基期水平；不低于基期水平"),
    ("不减少", "higher", "hold", "不低于基期水平"),
    ("不降低", "none", "hold", "不低于基期水平"),
    ("逐年提高", "higher", "trend", "逐年上升"),
    ("增加到115座", "higher", "reach", "达到115座（越高越好）"),
    ("达到140亿元", "higher", "reach", "达到140亿元（越高越好）"),
    ("3个", "higher", "reach", "达到3个（越高越好）"),
    ("全面完成", "none", "finding", "由审核人员评定"),
    ("上升趋势得到遏制", "none", "finding", "由审核人员评定"),
    ("5—10个", "higher", "range", "5至10个"),
    ("得到有效治理", "none", "finding", "由审核人员评定"),
    ("两座", "higher", "reach", "达到2座（越高越好）"),
    ("新建拦河闸4座", "higher", "reach", "达到4座（越高越好）"),
    ("31条", "higher", "reach", "达到31条（越高越好）"),
    ("612公里", "higher", "reach", "达到612公里（越高越好）"),
    ("维持", "higher", "hold", "保持基期水平"),
    ("全部完成", "none", "finding", "由审核人员评定"),
    ("2025年底前,完成城镇人口密集区危险化学品生产企业搬迁改造", "none", "finding", "由审核人员评定"),
    ("完成吉林省下达的有机食品和绿色食品生产基地建设指标", "higher", "assigned", "完成上级下达目标"),
    ("103万亩", "higher", "reach", "达到103万亩（越高越好）"),
    ("100万亩以上", "higher", "threshold", "不低于100万亩"),
    ("50个以上", "higher", "threshold", "不低于50个"),
    ("基本实现", "none", "finding", "由审核人员评定"),
    ("相对完善", "none", "finding", "由审核人员评定"),
    ("显著成效", "none", "finding", "由审核人员评定"),
    ("达到省下达我市绿色采购要求", "higher", "assigned", "完成上级下达目标"),
]

#: 黔东南州“十四五”生态环境保护规划
QIANDONGNAN: list[Row] = [
    ("达到国家二级标准", "none", "finding", "由审核人员评定"),
    ("稳定达到二级标准", "none", "finding", "由审核人员评定"),
    ("达到国家及贵州省下达目标要求", "higher", "assigned", "完成上级下达目标"),
    ("达到国家及贵州省下达目标要求", "lower", "assigned", "完成上级下达目标"),
    ("达到国家、省下达目标", "higher", "assigned", "完成上级下达目标"),
    ("达到国家、省要求", "higher", "assigned", "完成上级下达目标"),
    ("稳定消除劣V类断面", "lower", "finding", "由审核人员评定"),
    ("基本消除城市黑臭水体", "lower", "finding", "由审核人员评定"),
    ("基本消除凯里市建成区黑臭水体", "lower", "finding", "由审核人员评定"),
    ("25", "higher", "reach", "达到25（越高越好）"),
    ("达到25%左右", "higher", "about", "25%左右"),
    ("达到国家、省下达指标", "higher", "assigned", "完成上级下达目标"),
    ("有效保障", "none", "finding", "由审核人员评定"),
    ("保持良好", "none", "hold", "保持基期水平"),
    ("70左右", "higher", "about", "70左右"),
    ("达到70%左右", "higher", "about", "70%左右"),
    ("持续保持优良", "none", "hold", "保持基期水平"),
    ("禁止新建、扩建", "none", "finding", "由审核人员评定"),
    ("基本消除", "none", "finding", "由审核人员评定"),
    ("达到90%以上", "higher", "threshold", "不低于90%"),
    ("严禁在长江重要支流1公里范围内新(改、扩)建", "none", "finding", "由审核人员评定"),
    ("达到3万吨/年", "higher", "reach", "达到3万吨/年（越高越好）"),
    ("不得少于30天", "higher", "threshold", "不低于30天"),
    ("基本普及", "none", "finding", "由审核人员评定"),
    ("90%以上", "higher", "threshold", "不低于90%"),
    ("比2020年零增长", "lower", "hold", "不高于2020年水平"),
    ("提高到40%以上", "higher", "threshold", "不低于40%"),
    ("达到85%以上", "higher", "threshold", "不低于85%"),
    ("全部配套", "none", "finding", "由审核人员评定"),
    ("2024年底前完成", "none", "finding", "由审核人员评定"),
    ("不低于全省确定的平均面积比保护目标", "higher", "assigned", "完成上级下达目标"),
    ("15万亩", "higher", "reach", "达到15万亩（越高越好）"),
    ("100万亩", "higher", "reach", "达到100万亩（越高越好）"),
    ("不低于1.8亿立方米", "higher", "threshold", "不低于1.8亿立方米"),
    ("提高到50%", "higher", "reach", "达到50%（越高越好）"),
    ("100平方公里", "higher", "reach", "达到100平方公里（越高越好）"),
    ("1184平方公里", "higher", "reach", "达到1184平方公里（越高越好）"),
    ("按要求开展", "none", "finding", "由审核人员评定"),
]

ROWS = [*BAZHONG, *CHECKLIST, *BANAN, *LIAOYUAN, *QIANDONGNAN]


@pytest.mark.parametrize(("wording", "direction", "kinds", "description"), ROWS)
def test_wording(wording: str, direction: str, kinds: str, description: str) -> None:
    rule = parse_target(wording, direction=direction)
    assert "+".join("|".join(clause.kind for clause in group) for group in rule.requirements) == kinds
    assert rule.describe() == description
    assert parse_target(description) == rule


def wordings_of(entry: dict[str, Any], inherited: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Wording, direction and unit of an indicator's target and mentions, and of those of its components."""
    entry = inherited | entry
    texts = [entry.get("target", {}).get("wording", "")]
    texts += [mention["wording"] for mention in entry.get("mentions", [])]
    found = [(text, entry["direction"], entry.get("unit", "")) for text in texts]
    for component in entry.get("components", []):
        found += wordings_of(component, {"direction": entry["direction"]})
    return found


@pytest.mark.parametrize("slug", ["bazhong", "bazhong-checklist", "banan", "liaoyuan", "qiandongnan"])
def test_every_wording_of_the_fixtures_stands_in_the_table(slug: str) -> None:
    plan = yaml.safe_load((PLANS / f"{slug}.yaml").read_text(encoding="utf-8"))
    known = {(wording, direction) for wording, direction, _, _ in ROWS}
    printed = [row for entry in plan["indicators"] for row in wordings_of(entry, {})]
    assert printed
    assert [(wording, direction) for wording, direction, _ in printed if (wording, direction) not in known] == []
    for wording, direction, unit in printed:
        assert parse_target(wording, direction=direction, unit=unit).problems == ()


def test_no_row_is_listed_twice() -> None:
    keys = [(wording, direction) for wording, direction, _, _ in ROWS]
    assert len(keys) == len(set(keys))
