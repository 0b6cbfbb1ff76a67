"""Sifting very many claims by columns: which of them may stand as is wanted on a day, or not alike on two
days, so that only those are worked out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.app.plainly import Work, track_of
from tracker.store.pages import Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from claims.resolve.kernel import Flags
    from claims.resolve.plaintable import Said
    from claims.vocabulary import Status
    from tracker.app.view import View

FIRST, MOST = 500, 20_000
"""So many claims are worked out at first; then four times as many are sifted, and so on, at most so many."""

ALIKE = 1e-7
"""Likelihoods that differ by less count as the same; nobody is told of a difference that is so small."""


def sifted(
    keys_of: Callable[[Stretch], list[str]], after: str, passing: Callable[[list[str]], set[str]] | None
) -> Iterator[list[str]]:
    """Keys in order after one, as ``keys_of`` gives those of a stretch, in portions that are to be worked
    out together: the first as it is; of those that follow, of more and more keys, what is ``passing``."""
    size = FIRST
    while keys := keys_of(Stretch(after, most=size)):
        left = keys if passing is None or size == FIRST else sorted(passing(keys))
        for start in range(0, len(left), FIRST):
            yield left[start : start + FIRST]
        after = keys[-1]
        if passing is not None:
            size = min(4 * size, MOST)


class Sieve:
    """Sifts the claims of a view that holds the whole record. Those that are not plain, which only their tied
    groups tell, pass in any case, and so do all where a policy is for none."""

    def __init__(self, view: View) -> None:
        self._view = view
        self._work = Work(everything=True)

    def standing(self, claims: Collection[str], day: date, wanted: Sequence[Status]) -> set[str]:
        """Those of some claims that may have one of some statuses on a day."""
        import numpy as np

        from claims.resolve.verdict import STATUSES

        codes = [STATUSES.index(status) for status in wanted]
        return self._passing(claims, [day], lambda said: np.isin(said[0].status, codes))

    def differing(self, claims: Collection[str], one: date, other: date) -> set[str]:
        """Those of some claims that may not stand alike on two days."""
        return self._passing(claims, [one, other], lambda said: ~_alike(*said))

    def _passing(
        self, claims: Collection[str], days: Sequence[date], passes: Callable[[list[Said]], Flags]
    ) -> set[str]:
        import numpy as np

        from claims.resolve.plain import is_for_columns
        from claims.resolve.plaintable import PlainTable
        from tracker.store.plain import read_plain

        reader, policy = self._view.reader, self._view.choice.own
        if not is_for_columns(policy):
            return set(claims)
        facts = read_plain(reader.connection, reader.tied(claims), policy, rivals=True)
        table, every = PlainTable(facts, policy), np.arange(len(facts.claims))
        track = track_of(reader.connection, table, policy, self._work)
        said = [table.on(every, np.full(len(every), day.toordinal()), track) for day in days]
        passed = passes(said)
        passed[list(facts.verdicts)] = True  # of what people said it is told which word was the last
        failed = {facts.claims[place] for place in np.flatnonzero(~passed).tolist()}
        return set(claims) - failed


def _alike(one: Said, other: Said) -> Flags:
    same: Flags = abs(one.likelihood - other.likelihood) < ALIKE
    for name in ("status", "confidence", "supporting_lines", "opposing_lines", "evidence", "stale"):
        same &= getattr(one, name) == getattr(other, name)
    return same
