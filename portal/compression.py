"""Pages travel compressed; files that are handed out do not."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses what is made for the request. A stored file is compressed already, and its length is worth knowing."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The response as the browser gets it."""
        if isinstance(response, FileResponse):
            return response
        compressed: HttpResponseBase = super().process_response(request, response)
        return compressed
