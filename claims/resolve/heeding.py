"""What the pieces of a tied group weigh by the records of their sources, on many days at once.

As :mod:`claims.resolve.records` has it: nothing that was settled within the group bears on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.track import places_of_own
from claims.resolve.worth import weights_with

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
        right, said, holds, spoke = (each[self.place] for each in self._records(days))
        weight = weights_with((right, said, holds, spoke), self._strength, self._anyway, self.numbers)
        least = weight[: len(self.rows)]
        least[self.passed_on] = np.minimum(least[self.passed_on], weight[len(self.rows) :])
        alone[self.rows] = np.where(np.isinf(least), alone[self.rows], least)
        return alone

    def _records(self, days: Ints) -> tuple[Floats, Floats, Floats, Floats]:
        """Right, said, holds, spoke of :class:`claims.resolve.records.Record`, by slot and day."""
        known, count = self.known, len(days)
        of_kind = self.slots // 2
        every_day = np.tile(days, len(self.slots))
        alike = known.alike.on(np.repeat(of_kind, count), every_day).astype(np.int64)
        other = known.all.on(np.repeat(of_kind // known.kinds, count), every_day) - alike
        shape = (len(self.slots), count, 4)
        alike, other = alike.reshape(shape), other.reshape(shape)
        for place, case in zip(*(each.tolist() for each in self._own), strict=True):
            stands = (known.since[case] <= days) & (days < known.until[case])
            kind = of_kind[place] % known.kinds
            counts = alike if known.kind[case] == kind else other
            counts[place, stands, known.side[case] * 2 + known.right[case]] -= 1
        counts = alike + self.numbers.kind * other
        plus = (self.slots % 2 > 0)[:, np.newaxis]
        same, against = counts[:, :, 2:], counts[:, :, :2]
        right, wrong = (np.where(plus, same[:, :, at], against[:, :, at]) for at in (1, 0))
        gainsaid, missed = (np.where(plus, against[:, :, at], same[:, :, at]) for at in (0, 1))
        said = right + wrong
        return right, said, right + gainsaid, said + gainsaid + missed
