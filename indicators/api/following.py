"""Lists whose changes a client follows: `?changed_since=`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import NotAcceptable
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from indicators.api.changes import Changes, Cursor, changes_after, fingerprint, without_successor
from indicators.api.scope import narrowed, scope_in_words
from indicators.models import Assessment
from regions.api.pagination import Pages
from regions.api.parameters import BadParameterError
from regions.api.views import Described, ReadOnlyEndpoint

NAME = "changed_since"
#: What never changes of a row, so that a row cannot leave a narrowed list without a change that is told of.
FOLLOWED = ("plan", "indicator", "region", "year")
ALONGSIDE = (*FOLLOWED, "page_size", "format", NAME)

#: A row that there is no more, in the schema.
DELETED: dict[str, Any] = {
    "type": "object",
    "description": f"已经不再有的一行，只在用 {NAME} 读取变动时出现。",
    "required": ["indicator", "region", "year", "deleted"],
    "properties": {
        "indicator": {"type": "string", "description": "指标代码。"},
        "region": {"type": "string", "description": "地区标识。"},
        "year": {"type": "integer", "description": "年度。"},
        "deleted": {"type": "boolean", "enum": [True]},
    },
    "additionalProperties": False,
}

DESCRIPTION = (
    "只读取此后的变动。首次写 0（全部）或日期、时间（例如 2026-01-01），以后写上次得到的 cursor；next 不为 null 时"
    "先按它读完。按变动的先后排列，不遗漏、不重复。已经不再有的行只给出 indicator、region、year 和 deleted: true。"
    f"只能与 {'、'.join(ALONGSIDE[:-2])} 同时使用，只提供 json。"
)


#: The parts of the address of a single row, in the schema.
ADDRESS = [
    OpenApiParameter("indicator", str, OpenApiParameter.PATH, description="指标代码。", pattern="^[-a-zA-Z0-9_]+$"),
    OpenApiParameter("region", str, OpenApiParameter.PATH, description="地区标识。", pattern="^[-a-zA-Z0-9_]+$"),
    OpenApiParameter("year", str, OpenApiParameter.PATH, description="年度。", pattern="^[0-9]{4}$"),
]


class ChangedSince(Described):
    """The position from which changes are asked for."""

    def __init__(self, remark: str = "") -> None:
        super().__init__(DESCRIPTION + remark, type="string", maxLength=200)

    def read(self, texts: Sequence[str], request: Request) -> Cursor:
        """The cursor. Raises BadParameterError. One query for a scope of some plans: a position in what they tell is
        none in what other plans tell, whose rows would be missed."""
        if len(texts) != 1:
            raise BadParameterError("这个参数只能写一个取值。")
        narrowing = [request.path, *(f"{name}={sorted(request.query_params.getlist(name))}" for name in FOLLOWED)]
        return Cursor.read(texts[0], fingerprint([*narrowing, *scope_in_words(request)]))

    def narrow(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        """All rows: what changed is told otherwise."""
        return rows


class FollowedPages(Pages):
    """The envelope of lists whose changes can be asked for."""

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """The envelope, with what is different where changes are asked for."""
        envelope = super().get_paginated_response_schema(schema)
        named = envelope["properties"]
        named["count"] = {
            "type": "integer",
            "nullable": True,
            "description": f"符合条件的总行数；用 {NAME} 读取变动时为 null。",
        }
        named["results"]["items"] = {"oneOf": [schema["items"], DELETED]}
        named["cursor"] = {
            "type": "string",
            "description": f"只在用 {NAME} 读取变动时有：已经读到的位置，下次写在 {NAME} 中。",
        }
        return envelope


class FollowedEndpoint(ReadOnlyEndpoint):
    """A list that rests on verdicts, and answers what changed of it."""

    pagination_class = FollowedPages
    #: What is read of verdicts that stand, and of those that ended.
    columns_of_standing: ClassVar[tuple[str, ...]]
    columns_of_ended: ClassVar[tuple[str, ...]] = ("indicator__code", "region__slug", "year")

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A page of the list, or of what changed of it."""
        if NAME not in request.query_params:
            return super().list(request, *args, **kwargs)
        if request.accepted_renderer.format != "json":
            raise NotAcceptable(f"{NAME} 只提供 json。")
        self.asked = self.read(request)
        [cursor] = [value for _, value in self.asked.narrowing if isinstance(value, Cursor)]
        ever = narrowed(Assessment.ever.all(), request, "indicator__plan")
        changes = changes_after(
            cursor.position,
            self.asked.page_size,
            standing=self.asked.narrow(self.followed()),
            ended=self.asked.narrow(without_successor(ever)),
            columns=self.columns_of_standing,
            columns_of_ended=self.columns_of_ended,
        )
        reached = str(Cursor(changes.end, cursor.narrowing))
        address = replace_query_param(request.build_absolute_uri(), NAME, reached)
        return Response(
            {
                "count": None,
                "next": address if changes.has_more else None,
                "previous": None,
                "results": self.changed_rows(changes),
                "cursor": reached,
            }
        )

    def impossible_parameters(self, request: Request) -> dict[str, Any]:
        """With `changed_since` only what narrows by what never changes."""
        problems = dict(super().impossible_parameters(request))
        if NAME in request.query_params:
            for name in request.query_params:
                if name not in ALONGSIDE:
                    problems.setdefault(name, [f"不能与 {NAME} 同时使用。"])
        return problems

    def followed(self) -> QuerySet[Assessment, Any]:
        """The verdicts in scope whose changes are followed."""
        raise NotImplementedError

    def changed_rows(self, changes: Changes) -> Sequence[dict[str, Any]]:
        """What the events say, in their order."""
        raise NotImplementedError


def deleted(indicator: str, region: str, year: int) -> dict[str, Any]:
    """What is said of a row that there is no more."""
    return {"indicator": indicator, "region": region, "year": year, "deleted": True}
