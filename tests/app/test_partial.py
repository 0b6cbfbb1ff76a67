"""What is read of the past in part is what a replay of the whole journal gives."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule, run_state_machine_as_test

from claims.errors import ClaimsError, NotFound
from claims.vocabulary import Status
from tests.app.test_paging import pages
from tests.app.test_two_clocks import comparable, differing
from tests.support.anything import PLACE, Newsroom
from tests.support.copying import tell
from tests.support.examples import examples
from tracker.app import paging, pastlists, replay
from tracker.app.paging import page_of
from tracker.app.partial import Part
from tracker.report import jsonable
from tracker.report.publications import review
from tracker.store import copies
from tracker.store.pages import Stretch, Wanted, claim_keys, record_keys
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker
    from tracker.app.view import View
    from tracker.report.models import Explanation
    from tracker.report.standing import Standing


@contextmanager
def whole_replays() -> Iterator[None]:
    """The reference: every question about the past replays all of the journal."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Part, "bring_bearing", lambda *_: False)
        patch.setattr(Part, "bring_ever", lambda *_: False)
        patch.setattr(pastlists, "entity_then", lambda *_: None)
        patch.setattr(replay, "entries_about", lambda *_: None)
        yield


@contextmanager
def very_many_cases() -> Iterator[None]:
    """As if every source had spoken on more claims than can be brought."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Part, "bring_records", lambda *_: False)
        patch.setattr(Part, "bring_said_by", lambda *_: False)
        yield


@contextmanager
def no_whole_replay() -> Iterator[None]:
    """Fails where a question about the past replays all of the journal."""

    def refuse(*_: object) -> None:
        raise AssertionError("the whole journal was replayed")

    made = copies.in_memory

    def of_a_part(*, whole: bool = True) -> Any:
        return refuse() if whole else made(whole=whole)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replay, "replayed", refuse)
        patch.setattr(copies, "in_memory", of_a_part)
        yield


def stood(tracker: Tracker, entry: int) -> list[dict[str, Any]]:
    """How all claims stood at an entry, resolved from a replay of the whole journal."""
    with tracker.view(recorded_by=f"entry:{entry}") as then:
        return [jsonable.standing(each) for each in tracker.standings(then, None)]


def filtered(tracker: Tracker, then: View, asked: dict[str, Any]) -> Any:
    """How the claims stood that pass filters, resolved from a replay of the whole journal."""
    of = {name: asked.get(name) for name in ("kind", "subject", "case", "source")}
    how = {
        "status": tuple(Status(word) for word in asked.get("status", ())),
        "changed_since": tracker.read_first_day(asked["changed_since"]) if "changed_since" in asked else None,
    }
    return in_words(
        lambda: tracker.told(
            then, page_of(then, replace(tracker.wanted(then.reader, **of), **how), Stretch())
        )
    )


def in_words(ask: Callable[[], Sequence[Standing]]) -> Any:
    """Standings as JSON, or the refusal."""
    try:
        return comparable([jsonable.standing(each) for each in ask()])
    except ClaimsError as error:
        return {"refused": error.message, "hint": error.hint}


def answer(tracker: Tracker, question: str, claim: str, entry: int) -> Any:
    """What is said of one claim at an entry: the answer as JSON, or the refusal in words."""
    try:
        found = getattr(tracker, question)(claim, recorded_by=f"entry:{entry}")
    except ClaimsError as error:
        return {"refused": error.message}
    in_json = {"show": jsonable.show, "why": jsonable.explanation}.get(question, jsonable.standing)
    return comparable(in_json(found))


ABOUT = (
    *(("source", key) for key in ("source-0", "Source 1", "source-2")),
    *(("entity", key) for key in ("person-0", "P. 1", "Man 1")),
    *(("question", key) for key in ("who", "toll")),
)


def record_of(tracker: Tracker, what: str, key: str, entry: int) -> Any:
    """What is said of a source, an entity or a question at an entry: as JSON, or the refusal in words."""
    try:
        found = getattr(tracker, what)(key, recorded_by=f"entry:{entry}")
    except ClaimsError as error:
        return {"refused": error.message}
    return comparable(getattr(jsonable, f"{what}_record")(found))


def difference(tracker: Tracker, claim: str, one: int, other: int) -> Any:
    """What is said to differ in a claim between two entries: the answer as JSON, or the refusal in words."""
    try:
        found = tracker.diff(claim, f"entry:{one}", f"entry:{other}", clock="recorded")
    except ClaimsError as error:
        return {"refused": error.message}
    return comparable(jsonable.difference(found))


def said_of_one_day(tracker: Tracker, claim: str, entry: int, as_of: str) -> Any:
    """What was said of one day until an entry, and how that changed; or the refusal in words."""
    try:
        found = tracker.history(claim, clock="recorded", as_of=as_of, recorded_by=f"entry:{entry}")
    except ClaimsError as error:
        return {"refused": error.message}
    return comparable([jsonable.step(each) for each in found])


FILTERS: tuple[dict[str, Any], ...] = (
    {"kind": "death"},
    {"case": "all"},
    {"case": "al"},
    {"case": "nosuch"},
    {"source": "source-1"},
    {"source": "Source 1"},
    {"source": "Outlet 1"},
    {"source": "source"},
    {"subject": "person-0"},
    {"subject": "P. 0"},
    {"subject": "Man 1"},
    {"subject": "Alias 2"},
    {"subject": "person", "kind": "death"},
    {"status": ["unverified"]},
    {"status": ["disputed", "refuted"], "kind": "death"},
    {"status": ["unverified"], "source": "source-0", "kind": "event"},
    {"status": ["refuted", "corroborated"], "subject": "person-1", "case": "all"},
    {"changed_since": "2018", "source": "source-2"},
)

BOTH_CLOCKS: tuple[dict[str, Any], ...] = (
    {"as_of": "2014"},
    {"policy": "majority"},
    {"as_of": "2015", "kind": "death"},
    {"as_of": "2016", "source": "Source 1"},
    {"policy": "latest", "subject": "person-0"},
    {"policy": "weight-of-evidence", "status": ["unverified", "disputed"]},
    {"as_of": "2013-06", "policy": "majority", "case": "all"},
    {"as_of": "2015", "subject": "person", "status": ["refuted", "corroborated"]},
    {"as_of": "2017", "changed_since": "2014"},
)


class Looked(Newsroom):
    """At the end somebody looks at every moment, in part and in whole."""

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, source=st.integers(0, 2), other=st.integers(0, 2))
    def correct_the_source(self, at: int, source: int, other: int) -> None:
        self.attempt("correct_evidence", f"c{at}.source-{source}", source=f"source-{other}", reason="misread")

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, kind=st.sampled_from(["death", "event"]), case=st.sampled_from([None, "all"]))
    def revise_what_it_is(self, at: int, kind: str, case: str | None) -> None:
        self.attempt("revise_claim", f"c{at}", kind=kind, case=case, reason="on a closer look")

    def at_the_end(self) -> None:
        entries = self.tracker.entries()
        last = {entry.batch: entry.seq for entry in entries}
        for entry in last.values():
            claims = [each["key"] for each in self.compare_lists(entry)]
            later = {each.subject for each in entries if each.seq > entry and each.act == "claim.revised"}
            for claim in sorted(claims, key=lambda key: key not in later)[:2]:
                self.compare_claim(claim, entry)
            if entry % 2 == 0:
                self.compare_both_clocks(entry)
                self.compare_review(entry)
            if entry % 4 == 0:
                self.compare_filtered(entry)
                self.compare_records(entry)
            if entry % 3 == 0:
                self.compare_what_is_about(entry)

    def compare_filtered(self, entry: int) -> None:
        at = f"entry:{entry}"
        with self.tracker.view(recorded_by=at) as then:
            for asked in FILTERS[entry // 4 % 3 :: 3]:
                whole = filtered(self.tracker, then, asked)
                in_part = in_words(lambda asked=asked: self.tracker.statuses(recorded_by=at, **asked))
                assert in_part == whole, f"entry {entry}, {asked}"
                if isinstance(whole, list):
                    paged = pages(self.tracker.statuses, 2, recorded_by=at, **asked)
                    assert comparable([jsonable.standing(each) for each in paged]) == whole

    def compare_both_clocks(self, entry: int) -> None:
        """As of another day, or by another policy: the page, and one by one where cases are taken as kept."""
        at = f"entry:{entry}"
        for asked in BOTH_CLOCKS[entry // 2 % 3 :: 3]:
            terms = {name: asked[name] for name in ("as_of", "policy") if name in asked}
            with self.tracker.view(recorded_by=at, **terms) as then:
                whole = filtered(self.tracker, then, asked)
            ask = partial(self.tracker.statuses, recorded_by=at, **asked)
            assert in_words(ask) == whole, f"entry {entry}, {asked}"
            if isinstance(whole, list):
                with very_many_cases():
                    paged = pages(ask, 2)
                assert comparable([jsonable.standing(each) for each in paged]) == whole, f"{entry}, {asked}"

    def compare_review(self, entry: int) -> None:
        for as_of in (None, "2020"):
            asked = {"recorded_by": f"entry:{entry}", "as_of": as_of}
            with self.tracker.view(**asked) as then:
                standings = partial(self.tracker.standings, then, as_of=as_of)
                whole = self.tracker._review(then, standings, lambda _: None)
            found = list(differing(review(whole), review(self.tracker.review(**asked))))
            assert not found, f"{asked}: {found}"

    def compare_lists(self, entry: int) -> list[dict[str, Any]]:
        in_part = [jsonable.standing(each) for each in self.tracker.statuses(recorded_by=f"entry:{entry}")]
        in_whole = stood(self.tracker, entry)
        found = list(differing(comparable(in_whole), comparable(in_part)))
        assert not found, f"entry {entry}: {found}"
        return in_part

    def compare_records(self, entry: int) -> None:
        at = f"entry:{entry}"
        with self.tracker.reading() as reader, replay.replayed(reader.connection, entry) as then:
            for records in ("sources", "entities", "documents", "cases", "questions"):
                keys = record_keys(then, records, Stretch())
                whole = list(getattr(Reader(then), records)(keys).values())
                ask = partial(getattr(self.tracker, records), recorded_by=at)
                assert ask() == pages(ask, 2) == whole, f"{records} at entry {entry}"
            claims = Reader(then).claims(claim_keys(then, Wanted(), Stretch()))
            paged = pages(self.tracker.claims, 2, recorded_by=at)
            assert paged == list(claims.values()) == self.tracker.claims(recorded_by=at), f"at entry {entry}"
        links = pages(self.tracker.links, 2, recorded_by=at)
        assert links == self.tracker.links(recorded_by=at), f"links at entry {entry}"

    def compare_what_is_about(self, entry: int) -> None:
        for what, key in ABOUT[entry % 2 :: 2]:
            ask = partial(record_of, self.tracker, what, key, entry)
            in_part = ask()
            with whole_replays():
                found = list(differing(ask(), in_part))
            assert not found, f"{what} {key} at entry {entry}: {found}"

    def compare_claim(self, claim: str, entry: int) -> None:
        for question in ("status", "show", "why"):
            in_part = answer(self.tracker, question, claim, entry)
            with very_many_cases():
                by_what_is_kept = answer(self.tracker, question, claim, entry)
            with whole_replays():
                in_whole = answer(self.tracker, question, claim, entry)
            for answered in (in_part, by_what_is_kept):
                found = list(differing(in_whole, answered))
                assert not found, f"{question} {claim} at entry {entry}: {found}"
        for as_of in ("2015", "2020-01-01"):
            tell = partial(said_of_one_day, self.tracker, claim, entry, as_of)
            in_part = tell()
            with whole_replays():
                assert tell() == in_part, f"{claim} as of {as_of} at entry {entry}"
        for other in (entry + 5, entry + 12):
            compare = partial(difference, self.tracker, claim, entry, other)
            in_part = compare()
            with whole_replays():
                found = list(differing(compare(), in_part))
            assert not found, f"diff {claim} entry:{entry} entry:{other}: {found}"


def run(template: Path, journals: int, steps: int) -> None:
    Looked.template = template
    run_state_machine_as_test(
        Looked,
        settings=settings(
            examples(journals), stateful_step_count=steps, suppress_health_check=list(HealthCheck)
        ),
    )


@pytest.mark.slow
def test_at_every_entry_the_part_says_what_the_whole_says(empty_database: Path) -> None:
    run(empty_database, journals=6, steps=25)


@pytest.fixture
def lives(tracker: Tracker, clock: Clock) -> Tracker:
    """A death and a sign of life that moves it, and other people's claims; then all is changed around."""
    tracker.add_source("The Gazette", key="gazette", type="outlet")
    tracker.add_source("The Post", key="post", type="outlet")
    for name in ("mayor", "baker"):
        tracker.add_entity(f"The {name}", key=name, type="person")
        tracker.add_claim(
            f"The {name} was killed", key=f"{name}-killed", kind="death", subject=name, when="2012"
        )
        tracker.log(f"{name}-killed", source="gazette", stance="supports", published="2013")
    clock.tick(days=1)
    tracker.add_claim(
        "The mayor was seen", key="mayor-seen", kind="sign-of-life", subject="mayor", when="2014"
    )
    tracker.log("mayor-seen", source="post", stance="supports", published="2014", basis="witnessed")
    clock.tick(days=1)
    tracker.revise_claim("mayor-seen", subject="baker", reason="another man")
    tracker.revise_entity("mayor", name="The late mayor", reason="as he is called")
    tracker.withdraw_record("baker-killed", reason="by mistake")
    return tracker


