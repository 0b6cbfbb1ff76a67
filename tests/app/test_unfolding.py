"""How plain claims changed and what would change them, by columns: as it is told of each of them alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from claims import history as histories
from claims import resolve
from claims.plainpast import courses_of_plain, doubts_of_plain
from claims.resolve.dossier import split
from claims.resolve.plain import KINDS
from claims.resolve.records import fared
from claims.resolve.track import Cases, Track
from claims.resolve.worth import Worth
from claims.settling import outcomes_of
from tests.app.test_plainly import JUDGED_LATER, POLICIES, RIGHT_ONCE, TODAY, case, claim, put
from tests.support.examples import examples
from tracker.app.policies import load_policy
from tracker.store import copies, outcomes
from tracker.store.plain import read_cases, read_plain
from tracker.store.read import Reader

if TYPE_CHECKING:
    from claims.plainpast import Course
    from claims.policy import Policy
    from claims.resolve.plain import PlainFacts
    from claims.resolve.plaintable import PlainTable


@pytest.mark.slow
@example(claims=[JUDGED_LATER], cases=[RIGHT_ONCE], by=load_policy())
@given(claims=st.lists(claim(), min_size=1, max_size=6), cases=st.lists(case(), max_size=60), by=POLICIES)
@examples(60)
def test_columns_tell_what_is_told_of_each_claim_alone(
    claims: list[Any], cases: list[Any], by: Policy
) -> None:
    with copies.in_memory() as connection:
        put(connection, claims, cases)
        reader = Reader(connection)
        keys = {f"c{n}" for n in range(len(claims))}
        facts = read_plain(connection, keys, by)
        if by.records is not None:
            dossier = reader.dossier(keys, closed=True)
            outcomes.replace(connection, keys, [fared(each) for each in outcomes_of(dossier, by, TODAY)])
        parts = {key: part for part in split(reader.dossier(keys, closed=True)) for key in part.claims}

        def tracks(table: PlainTable) -> Track | None:
            if by.records is None:
                return None
            worth = Worth(Cases(read_cases(connection), KINDS), by.records)
            return Track(table, worth) if worth.cases.sources else None

        now = {key: resolve.resolve(parts[key], by, TODAY)[key] for key in facts.claims}
        stands = {key: (each.status, each.likelihood) for key, each in now.items()}
        courses = courses_of_plain(facts, by, TODAY, tracks)
        doubts = doubts_of_plain(facts, by, TODAY, tracks, stands)
        for key in facts.claims:
            assert told(courses[key]) == usual(parts[key], by, key)
            assert courses[key].looked_at == histories.looked_at(parts[key], by, key, TODAY)
            if key not in doubts:
                assert shares_a_line(facts, key)
                continue
            assert list(doubts[key].flips) == resolve.flips(parts[key], by, TODAY, key)
            assert list(doubts[key].if_wrong) == resolve.if_wrong(parts[key], by, TODAY, key)


def shares_a_line(facts: PlainFacts, key: str) -> bool:
    """Whether pieces on a claim are of one line: what would flip such a claim is told of it alone."""
    own = facts.pieces.claim == facts.claims.index(key)
    return len(set(facts.pieces.line[own].tolist())) < int(own.sum())


def told(course: Course) -> list[tuple[Any, ...]]:
    return [tuple(turn) for turn in course.turns]


def usual(part: Any, by: Policy, key: str) -> list[tuple[Any, ...]]:
    return [
        (
            *(change.at, change.was, change.resolution.status, change.resolution.likelihood),
            *(change.resolution.stale, change.because),
        )
        for change in histories.history(part, by, key, TODAY)
    ]
