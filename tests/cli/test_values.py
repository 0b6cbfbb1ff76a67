"""Words, dates and moments are refused before anything is opened, as they would be refused later."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from click.shell_completion import ShellComplete

from claims.errors import BadDate, BadValue
from tracker.cli import values
from tracker.cli.main import cli

if TYPE_CHECKING:
    from pathlib import Path

    import click


def convert(type_: click.ParamType, text: str) -> str:
    return type_.convert(text, None, None)


WORDS = [value for value in vars(values).values() if isinstance(value, values.Word)]


@pytest.mark.parametrize("word", WORDS, ids=lambda word: word.vocabulary)
def test_a_word_is_given_as_it_was_typed_or_refused_with_the_terms(word: values.Word) -> None:
    [first, *_] = word.shell_complete(None, None, "")
    assert convert(word, first.value) == first.value
    assert convert(word, f" {first.value.upper()} ") == f" {first.value.upper()} "
    assert convert(word, "") == ""
    with pytest.raises(BadValue, match=f"'nonsense' is not a {word.what[:8]}") as refused:
        convert(word, "nonsense")
    assert first.value in (refused.value.hint or "")


def test_a_dash_takes_a_grade_away() -> None:
    assert convert(values.RELIABILITY, "-") == "-"


@pytest.mark.parametrize(
    "text", ["2018-03", "late 2018", "03/04/2018", "two weeks after mayor-killed", "mayor-killed", ""]
)
def test_a_date_may_be_anything_that_could_be_one(text: str) -> None:
    """Also what only the record can tell, or the order that is set of days and months."""
    assert convert(values.DATE, text) == text
    assert convert(values.MOMENT, text) == text


@pytest.mark.parametrize("text", ["2018-02-30", "no day at all", "32 May 2018"])
def test_what_can_be_no_date_is_refused(text: str) -> None:
    for type_ in (values.DATE, values.MOMENT):
        with pytest.raises(BadDate):
            convert(type_, text)


def test_a_moment_may_be_an_entry_or_a_time_besides() -> None:
    for text in ("now", "entry:12", "#7", "12", "2026-03-01T12:00:00Z"):
        assert convert(values.MOMENT, text) == text
    with pytest.raises(BadDate, match="is not a time"):
        convert(values.MOMENT, "2026-03-01T25:00")


@pytest.mark.parametrize(
    ("words", "begun", "offered"),
    [
        (["log", "mayor-killed", "--stance"], "d", ["denies", "doubts"]),
        (["status", "--status"], "un", ["unverified"]),
        (["claim", "add", "He fell", "--kind"], "DEA", ["death"]),
        (["link", "add", "one"], "contra", ["contradicts"]),
        (["source", "grade", "gazette"], "b", ["B"]),
    ],
)
def test_terms_are_completed_where_they_are_wanted(words: list[str], begun: str, offered: list[str]) -> None:
    found = ShellComplete(cli, {}, "tracker", "_TRACKER_COMPLETE").get_completions(words, begun)
    assert [each.value for each in found] == offered


def test_a_word_that_is_none_is_refused_before_there_is_a_tracker(tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere.db")
    for words in (["--kind", "murder"], ["--status", "likely"], ["--as-of", "2018-02-30"]):
        done = subprocess.run(
            [sys.executable, "-m", "tracker", "status", *words, "--db", nowhere],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith(("error[bad-value]: ", "error[bad-date]: "))
        assert "hint: " in done.stderr
