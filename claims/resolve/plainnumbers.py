"""The numbers of a policy as arrays, for claims that are weighed as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.plain import BASES, CREDIBILITIES, KINDS, SIDES, STANCES
from claims.resolve.scales import logit
from claims.vocabulary import Reliability, Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claims.policy import Policy
    from claims.resolve.kernel import Floats, Ints


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a policy as arrays, by the codes of kinds, stances and what is known of pieces."""

    rate: Floats
    base: Floats
    period: Ints
    strength: Floats
    sign: Ints
    grades: Mapping[str | None, float]
    credibility: Floats
    basis: Floats
    side: Floats


_HELD = 8
"""Of so many policies the numbers are held."""

_known: list[tuple[Policy, Numbers]] = []
"""Of the policies that were asked for last: to look each number up takes longer than to weigh a claim."""


def numbers_of(policy: Policy) -> Numbers:
    """The numbers of a policy, which nobody may alter."""
    for known, numbers in _known:
        if known is policy:
            return numbers
    rates = [policy.base_rate_of(kind) for kind in KINDS]
    strengths = [[policy.strength_of_stance(kind, stance) for stance in STANCES] for kind in KINDS]
    signs = [[policy.sign_of_stance(kind, stance) for stance in STANCES] for kind in KINDS]
    grades: dict[str | None, float] = {None: 1.0, Reliability.F: 1.0}
    sides = [
        [1.0 if side is None else policy.factor_of_side(Side(side), stance) for stance in STANCES]
        for side in SIDES
    ]
    made = Numbers(
        rate=np.array(rates),
        base=np.array([logit(rate) for rate in rates]),
        period=np.array([policy.stale_after(kind) for kind in KINDS]),
        strength=np.array(strengths),
        sign=np.array(signs, dtype=np.int64),
        grades=grades | {str(grade): factor for grade, factor in policy.reliability.items()},
        credibility=np.array(
            [policy.credibility.get(str(each), 1.0) for each in CREDIBILITIES], dtype=np.float64
        ),
        basis=np.array([1.0 if each is None else policy.basis[each] for each in BASES], dtype=np.float64),
        side=np.array(sides, dtype=np.float64),
    )
    _known.insert(0, (policy, made))
    del _known[_HELD:]
    return made
