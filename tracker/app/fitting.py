"""Fitting a policy to settled claims, and finding out on claims held back what that is worth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product
from statistics import mean, pstdev
from typing import TYPE_CHECKING

import numpy as np

from claims.errors import BadValue, TooFewSettled
from claims.fitting import MENTIONS, Design, design_of, fit, fit_through, numbers_of, with_numbers
from claims.measure import CALLS, FALSE, TRUE, UNSETTLED, call_of, log_loss, macro_f, measure
from claims.policy import RULE, Calls
from tracker.report.measuring import HeldOut, Spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from claims.measure import Measures
    from claims.policy import Policy
    from claims.resolve import Dossier
    from tracker.app.settled import Settled

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

FITTED = ("base rate", "supports", "denies", "doubts", "mentions", "calls", "prior of records (if heeded)")
"""What a fit changes; a policy's other numbers stay."""

FEWEST = 60
"""Settled claims below which nothing is fitted. Cautious: on Emergent the fit helped from twenty on."""

FEWEST_OF_EACH = 20
"""Settled claims of the rarer truth below which nothing is fitted."""

PULLS = (1.0, 2.0)
"""How far the data may pull the numbers, tried by cross-validation: see ``claims.fitting.fit``. On
Emergent a quarter and a half were tried too, and did worse on claims held back (log loss .275 and
.272 against .267)."""

DIGITS = 3

PRIORS = (16.0, 8.0, 4.0)
"""Settled claims that a grade is worth against a source's record, tried likewise, cautious ones first.
No fewer: one case must not outweigh what is otherwise known of a source."""

INNER_FOLDS = 5
INNER_REPEATS = 2
"""Parts into which claims are dealt when these are chosen, and how often: from one dealing to another
the best pull moves."""

TRUE_FROM = tuple(n / 100 for n in range(60, 100, 5))
FALSE_UP_TO = tuple(n / 100 for n in range(10, 55, 5))
"""Calls that are tried."""


@dataclass(frozen=True, slots=True)
class Fitted:
    """A policy with fitted numbers, and how far the data were let to pull them."""

    policy: Policy
    pull: float


@dataclass(frozen=True, slots=True)
class _Held:
    """Claims called by numbers that have not seen them, by key."""

    likelihood: dict[str, float]
    call: dict[str, str]


# --- fitting ----------------------------------------------------------------------------------


def fit_policy(settled: Settled, policy: Policy, *, seed: int = 0, mentions: float | None = None) -> Fitted:
    """The policy with its numbers fitted to settled claims, near those it has: as far from them as
    does best on claims held back.

    Raises :class:`TooFewSettled`.
    """
    check_enough(settled)
    return _fitted(_claims(settled, policy, mentions), settled.claims, seed)


def check_enough(settled: Settled) -> None:
    """Refuse to fit to a handful of claims; raises :class:`TooFewSettled`."""
    ended = settled.claims
    true = sum(settled.truths(ended))
    rarer = min(true, len(ended) - true)
    if len(ended) < FEWEST or rarer < FEWEST_OF_EACH:
        raise TooFewSettled(
            f"{len(ended)} claims are settled, {rarer} of them with the rarer truth; to fit, "
            f"{FEWEST} and {FEWEST_OF_EACH} are needed",
            "use the numbers that ship until more claims are settled; tracker policy evaluate measures them",
        )


