"""Keys: what they look like, and how a fresh one is made from words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadValue
from claims.keys import MAX_LENGTH, check_key, make_key, number_key
from tests.support.examples import examples


def nothing_taken(key: str) -> bool:
    return False


@pytest.mark.parametrize("key", ["a", "7", "kouffa-killed-2018", "kouffa-killed-2018.mali", "a" * MAX_LENGTH])
def test_a_well_formed_key_is_accepted_as_it_is(key):
    assert check_key(key) == key


@pytest.mark.parametrize(
    "key",
    [
        *["", "-", "-a", "a-", "a--b", "a.-b", "A", "a b", "a_b", "a/b", "../a", "é", "a\n", "\x00"],
        *["٣", "a" * (MAX_LENGTH + 1), "a" * 100_000],
    ],
)
def test_any_other_key_is_refused_with_an_example(key):
    with pytest.raises(BadValue, match="cannot be a key") as caught:
        check_key(key)
    assert "kouffa-killed-2018" in caught.value.hint
    assert len(caught.value.message) < 400


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Amadou Kouffa was killed in late 2018", "amadou-kouffa-killed-late-2018"),
        ("The group that they have", "group"),
        ("It was", "it-was"),
        ("Who is it?", "who-is-it"),
        ("", "item"),
        ("?!", "item"),
        ("one two three four five six seven eight", "one-two-three-four-five-six"),
        ("Français près de Kidal", "francais-pres-de-kidal"),
        ("x" * 100, "x" * 70),
        ("short " + "x" * 100, "short"),
    ],
)
def test_a_key_is_made_of_the_words_that_carry_meaning(text, key):
    assert make_key(text, nothing_taken) == key


def test_a_key_that_is_taken_gets_a_number():
    taken = {"raid", "raid-2"}
    assert make_key("The raid", taken.__contains__) == "raid-3"
    assert number_key("raid", taken.__contains__) == "raid-3"
    assert number_key("siege", taken.__contains__) == "siege"


@given(st.text(), st.integers(0, 12))
@examples(100)
def test_any_text_makes_a_key_that_is_well_formed_and_free(text, already):
    taken: set[str] = set()
    for _ in range(already):
        taken.add(make_key(text, taken.__contains__))
    assert len(taken) == already
    assert check_key(make_key(text, taken.__contains__)) not in taken
