"""What claims rest on is held once, in memory or in a file, and never more of it than there is room for."""

from __future__ import annotations

import tempfile
from dataclasses import fields
from typing import TYPE_CHECKING

import numpy as np
import pytest

from claims.resolve.plain import PlainFacts, PlainPieces, PlainVerdict
from tracker.app.held import Held

if TYPE_CHECKING:
    from pathlib import Path

PIECES = 7


def some_facts(name: str) -> PlainFacts:
    codes = {
        field.name: np.arange(PIECES)
        for field in fields(PlainPieces)
        if field.name not in ("keys", "quote", "claim")
    }
    pieces = PlainPieces(
        keys=[f"{name}/{n}" for n in range(PIECES)],
        claim=np.zeros(PIECES, dtype=np.int64),
        quote=["they saw it"] * PIECES,
        **codes,
    )
    verdicts = {0: (PlainVerdict(since=700_000, truth=1),)}
    ongoing = np.full(1, -1)
    return PlainFacts([name], np.zeros(1, dtype=np.int64), ongoing, pieces, ["a"], [], verdicts=verdicts)


@pytest.mark.parametrize("room", [100, 10, 1])
def test_what_is_held_comes_back_once_wherever_it_was(room: int) -> None:
    held = Held(room)
    for name in ("dam", "depot"):
        held.put({name, "town"}, some_facts(name))
    assert held.take({"dam"}) is None
    for name in ("depot", "dam"):
        facts = held.take({"town", name})
        assert facts is not None
        assert (facts.claims, facts.verdicts[0][0].since) == ([name], 700_000)
        assert facts.pieces.day.tolist() == list(range(PIECES))
        assert held.take({"town", name}) is None


def test_what_statuses_do_not_rest_on_is_not_held() -> None:
    held = Held(1)
    held.put({"dam"}, some_facts("dam"))
    facts = held.take({"dam"})
    assert facts is not None
    assert (facts.pieces.keys, facts.pieces.quote, facts.pieces.stance.dtype) == ((), (), np.int8)


def test_without_any_room_and_once_forgotten_nothing_is_held() -> None:
    held = Held()
    held.put({"dam"}, some_facts("dam"))
    assert held.take({"dam"}) is None
    held = Held(10)
    for name in ("dam", "depot"):
        held.put({name}, some_facts(name))
    held.forget()
    assert (held.take({"dam"}), held.take({"depot"})) == (None, None)


def test_what_is_asked_for_the_last_time_is_not_held() -> None:
    held = Held(10)
    held.put({"dam"}, facts := some_facts("dam"))
    held.no_more()
    held.put({"depot"}, some_facts("depot"))
    found = held.take({"dam"})
    assert found is not None
    assert found.claims == facts.claims == ["dam"]
    assert held.take({"depot"}) is None


def test_where_no_file_can_be_written_what_has_no_room_is_read_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "nowhere"))
    held = Held(10)
    for name in ("dam", "depot", "town"):
        held.put({name}, some_facts(name))
    assert held.take({"dam"}) is not None
    assert (held.take({"depot"}), held.take({"town"})) == (None, None)


def test_what_is_written_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held = Held(1)
    held.put({"dam"}, some_facts("dam"))
    assert held.take({"dam"}) is not None
    del held
    assert list(tmp_path.iterdir()) == []
