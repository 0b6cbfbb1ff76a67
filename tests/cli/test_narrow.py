"""In a window of eighty columns lines end where words do, and what is to be copied stays whole."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest

from tracker.cli.output import tell
from tracker.cli.screen import cell_len, columns

if TYPE_CHECKING:
    from pathlib import Path

LONG = "the-minister-of-defence-was-killed-near-the-northern-border"


@pytest.fixture
def narrow(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")


@pytest.mark.usefixtures("narrow")
def test_a_log_on_a_long_key_fits(run) -> None:
    run("source", "add", "Ministry", "--key", "ministry")
    run("claim", "add", "The minister was killed", "--kind", "event", "--key", LONG)

    _, out, _ = run("log", LONG, "--source", "ministry", "--stance", "denies", "--published", "4 Nov 2012")

    assert all(cell_len(line) <= 80 for line in out.splitlines())
    assert " ".join(out.split()).startswith(
        f"logged {LONG}.ministry: ministry denies {LONG}, published 4 Nov 2012 (2012-11-04) {LONG}: "
    )
    said, moved = (out.index("logged"), out.index(f"\n  {LONG}"))
    assert re.findall(r"^ *", out[said:moved], re.MULTILINE) == ["", "    ", "    "]


@pytest.mark.usefixtures("narrow")
def test_the_root_of_an_audit_has_a_line_to_itself(run) -> None:
    _, out, _ = run("audit", "verify")

    assert re.fullmatch(r"verified: 0 entries,\n    root [0-9a-f]{64}\n", out)


@pytest.mark.usefixtures("narrow")
def test_the_next_steps_after_init_are_commands_to_copy(run, folder: Path) -> None:
    _, out, _ = run("init", "--db", str(folder / "another.db"))

    assert out.splitlines()[1:] == [
        'next: tracker source add "Name of a source"',
        'then: tracker claim add "What is claimed"',
    ]


@pytest.mark.usefixtures("narrow")
def test_a_key_stays_whole_in_a_list(run) -> None:
    run("claim", "add", "The minister was killed near the border", "--kind", "event", "--key", LONG)
    run("claim", "add", "He was seen in the capital", "--kind", "event", "--key", "seen")
    run("link", "add", LONG, "contradicts", "seen", "--reason", "he cannot be both")

    listed = run("claim", "list")[1].splitlines()

    assert listed[2:] == [
        "seen                                 event  He was seen in the capital",
        "the-minister-of-defence-was-killed-near-the-northern-border",
        "                                     event  The minister was killed near the",
        "                                            border",
    ]
    for words in (("link", "list"), ("search", "minister"), ("status",)):
        lines = run(*words)[1].splitlines()
        assert any(LONG in line.split() for line in lines), words
        assert all(cell_len(line) <= 80 for line in lines if f"{LONG}:" not in line), words


@pytest.mark.usefixtures("narrow")
def test_the_longest_key_stays_whole_too(run) -> None:
    longest = f"{LONG}-in-two-thousand-twelve"[:80].ljust(80, "9")
    run("claim", "add", "The minister was killed", "--kind", "event", "--key", longest)

    for words in (("claim", "list"), ("search", "minister"), ("status",)):
        assert longest in run(*words)[1].split(), words


@pytest.mark.usefixtures("narrow")
def test_a_command_is_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    tell(f"  it waits for somebody else: tracker approve {LONG} --reason words")

    assert capsys.readouterr().out == (
        f"  it waits for somebody else:\n      tracker approve {LONG} --reason words\n"
    )


@pytest.mark.usefixtures("narrow")
def test_the_name_of_a_file_is_not_broken(capsys: pytest.CaptureFixture[str]) -> None:
    place = "a folder/" * 10 + "figure.svg"

    tell(f"wrote {place}: Likelihood over time")

    assert capsys.readouterr().out == f"wrote {place}:\n    Likelihood over time\n"


@pytest.mark.usefixtures("narrow")
def test_what_fits_is_left_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    tell("two  blanks stay\x1b[0m")

    assert capsys.readouterr().out == "two  blanks stay\ufffd[0m\n"


def test_where_there_is_no_window_a_line_stays_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)

    tell("word " * 50)

    assert capsys.readouterr().out == "word " * 50 + "\n"


@pytest.mark.skipif(sys.platform == "win32", reason="it has no such terminals")
def test_at_a_window_lines_are_as_wide_as_it(monkeypatch: pytest.MonkeyPatch) -> None:
    import os
    import pty
    import termios

    monkeypatch.delenv("COLUMNS", raising=False)
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 61))
    with os.fdopen(theirs, "w") as window, os.fdopen(ours):
        monkeypatch.setattr(sys, "stdout", window)
        assert columns() == 61
