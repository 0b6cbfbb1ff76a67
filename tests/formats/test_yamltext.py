"""What is written as text is read as text, by whatever version of YAML."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tests.support.yamlcore import read_core
from tracker.formats.yamltext import write_yaml


@pytest.mark.parametrize(
    "text",
    [
        *("0o14", "0x1F", "012", "08", "1e3", "-1E+2", "12.", ".5", "+3", "1_000", ".inf", "0b1", "12:30"),
        *("no", "Off", "~", "null", "2018-11-23", "=", "<<", "", " x", "1e", "0o8", "-", "1.2.3"),
    ],
)
def test_no_reader_takes_a_text_for_anything_else(text: str) -> None:
    written = write_yaml({"a": text, "b": [text]})
    for read in (yaml.safe_load, read_core):
        assert read(written) == {"a": text, "b": [text]}


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("one\ntwo", "a: |-\n  one\n  two\n"),
        ("one\n\n  two: # 'x'", "a: |-\n  one\n\n    two: # 'x'\n"),
        ("- one\n--- two\n...", "a: |-\n  - one\n  --- two\n  ...\n"),
    ],
)
def test_lines_stand_under_each_other(text: str, written: str) -> None:
    assert write_yaml({"a": text}) == written
    assert read_core(written) == {"a": text}


@given(
    st.lists(
        st.sampled_from(["one", "", " ", "  two", "t ", "#", "\u2028", "\xa0x", "\ufeff", "\t", "-"]),
        max_size=5,
    )
)
@examples(60)
def test_whatever_the_lines_are_they_are_read_back(lines: list[str]) -> None:
    text = "\n".join(lines)
    for value in ({"a": text, "b": "c"}, {"a": {"b": [text, {"c": text}]}, "d": text}):
        assert yaml.safe_load(write_yaml(value)) == value
        assert yaml.safe_load(write_yaml(value, step=5)) == value
        assert yaml.safe_load(write_yaml(value, flow=True)) == value


def test_what_is_there_twice_is_written_twice() -> None:
    same = {"b": ["c"]}
    assert write_yaml({"x": same, "y": same}) == "x:\n  b:\n  - c\ny:\n  b:\n  - c\n"
