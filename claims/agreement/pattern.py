"""How usual it would be for the other answers to be the wrong ones: wrong answers cluster."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.agreement.table import per_candidate, per_question

if TYPE_CHECKING:
    from claims.agreement.table import Floats, Ints, Table

MOST_SPREAD = 100.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """What is needed of a table to say how its other answers cluster, per candidate.

    If a candidate is right, all others are errors, and errors repeat: the next is a new one with probability
    spread / (spread + errors so far), else it repeats an earlier one in proportion to how often that was made
    (the Chinese restaurant process). ``wrong``: the assertions that would be errors; ``kinds``: how many
    different ones; ``alike``: the sum of log (n - 1)! over them; ``same`` and ``pairs``: pairs of
    them that agree, and all pairs. Closed tables have no pattern: which errors there are is known.
    """

    wrong: Ints
    kinds: Floats
    alike: Floats
    same: Floats
    pairs: Floats

    def spread(self, probability: Floats) -> float:
        """How many kinds of errors there are to make, from how seldom errors agree."""
        differ = float((probability * (self.pairs - self.same)).sum())
        agree = float((probability * self.same).sum())
        return min((differ + 1) / (agree + 1), MOST_SPREAD)

    def nats(self, spread: float, believed: float) -> Floats:
        """Per candidate: the believed part of the log-probability of the other answers as errors."""
        most = int(self.wrong.max(initial=0))
        rising = np.concatenate([[0.0], np.cumsum(np.log(spread + np.arange(most + 1)))])
        return np.asarray(believed * (self.kinds * np.log(spread) + self.alike - rising[self.wrong]))


def pattern_of(table: Table) -> Pattern:
    """The pattern of an open table."""
    votes = table.votes
    most = int(votes.max(initial=0))
    # log (n - 1)! for n = 0, 1, 2, …; nobody's answer is no error.
    factorial = np.concatenate([[0.0, 0.0], np.cumsum(np.log(np.arange(1, most + 2)))])
    alike = factorial[votes.astype(np.int64)]
    wrong = per_candidate(table, table.spoken) - votes
    named = (votes > 0).astype(np.float64)

    def of_the_others(values: Floats) -> Floats:
        return np.asarray(per_candidate(table, per_question(table, values)) - values)

    return Pattern(
        wrong=wrong.astype(np.int64),
        kinds=of_the_others(named),
        alike=of_the_others(alike),
        same=of_the_others(votes * (votes - 1) / 2),
        pairs=wrong * (wrong - 1) / 2,
    )