@pytest.mark.on_both
def test_one_claim_of_the_past_is_read_without_the_rest(lives: Tracker) -> None:
    last = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised") - 1
    with no_whole_replay():
        then = lives.status("mayor-killed", recorded_by=last)
        shown = lives.show("mayor-killed", recorded_by=last)
        told = lives.history("mayor-killed", recorded_by=last)
        pieces = lives.pieces(told[0].because, recorded_by=last)
        listed = lives.statuses(recorded_by=last)
    with lives.view(recorded_by=last) as view:
        whole = lives.standings(view, None)

    assert then.subject == "The mayor"
    assert [piece.source for piece in pieces.values()] == ["gazette"]
    assert [bond.rule for bond in shown.bonds] == ["life-after-death"]
    assert [each.key for each in listed] == ["baker-killed", "mayor-killed", "mayor-seen"]
    assert [comparable(jsonable.standing(each)) for each in listed] == [
        comparable(jsonable.standing(each)) for each in whole
    ]
    assert lives.status("mayor-killed").likelihood > then.likelihood


@pytest.mark.on_both
def test_records_of_the_past_are_listed_without_the_rest(lives: Tracker, clock: Clock) -> None:
    lives.open_case("north", title="The north")
    lives.add_question("Who killed the mayor?", key="who")
    lives.add_source("A rumour", key="rumour", type="outlet")
    lives.withdraw_record("rumour", reason="by mistake")
    then = lives.entries()[-1].seq
    clock.tick(days=1)
    lives.restore("rumour", reason="it was none")
    lives.revise_entity("baker", name="The late baker", reason="as he is called")
    lives.merge_entity("mayor", into="baker", reason="one man")
    lives.revise_case("north", title="The far north", reason="more exactly")
    lives.withdraw_record("who", reason="it was never asked")
    lives.add_source("The Courier", key="courier", type="outlet")

    with no_whole_replay():
        assert [each.key for each in lives.sources(recorded_by=then)] == ["gazette", "post"]
        assert [each.name for each in lives.entities(recorded_by=then)] == ["The baker", "The late mayor"]
        assert [each.merged_into for each in lives.entities(recorded_by=then)] == [None, None]
        assert [each.title for each in lives.cases(recorded_by=then)] == ["The north"]
        assert [each.key for each in lives.questions(recorded_by=then)] == ["who"]
        assert [each.cases for each in lives.policies(recorded_by=then) if each.in_force] == [0]
        assert [each.key for each in lives.claims(recorded_by=then, subject="mayor")] == ["mayor-killed"]
        assert [each.key for each in lives.claims(recorded_by=then, limit=1)] == ["mayor-killed"]
        assert lives.rules(recorded_by=then) == lives.rules()
    assert [each.key for each in lives.sources()] == ["courier", "gazette", "post", "rumour"]


