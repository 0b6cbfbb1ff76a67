"""Personal data that must go is gone from the record and from its files; its hash, and who took it out and
why, stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import Ambiguous, BadValue, Conflict, MissingReason, NotFound
from tests.support.dump import dump
from tests.support.newsroom import change
from tests.support.postgres import reach
from tests.support.waiting import nobody_carries_on, waiting
from tracker.archive import path_of
from tracker.errors import AuditBroken

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker
WITNESS = "Jane Doe of 3 Mill Lane"
PIECE = "mayor-killed.ministry"


def tell(tracker: Tracker, _clock: Clock) -> None:
    """A witness is named in a quote: as logged, corrected, and put back."""
    tracker.add_source("Ministry", key="ministry", type="government")
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.add_claim("The mayor was killed", key="mayor-killed", kind="death", subject="mayor")
    tracker.log(
        "mayor-killed",
        source="ministry",
        stance="supports",
        published="13 May 2012",
        url="https://example.org",
        quote=WITNESS,
        note="call her on 555 0199",
    )
    tracker.correct_evidence(PIECE, quote=f"says {WITNESS}", reason="as it was said")
    tracker.undo(reason="no, it was not")


@pytest.fixture
def tracker(begun: Callable[..., Tracker]) -> Tracker:
    return begun("redacting", tell)


def held(tracker: Tracker, words: str) -> list[str]:
    """The files of a tracker, closed, in which some words are left: those beside it, or those that the
    server keeps its tables and indexes in."""
    path, url = tracker.database.path, tracker.database.url
    tracker.close()
    if path is None:
        with reach(url) as connection:
            connection.execute("CHECKPOINT")
            found = connection.execute(
                "SELECT relname::text FROM pg_class WHERE relkind IN ('r', 't', 'i') AND NOT relisshared"
                " AND pg_relation_filenode(oid) IS NOT NULL AND relnamespace <> 'pg_catalog'::regnamespace"
                " AND position(%s::bytea IN pg_read_binary_file(pg_relation_filepath(oid))) > 0",
                (words.encode(),),
            )
            return [str(name) for (name,) in found]
    return [
        each.name for each in path.parent.rglob("*") if each.is_file() and words.encode() in each.read_bytes()
    ]


class TestAField:
    def test_it_goes_from_every_entry_that_holds_it_and_from_the_tables(self, tracker: Tracker) -> None:
        done = tracker.redact(PIECE, field="quote", reason="she asked us to")

        assert done.entries == (6, 7, 8)
        assert "Jane" not in str(dump(tracker))
        assert tracker.show("mayor-killed").evidence[0].quote is None

    def test_nothing_of_it_is_left_in_the_files(self, tracker: Tracker) -> None:
        assert tracker.redact(PIECE, field="quote", reason="she asked us to").wiped

        assert held(tracker, "Jane") == []

    def test_it_was_in_the_files_before(self, tracker: Tracker) -> None:
        """Or the test above would show nothing."""
        assert held(tracker, "Jane") != []

    def test_verification_says_who_and_why(self, tracker: Tracker) -> None:
        before = tracker.audit()
        tracker.redact(PIECE, field="quote", reason="she asked us to")

        found = tracker.audit()

        assert found.problems == ()
        assert [str(each) for each in found.redacted] == [
            f"entry {seq}: redacted by entry 9 (desk, 2026-11-22): she asked us to" for seq in (6, 7, 8)
        ]
        assert before.redacted == ()

    def test_all_else_goes_on_as_before(self, tracker: Tracker) -> None:
        before = tracker.status("mayor-killed")
        tracker.redact(PIECE, field="quote", reason="she asked us to")

        assert tracker.status("mayor-killed") == before
        assert [step.at for step in tracker.history("mayor-killed", clock="recorded")]
        assert tracker.show("mayor-killed", recorded_by="2026-11-22").evidence[0].note is not None
        shown = dump(tracker)
        tracker.rebuild()
        assert dump(tracker) == shown

    def test_the_tree_over_the_entries_stays_the_same(self, tracker: Tracker) -> None:
        leaves = [entry.leaf for entry in tracker.entries()]
        tracker.redact(PIECE, field="quote", reason="she asked us to")

        assert [entry.leaf for entry in tracker.entries()][:-1] == leaves

    def test_a_second_redaction_takes_over_from_the_first(self, tracker: Tracker) -> None:
        """What stands in for an entry is text too, and holds what was not redacted yet."""
        tracker.redact(PIECE, field="quote", reason="she asked us to")
        done = tracker.redact(PIECE, field="note", reason="and that too")

        assert done.entries == (6, 9)
        found = tracker.audit()
        assert found.problems == ()
        assert {each.seq: each.by for each in found.redacted} == {6: 10, 7: 9, 8: 9, 9: 10}
        assert held(tracker, "555 0199") == []

    @pytest.mark.slow  # a dozen redactions
    def test_links_that_were_resolved_are_no_hindrance(self, tracker: Tracker) -> None:
        """What such an entry was before is a word, and no fields."""
        tracker.add_claim("The mayor fled", key="fled")
        tracker.link("fled", "contradicts", "mayor-killed", reason="the dead do not flee")
        tracker.resolve_link("fled:contradicts:mayor-killed", reason="they can be killed later")
        assert tracker.redact(PIECE, field="quote", reason="she asked us to").entries == (6, 7, 8)
        assert tracker.audit().problems == ()

    def test_redactions_do_not_grow_by_each_other(self, tracker: Tracker) -> None:
        """Each takes over what the others said: or they would hold each other, doubled every time."""
        lengths = []
        for number in range(6):
            tracker.add_entity(f"Person {number}", key=f"p{number}", note=f"lives at {number}")
            tracker.redact(f"p{number}", field="note", reason="private")
            tracker.redact(entry=len(tracker.entries()), reason="private too")
            lengths.append(len(str(tracker.entries()[-1].payload)))
        assert lengths[-1] < 3 * lengths[0]
        assert tracker.audit().problems == ()

    def test_what_must_be_there_is_marked_as_redacted(self, tracker: Tracker) -> None:
        tracker.redact("mayor", field="name", reason="he asked us to")

        assert tracker.entity("mayor").entity.name == "[redacted]"

    def test_the_reason_of_entries_is_a_field_as_well(self, tracker: Tracker) -> None:
        tracker.redact(PIECE, field="reason", reason="she asked us to")

        assert [entry.reason for entry in tracker.entries(PIECE)][:-1] == ["", "[redacted]", "[redacted]"]

    def test_where_else_the_words_stand_is_said(self, tracker: Tracker) -> None:
        tracker.add_claim(f"{WITNESS} saw it", key="seen")

        done = tracker.redact(PIECE, field="quote", reason="she asked us to")

        assert done.elsewhere == ((9, "claim.recorded", "seen"),)


@pytest.mark.on_both
def test_words_are_gone_also_where_claims_wait_and_another_policy_begins(
    tracker: Tracker, new_tracker: Callable[..., Tracker]
) -> None:
    """The act then reaches claims that wait, resolves them first, and is done over."""
    with nobody_carries_on():
        tracker.grade_source("ministry", "B", reason="it proved right")
    assert waiting(tracker) == 1
    other = new_tracker(policy="majority")

    other.redact(PIECE, field="quote", reason="she asked us to")

    assert "Jane" not in str(dump(other))
    assert other.audit().problems == ()
    assert {each.seq for each in other.audit().redacted} == {6, 7, 8}
    assert held(other, "Jane") == []


class TestAnEntry:
    def test_all_that_it_says_in_words_goes_with_its_reason(self, tracker: Tracker) -> None:
        tracker.redact(entry=7, reason="she asked us to")

        entry = tracker.entries()[6]
        assert entry.payload == {"set": {"quote": None}, "was": {"quote": None}}
        assert entry.reason == "[redacted]"
        assert held(tracker, WITNESS) == []

    def test_what_it_says_goes_wherever_the_record_has_it(self, tracker: Tracker) -> None:
        tracker.revise_claim("mayor-killed", text="A man was killed", reason="his name may not be told")
        tracker.redact("mayor-killed", entry=5 - 1, field="text", reason="his name may not be told, by law")

        assert tracker.status("mayor-killed").claim.text == "A man was killed"
        assert tracker.entries()[8].payload["was"] == {"text": "[redacted]"}

    def test_a_reason_that_the_tables_hold_goes_from_them(self, tracker: Tracker) -> None:
        tracker.withdraw(PIECE, mistake=True, reason=f"{WITNESS} says no")
        tracker.redact(entry=9, reason="she asked us to")

        assert tracker.show("mayor-killed").evidence[0].withdrawn_reason == "[redacted]"
        assert tracker.audit().problems == ()

    def test_a_redaction_may_lose_its_reason_and_nothing_else(self, tracker: Tracker) -> None:
        tracker.redact(PIECE, field="quote", reason="the witness from Mill Lane asked us to")
        tracker.redact(entry=9, reason="it said who asked")

        assert tracker.audit().problems == ()
        assert tracker.rebuild() == 10
        assert held(tracker, "Mill Lane") == []

    def test_one_without_words_of_its_own_is_refused(self, tracker: Tracker) -> None:
        with pytest.raises(Conflict, match="entry 1 holds no words"):
            tracker.redact(entry=1, reason="she asked us to")


class TestAFile:
    @pytest.fixture
    def archived(self, tracker: Tracker, tmp_path: Path) -> str:
        file = tmp_path / "letter.txt"
        file.write_text(f"I, {WITNESS}, saw it", "utf-8")
        tracker.add_document("Letter", key="letter", file=file)
        file.unlink()
        sha256 = tracker.documents()[-1].sha256
        assert sha256 is not None
        return sha256

    def test_its_bytes_go_and_verification_says_so(self, tracker: Tracker, archived: str) -> None:
        tracker.redact("letter", file=True, reason="she asked us to")

        found = tracker.audit()
        assert (found.problems, found.files) == ((), (archived,))
        assert not path_of(tracker.database.path, archived).exists()

    def test_bytes_that_are_still_there_are_found_and_can_be_deleted(
        self, tracker: Tracker, archived: str
    ) -> None:
        path = path_of(tracker.database.path, archived)
        kept = path.read_bytes()
        tracker.redact("letter", file=True, reason="she asked us to")
        path.write_bytes(kept)

        assert "was redacted, but is still there" in tracker.audit().problems[0]
        tracker.scrub()
        assert tracker.audit().problems == ()

    def test_what_is_archived_again_must_be_there(
        self, tracker: Tracker, archived: str, tmp_path: Path
    ) -> None:
        tracker.redact("letter", file=True, reason="she asked us to")
        file = tmp_path / "again.txt"
        file.write_text(f"I, {WITNESS}, saw it", "utf-8")
        tracker.add_document("Letter, once more", file=file)

        assert tracker.audit().problems == ()
        path_of(tracker.database.path, archived).unlink()
        assert "is missing" in tracker.audit().problems[0]

    def test_a_second_time_there_is_nothing_left(self, tracker: Tracker, archived: str) -> None:
        assert archived
        tracker.redact("letter", file=True, reason="she asked us to")
        with pytest.raises(Conflict, match="no file of letter"):
            tracker.redact("letter", file=True, reason="she asked us to")


class TestWhatIsRefused:
    def test_to_undo_it(self, tracker: Tracker) -> None:
        tracker.redact(PIECE, field="quote", reason="she asked us to")
        with pytest.raises(Conflict, match="gone for ever"):
            tracker.undo(reason="on second thoughts")

    @pytest.mark.parametrize(
        ("asked", "error", "says"),
        [
            ({"key": PIECE, "field": "stance"}, BadValue, "cannot be redacted"),
            ({"key": PIECE, "field": "locator"}, Conflict, "no entry on the evidence"),
            ({"key": PIECE}, BadValue, "say what is to go"),
            ({}, BadValue, "say what is to be redacted"),
            ({"key": "nobody", "field": "note"}, NotFound, "no record has the key"),
            ({"entry": 99}, NotFound, "has no entry 99"),
            ({"key": "mayor", "entry": 7}, BadValue, "entry 7 is about"),
            ({"key": "mayor", "file": True}, NotFound, "no document has the key"),
        ],
        ids=str,
    )
    def test_what_cannot_be_meant(
        self, tracker: Tracker, asked: dict[str, object], error: type[Exception], says: str
    ) -> None:
        with pytest.raises(error, match=says):
            tracker.redact(**asked, reason="she asked us to")  # type: ignore[arg-type]

    def test_a_key_of_two_records(self, tracker: Tracker) -> None:
        tracker.add_source("A mayor who speaks", key="mayor", note="his number")
        with pytest.raises(Ambiguous, match="the key of a source and an entity"):
            tracker.redact("mayor", field="note", reason="he asked us to")
        assert tracker.redact("mayor", field="note", what="source", reason="he asked us to").entries == (9,)

    def test_to_give_no_reason(self, tracker: Tracker) -> None:
        with pytest.raises(MissingReason):
            tracker.redact(PIECE, field="quote", reason=" ")

    def test_a_reason_that_repeats_it(self, tracker: Tracker) -> None:
        with pytest.raises(BadValue, match="repeats what is to go"):
            tracker.redact(PIECE, field="quote", reason=f"{WITNESS} asked us to")

    def test_to_redact_a_journal_that_does_not_verify(self, tracker: Tracker) -> None:
        change(tracker.database.url, "UPDATE journal SET author = 'someone else' WHERE seq = 2")
        with pytest.raises(AuditBroken, match="entry 2"):
            tracker.redact(PIECE, field="quote", reason="she asked us to")

    def test_in_the_middle_of_another_act(self, tracker: Tracker) -> None:
        with tracker.act(), pytest.raises(Conflict, match="an act of its own"):
            tracker.redact(PIECE, field="quote", reason="she asked us to")


def test_a_dry_run_takes_nothing_out(new_tracker: Callable[..., Tracker], tracker: Tracker) -> None:
    before = dump(tracker)
    with new_tracker(dry_run=True) as rehearsal:
        assert rehearsal.redact(PIECE, field="quote", reason="she asked us to").entries == (6, 7, 8)
    assert dump(tracker) == before


def test_what_would_go_can_be_seen_first(tracker: Tracker) -> None:
    plan = tracker.redaction(PIECE, field="quote")

    assert plan.entries == (6, 7, 8)
    assert plan.texts == (WITNESS, f"says {WITNESS}")


def test_a_reader_of_an_earlier_state_keeps_it_from_being_wiped(
    new_tracker: Callable[..., Tracker], tracker: Tracker
) -> None:
    other = new_tracker()
    with other.database.reading() as connection:
        connection.exec_driver_sql("SELECT count(*) FROM journal").all()
        tracker.database.close()
        assert not tracker.redact(PIECE, field="quote", reason="she asked us to").wiped
    assert tracker.scrub()
    other.close()
    assert held(tracker, "Jane") == []


def test_a_text_that_was_blanked_without_an_entry_is_found(tracker: Tracker) -> None:
    change(tracker.database.url, "UPDATE journal SET body = '' WHERE seq = 6")

    says = "entry 6: its text is missing, and no entry says that it was redacted"
    assert tracker.audit().problems == (says,)
    with pytest.raises(AuditBroken, match="its text is missing"):
        tracker.entries()


def test_what_was_published_stays_though_the_tables_are_made_anew(tracker: Tracker, clock: Clock) -> None:
    tracker.publish("mayor-killed", where="https://example.org/mayor")
    clock.tick(days=1)
    tracker.redact(PIECE, field="quote", reason="she asked us to")

    assert [each.entry for each in tracker.publications()] == [9]
