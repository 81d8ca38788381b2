"""The base of every endpoint: read only, in a total order, paged, conditional, as of a day, and as a file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.http import StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.utils.decorators import method_decorator
from django.utils.http import content_disposition_header
from rest_framework import viewsets
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from regions.api.conditional import conditional
from regions.api.fields import Row
from regions.api.files import Column, CSVRenderer, FileRenderer, XLSXRenderer, columns_of
from regions.api.pagination import LARGEST_PAGE, PAGE_SIZE, Pages
from regions.api.parameters import (
    BadParameterError,
    DeclaredParameters,
    Parameter,
    moment_asked,
    shown,
    single,
    texts_of,
    whole_number,
)
from regions.moment import as_of

#: So many rows of a file are read and completed at once.
BATCH = 500
LONGEST_SEARCH = 100
#: Copies are the client's own, and are asked for anew each time: an unchanged answer costs 304 and no body.
CACHING = "private, max-age=0, must-revalidate"
Item = TypeVar("Item")
# Inside of an endpoint `list` is the method.
Rows = list[dict[str, Any]]
Problems = dict[str, list[str]]
Renderers = list[BaseRenderer]


@dataclass
class Asked:
    """What a request asks for, read and checked."""

    moment: datetime | None = None
    page: int = 1
    page_size: int = PAGE_SIZE
    narrowing: list[tuple[Parameter, Any]] = field(default_factory=list)
    search: Q = field(default_factory=Q)
    ordering: list[Any] = field(default_factory=list)

    def narrow(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """The rows that are asked for, in their order."""
        for parameter, value in self.narrowing:
            rows = parameter.narrow(rows, value)
        return rows.filter(self.search).order_by(*self.ordering)


class Described(Parameter):
    """A parameter that the endpoint itself reads; only the schema asks for it."""

    def __init__(self, description: str, *, many: bool = False, **item: Any) -> None:
        super().__init__("", description)
        self.item, self.many = item or {"type": "string"}, many


@method_decorator(conditional, name="dispatch")
class ReadOnlyEndpoint(viewsets.GenericViewSet[Any]):
    """A list and its single records. Subclasses give `get_queryset`, the one place where the scope is asked, and what
    stands below; their docstring, like those of rows, is what the schema tells clients.

    ETag and 304 come from the content of the answer: always right, and hashing it takes a hundredth of making it.
    """

    #: What a row says.
    serializer_class: type[Row]
    #: What the list is called, in names of files.
    title: ClassVar[str]
    #: Columns that bring all rows into one order; the last of them differ in any two rows.
    total_order: ClassVar[tuple[Any, ...]]
    #: What clients may order by: fields and their columns or expressions.
    orderings: ClassVar[Mapping[str, str | Combinable]] = {}
    #: Columns in which `search` looks.
    searched: ClassVar[tuple[str, ...]] = ()
    #: Parameters that narrow the list.
    filters: ClassVar[Mapping[str, Parameter]] = {}

    filter_backends = [DeclaredParameters]
    pagination_class = Pages
    lookup_value_regex = "[-a-zA-Z0-9_]+"
    asked: Asked

    def list(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A page of the list, or the list as a file. Raises ValidationError with every problem of the parameters."""
        self.asked = self.read(request)
        with as_of(self.asked.moment):
            rows = self.filter_queryset(self.get_queryset())
            renderer = request.accepted_renderer
            if isinstance(renderer, FileRenderer):
                return self.file(rows, renderer)
            page = self.paginate_queryset(rows)
            return self.get_paginated_response(self.shown(page or []))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """One record by its natural key. Raises NotFound for one that there is not or that is out of scope."""
        moment = self.read_moment(request)
        with as_of(moment):
            key = {self.lookup_field: kwargs[self.lookup_field]} if self.lookup_field in kwargs else self.key(kwargs)
            rows = self.shown(list(self.records(self.get_queryset().filter(**key))[:1]))
        if not rows:
            raise NotFound
        return Response(rows[0])

    def key(self, address: Mapping[str, Any]) -> dict[str, Any]:
        """What finds one record by the parts of an address that has several."""
        raise NotImplementedError

    def records(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """What is read of each record: the columns of a row, as tuples."""
        return rows.values_list(*self.serializer_class.layout().columns)

    def counted(self, rows: QuerySet[Any, Any]) -> QuerySet[Any, Any]:
        """What the list counts: its rows."""
        return rows

    def shown(self, records: Sequence[Sequence[Any]]) -> Rows:
        """Records as rows, completed."""
        layout = self.serializer_class.layout()
        rows = [layout.row(values) for values in records]
        self.complete([values[0] for values in records], rows)
        return rows

    def complete(self, keys: Sequence[int], rows: Sequence[dict[str, Any]]) -> None:
        """Fill in what comes from other tables, for all rows at once; `keys` are their primary keys."""

    # Reading what is asked for

    def read(self, request: Request) -> Asked:
        """What a list is asked for. Raises ValidationError with every problem."""
        asked, problems = Asked(), self.impossible_parameters(request)

        def attempt(name: str, read: Any) -> Any:
            try:
                return read() if name in request.query_params else None
            except BadParameterError as error:
                problems[name] = [str(error)]
                return None

        asked.moment = attempt("as_of", lambda: moment_asked(request, "as_of"))
        asked.page = attempt("page", lambda: whole_number(request, "page", default=1)) or 1
        size = attempt("page_size", lambda: whole_number(request, "page_size", default=PAGE_SIZE))
        asked.page_size = min(size or PAGE_SIZE, LARGEST_PAGE)
        asked.search = attempt("search", lambda: self.read_search(request)) or Q()
        asked.ordering = list(self.total_order)
        if self.orderings:
            asked.ordering[:0] = attempt("ordering", lambda: self.read_ordering(request)) or []
        for name, parameter in self.filters.items():
            value = attempt(name, lambda: parameter.read(texts_of(request, name), request))  # noqa: B023  runs at once
            if value is not None:
                asked.narrowing.append((parameter, value))
        if problems:
            raise ValidationError(problems)
        return asked

    def read_moment(self, request: Request) -> datetime | None:
        """As of when one record is asked for. Raises ValidationError with every problem."""
        problems = self.unknown_parameters(request, {"as_of": AS_OF})
        moment = None
        try:
            moment = moment_asked(request, "as_of")
        except BadParameterError as error:
            problems["as_of"] = [str(error)]
        if problems:
            raise ValidationError(problems)
        return moment

    def impossible_parameters(self, request: Request) -> Problems:
        """Parameters that cannot be there, whatever they say."""
        return self.unknown_parameters(request, self.described_parameters())

    def unknown_parameters(self, request: Request, known: Mapping[str, Parameter]) -> Problems:
        """A misspelt filter must not look like a filter: what is asked for and does not exist."""
        names = [*known, "format", *(["page", "page_size"] if self.action == "list" else [])]
        available = "、".join(names)
        return {
            shown([name]): [f"没有这个参数。可用的参数：{available}。"]
            for name in request.query_params
            if name not in names
        }

    def read_search(self, request: Request) -> Q:
        """Rows in which every word stands somewhere."""
        text = single(request, "search") or ""
        words = text.split()  # by the wide blank of Chinese input too
        if len(text) > LONGEST_SEARCH or not "".join(words).isprintable():
            raise BadParameterError(f"请写不超过 {LONGEST_SEARCH} 个字的词语，不要带控制字符。")
        found = Q()
        for word in words:
            found &= Q(*[(f"{column}__icontains", word) for column in self.searched], _connector=Q.OR)
        return found

    def read_ordering(self, request: Request) -> Sequence[Any]:
        """The order that is asked for. What is not known comes last, either way and in every database."""
        texts = texts_of(request, "ordering")
        wrong = [text for text in texts if text.removeprefix("-") not in self.orderings]
        if wrong:
            names = "、".join(self.orderings)
            raise BadParameterError(f"不能按“{shown(wrong)}”排序。可用的字段：{names}，前面加 - 为从大到小。")
        return [self.ordered(text.removeprefix("-"), backwards=text.startswith("-")) for text in texts]

    def ordered(self, name: str, *, backwards: bool) -> Any:
        """One field of an order."""
        column = self.orderings[name]
        expression: Any = F(column) if isinstance(column, str) else column
        return expression.desc(nulls_last=True) if backwards else expression.asc(nulls_last=True)

    def described_parameters(self) -> dict[str, Parameter]:
        """Every parameter of the list but its format and page."""
        described: dict[str, Parameter] = dict(self.filters)
        if self.searched:
            described["search"] = Described(
                "每个词都要出现在名称等文字中，词与词用空格分隔。", type="string", maxLength=LONGEST_SEARCH
            )
        if self.orderings:
            names = [text for name in self.orderings for text in (name, f"-{name}")]
            words = "排序的字段，多个用逗号分隔，前面加 - 为从大到小；空值排在最后。"
            described["ordering"] = Described(words, many=True, type="string", enum=names)
        described["as_of"] = AS_OF
        return described

    # Files

    def get_renderers(self) -> Renderers:
        """Lists are offered as files too."""
        return [JSONRenderer(), *([CSVRenderer(), XLSXRenderer()] if self.action == "list" else [])]

    def file(self, rows: QuerySet[Any, Any], renderer: FileRenderer) -> HttpResponseBase:
        """The whole list as asked for, streamed. One query more, for the name."""
        content = renderer.chunks(self.file_columns(), within(self.asked.moment, self.every_row(rows)))
        response = StreamingHttpResponse(content, content_type=f"{renderer.media_type}; charset=utf-8")
        asked = self.asked.moment
        parts = [
            self.title,
            f"截至{timezone.localdate(asked)}" if asked else "",
            "含演示数据" if self.has_demonstration(rows) else "",
            f"{timezone.localdate():%Y%m%d}",
        ]
        name = f"{'_'.join(part for part in parts if part)}.{renderer.format}"
        response["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or "attachment"
        return response

    def file_columns(self) -> Sequence[Column]:
        """The columns of the list as a file."""
        return columns_of(self.serializer_class)

    def every_row(self, rows: QuerySet[Any, Any]) -> Iterator[dict[str, Any]]:
        """All rows, a batch in memory at a time."""
        records = self.records(rows).iterator(chunk_size=BATCH)
        while batch := list(islice(records, BATCH)):
            yield from self.shown(batch)

    def has_demonstration(self, rows: QuerySet[Any, Any]) -> bool:
        """Whether figures of demonstration are among the rows. One query where there can be any."""
        return False

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """The answer with its headers. An error is JSON, whatever format was asked for."""
        if isinstance(response, Response) and response.exception:
            request.accepted_renderer, request.accepted_media_type = JSONRenderer(), JSONRenderer.media_type
        finished = super().finalize_response(request, response, *args, **kwargs)
        finished["Cache-Control"] = CACHING
        patch_vary_headers(finished, ["Accept", "Authorization", "Cookie"])
        return finished


AS_OF = Described("按这一天结束时的情况作答（北京时间），例如 2023-12-31；不写为现在。", type="string", format="date")


def within(moment: datetime | None, rows: Iterator[Item]) -> Iterator[Item]:
    """The rows, each read as of that moment; between two rows nothing is as of it."""
    while True:
        with as_of(moment):
            try:
                row = next(rows)
            except StopIteration:
                return
        yield row
