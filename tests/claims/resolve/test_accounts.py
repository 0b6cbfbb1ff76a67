"""Accounts of sources say what their cases say, one by one, to the last bit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from claims.policy import RecordNumbers
from claims.resolve.accounts import Accounts, account_of, days_looked_at
from claims.resolve.counted import CountedAccounts
from claims.resolve.courses import Courses, courses_of
from claims.resolve.plain import KINDS
from claims.resolve.records import Outcome, Records, record_of
from claims.resolve.track import Case, Cases
from claims.resolve.worth import SPAN
from claims.vocabulary import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

BEGIN = date(2020, 1, 1)
SOURCES = ("paper", "radio")
CLAIMS = ("one", "two", "three", "four")
GROUPS = {"one": 1, "two": 1, "three": 2}
days = st.integers(0, 12).map(lambda n: BEGIN + timedelta(days=n))


@st.composite
def outcomes(draw: st.DrawFn) -> Outcome:
    since = draw(days)
    return Outcome(
        source=draw(st.sampled_from(SOURCES)),
        claim=draw(st.sampled_from(CLAIMS)),
        evidence="piece",
        kind=draw(st.sampled_from((Kind.EVENT, Kind.DEATH))),
        sign=draw(st.sampled_from((1, -1))),
        right=draw(st.booleans()),
        since=since,
        until=draw(st.none() | st.integers(1, 4).map(lambda n: since + timedelta(days=n))),
    )


some = st.lists(outcomes(), max_size=25)


def by_source(cases: list[Outcome]) -> Accounts:
    return Accounts((source, account_of(c for c in cases if c.source == source)) for source in SOURCES)


def columns_of(cases: Iterable[Outcome]) -> Cases:
    """The cases of all sources as columns."""
    return Cases(
        [
            Case(
                *(c.source, c.claim, c.kind, c.sign, c.right),
                *(c.since.toordinal(), c.until.toordinal() if c.until else None),
            )
            for c in sorted(cases, key=lambda c: c.source)
        ],
        KINDS,
    )


@given(some, days, st.sets(st.sampled_from(CLAIMS)), st.sampled_from((0.0, 0.25, 1.0)))
def test_accounts_that_are_looked_up_say_what_those_say_that_are_added_up(
    cases: list[Outcome], day: date, apart: set[str], part: float
) -> None:
    numbers = RecordNumbers(prior=4, spoke=30, kind=part)
    added_up = {source: each for source, each in by_source(cases).items() if each.count}
    looked_up = CountedAccounts(columns_of(cases), SOURCES)
    assert looked_up.keys() == added_up.keys()
    for source, account in looked_up.items():
        assert account.has_others_than(apart) == added_up[source].has_others_than(apart)
        assert account.changes_but_for(apart) == added_up[source].changes_but_for(apart)
        for kind in (Kind.EVENT, Kind.DEATH, Kind.COUNT):
            for sign in (1, -1):
                asked = (kind, sign, day, sorted(apart), numbers)
                assert account.record(*asked) == added_up[source].record(*asked)


@given(some, days, st.sampled_from((0.0, 0.25, 0.5, 1.0)))
def test_a_record_on_a_day_is_that_of_the_cases_that_stand(
    cases: list[Outcome], day: date, part: float
) -> None:
    numbers = RecordNumbers(prior=4, spoke=30, kind=part)
    records = Records(by_source(cases), day, GROUPS, numbers)
    for source in SOURCES:
        for claim, group in GROUPS.items():
            for sign in (1, -1):
                standing = [
                    case
                    for case in cases
                    if case.source == source and case.stands_on(day) and GROUPS.get(case.claim) != group
                ]
                slowly = record_of(standing, Kind.EVENT, sign, numbers)
                assert records.of(source, Kind.EVENT, sign, claim) == slowly


@given(some, st.lists(days, min_size=1, max_size=6), st.sampled_from(CLAIMS))
def test_columns_of_accounts_are_those_of_cases(cases: list[Outcome], asked: list[date], claim: str) -> None:
    accounts = by_source(cases)
    columns = courses_of(accounts, KINDS, {KINDS.index(Kind.EVENT), KINDS.index(Kind.DEATH)})
    slowly = columns_of(cases)
    ordinals = np.array([day.toordinal() for day in asked])
    for source in (*SOURCES, "nobody"):
        unknown = len(columns.sources), len(slowly.sources)
        here, there = columns.sources.get(source, unknown[0]), slowly.sources.get(source, unknown[1])
        pair = np.full(len(asked), here), np.full(len(asked), there)
        assert (columns.all.on(pair[0], ordinals) == slowly.all.on(pair[1], ordinals)).all()
        for kind in (KINDS.index(Kind.EVENT), KINDS.index(Kind.DEATH), KINDS.index(Kind.COUNT)):
            mine = columns.alike.on(pair[0] * columns.kinds + kind, ordinals)
            theirs = slowly.alike.on(pair[1] * slowly.kinds + kind, ordinals)
            assert (mine == theirs).all()
    first, last = min(asked).toordinal() - 1, max(asked).toordinal()
    assert changed(columns, claim, first, last) == changed(slowly, claim, first, last)


def changed(columns: Courses | Cases, claim: str, first: int, last: int) -> dict[str, list[int]]:
    """The days after a first one, up to a last, on which each record was changed by another claim."""
    source, day = columns.changes // SPAN, columns.changes % SPAN
    seen = (columns.changed_by != columns.claims.get(claim, -1)) & (first < day) & (day <= last)
    return {
        name: day[seen & (source == number)].tolist()
        for name, number in columns.sources.items()
        if (seen & (source == number)).any()
    }


@given(some, st.sets(st.sampled_from(CLAIMS)))
def test_what_other_claims_changed(cases: list[Outcome], apart: set[str]) -> None:
    account = account_of(cases)
    others = [case for case in cases if case.claim not in apart]
    assert account.has_others_than(apart) == bool(others)
    changed = [day.isoformat() for case in others for day in (case.since, case.until) if day is not None]
    assert account.changes_but_for(apart) == Counter(changed)


@given(st.lists(st.integers(0, 60), max_size=400), st.integers(0, 20), st.integers(20, 60))
def test_of_many_changes_a_growing_selection_of_days_is_looked_at(
    numbers: list[int], after: int, until: int
) -> None:
    changed = [BEGIN + timedelta(days=n) for n in numbers]
    seen, kept = 0, []
    for number, day in enumerate(
        sorted(d for n, d in zip(numbers, changed, strict=True) if after < n <= until), 1
    ):
        if number <= 40 or number >= seen * 1.05:
            kept.append(day.isoformat())
            seen = number
    counted = [Counter(day.isoformat() for day in part) for part in (changed[::2], changed[1::2])]
    first, last = BEGIN + timedelta(days=after), BEGIN + timedelta(days=until)
    assert days_looked_at(counted, first, last) == list(dict.fromkeys(kept))
