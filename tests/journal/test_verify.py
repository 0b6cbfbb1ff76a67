"""Verification: nothing that is done to a journal behind its back goes unseen."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.examples import examples
from tracker.journal.entry import Entry
from tracker.journal.merkle import EMPTY_ROOT, CompactRange, Node, leaf_hash, root_of
from tracker.journal.verify import StoredEntry, verify


def entries(count: int = 6) -> list[Entry]:
    """A journal of acts in transactions of one, two, three, ... entries."""
    starts = [1, 2, 2, 4, 4, 4, 7, 7]
    return [
        Entry(
            seq=seq,
            batch=starts[seq - 1],
            recorded_at=f"2024-01-01T00:00:{starts[seq - 1]:02}.000000Z",
            author="ann",
            act="claim.recorded",
            subject=f"claim-{seq}",
            reason="",
            payload={"text": f"Text {seq}"},
        )
        for seq in range(1, count + 1)
    ]


def stored(entry: Entry) -> StoredEntry:
    columns = {f.name: getattr(entry, f.name) for f in fields(StoredEntry) if f.name not in ("body", "leaf")}
    return StoredEntry(**columns, body=entry.body.decode(), leaf=entry.leaf.hex())


def journal(count: int = 6) -> tuple[list[StoredEntry], tuple[int, str]]:
    """The rows of a sound journal, and its head."""
    made = entries(count)
    return [stored(entry) for entry in made], (count, root_of(entry.leaf for entry in made).hex())


def inner_nodes(rows: list[StoredEntry]) -> list[Node]:
    tree = CompactRange()
    return sorted(node for row in rows for node in tree.append(bytes.fromhex(row.leaf)))


def resealed(row: StoredEntry, **changed: object) -> StoredEntry:
    """A forged row: its text, columns and hash all changed to fit each other."""
    return stored(replace(Entry.from_body(row.body.encode()), **changed))


@pytest.mark.parametrize("count", range(9))
def test_a_sound_journal_verifies(count):
    rows, head = journal(count)
    report = verify(rows, head)
    assert report.ok, report.problems
    assert (report.entries, report.root) == head


def test_an_empty_journal_has_the_root_of_nothing():
    assert verify([], (0, EMPTY_ROOT.hex())).ok
    assert not verify([], (0, "00" * 32)).ok


TAMPERED = {
    "seq": 40,
    "batch": 1,
    "recorded_at": "2024-01-01T00:00:09.000000Z",
    "author": "bob",
    "act": "claim.withdrawn",
    "subject": "claim-9",
    "body": "{}",
    "leaf": "00" * 32,
}


@pytest.mark.parametrize("at", range(6))
@pytest.mark.parametrize("column", [f.name for f in fields(StoredEntry)])
def test_any_column_of_any_entry_that_is_changed_is_found(column, at):
    rows, head = journal()
    if getattr(rows[at], column) == TAMPERED[column]:
        return  # it is that already
    rows[at] = replace(rows[at], **{column: TAMPERED[column]})
    report = verify(rows, head)
    assert not report.ok
    number = TAMPERED["seq"] if column == "seq" else at + 1
    assert any(problem.startswith(f"entry {number}: ") for problem in report.problems)


@given(st.integers(0, 5), st.data())
@examples(100)
def test_any_one_character_of_any_text_that_is_changed_is_found(at, data):
    rows, head = journal()
    body = rows[at].body
    place = data.draw(st.integers(0, len(body) - 1))
    other = data.draw(st.characters().filter(lambda character: character != body[place]))
    rows[at] = replace(rows[at], body=body[:place] + other + body[place + 1 :])
    assert not verify(rows, head).ok


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("author", "bob"),
        ("reason", "because"),
        ("payload", {"text": "Another text"}),
        ("recorded_at", "2024-01-01T00:00:03.000000Z"),
    ],
)
def test_an_entry_rewritten_with_its_hash_shows_against_the_head(name, value):
    rows, head = journal()
    rows[3] = resealed(rows[3], **{name: value})
    assert verify(rows, head).problems == ["the tree head does not match the entries"]


def test_rewriting_the_whole_journal_with_its_head_shows_against_an_earlier_head():
    rows, head = journal()
    rows[3] = resealed(rows[3], author="bob")
    forged = verify(rows, None).root
    assert verify(rows, (6, forged)).ok
    assert forged != head[1], "which is why heads are handed out"


@pytest.mark.parametrize("at", range(6))
def test_a_removed_entry_is_missed(at):
    rows, head = journal()
    del rows[at]
    report = verify(rows, head)
    assert any("6 entries, but 5 are there" in problem for problem in report.problems)
    if at < 5:
        assert f"entry {at + 2}: number {at + 1} was expected here" in report.problems


@pytest.mark.parametrize("at", range(7))
def test_an_inserted_entry_is_noticed(at):
    rows, head = journal()
    rows.insert(at, resealed(rows[min(at, 5)], author="bob"))
    report = verify(rows, head)
    assert any("6 entries, but 7 are there" in problem for problem in report.problems)
    assert any("was expected here" in problem for problem in report.problems)


@given(st.permutations(range(6)))
@examples(50)
def test_entries_in_another_order_are_noticed(order):
    rows, head = journal()
    assert verify([rows[number] for number in order], head).ok == (list(order) == list(range(6)))


@pytest.mark.parametrize("kept", range(6))
def test_a_tail_cut_off_shows_against_the_head_and_only_there(kept):
    rows, head = journal()
    report = verify(rows[:kept], head)
    assert len(report.problems) == 1
    assert f"of 6 entries, but {kept} are there" in report.problems[0]


@pytest.mark.parametrize(
    ("head", "why"),
    [
        (None, "the tree head is missing"),
        ((6, "00" * 32), "the tree head does not match the entries"),
        ((7, "00" * 32), "the tree head is of 7 entries, but 6 are there"),
    ],
)
def test_a_head_that_is_gone_or_wrong_is_reported(head, why):
    (problem,) = verify(journal()[0], head).problems
    assert problem.startswith(why)


def verify_forged(at: int, **changed: object) -> list[str]:
    """The problems of a journal of which one entry, and the head, were forged to fit."""
    rows, _ = journal()
    rows[at] = resealed(rows[at], **changed)
    return verify(rows, (6, verify(rows, None).root)).problems


def test_time_never_runs_backwards():
    assert verify_forged(5, recorded_at="2023-12-31T00:00:00.000000Z") == [
        "entry 6: recorded before the entry that precedes it"
    ]


def test_an_entry_names_the_first_entry_of_its_own_transaction():
    problem = "entry 6: does not belong to the transaction that it names"
    assert verify_forged(5, batch=2) == [problem]
    assert verify_forged(5, batch=9) == [problem]


def test_numbers_have_no_gaps_even_when_all_hashes_fit():
    rows, _ = journal()
    rows = [*rows[:3], *(resealed(row, seq=row.seq + 1, batch=row.batch + 1) for row in rows[3:])]
    problems = verify(rows, (6, verify(rows, None).root)).problems
    assert problems == ["entry 5: number 4 was expected here"]


@pytest.mark.parametrize(
    "forge",
    [
        lambda body: json.dumps(json.loads(body), indent=1),  # blanks
        lambda body: "{" + '"author":"eve",' + body[1:],  # one name twice: readers differ in which they take
        lambda body: body.replace("Text 3", "\\u0054ext 3"),  # needless escapes
        lambda body: body.replace('{"text":"Text 3"}', "0.5"),  # what no journal holds
        lambda body: "[" * 100_000,
        lambda body: body.replace('{"text":"Text 3"}', "[]"),
        lambda body: "\ud800",
        lambda body: "",
    ],
)
def test_a_text_that_is_not_canonical_is_found_even_with_its_hash_and_head(forge):
    rows, _ = journal()
    body = forge(rows[2].body)
    leaf = leaf_hash(body.encode("utf-8", "surrogatepass")).hex()
    rows[2] = replace(rows[2], body=body, leaf=leaf)
    (problem,) = verify(rows, (6, verify(rows, None).root)).problems
    assert problem.startswith("entry 3: its text ")


# --- inner nodes, earlier heads -----------------------------------------------------------------


@pytest.mark.parametrize("count", range(9))
def test_the_stored_nodes_of_a_sound_journal_are_sound(count):
    rows, head = journal(count)
    report = verify(rows, head, nodes=inner_nodes(rows))
    assert report.ok
    assert report.node_problems == []


@pytest.mark.parametrize("at", range(4))
def test_a_stored_node_that_is_wrong_missing_or_too_many_is_found(at):
    rows, head = journal()
    nodes = inner_nodes(rows)
    level, position, node = nodes[at]
    first, last = (position << level) + 1, (position + 1) << level
    wrong = [*nodes[:at], (level, position, node[::-1]), *nodes[at + 1 :]]
    assert verify(rows, head, nodes=wrong).node_problems == [
        f"the stored hash over entries {first} to {last} is not theirs"
    ]
    (missing,) = verify(rows, head, nodes=nodes[:at] + nodes[at + 1 :]).node_problems
    assert missing == "1 stored hashes over entries are missing"
    for strange in ((level, 50, node), (9, 0, node), (0, 0, node)):
        (problem,) = verify(rows, head, nodes=[*nodes, strange]).node_problems
        assert problem == "1 stored hashes are over no entries"


def test_the_roots_on_the_way_are_given_where_they_are_asked_for():
    rows, head = journal()
    leaves = [bytes.fromhex(row.leaf) for row in rows]
    report = verify(rows, head, sizes={2, 5, 6, 70})
    assert report.roots == {size: root_of(leaves[:size]).hex() for size in (2, 5, 6)}
