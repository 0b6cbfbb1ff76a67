"""What the pieces of a tied group weigh by the records of their sources, on many days at once.

As :mod:`claims.resolve.records` has it: nothing that was settled within the group bears on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.track import places_of_own
from claims.resolve.worth import record_on, weights_with

if TYPE_CHECKING:
    from claims.policy import RecordNumbers
    from claims.resolve.kernel import Floats, Ints
    from claims.resolve.stretches import Voiced
    from claims.resolve.track import Known


class Heeding:
    """The records behind the pieces of a group: of the source of each, and of the one whose words it has."""

    def __init__(self, voiced: Voiced, known: Known, numbers: RecordNumbers) -> None:
        self.known = known
        self.numbers = numbers
        self.voiced = voiced
        self.rows = np.flatnonzero(~voiced.mention)
        some = [voiced.pieces[row] for row in self.rows]
        behind = [voiced.behind[row] for row in self.rows]
        self.passed_on = np.array(
            [at for at, piece in enumerate(some) if behind[at] != piece.source], dtype=np.int64
        )
        voices = [piece.source for piece in some] + [behind[at] for at in self.passed_on]
        of = np.concatenate([self.rows, self.rows[self.passed_on]])
        unknown = len(known.sources)
        source = np.array([known.sources.get(voice, unknown) for voice in voices], dtype=np.int64)
        slots = (source * known.kinds + voiced.kind[of]) * 2 + voiced.plus[of]
        self.slots, self.place = np.unique(slots, return_inverse=True)
        self._strength = voiced.alone[of][:, np.newaxis]
        rate = voiced.rate[of]
        self._anyway = np.where(voiced.plus[of] > 0, rate, 1 - rate)[:, np.newaxis]
        sources = self.slots // (2 * known.kinds)
        self._own = places_of_own(known, voiced.index, sources)

    def strengths(self, days: Ints) -> Floats:
        """What each piece weighs on each of some days."""
        alone = np.repeat(self.voiced.alone[:, np.newaxis], len(days), axis=1)
        if not len(self.rows):
            return alone
        found = record_on(self.known, self.slots, days, self._own, self.numbers.kind)
        right, said, holds, spoke = (each[self.place] for each in found)
        weight = weights_with((right, said, holds, spoke), self._strength, self._anyway, self.numbers)
        least = weight[: len(self.rows)]
        least[self.passed_on] = np.minimum(least[self.passed_on], weight[len(self.rows) :])
        alone[self.rows] = np.where(np.isinf(least), alone[self.rows], least)
        return alone
