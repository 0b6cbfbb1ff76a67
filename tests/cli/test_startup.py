"""Start-up: help, completion and usage errors load nothing heavy, and the help tells the truth."""

from __future__ import annotations

import os
import subprocess
import sys

import click
import pytest

from tracker.cli.main import COMMANDS, cli

HEAVY = ("sqlalchemy", "alembic", "numpy", "rich", "yaml", "rapidfuzz", "anyascii", "cryptography")

LOADED = """
import sys
from tracker.cli.main import main
try:
    main(sys.argv[1:])
except SystemExit:
    pass
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


def loaded_by(*arguments: str, **environment: str) -> set[str]:
    """The top-level modules that a run of the command line has loaded at its end."""
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["status", "--help"], ["log", "--help"], ["audit", "--help"]]
)
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert loaded_by(*arguments).isdisjoint(HEAVY)


def test_a_usage_error_loads_no_database() -> None:
    assert loaded_by("status", "--no-such-option").isdisjoint(("sqlalchemy", "alembic", "numpy", "rich"))


def test_completion_loads_nothing_heavy() -> None:
    loaded = loaded_by(_TRACKER_COMPLETE="bash_complete", COMP_WORDS="tracker st", COMP_CWORD="1")
    assert loaded.isdisjoint(HEAVY)


def test_completion_offers_commands_and_claim_keys(demo_database: object) -> None:
    def offered(words: str) -> str:
        environment = {
            **os.environ,
            "_TRACKER_COMPLETE": "bash_complete",
            "COMP_WORDS": words,
            "COMP_CWORD": str(len(words.split(" ")) - 1),
            "TRACKER_DB": str(demo_database),
        }
        command = [sys.executable, "-m", "tracker"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout

    assert "status" in offered("tracker st")
    assert "kouffa-killed-2018" in offered("tracker why kouffa-k")


def test_reading_a_status_loads_neither_migrations_nor_arrays(demo_database: object) -> None:
    loaded = loaded_by("status", "kouffa-killed-2018", "--db", str(demo_database))
    assert loaded.isdisjoint(("alembic", "numpy", "cryptography"))


@pytest.mark.parametrize("name", COMMANDS)
def test_the_summary_in_the_help_is_the_commands_own(name: str) -> None:
    command = cli.get_command(click.Context(cli), name)
    assert command is not None
    assert command.get_short_help_str(limit=200).rstrip(".") == COMMANDS[name][2].rstrip(".")


def test_python_m_tracker_is_the_command_line_too() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tracker", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("tracker ")
