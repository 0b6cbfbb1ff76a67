"""What the other tests see of a command within their own process is what a process of its own does."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine
from tracker.store.locking import lock_path

if TYPE_CHECKING:
    from pathlib import Path

KEY = "kouffa-killed-2018"
COMMANDS = {
    "a report": (("status", KEY), {}),
    "in letters that the terminal has": (("why", KEY), {"PYTHONIOENCODING": "ascii"}),
    "in colour": (("status", KEY), {"FORCE_COLOR": "1", "NO_COLOR": "", "TERM": "xterm-256color"}),
    "later": (("show", "jnim-channels-open"), {"TRACKER_CLOCK": "2029-01-01T00:00:00Z"}),
    "a negative answer": (("search", "zebra"), {}),
    "what is not there": (("show", "nobody"), {}),
    "an option that there is not": (("status", "--colour"), {}),
    "no tracker": (("status", "--db", "nowhere/none.db"), {}),
    "a record": (("assess", KEY, "refuted", "--reason", "saw the video"), {}),
}


@pytest.mark.slow
@pytest.mark.parametrize(("words", "environment"), COMMANDS.values(), ids=list(COMMANDS))
def test_within_this_process_a_command_does_what_it_does_in_its_own(
    demo_database: Path, tmp_path: Path, words: tuple[str, ...], environment: dict[str, str]
) -> None:
    shell = CommandLine(tmp_path / "demo.db")

    shutil.copy(demo_database, shell.database)
    alone = shell.process(*words, **environment)
    # An older state is put back on purpose, so what is remembered of the newer one goes.
    lock_path(shell.database).unlink(missing_ok=True)
    shutil.copy(demo_database, shell.database)
    within = shell.run(*words, **environment)

    assert (within.returncode, within.stdout, within.stderr) == (
        alone.returncode,
        alone.stdout,
        alone.stderr,
    )
    assert alone.stdout or alone.stderr
