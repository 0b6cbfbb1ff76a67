"""What an act in bulk touched is resolved in portions: each tied group once, whatever the portions."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from claims.vocabulary import Status
from tests.support.tables import MAP, row, table
from tracker.app import touched
from tracker.store import fares, statuses, tables
from tracker.store.plain import read_plain

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

SETTLED = 6


@pytest.fixture
def ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A map; and a portion for every claim."""
    monkeypatch.setattr(touched, "PORTION", 1)
    path = tmp_path / "ours.toml"
    path.write_text(MAP, "utf-8")
    return str(path)


@pytest.fixture
def settled(tracker: Tracker) -> Tracker:
    """Claims that a person has settled, on all of which the same two outlets spoke; and one more by them
    that no table names."""
    for outlet in ("Harbour Post", "Valley Times"):
        tracker.add_source(outlet)
    for number in range(SETTLED):
        tracker.add_claim(f"Ship {number} has sunk", key=f"ship-{number}", external_id=f"ship-{number}")
    tracker.add_claim("The ferry has sunk", key="ferry")
    tracker.log("ferry", source="harbour-post", stance="supports", published="2 May 2025")
    return tracker


def noted(tracker: Tracker, rows: list[tuple[str, ...]], ours: str) -> int:
    """How many statements noted claims as touched, by others that were, while rows were imported."""
    found: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO act_log") and "SELECT" in statement:
            found.append(statement)

    engine = tracker.database.engine
    sa.event.listen(engine, "before_cursor_execute", heard)
    try:
        tracker.import_csv(table(*rows), map_name=ours)
    finally:
        sa.event.remove(engine, "before_cursor_execute", heard)
    return len(found)


def test_altered_records_are_followed_once_and_not_portion_by_portion(settled: Tracker, ours: str) -> None:
    rows = [
        (f"ship-{n}", f"Ship {n} has sunk", outlet, "for", "2025-05-02", "", "yes")
        for n in range(SETTLED)
        for outlet in ("Harbour Post", "Valley Times")
    ]
    assert noted(settled, rows, ours) == 2  # those who speak, and those who are relayed

    with settled.reading() as reader:
        assert statuses.read(reader.connection)["ferry"]["seq"] > 10  # as its outlet has a record now
    assert settled.audit().ok


def test_who_speaks_by_an_altered_record_is_touched_by_the_last_entry_that_altered_it(
    settled: Tracker, ours: str
) -> None:
    """In whatever order the claims are resolved that altered it."""
    ships = [f"ship-{n}" for n in reversed(range(SETTLED))]
    settled.import_csv(
        table(*(row(ship, "Harbour Post", "for", "2025-05-02", ended="yes") for ship in ships)), map_name=ours
    )
    last = max(entry.seq for entry in settled.outcome.entries)
    with settled.reading() as reader:
        stored = statuses.read(reader.connection)
    assert stored["ferry"]["seq"] == stored["ship-0"]["seq"] == last
    assert settled.audit().ok


def test_records_that_it_altered_are_kept_as_a_whole_at_its_end(
    settled: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fares, "MANY", SETTLED)
    rows = [row(f"ship-{n}", "Harbour Post", "for", "2025-05-02", ended="yes") for n in range(SETTLED)]
    settled.import_csv(table(*rows), map_name=ours)
    with settled.reading() as reader:
        kept = reader.connection.scalars(sa.select(tables.source_records.c.source)).all()
    assert kept == ["harbour-post"]
    assert settled.audit().ok


def test_nothing_more_is_followed_where_all_claims_are_resolved_anyway(tracker: Tracker, ours: str) -> None:
    rows = [row(f"ship-{n}", "Harbour Post", "for", "2025-05-02", ended="yes") for n in range(SETTLED)]

    assert noted(tracker, rows, ours) == 0

    assert tracker.audit().ok


def test_of_very_many_changes_the_first_are_told_and_all_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(touched, "LISTED", 2)
    moved = touched.Moved()
    for was in (None, Status.UNVERIFIED):
        moved.add([touched.StatusChange(f"c{n}", was, Status.CONFIRMED, 0.9, 9 - n) for n in range(4)])
    assert (moved.anew, moved.moved) == (8, 4)
    assert [(change.claim, change.was) for change in moved.listed] == [
        *[("c1", None), ("c1", Status.UNVERIFIED), ("c0", None), ("c0", Status.UNVERIFIED)]
    ]


def test_what_plain_claims_rest_on_is_read_once(
    tracker: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[set[str]] = []

    def counted(connection: Any, claims: Any, policy: Any, **more: Any) -> Any:
        read.append(set(claims))
        return read_plain(connection, claims, policy, **more)

    monkeypatch.setattr("tracker.store.plain.read_plain", counted)
    tracker.import_csv(table(*(row(f"ship-{n}", "Harbour Post", "for") for n in range(6))), map_name=ours)

    assert len(read) == 6
    assert not any(one & other for at, one in enumerate(read) for other in read[:at])


def test_a_tied_group_is_resolved_once(tracker: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [f"ode-{n}" for n in range(4)]
    for number, name in enumerate(names):
        tracker.add_claim(f"Ode, {number}", key=name, external_id=name)
    for one, other in pairwise(names):
        tracker.link(one, "depends-on", other, reason="so they say")
    done: list[str] = []
    resolve, work_out = touched.resolve_reached, touched.record_outcomes

    def resolved(connection: Any, reached: Any, *more: Any) -> Any:
        done.extend(reached.tied)
        return resolve(connection, reached, *more)

    def worked_out(reader: Any, tied: Any, *more: Any) -> Any:
        done.extend(tied)
        return work_out(reader, tied, *more)

    monkeypatch.setattr(touched, "resolve_reached", resolved)
    monkeypatch.setattr(touched, "record_outcomes", worked_out)
    rows = [(name, f"Ode, {n}", "Harbour Post", "for", "2025-05-02", "", "") for n, name in enumerate(names)]

    tracker.import_csv(table(*rows), map_name=ours)

    assert sorted(done) == sorted(names * 2)
