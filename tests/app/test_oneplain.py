"""One plain claim by itself: what a row adds to either side."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from claims.oneplain import OneClaim, is_one, outcomes_alone
from claims.resolve.kernel import PAIRS_UP_TO
from claims.resolve.plain import KINDS
from claims.resolve.plaintable import PlainTable
from claims.resolve.track import Cases, Track
from claims.resolve.worth import Worth
from claims.standing import outcomes_of_plain
from tests.app.test_plainly import SAID, TODAY, by_itself, put, shown
from tests.claims.builders import policy_with_records
from tracker.app.policies import load_policy
from tracker.store import copies
from tracker.store.plain import read_cases, read_plain


def test_what_only_mentions_a_claim_makes_it_less_likely_and_takes_no_side() -> None:
    """Where mentions speak against a claim, as they do of one of no kind."""
    stances = zip("abc", ("supports", "mentions", "mentions"), strict=True)
    told = {**SAID, "recorded_on": TODAY}
    said = [{**told, "source": source, "stance": stance} for source, stance in stances]
    by, today = load_policy(), np.array([TODAY.toordinal()])
    with copies.in_memory() as connection:
        put(connection, [({"kind": "other"}, said, [])], [])
        one = OneClaim(PlainTable(read_plain(connection, {"c0"}, by), by))
    tally = one.add_up(today, one.strengths(today, None))
    assert tally.log_odds[0] < one.table.base[0] + tally.support[0]
    assert (tally.support[0] > 0, tally.opposition[0]) == (True, 0)


def stands_as_among_many(fields: dict[str, Any], said: list[dict[str, Any]], cases: list[Any]) -> Any:
    """What is said of a claim, which must be the same by itself and as one of many."""
    by = policy_with_records()
    with copies.in_memory() as connection:
        put(connection, [(fields, said, [])], cases)
        table = PlainTable(read_plain(connection, {"c0"}, by), by)
        track = Track(table, Worth(Cases(read_cases(connection), KINDS), by.records))
        among = table.on(np.arange(1), np.array([TODAY.toordinal()]), track)
        alone, _ = by_itself(connection, table)
    assert alone == [column[0] for column in shown(among)]
    return among


@pytest.mark.parametrize("good", ["who says it", "of whom it was heard"])
def test_who_passes_on_somebodys_words_vouches_for_them(good: str) -> None:
    said = [{**SAID, "stance": "supports", "basis": None, "source": "a", "relays": "d", "recorded_on": TODAY}]
    cases = [
        {
            "source": source,
            "kind": "event",
            "sign": 1,
            "until": None,
            "right": (source == "a") == (good == "who says it"),
            "since": TODAY - timedelta(days=40 + number),
        }
        for source in "ad"
        for number in range(12)
    ]
    both = stands_as_among_many({"kind": "event"}, said, cases).likelihood[0]
    bad = [each for each in cases if not each["right"]]
    assert both == stands_as_among_many({"kind": "event"}, said, bad).likelihood[0]


def test_a_word_that_its_source_has_overtaken_changes_nothing_any_more() -> None:
    days = (100, 10)
    said = [
        {**SAID, "stance": stance, "source": "a", "recorded_on": TODAY - timedelta(days=ago)}
        for ago, stance in zip(days, ("supports", "denies"), strict=True)
    ]
    first, second = (stands_as_among_many({"kind": "location"}, some, []) for some in (said, said[1:]))
    assert first.changes_on[0] == second.changes_on[0]


def test_of_two_verdicts_the_one_in_force_last_counts_whichever_was_recorded_first() -> None:
    told = {"author": "desk", "reason": "seen", "withdrawn": False}
    made, approved = (TODAY - timedelta(days=ago) for ago in (50, 10))
    verdicts = [
        {**told, "status": "refuted", "state": "approved", "made_on": made - timedelta(days=1)}
        | {"decided_by": "head", "decided_on": approved},
        {**told, "status": "confirmed", "state": "made", "made_on": made},
    ]
    said = [{**SAID, "stance": "supports", "source": "a", "recorded_on": TODAY - timedelta(days=90)}]
    by = policy_with_records()
    with copies.in_memory() as connection:
        put(connection, [({"kind": "event"}, said, verdicts)], [])
        facts = read_plain(connection, {"c0"}, by)
    found = outcomes_alone(PlainTable(facts, by), TODAY)
    assert sorted(found) == sorted(outcomes_of_plain(facts, by, TODAY))
    periods = [(each.right, each.since, each.until) for each in sorted(found)]
    assert periods == [(True, made.toordinal(), approved.toordinal()), (False, approved.toordinal(), None)]


def test_a_claim_on_which_very_many_spoke_is_not_compared_row_by_row() -> None:
    """What that takes grows by the square of their number."""
    told, by = {**SAID, "stance": "supports", "recorded_on": TODAY}, load_policy()
    for count in (PAIRS_UP_TO, PAIRS_UP_TO + 1):
        with copies.in_memory() as connection:
            put(connection, [({"kind": "other"}, [{**told, "source": "a"}] * count, [])], [])
            table = PlainTable(read_plain(connection, {"c0"}, by), by)
        assert len(table.claim) == count
        assert is_one(table) == (count == PAIRS_UP_TO)
