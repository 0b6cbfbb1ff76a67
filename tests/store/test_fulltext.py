"""The index over the words of claims: made with the tables, missed when it is gone, and asked for by name
where SQLite cannot have it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from claims.errors import ClaimsError
from tracker.app import create_tracker, open_tracker
from tracker.store import copies, fulltext
from tracker.store import tables as t
from tracker.store.dialects import translate

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker


def problems(tracker: Tracker) -> list[str]:
    """What doctor finds wrong."""
    return [words for how, words in tracker.doctor() if how == "problem"]


@pytest.mark.on_both
def test_a_migrated_database_has_the_index_that_the_program_makes(tracker: Tracker) -> None:
    with tracker.reading() as reader:
        assert fulltext.missing(reader.connection) == []
    assert problems(tracker) == []


@pytest.mark.sqlite_only
def test_the_triggers_of_the_migrations_are_those_of_the_program(tracker: Tracker) -> None:
    query = "SELECT name, sql FROM sqlite_master WHERE name LIKE 'claim_words%' ORDER BY name"
    with tracker.reading() as reader, copies.in_memory() as memory:
        held = reader.connection.exec_driver_sql(query).all()
        fresh = memory.exec_driver_sql(query).all()
    assert [(name, _plain(sql)) for name, sql in held] == [(name, _plain(sql)) for name, sql in fresh]


def _plain(sql: str | None) -> str | None:
    return None if sql is None else sql.replace("IF NOT EXISTS ", "")


@pytest.mark.on_both
def test_an_index_that_is_gone_is_missed_and_made_anew(tracker: Tracker) -> None:
    tracker.add_claim("The mayor was seen", key="seen")
    with tracker.database.writing() as connection:
        if connection.dialect.name == "sqlite":
            for name in ("added", "changed", "gone"):
                connection.exec_driver_sql(f"DROP TRIGGER claim_words_{name}")
            connection.exec_driver_sql("DROP TABLE claim_words")
        else:
            connection.exec_driver_sql("DROP INDEX ix_claims_words")
    assert "tracker db rebuild" in problems(tracker)[0]
    tracker.rebuild()
    assert problems(tracker) == []
    assert [hit.key for hit in tracker.search("mayor")] == ["seen"]


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "sqlite_problem", lambda _: fulltext.NO_FTS5)


@pytest.mark.sqlite_only
@pytest.mark.usefixtures("without")
def test_without_full_text_search_doctor_says_what_to_do(tracker: Tracker) -> None:
    assert [each for each in problems(tracker) if "FTS5" in each and "use a Python" in each]


def test_what_sqlite_says_without_it_is_an_error_that_can_be_mended() -> None:
    error = translate(sqlite3.OperationalError("no such module: fts5"), "x.db", None)
    assert isinstance(error, ClaimsError)
    assert "FTS5" in error.message
    assert "use a Python" in error.hint


def test_a_word_that_is_none_never_reaches_a_query(tracker: Tracker) -> None:
    with tracker.reading() as reader:
        for word in ('"', "a b", "a*", "é", "a'"):
            with pytest.raises(ValueError, match="is no word"):
                fulltext.claims_holding(reader.connection, [fulltext.AnyOf((word,))], 10)


def test_who_asks_for_nothing_finds_nothing(tracker: Tracker) -> None:
    tracker.add_claim("The mayor was seen", key="seen")
    mayor, nothing = fulltext.AnyOf(("mayor",)), fulltext.AnyOf()
    with tracker.reading() as reader:
        for asked in ([], [nothing], [mayor, nothing]):
            assert fulltext.claims_holding(reader.connection, asked, 10) == []


def test_of_very_many_claims_the_newest_are_found(tracker: Tracker) -> None:
    for number in range(4):
        tracker.add_claim(f"The mayor was seen, {number}", key=f"seen-{number}")
    asked = [fulltext.AnyOf(("mayor",))]
    with tracker.reading() as reader:
        found = [key for key, *_ in fulltext.claims_holding(reader.connection, asked, 2)]
    assert found == ["seen-3", "seen-2"]


def test_of_very_many_words_the_first_are_asked_for(tracker: Tracker) -> None:
    words = [f"w{number}" for number in range(fulltext.MOST_ASKED)]
    tracker.add_claim(" ".join(words), key="wordy")
    asked = [fulltext.AnyOf((word,)) for word in (*words, "nowhere")]
    with tracker.reading() as reader:
        assert [key for key, *_ in fulltext.claims_holding(reader.connection, asked, 10)] == ["wordy"]
        assert fulltext.claims_holding(reader.connection, asked[1:], 10) == []
    assert tracker.search(" ".join([*words, "nowhere"])) == []


@pytest.mark.sqlite_only
def test_a_tracker_whose_rows_moved_in_the_file_is_found_through_as_before(tmp_path: Path) -> None:
    path = tmp_path / "moved.db"
    with create_tracker(str(path), author="desk") as tracker:
        for number in range(20):
            tracker.add_claim(f"Claim {number} of a mayor", key=f"c{number}")
        tracker.withdraw_record("c3", reason="never made")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM")
    with open_tracker(str(path), author="desk") as tracker:
        assert len(tracker.search("mayor")) == 19


@pytest.mark.sqlite_only
def test_a_claim_whose_row_is_replaced_is_found_by_its_new_words_alone(tracker: Tracker) -> None:
    tracker.add_claim("The mayor was seen", key="seen")
    with tracker.database.writing() as connection:
        columns = [column.name for column in t.claims.columns if column.name != "folded"]
        kept = ", ".join(f'"{name}"' for name in columns)
        words = f"SELECT {kept}, 'the governor was seen' FROM claims"
        connection.exec_driver_sql(f"INSERT OR REPLACE INTO claims ({kept}, folded) {words}")
        for word, found in (("mayor", []), ("governor", ["seen"])):
            asked = [fulltext.AnyOf((word,))]
            assert [key for key, *_ in fulltext.claims_holding(connection, asked, 10)] == found
