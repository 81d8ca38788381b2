"""Which format is answered: `?format=`, else the Accept header, else JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request


class FormatNegotiation(DefaultContentNegotiation):
    """A format that there is not is not acceptable, however it was asked for."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The renderer and its media type. Raises NotAcceptable."""
        offered: Any = list(renderers)
        asked = request.query_params.getlist(str(self.settings.URL_FORMAT_OVERRIDE))
        try:
            if len(asked) > 1 or asked == [""]:
                raise NotAcceptable
            chosen: tuple[BaseRenderer, str] = super().select_renderer(request, offered, format_suffix)
        except (Http404, NotAcceptable):
            formats = "、".join(dict.fromkeys(renderer.format for renderer in offered))
            raise NotAcceptable(
                f"这个地址只提供这些格式：{formats}。请改正 format 参数（只写一次）或 Accept 请求头。"
            ) from None
        return chosen
