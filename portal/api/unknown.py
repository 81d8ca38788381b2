"""What happens under /api/ outside of every endpoint: addresses that there are not, and requests that Django refuses
before any view sees them. A client gets to read JSON there too, and never a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views import defaults
from rest_framework.exceptions import APIException, NotFound
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.views import APIView

from regions.api.errors import MESSAGES, shape


class UnknownAddress(APIView):
    """Answers like every endpoint does, not with a page."""

    authentication_classes = []
    permission_classes = [AllowAny]
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Raises NotFound, whatever the method."""
        slash = "" if request.path.endswith("/") else "地址要以 / 结尾。"
        raise NotFound(f"没有这个接口地址。{slash}全部地址见 /api/v1/docs/。")


class BadRequestError(APIException):
    """Django does not take the request: a wrong host, a cut-off body."""

    status_code = 400
    default_code = "bad_request"


def refused(error: APIException, page: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The handler of an error that no view answers: JSON under /api/, the portal's page elsewhere."""

    def handler(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not request.path_info.startswith("/api/"):
            return page(request, *args, **kwargs)
        body = {**shape(error), "request_id": getattr(request, "id", None)}
        return JsonResponse(body, status=error.status_code, json_dumps_params={"ensure_ascii": False})

    return handler


bad_request = refused(
    BadRequestError("请求不完整或不合规定，没有处理。请检查地址、请求头和请求体。"), defaults.bad_request
)
server_error = refused(APIException(MESSAGES["error"]), defaults.server_error)
