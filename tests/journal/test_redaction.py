"""What is taken out of an entry, what stands in for it, and which empty rows are sound."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.journal.test_verify import entries, stored
from tracker.journal.entry import Entry
from tracker.journal.merkle import root_of
from tracker.journal.redaction import GONE, item, named_only, stand_ins, values_in, without
from tracker.journal.verify import StoredEntry, verify


def entry(act: str, payload: dict[str, Any], *, seq: int = 1, reason: str = "so it was") -> Entry:
    return Entry(seq, seq, "2026-11-22T12:00:00.000000Z", "desk", act, "key", reason, payload)


def test_what_may_be_missing_is_taken_out_and_what_must_be_there_is_marked() -> None:
    claim = entry("claim.recorded", {"text": "Jane did it", "kind": "other", "note": "Jane's number"})

    assert without(claim, {"note": None}).payload == {"text": "Jane did it", "kind": "other"}
    assert without(claim, {"text": None}).payload["text"] == GONE


def test_a_revision_keeps_its_fields_and_loses_what_they_held() -> None:
    revised = entry("evidence.corrected", {"set": {"quote": "Jane Doe"}, "was": {"quote": "Jane"}})

    left = without(revised, {"quote": None})

    assert left.payload == {"set": {"quote": None}, "was": {"quote": None}}


def test_only_the_values_that_are_meant_go() -> None:
    revised = entry("entity.revised", {"set": {"name": "A man"}, "was": {"name": "Jane Doe"}})

    left = without(revised, {"name": ["Jane Doe"]})

    assert left.payload == {"set": {"name": "A man"}, "was": {"name": GONE}}


def test_words_and_the_entity_that_they_name_go_together() -> None:
    claim = entry(
        "claim.recorded", {"text": "It was there", "where": "Jane's house", "where_entity": "house"}
    )

    assert without(claim, {"where": None}).payload == {"text": "It was there"}


def test_lists_become_empty_and_the_name_of_a_file_is_marked() -> None:
    named = entry("entity.revised", {"set": {"aliases": ["Jane"]}, "was": {"aliases": []}})
    kept = entry(
        "document.archived",
        {"set": {"sha256": "ab"}, "was": {"sha256": None}, "file": {"name": "jane.pdf", "bytes": 3}},
    )

    assert without(named, {"aliases": None}).payload["set"] == {"aliases": []}
    assert without(kept, {"file": None}).payload["file"] == {"name": GONE, "bytes": 3}


def test_an_entry_that_holds_none_of_it_stays_the_same() -> None:
    graded = entry("source.graded", {"grade": "B", "was": None})

    assert without(graded, {"note": None}) is graded
    assert without(graded, {}, reason=True).reason == GONE


def test_what_an_entry_says_in_words() -> None:
    revised = entry("claim.revised", {"set": {"text": "New", "kind": "death"}, "was": {"text": "Old"}})

    assert values_in(revised) == {"text": ["New", "Old"]}


class TestStandIns:
    first = entry("evidence.logged", {"claim": "c", "quote": "Jane"}, seq=1)

    def redaction(self, seq: int, *items: dict[str, Any]) -> Entry:
        return entry("entry.redacted", {"entries": list(items)}, seq=seq)

    def body(self, it: Entry) -> tuple[int, str]:
        return it.seq, it.body.decode()

    def test_the_newest_redaction_says_what_stands_in(self) -> None:
        leaf = self.first.leaf.hex()
        once = self.redaction(2, item(replace(self.first, payload={"claim": "c", "note": "x"}), leaf))
        again = self.redaction(3, item(replace(self.first, payload={"claim": "c"}), leaf))

        found = stand_ins([self.body(again), self.body(once)])

        assert found[1].payload == {"claim": "c"}
        assert found[1].redacted is not None
        assert found[1].redacted.by == 3
        assert found[1].leaf == self.first.leaf
        assert found[1].body == b""

    def test_a_redaction_that_was_redacted_is_read_through_the_later_one(self) -> None:
        leaf = self.first.leaf.hex()
        once = self.redaction(2, item(self.first, leaf))
        lifted = item(self.first, leaf, by=2)
        again = self.redaction(3, lifted, item(named_only(once), once.leaf.hex()))

        found = stand_ins([self.body(again), (2, "")])

        assert found[1].redacted is not None
        assert found[1].redacted.by == 2
        assert found[2].payload == {"entries": [{"seq": 1, "leaf": leaf}]}

    def test_no_entry_redacts_itself_or_what_comes_after_it(self) -> None:
        late = replace(self.first, seq=5)

        assert stand_ins([self.body(self.redaction(2, item(late, late.leaf.hex())))]) == {}


class TestVerification:
    """A journal of three entries, of which the second is redacted by the fourth."""

    def rows(self, **changed: Any) -> tuple[list[StoredEntry], tuple[int, str]]:
        made = entries(3)
        left = replace(made[1], payload={"text": GONE})
        said = {"what": "claim", "fields": ["text"], "entries": [item(left, made[1].leaf.hex())]}
        fourth = Entry(4, 4, "2024-01-02T00:00:00.000000Z", "ann", "entry.redacted", "x", "she asked", said)
        made.append(fourth)
        rows = [stored(each) for each in made]
        rows[1] = replace(rows[1], body="", **changed)
        return rows, (4, root_of(each.leaf for each in made).hex())

    def test_it_verifies_and_says_who_redacted_and_why(self) -> None:
        report = verify(*self.rows())

        assert report.ok, report.problems
        assert [str(each) for each in report.redacted] == [
            "entry 2: redacted by entry 4 (ann, 2024-01-02): she asked"
        ]

    def test_a_text_that_nobody_redacted_is_missed(self) -> None:
        rows, head = self.rows()
        rows[0] = replace(rows[0], body="")

        report = verify(rows, head)

        assert report.problems == ["entry 1: its text is missing, and no entry says that it was redacted"]

    def test_a_hash_that_was_changed_with_it_is_found(self) -> None:
        report = verify(*self.rows(leaf="00" * 32))

        assert report.problems[0] == "entry 2: its text is missing, and no entry says that it was redacted"
        assert "the tree head does not match the entries" in report.problems

    @pytest.mark.parametrize("column", ["author", "act", "subject"])
    def test_its_columns_cannot_be_changed(self, column: str) -> None:
        report = verify(*self.rows(**{column: "another"}))

        assert report.problems == [f"entry 2: the column {column} does not match what stands in for its text"]

    def test_a_redaction_whose_own_text_was_blanked_accounts_for_nothing(self) -> None:
        rows, head = self.rows()
        rows[3] = replace(rows[3], body="")

        report = verify(rows, head)

        assert [problem[:8] for problem in report.problems] == ["entry 2:", "entry 4:"]
