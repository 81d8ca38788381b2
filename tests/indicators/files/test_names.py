"""Names as people give them, made fit to be shown and saved."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.files.names import LONGEST_NAME, clean_name, ending_of


@pytest.mark.parametrize(
    ("given_name", "cleaned"),
    [
        ("2023年公报.pdf", "2023年公报.pdf"),
        ("C:\\资料\\公报.pdf", "公报.pdf"),
        ("../../etc/公报.pdf", "公报.pdf"),
        ("公报\u202efdp.exe", "公报fdp.exe"),
        ("公报\r\nSet-Cookie: a.pdf", "公报Set-Cookie_ a.pdf"),
        ('"><script>.pdf', "___script_.pdf"),
        ("  两个  空格 .pdf ", "两个 空格 .pdf"),
        (".pdf", "pdf"),
        ("", "未命名"),
        ("长" * 300 + ".docx", "长" * 195 + ".docx"),
    ],
)
def test_a_name_is_cleaned(given_name: str, cleaned: str) -> None:
    assert clean_name(given_name) == cleaned


@given(st.text(max_size=400))
def test_a_cleaned_name_is_harmless_and_stays_as_it_is(text: str) -> None:
    name = clean_name(text)
    assert 0 < len(name) <= LONGEST_NAME
    assert not set(name) & set('/\\"<>:|?*\r\n\0')
    assert not any(unicodedata.category(character).startswith("C") for character in name)
    assert clean_name(name) == name
    assert ending_of(name) == ending_of(clean_name(name))
