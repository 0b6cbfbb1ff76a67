"""Canonical JSON: the bytes of RFC 8785 for what the journal holds, and a refusal for all else."""

from __future__ import annotations

import json
from enum import StrEnum

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.shared import shared
from tracker.errors import Unjournalable
from tracker.journal.canonical import MAX_DEPTH, SAFE_INTEGER, canonical, plain_text


class Letter(StrEnum):
    """A text that is more than a text."""

    A = "a"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
KEYS = st.text(st.characters(codec="ascii", exclude_characters="\x00"))
INTEGERS = st.integers(-SAFE_INTEGER + 1, SAFE_INTEGER - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | INTEGERS | TEXT,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(KEYS, inner, max_size=5),
    max_leaves=20,
)


def test_keys_are_sorted_and_no_blank_is_written():
    assert (
        canonical({"b": [1, True, None], "a": "é\n", "B": {}})
        == '{"B":{},"a":"é\\n","b":[1,true,null]}'.encode()
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        *[('"', r"\""), ("\\", r"\\"), ("/", "/"), ("\b\f\n\r\t", r"\b\f\n\r\t"), ("\x1f", r"\u001f")],
        *[("\x7f", "\x7f"), ("\u2028", "\u2028"), ("😂", "😂"), ("A\u030a", "A\u030a")],
    ],
)
def test_text_is_escaped_no_more_than_it_must_be(text, written):
    assert canonical(text) == f'"{written}"'.encode()


@given(VALUES)
@examples(200)
def test_the_bytes_are_those_of_an_independent_implementation(value):
    assert canonical(value) == rfc8785.dumps(value)


@given(st.dictionaries(KEYS, VALUES, max_size=6))
@examples(200)
def test_the_quick_way_to_write_what_an_entry_says_gives_the_same_text(value):
    assert plain_text(value).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "value",
    [
        {"a": 1.5},
        {"a": SAFE_INTEGER},
        {"a": [SAFE_INTEGER]},
        {"é": "x"},
        {1: "x"},
        {1: "x", "a": "y"},
        {"a": {"b": ("x",)}},
        {"a": Letter.A},
    ],
)
def test_the_quick_way_leaves_what_may_have_no_form_to_the_slow_one(value):
    assert plain_text(value) is None


def test_the_quick_way_goes_as_deep_as_the_slow_one_allows():
    value: dict[str, object] = {}
    for _ in range(MAX_DEPTH + 1):
        value = {"a": value}
        quick = plain_text(value)
        assert quick is None or quick.encode() == canonical(value)
    assert quick is None


@given(VALUES)
@examples(100)
def test_reading_and_writing_again_gives_the_same_bytes(value):
    assert json.loads(canonical(value)) == value
    assert canonical(json.loads(canonical(value))) == canonical(value)


def vectors():
    return json.loads(shared("vectors", "rfc8785.json").read_text("utf-8"))


def test_published_vectors_within_the_subset_agree_byte_for_byte():
    agreed = []
    for vector in vectors():
        value = json.loads(vector["input"])
        try:
            written = canonical(value)
        except Unjournalable:
            continue
        assert written.hex() == vector["output_hex"], vector["name"]
        agreed.append(vector["name"])
    assert agreed == ["arrays", "unicode"]


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("french", r"\$: the key 'péché' is not plain ASCII"),
        ("structures", r"\$\.1\.\n: a float"),
        ("values", r"\$\.numbers\[0\]: a float"),
        ("weird", r"\$: the key '€' is not plain ASCII"),
    ],
)
def test_published_vectors_outside_the_subset_are_refused(name, why):
    (vector,) = [vector for vector in vectors() if vector["name"] == name]
    with pytest.raises(Unjournalable, match=why):
        canonical(json.loads(vector["input"]))


class Term(StrEnum):
    DEATH = "death"


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    ("value", "why"),
    [
        ({"a": [1, 0.5]}, r"\$\.a\[1\]: a float has no canonical form"),
        (float("nan"), r"\$: a float"),
        ({"n": 2**53}, r"\$\.n: 9007199254740992 is too large"),
        ([-(2**53)], r"\$\[0\]: -9007199254740992 is too large"),
        (10**6000, r"\$: an integer of \d+ bits is too large"),
        ({"a": {"b": "x\x00"}}, r"\$\.a\.b holds a NUL"),
        (["\ud800"], r"\$\[0\] holds half of a character"),
        ({"é": 1}, r"\$: the key 'é' is not plain ASCII"),
        ({"\x00": 1}, r"\$: the key '\\x00' holds a NUL"),
        ({1: 1}, r"\$: the key 1 is not plain ASCII text"),
        ({None: 1}, r"\$: the key None is not"),
        ((1, 2), r"\$: a tuple has no canonical form"),
        ({"s": {1}}, r"\$\.s: a set has no"),
        (b"bytes", r"\$: a bytes has no"),
        (nested(MAX_DEPTH + 1), "is nested more than 32 deep"),
        (nested(100_000), "is nested more than 32 deep"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_what_has_no_canonical_form_is_refused_saying_where(value, why):
    with pytest.raises(Unjournalable, match=why) as caught:
        canonical(value)
    assert len(caught.value.message) < 200


def test_the_largest_integers_and_the_deepest_nesting_that_are_allowed():
    assert canonical(SAFE_INTEGER - 1) == b"9007199254740991"
    assert canonical(1 - SAFE_INTEGER) == b"-9007199254740991"
    assert canonical(nested(MAX_DEPTH)) == b"[" * 33 + b"]" * 33


def test_a_term_of_a_vocabulary_is_written_as_its_word():
    assert canonical({"kind": Term.DEATH}) == b'{"kind":"death"}'
