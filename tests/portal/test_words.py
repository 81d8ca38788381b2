"""The admin's own words: what locale/ says is what the pages show."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.utils.translation import gettext, override

ENTRY = re.compile(r'^msgid "(.+)"\nmsgstr "(.*)"$', re.MULTILINE)


def our_words() -> list[tuple[str, str]]:
    """Django's sentences with ours, from the file that people edit."""
    text = Path(settings.LOCALE_PATHS[0], "zh_Hans", "LC_MESSAGES", "django.po").read_text(encoding="utf-8")
    return [(theirs.replace(r"\"", '"'), ours) for theirs, ours in ENTRY.findall(text)]


@pytest.mark.parametrize(("theirs", "ours"), our_words())
def test_the_compiled_file_is_up_to_date(theirs: str, ours: str) -> None:
    with override("zh-hans"):
        assert gettext(theirs) == ours, "run `make messages`"
