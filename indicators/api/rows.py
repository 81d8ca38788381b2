"""What the rows of plans say."""

from __future__ import annotations

from rest_framework import serializers

from indicators.models import Stage
from regions.api.fields import Row


class PlanRow(Row):
    """A plan (规划): one published document with its period."""

    slug = serializers.CharField(help_text="规划标识，在其他接口中称 plan。")
    title = serializers.CharField(help_text="规划名称。")
    region = serializers.CharField(source="region__slug", help_text="规划所属地区的标识。")
    period_start = serializers.IntegerField(help_text="规划期第一年。")
    period_end = serializers.IntegerField(help_text="规划期最后一年。")
    baseline_year = serializers.IntegerField(help_text="基期年。")
    target_year = serializers.IntegerField(help_text="目标年。")
    document_number = serializers.CharField(help_text="文号；原文没有的为空。")
    issuer = serializers.CharField(help_text="发布机关。")
    stage = serializers.ChoiceField(Stage.choices, help_text="文件阶段。")
    coordinating_department = serializers.CharField(
        source="coordinating_department__code", help_text="统筹部门的代码；没有写明牵头单位的指标由它牵头。"
    )
    declared_indicator_count = serializers.IntegerField(
        allow_null=True, help_text="文件自己载明的指标数；没有载明的为 null。"
    )
    indicator_count = serializers.IntegerField(
        help_text="录入的指标表指标数（分项不另计），与 declared_indicator_count 对照。"
    )
