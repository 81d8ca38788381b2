"""By which way a change comes in: a form of the portal, a command, an import, a client of the API.

Whoever lets people or programs in says so once, around everything that they do; the history takes it from here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

#: The longest name of a way that the history keeps.
LONGEST_CHANNEL = 100
#: A change that no page, command, import or client made.
PROGRAM = "程序"
#: The page that takes over the table of a new plan: what it writes is what the plan's document prints.
NEW_PLAN = "新建规划页面"

_channel: ContextVar[str] = ContextVar("channel", default=PROGRAM)


def current_channel() -> str:
    """The way in Chinese words, such as 填报表 or 命令 load_plans."""
    return _channel.get()


@contextmanager
def acting_through(channel: str) -> Iterator[None]:
    """Everything inside comes in by this way; the innermost name counts."""
    token = _channel.set(channel[:LONGEST_CHANNEL])
    try:
        yield
    finally:
        _channel.reset(token)
