"""Whoever changes the record in the file, past the program, is found out: which entry, and what.

What verification cannot see by itself is a journal that was rewritten as a whole, or cut short
together with its head; for that one compares checkpoints kept elsewhere (test_rewriting.py).
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.newsroom import change, furnish
from tracker.app import open_tracker
from tracker.errors import AuditBroken, Corrupt
from tracker.journal.merkle import leaf_hash
from tracker.store import copies
from tracker.store import tables as t

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only  # it writes to the file

BODY = "UPDATE journal SET body = {} WHERE seq = {}"
SWAP = "UPDATE journal SET body = (SELECT body FROM journal WHERE seq = {1}) WHERE seq = {0}"

PUT_IN = """
INSERT INTO journal SELECT 8, 8, recorded_at, author, act, subject, body, leaf FROM journal WHERE seq = 7
"""

DEEDS: dict[str, tuple[list[str], str]] = {
    # what was done: (the statements, the first thing that is found)
    "an entry was edited": (
        [BODY.format("replace(body, 'killed', 'wounded')", 5)],
        "entry 5: its hash does not match its text: it was edited",
    ),
    "an entry was made unreadable": ([BODY.format("'nonsense'", 3)], "entry 3: its hash does not match"),
    "an entry was emptied": ([BODY.format("'{}'", 1)], "entry 1: its hash does not match"),
    "an entry was signed by another": (
        ["UPDATE journal SET author = 'someone else' WHERE seq = 2"],
        "entry 2: the column author does not match its text",
    ),
    "an entry was moved to another day": (
        ["UPDATE journal SET recorded_at = '2020-01-01T00:00:00.000000Z' WHERE seq = 5"],
        "entry 5: the column recorded_at does not match its text",
    ),
    "an entry in the middle was deleted": (
        ["DELETE FROM journal WHERE seq = 3"],
        "entry 4: number 3 was expected here",
    ),
    "the newest entries were deleted": (
        ["DELETE FROM journal WHERE seq > 4"],
        "the tree head is of 7 entries, but 4 are there",
    ),
    "an entry was emptied as if it were redacted": (
        [BODY.format("''", 3)],
        "entry 3: its text is missing, and no entry says that it was redacted",
    ),
    "an entry was put in": (
        [PUT_IN],
        "entry 8: the column seq does not match its text",
    ),
    "the hash of an entry was changed": (
        ["UPDATE journal SET leaf = replace(leaf, 'a', 'b') WHERE seq = 2"],
        "entry 2: its hash does not match its text",
    ),
    "an inner node was changed": (
        ["UPDATE journal_nodes SET hash = zeroblob(32) WHERE level = 1 AND position = 1"],
        "the stored hash over entries 3 to 4 is not theirs",
    ),
    "inner nodes were deleted": (
        ["DELETE FROM journal_nodes WHERE level = 2"],
        "1 stored hashes over entries are missing",
    ),
    "inner nodes were added": (
        ["INSERT INTO journal_nodes VALUES (1, 77, zeroblob(32))"],
        "1 stored hashes are over no entries",
    ),
    "the tree head was deleted": (["DELETE FROM journal_head"], "the tree head is missing"),
    "the tree head was changed": (
        ["UPDATE journal_head SET root = replace(root, 'a', 'b')"],
        "the tree head does not match the entries",
    ),
    "a claim was changed in its table": (
        ["UPDATE claims SET text = 'The mayor is well' WHERE key = 'mayor-killed'"],
        "table claims, row mayor-killed: text is not what the journal says",
    ),
    "a status was changed": (
        ["UPDATE statuses SET status = 'confirmed', likelihood = 0.99 WHERE claim = 'mayor-killed'"],
        "table statuses, row mayor-killed: status, likelihood is not what the journal says",
    ),
    "evidence was deleted from its table": (
        ["DELETE FROM evidence"],
        "table evidence, row mayor-killed.ministry: missing, though the journal records it",
    ),
    "a source was slipped in": (
        [
            "INSERT INTO sources (key, name, folded, type, withdrawn) "
            + "VALUES ('ghost', 'G', 'g', 'other', false)"
        ],
        "table sources, row ghost: it follows from no entry of the journal",
    ),
}


@pytest.fixture
def newsroom(begun: Callable[..., Tracker]) -> str:
    """The URL of a newsroom."""
    tracker = begun("furnished", lambda told, _clock: furnish(told))
    tracker.close()
    return tracker.database.url


def problems(path: str) -> tuple[str, ...]:
    with open_tracker(path, clock=Clock()) as tracker:
        found = tracker.audit()
    assert found.ok is not bool(found.problems)
    return found.problems


def test_an_honest_record_has_no_problems(newsroom: str) -> None:
    assert problems(newsroom) == ()


@pytest.mark.parametrize("deed", DEEDS)
def test_every_deed_is_found_and_the_first_bad_entry_named(newsroom: str, deed: str) -> None:
    statements, first = DEEDS[deed]
    change(newsroom, *statements)

    assert problems(newsroom)[0].startswith(first)


def test_an_edited_entry_with_a_new_hash_of_its_own(newsroom: str) -> None:
    with open_tracker(newsroom) as tracker:
        body = tracker.entries()[4].body.decode().replace("killed", "killxd")
    change(
        newsroom,
        f"UPDATE journal SET body = '{body}', leaf = '{leaf_hash(body.encode()).hex()}' WHERE seq = 4",
    )

    assert "the tree head does not match the entries" in problems(newsroom)


def test_two_entries_that_changed_places(newsroom: str) -> None:
    with open_tracker(newsroom) as tracker:
        one, other = (entry.body.decode() for entry in tracker.entries()[1:3])
    change(
        newsroom,
        f"UPDATE journal SET body = '{other}', leaf = '{leaf_hash(other.encode()).hex()}' WHERE seq = 2",
        f"UPDATE journal SET body = '{one}', leaf = '{leaf_hash(one.encode()).hex()}' WHERE seq = 3",
    )

    assert problems(newsroom)[0] == "entry 2: the column seq does not match its text"


@pytest.mark.parametrize(
    "deed", ["an entry was edited", "the newest entries were deleted", "a status was changed"]
)
def test_the_command_leaves_with_its_own_status(newsroom: str, deed: str) -> None:
    statements, first = DEEDS[deed]
    change(newsroom, *statements)

    words = ("audit", "verify", "--format", "json", "--db", newsroom)
    done = subprocess.run(
        [sys.executable, "-m", "tracker", *words],
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )

    assert (done.returncode, done.stderr) == (5, "")
    told = json.loads(done.stdout)
    assert not told["ok"]
    assert told["problems"][0].startswith(first)


@pytest.mark.parametrize("deed", ["the newest entries were deleted", "the tree head was deleted"])
def test_nothing_is_added_to_a_journal_that_was_cut(newsroom: str, deed: str) -> None:
    change(newsroom, *DEEDS[deed][0])
    with open_tracker(newsroom, author="desk") as tracker:
        before = dump(tracker)
        with pytest.raises(AuditBroken, match="the journal ends with entry"):
            tracker.add_source("Somebody")
        assert dump(tracker) == before


@pytest.mark.parametrize("peaks", ["", "nonsense", "[]", '["xy"]', "[1]", "{}", '["ab", "cd", "ef"]'])
def test_a_head_that_cannot_be_read_stops_writing(newsroom: str, peaks: str) -> None:
    change(newsroom, f"UPDATE journal_head SET peaks = '{peaks}'")
    with (
        open_tracker(newsroom, author="desk") as tracker,
        pytest.raises(AuditBroken, match="the head of the journal"),
    ):
        tracker.add_source("Somebody")


@pytest.mark.parametrize("deed", ["an entry was made unreadable", "an entry was emptied"])
def test_reading_what_is_no_entry_says_so(newsroom: str, deed: str) -> None:
    change(newsroom, *DEEDS[deed][0])
    with open_tracker(newsroom, clock=Clock()) as tracker:
        for question in (tracker.entries, tracker.rebuild, lambda: whole_at(tracker, "entry:4")):
            with pytest.raises(AuditBroken, match=r"entry [13]: "):
                question()


def whole_at(tracker: Tracker, moment: str) -> None:
    with tracker.record(moment):
        pass


@pytest.mark.parametrize(
    ("statement", "question"),
    [
        ("UPDATE claims SET kind = 'nonsense'", lambda t: t.show("mayor-killed")),
        ("UPDATE claims SET when_after = 'nonsense'", lambda t: t.show("mayor-killed")),
        ("UPDATE evidence SET stance = 'nonsense'", lambda t: t.why("mayor-killed")),
        ("UPDATE statuses SET status = 'nonsense'", lambda t: t.statuses()),
        ("UPDATE status_changes SET was = 'nonsense'", lambda t: t.history("mayor-killed", clock="recorded")),
    ],
)
def test_tables_that_hold_nonsense_can_be_made_anew(
    newsroom: str, statement: str, question: Callable[[Tracker], object]
) -> None:
    change(newsroom, statement)
    with open_tracker(newsroom, clock=Clock()) as tracker:
        with pytest.raises(Corrupt, match=r"nonsense|Expecting value") as caught:
            question(tracker)
        assert caught.value.hint == "make all tables anew from the journal: tracker db rebuild"
        tracker.rebuild()
        question(tracker)
        assert tracker.audit().ok


@pytest.mark.parametrize("table", ["claims", "evidence", "sources", "entities", "statuses"])
def test_a_table_that_was_emptied_is_noticed_and_made_anew(newsroom: str, table: str) -> None:
    change(newsroom, "PRAGMA foreign_keys = OFF", f"DELETE FROM {table}")

    assert any(f"table {table}, row" in problem for problem in problems(newsroom))

    with open_tracker(newsroom, clock=Clock()) as tracker:
        tracker.rebuild()
    assert problems(newsroom) == ()


def test_tables_are_not_made_anew_from_a_journal_that_does_not_verify(newsroom: str) -> None:
    change(newsroom, BODY.format("replace(body, 'killed', 'wounded')", 5))
    with open_tracker(newsroom, clock=Clock()) as tracker:
        before = tracker.statuses()
        with pytest.raises(AuditBroken, match="the journal does not verify: entry 5"):
            tracker.rebuild()
        assert tracker.statuses() == before


def test_numbers_that_another_machine_added_up_otherwise_are_the_same(newsroom: str) -> None:
    """The last digits of a sum depend on the order in which it was added up."""
    change(newsroom, "UPDATE statuses SET likelihood = likelihood + 1e-12")
    assert problems(newsroom) == ()

    change(newsroom, "UPDATE statuses SET likelihood = likelihood + 1e-6")
    assert any("likelihood is not what the journal says" in problem for problem in problems(newsroom))


@pytest.mark.parametrize("table", sorted(set(t.metadata.tables) - copies.RECORD))
def test_a_table_that_is_gone_is_named_and_made_anew(newsroom: str, table: str) -> None:
    told = f"the table {table} is missing; make it anew with: tracker db rebuild"
    change(newsroom, "PRAGMA foreign_keys = OFF", f"DROP TABLE {table}")
    with open_tracker(newsroom) as tracker:
        assert ("problem", told) in tracker.doctor()
        assert told in tracker.audit().problems
        tracker.rebuild()
        assert tracker.audit().ok


def test_an_audit_goes_on_where_a_table_is_gone(newsroom: str) -> None:
    change(newsroom, "PRAGMA foreign_keys = OFF", "DROP TABLE source_records", "DELETE FROM entities")
    gone, emptied, *_ = problems(newsroom)
    assert gone.startswith("the table source_records is missing")
    assert emptied.startswith("table entities, row")


@pytest.mark.parametrize("table", sorted(copies.RECORD))
def test_a_journal_that_is_gone_can_only_be_put_back(newsroom: str, table: str) -> None:
    change(newsroom, f"DROP TABLE {table}")
    with open_tracker(newsroom) as tracker:
        assert ("problem", f"the table {table} is missing; restore a backup") in tracker.doctor()
        with pytest.raises(AuditBroken, match=f"the table {table} is missing") as caught:
            tracker.audit()
    assert "backup" in (caught.value.hint or "")
