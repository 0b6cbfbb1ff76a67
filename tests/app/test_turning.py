"""Changes across claims by the days on which evidence came out: what the history of each claim says, page by
page, found without a look at each."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from claims import foreseen, history, plainpast
from claims.plainpast import Stretch, courses_of_plain, moves_of_plain
from claims.resolve.dossier import split
from claims.resolve.plain import KINDS
from claims.resolve.track import Cases, Track
from claims.resolve.worth import Worth
from tests.app.test_plainly import DAY, JUDGED_LATER, POLICIES, RIGHT_ONCE, TODAY, case, claim, put
from tests.support.anything import Newsroom, play
from tests.support.examples import examples
from tests.support.settling import settle
from tracker.app import turning, unfolding
from tracker.app.policies import load_policy
from tracker.app.timelines import as_step
from tracker.store import copies
from tracker.store.plain import read_cases, read_plain
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date
    from pathlib import Path

    from claims.policy import Policy
    from claims.resolve.plaintable import PlainTable
    from tests.conftest import Clock
    from tracker.app import Tracker
    from tracker.report.models import Step

BY_COLUMNS, ONE_BY_ONE = 0, 1_000
"""Trackers of more claims than so many are looked at by columns."""


def told_one_by_one(tracker: Tracker, since: str, after: str = "", **clocks: Any) -> list[Step]:
    """The same from the history of each claim, each read and resolved by itself."""
    day, found = tracker.read_first_day(since).isoformat(), []
    past = (after.partition("/")[0], after.partition("/")[2])
    with tracker.view(**clocks) as view:
        for key, claim in view.reader.claims().items():
            if claim.withdrawn:
                continue
            read = view.reader.dossier([key])
            dossier = next(part for part in split(read) if key in part.claims)
            policy = view.policy_of(dossier.claims[key])
            steps = map(as_step, history.history(dossier, policy, key, view.as_of))
            found += [
                replace(step, claim=key)
                for step in steps
                if step.at >= day and step.was != step.status and (step.at, key) > past
            ]
    return sorted(found, key=lambda step: (step.at, step.claim or ""))


def told(tracker: Tracker, since: str, **asked: Any) -> list[Step]:
    return tracker.changes(since, clock="published", **asked)


# --- any sequence -----------------------------------------------------------------------------


class Paged(Newsroom):
    """Somebody does anything at all, and looks at changes."""

    few = BY_COLUMNS

    @precondition(lambda self: self.claims)
    @rule(
        since=st.sampled_from(["1990", "2018", "2019-03-01", "2020-01-01", "2026-11-22"]),
        as_of=st.sampled_from([None, None, "2019-06-01", "2020-01-01"]),
        back=st.sampled_from([None, None, 0, 3, 9]),
        limit=st.integers(1, 4),
        work=st.sampled_from([history.WORK, history.WORK, 1]),
    )
    def look(self, since: str, as_of: str | None, back: int | None, limit: int, work: int) -> None:
        """``work``: with little, each group is a large one, of which few days are looked at."""
        entry = None if back is None else max(self.tracker.entries()[-1].seq - back, 1)
        clocks = {"as_of": as_of, "recorded_by": None if entry is None else f"entry:{entry}"}
        with (
            patch.object(turning, "FEW_CLAIMS", self.few),
            patch.object(foreseen, "FEW", 0),
            patch.object(history, "WORK", work),
        ):
            whole = told_one_by_one(self.tracker, since, **clocks)
            assert told(self.tracker, since, **clocks) == whole
            assert told(self.tracker, since, limit=limit, **clocks) == whole[:limit]
            if whole:
                after = whole[min(limit, len(whole)) - 1].place
                rest = told(self.tracker, since, after=after, limit=limit, **clocks)
                assert rest == whole[limit:][:limit]

    def at_the_end(self) -> None:
        if self.claims:
            self.look(since="1990", as_of=None, back=None, limit=3, work=history.WORK)


def run(template: Path, journals: int, steps: int, few: int) -> None:
    play(type("Paged", (Paged,), {"few": few}), template, journals, steps)


@pytest.mark.parametrize("few", [BY_COLUMNS, ONE_BY_ONE], ids=["by columns", "one by one"])
def test_changes_are_those_of_all_histories(empty_database: Path, few: int) -> None:
    run(empty_database, journals=10, steps=25, few=few)


@pytest.mark.slow
@pytest.mark.parametrize("few", [BY_COLUMNS, ONE_BY_ONE], ids=["by columns", "one by one"])
def test_changes_of_long_journals_are_those_of_all_histories(empty_database: Path, few: int) -> None:
    run(empty_database, journals=60, steps=60, few=few)


# --- plain claims -----------------------------------------------------------------------------


@example(claims=[JUDGED_LATER], cases=[RIGHT_ONCE], by=load_policy(), first=TODAY, after="", limit=None)
@given(
    claims=st.lists(claim(), min_size=1, max_size=6),
    cases=st.lists(case(), max_size=60),
    by=POLICIES,
    first=DAY,
    after=st.sampled_from(["", "c1", "c3"]),
    limit=st.sampled_from([None, 1, 2, 5]),
)
@examples(60)
def test_columns_tell_the_changes_of_status_among_all_changes(
    claims: list[Any], cases: list[Any], by: Policy, first: date, after: str, limit: int | None
) -> None:
    with copies.in_memory() as connection:
        put(connection, claims, cases)
        facts = read_plain(connection, {f"c{n}" for n in range(len(claims))}, by)

        def tracks(table: PlainTable) -> Track | None:
            if by.records is None:
                return None
            worth = Worth(Cases(read_cases(connection), KINDS), by.records)
            return Track(table, worth) if worth.cases.sources else None

        last = TODAY - timedelta(days=30)
        expected = [
            (key, turn)
            for key, course in courses_of_plain(facts, by, last, tracks).items()
            for turn in course.turns
            if turn.was != turn.status and turn.at >= first and (turn.at > first or key > after)
        ]
        expected.sort(key=lambda each: (each[1].at, each[0]))
        with patch.object(plainpast, "AT_ONCE", 1):
            found = moves_of_plain(facts, by, Stretch(first, after, last, limit), tracks)
        assert found == expected[:limit]


# --- a story ----------------------------------------------------------------------------------


def tell(tracker: Tracker, _: Clock) -> None:
    """Something of everything: a source with a record, and claims that stand by themselves, or are tied,
    judged, old, withdrawn, or in cases that go by policies of their own."""
    settle(tracker)
    for key, kind in (("mayor", "person"), ("column", "group"), ("raid", "incident")):
        tracker.add_entity(f"The {key}", key=key, type=kind)
    for key in ("they", "we"):
        tracker.add_entity(key.title(), key=key, type="group")
    tracker.add_question("Who did it?", key="who", exactly_one=True)
    tracker.add_question("How many died?", key="toll", counted="people", cumulative=True)
    tracker.open_case("counted", policy="majority")
    tracker.open_case("judged", policy="assessed")
    for key, kind, fields in (
        ("plain", "event", {}),
        ("old", "location", {"subject": "column", "value": "In the north"}),
        ("killed", "death", {"subject": "mayor", "when": "2020-01-05"}),
        ("alive", "sign-of-life", {"subject": "mayor", "when": "2020-01-20"}),
        ("by-them", "attribution", {"question": "who", "subject": "raid", "value": "They"}),
        ("by-us", "attribution", {"question": "who", "subject": "raid", "value": "We"}),
        ("ten", "count", {"question": "toll", "value": "10", "when": "2020-01-01"}),
        ("seven", "count", {"question": "toll", "value": "7", "when": "2020-01-02"}),
        ("majority", "event", {"case": "counted"}),
        ("verdict", "event", {"case": "judged"}),
        ("gone", "event", {}),
        ("beside", "event", {}),
    ):
        tracker.add_claim(f"That is so: {key}.", key=key, kind=kind, **fields)
        for at, (source, stance) in enumerate(
            (("army", "supports"), ("group", "denies"), ("wire", "supports"), ("radio", "supports"))
        ):
            day = f"2020-0{2 + at}-{10 + len(key)}"
            tracker.log(key, source=source, stance=stance, published=day, basis="witnessed")
    tracker.withdraw("plain.wire", reason="they say so", by_source="2020-08-01")
    tracker.withdraw("killed.group", reason="misread", mistake=True)
    tracker.assess("verdict", "refuted", reason="as I see it")
    tracker.assess("plain", "confirmed", reason="as I see it")
    tracker.link("plain", "contradicts", "gone", reason="so it seems")
    tracker.link("beside", "contradicts", "gone", reason="so it seems")
    tracker.withdraw_record("gone", reason="it was none")


@pytest.fixture
def mixed(begun: Callable[..., Tracker]) -> Tracker:
    return begun("mixed claims", tell)


@pytest.fixture(params=[BY_COLUMNS, ONE_BY_ONE], ids=["by columns", "one by one"])
def either_way(request: pytest.FixtureRequest) -> Iterator[None]:
    with patch.object(turning, "FEW_CLAIMS", request.param):
        yield


@pytest.mark.on_both
@pytest.mark.usefixtures("either_way")
@pytest.mark.parametrize(
    "clocks",
    [{}, {"as_of": "2020-04-20"}, {"recorded_by": "entry:60"}, {"as_of": "2020-04", "recorded_by": "now"}],
    ids=["now", "as of a day", "as recorded by an entry", "both"],
)
def test_changes_of_all_sorts_of_claims_are_those_of_their_histories(
    mixed: Tracker, clocks: dict[str, str]
) -> None:
    for since in ("2019", "2020-03-15", "2021"):
        assert told(mixed, since, **clocks) == told_one_by_one(mixed, since, **clocks)
    assert len(told(mixed, "2019", **clocks)) > 10


@pytest.mark.usefixtures("either_way")
def test_pages_one_after_the_other_hold_every_change_once(mixed: Tracker) -> None:
    whole, found = told_one_by_one(mixed, "2020-02"), list[Any]()
    for _ in range(0, len(whole), 3):
        found += told(mixed, "2020-02", limit=3, after=found[-1].place if found else None)
    assert found == whole
    assert len({step.claim for step in whole}) > 10
    assert "gone" not in {step.claim for step in whole}


def test_what_only_a_withdrawn_claim_links_is_no_group(mixed: Tracker) -> None:
    assert mixed.looked_at("plain").claims == mixed.looked_at("beside").claims == 1


# --- what it takes ----------------------------------------------------------------------------


@pytest.mark.usefixtures("either_way")
def test_all_is_read_at_once_and_no_more_is_looked_at_than_the_page_needs(
    mixed: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    read, looked_at, resolved = [], [], Counter[Any]()
    dossier, look, resolve = Reader.dossier, history.history, unfolding.resolved_without

    def reading(reader: Reader, claims: Any, **how: Any) -> Any:
        read.append(claims)
        return dossier(reader, claims, **how)

    def looking(group: Any, policy: Any, key: str, *rest: Any) -> Any:
        looked_at.append(key)
        return look(group, policy, key, *rest)

    def resolving(group: Any, policy: Any, day: Any, removal: Any) -> Any:
        resolved[(min(group.claims), policy.label, day)] += 1
        return resolve(group, policy, day, removal)

    monkeypatch.setattr(Reader, "dossier", reading)
    monkeypatch.setattr(history, "history", looking)
    monkeypatch.setattr(unfolding, "resolved_without", resolving)
    told(mixed, "2019")
    assert len(read) == 1
    assert set(resolved.values()) == {1}
    all_days, all_looked_at = len(resolved), len(looked_at)
    resolved.clear()
    looked_at.clear()
    told(mixed, "2019", limit=1)
    assert len(resolved) < all_days / 2
    assert len(looked_at) < all_looked_at / 2
