"""The writing commands as they are typed: dry runs, what an import overwrites, what is shown after."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine
from tests.support.dump import dump
from tracker.app import open_tracker
from tracker.app.casebooks import shipped_casebook

if TYPE_CHECKING:
    from pathlib import Path

KEY = "kouffa-killed-2018"


@pytest.fixture
def shell(demo_database: Path, tmp_path: Path) -> CommandLine:
    path = tmp_path / "demo.db"
    shutil.copy(demo_database, path)
    return CommandLine(path)


@pytest.mark.parametrize(
    "words",
    [
        ("source", "add", "Somebody"),
        ("source", "grade", "france", "B", "--reason", "mostly right"),
        ("entity", "add", "Someone", "--type", "person"),
        ("entity", "merge", "mlf", "jnim", "--reason", "one group"),
        ("claim", "add", "Something happened", "--question", "What happened?", "--case", "new"),
        ("claim", "revise", KEY, "--when", "Nov 2018", "--reason", "narrower"),
        ("log", KEY, "--source", "aqim", "--stance", "doubts", "--url", "http://example.org"),
        ("withdraw", f"{KEY}.aqim", "--mistake", "--reason", "another man"),
        ("link", KEY, "contradicts", "kouffa-leads-mlf", "--reason", "the dead lead nobody"),
        ("assess", KEY, "refuted", "--reason", "saw the video"),
        ("undo", "--reason", "wrong tracker"),
        ("correct", f"{KEY}.aqim", "--stance", "doubts", "--reason", "only doubts"),
        ("withdraw", KEY, "--reason", "another man"),
        ("publish", KEY, "--where", "https://example.org"),
        ("redact", "kouffa", "--field", "aliases", "--reason", "private"),
    ],
    ids=" ".join,
)
def test_a_dry_run_says_what_would_be_and_records_nothing(shell: CommandLine, words: tuple[str, ...]) -> None:
    with open_tracker(str(shell.database)) as tracker:
        before = dump(tracker)
    shown = shell.text(*words, "--dry-run")
    assert shown.endswith("(a dry run: nothing of this was recorded)\n")
    with open_tracker(str(shell.database)) as tracker:
        assert dump(tracker) == before


def test_an_import_names_each_field_that_it_overwrites(shell: CommandLine, tmp_path: Path) -> None:
    shell.text("source", "grade", "france", "B", "--reason", "mostly right")
    book = tmp_path / "jnim.yaml"
    book.write_text(shipped_casebook("jnim"), "utf-8")
    shown = shell.text("import", "casebook", str(book))
    assert "recorded 1, unchanged" in shown
    assert "source.graded: france (grade: B → none)" in shown


def test_an_import_that_is_refused_lists_what_was_rejected(shell: CommandLine, tmp_path: Path) -> None:
    book = tmp_path / "bad.yaml"
    book.write_text("casebook: 1\nclaims:\n  one:\n    text: One.\n    knid: death\n", "utf-8")
    done = shell.run("import", "casebook", str(book), "--format", "json")
    assert done.returncode == 2
    (rejected,) = json.loads(done.stdout)["rejected"]
    assert rejected["row"] == "bad.yaml, line 5"
    assert "'knid' is not a field of a claim" in rejected["error"]


def test_show_names_the_claim_that_refutes_another(shell: CommandLine) -> None:
    (tie,) = shell.json("show", KEY)["ties"]
    assert (tie["rule"], tie["claims"]) == ("life-after-death", ["kouffa-alive-video"])
    assert "life-after-death  kouffa-alive-video" in shell.text("show", KEY)


def test_a_verdict_of_today_is_not_shown_for_an_earlier_day(shell: CommandLine) -> None:
    shell.text("assess", KEY, "refuted", "--reason", "saw the video")
    assert len(shell.json("show", KEY)["assessments"]) == 1
    assert shell.json("show", KEY, "--as-of", "2018-12-31")["assessments"] == []


def test_a_missing_choice_is_asked_for_on_one_line(shell: CommandLine) -> None:
    message = shell.run("completion").stderr.splitlines()[0]
    assert message == "error[usage]: Missing argument '{bash|zsh|fish}'. Choose from: bash, zsh, fish"
