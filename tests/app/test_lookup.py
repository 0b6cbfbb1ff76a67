"""Lookup: a key in full is found by one question to the database; its beginning, by more."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import event

from claims.errors import Ambiguous, NotFound

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.app import Tracker


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    tracker.add_source("Ministry", key="ministry")
    tracker.add_document("A communique", key="communique", publisher="ministry")
    for key in ("raid", "raid-two", "convoy"):
        tracker.add_claim(f"The {key} took place", key=key, kind="event", when="May 2014")
    tracker.log("raid", source="ministry", stance="supports", published="5 May 2014")
    return tracker


@contextmanager
def asked(tracker: Tracker) -> Iterator[list[str]]:
    """The questions that are put to the database within."""
    found: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(tracker.database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(tracker.database.engine, "before_cursor_execute", note)


def selected(statements: list[str], table: str) -> int:
    return sum(f"FROM {table}" in statement for statement in statements)


@pytest.mark.parametrize(
    ("records", "key"),
    [("claims", "raid"), ("documents", "communique"), ("evidence", "raid.ministry")],
)
def test_a_key_in_full_is_looked_for_once(desk: Tracker, records: str, key: str) -> None:
    with desk.lookup() as look, asked(desk) as statements:
        found = getattr(look, records.removesuffix("s"))(key)
    assert found.key == key
    assert selected(statements, records) == 1


def test_what_is_at_hand_is_not_read_again(desk: Tracker) -> None:
    with desk.lookup() as look:
        claim, source, document = look.claim("raid"), look.source("ministry"), look.document("communique")
    with asked(desk) as statements:
        desk.log(claim, source=source, stance="denies", document=document, quote="It was not.")
    before = statements[: next(at for at, each in enumerate(statements) if "INSERT" in each)]
    assert [selected(before, table) for table in ("claims", "sources", "documents")] == [0, 0, 0]


def test_a_key_that_begins_others_is_itself(desk: Tracker) -> None:
    with desk.lookup() as look:
        assert look.claim(" raid ").key == "raid"
        assert look.claim("con").key == "convoy"
        with pytest.raises(Ambiguous, match="'rai' is the beginning of several claim keys"):
            look.claim("rai")
        with pytest.raises(NotFound, match="no claim has the key 'riad'"):
            look.claim("riad")
