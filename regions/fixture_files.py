"""Reading the YAML files under fixtures/: every problem is collected with file, entry and reason, none is raised at
once.

The format is described in fixtures/README.md. Values are validated by the models themselves (see fixture_rows); this
module knows only the shape of the files: mappings, lists, known keys.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml

#: Years outside are slips of the pen, and would be judged one by one.
YEARS = range(1949, 2101)
#: Figures have at most this many digits before the point.
INTEGER_DIGITS = 11


@dataclass(frozen=True)
class FixtureProblem:
    """One thing wrong in a fixture file; `entry` is the code, slug or position of the entry it stands in."""

    file: str
    entry: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file} · {self.entry}：{self.reason}"


class FixtureError(Exception):
    """Raised once, with every problem of every file; nothing has been written."""

    def __init__(self, problems: list[FixtureProblem]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


@dataclass
class Entry:
    """A mapping of a fixture file whose keys are taken one by one; what is left over is a problem.

    Absent keys give the default: an absent figure stays absent. The typed takes (`text`, `number`, `year`, `names`) are
    for what the loader itself works with; what goes straight into a model is checked there (see fixture_rows).
    `failed` is True once anything was wrong with the entry itself.
    """

    data: dict[str, Any]
    file: str
    name: str
    problems: list[FixtureProblem]
    taken: set[str] = field(default_factory=set)
    failed: bool = False

    def problem(self, reason: str) -> None:
        """Record what is wrong with this entry."""
        self.failed = True
        self.problems.append(FixtureProblem(self.file, self.name, reason))

    def take(self, key: str, default: Any = None) -> Any:
        """The raw value under `key`, or the default where the key is absent."""
        self.taken.add(key)
        return self.data.get(key, default)

    def take_all(self, *keys: str) -> dict[str, Any]:
        """The raw values of those keys that are present."""
        self.taken.update(keys)
        return {key: self.data[key] for key in keys if key in self.data}

    def require(self, key: str) -> Any:
        """The raw value under `key`; its absence is a problem and gives None."""
        value = self.take(key)
        if value is None:
            self.problem(f"缺少“{key}”。")
        return value

    def text(self, key: str, *, required: bool = False) -> str | None:
        """The text under `key`; None where it is absent or, as a problem, something else than text."""
        value = self._present(key, required)
        if value is None or isinstance(value, str):
            return value
        self.problem(f"“{key}”应是文字，不能是“{value}”（像数字的文字请加引号）。")
        return None

    def year(self, key: str, default: int | None = None, *, required: bool = False) -> int | None:
        """The year under `key`; the default where it is absent or, as a problem, not a year."""
        value = self._present(key, required)
        if value is None:
            return default
        if isinstance(value, int) and not isinstance(value, bool) and value in YEARS:
            return value
        self.problem(f"“{key}”应是 {YEARS.start} 至 {YEARS.stop - 1} 之间的年份，不能是“{value}”。")
        return default

    def number(self, key: str, *, required: bool = False) -> Decimal | None:
        """The figure under `key`, exact; None where it is absent or, as a problem, not a figure."""
        value = self._present(key, required)
        if value is None:
            return None
        try:
            figure = Decimal(str(value))
        except InvalidOperation:
            figure = Decimal("NaN")
        if figure.is_finite() and figure.adjusted() < INTEGER_DIGITS:
            return figure
        self.problem(f"“{key}”应是数值，不能是“{value}”。")
        return None

    def names(self, key: str) -> list[str]:
        """A list of texts; absent means empty."""
        value = self.take(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self.problem(f"“{key}”应是文字的列表。")
            return []
        return value

    def entry(self, key: str) -> Entry | None:
        """The nested mapping under `key`, or None where it is absent."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.problem(f"“{key}”应是键值对。")
            return None
        return Entry(value, self.file, f"{self.name} · {key}", self.problems)

    def entries(self, key: str, named_by: str = "") -> list[Entry]:
        """The mappings listed under `key`, each named by its own `named_by` value or else by its position."""
        value = self.take(key, [])
        if not isinstance(value, list):
            self.problem(f"“{key}”应是列表。")
            return []
        found = []
        for position, item in enumerate(value, start=1):
            if not isinstance(item, dict):
                self.problem(f"“{key}”第 {position} 项应是键值对。")
                continue
            own = str(item.get(named_by, "")) if named_by else ""
            found.append(Entry(item, self.file, own or f"{self.name} · {key} 第 {position} 项", self.problems))
        return found

    def _present(self, key: str, required: bool) -> Any:
        return self.require(key) if required else self.take(key)

    def finish(self) -> None:
        """Report keys that nobody took: a misspelt key must not silently lose a figure."""
        for key in self.data.keys() - self.taken:
            self.problem(f"不认识的键“{key}”。")


def read_file(path: Path, problems: list[FixtureProblem]) -> Entry:
    """One YAML file as an entry; a list at the top stands under the key `entries`. Unreadable files are a problem."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, yaml.YAMLError) as error:  # ValueError: not UTF-8, or a date that does not exist
        problems.append(FixtureProblem(path.name, "文件", f"无法读取：{error}"))
        data = {}
    if isinstance(data, list):
        data = {"entries": data}
    if not isinstance(data, dict):
        problems.append(FixtureProblem(path.name, "文件", "内容应是列表或键值对。"))
        data = {}
    return Entry(data, path.name, path.name, problems)
