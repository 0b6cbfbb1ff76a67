"""``tracker source suspects``, and suspicions in ``tracker why``, as they are typed."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine, check_shape, on
from tests.support.copying import COPIERS

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def shell(copying_database: Path) -> CommandLine:
    """A newsroom with copiers, to read only."""
    return CommandLine(copying_database)


def test_suspects_are_listed_with_what_to_do_next(shell: CommandLine) -> None:
    shown = shell.text("source", "suspects")

    assert shown.startswith("Suspected: Echo East, Echo North and Echo South may be copying.")
    assert "  tracker source revise echo-north --owner NAME --reason WHY\n" in shown
    assert "9 sources that count apart, on 30 questions" in shown


def test_suspects_for_programs(shell: CommandLine) -> None:
    found = shell.json("source", "suspects")
    rows = list(csv.DictReader(io.StringIO(shell.text("source", "suspects", "--format", "csv"))))

    check_shape(found, "suspects")
    assert [tuple(each["members"]) for each in found] == [COPIERS]
    assert len(rows) == 1


def test_an_owner_that_one_of_them_has_is_proposed(copied, clock) -> None:
    copied.revise_source(COPIERS[0], owner="Echo Group", reason="its imprint says so")

    [found] = on(copied).json("source", "suspects")

    assert found["next"][1] == f"tracker source revise {COPIERS[1]} --owner 'Echo Group' --reason WHY"


def test_nobody_is_suspected_on_a_day_before_the_others_spoke(shell: CommandLine) -> None:
    assert shell.text("source", "suspects", "--as-of", "2024-05-02").startswith("No sources are suspected")
    assert shell.json("source", "suspects", "--as-of", "2024-05-02") == []


def test_why_says_so_in_words_and_for_programs(shell: CommandLine) -> None:
    words = " ".join(shell.text("why", "road-00").split())
    found = shell.json("why", "road-00")

    check_shape(found, "why")
    [suspicion] = found["suspicions"]
    assert tuple(suspicion["sources"]) == COPIERS
    assert f"count as separate lines {suspicion['side']} the claim, but may have one origin" in words
    assert "The likelihood takes no account of it." in words
    assert "tracker source revise KEY --owner NAME --reason WHY" in words
    assert shell.json("why", "road-00", "--as-of", "2024-05-02")["suspicions"] == []
