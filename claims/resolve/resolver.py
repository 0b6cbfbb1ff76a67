"""The weight-of-evidence resolver: a dossier, a policy and a day in; a resolution per claim out."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from claims.resolve.columns import Row, columns_of, rows_of
from claims.resolve.dossier import tied_groups
from claims.resolve.kernel import logit, probability, weigh
from claims.resolve.lines import is_known_independent
from claims.resolve.resolution import Contribution, Resolution
from claims.resolve.tying import Tying
from claims.resolve.verdict import Weighing, confidence_of, status_of
from claims.vocabulary import STANCE_SIGN, Basis, LinkState, Relation, Reliability, Stance, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from claims.model import Claim
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.kernel import Weighed


def resolve(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Resolution]:
    """Resolve every claim of a dossier by the evidence public on a day.

    The dossier must be closed under ties (see :class:`Dossier`). The result depends on what was
    logged, never on the order of logging.
    """
    claims = [dossier.claims[key] for key in sorted(dossier.claims)]
    rows = rows_of(dossier, claims, policy, as_of)
    weighed = weigh(columns_of(rows, claims, policy, dossier))
    group = _Group(dossier, policy, as_of, claims, rows, weighed)
    return {claim.key: group.resolution(number) for number, claim in enumerate(claims)}


class _Group:
    """The claims of one dossier on their way from weights to resolutions."""

    def __init__(
        self,
        dossier: Dossier,
        policy: Policy,
        as_of: date,
        claims: Sequence[Claim],
        rows: Sequence[Row],
        weighed: Weighed,
    ) -> None:
        self.dossier = dossier
        self.policy = policy
        self.as_of = as_of
        self.claims = claims
        self.rows = rows
        self.weighed = weighed
        self.index = {claim.key: number for number, claim in enumerate(claims)}
        self.independent = [is_known_independent(row.piece, dossier.documents) for row in rows]
        self.rows_of_claim: dict[int, list[int]] = defaultdict(list)
        for number, row in enumerate(rows):
            self.rows_of_claim[row.claim].append(number)
        lines = [self._lines_of(number) for number in range(len(claims))]
        backing = [self._lines_of(number, supporting=True) for number in range(len(claims))]
        self.tying = Tying(dossier, policy, as_of, self.index, weighed.log_odds, lines, backing)
        self.log_odds = self.tying.log_odds
        self.successors: dict[str, list[int]] = defaultdict(list)
        for link in dossier.links.values():
            holds = link.relation is Relation.SUPERSEDES and link.state is LinkState.OPEN
            if holds and link.claim in self.index:
                self.successors[link.other].append(self.index[link.claim])
        # Claims that somebody supported and has taken back by now.
        self.taken_back = {
            piece.claim
            for piece in dossier.evidence.values()
            if piece.stance is Stance.SUPPORTS
            and piece.withdrawn is Withdrawal.BY_SOURCE
            and piece.withdrawn_on is not None
            and piece.withdrawn_on <= as_of
        }
        # The passage of time on a state is felt by all that is tied to it.
        groups = [[self.index[key] for key in group] for group in tied_groups(dossier)]
        self.within = {number: group for group in groups for number in group}

    def _lines_of(self, number: int, *, supporting: bool = False) -> frozenset[str]:
        """The names of the lines whose evidence counts on a claim: all, or those that support it."""
        return frozenset(
            self.rows[r].voice
            for r in self.rows_of_claim[number]
            if not supporting or self.weighed.weight[r] > 0
        )

    # --- one claim --------------------------------------------------------------------------

    def resolution(self, number: int) -> Resolution:
        claim = self.claims[number]
        rows = self.rows_of_claim[number]
        weighing = self._weighing(number)
        base_rate = self.policy.base_rate_of(claim.kind)
        steps = [self.rows[r].next_step for other in self.within[number] for r in self.rows_of_claim[other]]
        return Resolution(
            claim=claim.key,
            status=status_of(weighing, self.policy.thresholds),
            likelihood=weighing.likelihood,
            confidence=confidence_of(weighing),
            supporting_lines=weighing.supporting_lines,
            opposing_lines=weighing.opposing_lines,
            evidence=self._bearing(number),
            stale=self._stale(claim, rows),
            policy=self.policy.label,
            as_of=self.as_of,
            base_rate=base_rate,
            base_log_odds=logit(base_rate),
            contributions=tuple(self._contribution(r) for r in rows),
            effects=tuple(self.tying.effects[number]),
            exact=number not in self.tying.inexact,
            changes_on=min((step for step in steps if step is not None), default=None),
        )

    def _weighing(self, number: int) -> Weighing:
        rows = self.rows_of_claim[number]
        backing = [r for r in rows if self._side(r) > 0]
        opposing = {self.rows[r].origin.name for r in rows if self._side(r) < 0}
        behind = self._rows_behind_opponents(number)
        against = opposing | {self.rows[r].origin.name for r in behind}
        supporting = {self.rows[r].origin.name for r in backing}
        pieces = [float(self.weighed.weight[r]) for r in rows]
        pieces += [effect.weight for effect in self.tying.effects[number]]
        backers = [self.rows[r].piece for r in backing]
        return Weighing(
            likelihood=probability(float(self.log_odds[number])),
            support=sum(weight for weight in pieces if weight > 0),
            opposition=-sum(weight for weight in pieces if weight < 0),
            supporting_lines=len(supporting),
            opposing_lines=len(against),
            lines=len(supporting | against),
            channels=len(
                {
                    piece.document or self.rows[r].origin.name
                    for r, piece in zip(backing, backers, strict=True)
                }
            ),
            independent_lines=len({self.rows[r].origin.name for r in backing if self.independent[r]}),
            largest=max((abs(weight) for weight in pieces), default=0.0),
            good=any(self._is_good(r) for r in (*rows, *behind)),
            first_hand=any(piece.basis is Basis.WITNESSED for piece in backers),
            official_record=any(piece.basis is Basis.OFFICIAL_RECORD for piece in backers),
            taken_back=self.claims[number].key in self.taken_back and not supporting,
            overtaken_by_newer=self._superseded(number),
        )

    def _side(self, r: int) -> int:
        """Which side of its claim a row's line takes: +1 or -1; 0 where it is silent, a mere
        mention, or adds nothing to its line. However little it weighs, a line is a line."""
        row = self.rows[r]
        if row.strength <= 0 or self.weighed.rank[r] == 0 or row.piece.stance is Stance.MENTIONS:
            return 0
        return STANCE_SIGN[row.piece.stance]

    def _is_good(self, r: int) -> bool:
        """Whether a row that counts comes from somebody who knows at first hand, or has proved
        reliable."""
        piece = self.rows[r].piece
        source = self.dossier.sources.get(piece.source)
        graded = source is not None and source.reliability in (Reliability.A, Reliability.B)
        known = piece.basis in (Basis.WITNESSED, Basis.OFFICIAL_RECORD)
        return self._side(r) != 0 and (known or (graded and piece.relays is None))

    def _rows_behind_opponents(self, number: int) -> list[int]:
        """The rows that carry the support of claims which cannot hold beside this one."""
        return [
            r
            for other in self.tying.opponents[number]
            for r in self.rows_of_claim[other]
            if self._side(r) > 0
        ]

    def _bearing(self, number: int) -> int:
        """Pieces on the claim itself, and those that support a claim it cannot hold beside."""
        behind = sum(
            self.rows[r].piece.stance is Stance.SUPPORTS
            for other in self.tying.opponents[number]
            for r in self.rows_of_claim[other]
        )
        return len(self.rows_of_claim[number]) + behind

    def _contribution(self, r: int) -> Contribution:
        row = self.rows[r]
        rank = int(self.weighed.rank[r])
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
            weight=float(self.weighed.weight[r]),
            because=words,
        )

    def _stale(self, claim: Claim, rows: Sequence[int]) -> bool:
        if not claim.is_state:
            return False
        days = [
            self.rows[r].piece.counts_from
            for r in rows
            if self.rows[r].strength > 0 and self.rows[r].piece.stance is not Stance.MENTIONS
        ]
        if not days:
            return False
        return self.as_of - max(days) >= timedelta(days=self.policy.stale_after(claim.kind))

    # --- a newer answer ---------------------------------------------------------------------

    def _superseded(self, number: int) -> bool:
        """Whether a newer claim answers the same question better: one with evidence that a person
        linked as superseding it, or a rival answer that is held, and that alone brings this one down."""
        held = self.policy.thresholds.corroborated
        mine = float(self.log_odds[number])
        key = self.claims[number].key
        for other in self._successors(key):
            theirs = float(self.log_odds[other])
            if probability(theirs) >= held and theirs > mine:
                return True
        question = self.claims[number].question
        alone = probability(float(self.weighed.log_odds[number]))
        if question is None or alone < held or probability(mine) >= 0.5:
            return False
        newest = self._newest(number)
        return newest is not None and any(
            self.claims[other].question == question
            and probability(float(self.log_odds[other])) >= held
            and (self._newest(other) or newest) > newest
            for other in self.tying.opponents[number]
        )

    def _successors(self, key: str) -> list[int]:
        return [number for number in self.successors[key] if self.rows_of_claim[number]]

    def _newest(self, number: int) -> date | None:
        days = (self.rows[r].piece.counts_from for r in self.rows_of_claim[number] if self._side(r) > 0)
        return max(days, default=None)