@pytest.mark.on_both
def test_links_of_the_past_are_listed_a_page_at_a_time_without_the_rest(lives: Tracker) -> None:
    revised = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised")
    lives.link("mayor-killed", "supports", "mayor-seen", reason="so it seems")
    made = lives.entries()[-1].seq
    lives.withdraw_record("mayor-killed:supports:mayor-seen", reason="it does not")
    rule, person = "mayor-killed:life-after-death:mayor-seen", "mayor-killed:supports:mayor-seen"

    def listed(then: int, **asked: Any) -> list[str]:
        with no_whole_replay():
            return [each.key for each in pages(lives.links, 1, recorded_by=then, **asked)]

    assert listed(revised - 1) == [rule]
    assert listed(revised) == ["baker-killed:life-after-death:mayor-seen"]
    assert listed(made) == [person]
    assert listed(made + 1) == listed(made, rule="life-after-death") == []
    assert listed(made + 1, state="withdrawn") == [person]


@pytest.mark.on_both
def test_what_had_been_published_is_listed_without_the_rest(lives: Tracker) -> None:
    first = lives.publish("mayor-killed", where="https://news.example/1")
    second = lives.publish("mayor-seen", where="print, page 3")
    lives.undo(second.seq, reason="it was not printed")

    def listed(then: int, **asked: Any) -> list[str]:
        with no_whole_replay():
            return [each.claim for each in lives.publications(recorded_by=then, **asked)]

    assert listed(first.seq - 1) == []
    assert listed(first.seq) == ["mayor-killed"]
    assert listed(second.seq) == ["mayor-killed", "mayor-seen"]
    assert listed(second.seq + 1) == ["mayor-killed"]
    assert listed(second.seq + 1, withdrawn=True) == ["mayor-killed", "mayor-seen"]


