"""The days on which rival answers are looked at: the same, counted or listed, and none that they made."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from claims.resolve.plain import KINDS
from claims.resolve.plaintable import PlainTable
from claims.resolve.track import Cases, Track
from claims.resolve.worth import Worth
from claims.rivals import _Search
from tests.app.test_longpast import some_case
from tests.app.test_plainly import SOURCES, TODAY, TOLD, put
from tests.claims.builders import policy_with_records
from tests.support.examples import examples
from tracker.store import copies
from tracker.store import tables as t
from tracker.store.plain import read_cases, read_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

LONG_AGO = [TODAY - timedelta(days=days) for days in range(2_000)]
ANSWERS = 3


def days_looked_at(answers: Sequence[Any], cases: Sequence[dict[str, Any]], own: Sequence[Any]) -> list[date]:
    """The days on which a question with some answers is looked at; ``own`` are cases on these, by number."""
    by = policy_with_records()
    assert by.records is not None
    with copies.in_memory() as connection:
        put(connection, list(answers), list(cases))
        for n, case in own:
            connection.execute(sa.insert(t.outcomes).values({**case, "claim": f"c{n}", "evidence": "x"}))
        keys = {f"c{n}" for n in range(len(answers))}
        table = PlainTable(read_plain(connection, keys, by, rivals=True), by)
        track = Track(table, Worth(Cases(read_cases(connection), KINDS), by.records))
    assert table.rivalry is not None
    search = _Search(table.rivalry, np.arange(1), TODAY.toordinal(), track)
    return [date.fromordinal(day) for day in search.found.days.tolist()]


def an_answer(number: int, days: Sequence[date]) -> tuple[dict[str, Any], list[Any], list[Any]]:
    pieces = [{**TOLD, "source": SOURCES[at % 5], "recorded_on": day} for at, day in enumerate(days)]
    return {"kind": "other", "subject": None, "question": "any", "value": str(number)}, pieces, []


@pytest.mark.slow
@given(seed=st.integers(0, 1 << 32))
@examples(40)
def test_however_they_are_found(seed: int) -> None:
    chance = random.Random(seed)
    spoken = LONG_AGO[: chance.choice((100, 2_000))]
    answers = [an_answer(n, chance.choices(spoken, k=chance.randrange(1, 4))) for n in range(ANSWERS)]
    cases = [some_case(chance, LONG_AGO) for _ in range(chance.choice((0, 30, 400)))]
    own = [(n, some_case(chance, LONG_AGO)) for n in range(ANSWERS)]
    counted = days_looked_at(answers, cases, own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claims.resolve.track.ROOM", 0)
        assert days_looked_at(answers, cases, own) == counted


@pytest.mark.parametrize("room", [0, 48_000_000])
def test_what_was_settled_about_an_answer_is_no_day_of_its_question(
    room: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("claims.resolve.track.ROOM", room)
    answers = [an_answer(n, [LONG_AGO[500]]) for n in range(ANSWERS)]
    told = {"source": SOURCES[0], "kind": "other", "sign": 1, "right": True, "until": None}
    elsewhere, here = {**told, "since": LONG_AGO[300]}, {**told, "since": LONG_AGO[200]}
    assert days_looked_at(answers, [elsewhere], [(1, here)]) == [LONG_AGO[500], LONG_AGO[300]]
