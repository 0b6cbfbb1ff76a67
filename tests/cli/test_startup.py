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


EVERY_HELP = """
import io, sys
from contextlib import redirect_stdout
import click
from tracker.cli.main import cli
def help_of(command, name, parent=None):
    with click.Context(command, info_name=name, parent=parent) as context:
        command.get_help(context)
        for each in command.list_commands(context) if isinstance(command, click.Group) else ():
            help_of(command.get_command(context, each), each, context)
help_of(cli, "tracker")
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["status", "--help"]])
def test_help_loads_nothing_heavy(arguments: list[str]) -> None:
    assert not loaded_by(*arguments).intersection(HEAVY)


def test_the_help_of_no_command_loads_anything_heavy() -> None:
    done = subprocess.run([sys.executable, "-c", EVERY_HELP], capture_output=True, text=True, check=True)
    assert not set(done.stdout.rpartition("LOADED")[2].split()).intersection(HEAVY)


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "--no-such-option"],
        ["statsu"],
        pytest.param(["log"], marks=pytest.mark.slow),
        pytest.param(["status", "--format", "poem"], marks=pytest.mark.slow),
        ["status", "--status", "likely"],
        ["status", "--as-of", "2018-02-30"],
        pytest.param(["status", "--recorded-by", "the other day"], marks=pytest.mark.slow),
        pytest.param(["claim", "add", "x", "--kind", "murder"], marks=pytest.mark.slow),
        pytest.param(["claim", "add", "x", "--when", "32 May 2018"], marks=pytest.mark.slow),
        pytest.param(["log", "x", "--source", "y", "--stance", "agrees"], marks=pytest.mark.slow),
        pytest.param(["changes", "--since", "no day at all"], marks=pytest.mark.slow),
    ],
)
def test_a_usage_error_loads_nothing_heavy(arguments: list[str]) -> None:
    needed = {"rapidfuzz", "anyascii"}  # to say what was perhaps meant
    assert not loaded_by(*arguments).intersection(HEAVY) - needed


@pytest.mark.parametrize(("words", "place"), [("tracker st", "1"), ("tracker why kouffa-k", "2")])
def test_completion_loads_nothing_heavy(words: str, place: str, demo_database: object) -> None:
    loaded = loaded_by(
        _TRACKER_COMPLETE="bash_complete", COMP_WORDS=words, COMP_CWORD=place, TRACKER_DB=str(demo_database)
    )
    assert not loaded.intersection(HEAVY)


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


READING = """
import os, sys
from tracker.cli.main import main
for command in sys.stdin.read().splitlines():
    try:
        main([*command.split(), "--db", os.environ["TRACKER_DB"]])
    except SystemExit as left:
        if left.code not in (0, 1):
            raise
print("LOADED", *sorted({name.partition(".")[0] for name in sys.modules}))
"""

STORED = (
    *(
        "status",
        "status kouffa-killed-2018",
        "status --status disputed --case jnim",
        "status --subject Kouffa",
    ),
    *("status --recorded-by now", "status --recorded-by entry:9", "changes --since 2018"),
    "show kouffa-killed-2018 --recorded-by entry:150",
    *("show kouffa-killed-2018 --format json", "history kouffa-killed-2018 --clock recorded", "search Koufa"),
    *("claim list", "source list", "entity list", "document list", "case list", "question list", "link list"),
    *("source show france", "entity show kouffa", "audit log", "audit log kouffa-killed-2018", "rules"),
    *("export casebook", "publications", "policy list", "doctor"),
)
"""Commands that read what is recorded, and resolve nothing."""


RESOLVED = (
    *("show kouffa-killed-2018", "show kouffa-killed-2018 --as-of 2019-05-30"),
    *("why kouffa-killed-2018", "why kouffa-killed-2018 --as-of 2019-05-30 --format json"),
    *("why kouffa-killed-2018 --recorded-by entry:150", "review", "changes --since 2018 --clock published"),
    *("history kouffa-killed-2018", "history kouffa-killed-2018 --as-of 2020-01-01"),
    *("diff 2018-12-31 2019-06-30", "diff kouffa-killed-2018 2018-12-31 2019-06-30"),
    *("diff entry:100 entry:150 --clock recorded", "status kouffa-killed-2018 --as-of 2019-05-30"),
    *("status --as-of 2019-05-30", "status --recorded-by entry:150 --as-of 2019-05-30"),
    *("status --as-of 2019-05-30 --status disputed", "review --recorded-by entry:150 --as-of 2019-05-30"),
    *("status --policy majority", "status --policy latest", "status --policy range"),
    *(
        "status --policy assessed",
        "question list --recorded-by entry:150",
        "link list --recorded-by entry:150",
    ),
    *("export jsonl", "export stix", "export misp", "export wikidata", "plot claim kouffa-killed-2018 -o -"),
    "plot source france -o -",
    *("audit verify", "changes --since 2018 --as-of 2019-05-30"),
    "history kouffa-killed-2018 --clock recorded --as-of 2019-05-30",
)
"""Commands that resolve what is asked for: in a small tracker without arrays.

