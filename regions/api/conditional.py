"""ETag and 304: a copy that is still right is not sent again."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.http import ConditionalGetMiddleware
from django.utils.cache import get_conditional_response, set_response_etag
from django.utils.decorators import decorator_from_middleware

from regions.api.errors import PreconditionFailed, shape


class ConditionalAnswers(ConditionalGetMiddleware):
    """Django's, for HEAD as for GET (the endpoints make the same answer for both), and with JSON where the client's
    If-Match does not fit."""

    def process_response(self, request: HttpRequest, response: Any) -> Any:
        """The answer with its ETag; 304 or 412 without content of its own where the request says so."""
        if request.method not in ("GET", "HEAD") or response.status_code != 200:
            return response
        set_response_etag(response)
        answered: Any = get_conditional_response(request, etag=response.get("ETag"), response=response)
        if answered.status_code == PreconditionFailed.status_code:
            error = PreconditionFailed()
            body = {**shape(error), "request_id": getattr(request, "id", None)}
            return JsonResponse(body, status=error.status_code, json_dumps_params={"ensure_ascii": False})
        return answered


conditional = decorator_from_middleware(ConditionalAnswers)
