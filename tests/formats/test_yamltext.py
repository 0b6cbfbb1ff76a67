"""What is written as text is read as text, by whatever version of YAML."""

from __future__ import annotations

import pytest
import yaml

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
