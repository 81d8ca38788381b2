"""One shape for every error: {"code", "message", "field", "detail", "request_id"}; several problems stand in `detail`.

`code` is for programs, `message` is one Chinese sentence that says what happened and what to do, `field` names the
parameter or field where there is exactly one, `detail` lists every problem as {"field", "message"}. `request_id` is
what the log calls the request; null where requests have no ids.
"""

from __future__ import annotations

import logging
import math
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

logger = logging.getLogger(__name__)

MESSAGES = {
    "not_authenticated": "请求没有带访问令牌。请在请求头写明 Authorization: Token <令牌>。",
    "authentication_failed": "访问令牌无效、已过期或已停用。请联系系统管理员换发。",
    "permission_denied": "这个令牌不能做这件事。请联系系统管理员核对令牌的范围。",
    "not_found": "没有这条记录，或不在令牌的范围之内。",
    "method_not_allowed": "这个地址不支持这种请求方法。",
    "not_acceptable": "只提供 json、csv 和 xlsx 三种格式。",
    "unsupported_media_type": "请求体请用 application/json。",
    "parse_error": "请求体不是有效的 JSON。请检查引号、逗号和编码（UTF-8）。",
    "throttled": "请求太频繁。请在 Retry-After 给出的秒数之后再试。",
    "invalid": "请求中有不正确的内容，详见 detail。",
    "unprocessable": "有内容不能接受，什么也没有写入，详见 detail。",
    "conflict": "与现有内容冲突，什么也没有写入，详见 detail。",
    "length_required": "请求没有写明长度（Content-Length），没有处理。请不要分块发送（Transfer-Encoding: chunked）。",
    "precondition_failed": "内容与 If-Match 给出的 ETag 不同。请去掉 If-Match 重新读取。",
    "error": "系统出现意外错误，什么也没有保存。请稍后再试；仍然如此时，请把 request_id 告诉系统管理员。",
}


class Conflict(exceptions.APIException):
    """Somebody changed the record in between, or the key was used for something else. `detail` says which."""

    status_code = status.HTTP_409_CONFLICT
    default_code = "conflict"


class Unprocessable(exceptions.APIException):
    """The request is well-formed and permitted, but what it states cannot be. `detail` lists every problem."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_code = "unprocessable"


class PreconditionFailed(exceptions.APIException):
    """The request is made only for a content that the record no longer has."""

    status_code = status.HTTP_412_PRECONDITION_FAILED
    default_code = "precondition_failed"


class LengthRequired(exceptions.APIException):
    """A body in pieces, whose length nobody said: it would be read as an empty one."""

    status_code = status.HTTP_411_LENGTH_REQUIRED
    default_code = "length_required"


class TooLarge(exceptions.APIException):
    """The request body is larger than what is taken."""

    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"


def answer(error: Exception, context: dict[str, Any]) -> Response | None:
    """The response to an exception of a view; DRF's exception handler."""
    if isinstance(error, Http404):
        error = exceptions.NotFound()
    elif isinstance(error, PermissionDenied):
        error = exceptions.PermissionDenied(str(error) or None)
    elif isinstance(error, ValidationError):
        error = exceptions.ValidationError(problems_of(error))
    if not isinstance(error, exceptions.APIException):
        logger.error("unexpected error in the API", exc_info=error)
        error = exceptions.APIException(MESSAGES["error"], "error")
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    wait: float | None = getattr(error, "wait", None)
    if wait is not None:
        headers["Retry-After"] = str(math.ceil(wait))
    set_rollback()
    body = {**shape(error), "request_id": getattr(context.get("request"), "id", None)}
    return Response(body, status=error.status_code, headers=headers)


def shape(error: exceptions.APIException) -> dict[str, Any]:
    """The body of an error."""
    code = code_of(error)
    problems = list(flat(error.detail)) if not isinstance(error.detail, str) else []
    single = problems[0] if len(problems) == 1 else None
    default = MESSAGES.get(code, "")
    own = "" if problems or is_default(error) else str(error.detail)
    return {
        "code": code,
        "message": own or (single["message"] if single else default or MESSAGES["invalid"]),
        "field": single["field"] if single else "",
        "detail": problems,
    }


def code_of(error: exceptions.APIException) -> str:
    """The code of the error as a whole."""
    return "invalid" if isinstance(error, exceptions.ValidationError) else error.default_code


def is_default(error: exceptions.APIException) -> bool:
    """Whether nobody said anything more special than the class does."""
    return str(error.detail) == str(error.default_detail) or isinstance(
        error,
        exceptions.Throttled | exceptions.MethodNotAllowed | exceptions.ParseError | exceptions.UnsupportedMediaType,
    )


def flat(detail: Any, field: str = "") -> Any:
    """Every problem of a nested detail as {"field", "message"}; rows of a list are named by their number: values.3."""
    if isinstance(detail, dict):
        for name, inner in detail.items():
            general = name in ("non_field_errors", "__all__", "detail")
            yield from flat(inner, field if general else f"{field}.{name}".strip("."))
    elif isinstance(detail, list | tuple):
        for number, inner in enumerate(detail):
            yield from flat(inner, f"{field}.{number}".strip(".") if isinstance(inner, dict | list) else field)
    elif str(detail):
        yield {"field": field, "message": str(detail)}


def problems_of(error: ValidationError) -> Any:
    """A service's refusal as DRF states one."""
    return error.message_dict if hasattr(error, "error_dict") else error.messages
