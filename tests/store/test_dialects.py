"""What a database of each kind is told, and what it says of itself."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from claims.errors import BadValue
from tracker.app import open_tracker
from tracker.errors import DiskFull, StoreError
from tracker.store import dialects
from tracker.store import tables as t
from tracker.store.dialects import chunks, has_wal_reset_bug, patience, read_url, setting_warnings

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker


@pytest.mark.parametrize(
    ("version", "loses"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
    ],
)
def test_which_sqlite_can_lose_what_two_write_at_once(version: tuple[int, ...], loses: bool) -> None:
    assert has_wal_reset_bug(version) is loses


@pytest.mark.sqlite_only
@pytest.mark.parametrize("loses", [True, False])
def test_doctor_says_so(tracker: Tracker, monkeypatch: pytest.MonkeyPatch, loses: bool) -> None:
    monkeypatch.setattr(dialects, "has_wal_reset_bug", lambda: loses)
    said = [words for how, words in tracker.doctor() if how == "warning"]
    assert any("3.51.3 or later does not" in words for words in said) is loses
    with tracker.database.reading() as connection:
        assert len(setting_warnings(connection)) == loses


def test_a_row_that_refers_to_what_is_not_there_is_refused(tracker: Tracker) -> None:
    side = sa.insert(t.source_sides).values(source="nobody", position=0, side="north")
    with pytest.raises(StoreError), tracker.database.writing() as connection:
        connection.execute(side)


@pytest.mark.sqlite_only
def test_what_was_kept_is_on_the_disk_before_anybody_is_told(tracker: Tracker) -> None:
    """A machine that loses its power loses no act that was said to be recorded, also where SQLite was built
    to take that risk."""
    engine = tracker.database.engine

    @sa.event.listens_for(engine, "do_connect")
    def risky(dialect: Any, _record: object, words: Any, options: Any) -> Any:
        made = dialect.connect(*words, **options)
        made.execute("PRAGMA synchronous=NORMAL")
        return made

    engine.dispose()
    with tracker.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2  # FULL


def test_what_is_no_text_is_no_key() -> None:
    assert list(chunks(["b", 7, "a", None, "c", "a"])) == [["a", "b", "c"]]


def test_nobody_waits_for_longer_than_a_database_can_count() -> None:
    assert patience(read_url("newsroom.db")) == dialects.PATIENCE
    assert patience(read_url("sqlite:///newsroom.db?timeout=1000000")) == 1_000_000
    with pytest.raises(BadValue, match="not a time to wait for"):
        patience(read_url("sqlite:///newsroom.db?timeout=3000000"))


@pytest.mark.parametrize(
    "url",
    [
        "postgresql:desk:horse@db.example/newsroom",
        "postgres:desk:horse@db.example/newsroom",
        "postgresql+psycopg:desk:horse@db.example/newsroom",
        "postgresql://desk:12?horse@battery@db.example/newsroom",
    ],
)
def test_a_url_with_a_slip_in_it_is_not_shown_with_its_password(url: str) -> None:
    with pytest.raises(BadValue) as refused:
        read_url(url)
    assert "horse" not in refused.value.message + refused.value.hint


@pytest.mark.sqlite_only
def test_what_is_redacted_is_wiped_where_it_stood(tracker: Tracker) -> None:
    """Also where somebody still reads, so that the file cannot be written anew."""
    with tracker.database.writing() as connection:
        connection.exec_driver_sql("PRAGMA secure_delete=OFF")  # as most are built
        dialects.forget_deleted(connection)
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar() == 1


@pytest.mark.sqlite_only
def test_after_a_vacuum_the_database_knows_how_its_rows_lie(tracker: Tracker) -> None:
    tracker.add_source("Paper")
    tracker.vacuum()
    with tracker.database.reading() as connection:
        known = connection.exec_driver_sql("SELECT DISTINCT tbl FROM sqlite_stat1").scalars().all()
    assert {"sources", "journal"} <= set(known)


@pytest.mark.sqlite_only
def test_who_comes_after_a_scrub_waits_as_long_as_before(tracker: Tracker) -> None:
    def patient() -> Any:
        with tracker.database.reading() as connection:
            return connection.exec_driver_sql("PRAGMA busy_timeout").scalar()

    before = patient()
    for work in (tracker.scrub, tracker.vacuum):
        work()
        assert patient() == before


def test_a_folder_is_no_database(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder") as refused:
        open_tracker(str(tmp_path), author="desk")
    assert refused.value.hint == "name a file in it"


def test_a_full_disk_is_known_by_its_number_in_whatever_language_it_is_told() -> None:
    fault = OSError(errno.ENOSPC, "Auf dem Gerät ist kein Speicherplatz mehr verfügbar")
    assert isinstance(dialects.translate(fault, "newsroom.db", None), DiskFull)


@pytest.mark.parametrize("path", ["me@work.db", "desk/me:you@work.db", r"C:\desk\me@work\newsroom.db"])
def test_a_path_may_have_signs_of_a_url(path: str) -> None:
    assert read_url(path).database == path
