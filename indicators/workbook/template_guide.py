"""What a template tells the person who fills it. Pure: no Django."""

from __future__ import annotations

from indicators.core.codes import Finding, Grade

GUIDE_SHEET = "填表说明"


def guide_of(title: str, region: str, department: str, years: str) -> list[tuple[str, str]]:
    """Pairs of label and text, in the order of the work."""
    findings = "、".join(finding.label for finding in Finding)
    return [
        ("规划", f"{title}（{region}）"),
        ("填报部门", department or "全部部门"),
        ("填报年度", years),
        (
            "填哪里",
            "只填“填报表”中黄色的单元格：完成值、数据来源、说明。灰色的已审定或由审核人员填写，不能改动；需要更正已审定数值的，"
            "请联系审核人员退回。",
        ),
        ("单位", "按“单位”栏填写，只填数字。数字来自其他单位的，请先换算。"),
        (
            "百分数",
            "单位是 % 的指标填百分数：96.7% 填 96.7，不填 0.967。设成百分比格式、显示为 96.7% 的单元格也能认出。",
        ),
        ("水质类别", f"从列表中选择：{Grade.I.label}至{Grade.V.label}、{Grade.INFERIOR_V.label}。"),
        ("评定结论", f"从列表中选择：{findings}；依据写在“说明”栏。"),
        ("累计与当年", "选中单元格时会提示填当年数还是累计数。累计数是从规划期第一年到填报年度的合计。"),
        ("没有数据", "留空，或填“—”。空白不会删除门户中已有的数值。"),
        ("数据来源", "写明出处，例如统计年鉴、监测报告的名称和年份。"),
        (
            "可以做什么",
            "可以筛选、隐藏行，可以用 Excel、WPS 或 LibreOffice 保存为 .xlsx、.xls 或 .ods。需要排序或删除行的，"
            "先在“审阅”中撤销工作表保护（没有密码）；门户按“代码”认指标，行的次序不影响导入。",
        ),
        ("不要做什么", "不要修改“代码”和标题行，不要合并单元格。隐藏的行仍会导入，不想导入的请清空或删除。"),
        (
            "上传之后",
            "门户先列出每个数值是新增、修改还是不变，以及所有问题；您确认之后才会保存。有问题的，可以下载标出问题的文件"
            "（单元格标色并有批注，第一张表是问题清单），改好后再上传。同一个文件上传两次不会重复。",
        ),
    ]