@pytest.mark.on_both
def test_what_was_to_be_reviewed_is_told_without_the_rest(
    lives: Tracker, new_tracker: Callable[..., Tracker]
) -> None:
    lives.open_case("north", needs_approval=True)
    lives.revise_claim("mayor-killed", case="north", reason="there")
    lives.assess("mayor-killed", "confirmed", reason="a grave was found")
    lives.publish("mayor-killed", where="https://news.example/1")
    lives.log("mayor-killed", source="post", stance="denies", published="2014")
    lives.log("mayor-killed", source="post", stance="denies", basis="witnessed", published="2015")
    then = lives.entries()[-1].seq
    told = review(lives.review())
    assert (len(told["waiting"]), len(told["corrections"])) == (1, 1)
    lives.undo(reason="misread")
    second = new_tracker("newsroom", author="another")
    second.approve("mayor-killed.assessed")

    with no_whole_replay():
        in_part = review(lives.review(recorded_by=then))
    assert list(differing(comparable(told), comparable(in_part))) == []
    assert review(lives.review())["waiting"] == []


@pytest.mark.on_both
def test_a_list_by_both_clocks_and_differences_are_told_without_the_rest(lives: Tracker) -> None:
    last = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised") - 1
    with no_whole_replay():
        then = lives.statuses(recorded_by=last, as_of="2013-06-01")
        by_lines = lives.statuses(recorded_by=last, policy="majority", limit=2)
        unverified = lives.statuses(recorded_by=last, as_of="2014-12-31", status=["unverified"])
        came_out = lives.differences("2013-06-01", "2014-12-31", recorded_by=last)
        recorded = lives.differences(last, "now", clock="recorded")
        page = lives.differences(last, "now", clock="recorded", after="mayor-killed", limit=1)
    assert [(each.key, each.evidence) for each in then] == [
        ("baker-killed", 0),
        ("mayor-killed", 0),
        ("mayor-seen", 0),
    ]
    assert {each.policy for each in by_lines} == {"majority@1"}
    assert [each.key for each in unverified] == ["baker-killed"]
    assert [each.key for each in came_out] == ["baker-killed", "mayor-killed", "mayor-seen"]
    assert [each.key for each in recorded] == ["baker-killed", "mayor-killed", "mayor-seen"]
    assert [each.key for each in page] == ["mayor-seen"]


