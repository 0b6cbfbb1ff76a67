"""The publication ledger as it is typed: publish, publications, review."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine, check_shape
from tests.support.newsroom import furnish
from tracker.app import open_tracker

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Clock

SITE = "https://example.org/mayor"


@pytest.fixture
def shell(empty_database: Path, tmp_path: Path, clock: Clock) -> CommandLine:
    """A claim that was published two days ago, and is now denied by whom it had been said."""
    path = tmp_path / "newsroom.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk", clock=clock) as tracker:
        furnish(tracker)
        tracker.publish("mayor-killed", where=SITE)
        clock.tick(days=2)
        tracker.withdraw("mayor-killed.ministry", by_source="23 Nov 2026", reason="the ministry retracted")
        tracker.log("mayor-killed", source="rebels", stance="denies", published="24 Nov 2026")
    return CommandLine(path, clock="2026-11-24T12:00:00Z")


def test_what_was_said_what_holds_and_why_is_shown(shell: CommandLine) -> None:
    shown = " ".join(shell.text("review").split())

    assert shown.startswith("Corrections to print:")
    assert "2026-11-22 unverified" in shown
    assert f"at {SITE}" in shown
    assert "(the ministry retracted)" in shown
    assert "1 correction to print, of 1 publication: mayor-killed." in shown


def test_as_md_it_is_what_can_be_printed_and_nothing_else(shell: CommandLine) -> None:
    shown = shell.text("review", "--format", "md")

    assert shown.startswith("On 22 November 2026 we published as unverified")
    assert shown.count("\n") == 1


def test_only_with_check_the_exit_status_says_so(shell: CommandLine) -> None:
    assert shell.run("review").returncode == 0
    assert shell.run("review", "--check").returncode == 1

    shell.text("publish", "mayor-killed", "--where", SITE, "--note", "correction")

    assert shell.run("review", "--check").returncode == 0
    assert (
        shell.text("review") == "No correction is needed: 1 publication looked at, all as the claims stand.\n"
    )


def test_for_programs(shell: CommandLine) -> None:
    check_shape(shell.json("review"), "review")
    check_shape(shell.json("publications"), "publications")
    made = shell.json("publish", "mayor-killed", "--where", SITE)
    assert (made["place"], made["claim"], made["entries"]) == (SITE, "mayor-killed", [made["entry"]])
    assert shell.text("review", "--format", "csv") == ""


def test_the_ledger_shows_what_superseded_what(shell: CommandLine) -> None:
    shell.text("publish", "mayor-killed", "--where", SITE)

    shown = shell.text("publications", "mayor-killed")

    assert "superseded by entry 11" in shown
    assert shell.text("publications", "mayor-fled") == "Nothing was published.\n"


def test_what_was_taken_back_is_shown_only_when_asked_for(shell: CommandLine) -> None:
    shell.text("undo", "8", "--reason", "never printed")

    assert shell.text("publications") == "Nothing was published.\n"
    assert "withdrawn: it was recorded by mistake" in shell.text("publications", "--all")
    assert shell.text("review").startswith("Nothing was published yet.")


@pytest.mark.slow
def test_on_an_earlier_day_of_recording(shell: CommandLine) -> None:
    later = replace(shell, clock="2026-11-25T12:00:00Z")
    assert later.text("review", "--recorded-by", "2026-11-22").startswith("No correction is needed")
