"""TOML read safely: whatever is wrong with it is one error that names the file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile, ClaimsError
from tracker.app.maps import load_map
from tracker.formats.tomltext import MAX_BYTES, read_text, read_toml

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("a =", "is not TOML"),
        ("a = 1\na = 2", "is not TOML"),
        ("a = " + "[\n" * 20_000, "is nested too deep"),
        ("a = " + "[{b=\n" * 20_000, "is n"),
        ("a = [" + "9" * 5_000, "line 1: it has more than 2,000 characters"),
        ("\n" + "a." * 10_000 + "a = 1", "line 2: it has more than 2,000 characters"),
        ("a = \x00", "is not TOML"),
        ("a = '\x1b[31m'", "is not TOML"),
        ("a = 2018-13-45", "is not TOML"),
    ],
)
def test_what_is_no_toml(text: str, why: str) -> None:
    with pytest.raises(BadFile, match=f"ours,? {why}") as caught:
        read_toml(text, "ours", "mend it")
    assert caught.value.hint == "mend it"


def test_a_file_that_never_ends_is_not_read_for_ever(tmp_path: Path) -> None:
    large = tmp_path / "large.toml"
    large.write_text("#\n" * (MAX_BYTES // 2), "utf-8")
    assert read_toml(read_text(large), "large", "") == {}
    large.write_text("#\n" * MAX_BYTES, "utf-8")
    for name in (str(large), "/dev/zero"):
        with pytest.raises(BadFile, match="larger than 100 kB"):
            load_map(name)


@pytest.mark.parametrize("name", ["\x00", "a\x00b", "x" * 5_000, ".", "\udcff"])
def test_a_map_that_cannot_be_one(name: str) -> None:
    with pytest.raises(ClaimsError) as caught:
        load_map(name)
    assert caught.value.hint
