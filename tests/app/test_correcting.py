"""Every act can be taken back, and that too: nothing is erased, and the record is as if it had not been."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadValue, Conflict, MissingReason, NotFound
from tests.support.dump import dump
from tracker.report.words import step_words

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Clock
    from tracker.app import Tracker
NOT_COMPARED = {
    *("journal", "journal_head", "journal_nodes", "status_changes", "source_grades", "statuses"),
    *("redactions", "requests", "received", "policies", "status_ends", "spellings"),
}
"""What keeps the story itself, and so grows with every entry."""


def tell(tracker: Tracker, _clock: Clock) -> None:
    tracker.add_source("Ministry", key="ministry", reliability="B")
    tracker.add_source("Rebels", key="rebels")
    tracker.add_source("Nobody", key="nobody")
    tracker.add_entity("The mayor", key="mayor", type="person")
    tracker.add_entity("Another", key="another", type="person")
    tracker.add_question("Who did it?", key="who")
    tracker.open_case("town")
    tracker.add_document("Statement", key="statement", published="13 May 2012")
    tracker.add_claim("The mayor was killed", key="killed", kind="death", subject="mayor", when="2012")
    tracker.add_claim("The mayor has fled", key="fled", kind="event")
    tracker.add_claim("Seen alive", key="seen", kind="sign-of-life", subject="mayor", when="2014")
    tracker.log("killed", source="ministry", stance="supports", published="2013")
    tracker.log("killed", source="rebels", stance="denies", published="2013")
    tracker.log("seen", source="rebels", stance="supports", published="2014")
    tracker.link("killed", "contradicts", "fled", reason="the dead do not flee")
    tracker.assess("killed", "confirmed", reason="saw the papers")
    tracker.publish("killed", where="print, page 3")


@pytest.fixture
def tracker(begun: Callable[..., Tracker]) -> Tracker:
    return begun("correcting", tell)


ACTS: dict[str, Callable[[Tracker], Any]] = {
    "claim recorded": lambda t: t.add_claim("One more", key="more"),
    "claim revised": lambda t: t.revise_claim("killed", when="May 2012", case="town", reason="x"),
    "claim withdrawn": lambda t: t.withdraw_record("killed", reason="x"),
    "evidence logged": lambda t: t.log("fled", source="rebels", stance="supports"),
    "evidence corrected": lambda t: t.correct_evidence("killed.ministry", stance="doubts", reason="x"),
    "evidence withdrawn by us": lambda t: t.withdraw("killed.rebels", mistake=True, reason="x"),
    "evidence withdrawn by its source": lambda t: t.withdraw("killed.rebels", by_source="2014", reason="x"),
    "source registered": lambda t: t.add_source("One more", key="more"),
    "source revised": lambda t: t.revise_source("rebels", sides=["north"], note="n", reason="x"),
    "source graded": lambda t: t.grade_source("rebels", "D", reason="x"),
    "source withdrawn": lambda t: t.withdraw_record("nobody", reason="x"),
    "entity registered": lambda t: t.add_entity("One more", key="more"),
    "entity revised": lambda t: t.revise_entity("mayor", name="Mayor Ba", aliases=["Ba"], reason="x"),
    "entity named": lambda t: t.alias_entity("mayor", ["Ba"]),
    "entity merged": lambda t: t.merge_entity("mayor", "another", reason="x"),
    "entity withdrawn": lambda t: t.withdraw_record("another", reason="x"),
    "document recorded": lambda t: t.add_document("One more", key="more"),
    "document revised": lambda t: t.revise_document("statement", published="2012", author="Ba", reason="x"),
    "document withdrawn": lambda t: t.withdraw_record("statement", reason="x"),
    "question posed": lambda t: t.add_question("How many?", key="more"),
    "question revised": lambda t: t.revise_question("who", exactly_one=True, reason="x"),
    "question withdrawn": lambda t: t.withdraw_record("who", reason="x"),
    "case opened": lambda t: t.open_case("more"),
    "case revised": lambda t: t.revise_case("town", policy="majority", off=["two-deaths"], reason="x"),
    "case withdrawn": lambda t: t.withdraw_record("town", reason="x"),
    "claims linked": lambda t: t.link("seen", "supports", "fled", reason="x"),
    "link resolved": lambda t: t.resolve_link("killed:contradicts:fled", reason="x"),
    "link withdrawn": lambda t: t.withdraw_record("killed:contradicts:fled", reason="x"),
    "contradiction resolved": lambda t: t.resolve_link("killed:life-after-death:seen", reason="x"),
    "assessment made": lambda t: t.assess("killed", "refuted", likelihood=0.1, reason="x"),
    "assessment withdrawn": lambda t: t.withdraw_record("killed.assessed", what="assessment", reason="x"),
    "published": lambda t: t.publish("killed", where="https://example.org"),
}
MADE = {"recorded", "logged", "registered", "posed", "opened", "linked", "made", "published"}
"""Acts that make a record: taken back, it is there and withdrawn."""


def rows(tracker: Tracker) -> dict[str, Any]:
    return {name: held for name, held in dump(tracker).items() if name not in NOT_COMPARED}


@pytest.mark.sqlite_only  # the machine that drives both (tests/support/side_by_side.py) takes back any act
@pytest.mark.slow  # so many acts
@pytest.mark.parametrize("act", ACTS)
def test_an_act_its_undo_and_the_undo_of_that(tracker: Tracker, act: str) -> None:
    before, standing = rows(tracker), tracker.statuses()
    ACTS[act](tracker)
    # That the numbers of a policy were written down is nobody's act, and stays.
    seqs = [entry.seq for entry in tracker.outcome.entries if not entry.act.startswith("policy.")]
    after, moved = rows(tracker), tracker.statuses()
    assert seqs
    assert after != before

    tracker.undo(reason="on second thoughts")
    assert [entry.payload["undoes"] for entry in tracker.outcome.entries] == seqs[::-1]
    assert tracker.statuses() == standing
    if act.rsplit(maxsplit=1)[-1] not in MADE:
        assert rows(tracker) == before

    tracker.undo(reason="x")  # as it was first: tables keep the newest reason
    assert rows(tracker) == after
    assert tracker.statuses() == moved

    tracker.undo(seqs[-1], reason="it can be undone by its number again")
    assert tracker.statuses() == standing
    assert tracker.audit().problems == ()


WITHDRAWABLE = {
    "claim": "fled",
    "evidence": "killed.rebels",
    "source": "nobody",
    "entity": "another",
    "document": "statement",
    "question": "who",
    "case": "town",
    "link": "killed:contradicts:fled",
    "assessment": "killed.assessed",
}


@pytest.mark.slow  # so many acts
@pytest.mark.parametrize("what", WITHDRAWABLE)
def test_every_record_can_be_withdrawn_and_restored(tracker: Tracker, what: str) -> None:
    key = WITHDRAWABLE[what]
    before = rows(tracker)
    with pytest.raises(MissingReason):
        tracker.withdraw_record(key, what=what, reason=" ")
    with pytest.raises(Conflict, match="stands"):
        tracker.restore(key, what=what, reason="x")

    tracker.withdraw_record(key, what=what, reason="by mistake")
    assert rows(tracker) != before
    with pytest.raises(Conflict, match="withdrawn already"):
        tracker.withdraw_record(key, what=what, reason="again")

    with pytest.raises(MissingReason):
        tracker.restore(key, what=what, reason="")
    tracker.restore(key, what=what, reason="it was none")
    assert rows(tracker) == before
    tracker.withdraw_record(key, what=what, reason="by mistake after all")
    tracker.restore(key, what=what, reason="it was none, once more")
    assert rows(tracker) == before
    assert tracker.audit().problems == ()


def test_what_its_source_took_back_can_be_restored(tracker: Tracker) -> None:
    before = tracker.status("killed")
    tracker.withdraw("killed.rebels", by_source="2014", reason="they say so")
    tracker.restore("killed.rebels", reason="they say they never did")
    assert tracker.status("killed") == before


@pytest.mark.parametrize(
    ("key", "user"),
    [("ministry", "killed.ministry"), ("mayor", "killed"), ("another", "mayor"), ("town", "fled")],
)
def test_what_others_rest_on_cannot_be_withdrawn(tracker: Tracker, key: str, user: str) -> None:
    if key == "another":
        tracker.merge_entity("mayor", "another", reason="one man")
    if key == "town":
        tracker.revise_claim("fled", case="town", reason="it belongs there")
    with pytest.raises(Conflict, match=f"{key} is in use by {user}"):
        tracker.withdraw_record(key, reason="x")


@pytest.mark.on_both
def test_of_several_that_rest_on_it_the_first_by_key_is_named(tracker: Tracker) -> None:
    tracker.log("seen", source="ministry", stance="supports")
    tracker.log("fled", source="ministry", stance="supports")
    with pytest.raises(Conflict, match=r"in use by fled\.ministry"):
        tracker.withdraw_record("ministry", reason="x")


def test_what_rests_on_something_withdrawn_cannot_be_restored(tracker: Tracker) -> None:
    for key in ("killed", "seen"):
        tracker.withdraw_record(key, reason="x")
    tracker.withdraw_record("mayor", reason="x")

    with pytest.raises(Conflict, match="killed rests on mayor, which is withdrawn"):
        tracker.restore("killed", reason="x")
    tracker.restore("mayor", reason="x")
    tracker.restore("killed", reason="x")


def test_a_whole_act_is_undone_by_one_of_its_entries(tracker: Tracker) -> None:
    before = tracker.statuses()
    with tracker.act():
        tracker.add_source("A paper", key="paper")
        tracker.log("killed", source="paper", stance="denies")
        tracker.log("seen", source="paper", stance="supports")
    first = tracker.outcome.entries[0].seq
    tracker.add_source("Later", key="later")

    undone = tracker.undo(first + 1, whole=True, reason="the wrong file")

    assert [entry.payload["undoes"] for entry in undone] == [first + 2, first + 1, first]
    assert tracker.statuses() == before
    tracker.undo(reason="the right file after all")
    assert tracker.source("paper").evidence


def test_what_was_done_and_undone_since_does_not_stand_in_the_way(tracker: Tracker) -> None:
    tracker.add_claim("One more", key="more")
    made = tracker.outcome.entries[0].seq
    tracker.revise_claim("more", text="One more thing", reason="x")
    tracker.undo(reason="no")

    tracker.undo(made, reason="by mistake")

    assert [claim.key for claim in tracker.claims()] == ["fled", "killed", "seen"]


def test_what_was_undone_cannot_be_undone_again(tracker: Tracker) -> None:
    tracker.grade_source("rebels", "D", reason="x")
    graded = tracker.outcome.entries[0].seq
    tracker.undo(reason="no")
    with pytest.raises(Conflict, match=f"entry {graded} was undone already, by entry {graded + 1}"):
        tracker.undo(graded, reason="no")


class TestTyposInKeys:
    def test_a_claim_is_not_moved_to_a_case_that_is_not_there(self, tracker: Tracker) -> None:
        with pytest.raises(NotFound) as error:
            tracker.revise_claim("killed", case="twon", reason="x")
        assert "did you mean town?" in error.value.hint
        assert "tracker case add twon" in error.value.hint

    def test_nor_to_a_question(self, tracker: Tracker) -> None:
        with pytest.raises(NotFound, match="no question 'whom'"):
            tracker.revise_claim("killed", question="whom", reason="x")
        tracker.revise_claim("killed", question="What became of him?", reason="words pose it")

    def test_a_contradiction_by_a_rule_that_is_off_is_none(self, tracker: Tracker) -> None:
        for key in ("killed", "seen"):
            tracker.revise_claim(key, case="town", reason="x")
        tracker.revise_case("town", off=["life-after-death"], reason="two men of one name")
        with pytest.raises(NotFound, match="life-after-death is switched off in the case town"):
            tracker.resolve_link("killed:life-after-death:seen", reason="x")

    def test_nor_what_a_rule_does_not_find(self, tracker: Tracker) -> None:
        with pytest.raises(NotFound, match="two-deaths finds nothing between killed and seen"):
            tracker.resolve_link("killed:two-deaths:seen", reason="x")

    @pytest.mark.parametrize(
        ("act", "key", "fields", "says"),
        [
            ("revise_source", "rebels", {"reliability": "A"}, "a source has no 'reliability'"),
            ("revise_source", "rebels", {"name": None}, "must have its name"),
            ("revise_entity", "mayor", {"nick": "B"}, "an entity has no 'nick'"),
            ("revise_document", "statement", {"title": None}, "must have its title"),
            ("revise_question", "who", {"exactly_one": None}, "must have its exactly one"),
        ],
    )
    def test_fields_that_cannot_be_revised(
        self, tracker: Tracker, act: str, key: str, fields: dict[str, Any], says: str
    ) -> None:
        with pytest.raises(BadValue, match=says):
            getattr(tracker, act)(key, reason="x", **fields)


def test_a_contradiction_found_by_a_rule_is_resolved_and_not_withdrawn(tracker: Tracker) -> None:
    with pytest.raises(Conflict, match="found by the rule life-after-death"):
        tracker.withdraw_record("killed:life-after-death:seen", reason="x")


def test_what_was_undone_again_and_again_can_be_restored(tracker: Tracker) -> None:
    tracker.add_claim("One more", key="more")
    for _ in range(3):
        tracker.undo(reason="back and forth")
    tracker.restore("more", reason="it stands")
    assert "more" in [claim.key for claim in tracker.claims()]


def test_who_wrote_a_document_is_recorded_and_revised(tracker: Tracker) -> None:
    tracker.add_document("Report", key="report", author="Ba")
    tracker.revise_document("report", author="Keita", reason="misread")
    assert [document.author for document in tracker.documents()] == ["Keita", None]


@pytest.mark.on_both
@pytest.mark.parametrize("kind", ["event", "death"])
def test_a_corrected_date_says_since_when_a_claim_stands_so(
    new_tracker: Callable[..., Tracker], kind: str
) -> None:
    """All else that is told of it stays as it was. A death is worked out along with a sign of life."""
    desk = new_tracker()
    desk.add_source("Ministry", key="ministry")
    desk.add_entity("The mayor", key="mayor", type="person")
    for key, of in (("it", kind), ("seen", "sign-of-life")):
        desk.add_claim(f"The mayor, {key}", key=key, kind=of, subject="mayor", when="2012")
        desk.log(key, source="ministry", stance="supports", published="2014-05-01")
    before = desk.status("it")
    desk.correct_evidence("it.ministry", published="2013-05-01", reason="misread")

    after = desk.status("it")
    assert (after.status, after.likelihood) == (before.status, before.likelihood)
    assert [str(each.changed) for each in (before, after)] == ["2014-05-01", "2013-05-01"]
    assert str(desk.history("it")[0].at) == "2013-05-01"
    *earlier, last = desk.history("it", clock="recorded")
    assert (last.act, str(last.since)) == ("evidence.corrected", "2013-05-01")
    assert {step.since for step in earlier} == {None}
    assert step_words(last).endswith(", since 2013-05-01")
    assert desk.audit().ok


def test_a_corrected_date_says_so_of_all_that_are_tied(new_tracker: Callable[..., Tracker]) -> None:
    """Of the dead man too, who was seen alive by one of very many, earlier than had been read."""
    desk = new_tracker()
    for key in ("ministry", "rebels"):
        desk.add_source(key.title(), key=key)
    desk.add_entity("The mayor", key="mayor", type="person")
    desk.add_claim("He was killed", key="killed", kind="death", subject="mayor", when="2012")
    desk.log("killed", source="ministry", stance="supports", published="2014-05-01")
    for number in range(30):
        desk.add_claim(
            f"Seen, {number}", key=f"seen-{number}", kind="sign-of-life", subject="mayor", when="2013"
        )
    desk.log("seen-0", source="rebels", stance="supports", published="2015-05-01")
    assert str(desk.status("killed").changed) == "2015-05-01"
    desk.correct_evidence("seen-0.rebels", published="2014-09-01", reason="misread")

    assert str(desk.status("killed").changed) == "2014-09-01"
    with desk.view(desk.today) as anew:
        assert [each.changed for each in desk.statuses()] == [
            each.changed for each in desk.standings(anew, None)
        ]
