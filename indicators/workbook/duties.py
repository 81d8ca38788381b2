"""Departments in a cell of a table: who leads and who shares the work. Pure: no Django."""

from __future__ import annotations

import re

_BETWEEN_NAMES = re.compile(r"[、,，;；\s/]+")
_BETWEEN_GROUPS = re.compile(r"[,，;；。\r\n]+")
#: What stands behind names and is none.
_ROLE = re.compile(r"(?:按照?(?:各自)?职责)?(?:分工)?(?:共同)?(?:负责|落实|配合|参与|协同|具体实施)$")
_LEADS = re.compile(r"(?:共同)?牵头(?:负责|落实)?$|[（(]牵头[）)]$")
_LABEL = re.compile(r"^(?:责任|牵头|配合|参与)(?:单位|部门)\s*[:：]\s*")
_EMPTY = frozenset({"", "-", "—", "/", "无"})


def names_in(text: str) -> list[str]:
    """The names that a cell lists, as printed, without words of duty behind them."""
    return [name for each in _BETWEEN_NAMES.split(_LABEL.sub("", text.strip())) if (name := _name(each)) not in _EMPTY]


def duties_in(text: str) -> tuple[list[str], list[str]]:
    """Those who lead and those who share: in 甲局、乙局牵头，丙局配合 the first two lead."""
    leading: list[str] = []
    sharing: list[str] = []
    for group in _BETWEEN_GROUPS.split(_LABEL.sub("", text.strip())):
        (leading if _LEADS.search(group.strip()) else sharing).extend(names_in(group))
    return leading, sharing


def _name(text: str) -> str:
    return _ROLE.sub("", _LEADS.sub("", text.strip())).strip(" 。.：:")
