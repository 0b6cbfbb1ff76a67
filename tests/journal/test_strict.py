"""JSON read strictly: what is JSON to everybody is read, and what readers differ on is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile
from tests.support.shared import shared
from tracker.app.policies import find_policy
from tracker.journal.entry import Entry
from tracker.journal.strict import LONGEST_NUMBER, read_json

if TYPE_CHECKING:
    from pathlib import Path

REFUSED_ON_PURPOSE = ["y_object_duplicated_key.json", "y_object_duplicated_key_and_value.json"]
"""Valid by the letter of RFC 8259, which calls their meaning unpredictable."""


def vectors(kind: str = "") -> dict[str, bytes]:
    """The corpus of JSON files by name; ``kind`` is y (valid), n (not), or i (open)."""
    found = json.loads(shared("vectors", "json-parsing.json").read_text("utf-8"))
    return {it["name"]: bytes.fromhex(it["bytes_hex"]) for it in found if it["name"].startswith(kind)}


def refused(data: bytes) -> bool:
    try:
        read_json(data)
    except ValueError as error:
        assert str(error)
        return True
    return False


def test_every_valid_file_is_read_but_for_keys_that_are_there_twice() -> None:
    valid = vectors("y_")
    assert len(valid) > 90
    assert sorted(name for name in valid if refused(valid[name])) == REFUSED_ON_PURPOSE
    for name in valid.keys() - REFUSED_ON_PURPOSE:
        assert read_json(valid[name]) == json.loads(valid[name])


def test_every_invalid_file_is_refused() -> None:
    invalid = vectors("n_")
    assert len(invalid) > 180
    assert [name for name in invalid if not refused(invalid[name])] == []


def test_where_the_standard_leaves_it_open_nothing_else_goes_wrong() -> None:
    read = sorted(name for name, data in vectors("i_").items() if not refused(data))
    assert read == [
        "i_number_double_huge_neg_exp.json",
        "i_number_real_underflow.json",
        "i_number_too_big_neg_int.json",
        "i_number_too_big_pos_int.json",
        "i_number_very_big_negative_int.json",
        "i_structure_500_nested_arrays.json",
    ]


def test_none_of_the_files_is_an_entry_of_the_journal_or_a_policy(tmp_path: Path) -> None:
    file = tmp_path / "ours.json"
    for name, data in vectors().items():
        with pytest.raises(ValueError, match=r".+"):
            Entry.from_body(data)
        file.write_bytes(data)
        with pytest.raises(BadFile, match=r"ours\.json") as caught:
            find_policy(str(file))
        assert caught.value.hint, name


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b'{"status": "refuted", "status": "confirmed"}', "the key 'status' is there twice"),
        (b'[{"a": {"b": 1, "b": 1}}]', "the key 'b' is there twice"),
        (b'{"a": 1, "\\u0061": 2}', "the key 'a' is there twice"),
        (b"[NaN]", "NaN is no number"),
        (b"-Infinity", "-Infinity is no number"),
        (b"[1e400]", "the number 1e400 is too large"),
        (b"9" * 5_000, f"a number has 5,000 digits and signs, more than {LONGEST_NUMBER}"),
        (b"0." + b"9" * 5_000, "a number has 5,002 digits"),
        (b'["\\ud800"]', "half of a character"),
        (b'{"\\udc00": 1}', "half of a character"),
        (b'"caf\xe9"', "byte 4 is not UTF-8"),
        (b"[" * 100_000, "nested too deep"),
        (b'{"a":' * 100_000, "nested too deep"),
    ],
)
def test_what_two_readers_could_take_for_two_things(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why) as caught:
        read_json(data)
    assert len(str(caught.value)) < 200


def test_a_whole_character_may_be_written_in_halves() -> None:
    assert read_json(b'"\\ud83d\\ude00"') == "\U0001f600"


def test_a_policy_file_in_which_a_number_is_there_twice_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "twice.json"
    file.write_bytes(b'\xef\xbb\xbf{"name": "a", "version": 1, "version": 2}')
    with pytest.raises(BadFile, match="the key 'version' is there twice"):
        find_policy(str(file))


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=15,
)


@given(VALUES, st.booleans())
def test_what_was_written_is_read(value: Any, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    assert read_json(text.encode("utf-8")) == value


@given(st.binary(max_size=60) | st.text(alphabet='{}[]",:\\ud83dcNaInfity0123.eE+- ').map(str.encode))
def test_nothing_but_a_value_error_is_raised(data: bytes) -> None:
    refused(data)
