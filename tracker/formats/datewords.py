"""Dates as a table writes them, in words that are read anywhere: names of months in English, and years
of two digits with their century, where a map says which those are."""

from __future__ import annotations

import re

from tracker.formats.monthnames import in_english

_SHORT_YEAR = re.compile(r"^(\d{1,2}[-/. ]\s*(?:\d{1,2}|[^\W\d_]+\.?)[-/., ]\s*)['’]?(\d{2})$")


def in_full(text: str, language: str = "", century: int | None = None) -> str:
    """A date as it would be written in full. Only a year that ends a whole date is taken for one of two
    digits: "9-Aug-22" in the century 2000 is "9-Aug-2022"."""
    words = in_english(text, language) if language else text
    if century is not None and (found := _SHORT_YEAR.match(words.strip())):
        return f"{found[1]}{century + int(found[2])}"
    return words
