"""Claims that are still to be resolved: in what order, and for which act."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.store import pending
from tracker.store.pending import Waiting

if TYPE_CHECKING:
    from tracker.app import Tracker

SHIPS = [f"ship-{number}" for number in range(5)]


@pytest.mark.on_both
def test_they_wait_by_key_each_for_one_act(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending, "ROWS", 2)
    with tracker.act():
        for key in SHIPS:
            tracker.add_claim(f"{key} has sunk", key=key)
    with tracker.database.writing() as connection:
        assert not pending.is_any(connection)
        pending.note(connection, SHIPS[:3], {"ship-1": 7}, act=9)
        pending.note(connection, SHIPS[3:], {}, act=12)
        assert pending.is_any(connection)

        assert pending.first(connection, 2) == SHIPS[:2]
        assert pending.first(connection, 2, after="ship-1") == SHIPS[2:4]
        assert pending.first(connection, 9, act=12) == SHIPS[3:]
        assert pending.first(connection, 9, after="ship-1", act=9) == ["ship-2"]
        assert (pending.count(connection), pending.count(connection, 9)) == (5, 3)
        assert pending.keys(connection, ["ship-4", "nobody"]) == {"ship-4"}
        assert pending.read(connection, ["ship-0", "ship-1", "ship-4"]) == {
            "ship-0": Waiting(None, 9),
            "ship-1": Waiting(7, 9),
            "ship-4": Waiting(None, 12),
        }

        pending.take_off(connection, ["ship-0", "ship-3"])
        assert pending.keys(connection) == {"ship-1", "ship-2", "ship-4"}
