"""Very many plain claims of an act, shared between this process and a second one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.halves import Standing, in_halves, together
from tracker.helper import Lost

if TYPE_CHECKING:
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.plain import PlainFacts
    from claims.resolve.plaintable import Said
    from claims.resolve.worth import Worth
    from tracker.helper import Helper


class Shared:
    """How plain claims stand on a day, and since when: as :class:`claims.halves.Standing` has it, one half of
    it worked out by a helper. If that is lost, its half is worked out here."""

    def __init__(
        self, facts: PlainFacts, policy: Policy, day: date, worth: Worth | None, helper: Helper
    ) -> None:
        self._helper = helper
        self._mine, self._theirs = parts = in_halves(facts)
        self._terms = policy, day, worth
        self._instead: Standing | None = None
        helper.heed(worth)
        helper.ask("stand", self._theirs.facts, policy, day)
        helper.ask("since")
        self._standing = Standing(self._mine.facts, policy, day, worth)
        try:
            said = helper.answer()
        except Lost:
            said = self._alone().said
        self.said: Said = together(self._standing.said, said, parts)

    def since(self) -> list[int]:
        """Since which day each has had its status, as an ordinal; 0 where it never had another."""
        since = np.empty(len(self._mine.places) + len(self._theirs.places), dtype=np.int64)
        since[self._mine.places] = self._standing.since()
        try:
            since[self._theirs.places] = self._helper.answer()
        except Lost:
            since[self._theirs.places] = self._alone().since()
        found: list[int] = since.tolist()
        return found

    def _alone(self) -> Standing:
        if self._instead is None:
            self._instead = Standing(self._theirs.facts, *self._terms)
        return self._instead
