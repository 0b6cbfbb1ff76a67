"""One plain claim by itself: what a row adds to either side."""

from __future__ import annotations

import numpy as np

from claims.oneplain import OneClaim, is_one
from claims.resolve.kernel import PAIRS_UP_TO
from claims.resolve.plaintable import PlainTable
from tests.app.test_plainly import SAID, TODAY, put
from tracker.app.policies import load_policy
from tracker.store import copies
from tracker.store.plain import read_plain


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


def test_a_claim_on_which_very_many_spoke_is_not_compared_row_by_row() -> None:
    """What that takes grows by the square of their number."""
    told, by = {**SAID, "stance": "supports", "recorded_on": TODAY}, load_policy()
    for count in (PAIRS_UP_TO, PAIRS_UP_TO + 1):
        with copies.in_memory() as connection:
            put(connection, [({"kind": "other"}, [{**told, "source": "a"}] * count, [])], [])
            table = PlainTable(read_plain(connection, {"c0"}, by), by)
        assert len(table.claim) == count
        assert is_one(table) == (count == PAIRS_UP_TO)
