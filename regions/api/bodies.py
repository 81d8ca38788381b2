"""Reading what a client sends: JSON as the standard has it, exactly, and no more than is expected."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NoReturn

from rest_framework.exceptions import ParseError
from rest_framework.parsers import BaseParser

from regions.api.errors import TooLarge

MOST_BYTES = 2 * 1024 * 1024


class ExactJSONParser(BaseParser):
    """Numbers with decimals become `Decimal`, digit by digit as sent. NaN, Infinity and names that come twice in one
    object are no JSON."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """What was sent. Raises TooLarge, and ParseError for what is no JSON in UTF-8."""
        sent = stream.read(MOST_BYTES + 1)
        if len(sent) > MOST_BYTES:
            raise TooLarge(f"请求体超过 {MOST_BYTES // 1024 // 1024} MB。请分成几批提交。")
        try:
            return json.loads(
                sent.decode("utf-8"),
                parse_float=Decimal,
                parse_constant=refuse_constant,
                object_pairs_hook=named_once,
            )
        except (ValueError, InvalidOperation, RecursionError) as error:
            raise ParseError from error


def refuse_constant(name: str) -> NoReturn:
    """Raise ValueError: Python reads NaN and Infinity, the standard does not have them."""
    raise ValueError(f"{name} is no JSON")


def named_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The object. Raises ValueError for a name that comes twice: which one counts would be a guess."""
    named = dict(pairs)
    if len(named) < len(pairs):
        raise ValueError("a name comes twice")
    return named
