"""Since when plain claims stand as they do, found quickly, is as if all days had been looked at."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from claims.resolve.courses import Courses
from claims.resolve.plain import KINDS
from claims.resolve.plaintable import PlainTable
from claims.resolve.track import Cases, Track
from claims.resolve.worth import Worth
from claims.standing import since_when
from tests.app.test_plainly import SOURCES, TODAY, TOLD, put
from tests.claims.builders import policy_with_records
from tests.support.examples import examples
from tracker.store import copies, outcomes
from tracker.store import tables as t
from tracker.store.fares import read_fares
from tracker.store.plain import read_cases, read_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from claims.resolve.plaintable import Said


@pytest.mark.slow
@given(seed=st.integers(0, 1 << 32))
@examples(40)
def test_of_claims_that_age_by_sources_whose_records_change_often(seed: int) -> None:
    chance = random.Random(seed)
    long_ago = [TODAY - timedelta(days=days) for days in range(3_600)]
    by = policy_with_records()
    with copies.in_memory() as connection:
        put(
            connection,
            [some_claim(chance, long_ago) for _ in range(8)],
            [some_case(chance, long_ago) for _ in range(chance.choice((0, 20, 300)))],
        )
        for n in range(8):  # and what was settled about the claims themselves
            own = {**some_case(chance, long_ago), "claim": f"c{n}", "evidence": "x"}
            connection.execute(sa.insert(t.outcomes).values(own))
        table = PlainTable(read_plain(connection, {f"c{n}" for n in range(8)}, by), by)
        cases = Cases(read_cases(connection), KINDS)
        read = read_fares(connection, SOURCES), outcomes.read_cases_on(connection, table.keys)
    assert by.records is not None
    each = Worth(Courses(*read, KINDS, set(table.kind.tolist())), by.records, by_steps=False)
    every = np.arange(len(table.keys))
    track = Track(table, Worth(cases, by.records))
    said = table.on(every, np.full(len(every), TODAY.toordinal()), track)
    expected = since_when(table, every, said.status, TODAY, Track(table, each)).tolist()
    assert since_when(table, every, said.status, TODAY, track).tolist() == expected
    assert since_otherwise(table, said, track) == expected


def some_claim(chance: random.Random, days: Sequence[date]) -> tuple[dict[str, Any], list[Any], list[Any]]:
    begun = chance.randrange(60, len(days))
    pieces = [
        {
            **TOLD,
            "source": chance.choice(SOURCES),
            "stance": chance.choice(("supports", "supports", "denies", "doubts")),
            "recorded_on": days[begun - chance.randrange(60)],
        }
        for _ in range(chance.randrange(1, 6))
    ]
    return {"kind": chance.choice(("location", "location", "other", "event")), "subject": None}, pieces, []


def some_case(chance: random.Random, days: Sequence[date]) -> dict[str, Any]:
    since = chance.choice(days)
    return {
        "source": chance.choice(SOURCES),
        "kind": chance.choice(("location", "other")),
        "sign": chance.choice((1, -1)),
        "right": chance.random() < 0.5,
        "since": since,
        "until": chance.choice((None, None, since + timedelta(days=90))),
    }


def since_otherwise(table: PlainTable, said: Said, track: Track) -> list[int]:
    """Since when claims stand so, found as it is of those whose records change often, and that age often."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claims.standing.OFTEN", 1)
        patch.setattr("claims.standing.ROUNDS", 1)
        return since_when(table, np.arange(len(table.keys)), said.status, TODAY, track).tolist()