def test_what_there_was_at_the_last_entry_is_what_there_is(lives: Tracker) -> None:
    last = lives.entries()[-1].seq
    with no_whole_replay():
        assert lives.sources(recorded_by="now") == lives.sources()
        assert lives.source("gazette", recorded_by=last) == lives.source("gazette")
        assert lives.search("mayor", recorded_by="now") == lives.search("mayor")
        assert lives.links(recorded_by="now") == lives.links()
    with pytest.raises(AssertionError, match="was replayed"), no_whole_replay():
        lives.search("mayor", recorded_by=last - 1)


@pytest.mark.on_both
def test_a_source_an_entity_and_a_question_of_the_past_are_told_without_the_rest(lives: Tracker) -> None:
    lives.add_question("Who killed the mayor?", key="who")
    lives.add_claim("The rebels did", key="rebels-did", kind="event", question="who")
    lives.log("rebels-did", source="post", stance="supports", published="2013")
    lives.assess("mayor-killed", "confirmed", reason="a grave was found")
    then = lives.entries()[-1].seq
    lives.grade_source("gazette", "B", reason="a year without an error")
    lives.log("rebels-did", source="gazette", stance="denies", published="2014")
    lives.merge_entity("baker", into="mayor", reason="one man")

    with no_whole_replay():
        source = lives.source("The Gazette", recorded_by=then)
        entity = lives.entity("baker", recorded_by=then)
        question = lives.question("who", recorded_by=then)

    assert (source.source.reliability, source.grades) == (None, ())
    assert [piece.claim for piece in source.evidence] == ["baker-killed", "mayor-killed"]
    assert [case.claim for case in source.outcomes] == ["mayor-killed"]
    assert (entity.entity.name, [each.key for each in entity.claims]) == ("The baker", ["mayor-seen"])
    [answer] = question.answers
    assert [each.key for each in answer.claims] == ["rebels-did"]
    assert answer.likelihood > lives.question("who").answers[0].likelihood


