"""How sources fared, kept as a whole: the same as added up, and gone with whatever changes it."""

from __future__ import annotations

import sqlite3
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from claims.resolve.plain import KINDS
from claims.vocabulary import Status
from tests.store.test_outcomes import settle
from tracker.app import open_tracker
from tracker.errors import Corrupt
from tracker.store import fares
from tracker.store import tables as t

if TYPE_CHECKING:
    from tracker.app import Tracker

pytestmark = pytest.mark.on_both


@pytest.fixture(autouse=True)
def _few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fares, "MANY", 3)


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """Two sources with four cases each, of which one was taken back; and a claim that is open."""
    settle(tracker)
    tracker.add_claim("The open one", key="open", kind="event")
    return tracker


def kept(tracker: Tracker) -> dict[str, bytes]:
    """The records that are kept as a whole."""
    with tracker.database.reading() as connection:
        return {row.source: bytes(row.changes) for row in connection.execute(sa.select(t.source_records))}


def read(tracker: Tracker) -> dict[str, list[int]]:
    """How the sources fared, as a claim that they speak on would hear of it."""
    with tracker.database.reading() as connection:
        found = fares.read_fares(connection, ["paper", "radio", "nobody"])
    return {source: each.packed.tolist() for source, each in found.items()}


def forget(tracker: Tracker) -> None:
    with tracker.database.writing() as connection:
        connection.execute(sa.delete(t.source_records))


def log(tracker: Tracker, claim: str = "open", source: str = "paper") -> None:
    tracker.log(claim, source=source, stance="supports", published="2026-05-01")


def test_what_is_kept_is_what_it_adds_up_to(desk: Tracker) -> None:
    added_up = read(desk)
    assert {source: len(changes) for source, changes in added_up.items()} == {"paper": 5, "radio": 5}
    with desk.database.writing() as connection:
        fares.keep(connection)
    assert kept(desk).keys() == {"paper", "radio"}
    assert read(desk) == added_up
    assert desk.audit().problems == ()


def test_it_is_kept_by_whoever_had_to_add_it_up_and_needs_not_be_again(
    desk: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget(desk)
    log(desk)
    assert kept(desk).keys() == {"paper"}
    with open_tracker(desk.database.url, author="another") as another:
        asked: list[Any] = []
        add_up = fares._added_up
        monkeypatch.setattr(fares, "_added_up", lambda c, rows: asked.extend(rows) or add_up(c, rows))
        log(another)
        assert asked == []
        assert another.audit().problems == ()


def test_records_of_few_cases_are_not_kept(desk: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fares, "MANY", 6)
    forget(desk)
    log(desk)
    assert kept(desk) == {}


def test_it_is_gone_once_a_case_is_another_and_those_of_others_are_not(desk: Tracker) -> None:
    desk.add_source("Rebels", key="rebels")
    desk.add_claim("The last one", key="last", kind="event")
    log(desk, "last")
    with desk.database.writing() as connection:
        fares.keep(connection)
    assert kept(desk).keys() == {"paper", "radio"}
    radio = kept(desk)["radio"]

    desk.assess("last", Status.CONFIRMED, on=date(2026, 6, 1), reason="seen")
    assert kept(desk).get("radio") == radio
    assert len(read(desk)["paper"]) == 6
    log(desk)
    assert len(kept(desk)["paper"]) == 4 * 6
    assert desk.audit().problems == ()

    desk.assess("last", Status.DISPUTED, on=date(2026, 7, 1), reason="not so sure")
    assert len(read(desk)["paper"]) == 7
    assert desk.audit().problems == ()


def test_a_rebuild_leaves_all_of_them_kept(desk: Tracker) -> None:
    forget(desk)
    desk.rebuild()
    assert kept(desk).keys() == {"paper", "radio"}
    assert desk.audit().problems == ()


@pytest.mark.parametrize("changes", [b"", b"\0\0\0\1", None])
def test_an_audit_finds_what_somebody_wrote_into_it(desk: Tracker, changes: bytes | None) -> None:
    forget(desk)
    log(desk)
    written = {"source": "nobody"} if changes is None else {"changes": changes}
    with desk.database.writing() as connection:
        connection.execute(sa.update(t.source_records).values(**written))
    (problem,) = desk.audit().problems
    assert problem.startswith(f"table source_records, row {'nobody' if changes is None else 'paper'}: ")
    desk.rebuild()
    assert desk.audit().problems == ()


def test_what_cannot_be_read_says_how_to_mend_it(desk: Tracker) -> None:
    log(desk)
    with desk.database.writing() as connection:
        connection.execute(sa.update(t.source_records).values(changes=b"abc"))
    with open_tracker(desk.database.url, author="another") as another:
        with pytest.raises(Corrupt, match="the record of paper in source_records") as caught:
            log(another)
        assert "db rebuild" in str(caught.value.hint)
        another.rebuild()
        log(another)


def assert_found_and_mended(desk: Tracker, written: str) -> None:
    """What somebody wrote into an outcome is found with all else, stops who would go by it, and is mended."""
    log(desk)
    with desk.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE outcomes SET {written} WHERE claim = 'c1'")
    problems = desk.audit().problems
    assert any("table outcomes, row c1/paper" in problem for problem in problems)
    assert any("table source_records: a row of outcomes cannot be read" in problem for problem in problems)
    forget(desk)
    with open_tracker(desk.database.url, author="another") as another:
        with pytest.raises(Corrupt, match="a row of outcomes cannot be read"):
            log(another)
        another.rebuild()
        log(another)


def test_an_outcome_of_no_kind(desk: Tracker) -> None:
    assert_found_and_mended(desk, "kind = 'no-kind'")


@pytest.mark.sqlite_only  # the other database takes no such day
def test_an_outcome_since_a_day_that_is_none(desk: Tracker) -> None:
    assert_found_and_mended(desk, "since = 'no day'")


def test_more_sources_than_one_statement_takes_are_kept(desk: Tracker) -> None:
    nobody = [f"nobody-{number}" for number in range(1_100)]
    forget(desk)
    with desk.database.writing() as connection:
        if connection.dialect.name == "sqlite":  # as the oldest has it
            driver: Any = connection.connection.driver_connection
            driver.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
        fares.keep(connection, [*nobody, "paper", "radio"])
        assert fares.read_fares(connection, [*nobody, "paper"]).keys() == {"paper"}
    assert kept(desk).keys() == {"paper", "radio"}


def test_the_numbers_of_kinds_do_not_change() -> None:
    """They are in what databases keep: with others, what is kept must be made anew by a migration."""
    assert [str(kind) for kind in KINDS] == [
        *("death", "sign-of-life", "attribution", "responsibility", "affiliation", "leadership", "founding"),
        *("dissolution", "location", "count", "event", "statement", "other"),
    ]
