"""What the schema says of every endpoint beside what the endpoint itself says: who is let in, how errors look, in which
formats lists come, and examples."""

from __future__ import annotations

import inspect
import json
from functools import cache
from pathlib import Path
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework import serializers

from regions.api.files import CSVRenderer, XLSXRenderer
from regions.api.views import AS_OF, ReadOnlyEndpoint

JSON = "application/json"
#: Answers of the API to the addresses that the schema gives as examples; `make schema` renews them, tests compare them.
EXAMPLES = Path(__file__).parent / "examples.json"


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """A token in the header."""

    target_class = "portal.api.authentication.TokenAuthentication"
    name = "令牌"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """How it is sent."""
        description = "由系统管理员发给接口客户端。请填写 `Token <令牌>`，即带上前面的 Token 和一个空格。"
        return {"type": "apiKey", "in": "header", "name": "Authorization", "description": description}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session of somebody who is signed in."""

    target_class = "portal.api.session.ReadingSession"
    name = "登录"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """Where it stands."""
        description = "已登录门户的人员在浏览器中可以直接读取，不能提交。"
        return {"type": "apiKey", "in": "cookie", "name": "sessionid", "description": description}


class ProblemRow(serializers.Serializer[Any]):
    """一处问题。"""

    field = serializers.CharField(help_text="参数或字段的名称，第几行的写作 values.3.year；不属于某个字段的为空。")
    message = serializers.CharField(help_text="什么不对，应当怎样。")


class ErrorRow(serializers.Serializer[Any]):
    """所有错误都是这一种样子。"""

    code = serializers.CharField(help_text="错误代码，供程序判断。")
    message = serializers.CharField(help_text="一句话：发生了什么，应当怎么办。")
    field = serializers.CharField(help_text="只有一处问题时，它所在的参数或字段；否则为空。")
    detail = ProblemRow(many=True, help_text="全部问题。")
    request_id = serializers.CharField(allow_null=True, help_text="请求编号，联系系统管理员时请提供。")


ERRORS = {
    400: "参数或请求体有误，detail 列出全部问题。",
    401: "没有令牌，或令牌无效、过期、已停用。",
    403: "令牌不能做这件事。",
    404: "没有这条记录或这一页，或不在令牌的范围之内。",
    406: "不提供所要求的格式。",
    409: "与现有内容冲突。",
    411: "请求体没有写明长度。",
    412: "内容与 If-Match 给出的 ETag 不同。",
    413: "请求体太大。",
    415: "请求体不是 application/json。",
    422: "内容不能接受，detail 列出全部问题。",
    429: "请求太频繁，请在 Retry-After 给出的秒数之后再试。",
}
OF_READING = (400, 401, 403, 404, 406, 412, 429)
OF_WRITING = (400, 401, 403, 404, 406, 409, 411, 413, 415, 422, 429)
FORMATS = "格式。csv 和 xlsx 给出整个列表，不分页，行和字段与 json 相同。"
UNCHANGED = "与 If-None-Match 给出的 ETag 相比没有变化，没有内容。"


class PortalSchema(AutoSchema):
    """The schema of an endpoint of the portal."""

    def get_response_serializers(self) -> Any:
        """What the endpoint answers, and every error that it can answer."""
        stated_by_view = getattr(self.view, "answers", {}).get(getattr(self.view, "action", None))
        own: Any = stated_by_view or super().get_response_serializers()
        reads = self.method == "GET"
        answers: dict[Any, Any] = dict(own) if isinstance(own, dict) else {(200, JSON): own}
        if isinstance(self.view, ReadOnlyEndpoint):
            if self.view.action == "list":
                answers |= {
                    (200, CSVRenderer.media_type): OpenApiTypes.STR,
                    (200, XLSXRenderer.media_type): OpenApiTypes.BINARY,
                }
            if reads:
                answers[304] = OpenApiResponse(description=UNCHANGED)
        stated = {int(code[0]) if isinstance(code, tuple) else int(code) for code in answers}
        for code in OF_READING if reads else OF_WRITING:
            if code not in stated:
                answers[code, JSON] = OpenApiResponse(ErrorRow, description=ERRORS[code])
        return answers

    def get_override_parameters(self) -> list[Any]:
        """The format of lists, and as of when single records are asked for."""
        own = super().get_override_parameters()
        if not isinstance(self.view, ReadOnlyEndpoint):
            return own
        if self.view.action == "list":
            formats = [renderer.format for renderer in self.view.get_renderers()]
            return [*own, OpenApiParameter("format", enum=formats, default="json", description=FORMATS)]
        if self.view.action != "retrieve":
            return own
        return [*own, OpenApiParameter("as_of", OpenApiTypes.DATE, description=AS_OF.description)]

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        """What the endpoint says of itself, in Chinese; its methods speak to engineers."""
        if isinstance(self.view, ReadOnlyEndpoint):
            return (inspect.getdoc(type(self.view)) or "").replace("\n\n", "\0").replace("\n", "").replace("\0", "\n\n")
        return super().get_description()

    def get_summary(self) -> str | None:
        """The list or the single record, by its Chinese name."""
        if isinstance(self.view, ReadOnlyEndpoint):
            return self.view.title if self.view.action == "list" else f"{self.view.title}（一条）"
        return super().get_summary()

    def get_tags(self) -> list[str]:
        """The Chinese name too."""
        return [self.view.title] if isinstance(self.view, ReadOnlyEndpoint) else super().get_tags()


@cache
def examples() -> dict[str, dict[str, Any]]:
    """By path of the schema: the address that was asked, and the answer."""
    found: dict[str, dict[str, Any]] = json.loads(EXAMPLES.read_text(encoding="utf-8"))
    return found


def with_examples(result: dict[str, Any], generator: Any, request: Any, public: bool) -> dict[str, Any]:
    """The schema with a real answer at every path that has one; a hook of drf-spectacular."""
    for path, example in examples().items():
        content = result["paths"][path]["get"]["responses"]["200"]["content"][JSON]
        content["examples"] = {"example": {"summary": f"GET {example['address']}", "value": example["answer"]}}
    return result
