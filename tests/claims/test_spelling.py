"""What words and names leave behind is enough to find again all that the measure of names finds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.names import alike, suggest, word_needs
from claims.spelling import (
    LIKE,
    LONGEST_WORD,
    MOST_LETTERS,
    begins,
    canons_of,
    name_traces,
    readings_of,
    searched,
    traces_of,
    traces_of_names,
    words_of,
)
from tests.support.examples import examples

HOSTILE = [
    *('"', "'", "AND OR NOT NEAR", "* ^ : ( ) - \\", "a:b", "{x y}", "NEAR(a b, 3)", "%_", "--", ";"),
    *(
        "\x00",
        "\u202e",
        "\U0001f600",
        "\ud800",
        "ß",
        "İ",
        "\u0130",
        "\uff11\uff12",
        "½",
        "中文",
        "المرابطون",
        "שלום",
    ),
]
ANYTHING = st.lists(st.one_of(st.text(max_size=12), st.sampled_from(HOSTILE)), max_size=6).map(" ".join)
LETTERS = st.text("abdeilmnoru", min_size=1, max_size=14)


@given(ANYTHING)
def test_words_are_letters_and_digits_whatever_was_written(text: str) -> None:
    words = words_of(text)

    assert all(re.fullmatch(r"[a-z0-9]{1,64}", word) for word in words)
    assert len(set(words)) == len(words)
    assert words_of(" ".join(words)) == words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The mayor's house, in May 2012", ["the", "mayor", "s", "house", "in", "may", "2012"]),
        ("Keïta, KEITA and keïta", ["keita", "and"]),
        ("المرابطون", ["al", "mrabtwn"]),
        ("Война", ["voyna"]),
        ("中国", ["zhongguo"]),
        ("x" * 200, ["x" * LONGEST_WORD]),
        (" -'’… ", []),
    ],
)
def test_words_of_any_script(text: str, words: list[str]) -> None:
    assert words_of(text) == words


def test_a_text_without_end_has_room_for_so_many_letters() -> None:
    text = " ".join(f"word{number}" for number in range(100_000))

    assert MOST_LETTERS - 20 < len(" ".join(words_of(text))) <= MOST_LETTERS


def test_a_claim_is_found_by_the_words_of_its_key_as_well() -> None:
    assert searched("He was killed", "kouffa-killed-2018.x") == "he was killed kouffa 2018 x"


@pytest.mark.parametrize(
    ("text", "found_by"),
    [
        ("The Ba'ath ruled", "the ba ath ruled baath"),
        ("Côte d’Ivoire", "cote d ivoire divoire"),
        ("the mayor's car", "the mayor s car mayors"),
        (
            "Sana\N{LEFT SINGLE QUOTATION MARK}a and Ma\N{MODIFIER LETTER TURNED COMMA}rib",
            "sana a and ma rib sanaa marib",
        ),
        ("'quoted' words, and the parents' own", "quoted words and the parents own"),
    ],
)
def test_a_claim_is_found_by_words_with_the_signs_in_them_left_out_as_well(text: str, found_by: str) -> None:
    assert searched(text, "") == found_by
    assert " ".join(dict.fromkeys(word for words in readings_of(text) for word in words)) == found_by


@pytest.mark.parametrize(
    ("word", "asked", "answer"),
    [("mayor", "mayor", True), ("mayor", "may", True), ("mayor", "ma", False), ("may", "mayor", False)],
)
def test_a_word_is_found_by_its_beginning_of_three_letters(word: str, asked: str, answer: bool) -> None:
    assert begins(word, asked) is answer


@st.composite
def near_words(draw: st.DrawFn) -> tuple[str, str]:
    """A word, and one that a few slips of the hand made of it."""
    word = draw(LETTERS)
    other = list(word)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, max(0, len(other) - 1)))
        slip = draw(st.sampled_from(["put in", "left out", "changed", "turned round"]))
        letter = draw(st.sampled_from("abdeilmnoru"))
        if slip == "put in":
            other.insert(at, letter)
        elif slip == "left out" and len(other) > 1:
            del other[at]
        elif slip == "changed":
            other[at] = letter
        else:
            other[at : at + 2] = reversed(other[at : at + 2])
    return word, "".join(other)


@examples(700)
@given(near_words(), st.sampled_from([LIKE, word_needs(0.74), word_needs(0.75)]))
def test_words_that_are_near_enough_share_a_trace(pair: tuple[str, str], at_least: float) -> None:
    one, other = pair
    if one != other and alike(one, other) >= at_least:
        assert set(traces_of(one)) & set(traces_of(other)), pair


@pytest.mark.parametrize("word", ["ab", "koufa", "bamako", "mokhtar", "belmokhtar", "x" * 64])
def test_a_word_leaves_few_traces(word: str) -> None:
    assert 0 < len(traces_of(word)) <= 17


def test_a_number_is_found_by_itself_alone() -> None:
    assert traces_of("2018") == []


def test_spellings_of_one_word_have_one_canon() -> None:
    assert len(set(canons_of(["kouffa", "koufa", "kufa", "quffa"]))) == 1
    assert len(canons_of(["abd", "el", "kader"])) == 3


def test_a_name_is_found_by_its_words_its_initials_and_its_look() -> None:
    traces, letters = name_traces("Jama'at Nusrat al-Islam wal-Muslimin")

    assert {".jnim", ".jnaim", "islam"} <= traces
    assert letters > 20
    assert ":jnim" in name_traces("JNIM")[0]
    assert name_traces("R\u0435uters")[0] & name_traces("Reuters")[0] >= {"?reuters"}


@given(st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=30)), max_size=6))
@examples(60)
def test_many_names_leave_behind_what_each_does(names):
    assert traces_of_names(names) == [name_traces(name) for name in names]


def test_what_measures_names_is_the_same_as_ever() -> None:
    assert suggest("NMLA", [("mnla", "MNLA")])[0].key == "mnla"
