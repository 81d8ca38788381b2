"""What a column of a table of progress reports means, read from its title. Pure: no Django.

To add a meaning, add a class with its titles to `MEANINGS`.
"""

from __future__ import annotations

import re
from typing import ClassVar

from indicators.workbook.columns import (
    CodeColumn,
    Column,
    Meanings,
    NameColumn,
    NoteColumn,
    NumberColumn,
    ParentColumn,
    Title,
    UnitColumn,
    YearColumn,
)


class ProjectCodeColumn(CodeColumn):
    """The code of the project in the portal."""

    label = "项目代码"
    titles = frozenset({"项目代码", "项目编码", "代码", "编码", "门户代码"})


class ProjectNameColumn(NameColumn):
    """The name of the project."""

    label = "项目名称"
    titles = frozenset(
        {"项目名称", "项目", "名称", "重点项目", "重点项目名称", "工程名称", "重点工程", "重点工程名称", "工程项目名称"}
    )


class GroupColumn(ParentColumn):
    """The column or group of the plan that names the project: it decides between equal names."""

    label = "专栏"
    titles = frozenset({"专栏", "所属专栏", "专栏名称", "项目组"})


class DeliverableColumn(Column):
    """The name of the promised quantity."""

    label = "建设内容"
    titles = frozenset({"建设内容", "主要建设内容", "建设内容名称", "建设任务"})


class PeriodColumn(Column):
    """The quarter that the row is about."""

    label = "季度"
    titles = frozenset({"季度", "期间", "报告期", "填报期间"})


class QuantityColumn(Column):
    """Completed quantities, counted from the start of the period. A title that does not say so (完成数量, 本期完成) may
    mean the quarter's own quantity and is not read."""

    label = "本期累计完成数量"
    may_name_year = True
    fills_down = False
    titles = frozenset(
        {"本期累计完成数量", "累计完成数量", "累计完成", "累计完成量", "累计完成工程量", "本期累计", "本期累计完成"}
        | {"累计数量", "累计完成数", "截至本期累计完成", "截至本期累计完成数量"}
    )


class ProjectColumn(Column):
    """A column that states something about the project as a whole; `field` is what the report calls it."""

    field: ClassVar[str]
    fills_down = False


class StatusColumn(ProjectColumn):
    """How far the project has come."""

    label, field = "项目状态", "project_status"
    titles = frozenset({"项目状态", "建设状态", "状态", "当前状态", "目前状态", "建设阶段"})


class StatusReasonColumn(ProjectColumn):
    """Why a project was suspended or cancelled."""

    label, field = "停缓建原因", "status_reason"
    titles = frozenset({"停缓建原因", "停缓建或取消的原因", "停缓建或取消原因", "停缓建取消原因", "停建缓建原因"})


class InvestmentColumn(ProjectColumn):
    """Money paid since the start of the project."""

    label, field = "累计完成投资", "investment_paid"
    may_name_year = True
    titles = frozenset({"累计完成投资", "累计完成投资额", "累计投资", "累计投资额", "累计完成投资金额"})


class ProblemsColumn(ProjectColumn):
    """What stands in the way."""

    label, field = "存在问题", "problems"
    titles = frozenset({"存在问题", "存在的问题", "问题", "主要问题", "存在主要问题", "存在的主要问题", "存在困难"})


class NextStepColumn(ProjectColumn):
    """What is to be done next."""

    label, field = "下一步安排", "next_step"
    titles = frozenset(
        {"下一步安排", "下一步工作", "下一步工作安排", "下一步计划", "下一步工作计划", "下一步打算", "下一步措施"}
        | {"下步安排", "下步工作安排", "下步计划"}
    )


class ReportNoteColumn(ProjectColumn):
    """What there is to say about the figures."""

    label, field = "说明", "note"
    titles = NoteColumn.titles


class KnownColumn(Column):
    """What tables show beside the progress and the portal knows or does not need: it is passed over without a word."""

    label = "其他"
    may_name_year = True
    may_repeat = True
    words = re.compile(
        r"承诺|应完成|计划|规划|目标|任务量|总量|上期|上年|上季|去年|往期|报告状态|审核|评价|进度|比例|完成率|牵头|责任|部门"
        r"|负责人|填报|联系|日期|地点|地区|所在|类型|类别|企业|业主|建设单位|总投资|投资额|资金来源|开工|完工|竣工|概述|规模"
    )

    @classmethod
    def means(cls, title: Title) -> bool:
        """By words in the title."""
        return cls.words.search(title.words) is not None


MEANINGS: Meanings = (
    ProjectCodeColumn,
    NumberColumn,
    ProjectNameColumn,
    GroupColumn,
    DeliverableColumn,
    UnitColumn,
    YearColumn,
    PeriodColumn,
    QuantityColumn,
    StatusColumn,
    StatusReasonColumn,
    InvestmentColumn,
    ProblemsColumn,
    NextStepColumn,
    ReportNoteColumn,
    KnownColumn,
)
