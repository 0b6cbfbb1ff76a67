"""The days on which plain claims are looked at: none that is still to come, and of very many a selection."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest

from claims.lookedback import kept_ranks, own_days
from claims.resolve.accounts import next_looked_at
from claims.resolve.plaintable import PlainTable
from claims.resolve.worth import SPAN
from tests.app.test_plainly import SAID, TODAY, put
from tracker.app.policies import load_policy
from tracker.store import copies
from tracker.store.plain import read_plain


@pytest.mark.parametrize("kind", ["event", "location"])
def test_what_is_said_later_is_no_day_of_before(kind: str) -> None:
    """Also of what is so for a while, and loses weight with age from when it was said."""
    said = [{**SAID, "source": "a", "recorded_on": TODAY - timedelta(days=ago)} for ago in (30, 20, 10)]
    by, last = load_policy(), TODAY.toordinal() - 15
    with copies.in_memory() as connection:
        put(connection, [({"kind": kind}, said, [])], [])
        table = PlainTable(read_plain(connection, {"c0"}, by), by)
    days = own_days(table, np.arange(1), last) % SPAN
    assert days.tolist() == [TODAY.toordinal() - 30, TODAY.toordinal() - 20]


def test_of_very_many_days_those_are_kept_on_which_accounts_are_looked_at() -> None:
    looked_at, count = [1], 3_000
    while (number := next_looked_at(looked_at[-1])) <= count:
        looked_at.append(number)
    assert kept_ranks(count).tolist() == [number - 1 for number in looked_at]
    assert len(looked_at) < count / 10
