"""Lettering: what fits stays, what does not is cut, and letters are not torn apart."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.plots.lettering import clean, fitted, folded, width


def test_what_fits_is_left_and_what_does_not_is_cut():
    assert fitted("Paris", 100) == "Paris"
    assert fitted("Government of France", 60).endswith("…")


def test_letters_of_several_parts_are_not_torn():
    assert fitted("e\u0301" * 20, 31).rstrip("…") == "e\u0301" * 2
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert fitted(family * 9, 60) == family + "…" or fitted(family * 9, 60) == "…"


def test_wide_letters_take_more_room():
    assert width("漢字") > width("ab")
    assert width("iii") < width("mmm")
    assert width("a", bold=True) > width("a")


def test_a_text_is_folded_into_lines_and_the_last_is_cut():
    assert folded("one two three", 1000, 12, 2) == ["one two three"]
    lines = folded("one two three four five six seven", 60, 12, 2)
    assert len(lines) == 2
    assert lines[-1].endswith("…")
    assert folded("", 10, 12, 2) == []


@given(st.text(max_size=60), st.floats(20, 300))
@examples(200)
def test_what_is_cut_fits_and_holds_nothing_that_xml_forbids(text, room):
    cut = fitted(text, room)
    assert width(cut) <= room + 12
    assert clean(cut) == cut
    assert "\n" not in cut
