"""The resolver: a dossier, a policy and a day in; a resolution per claim out."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

from claims.resolve.columns import Row, rows_of
from claims.resolve.dossier import tied_groups
from claims.resolve.lines import is_known_independent
from claims.resolve.methods import method_of
from claims.resolve.opposition import Backing
from claims.resolve.resolution import Contribution, Resolution
from claims.resolve.rules import RULES
from claims.resolve.scales import logit, probability
from claims.resolve.single import Spoken, weigh_claim
from claims.resolve.tying import Tying
from claims.resolve.verdict import confidence_of, status_of, weighing_of_claim
from claims.vocabulary import Basis, LinkState, Relation, Reliability, Stance, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from claims.model import Claim, Evidence
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Effect
    from claims.resolve.verdict import ClaimWeighing

Given: TypeAlias = "Mapping[int, Sequence[Effect]]"
"""What claims, by their numbers, are given or lose by other claims before ties have their say."""


@dataclass(frozen=True, slots=True)
class Counting:
    """What a method changes on the way from evidence to resolutions.

    ``rows`` says which pieces count and what each weighs alone; with ``in_full`` every line counts
    whole, the k-th of unproven independence like the first; ``given`` says what the claims are given
    besides what their own evidence, row by row, weighs.
    """

    rows: Callable[[Dossier, Sequence[Claim], Policy, date], list[Row]] = rows_of
    in_full: bool = False
    given: Callable[[Dossier, Policy, Sequence[Claim], Sequence[Row], Sequence[float]], Given] | None = None


def resolve(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Resolution]:
    """Resolve every claim of a dossier by the evidence public on a day, by the rule of a policy.

    The dossier must be closed under ties (see :class:`Dossier`). The result depends on what was
    logged, never on the order of logging.

    Raises :class:`NotFound` for a rule that nobody registered.
    """
    return method_of(policy.rule)(dossier, policy, as_of)


def weigh_evidence(
    dossier: Dossier, policy: Policy, as_of: date, counting: Counting | None = None
) -> dict[str, Resolution]:
    """The whole way: evidence weighed or counted line by line, ties, then a verdict for each claim."""
    counting = counting or Counting()
    claims = [dossier.claims[key] for key in sorted(dossier.claims)]
    rows = counting.rows(dossier, claims, policy, as_of)
    return _Group(dossier, policy, as_of, claims, rows, counting).resolutions()


def _spoken(row: Row, dossier: Dossier, *, in_full: bool) -> Spoken:
    """What is known of a row, as it is added up."""
    piece, origin = row.piece, row.origin.name
    return Spoken(
        row.sign,
        row.strength,
        origin,
        is_known_independent(piece, dossier.documents),
        piece.stance is not Stance.MENTIONS,
        is_good(piece, dossier),
        piece.basis is Basis.WITNESSED,
        piece.basis is Basis.OFFICIAL_RECORD,
        piece.document or origin,
        in_full,
    )


def is_good(piece: Evidence, dossier: Dossier) -> bool:
    """Whether a piece comes from somebody who knows at first hand, or has proved reliable."""
    if piece.basis in (Basis.WITNESSED, Basis.OFFICIAL_RECORD):
        return True
    source = dossier.sources.get(piece.source)
    return (
        source is not None and source.reliability in (Reliability.A, Reliability.B) and piece.relays is None
    )


def _netted(effects: Sequence[Effect]) -> list[float]:
    """What a claim hears from others, with all its ties as one weight: which of several ties is
    given how much of what they do together is a matter of attribution, and no second side."""
    ties = [effect.weight for effect in effects if effect.rule in TYING]
    others = [effect.weight for effect in effects if effect.rule not in TYING]
    return [*others, sum(ties)] if ties else others


TYING = frozenset(name for name, rule in RULES.items() if not rule.leans)
"""The rules that tie claims which are resolved jointly."""


class _Group:
    """The claims of one dossier on their way from rows to resolutions. Claims and rows go by number."""

    def __init__(
        self,
        dossier: Dossier,
        policy: Policy,
        as_of: date,
        claims: Sequence[Claim],
        rows: Sequence[Row],
        counting: Counting,
    ) -> None:
        self.dossier = dossier
        self.policy = policy
        self.as_of = as_of
        self.claims = claims
        self.rows = rows
        self.index = {claim.key: number for number, claim in enumerate(claims)}
        self.rows_of_claim: list[list[int]] = [[] for _ in claims]
        for number, row in enumerate(rows):
            self.rows_of_claim[row.claim].append(number)
        self.base = [logit(policy.base_rate_of(claim.kind)) for claim in claims]
        self._weigh(in_full=counting.in_full)
        lines = [frozenset([rows[r].voice for r in mine]) for mine in self.rows_of_claim]
        backing = [
            frozenset([rows[r].voice for r in mine if self.weights[r] > 0]) for mine in self.rows_of_claim
        ]
        given = counting.given(dossier, policy, claims, rows, self.weights) if counting.given else {}
        own = [tally.log_odds for tally in self.tallies]
        for number, effects in given.items():
            own[number] += sum(effect.weight for effect in effects)
        self.tying = Tying(dossier, policy, as_of, self.index, own, lines, backing)
        for number, effects in given.items():
            self._give(number, effects)
        self.log_odds = self.tying.log_odds
        self.likelihoods = [probability(odds) for odds in self.log_odds]
        self.changes = self._changes()

    def _weigh(self, *, in_full: bool) -> None:
        """What each row weighs, and what the evidence on each claim comes to."""
        self.weights = [0.0] * len(self.rows)
        self.ranks = [0] * len(self.rows)
        self.sides = [0] * len(self.rows)
        self.tallies = []
        for base, mine in zip(self.base, self.rows_of_claim, strict=True):
            spoken = [_spoken(self.rows[r], self.dossier, in_full=in_full) for r in mine]
            weighed = weigh_claim(base, spoken)
            self.tallies.append(weighed.tally)
            for r, weight, rank, side in zip(mine, weighed.weight, weighed.rank, weighed.side, strict=True):
                self.weights[r], self.ranks[r], self.sides[r] = weight, rank, side

    def _give(self, number: int, effects: Sequence[Effect]) -> None:
        """Show what a claim is given before the ties; what is given against it opposes it."""
        self.tying.effects[number] = [*effects, *self.tying.effects.get(number, ())]
        against = (key for effect in effects if effect.weight < 0 for key in effect.others)
        self.tying.opponents.some[number].update(self.index[key] for key in against)

    def resolutions(self) -> dict[str, Resolution]:
        """What the policy says of each claim, by its key."""
        weighings = self._weighings()
        return {
            claim.key: Resolution(
                claim=claim.key,
                status=status_of(weighings[number], self.policy.thresholds),
                likelihood=self.likelihoods[number],
                confidence=confidence_of(weighings[number]),
                supporting_lines=weighings[number].supporting_lines,
                opposing_lines=weighings[number].opposing_lines,
                evidence=self._bearing(number),
                stale=self._stale(number),
                policy=self.policy.label,
                as_of=self.as_of,
                base_rate=self.policy.base_rate_of(claim.kind),
                base_log_odds=self.base[number],
                contributions=tuple([self._contribution(r) for r in self.rows_of_claim[number]]),
                effects=tuple(self.tying.effects.get(number, ())),
                exact=number not in self.tying.inexact,
                changes_on=self.changes[number],
            )
            for number, claim in enumerate(self.claims)
        }

    # --- what verdicts are made from --------------------------------------------------------

    def _weighings(self) -> list[ClaimWeighing]:
        """What the evidence on each claim comes to, once those that are tied have heard the others."""
        gone = self._taken_back()
        weighings = [
            weighing_of_claim(
                tally,
                self.likelihoods[number],
                taken_back=self.claims[number].key in gone and tally.supporting_lines == 0,
                overtaken_by_newer=self._superseded(number),
            )
            for number, tally in enumerate(self.tallies)
        ]
        for number, effects in self.tying.effects.items():
            if effects:
                self._hear(weighings[number], _netted(effects))
        for number in self.tying.opponents:
            self._face(weighings[number], number)
        return weighings

    def _hear(self, weighing: ClaimWeighing, weights: Sequence[float]) -> None:
        """Add what its ties to others weigh to what a claim's own evidence does."""
        weighing.support += sum(weight for weight in weights if weight > 0)
        weighing.opposition -= sum(weight for weight in weights if weight < 0)
        weighing.largest = max(weighing.largest, *map(abs, weights))

    def _face(self, weighing: ClaimWeighing, number: int) -> None:
        """Count the lines that support claims which cannot hold beside one among those against it."""
        opponents = self.tying.opponents
        against = {self.rows[r].origin.name for r in self._on_side(number, -1)}
        supporting = {self.rows[r].origin.name for r in self._on_side(number, 1)}
        weighing.opposing_lines = opponents.lines(number, against, self.behind)
        weighing.lines = opponents.lines(number, supporting | against, self.behind)
        weighing.good |= opponents.good(number, self.behind)

    @cached_property
    def behind(self) -> Backing:
        """What backs each claim, and so stands against those that cannot hold beside it."""
        count = range(len(self.claims))
        backing = [[self.rows[r] for r in self._on_side(number, 1)] for number in count]
        return Backing(
            lines=[{row.origin.name for row in rows} for rows in backing],
            pieces=[
                sum(self.rows[r].piece.stance is Stance.SUPPORTS for r in self.rows_of_claim[number])
                for number in count
            ],
            good=[any(is_good(row.piece, self.dossier) for row in rows) for rows in backing],
        )

    def _on_side(self, number: int, side: int) -> list[int]:
        """The rows that lead the lines on one side of a claim."""
        return [r for r in self.rows_of_claim[number] if self.sides[r] == side]

    def _taken_back(self) -> set[str]:
        """Claims that somebody supported and has taken back by now."""
        return {
            piece.claim
            for piece in self.dossier.evidence.values()
            if piece.withdrawn is Withdrawal.BY_SOURCE
            and piece.stance is Stance.SUPPORTS
            and piece.withdrawn_on is not None
            and piece.withdrawn_on <= self.as_of
        }

    # --- one claim --------------------------------------------------------------------------

    def _bearing(self, number: int) -> int:
        """Pieces on the claim itself, and those that support a claim it cannot hold beside."""
        if number not in self.tying.opponents:
            return len(self.rows_of_claim[number])
        return len(self.rows_of_claim[number]) + self.tying.opponents.pieces(number, self.behind)

    def _contribution(self, r: int) -> Contribution:
        row = self.rows[r]
        rank = self.ranks[r]
        words = " ".join(row.factors)
        if rank == 0:
            words += f"; adds nothing to its line ({row.origin.because})"
        elif rank > 1:
            words += f"; line {rank} of unproven independence ×1/{rank}"
        return Contribution(
            evidence=row.piece.key,
            source=row.piece.source,
            stance=row.piece.stance,
            line=row.origin.name,
            weight=self.weights[r],
            because=words,
        )

    def _stale(self, number: int) -> bool:
        claim = self.claims[number]
        if not claim.is_state:
            return False
        days = [
            self.rows[r].piece.counts_from
            for r in self.rows_of_claim[number]
            if self.rows[r].strength > 0 and self.rows[r].piece.stance is not Stance.MENTIONS
        ]
        if not days:
            return False
        return self.as_of - max(days) >= timedelta(days=self.policy.stale_after(claim.kind))

    def _changes(self) -> list[date | None]:
        """The next day on which the passage of time changes each claim. What it does to a state is
        felt by all that is tied to it."""
        changes: list[date | None] = [None] * len(self.claims)
        if all(row.next_step is None for row in self.rows):
            return changes
        for group in tied_groups(self.dossier):
            numbers = [self.index[key] for key in group]
            steps = [self.rows[r].next_step for number in numbers for r in self.rows_of_claim[number]]
            first = min((step for step in steps if step is not None), default=None)
            for number in numbers:
                changes[number] = first
        return changes

    # --- a newer answer ---------------------------------------------------------------------

    def _superseded(self, number: int) -> bool:
        """Whether a newer claim answers the same question better: one with evidence that a person
        linked as superseding it, or a rival answer that is held, and that alone brings this one down."""
        held = self.policy.thresholds.corroborated
        mine = self.log_odds[number]
        for other in self.successors.get(self.claims[number].key, ()):
            if self.likelihoods[other] >= held and self.log_odds[other] > mine:
                return True
        question = self.claims[number].question
        if question is None or self.likelihoods[number] >= 0.5:
            return False
        if probability(self.tallies[number].log_odds) < held:
            return False
        newest = self._newest(number)
        return newest is not None and any(
            self.tying.opponents.opposed(number, other) and (self._newest(other) or newest) > newest
            for other in self.held_answers[question]
        )

    @cached_property
    def held_answers(self) -> dict[str, list[int]]:
        """The claims that are held among the answers to each question."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, claim in enumerate(self.claims):
            if claim.question is not None and self.likelihoods[number] >= self.policy.thresholds.corroborated:
                found[claim.question].append(number)
        return found

    @cached_property
    def successors(self) -> dict[str, list[int]]:
        """The claims with evidence that a person linked as superseding each."""
        found: dict[str, list[int]] = defaultdict(list)
        for link in self.dossier.links.values():
            if link.relation is Relation.SUPERSEDES and link.state is LinkState.OPEN:
                number = self.index.get(link.claim)
                if number is not None and self.rows_of_claim[number]:
                    found[link.other].append(number)
        return found

    def _newest(self, number: int) -> date | None:
        return max((self.rows[r].piece.counts_from for r in self._on_side(number, 1)), default=None)
