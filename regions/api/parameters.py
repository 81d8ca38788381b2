"""The parameters that narrow a list: each says what it takes, reads it, and narrows the rows.

A parameter takes several values, by commas or by being repeated. A value that cannot be is refused with a sentence that
says what can: a misspelt filter that finds nothing would look like an answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from rest_framework.filters import BaseFilterBackend
from rest_framework.request import Request

#: So many values of one parameter are taken.
MOST_VALUES = 100
FIRST_YEAR, LAST_YEAR = 1950, 2150
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class BadParameterError(ValueError):
    """What was asked for cannot be; the message says in Chinese why, and what can."""


class Parameter:
    """A parameter of a list. Subclasses read texts to a value and narrow rows by it."""

    many = True
    item: Mapping[str, Any] = {"type": "string"}

    def __init__(self, column: str, description: str) -> None:
        self.column = column
        self.description = description

    def read(self, texts: Sequence[str], request: Request) -> Any:
        """The value that the texts state. Raises BadParameterError."""
        raise NotImplementedError

    def narrow(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        """The rows that the value leaves."""
        return rows.filter(**{f"{self.column}__in": value})

    @property
    def schema(self) -> dict[str, Any]:
        """What the parameter takes, as the schema says it."""
        return {"type": "array", "items": dict(self.item)} if self.many else dict(self.item)


class Codes(Parameter):
    """One or more codes of a fixed list of (code, label)."""

    def __init__(self, column: str, description: str, choices: Sequence[tuple[Any, str]]) -> None:
        self.labels = {str(code): str(label) for code, label in choices}
        words = "，".join(f"`{code}` {label}" for code, label in self.labels.items())
        super().__init__(column, f"{description}：{words}。")
        self.item = {"type": "string", "enum": list(self.labels)}

    def read(self, texts: Sequence[str], request: Request) -> list[str]:
        """The codes."""
        wrong = [text for text in texts if text not in self.labels]
        if wrong:
            words = "、".join(f"{code}（{label}）" for code, label in self.labels.items())
            raise BadParameterError(f"没有“{shown(wrong)}”这个取值。可用的取值：{words}。")
        return list(texts)


class Years(Parameter):
    """One or more years."""

    item = {"type": "integer", "minimum": FIRST_YEAR, "maximum": LAST_YEAR}

    def read(self, texts: Sequence[str], request: Request) -> list[int]:
        """The years."""
        wrong = [text for text in texts if not (text.isascii() and text.isdigit() and len(text) == 4)]
        wrong += [text for text in texts if text not in wrong and not FIRST_YEAR <= int(text) <= LAST_YEAR]
        if wrong:
            raise BadParameterError(f"“{shown(wrong)}”不是年份。请写四位数字，例如 2025，多个年份用逗号分隔。")
        return [int(text) for text in texts]


class Keys(Parameter):
    """One or more records by their natural key. `known` are those that the asker may know of; a key that is not among
    them is refused, whether there is such a record or not. One query."""

    item = {"type": "string", "maxLength": 80}

    def __init__(
        self, column: str, description: str, known: Callable[[Request], QuerySet[Any]], *, key: str, noun: str
    ) -> None:
        super().__init__(column, description)
        self.known, self.key, self.noun = known, key, noun

    def read(self, texts: Sequence[str], request: Request) -> list[int]:
        """Primary keys."""
        wrong = [text for text in texts if "\x00" in text]
        found = {} if wrong else self.keys_of(texts, request)
        wrong = [text for text in texts if text not in found]
        if wrong:
            raise BadParameterError(f"没有“{shown(wrong)}”这个{self.noun}，或不在令牌的范围之内。")
        return list(found.values())

    def keys_of(self, texts: Sequence[str], request: Request) -> dict[str, int]:
        """Primary keys by natural key."""
        records = self.known(request).order_by().filter(**{f"{self.key}__in": texts})
        return dict(records.values_list(self.key, "pk"))


class KeysThrough(Keys):
    """Records that belong to rows by way of a condition, not a column."""

    def __init__(self, condition: Callable[[list[int]], Q], *args: Any, **options: Any) -> None:
        super().__init__("", *args, **options)
        self.condition = condition

    def narrow(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        """The rows that the condition leaves."""
        return rows.filter(self.condition(value))


class Flag(Parameter):
    """true or false."""

    many = False
    item = {"type": "boolean"}

    def read(self, texts: Sequence[str], request: Request) -> bool:
        """Whether it is set."""
        if len(texts) != 1 or texts[0] not in ("true", "false"):
            raise BadParameterError("请写 true 或 false。")
        return texts[0] == "true"

    def narrow(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        """The rows for which the column is so."""
        return rows.filter(**{self.column: value})


class FlagOf(Flag):
    """true or false of a condition."""

    def __init__(self, condition: Q, description: str) -> None:
        super().__init__("", description)
        self.condition = condition

    def narrow(self, rows: QuerySet[Any, Any], value: Any) -> QuerySet[Any, Any]:
        """The rows for which the condition is so."""
        return rows.filter(self.condition if value else ~self.condition)


def texts_of(request: Request, name: str) -> list[str]:
    """What was sent under that name: repeated or by commas, each once. Raises BadParameterError for nothing and for too
    much."""
    sent = [part.strip() for text in request.query_params.getlist(name) for part in text.split(",")]
    texts = list(dict.fromkeys(part for part in sent if part))
    if not texts:
        raise BadParameterError("没有写取值。请写上取值，或去掉这个参数。")
    if len(texts) > MOST_VALUES:
        raise BadParameterError(f"一次最多 {MOST_VALUES} 个取值，这里有 {len(texts)} 个。")
    return texts


def single(request: Request, name: str) -> str | None:
    """What was sent under a name that takes one value; None for nothing. Raises BadParameterError for more."""
    sent = request.query_params.getlist(name)
    if len(sent) > 1:
        raise BadParameterError("这个参数只能写一次。")
    return sent[0] if sent else None


def whole_number(request: Request, name: str, *, default: int) -> int:
    """A positive whole number. Raises BadParameterError."""
    text = single(request, name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) > 0):
        raise BadParameterError(f"“{shown([text])}”不是正整数。")
    return int(text)


def moment_asked(request: Request, name: str) -> datetime | None:
    """The end of the local day that is asked for; None for now: for today and where nothing is asked.
    Raises BadParameterError for what is no date, and for a future one."""
    text = single(request, name)
    if text is None:
        return None
    try:
        day = date.fromisoformat(text if DAY.fullmatch(text) else "")
    except ValueError:
        raise BadParameterError(f"“{shown([text])}”不是日期。请写成 2023-12-31 的样子。") from None
    today = timezone.localdate()
    if day > today:
        raise BadParameterError(f"{day} 还没有到，只能查询今天（{today}）及以前的情况。")
    if day.year < FIRST_YEAR:
        raise BadParameterError(f"最早只能查询 {FIRST_YEAR} 年的情况。")
    if day == today:
        return None
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) - timedelta(microseconds=1)


def shown(texts: Sequence[str]) -> str:
    """Texts of a client as a message repeats them: short, and without what cannot be seen."""
    whole = "、".join("".join(letter for letter in text[:40] if letter.isprintable()) for text in texts[:5])
    return f"{whole}……" if len(texts) > 5 else whole


class DeclaredParameters(BaseFilterBackend):
    """Narrows a list by what its endpoint declares, and tells the schema of it."""

    def filter_queryset(self, request: Request, queryset: QuerySet[Any, Any], view: Any) -> QuerySet[Any, Any]:
        """The rows that were asked for, in order."""
        narrowed: QuerySet[Any, Any] = view.asked.narrow(queryset)
        return narrowed

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Every parameter of the list."""
        return [
            {
                "name": name,
                "in": "query",
                "required": False,
                "description": parameter.description,
                "schema": parameter.schema,
                **({"explode": False, "style": "form"} if parameter.many else {}),
            }
            for name, parameter in view.described_parameters().items()
        ]
