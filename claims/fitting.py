"""Fitting a policy's numbers to settled claims: penalised maximum likelihood over the real rows.

Fitted are four numbers in nats: the base rate's log-odds and the weights of ``supports``, ``denies``
and ``mentions``; ``doubts`` keeps its share of ``denies``. How a row's weight moves with the numbers is
asked of the resolver itself, a little to the side of where they are; ranks are those of its kernel. So
nothing of the resolver is written down here a second time. Without track records a row's weight is
a straight line in the number of its stance; with them nearly so, and it is asked again from the
numbers found until these stay. Numbers that a policy gives for one kind alone are left as they
are, and so are ties between claims.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from claims.resolve.arrays import columns_of
from claims.resolve.columns import rows_of
from claims.resolve.kernel import Columns, weigh
from claims.resolve.scales import logit, probability
from claims.vocabulary import Kind, Stance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from claims.policy import Policy
    from claims.resolve.dossier import Dossier

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

NAMES = ("base", "supports", "denies", "mentions")
BASE, SUPPORTS, DENIES, MENTIONS = range(4)
PLACE = {
    Stance.SUPPORTS: SUPPORTS,
    Stance.DENIES: DENIES,
    Stance.DOUBTS: DENIES,
    Stance.MENTIONS: MENTIONS,
}
"""Which number moves the rows of a stance."""

SPREAD = np.array([1.0, 1.0, 1.5, 0.05])
"""How far, in nats, each number may be from that of the policy it starts from: one standard
deviation of the normal prior at a pull of 1."""

POOR, FLOOR = 0.5, 0.1
"""What the support of a source of no good repute is worth, against that of one nothing is known of (the
factor of the grade D), and the least that it and the base may come to, in nats: a claim that such a
source makes and nobody opposes stays likelier than not, if only just. Emergent alone would have it
lower, because its newsroom followed rumours; carried to the threads of RumourEval 2019, such numbers
do worse than a majority of stances. Chosen after seeing that."""

MOST_MENTION = 0.25
"""Nats: a mention takes no side, and may weigh next to nothing only, upwards."""

LEAST_AGAINST, MOST_AGAINST = 0.001, 1.0
"""Nats: the same downwards, in a policy that counts it against a claim that many carry it and nobody
stands behind it. A mention keeps the way that it pulls in the policy that was started from."""

SPREAD_AGAINST = 0.4
"""How far the number of such a mention may be from where it started: one standard deviation."""

RUMOURS = str(Kind.OTHER)
"""The kind whose own number for mentions is the one that is fitted, where a policy has one."""

STEP = 1e-3
"""How far to the side (nats) rows are asked for their weight."""

ROUNDS = 8
SETTLED = 1e-3
"""Nats: when no number moves further from one round to the next, they stay."""

MOST_STEPS = 60
SMALL = 1e-8


@dataclass(frozen=True, slots=True)
class Design:
    """What some claims' rows weigh when the numbers are ``here``, as ``columns``, and how that moves:
    ``slope`` with the number of a row's stance (``place``), ``base_slope`` with the base's.
    ``base_moves`` is 1 for each claim whose base rate is the one that is fitted."""

    columns: Columns
    here: Floats
    place: Ints
    slope: Floats
    base_slope: Floats
    base_moves: Floats

    def at(self, numbers: Floats) -> Columns:
        """The columns that the kernel weighs when the numbers are these. Mentions must pull the way
        that they pull here."""
        return replace(
            self.columns,
            base=self.columns.base + self.base_moves * (numbers[BASE] - self.here[BASE]),
            strength=np.maximum(self._strength(numbers), 0.0),
        )

    def _strength(self, numbers: Floats) -> Floats:
        """What each row weighs on the straight line through here, which may go below nothing."""
        moved = numbers - self.here
        based = self.base_slope * (numbers[BASE] - self.here[BASE])
        straight: Floats = self.columns.strength + self.slope * moved[self.place] + based
        return straight

    def log_odds(self, numbers: Floats) -> Floats:
        """Log-odds of each claim (nats)."""
        return weigh(self.at(numbers)).log_odds

    def slopes(self, numbers: Floats) -> Floats:
        """How the log-odds of each claim (rows) move with each number (columns), at these ranks."""
        return self.straight(numbers)[1]

    def straight(self, numbers: Floats) -> tuple[Floats, Floats]:
        """Log-odds and slopes, in one weighing."""
        columns = self.at(numbers)
        weighed = weigh(columns)
        rank = weighed.rank
        # A weight of nothing can still grow; one on the straight line's far side cannot.
        counts = (rank > 0) & (self._strength(numbers) > -SMALL)
        share = np.zeros(len(rank))
        share[counts] = columns.sign[counts] / rank[counts]
        moved = np.zeros((len(columns.base), len(NAMES)))
        np.add.at(moved, (columns.claim, self.place), share * self.slope)
        np.add.at(moved[:, BASE], columns.claim, share * self.base_slope)
        moved[:, BASE] += self.base_moves
        return weighed.log_odds, moved

    def denied(self, numbers: Floats) -> NDArray[np.bool_]:
        """Whether anything that counts denies or doubts each claim."""
        columns = self.at(numbers)
        against = (self.place == DENIES) & (weigh(columns).rank > 0) & (columns.strength > 0)
        return np.bincount(columns.claim[against], minlength=len(columns.base)) > 0

    def part(self, claims: Sequence[int]) -> Design:
        """The design of some of the claims, numbered anew in the order given."""
        chosen = np.asarray(claims, dtype=np.int64)
        number = np.full(len(self.columns.base), -1, dtype=np.int64)
        number[chosen] = np.arange(len(chosen))
        kept = number[self.columns.claim] >= 0
        old = self.columns
        columns = Columns(
            base=old.base[chosen],
            claim=number[old.claim[kept]],
            sign=old.sign[kept],
            strength=old.strength[kept],
            origin=old.origin[kept],
            independent=old.independent[kept],
        )
        return Design(
            columns,
            self.here,
            self.place[kept],
            self.slope[kept],
            self.base_slope[kept],
            self.base_moves[chosen],
        )


def spread_around(towards: Floats) -> Floats:
    """How far each number may be from those it starts from: see :data:`SPREAD`."""
    spread = SPREAD.copy()
    if towards[MENTIONS] < 0:
        spread[MENTIONS] = SPREAD_AGAINST
    return spread


def numbers_of(policy: Policy) -> Floats:
    """The four numbers of a policy, in nats."""
    stance = policy.stance["default"]
    mentions = policy.stance[_place_of_mentions(policy)][Stance.MENTIONS]
    return np.array(
        [logit(policy.base_rate["default"]), stance[Stance.SUPPORTS], stance[Stance.DENIES], mentions]
    )


def _place_of_mentions(policy: Policy) -> str:
    """Under which kind the fitted number of mentions stands."""
    return RUMOURS if Stance.MENTIONS in policy.stance.get(RUMOURS, {}) else "default"


def with_numbers(policy: Policy, numbers: Floats) -> Policy:
    """The same policy with other numbers."""
    before = policy.stance["default"]
    share = before[Stance.DOUBTS] / before[Stance.DENIES] if before[Stance.DENIES] else 0.0
    stance = {
        **before,
        str(Stance.SUPPORTS): float(numbers[SUPPORTS]),
        str(Stance.DENIES): float(numbers[DENIES]),
        str(Stance.DOUBTS): share * float(numbers[DENIES]),
    }
    stances = {**policy.stance, "default": stance}
    place = _place_of_mentions(policy)
    stances[place] = {**stances[place], str(Stance.MENTIONS): float(numbers[MENTIONS])}
    return replace(
        policy,
        base_rate={**policy.base_rate, "default": probability(float(numbers[BASE]))},
        stance=stances,
    )


def design_of(dossier: Dossier, claims: Sequence[str], policy: Policy, as_of: date) -> Design:
    """The rows of some claims, by their keys, as the resolver of a policy weighs them on a day."""
    records = [dossier.claims[key] for key in claims]
    here = numbers_of(policy)
    rows = rows_of(dossier, records, policy, as_of)
    columns = columns_of(rows, records, policy, dossier)

    def slope(*moving: int) -> Floats:
        """How what the rows weigh moves with some of the numbers."""
        step = np.zeros(len(NAMES))
        step[list(moving)] = STEP
        if here[MENTIONS] < 0:
            step[MENTIONS] *= -1  # further down: at nothing, mentions would turn
        aside = rows_of(dossier, records, with_numbers(policy, here + step), as_of)
        moved = np.array([row.strength for row in aside]) - columns.strength
        return moved / (step[place] if len(moving) > 1 else STEP)

    place = np.array([PLACE[row.piece.stance] for row in rows], dtype=np.int64)
    heeded = policy.records is not None  # without them no row's weight hangs on the base rate
    return Design(
        columns=columns,
        here=here,
        place=place,
        slope=slope(SUPPORTS, DENIES, MENTIONS),
        base_slope=slope(BASE) if heeded else np.zeros(len(rows)),
        base_moves=np.array([float(claim.kind not in policy.base_rate) for claim in records]),
    )


# --- the fit ----------------------------------------------------------------------------------


def fit_through(
    probe: Callable[[Floats], Design],
    truths: Sequence[bool],
    towards: Floats,
    pull: float,
    *,
    hold_mentions: bool = False,
) -> Floats:
    """The numbers that :func:`fit` finds when the rows are asked again at what it found, until they
    stay. ``probe`` gives the design at some numbers."""
    numbers, design = towards, probe(towards)
    for _ in range(ROUNDS):
        found = fit(design, truths, towards, pull, hold_mentions=hold_mentions)
        moved = float(np.abs(found - numbers).max())
        numbers = found
        if moved < SETTLED:
            break
        design = probe(numbers)
    return numbers


def fit(
    design: Design,
    truths: Sequence[bool],
    towards: Floats,
    pull: float,
    *,
    hold_mentions: bool = False,
) -> Floats:
    """The numbers under which what turned out true was likeliest, pulled towards others.

    Minimises −Σ ln P(truth) + ½ Σ ((number − towards) / (pull · spread))², so that a smaller
    ``pull`` stays nearer. Supports and denials never weigh less than nothing, and the base with the
    support of a poor source never less than :data:`FLOOR`. With ``hold_mentions`` that number stays
    as it is in those others.

    While the ranks of rows hold, log-odds are a straight line in the numbers, and the problem is
    convex: it is solved so, the rows are ranked anew, and so on until the numbers stay.
    """
    turned = np.asarray(truths, dtype=np.float64)
    numbers = towards
    for _ in range(ROUNDS):
        spread = pull * spread_around(towards)
        problem = _Problem(design, turned, numbers, towards, spread, hold_mentions=hold_mentions)
        found = problem.solve()
        moved = float(np.abs(found - numbers).max())
        numbers = found
        if moved < SMALL:
            break
    return numbers


class _Problem:
    """The fit at the ranks that rows have when the numbers are ``near``. The base is replaced by what
    it and a poor support come to above the floor, so that every condition is a bound on one variable.

    Solved by Newton's method on the side of the bounds that is free (Bertsekas 1982), halving steps
    that do not improve.
    """

    def __init__(
        self,
        design: Design,
        truths: Floats,
        near: Floats,
        towards: Floats,
        spread: Floats,
        *,
        hold_mentions: bool,
    ) -> None:
        odds, self.slopes = design.straight(near)
        self.odds = odds - self.slopes @ near
        self.truths = truths
        self.near = near
        self.towards = towards
        self.spread = spread
        low, high = (0.0, MOST_MENTION) if towards[MENTIONS] >= 0 else (-MOST_AGAINST, -LEAST_AGAINST)
        if hold_mentions:
            low = high = float(towards[MENTIONS])
        self.low = np.array([0.0, 0.0, SMALL, low])
        self.high = np.array([np.inf, np.inf, np.inf, high])
        self.turn = np.eye(len(NAMES))
        self.turn[BASE, SUPPORTS] = -POOR

    def solve(self) -> Floats:
        """The best numbers at these ranks."""
        here = self.within(self.variables(self.near))
        for _ in range(MOST_STEPS):
            there = self.better(here)
            moved = float(np.abs(there - here).max())
            here = there
            if moved < SMALL:
                break
        return self.numbers(here)

    def variables(self, numbers: Floats) -> Floats:
        """The variables that stand for numbers."""
        variables = numbers.copy()
        variables[BASE] += POOR * variables[SUPPORTS] - FLOOR
        return variables

    def numbers(self, variables: Floats) -> Floats:
        """The numbers that the variables stand for."""
        numbers = self.turn @ variables
        numbers[BASE] += FLOOR
        return numbers

    def within(self, variables: Floats) -> Floats:
        """The nearest variables that keep every condition."""
        return np.clip(variables, self.low, self.high)

    def value(self, variables: Floats) -> float:
        """What is minimised."""
        numbers = self.numbers(variables)
        odds = self.odds + self.slopes @ numbers
        off = self._off(numbers)
        return float((np.logaddexp(0.0, odds) - self.truths * odds).sum() + off @ off / 2)

    def better(self, variables: Floats) -> Floats:
        """The variables one step on: Newton's step, halved until it improves; the same where none does."""
        before, step = self.value(variables), self._step(variables)
        size = 1.0
        while size > SMALL:
            there = self.within(variables + size * step)
            if self.value(there) < before:
                return there
            size /= 2
        return variables

    def _step(self, variables: Floats) -> Floats:
        """Newton's step for the variables that are free: not at a bound that they press against."""
        numbers = self.numbers(variables)
        likely = 1.0 / (1.0 + np.exp(-(self.odds + self.slopes @ numbers)))
        slopes = self.slopes @ self.turn
        prior = self.turn / self.spread[:, None]
        downhill = -(slopes.T @ (likely - self.truths) + prior.T @ self._off(numbers))
        curve = slopes.T @ (slopes * (likely * (1 - likely))[:, None]) + prior.T @ prior
        free = ~(((variables <= self.low) & (downhill <= 0)) | ((variables >= self.high) & (downhill >= 0)))
        step = np.zeros(len(NAMES))
        if free.any():
            inner = curve[np.ix_(free, free)] + SMALL * np.eye(int(free.sum()))
            step[free] = np.linalg.solve(inner, downhill[free])
        return step

    def _off(self, numbers: Floats) -> Floats:
        off: Floats = (numbers - self.towards) / self.spread
        return off
