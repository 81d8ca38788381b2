"""The words of targets: what stands before and behind a figure, and what stands instead of one. Pure: no Django.

docs/assessment.md, "The vocabulary". A word is added here, with a line in tests/indicators/test_targets.py.
"""

# Word lists are kept in rows, not one word a line.
# fmt: off

from __future__ import annotations

from indicators.core.codes import Comparator
from indicators.core.wording import any_of

#: Words before a figure that draw a limit.
LIMITS_BEFORE = {
    "≥": Comparator.GE, "不低于": Comparator.GE, "不少于": Comparator.GE, "不小于": Comparator.GE,
    "至少": Comparator.GE, "不得低于": Comparator.GE, "不得少于": Comparator.GE, "不应低于": Comparator.GE,
    ">": Comparator.GT, "超过": Comparator.GT, "高于": Comparator.GT, "大于": Comparator.GT, "多于": Comparator.GT,
    "≤": Comparator.LE, "不高于": Comparator.LE, "不超过": Comparator.LE, "不大于": Comparator.LE,
    "不多于": Comparator.LE, "不得高于": Comparator.LE, "不得超过": Comparator.LE, "不应高于": Comparator.LE,
    "至多": Comparator.LE, "最多": Comparator.LE,
    "<": Comparator.LT, "低于": Comparator.LT, "小于": Comparator.LT, "少于": Comparator.LT,
}
#: Words behind a figure that draw a limit; the limit itself counts (及以上 has been read as 以上).
LIMITS_BEHIND = {
    "以上": Comparator.GE, "以下": Comparator.LE, "以内": Comparator.LE, "之内": Comparator.LE, "内": Comparator.LE,
}
ABOUT_BEFORE = ("约", "大约")
ABOUT_BEHIND = ("左右", "上下")
RANGE_SIGNS = ("~", "—", "-", "至", "到")
RANGE_BEHIND = ("之间",)
#: These depend on the indicator: above the figure where higher is better, below it where lower is.
BETTER_THAN = ("优于", "好于")
#: Behind a figure these say that all of it is wanted.
COMPLETE = ("全覆盖", "全落实")

#: Words that announce a figure without saying which side of it is good.
NEUTRAL_LEADS = (
    "力争", "确保", "争取", "努力", "实现", "应", "要", "均", "总体", "全面", "持续", "稳定", "继续", "原则上",
    "全市", "全州", "全区", "达到", "达", "为", "到", "至", "在", "保持在", "保持", "保持为", "稳定在", "维持在",
    "维持", "稳定保持在", "稳定达到",
)
#: Words that announce a figure and say by themselves which side of it is good.
RISING_LEADS = (
    "提高到", "提高至", "提升到", "提升至", "增加到", "增加至", "增至", "上升到", "上升至", "增长到", "扩大到",
)
FALLING_LEADS = (
    "下降到", "下降至", "降低到", "降低至", "降到", "降至", "减少到", "减少至", "压减到", "压减至",
)
#: 控制在 draws an upper limit unless another word draws one (控制在93%以上).
CAPPING_LEADS = ("控制在", "控制到", "控制")

RISING = ("提升", "提高", "增加", "增长", "上升", "扩大")
FALLING = ("下降", "降低", "减少", "削减", "压减", "缩减")
IMPROVING = ("改善", "好转", "优化", "向好", "改进")

#: Year after year, in contrast to once by the target year.
STEADILY = ("逐步", "逐年", "逐渐", "持续", "不断", "稳步", "每年")
#: Better than the year before, or equal to it.
STEADY_OR_BETTER = {
    "稳中有升": Comparator.GT, "稳中有增": Comparator.GT, "稳中有降": Comparator.LT, "稳中有减": Comparator.LT,
    "稳中向好": None, "稳中有进": None,
}
#: Better than the baseline, without saying by how much.
CHANGED = {"双增长": Comparator.GT, "正增长": Comparator.GT, "负增长": Comparator.LT, "双下降": Comparator.LT}
#: The same, but which way is better only the indicator says.
IMPROVED = ("巩固提升",)
#: Not worse than the baseline: the word names the way (不减少) or leaves it to the indicator's direction (保持稳定).
HELD = {
    "不降低": Comparator.GE, "不下降": Comparator.GE, "不减少": Comparator.GE, "不缩小": Comparator.GE,
    "只增不减": Comparator.GE,
    "零增长": Comparator.LE, "不增加": Comparator.LE, "不增长": Comparator.LE, "不上升": Comparator.LE,
    "不升高": Comparator.LE, "只减不增": Comparator.LE,
    "保持稳定": None, "维持稳定": None, "基本稳定": None, "总体稳定": None, "保持良好": None, "保持优良": None,
    "保持不变": None, "保持现状": None, "维持现状": None, "维持": None, "不恶化": None, "不变差": None, "不退化": None,
}
PRESENT_LEVELS = ("现状", "现有", "基期", "当前", "目前")