class _Claims:
    """Settled claims under a policy, as they look to somebody who knows how some of them ended:
    what a source's record says must come from these alone."""

    def __init__(
        self, settled: Settled, policy: Policy, dossier: Dossier, *, hold_mentions: bool = False
    ) -> None:
        self.settled = settled
        self.policy = policy
        self.dossier = dossier
        self.hold_mentions = hold_mentions
        self.towards = numbers_of(policy)
        self.keys = sorted(settled.ends)
        self.place = {key: number for number, key in enumerate(self.keys)}

    @cached_property
    def design(self) -> Design:
        """The design at the policy's own numbers."""
        return self.probe(self.towards)

    def knowing(self, keys: Sequence[str]) -> _Claims:
        """The same claims to somebody who knows how these ended, and of no others."""
        if self.policy.records is None:
            return self
        return self._with(self.policy, self.settled.known(self.policy, keys))

    def trying(self) -> list[_Claims]:
        """The same claims with the records of sources trusted more and less; just these claims where
        the policy heeds no records."""
        records = self.policy.records
        if records is None:
            return [self]
        policies = [replace(self.policy, records=replace(records, prior=prior)) for prior in PRIORS]
        return [self._with(policy, self.dossier) for policy in policies]

    def _with(self, policy: Policy, dossier: Dossier) -> _Claims:
        return _Claims(self.settled, policy, dossier, hold_mentions=self.hold_mentions)

    def probe(self, numbers: Floats) -> Design:
        """The design of all claims at some numbers."""
        policy = with_numbers(self.policy, numbers)
        return design_of(self.dossier, self.keys, policy, self.settled.last_day)

    def part(self, keys: Sequence[str], design: Design | None = None) -> Design:
        """The design of some claims."""
        return (design or self.design).part([self.place[key] for key in keys])

    def fit(self, keys: Sequence[str], pull: float) -> Floats:
        """The numbers fitted to some of the settled claims."""
        truths = self.settled.truths(keys)
        if self.policy.records is None:
            return fit(self.part(keys), truths, self.towards, pull, hold_mentions=self.hold_mentions)

        def probe(numbers: Floats) -> Design:
            own = np.array_equal(numbers, self.towards)
            return self.part(keys, self.design if own else self.probe(numbers))

        return fit_through(probe, truths, self.towards, pull, hold_mentions=self.hold_mentions)

    def best(self, keys: Sequence[str], seed: int) -> tuple[_Claims, float]:
        """How far to trust records, and the pull, with the least log loss on claims held back; of
        equals, the more cautious."""
        losses: dict[tuple[float, float, int], tuple[_Claims, float]] = {}
        for number, each in enumerate(self.trying()):
            dealings = [each.held_back(keys, seed + again) for again in range(INNER_REPEATS)]
            for pull in PULLS:
                loss = mean(each.loss(keys, likely[pull]) for likely in dealings)
                losses[loss, pull, number] = each, pull
        return losses[min(losses)]

    def loss(self, keys: Sequence[str], likely: Mapping[str, float]) -> float:
        """The log loss of likelihoods on some settled claims."""
        found = log_loss([likely[key] for key in keys], self.settled.truths(keys))
        assert found is not None
        return found

    def held_back(self, keys: Sequence[str], seed: int) -> dict[float, dict[str, float]]:
        """For each pull, how likely each of some claims is by numbers fitted to the others.

        Straight lines do here: a pull is to be chosen, and no number kept. Records leave each claim
        out by themselves.
        """
        likely: dict[float, dict[str, float]] = {pull: {} for pull in PULLS}
        for train, test in deal(self.settled, keys, INNER_FOLDS, seed):
            design, trained = self.part(train), self.settled.truths(train)
            for pull in PULLS:
                numbers = fit(design, trained, self.towards, pull, hold_mentions=self.hold_mentions)
                likely[pull] |= self.likelihoods(test, numbers, self.design)
        return likely

    def likelihoods(self, keys: Sequence[str], numbers: Floats, design: Design) -> dict[str, float]:
        """How likely each of some claims is under these numbers."""
        odds = self.part(keys, design).log_odds(numbers)
        return dict(zip(keys, (1.0 / (1.0 + np.exp(-odds))).tolist(), strict=True))

    def denied(self, keys: Sequence[str], numbers: Floats, design: Design) -> dict[str, bool]:
        """Which of some claims anybody denies or doubts."""
        return dict(zip(keys, self.part(keys, design).denied(numbers).tolist(), strict=True))


def _claims(settled: Settled, policy: Policy, mentions: float | None) -> _Claims:
    """Settled claims under a policy; ``mentions`` holds that number where it is not to be fitted."""
    _check_rule(policy)
    if mentions is not None:
        numbers = numbers_of(policy)
        numbers[MENTIONS] = mentions
        policy = with_numbers(policy, numbers)
    return _Claims(settled, policy, settled.known(policy), hold_mentions=mentions is not None)


def _check_rule(policy: Policy) -> None:
    if policy.rule != RULE:
        raise BadValue(
            f"{policy.label} goes by the rule {policy.rule}, whose numbers are not fitted",
            f"start from a policy of the rule {RULE}",
        )


def _fitted(claims: _Claims, ended: Sequence[str], seed: int) -> Fitted:
    claims, pull = claims.best(ended, seed)
    numbers = claims.fit(ended, pull)
    policy = _rounded(with_numbers(claims.policy, numbers))
    calls = _calls_for(claims, claims.keys, numbers, claims.probe(numbers))
    return Fitted(replace(policy, calls=calls), pull)


def _rounded(policy: Policy) -> Policy:
    """The numbers with no more digits than the data give."""
    stances = {
        kind: {each: round(number, DIGITS) for each, number in numbers.items()}
        for kind, numbers in policy.stance.items()
    }
    base = {**policy.base_rate, "default": round(policy.base_rate["default"], DIGITS)}
    return replace(policy, base_rate=base, stance=stances)


