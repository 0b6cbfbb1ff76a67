"""Many rows at once: whatever a row holds comes out as one by one."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from tracker.errors import StoreError
from tracker.store import tables as t
from tracker.store.inserting import SIZES, insert_new_rows
from tracker.store.loading import begin_loading, load_columns, load_rows, load_together

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.store.database import Connection

SOURCES = [
    {"key": "a", "name": "tab\tnew\nline\\N", "folded": "", "type": "other", "withdrawn": False},
    {"key": "b", "name": "Côte “Nord” \U0001f30d", "folded": "x", "type": "other", "withdrawn": True},
]
CASES = [{"key": "c", "title": "", "about": "", "needs_approval": False, "withdrawn": False}]
DOCUMENT = {"key": "d", "title": "t", "published_earliest": date(2024, 2, 29), "withdrawn": False}
NODES = [(1, 0, b"\x00\\\n\xff" * 8), (1, 1, bytes(32))]


def test_rows_come_out_as_they_went_in(tracker: Tracker) -> None:
    with tracker.database.writing() as connection:
        for table, rows in ((t.sources, SOURCES), (t.cases, CASES), (t.documents, [DOCUMENT])):
            load_columns(connection, table, rows)
            found = connection.execute(sa.select(table).order_by(table.c.key)).mappings().all()
            names = [column.name for column in table.columns]
            assert [dict(row) for row in found] == [{**dict.fromkeys(names), **row} for row in rows]
        load_rows(connection, t.journal_nodes, NODES)
        load_rows(connection, t.journal_nodes, [])
        query = sa.select(t.journal_nodes).order_by(t.journal_nodes.c.position)
        assert [(row.level, row.position, bytes(row.hash)) for row in connection.execute(query)] == NODES


def test_of_a_row_that_is_written_over_nothing_of_before_is_left(tracker: Tracker) -> None:
    after = {**DOCUMENT, "title": "u", "published_earliest": None, "published_latest": date(2024, 3, 1)}
    others = [{**DOCUMENT, "key": key} for key in ("c", "e")]
    with tracker.database.writing() as connection:
        load_columns(connection, t.documents, [DOCUMENT, *others])
        query = sa.select(t.documents).order_by(t.documents.c.key)
        before = {row["key"]: dict(row) for row in connection.execute(query).mappings()}
        load_together(connection, [(t.cases, CASES[0])], over=(t.documents, before["d"], after))
        load_together(connection, [], over=(t.documents, before["e"], others[1]))
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.cases)) == 1
        found = {row["key"]: dict(row) for row in connection.execute(query).mappings()}
    assert found == {**before, "d": {**before["d"], **after}}


def test_the_memory_of_a_database_is_as_before_at_the_end(tracker: Tracker) -> None:
    with tracker.database.writing() as connection:
        if connection.dialect.name != "sqlite":
            begin_loading(connection)()
            return
        before = connection.exec_driver_sql("PRAGMA cache_size").scalar()
        end = begin_loading(connection)
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar() != before
        end()
        assert connection.exec_driver_sql("PRAGMA cache_size").scalar() == before


def test_more_rows_than_one_statement_adds_are_all_there(tracker: Tracker) -> None:
    count = sum(SIZES) + SIZES[0] + 7
    with tracker.database.writing() as connection:
        load_rows(connection, t.words, [(f"w{n}", f"c{n}") for n in range(count)])
        insert_new_rows(connection, t.words, [(f"w{n}", "other") for n in range(3, count + 3)])
        found = dict(connection.execute(sa.select(t.words.c.word, t.words.c.canon)).all())
    new = {f"w{n}": "other" for n in range(count, count + 3)}
    assert found == {f"w{n}": f"c{n}" for n in range(count)} | new


@pytest.mark.sqlite_only
@pytest.mark.parametrize("most", [999, 20, 1])
def test_a_statement_holds_no_more_values_than_the_database_takes(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr("tracker.store.inserting._most_values", lambda _: most)
    rows = [(f"w{n}", "c") for n in range(2 * SIZES[0] + 3)]
    asked: list[int] = []

    def counted(_c: Any, _cursor: Any, _statement: str, values: Any, _context: Any, many: bool) -> None:
        asked.append(len(values[0]) if many else len(values))

    with tracker.database.writing() as connection:
        sa.event.listen(connection, "before_cursor_execute", counted)
        load_rows(connection, t.words, rows)
        sa.event.remove(connection, "before_cursor_execute", counted)
        assert max(asked) <= max(most, 2)
        assert connection.scalar(sa.select(sa.func.count()).select_from(t.words)) == len(rows)


@pytest.mark.sqlite_only
def test_of_several_rows_that_one_statement_adds_one_may_be_refused(tracker: Tracker) -> None:
    rows = [(f"w{n}", "c") for n in range(SIZES[0] - 1)]
    count = sa.select(sa.func.count()).select_from(t.words)
    left: list[int | None] = []

    def load(connection: Connection) -> None:
        try:
            load_rows(connection, t.words, [*rows, ("w3", "again")])
        finally:
            left.append(connection.scalar(count))

    with pytest.raises(StoreError, match="UNIQUE"), tracker.database.writing() as connection:
        load(connection)
    assert left == [len(rows)]  # SQLite has copied no page to be able to take them back; the act does
    with tracker.database.reading() as connection:
        assert connection.scalar(count) == 0


@pytest.mark.sqlite_only
def test_of_a_database_that_was_let_go_there_is_nothing_to_give_back(tracker: Tracker) -> None:
    with tracker.database.engine.connect() as connection:
        end = begin_loading(connection)
        connection.invalidate()
        end()
