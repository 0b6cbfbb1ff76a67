"""What is sure of plain claims between two days, without looking at those between, holds on each of them."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from claims.lookedback import own_days
from claims.resolve.plain import KINDS
from claims.resolve.plaintable import UNSURE, PlainTable
from claims.resolve.sheet import Sheet
from claims.resolve.track import Cases, Track
from claims.resolve.worth import SPAN, Worth
from claims.vocabulary import Basis
from tests.app.test_longpast import some_case
from tests.app.test_plainly import SOURCES, TODAY, TOLD, put
from tests.claims.builders import policy_with_records
from tests.support.examples import examples
from tracker.store import copies
from tracker.store import tables as t
from tracker.store.plain import read_cases, read_plain

if TYPE_CHECKING:
    from claims.resolve.kernel import Ints

CLAIMS = 12
LONG_AGO = [TODAY - timedelta(days=days) for days in range(900)]
EXACT = 1e-9
WORDS = "they saw the bridge fall at noon and ran"


@pytest.mark.slow
@given(seed=st.integers(0, 1 << 32))
@examples(60)
def test_what_is_sure_between_two_days_holds_on_each_of_them(seed: int) -> None:
    chance = random.Random(seed)
    table, track = some_claims(chance)
    sheet = Sheet(table, track)
    claims, first, last = some_stretches(chance, table)
    said = sheet.surely(claims, first, last)
    columns = (each.tolist() for each in (claims, first, last, said))
    for claim, begun, ended, status in zip(*columns, strict=True):
        days = np.arange(begun, ended + 1)
        stood = table.status(np.full(len(days), claim), days, track)
        if status != UNSURE:
            assert set(stood.tolist()) == {status}
        if sheet.fits[claim]:
            least, most = (
                each[:, 0] for each in sheet.bounds(*(np.array([n]) for n in (claim, begun, ended)))
            )
            for place, row in enumerate(np.flatnonzero(table.claim == claim)):
                counts = (table.day[row] <= days) & (days < table.silent[row])
                weight = np.where(counts, table.strengths(np.full(len(days), row), days, track), 0.0)
                assert least[place] - EXACT <= weight.min() <= weight.max() <= most[place] + EXACT
    there = table.claim[:, np.newaxis] == claims
    moved = (there & (steps_of(table, track, first) != steps_of(table, track, last))).any(axis=0)
    assert (said[~moved & sheet.fits[claims]] != UNSURE).all()


def some_claims(chance: random.Random) -> tuple[PlainTable, Track]:
    """Claims whose sources speak more than once, in the same words and otherwise, with cases on other claims
    and on these themselves."""
    by = policy_with_records()
    assert by.records is not None
    with copies.in_memory() as connection:
        cases = [some_case(chance, LONG_AGO) for _ in range(chance.choice((5, 40, 300)))]
        put(connection, [some_claim(chance) for _ in range(CLAIMS)], cases)
        for n in range(CLAIMS):
            own = {**some_case(chance, LONG_AGO), "claim": f"c{n}", "evidence": "x"}
            connection.execute(sa.insert(t.outcomes).values(own))
        table = PlainTable(read_plain(connection, {f"c{n}" for n in range(CLAIMS)}, by), by)
        return table, Track(table, Worth(Cases(read_cases(connection), KINDS), by.records))


def some_claim(chance: random.Random) -> tuple[dict[str, Any], list[Any], list[Any]]:
    stances = chance.choice((("supports",), ("supports", "supports", "denies", "doubts", "mentions")))
    words = chance.choice(((WORDS,), (None, WORDS)))
    pieces = [
        {
            **TOLD,
            "source": chance.choice(SOURCES[:3]),
            "stance": chance.choice(stances),
            "basis": chance.choice([None, None, *map(str, Basis)]),
            "credibility": chance.choice((None, None, "1", "5")),
            "quote": chance.choice(words),
            "document": chance.choice((None, "report")),
            "recorded_on": chance.choice(LONG_AGO),
        }
        for _ in range(chance.randrange(1, 7))
    ]
    return {"kind": chance.choice(("location", "other", "event")), "subject": None}, pieces, []


def some_stretches(chance: random.Random, table: PlainTable) -> tuple[Ints, Ints, Ints]:
    """Claims, each with two days between which nothing was said on it, and nothing grew old."""
    found: list[tuple[int, int, int]] = []
    every = np.arange(len(table.keys))
    slots = own_days(table, every, TODAY.toordinal()).tolist()
    for one, other in zip(slots, [*slots[1:], -1], strict=True):
        claim, day = divmod(one, SPAN)
        end = other % SPAN - 1 if other // SPAN == claim else TODAY.toordinal()
        for _ in range(3):
            begun = chance.randint(day, end)
            found.append((claim, begun, min(begun + chance.choice((0, 5, 30, 400)), end)))
    claims, first, last = np.array(found, dtype=np.int64).T
    return claims, first, last


def steps_of(table: PlainTable, track: Track, days: Ints) -> Ints:
    """How often the record of the source of each row has changed by each of some days."""
    source = np.broadcast_to(track.source[table.source][:, np.newaxis], (len(table.claim), len(days)))
    return track.cases.steps_by(source, np.broadcast_to(days, source.shape))