#: Who gives a number later (省, 市级, 上级部门), directly followed by the giving (下达, 考核, 要求).
UPPER_LEVEL = (
    r"(?:上级|(?:国家|中央|自治区|(?<!城)[省市州])(?:级|定|里)?"
    r"(?=下达|要求|规定|考核|目标|确定|管控|任务|指标|计划|有关|相关|部门))"
)
#: What is given, at the end of the wording.
HANDED_DOWN = ("目标", "任务", "要求", "指标", "计划", "考核标准", "考核范围")
FULFIL = ("完成", "达到", "满足", "符合", "落实", "实现", "控制在", "不低于", "不高于", "不超过", "不突破")

#: Words of action, degree or completeness that no figure settles: a reviewer records the finding.
JUDGED_LEADS = (
    "建立", "建成", "健全", "完善", "形成", "实施", "开展", "推进", "推行", "落实", "完成", "编制", "出台", "禁止",
    "严禁", "基本", "全部", "全面", "有效", "明显", "显著", "大幅", "有所", "消除", "稳定消除", "逐步消除", "按要求",
    "按期", "未经依法", "实现碳", "保持在全", "原则上全部", "进一步", "妥善", "坚决", "普遍", "认真",
)
JUDGED_ENDINGS = (
    "全覆盖", "全落实", "不明显", "不改变", "有效控制", "有效保障", "有效治理", "得到控制", "得到保障", "得到遏制",
    "得到提升", "得到安全处置", "整治到位", "落实到位", "消除", "清零", "达标", "完成", "建立", "实施", "级标准",
    "国家标准", "排放标准", "明显增强", "显著增强", "不断增强", "明显提升", "显著提升", "明显改善", "显著改善",
    "总体改善", "根本好转", "大幅提升", "大幅提高", "大幅下降", "大幅减少", "有效降低", "有效提升", "更加巩固", "完善",
)

#: Cells that say nothing.
EMPTY_CELLS = frozenset({"", "-", "—", "~", "/", "\\", "--", "nan", "none", "null", "n/a", "#n/a", "…", "......"})

#: Words that change the meaning of what follows, or join it to another demand; no name of a thing contains them.
TURNING_WORDS = (
    "或", "且", "并",
    "不", "未", "每", "约", "累", "超", "前", "第", "上年", "同比", "环比", "较", "少于", "多于", "高于",
    "低于", "以上", "以下", "以内", "之内", "保持", "维持", *RISING, *FALLING, *STEADILY, *CAPPING_LEADS,
)
#: Demands of their own, unless they are part of a name (达标率, 消除比例): taken for a name they would be lost.
DEMANDS = ("达标", "消除", "完成", "建立", "建成", "实施", "开展", "落实", "实现", "禁止", "严禁", "全覆盖")
#: A figure may be announced by the work that it counts: 完成石漠化治理100平方公里.
WORKS = ("完成", "建立", "建成", "实施", "开展", "实现", "改造提升")
_TURNING = (
    rf"(?!{any_of(TURNING_WORDS)}|(?:{any_of(DEMANDS)})(?!率|比例|区)"
    r"|(?<!占)比(?!例|率|重)|达(?!标)|无(?!害|机|组织)|年均(?!浓度|值))"
)
#: The name of a thing in front of or behind a demand; one without Latin letters, where those may be Roman numerals.
NAME = rf"(?:PM2\.5|PM10|O3|SO2|NO2|CO2|{_TURNING}[A-Za-z\u4e00-\u9fff、.()“”])*?"
CHINESE_NAME = rf"(?:{_TURNING}[\u4e00-\u9fff、“”])*?"
#: What may not follow a figure and its unit directly: it would make them a date, a rank or a limit.
TAIL_STOPS = any_of("内前后以之于年月日左上下至起名位级类")
#: The year or state that a change is measured from.
SINCE = r"(?:(?:比|较|与)(?:(?P<year>[12][0-9]{3})年|基期|基准年|现状)(?:底|末|水平)?(?:相比)?)"