@pytest.mark.on_both
def test_a_claim_is_compared_at_two_moments_without_the_rest(lives: Tracker) -> None:
    seen = next(entry.seq for entry in lives.entries() if entry.subject == "mayor-seen.post")
    revised = next(entry.seq for entry in lives.entries() if entry.act == "claim.revised")
    with no_whole_replay():
        found = lives.diff("mayor-killed", seen - 2, seen, clock="recorded")
        later = lives.diff("mayor-killed", seen, revised, clock="recorded")

    assert [(deed.act, deed.subject) for deed in found.deeds] == [
        ("claim.recorded", "mayor-seen"),
        ("evidence.logged", "mayor-seen.post"),
    ]
    assert found.before.likelihood > found.after.likelihood
    assert [deed.act for deed in later.deeds] == ["claim.revised"]
    assert later.after.likelihood > later.before.likelihood


def told_alike(tracker: Tracker, claim: str, then: int | str) -> Explanation:
    """Why a claim stood so, which the part says as the whole does, also where sources had very many cases."""
    with no_whole_replay():
        in_part = tracker.why(claim, recorded_by=then)
        with very_many_cases():
            by_what_is_kept = tracker.why(claim, recorded_by=then)
    with whole_replays():
        in_whole = comparable(jsonable.explanation(tracker.why(claim, recorded_by=then)))
    for told in (in_part, by_what_is_kept):
        assert not list(differing(in_whole, comparable(jsonable.explanation(told))))
    return in_part


@pytest.mark.on_both
def test_a_claim_is_told_with_what_it_was_tied_to_before_it_was_revised(tracker: Tracker) -> None:
    """By today's facts nothing leads from the one to the other, nor does a source that spoke on both."""
    for name in ("mayor", "baker"):
        tracker.add_entity(f"The {name}", key=name, type="person")
    tracker.add_claim("He was killed", key="killed", kind="death", subject="mayor", when="2012")
    tracker.add_claim("He was seen", key="seen", kind="sign-of-life", subject="mayor", when="2014")
    for source, claim in (("gazette", "killed"), ("post", "seen")):
        tracker.add_source(source.title(), key=source, type="outlet")
        tracker.log(claim, source=source, stance="supports", published="2015")
    then = tracker.entries()[-1].seq
    tracker.revise_claim("seen", subject="baker", reason="another man")

    seen = told_alike(tracker, "seen", then)

    assert {each.rule for each in seen.resolution.effects} == {"life-after-death"}


def test_a_case_that_rested_on_what_a_claim_was_tied_to_is_one_of_then(lives: Tracker) -> None:
    """He cannot have died who was seen later, until it was found that another man was seen."""
    lives.add_claim("He lives", key="lives", kind="sign-of-life", subject="mayor", when="2016")
    lives.log("lives", source="post", stance="supports", published="2016", basis="witnessed")
    lives.log("mayor-killed", source="post", stance="denies", published="2014")
    lives.assess("lives", "confirmed", likelihood=0.99, reason="we met him")
    then = lives.entries()[-1].seq
    lives.revise_claim("lives", subject="baker", reason="it was his brother")

    with no_whole_replay():
        known = lives.source("gazette", recorded_by=then)

    assert [(case.claim, case.right) for case in known.outcomes] == [("mayor-killed", False)]
    assert lives.source("gazette").outcomes == ()


