"""What a client sends as values: each row is read strictly, and every problem of every row is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from indicators.core.codes import ValueType
from indicators.core.figures import FigureError, read_figure, within_limits
from indicators.models import Indicator, Plan
from indicators.services.values import ValueEntry
from regions.models import Region

MOST_VALUES = 1000
FIELDS = ("values", "as_draft")
ROW_FIELDS = ("indicator", "region", "year", "value", "source", "source_url", "note", "reason", "revision")
TEXTS = ("source", "source_url", "note", "reason")
#: No text of a row is longer; what a field of the value takes is checked with the value itself.
LONGEST_TEXT = 2000
LONGEST_FIGURE = 40
#: The largest number that the database keeps as a revision.
LARGEST_REVISION = 2**31 - 1

#: Problems of one row by field; of all rows by their number.
RowProblems = dict[str, list[str]]
Problems = dict[int, RowProblems]


class RefusedBodyError(ValueError):
    """What was sent is no list of values at all. `problems` by field."""

    def __init__(self, problems: Mapping[str, list[str]]) -> None:
        super().__init__(str(problems))
        self.problems = dict(problems)


class TooManyRowsError(ValueError):
    """More values than one request takes; the message says how many."""


@dataclass
class Submitted:
    """The rows that can be read, by their number, and what is wrong with the others."""

    as_draft: bool
    entries: dict[int, ValueEntry] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)


def rows_of(body: Any) -> tuple[list[Any], bool]:
    """The rows and whether they stay drafts. Raises RefusedBodyError and TooManyRowsError."""
    if not isinstance(body, dict):
        raise RefusedBodyError({"values": ['请求体应为 {"values": [...]} 这样的对象。']})
    problems = unknown_fields(body, FIELDS)
    rows, as_draft = body.get("values"), body.get("as_draft", False)
    if not isinstance(rows, list) or not rows:
        problems["values"] = ["请至少写一个数值，例如 [{…}]。"]
    if not isinstance(as_draft, bool):
        problems["as_draft"] = ["请写 true 或 false。"]
    if problems:
        raise RefusedBodyError(problems)
    if len(rows) > MOST_VALUES:  # type: ignore[arg-type]  # a list, as checked above
        raise TooManyRowsError(
            f"一次最多提交 {MOST_VALUES} 个数值，这里有 {len(rows)} 个。"  # type: ignore[arg-type]
            "请分批提交，每批用各自的 Idempotency-Key。"
        )
    return rows, as_draft  # type: ignore[return-value]


def read_rows(rows: Sequence[Any], *, as_draft: bool, plans: QuerySet[Plan]) -> Submitted:
    """The rows as entries. Two queries: indicators of these plans, and regions. An indicator of another plan is one
    that there is not."""
    named = [row for row in rows if isinstance(row, dict)]
    reader = RowReader(
        {each.code: each for each in indicators_named(texts_under("indicator", named), plans)},
        {each.slug: each for each in Region.objects.filter(slug__in=texts_under("region", named))},
    )
    submitted = Submitted(as_draft)
    seen: dict[tuple[int, int, int], int] = {}
    for number, row in enumerate(rows):
        entry, problems = reader.read(row)
        if entry is not None and not problems:
            key = (entry.indicator.pk, entry.region.pk, entry.year)
            if key in seen:
                problems = {"year": [f"与第 {seen[key]} 行是同一个指标、地区和年度，每个数值只写一行。"]}
            seen.setdefault(key, number)
            submitted.entries[number] = entry
        if problems:
            submitted.entries.pop(number, None)
            submitted.problems[number] = problems
    return submitted


def indicators_named(codes: set[str], plans: QuerySet[Plan]) -> QuerySet[Any]:
    """The indicators with plan and region, and whether they have components."""
    components = Indicator.objects.filter(parent=OuterRef("pk"))
    found = Indicator.objects.filter(code__in=codes, plan__in=plans).select_related("plan__region")
    return found.annotate(is_composite=Exists(components))


def texts_under(name: str, rows: Sequence[dict[str, Any]]) -> set[str]:
    """The texts that rows give under a name, those apart that no key is."""
    found = {row.get(name) for row in rows if isinstance(row.get(name), str)}
    return {text for text in found if text and is_plain(text)}


@dataclass(frozen=True)
class RowReader:
    """Reads rows that name these indicators and regions."""

    indicators: Mapping[str, Any]
    regions: Mapping[str, Region]

    def read(self, row: Any) -> tuple[ValueEntry | None, RowProblems]:
        """The entry, or what is wrong with the row."""
        if not isinstance(row, dict):
            return None, {"": ['每一行应为对象，例如 {"indicator": "bazhong-05", "year": 2025, "value": "96.7"}。']}
        problems = unknown_fields(row, ROW_FIELDS)
        indicator = self.indicator(row.get("indicator"), problems)
        region = self.region(row.get("region"), indicator, problems)
        year = whole(row.get("year"), "year", problems, what="四位年份，例如 2025", most=9999)
        value = figure(row.get("value"), problems)
        revision = None
        if row.get("revision") is not None:
            revision = whole(
                row["revision"], "revision", problems, what="读到的修订号（正整数）", most=LARGEST_REVISION
            )
        texts = {name: text(row.get(name, ""), name, problems) for name in TEXTS}
        if problems or indicator is None or region is None or year is None:
            return None, problems
        return ValueEntry(indicator, region, year, value=value, revision=revision, **texts), {}

    def indicator(self, code: Any, problems: RowProblems) -> Indicator | None:
        """The indicator of that code."""
        found: Any = self.indicators.get(code) if isinstance(code, str) else None
        if found is None:
            shown = code[:60] if isinstance(code, str) and is_plain(code) else ""
            problems["indicator"] = [
                f"没有“{shown}”这个指标，或不在令牌的范围之内。" if shown else "请写明指标代码，例如 bazhong-05。"
            ]
        elif found.is_composite:
            problems["indicator"] = ["这个指标由分项决定，本身不填数值。请提交它的各个分项。"]
        elif found.value_type == ValueType.FINDING:
            problems["indicator"] = ["评定类指标由审核人员在门户中评定，不能通过接口提交。"]
        else:
            return found  # type: ignore[no-any-return]
        return None

    def region(self, slug: Any, indicator: Indicator | None, problems: RowProblems) -> Region | None:
        """The region named, else that of the plan."""
        if slug in (None, ""):
            return indicator.plan.region if indicator else None
        found = self.regions.get(slug) if isinstance(slug, str) else None
        if found is None:
            problems["region"] = ["没有这个地区。请写地区标识，本规划所在的地区可以不写。"]
        return found


def unknown_fields(given: Mapping[str, Any], known: Sequence[str]) -> RowProblems:
    """A misspelt field must not be lost: what is given and does not exist."""
    return {
        (name if is_plain(name) else "?")[:60]: [f"没有这个字段。可用的字段：{'、'.join(known)}。"]
        for name in given
        if name not in known
    }


def whole(given: Any, name: str, problems: RowProblems, *, what: str, most: int) -> int | None:
    """A positive whole number."""
    if type(given) is int and 0 < given <= most:
        return given
    problems[name] = [f"请写{what}，不加引号。"]
    return None


def figure(given: Any, problems: RowProblems) -> Decimal | None:
    """The figure, of a text or a JSON number; neither is ever rounded."""
    try:
        if isinstance(given, str) and len(given) <= LONGEST_FIGURE and is_plain(given):
            return read_figure(given)
        if isinstance(given, Decimal | int) and not isinstance(given, bool):
            number = within_limits(Decimal(given), str(given)[:LONGEST_FIGURE])
            return Decimal(f"{number:f}")  # without an exponent
    except FigureError as error:
        problems["value"] = [str(error)]
    else:
        problems["value"] = ['请填写数值，例如 "96.7"。']
    return None


def text(given: Any, name: str, problems: RowProblems) -> str:
    """A text without what no form lets through."""
    if given is None:
        return ""
    if not isinstance(given, str):
        problems[name] = ["请写文字，两边加引号。"]
    elif len(given) > LONGEST_TEXT or not is_plain(given):
        problems[name] = [f"请写不超过 {LONGEST_TEXT} 个字的文字，不要带控制字符。"]
    else:
        return given.strip()
    return ""


def is_plain(given: str) -> bool:
    """Whether the database takes the text: no null character, no half of a character pair."""
    return "\0" not in given and not any("\ud800" <= letter <= "\udfff" for letter in given)
