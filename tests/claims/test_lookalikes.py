"""Names that look like others: drawn alike, mixed from several alphabets, or with parts that nobody sees."""

# Letters that look like others are what this is about.
# ruff: noqa: RUF001

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.lookalikes import mixed_scripts, skeleton, twins, unseen

CYRILLIC_E, CYRILLIC_A, GREEK_O = "\u0435", "\u0430", "\u03bf"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Reuters", f"R{CYRILLIC_E}uters"),
        ("Harbour Post", f"Harb{GREEK_O}ur Post"),
        ("CHECK", "\u0421\u041d\u0415\u0421\u041a"),
        ("paypal", "paypa1"),
        ("Ila Daily", "lla Daily"),
        ("modern times", "modem times"),
        ("Post 0ne", "Post One"),
        ("Vale News", "\uff36\uff41\uff4c\uff45 \uff2e\uff45\uff57\uff53"),
        ("Vale News", "\U0001d415\U0001d41a\U0001d425\U0001d41e News"),
        ("Vale News", "Va\u00adle\u200b News"),
        ("Vale News", "Vale\u00a0News"),
        ("Omega", "\u0555mega"),
    ],
)
def test_drawn_alike(one: str, other: str) -> None:
    assert one != other
    assert skeleton(one) == skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"), [("Reuters", "Routers"), ("Koufa", "Kouffa"), ("North", "South"), ("Mali", "Malik")]
)
def test_drawn_otherwise(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@given(st.text(max_size=20))
def test_case_by_case_a_skeleton_is_one_line_of_what_can_be_seen(text: str) -> None:
    drawn = skeleton(text)
    assert drawn == " ".join(drawn.split())
    assert skeleton(f" {text}\u200b ") == drawn


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        (f"R{CYRILLIC_E}uters", ("Cyrillic", "Latin")),
        (f"Agency {GREEK_O}ne", ("Greek", "Latin")),
        ("Reuters Москва", ()),  # words of several scripts are nothing odd; one word is
        ("Reuters", ()),
        ("読売ニュース2", ()),
        ("Ali علي", ()),
        ("", ()),
    ],
)
def test_alphabets_within_one_word(name: str, scripts: tuple[str, ...]) -> None:
    assert mixed_scripts(name) == scripts


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("killed\u202eton saw", "U+202E (right-to-left override)"),
        ("a\u2066b", "U+2066 (left-to-right isolate)"),
        ("a\u200bb", "U+200B (zero width space)"),
        ("\ufeffPost", "U+FEFF (zero width no-break space)"),
        ("Po\u00adst", "U+00AD (soft hyphen)"),
        ("Post\u3164", "U+3164 (hangul filler)"),
        ("Post\U000e0041", "U+E0041 (tag latin capital letter a)"),
        ("one\ntwo", "a control character, U+000A"),
        ("one\ttwo", "a control character, U+0009"),
        ("\x1b]8;;http://evil.example\x1b\\x", "a control character, U+001B"),
        ("\x9b31m", "a control character, U+009B"),
        ("a\u2028b", "U+2028 (line separator)"),
        ("a\u200db", "U+200D (zero width joiner)"),
        ("\u200ePost", "U+200E (left-to-right mark)"),
        ("\u0430\u200c\u0431", "U+200C (zero width non-joiner)"),
    ],
)
def test_what_nobody_sees(name: str, what: str) -> None:
    assert what in unseen(name)


@pytest.mark.parametrize(
    "name",
    [
        "Reuters",
        "Агентство",
        "علی\u200cرضا",  # Persian spelling needs the non-joiner
        "\u200fالأخبار\u200f (Beirut)",
        "क्\u200dष",
        "\U0001f469\u200d\U0001f52c News",
        "Zoë O’Neill",
        "e\u0301",
        "新聞\ufe0f",
    ],
)
def test_names_as_people_write_them(name: str) -> None:
    assert unseen(name) == ""


@given(st.text(max_size=20))
def test_no_control_and_no_turn_of_direction_is_ever_let_through(name: str) -> None:
    if not unseen(name):
        assert not any(unicodedata.category(c) == "Cc" for c in name)
        assert not any(
            unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "RLI", "LRI") for c in name
        )


def test_twins_are_told_with_those_that_they_look_like() -> None:
    known = [("reuters", "Reuters"), ("post", "Harbour Post")]
    fake = ("reuters-2", f"R{CYRILLIC_E}uters")

    (found,) = twins([fake, ("gazette", "The Gazette")], [*known, fake])

    assert (found.key, found.others, found.mixed) == (
        "reuters-2",
        (("reuters", "Reuters"),),
        ("Cyrillic", "Latin"),
    )


def test_new_names_are_compared_with_each_other_and_a_record_not_with_itself() -> None:
    new = [("a", "Post One"), ("b", "Post 0ne"), ("c", "Müller"), ("c", "Muller")]

    assert [(it.key, it.others) for it in twins(new, [])] == [
        ("a", (("b", "Post 0ne"),)),
        ("b", (("a", "Post One"),)),
    ]


def test_names_that_differ_in_script_accents_or_case_alone_are_alike() -> None:
    known = [("muller", "Müller"), ("tass", "ТАСС"), ("all", "???")]

    assert [it.key for it in twins([("x", "MULLER"), ("y", "TASS"), ("z", "!!!")], known)] == ["x", "y"]
