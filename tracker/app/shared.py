"""Very many plain claims of an act, shared between this process and a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.halves import Standing, in_halves, together
from tracker.helper import Lost

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.kernel import Ints
    from claims.resolve.plain import PlainFacts
    from claims.resolve.plaintable import Said
    from claims.resolve.worth import Worth
    from tracker.helper import Helper


class Shared:
    """How plain claims stand on a day, and since when: as :class:`claims.halves.Standing` has it, one half of
    it worked out by a helper. If that is lost, its half is worked out here."""

    def __init__(
        self,
        facts: PlainFacts,
        policy: Policy,
        day: date,
        worth: Worth | None,
        helper: Helper,
        *,
        of_all: bool = False,
    ) -> None:
        """``of_all``: since when will be asked of all of them, and the helper goes on with that at once."""
        self._helper = helper
        self._of_all = of_all
        self._since: Ints | None = None
        self._mine, self._theirs = parts = in_halves(facts)
        self._terms = policy, day, worth
        self._instead: Standing | None = None
        helper.heed(worth)
        helper.ask("stand", self._theirs.facts, policy, day)
        if of_all:
            helper.ask("since", None)
        self._standing = Standing(self._mine.facts, policy, day, worth)
        try:
            said = helper.answer()
        except Lost:
            said = self._alone().said
        self.said: Said = together(self._standing.said, said, parts)

    def since(self, some: Sequence[int]) -> list[int]:
        """Since which day those at some places have had their status, as an ordinal."""
        places = np.array(some, dtype=np.int64)
        number = np.empty(len(self._mine.places) + len(self._theirs.places), dtype=np.int64)
        number[self._mine.places] = np.arange(len(self._mine.places))
        number[self._theirs.places] = np.arange(len(self._theirs.places))
        theirs = np.isin(places, self._theirs.places)
        since = np.empty(len(places), dtype=np.int64)
        asked = number[places[theirs]]
        if not self._of_all:
            self._helper.ask("since", asked)
        since[~theirs] = self._standing.since(number[places[~theirs]])
        try:
            since[theirs] = self._of_those(asked)
        except Lost:
            since[theirs] = self._alone().since(asked)
        found: list[int] = since.tolist()
        return found

    def _of_those(self, places: Ints) -> Ints:
        """What the helper says of places that it was asked about. Raises :class:`Lost`."""
        if not self._of_all:
            answer: Ints = self._helper.answer()
            return answer
        if self._since is None:
            self._since = self._helper.answer()
        found: Ints = self._since[places]
        return found

    def _alone(self) -> Standing:
        if self._instead is None:
            self._instead = Standing(self._theirs.facts, *self._terms)
        return self._instead
