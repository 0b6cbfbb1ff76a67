"""Counts as people write them: numbers, ranges and bounds, and what is none."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.counts import Count, check_count
from claims.errors import BadValue
from tests.claims.builders import rows
from tests.support.examples import examples

TABLE = """
    # as written           | low   | best | high | unit    | strict
    12                     |       | 12   |      |         |
    0                      |       | 0    |      |         |
    12 people              |       | 12   |      | people  |
    about 12               |       | 12   |      |         |
    some 300 fighters      |       | 300  |      | fighters|
    around 300             |       | 300  |      |         |
    ~300                   |       | 300  |      |         |
    64 %                   |       | 64   |      | %       |
    64%                    |       | 64   |      | %       |
    2.5 tonnes             |       | 2.5  |      | tonnes  |
    1,000                  |       | 1000 |      |         |
    1 000 000              |       | 1000000 |   |         |
    10_000                 |       | 10000|      |         |
    165-180                | 165   |      | 180  |         |
    165–180 dead           | 165   |      | 180  | dead    |
    165 to 180             | 165   |      | 180  |         |
    5 or 6                 | 5     |      | 6    |         |
    1,000-1,500            | 1000  |      | 1500 |         |
    12-12                  | 12    |      | 12   |         |
    12 (10-15)             | 10    | 12   | 15   |         |
    12 [10–15] dead        | 10    | 12   | 15   | dead    |
    > 64 %                 | 64    |      |      | %       | strict
    more than 64 %         | 64    |      |      | %       | strict
    More Than 64%          | 64    |      |      | %       | strict
    over 9000              | 9000  |      |      |         | strict
    12+                    | 12    |      |      |         |
    12+ dead               | 12    |      |      | dead    |
    at least 5 people      | 5     |      |      | people  |
    >= 5                   | 5     |      |      |         |
    ≥5                     | 5     |      |      |         |
    < 10                   |       |      | 10   |         | strict
    fewer than 10          |       |      | 10   |         | strict
    less than 10           |       |      | 10   |         | strict
    under 10               |       |      | 10   |         | strict
    up to 30               |       |      | 30   |         |
    at most 30             |       |      | 30   |         |
    ≤ 30                   |       |      | 30   |         |
"""


def number(text: str) -> Decimal | None:
    return Decimal(text) if text else None


@pytest.mark.parametrize("row", rows(TABLE), ids=lambda row: row[0])
def test_a_count_is_read_as_people_write_it(row):
    text, low, best, high, unit, *strict = row
    about = text.startswith(("about", "some", "around", "~"))
    expected = Count(number(low), number(best), number(high), unit, any(strict), about)
    assert check_count(text) == expected
    assert check_count(f"  {text}\n") == expected


@pytest.mark.parametrize(
    "text",
    [
        *["", " ", "many", "a dozen", "people", "-5", "$12", "1.2.3", "1,00", "10 15", "12 13 14", "%", ">"],
        *["2018-11-23", "12 (10)", "between", "1e5", "NaN", "Infinity", "more than", "12 people 3", "½"],
        *["9" * 300, "1 " * 5000],
    ],
)
def test_what_is_no_count_is_refused_with_examples(text):
    with pytest.raises(BadValue, match="is not a count") as caught:
        check_count(text)
    assert '"165-180"' in caught.value.hint
    assert len(caught.value.message) < 200


@pytest.mark.parametrize("text", ["180-165", "12 (15-10)", "12 (13-15)", "20 (10-15)", "6 or 5"])
def test_a_range_the_wrong_way_round_is_refused(text):
    with pytest.raises(BadValue, match="runs from high to low") as caught:
        check_count(text)
    assert caught.value.hint == "write the lower number first"


PARTS = [
    "12",
    "1,000",
    "9.5",
    "-",
    "–",
    " to ",
    " or ",
    "(",
    ")",
    "[",
    "]",
    ">=",
    "<",
    "more than ",
    "up to ",
]
TEXTS = st.text() | st.lists(st.sampled_from([*PARTS, " ", "%", "٣", "dead", "~"]), max_size=8).map("".join)


@given(TEXTS)
@examples(200)
def test_any_text_is_a_count_in_order_or_a_bad_value(text):
    try:
        count = check_count(text)
    except BadValue:
        return
    known = [value for value in (count.low, count.best, count.high) if value is not None]
    assert known
    assert known == sorted(known)
    assert all(value >= 0 for value in known)