@pytest.mark.on_both
def test_what_was_tied_to_a_claim_only_between_two_moments_is_told_of_too(lives: Tracker) -> None:
    lives.add_entity("The captain", key="captain", type="person")
    lives.add_claim("The captain fell", key="fell", kind="death", subject="captain", when="2013")
    before = lives.entries()[-1].seq
    lives.merge_entity("captain", into="baker", reason="one man")  # whom somebody has seen in 2014
    lives.log("mayor-seen", source="gazette", stance="denies", published="2015")
    lives.revise_claim("mayor-seen", subject="mayor", reason="it was the mayor after all")

    with no_whole_replay():
        found = lives.diff("fell", before, "now", clock="recorded")

    assert [(deed.act, deed.subject) for deed in found.deeds] == [
        ("entity.merged", "captain"),
        ("evidence.logged", "mayor-seen.gazette"),
        ("claim.revised", "mayor-seen"),
    ]


@pytest.mark.on_both
def test_what_was_said_of_one_day_is_told_without_the_rest(lives: Tracker) -> None:
    with no_whole_replay():
        told = lives.history("mayor-killed", clock="recorded", as_of="2014-12-31")
        found = lives.diff("mayor-killed", 8, "now", clock="recorded", as_of="2014-12-31")
    with whole_replays():
        whole = lives.history("mayor-killed", clock="recorded", as_of="2014-12-31")
    assert list(map(jsonable.step, told)) == list(map(jsonable.step, whole))
    assert [step.act for step in told] == [
        "claim.recorded",
        "evidence.logged",
        "evidence.logged",
        "claim.revised",
        "claim.withdrawn",
    ]
    assert [deed.act for deed in found.deeds if deed.status] == [
        "evidence.logged",
        "claim.revised",
        "claim.withdrawn",
    ]


@pytest.mark.on_both
def test_what_a_claim_was_about_and_rested_on_only_for_a_while_is_told_of_too(lives: Tracker) -> None:
    lives.add_entity("The captain", key="captain", type="person")
    lives.add_source("The Courier", key="courier", type="outlet")
    before = lives.entries()[-1].seq
    lives.revise_claim("mayor-seen", subject="captain", reason="so it seemed")
    lives.revise_entity("captain", name="The old captain", reason="as he is called")
    lives.correct_evidence("mayor-seen.post", source="courier", reason="misread")
    lives.revise_source("courier", owner="The Post Group", reason="bought")
    lives.revise_entity("mayor", name="The mayor", reason="nothing to do with it by then")
    lives.correct_evidence("mayor-seen.post", source="post", reason="misread again")
    lives.revise_claim("mayor-seen", subject="baker", reason="it was the baker after all")
    after = lives.entries()[-1].seq
    lives.add_claim("Something else", key="else", kind="event")

    with no_whole_replay():
        found = lives.diff("mayor-seen", before, after, clock="recorded")
    with whole_replays():
        whole = lives.diff("mayor-seen", before, after, clock="recorded")

    assert [(deed.act, deed.subject) for deed in found.deeds] == [
        ("claim.revised", "mayor-seen"),
        ("entity.revised", "captain"),
        ("evidence.corrected", "mayor-seen.post"),
        ("source.revised", "courier"),
        ("evidence.corrected", "mayor-seen.post"),
        ("claim.revised", "mayor-seen"),
    ]
    assert comparable(jsonable.difference(found)) == comparable(jsonable.difference(whole))


def test_what_had_aged_by_a_moment_is_resolved_as_of_that_moment(lives: Tracker, clock: Clock) -> None:
    lives.add_claim("He leads", key="leads", kind="leadership", subject="mayor", value="baker")
    lives.log("leads", source="gazette", stance="supports", published="2026-11-01")
    before = lives.status("leads")
    clock.tick(days=800)
    day = clock.now.date().isoformat()

    aged = lives.status("leads")
    with no_whole_replay():
        [then] = [each for each in lives.statuses(recorded_by=day) if each.key == "leads"]
        one = lives.status("leads", recorded_by=day)

    assert (before.stale, aged.stale) == (False, True)
    assert comparable(jsonable.standing(then)) == comparable(jsonable.standing(aged))
    assert comparable(jsonable.standing(one)) == comparable(jsonable.standing(aged))


def test_a_claim_that_had_been_taken_back_is_not_among_those_of_then(lives: Tracker, clock: Clock) -> None:
    gone = lives.entries()[-1].seq
    clock.tick(days=1)
    lives.restore("baker-killed", reason="it was no mistake")

    def there(entry: int) -> bool:
        return "baker-killed" in {each.key for each in lives.statuses(recorded_by=f"entry:{entry}")}

    assert (there(gone - 1), there(gone), there(gone + 1)) == (True, False, True)
    with pytest.raises(NotFound, match="taken back"):
        lives.status("baker-killed", recorded_by=f"entry:{gone}")


