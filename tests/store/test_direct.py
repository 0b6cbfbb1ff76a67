"""Questions straight to the driver: the same answers, and whoever listens hears them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tracker.errors import StoreError
from tracker.store import tables as t
from tracker.store.direct import ask
from tracker.store.driving import driver_records
from tracker.store.inserting import insertion, tell_together

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.mark.on_both
def test_it_is_what_others_are_told_who_listen(tracker: Tracker) -> None:
    tracker.add_source("Paper", key="paper")
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    question = "SELECT name FROM sources WHERE key = ?"
    with tracker.database.reading() as connection:
        alone = ask(connection, question, ("paper",)).fetchall()
    sa.event.listen(tracker.database.engine, "before_cursor_execute", note)
    with tracker.database.reading() as connection:
        assert ask(connection, question, ("paper",)).fetchall() == alone == [("Paper",)]
    sa.event.remove(tracker.database.engine, "before_cursor_execute", note)
    assert [statement.replace("%s", "?") for statement in heard] == [question]


@pytest.mark.on_both
def test_what_the_driver_refuses_is_an_error_of_the_store(tracker: Tracker) -> None:
    with pytest.raises(StoreError), tracker.database.reading() as connection:
        ask(connection, "SELECT nothing FROM nowhere")
    with tracker.database.reading() as connection:
        assert ask(connection, "SELECT 1").fetchone() == (1,)


@pytest.mark.on_both
def test_rows_of_several_tables_are_added_together(tracker: Tracker) -> None:
    tracker.add_source("Paper", key="paper")
    with tracker.database.writing() as connection:
        sides = [("paper", place, side) for place, side in enumerate(("north", "south"))]
        request = ("first", "digest", 1)
        rows = [*((t.source_sides, side) for side in sides), (t.requests, request)]
        tell_together(connection, [insertion(table, row) for table, row in rows])
    with tracker.database.reading() as connection:
        found = driver_records(connection, t.source_sides, t.source_sides.c.source, ["paper"])
        assert [row["side"] for row in found] == ["north", "south"]
        assert ask(connection, "SELECT digest FROM requests WHERE id = ?", ("first",)).fetchone() == (
            "digest",
        )