Arrays are loaded by what is made of very many numbers: ``source suspects``, ``report``, ``policy fit`` and
``evaluate``, Parquet; ``why`` where sources share many claims, and lists of another day in a larger
tracker; and by all acts."""


def loaded_by_reading(database: object, *commands: str) -> set[str]:
    """The top-level modules that some commands have loaded, one after the other, on the day of the record:
    so that nothing has aged; where there is no window, and nobody asks for colour all the same."""
    coloured = ("FORCE_COLOR", "TTY_COMPATIBLE")
    plain = {name: value for name, value in os.environ.items() if name not in coloured} | {"COLUMNS": "100"}
    done = subprocess.run(
        [sys.executable, "-c", READING],
        env={**plain, "TRACKER_DB": str(database), "TRACKER_CLOCK": "2026-11-22T12:00:00Z"},
        input="\n".join(commands),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(done.stdout.rpartition("LOADED")[2].split())


@pytest.mark.slow
@pytest.mark.parametrize("commands", [STORED, RESOLVED], ids=["stored", "resolved"])
def test_reading_loads_neither_migrations_nor_arrays(
    demo_database: object, commands: tuple[str, ...]
) -> None:
    assert loaded_by_reading(demo_database, *commands).intersection(("alembic", "numpy")) == set()


def test_to_say_why_loads_neither_migrations_nor_arrays(demo_database: object) -> None:
    loaded = loaded_by_reading(demo_database, "why kouffa-killed-2018", "show kouffa-killed-2018")
    assert loaded.intersection(("alembic", "numpy")) == set()


def test_the_status_of_a_claim_loads_no_more_than_it_needs(demo_database: object) -> None:
    loaded = loaded_by_reading(demo_database, "status kouffa-killed-2018", "status", "claim list")
    assert loaded.intersection(HEAVY) == {"sqlalchemy"}


def test_the_status_of_a_claim_loads_no_act_and_no_rule(demo_database: object) -> None:
    code = LOADED.replace('name.partition(".")[0] for name', "name for name")
    done = subprocess.run(
        [sys.executable, "-c", code, "status", "kouffa-killed-2018", "--db", str(demo_database)],
        env={**os.environ, "TRACKER_CLOCK": "2026-11-22T12:00:00Z"},
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.rpartition("LOADED")[2].split())
    acts = {"tracker.app.tracker", "tracker.app.transaction", "claims.resolve.rules", "sqlalchemy.orm"}
    resolving = {"claims.past", "claims.resolve.accounts", "tracker.app.plainly", "tracker.app.partial"}
    assert not loaded & (acts | resolving)


def test_a_process_leaves_with_the_status_of_its_command(demo_database: object) -> None:
    def left(*words: str) -> tuple[int, str]:
        command = [sys.executable, "-m", "tracker", *words, "--db", str(demo_database)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    assert left("status", "no-such-claim") == (3, "")
    assert left("claim", "list", "--format", "jsonl")[1].count("\n") > 20


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