@pytest.mark.slow
def test_a_list_of_the_past_by_what_claims_were_is_read_without_the_rest(
    lives: Tracker, clock: Clock
) -> None:
    lives.open_case("north")
    lives.add_entity("The captain", key="captain", type="person")
    lives.add_claim("The captain fell", key="fell", kind="death", subject="captain", case="north")
    lives.log("fell", source="gazette", stance="supports", published="2015")
    then = f"entry:{lives.entries()[-1].seq}"
    clock.tick(days=1)
    lives.revise_claim("fell", kind="event", case=None, subject="baker", reason="he was only hurt")
    lives.correct_evidence("fell.gazette", source="post", reason="misread")
    lives.correct_evidence("mayor-killed.gazette", source="post", reason="misread")
    lives.revise_source("gazette", name="The Courier", reason="its imprint")
    lives.revise_entity("captain", name="The major", reason="promoted")
    lives.merge_entity("captain", into="mayor", reason="one man")
    lives.log("mayor-killed", source="gazette", stance="denies", published="2016")

    def listed(**asked: Any) -> list[str]:
        with no_whole_replay():
            found = lives.statuses(recorded_by=then, **asked)
        return [each.key for each in found]

    assert listed(kind="death") == ["fell", "mayor-killed"]
    paged = pages(lives.statuses, 1, recorded_by=then, kind="death")
    assert [each.key for each in paged] == ["fell", "mayor-killed"]
    assert listed(kind="event") == []
    assert listed(case="north") == ["fell"]
    for name in ("gazette", "The Gazette"):
        assert listed(source=name) == ["fell", "mayor-killed"]
    assert listed(source="The Post") == ["mayor-seen"]
    assert listed(subject="The captain") == listed(subject="captain") == ["fell"]
    assert listed(subject="mayor") == listed(subject="The late mayor") == ["mayor-killed"]
    assert listed(status=["unverified", "corroborated"], kind="death") == ["fell", "mayor-killed"]
    assert listed(status=["retracted"]) == []
    with pytest.raises(NotFound, match="no source is called 'The Courier'"):
        lives.statuses(recorded_by=then, source="The Courier")
    with pytest.raises(NotFound, match="no case has the key 'nosuch'"):
        lives.statuses(recorded_by=then, case="nosuch")


@pytest.mark.slow
def test_a_page_of_the_past_replays_the_whole_journal_once_at_most(
    lives: Tracker, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        key = f"leads-{number}"
        lives.add_entity(f"Group {number}", key=f"group-{number}", type="group")
        lives.add_claim("He leads", key=key, kind="leadership", subject="mayor", value=f"group-{number}")
        lives.log(key, source="gazette", stance="supports", published="2026-11-01")
    clock.tick(days=800)
    day = clock.now.date().isoformat()
    clock.tick(days=1)
    lives.add_source("The Courier", key="courier", type="outlet")
    whole, replays = replay.replayed, []
    monkeypatch.setattr(replay, "replayed", lambda *given: replays.append(given) or whole(*given))
    monkeypatch.setattr(paging, "PORTION", 1)
    monkeypatch.setattr(pastlists, "PORTION", 1)

    with whole_replays():
        listed = lives.statuses(recorded_by=day, status=["retracted"], limit=1)

    assert listed == []  # so that all three, which may be so by now, were resolved one after the other
    assert len(replays) == 1


@pytest.mark.slow
@pytest.mark.parametrize("policy", ["weight-of-evidence@2", "weight-of-evidence@1"])
def test_why_a_claim_stood_so_is_told_without_the_rest(
    new_tracker: Callable[..., Tracker], clock: Clock, policy: str
) -> None:
    desk = new_tracker(policy=policy)
    tell(desk, copying=True)
    then = f"entry:{desk.entries()[-1].seq}"
    clock.tick(days=1)
    desk.add_source("The Gazette", key="gazette", type="outlet")
    for number in range(10, 20):
        desk.correct_evidence(f"road-{number}.echo-east", source="gazette", reason="misread")
    desk.log("road-03", source="gazette", stance="denies", published="2024-05-04")

    in_part = told_alike(desk, "road-03", then)

    assert in_part.suspicions
    assert desk.why("road-03").resolution.evidence == in_part.resolution.evidence + 1
