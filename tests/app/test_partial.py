"""What is read of the past in part is what a replay of the whole journal gives."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from claims.errors import ClaimsError
from claims.vocabulary import Status
from tests.app.test_paging import pages
from tests.app.test_two_clocks import comparable, differing
from tests.support.anything import PLACE, Newsroom, play
from tests.support.pasts import very_many_cases, whole_replays
from tracker.app import replay
from tracker.app.paging import page_of
from tracker.report import jsonable
from tracker.report.publications import review
from tracker.store.pages import Stretch, Wanted, claim_keys, record_keys
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from tests.support.postgres import Databases
    from tracker.app import Tracker
    from tracker.app.view import View
    from tracker.report.standing import Standing


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


@pytest.mark.slow
def test_at_every_entry_the_part_says_what_the_whole_says(empty_database: Path) -> None:
    play(Looked, empty_database, journals=6, steps=25)


@pytest.mark.slow
def test_on_a_server_too(empty_database: Path, postgres: Databases) -> None:
    play(Looked, empty_database, journals=2, steps=25, server=postgres)
