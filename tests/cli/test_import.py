"""Importing tables from the command line: sheets, rows that stop it, and names that look like others."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.support.session import RATE
from tests.support.sheets import spreadsheet
from tests.support.tables import HEADINGS, row, table

if TYPE_CHECKING:
    from pathlib import Path

GOOD, BAD = row("bridge", "Harbour Post", "for"), row("ferry", "Harbour Post", "perhaps")


def test_rows_that_cannot_be_taken_are_listed_and_the_others_recorded(folder: Path, run) -> None:
    (folder / "rows.csv").write_bytes(table(GOOD, BAD))
    status, out, _ = run("import", "csv", "rows.csv", "--map", "ours.toml")
    assert status == 1
    assert out.startswith("rows.csv: read 2, recorded 1, unchanged 0, rejected 1\n  row 3: the column 'view'")


def test_or_they_stop_it_and_nothing_is_recorded(folder: Path, run) -> None:
    (folder / "rows.csv").write_bytes(table(GOOD, BAD))

    status, out, err = run("import", "csv", "rows.csv", "--map", "ours.toml", "--on-error", "stop")
    assert (status, out) == (2, "")
    assert err.startswith("error[bad-file]: rows.csv, row 3: the column 'view' holds 'perhaps'")
    assert "hint: mend these rows; or leave them out, and record the others, with --on-error skip" in err

    status, out, _ = run(
        "import", "csv", "rows.csv", "--map", "ours.toml", "--on-error", "stop", "--format", "json"
    )
    told = json.loads(out)
    assert (status, told["read"], told["recorded"], [each["row"] for each in told["rejected"]]) == (
        2,
        2,
        0,
        [3],
    )
    assert run("claim", "list")[1] == "(none)\n"


def test_a_sheet_of_a_spreadsheet(folder: Path, run) -> None:
    (folder / "rows.xlsx").write_bytes(spreadsheet(("notes",), more={"Rumours": [HEADINGS, GOOD]}))

    status, _, err = run("import", "csv", "rows.xlsx", "--map", "ours.toml")
    assert status == 2
    assert "error[bad-file]: rows.xlsx has no column 'text'" in err
    status, _, err = run("import", "csv", "rows.xlsx", "--map", "ours.toml", "--sheet", "Rumour")
    assert status == 3
    assert "did you mean Rumours? its sheets are: Sheet, Rumours" in err
    status, out, _ = run("import", "csv", "rows.xlsx", "--map", "ours.toml", "--sheet", "Rumours")
    assert (status, out.splitlines()[0]) == (0, "rows.xlsx: read 1, recorded 1, unchanged 0")


@pytest.mark.parametrize("option", [("--sheet", "x"), ("--on-error", "stop"), ("--map", "x")])
def test_what_is_for_tables_is_not_for_casebooks(run, option: tuple[str, str]) -> None:
    status, _, err = run("import", "casebook", "book.yaml", *option)
    assert (status, err.splitlines()[0]) == (2, f"error[usage]: a casebook needs no {option[0]}")


def test_names_that_look_like_others_are_said_beside_what_was_done(folder: Path, run) -> None:
    (folder / "rows.csv").write_bytes(table(GOOD, row("bridge", "Harb0ur Post", "against")))

    status, out, err = run("import", "csv", "rows.csv", "--map", "ours.toml", "--format", "json")

    assert (status, json.loads(out)["recorded"]) == (0, 2)
    looks = "looks like {}, which is another\n"
    assert RATE.sub("", err) == (
        "warning: the source Harbour Post (harbour-post) " + looks.format("Harb0ur Post (harb0ur-post)")
    ) + ("warning: the source Harb0ur Post (harb0ur-post) " + looks.format("Harbour Post (harbour-post)"))


def test_a_source_that_is_registered_by_hand(run) -> None:
    assert run("source", "add", "Harbour Post")[2] == ""
    status, out, err = run("source", "add", "H\u0430rbour Post")
    assert status == 0
    assert (
        "  known already, and named alike: Harbour Post (harbour-post)\n  if they are one: tracker undo 3"
        in out
    )
    who = "warning: the source H\u0430rbour Post (harbour-post-2)"
    assert err.splitlines() == [
        f"{who} mixes Cyrillic and Latin letters in one word",
        f"{who} looks like Harbour Post (harbour-post), which is another",
    ]


def test_a_name_with_what_cannot_be_seen(run) -> None:
    status, _, err = run("source", "add", "Post\u202e")
    assert status == 2
    assert err.startswith(
        r"error[bad-value]: the name 'Post\u202e' holds a character that is not seen, U+202E"
    )
    assert run("source", "list")[1] == "(none)\n"
