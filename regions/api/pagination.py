"""Pages of a list: `?page=` and `?page_size=`, in an order that never leaves two rows undecided."""

from __future__ import annotations

from typing import Any

from django.core.paginator import EmptyPage, Paginator
from rest_framework.exceptions import NotFound
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.views import APIView

#: Rows of a page unless the client asks for another number, and the most that it gets.
PAGE_SIZE, LARGEST_PAGE = 100, 500


class Pages(PageNumberPagination):
    """The envelope of every list: count, next, previous, results. The numbers were read by the endpoint."""

    page_size = PAGE_SIZE
    max_page_size = LARGEST_PAGE
    page_size_query_param = "page_size"
    page_query_description = "第几页，从 1 起。"
    page_size_query_description = f"每页行数，默认 {PAGE_SIZE}，最多 {LARGEST_PAGE}（写得更大按 {LARGEST_PAGE} 计）。"
    template = None  # there are no pages for browsers

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any] | None:
        """The records of the page. Rows are counted without the columns of records and the tables that only those need.
        Raises NotFound, in Chinese, for a page that there is not."""
        endpoint: Any = view
        self.request = request
        number, size = endpoint.asked.page, endpoint.asked.page_size
        try:
            self.page = Paginator(endpoint.counted(queryset), size).page(number)
        except EmptyPage:
            raise NotFound(f"没有第 {number} 页。请从第 1 页开始，按 next 给出的地址继续读取。") from None
        return list(endpoint.records(queryset)[(number - 1) * size : number * size])

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """The two parameters."""
        page = {"type": "integer", "minimum": 1, "maximum": 999_999_999}
        size = {"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE}
        return [
            {"name": "page", "in": "query", "description": self.page_query_description, "schema": page},
            {"name": "page_size", "in": "query", "description": self.page_size_query_description, "schema": size},
        ]

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope in the schema."""
        address = {"type": "string", "format": "uri", "nullable": True}
        return {
            "type": "object",
            "required": ["count", "next", "previous", "results"],
            "properties": {
                "count": {"type": "integer", "description": "符合条件的总行数。"},
                "next": {**address, "description": "下一页的地址；没有下一页时为 null。"},
                "previous": {**address, "description": "上一页的地址；没有上一页时为 null。"},
                "results": {**schema, "description": "这一页的各行。"},
            },
        }
