"""The REST API: who is let in, how it answers, and what its schema says of it."""

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "portal.api.authentication.TokenAuthentication",
        "portal.api.session.ReadingSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["portal.api.authentication.Identified"],
    "DEFAULT_THROTTLE_CLASSES": ["portal.api.throttling.ClientThrottle"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "regions.api.negotiation.FormatNegotiation",
    "DEFAULT_METADATA_CLASS": "regions.api.options.WhatItIs",
    "DEFAULT_SCHEMA_CLASS": "portal.api.schema.PortalSchema",
    "EXCEPTION_HANDLER": "regions.api.errors.answer",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}

DESCRIPTION = """\
规划指标跟踪门户的数据接口：规划、指标、年度数值、评价、任务和重点项目。

- **令牌**：在请求头写明 `Authorization: Token <令牌>`。令牌只能读取其范围之内的规划；草稿和待审核的内容从不给出。
- **列表**：`page`、`page_size`（最多 500）分页，`next` 是下一页的地址；`ordering`、`search` 和各筛选参数可以合用，
  多个取值用逗号分隔。不认识的参数和取值会被拒绝，不会被忽略。
- **数值**：小数以字符串给出（例如 `"96.7"`），不带指数，不丢位数；不知道的为 `null`。百分比以百分点计，96.7 即 96.7%。
- **格式**：`?format=csv` 和 `?format=xlsx` 给出整个列表，行和字段与 JSON 相同。
- **时点**：`?as_of=2023-12-31` 给出那一天结束时的数值、评价、目标、基期值和责任部门，以及那一天已审定的任务落实情况和
  项目进展；规划、指标、地区、部门、任务、项目的基本资料总是现在的。
- **增量**：`status` 和 `values` 的 `changed_since` 给出此后的变动。令牌的范围改变后，原来的 cursor 得到 400，请清空
  本地的数据，从 0 重新读取；指标的名称、单位等资料修改后也请从 0 重新读取；被整个删除的指标请与 `indicators` 核对。
- **缓存**：回答带有 ETag；用 If-None-Match 再问，没有变化时得到 304。
- **错误**：都是 `{code, message, field, detail, request_id}`，`message` 是一句中文。
- **演示数据**：`is_demonstration` 为 true 的行依据演示数据，不能作为实际情况使用；文件名注明“含演示数据”。
"""

SPECTACULAR_SETTINGS = {
    "TITLE": "规划指标跟踪门户接口",
    "DESCRIPTION": DESCRIPTION,
    "VERSION": "1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_AUTHENTICATION": [],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SWAGGER_UI_SETTINGS": {
        "deepLinking": True,
        "displayRequestDuration": True,
        "docExpansion": "list",
        "defaultModelsExpandDepth": 0,
        "validatorUrl": None,
    },
    "ENUM_NAME_OVERRIDES": {
        "StageCode": "indicators.models.Stage",
        "OriginCode": "indicators.models.Origin",
        "DomainCode": "indicators.models.Domain",
        "ConstraintCode": "indicators.core.codes.Constraint.choices",
        "DirectionCode": "indicators.core.codes.Direction.choices",
        "ValueTypeCode": "indicators.core.codes.ValueType.choices",
        "MeasureKindCode": "indicators.core.codes.MeasureKind.choices",
        "EntryBasisCode": "indicators.core.codes.EntryBasis.choices",
        "FrequencyCode": "indicators.core.codes.Frequency.choices",
        "ComparatorCode": "indicators.core.codes.Comparator.choices",
        "FindingCode": "indicators.core.codes.Finding.choices",
        "VerdictCode": "indicators.core.verdicts.Verdict.choices",
        "SeverityCode": "indicators.core.verdicts.Severity.choices",
        "ReviewStatusCode": "indicators.models.ReviewStatus",
        "SubmittedStateCode": "indicators.api.submissions.STATES",
        "MeasureProgressCode": "indicators.models.MeasureProgress",
        "ProjectKindCode": "projects.models.ProjectKind",
        "ProjectStatusCode": "projects.models.ProjectStatus",
        "QuarterCode": "projects.models.Quarter",
        "RegionLevelCode": "regions.models.RegionLevel",
        "DepartmentKindCode": "regions.models.DepartmentKind",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.schema.with_examples",
    ],
}
