"""``tracker journal``: files out and in, what is said of them, and the exit status."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine, on

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker


@pytest.fixture
def desks(new_tracker: Callable[..., Tracker]) -> tuple[CommandLine, CommandLine]:
    """Two desks that have a claim of the same key, and nothing else in common."""
    found = []
    for name, text in (("north", "A bridge fell."), ("south", "A dam broke.")):
        tracker = new_tracker(name)
        tracker.add_claim(text, key="it")
        found.append(on(tracker))
    return found[0], found[1]


def test_what_conflicts_is_listed_and_the_answer_is_no(desks, tmp_path: Path):
    north, south = desks
    file = tmp_path / "north.jsonl"
    assert north.text("journal", "export", "-o", str(file)) == f"wrote {file}\n"
    done = south.run("journal", "import", str(file))
    assert done.returncode == 1
    assert "read 2, recorded 0, known 0, conflicts 1" in done.stdout
    assert "entry 2, it: another claim has this key here" in done.stdout
    renamed = south.json("journal", "import", str(file), "--rename", "it=bridge")
    assert (renamed["recorded"], renamed["conflicts"]) == (1, [])


@pytest.mark.parametrize("ending", ["", ".gz", ".zst"])
def test_a_compressed_journal_is_opened_as_it_is(desks, tmp_path: Path, ending: str):
    north, south = desks
    plain, file = tmp_path / "north.jsonl", tmp_path / f"packed.jsonl{ending}"
    for path in (plain, file):
        north.run("journal", "export", "-o", str(path))
    assert (file.read_bytes() == plain.read_bytes()) is not bool(ending)

    taken = south.json("journal", "import", str(file), "--rename", "it=bridge")
    again = south.run("journal", "import", "-", "--rename", "it=bridge", stdin=file.read_bytes())

    assert (taken["read"], taken["recorded"]) == (2, 1)
    assert "read 2, recorded 0, known 1" in again.stdout
