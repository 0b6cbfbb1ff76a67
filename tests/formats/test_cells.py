"""Cells that are written: harmless to whoever opens them, and where it matters the very text comes back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadValue
from tracker.formats.cells import CONTROLS, FORMULA_STARTS, exact, harmless, text_of

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
RISKY = st.sampled_from(["=1+1", "'=1", "''", '"', '"a"', "#N/A", "-5", "\t x", "a\x00b", "\u202eabc", "@x"])


@given(TEXTS | RISKY)
def test_any_text_comes_back_and_is_harmless_on_the_way(text: str) -> None:
    cell = exact(text)
    assert text_of(cell) == text
    assert not CONTROLS.search(cell)
    assert cell[:1] not in FORMULA_STARTS or cell == text  # a number


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("\uff1dcmd", "'\uff1dcmd"),
        ("-5", "-5"),
        ("-5 people", "'-5 people"),
        ("a\x1b[2J", "a�[2J"),
        ("It rained.", "It rained."),
    ],
)
def test_for_people_a_cell_is_no_formula_and_steers_nothing(text: str, cell: str) -> None:
    assert harmless(text) == cell


def test_what_is_no_such_cell_is_told() -> None:
    for cell in ('"a', '"a"b', '"\\q"'):
        with pytest.raises(BadValue, match="is no text between quotes"):
            text_of(cell)