def _calls_for(claims: _Claims, keys: Sequence[str], numbers: Floats, design: Design) -> Calls:
    """The calls that do best on some claims, settled and unsettled."""
    likely = claims.likelihoods(keys, numbers, design)
    denied = claims.denied(keys, numbers, design)
    return best_calls(
        [likely[key] for key in keys],
        [denied[key] for key in keys],
        [claims.settled.ends[key] for key in keys],
        claims.policy.calls,
    )


def best_calls(
    likelihoods: Sequence[float], denied: Sequence[bool], ends: Sequence[str], shipped: Calls
) -> Calls:
    """Half-way from the shipped cut-offs to those with the best three-class macro-F, each averaged with
    its neighbours: on a hundred claims the best are half luck. The shipped ones where there is no
    unsettled claim to tell from the others, or where nothing is better."""
    if set(ends) != set(CALLS):
        return shipped
    found = {
        (true, false): macro_f(
            [
                call_of(likely, Calls(true, false), denied=denies)
                for likely, denies in zip(likelihoods, denied, strict=True)
            ],
            ends,
        )
        or 0.0
        for true, false in product(TRUE_FROM, FALSE_UP_TO)
    }

    def smooth(at: tuple[float, float]) -> float:
        near = [
            value
            for (true, false), value in found.items()
            if abs(true - at[0]) < 0.06 and abs(false - at[1]) < 0.06
        ]
        return mean(near)

    def order(at: tuple[float, float]) -> tuple[float, float]:
        return -round(smooth(at), 6), abs(at[0] - shipped.true) + abs(at[1] - shipped.false)

    true, false = min(found, key=order)
    return Calls(round((true + shipped.true) / 2, DIGITS), round((false + shipped.false) / 2, DIGITS))


# --- held back --------------------------------------------------------------------------------


def cross_validate(
    settled: Settled,
    policy: Policy,
    *,
    folds: int = 10,
    repeats: int = 5,
    seed: int = 0,
    mentions: float | None = None,
    watch: Callable[[], object] = lambda: None,
) -> HeldOut:
    """Fit to all claims but a tenth, call that tenth, and so on for each tenth; several times, the
    claims dealt anew. Everything is fitted inside: pull, numbers, calls. ``watch`` is called after
    each fit. The same seed gives the same figures.
    """
    check_enough(settled)
    claims = _claims(settled, policy, mentions)
    ended = settled.claims
    found: dict[str, list[float]] = {}
    for repeat in range(repeats):
        held = _hold_out(claims, folds, seed + repeat, watch)
        figures = _figures(settled, held, measure([held.likelihood[k] for k in ended], settled.truths(ended)))
        for name, value in figures.items():
            if value is not None:
                found.setdefault(name, []).append(value)
    spread = {name: Spread(mean(values), pstdev(values)) for name, values in found.items()}
    return HeldOut(folds, repeats, seed, len(ended), spread)


def _figures(settled: Settled, held: _Held, found: Measures) -> dict[str, float | None]:
    keys = sorted(settled.ends)
    return {
        "accuracy": found.accuracy,
        "auc": found.auc,
        "brier": found.brier,
        "log_loss": found.log_loss,
        "calibration_error": found.calibration_error,
        "macro_f": macro_f([held.call[key] for key in keys], [settled.ends[key] for key in keys]),
    }


def _hold_out(claims: _Claims, folds: int, seed: int, watch: Callable[[], object]) -> _Held:
    held = _Held({}, {})
    for train, test in deal(claims.settled, claims.keys, folds, seed):
        ended = [key for key in train if claims.settled.ends[key] != UNSETTLED]
        then, pull = claims.knowing(ended).best(ended, seed)
        numbers = then.fit(ended, pull)
        design = then.probe(numbers)
        calls = _calls_for(then, train, numbers, design)
        likely, denied = then.likelihoods(test, numbers, design), then.denied(test, numbers, design)
        held.likelihood.update(likely)
        held.call.update({key: call_of(likely[key], calls, denied=denied[key]) for key in test})
        watch()
    return held


def deal(
    settled: Settled, keys: Sequence[str], folds: int, seed: int
) -> Iterator[tuple[list[str], list[str]]]:
    """Some claims dealt into folds at random, each fold with its share of every end: for each, the
    claims outside it and those in it."""
    chance = np.random.default_rng(seed)
    fold: dict[str, int] = {}
    for end in (TRUE, FALSE, UNSETTLED):
        those = [key for key in keys if settled.ends[key] == end]
        for number in chance.permutation(len(those)):
            fold[those[number]] = len(fold) % folds
    for number in sorted(set(fold.values())):  # where there are fewer claims than folds, fewer folds
        yield [key for key in keys if fold[key] != number], [key for key in keys if fold[key] == number]
