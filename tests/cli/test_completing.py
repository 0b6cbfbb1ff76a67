"""Completion of keys: quick, silent about whatever goes wrong, and never loading the store."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def shell(demo_database: Path) -> CommandLine:
    return CommandLine(demo_database)


def complete(shell: CommandLine, *words: str, **environment: str) -> list[str]:
    done = shell.run(
        _TRACKER_COMPLETE="bash_complete",
        COMP_WORDS=" ".join(("tracker", *words)),
        COMP_CWORD=str(len(words)),
        **environment,
    )
    assert done.stderr == ""
    return [line.partition(",")[2] for line in done.stdout.splitlines() if line]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("show", "kouffa-k"), ["kouffa-killed-2018"]),
        (("status", "--source", "a"), ["aqim"]),
        (("status", "--subject", "kou"), ["kouffa"]),
        (("status", "--case", ""), ["jnim"]),
        (("status", "--status", "ref"), ["refuted"]),
        (("status", "--kind", "d"), ["death", "dissolution"]),
        (("why", "%"), []),
        (("why", "z'"), []),
    ],
)
def test_keys_and_words_are_completed(
    shell: CommandLine, words: tuple[str, ...], expected: list[str]
) -> None:
    assert complete(shell, *words) == expected


def test_the_tracker_named_before_or_after_the_command_is_read(shell: CommandLine, tmp_path: Path) -> None:
    elsewhere = CommandLine(tmp_path / "none.db")
    place = str(shell.database)

    assert complete(elsewhere, "--db", place, "show", "kouffa-k") == ["kouffa-killed-2018"]
    assert complete(elsewhere, "show", "--db", place, "kouffa-k") == ["kouffa-killed-2018"]
    assert complete(elsewhere, "show", "--db", f"sqlite:///{place}", "kouffa-k") == ["kouffa-killed-2018"]


@pytest.mark.parametrize(
    "url", ["none.db", "postgresql://localhost/x", "sqlite://", "not a url://", "noise.db"]
)
def test_nothing_is_said_of_a_tracker_that_cannot_be_read(tmp_path: Path, url: str) -> None:
    (tmp_path / "noise.db").write_bytes(b"no database" * 1000)

    assert complete(CommandLine(tmp_path / "x.db"), "show", "k", TRACKER_DB=url, HOME=str(tmp_path)) == []
    noise = str(tmp_path / "noise.db")
    assert complete(CommandLine(tmp_path / "x.db"), "show", "k", TRACKER_DB=noise) == []


def test_completing_leaves_nothing_behind_and_loads_no_store(shell: CommandLine) -> None:
    code = (
        "import sys\n"
        "from tracker.store.peek import keys\n"
        f"assert keys({str(shell.database)!r}, 'claims', 'kouffa-k')\n"
        "import tracker.cli.completing, tracker.cli.options\n"
        "sys.exit(any(name in sys.modules for name in ('sqlalchemy', 'alembic', 'rich')))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0
