"""Months in other languages are those that dates are read with."""

from __future__ import annotations

from datetime import date

import pytest

from claims.dates import parse
from tracker.formats.monthnames import LANGUAGES, in_english


@pytest.mark.parametrize(
    ("words", "language", "day"),
    [
        ("3 de marzo de 2018", "es", "2018-03-03"),
        ("3 março 2018", "pt", "2018-03-03"),
        ("3 marco 2018", "pt", "2018-03-03"),
        ("3. März 2018", "de", "2018-03-03"),
        ("3 марта 2018 г.", "ru", "2018-03-03"),  # noqa: RUF001
        ("3 березня 2018 року", "uk", "2018-03-03"),
        ("3 Mart 2018", "tr", "2018-03-03"),
        ("3 مارس 2018", "ar", "2018-03-03"),
        ("2018-03-03", "de", "2018-03-03"),
        ("mayo 2018", "es", "2018-05"),
    ],
)
def test_a_date_is_read_in_the_language_of_its_table(words: str, language: str, day: str) -> None:
    assert parse(in_english(words, language), today=date(2026, 11, 22)).edtf == day


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_twelve_months_and_no_name_twice(language: str) -> None:
    months = LANGUAGES[language]
    names = [name for each in months for name in each.split()]
    assert len(months) == 12
    assert len(set(names)) == len(names)
