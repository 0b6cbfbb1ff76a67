"""Plain claims as columns: claims that nothing ties, whose evidence says for itself what it weighs.

What the resolver says of such claims on any days, for all of them at once, by the same kernel.
Which claims are plain is decided here too; all others go the ordinary way (:mod:`claims.resolve.resolver`).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from claims.kinds import rules_of
from claims.policy import RULE
from claims.resolve.kernel import Columns, add_up, logit, probabilities
from claims.resolve.lines import FEWEST_WORDS
from claims.resolve.verdict import confidence_codes, status_codes, weighing_of
from claims.vocabulary import STANCE_SIGN, Basis, Credibility, Kind, Reliability, Side, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from numpy.typing import NDArray

    from claims.policy import Policy
    from claims.resolve.kernel import Flags, Floats, Ints
    from claims.resolve.track import Track

KINDS, STANCES = tuple(Kind), tuple(Stance)
ROWS = 1 << 18
"""How many rows are weighed at a time: what that takes stays within some tens of megabytes."""


class PlainClaim(NamedTuple):
    """What of a claim its resolution rests on. The claim must be tied to no other, answer no question
    and have no link."""

    key: str
    kind: str
    ongoing: bool | None


class PlainPiece(NamedTuple):
    """What of a piece of evidence its weight rests on. ``day`` is the ordinal of the first day on which
    it counts; the piece relays nothing, and nobody withdrew it."""

    claim: str
    key: str
    source: str
    stance: str
    day: int
    credibility: str | None
    basis: str | None
    side: str | None
    quote: str | None
    document: str | None


class PlainSource(NamedTuple):
    """The name of the origin of what a source says itself, and its grade (None: it has none)."""

    origin: str
    grade: str | None


class PlainDocument(NamedTuple):
    """The headline of a document (None: it has none), and who published it (None: nobody knows)."""

    headline: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True)
class PlainFacts:
    """All that the resolution of plain claims rests on, but for the records of sources. The pieces on
    one claim come in the order of their keys, and all of them after those on the claims before it."""

    claims: Sequence[PlainClaim]
    pieces: Sequence[PlainPiece]
    sources: Mapping[str, PlainSource]
    documents: Mapping[str, PlainDocument] = field(default_factory=dict)


def is_for_columns(policy: Policy) -> bool:
    """Whether claims can be resolved by columns under a policy."""
    return policy.rule == RULE


def not_plain(facts: PlainFacts, policy: Policy) -> set[str]:
    """Claims whose evidence must be looked at as a whole: two pieces of one origin on both sides, or one
    of them a mention; two pieces on a side that were read in one document; two that are worded alike."""
    found: set[str] = set()
    manner: dict[tuple[str, str], tuple[int, bool]] = {}
    read_in: set[tuple[str, int, str]] = set()
    texts: dict[tuple[str, int, bool], list[str]] = defaultdict(list)
    lines = policy.lines
    for piece in facts.pieces:
        sign, _ = how = _HOW[piece.stance]
        for voice in (piece.source, facts.sources[piece.source].origin):
            if manner.setdefault((piece.claim, voice), how) != how:
                found.add(piece.claim)
        if lines is None:
            continue
        document = None if piece.document is None else facts.documents[piece.document]
        if piece.document is not None and lines.document:
            slot = (piece.claim, sign, piece.document)
            if slot in read_in:
                found.add(piece.claim)
            read_in.add(slot)
        text = piece.quote or (document.headline if document else None)
        if text and lines.near_text:
            texts[piece.claim, sign, bool(piece.quote)].append(text)
    if lines is not None:
        several = ((slot[0], some) for slot, some in texts.items() if len(some) > 1)
        found.update(claim for claim, some in several if claim not in found and _alike(some, lines.near_text))
    return found


_HOW = {str(stance): (STANCE_SIGN[stance], stance is Stance.MENTIONS) for stance in Stance}


def _alike(texts: Iterable[str], least: float) -> bool:
    """Whether two of some texts are worded alike (rapidfuzz token_sort_ratio)."""
    from rapidfuzz import fuzz, process, utils

    words = [utils.default_process(text) for text in texts]
    words = [text for text in words if len(text.split()) >= FEWEST_WORDS]
    if len(words) < 2:
        return False
    likeness = process.cdist(words, words, scorer=fuzz.token_sort_ratio, score_cutoff=least)
    return bool((likeness >= least).sum() > len(words))


class PlainTable:
    """Plain claims and their evidence as arrays, by a policy. Claims and rows go by number, the rows of
    one claim together; days are ordinals."""

    def __init__(self, facts: PlainFacts, policy: Policy) -> None:
        self.policy = policy
        self.keys = [claim.key for claim in facts.claims]
        self.piece_keys = [piece.key for piece in facts.pieces]
        self.kind = _codes((claim.kind for claim in facts.claims), KINDS)
        states = {kind: rules_of(kind).state for kind in KINDS}
        self.state = np.array(
            [states[Kind(c.kind)] if c.ongoing is None else c.ongoing for c in facts.claims], dtype=np.bool_
        )
        self.base = np.array([logit(policy.base_rate_of(kind)) for kind in KINDS])[self.kind]
        self.rate = np.array([policy.base_rate_of(kind) for kind in KINDS])[self.kind]
        self.period = np.array([policy.stale_after(kind) for kind in KINDS])[self.kind]
        numbers = {key: number for number, key in enumerate(self.keys)}
        self.claim = np.array([numbers[piece.claim] for piece in facts.pieces], dtype=np.int64)
        self.counts = np.bincount(self.claim, minlength=len(self.keys))
        self.starts = np.cumsum(self.counts) - self.counts
        self.day = np.array([piece.day for piece in facts.pieces], dtype=np.int64)
        self.stance = _codes((piece.stance for piece in facts.pieces), STANCES)
        self.sources = sorted({piece.source for piece in facts.pieces})
        places = {key: number for number, key in enumerate(self.sources)}
        self.source = np.array([places[piece.source] for piece in facts.pieces], dtype=np.int64)
        self._weigh(facts)
        self._mark(facts)

    def _weigh(self, facts: PlainFacts) -> None:
        """What each row weighs but for the record of its source and for age, factor by factor: they are
        multiplied in the order in which the resolver does it, so that no bit differs."""
        policy = self.policy
        kinds = self.kind[self.claim]
        strengths = [[policy.strength_of_stance(kind, stance) for stance in STANCES] for kind in KINDS]
        signs = [[policy.sign_of_stance(kind, stance) for stance in STANCES] for kind in KINDS]
        grades: dict[str | None, float] = {None: 1.0, Reliability.F: 1.0}
        grades |= {str(grade): factor for grade, factor in policy.reliability.items()}
        by_source = [grades[facts.sources[key].grade] for key in self.sources]
        self.strength = np.array(strengths)[kinds, self.stance] * np.array(by_source)[self.source]
        self.sign = np.array(signs, dtype=np.int64)[kinds, self.stance]
        credibility = {None: 1.0} | {str(each): policy.credibility.get(each, 1.0) for each in Credibility}
        basis = {None: 1.0} | {str(each): policy.basis[each] for each in Basis}
        sides: dict[tuple[str | None, str], float] = {
            (str(side), str(stance)): policy.factor_of_side(side, stance)
            for side in Side
            for stance in STANCES
        }
        pieces = facts.pieces
        second_hand = (policy.second_hand if _is_second_hand(p, facts) else 1.0 for p in pieces)
        self.factors: tuple[Floats, ...] = (
            np.array([credibility[piece.credibility] for piece in pieces], dtype=np.float64),
            np.array([basis[piece.basis] for piece in pieces], dtype=np.float64),
            np.array([sides.get((piece.side, piece.stance), 1.0) for piece in pieces], dtype=np.float64),
            np.fromiter(second_hand, dtype=np.float64, count=len(pieces)),
        )

    def _mark(self, facts: PlainFacts) -> None:
        """What is known of each row besides its weight, as the kernel has it."""
        pieces, sources = facts.pieces, facts.sources
        origins: dict[str, int] = {}
        self.origin = np.array(
            [origins.setdefault(sources[piece.source].origin, len(origins)) for piece in pieces],
            dtype=np.int64,
        )
        documents: dict[str, int] = {}
        read_in = [
            -1 if p.document is None else documents.setdefault(p.document, len(documents)) for p in pieces
        ]
        channel = np.array(read_in, dtype=np.int64)
        self.channel = np.where(channel < 0, self.origin, channel + len(origins))
        self.mention = self.stance == STANCES.index(Stance.MENTIONS)
        self.witnessed = np.array([piece.basis == Basis.WITNESSED for piece in pieces], dtype=np.bool_)
        self.official = np.array([piece.basis == Basis.OFFICIAL_RECORD for piece in pieces], dtype=np.bool_)
        first_hand = self.witnessed | self.official
        second_hand = np.array([_is_second_hand(piece, facts) for piece in pieces], dtype=np.bool_)
        self.independent = first_hand & ~second_hand
        graded = [sources[key].grade in (Reliability.A, Reliability.B) for key in self.sources]
        self.good = first_hand | np.array(graded, dtype=np.bool_)[self.source]

    # --- on some days -----------------------------------------------------------------------

    def rows_of(self, claims: Ints) -> tuple[Ints, Ints]:
        """The rows of some claims, and for each which of these claims it is of."""
        counts = self.counts[claims]
        at = np.repeat(np.arange(len(claims)), counts)
        first = np.repeat(self.starts[claims] - (np.cumsum(counts) - counts), counts)
        return first + np.arange(len(at)), at

    def strengths(self, rows: Ints, days: Ints, track: Track | None) -> Floats:
        """What rows weigh alone (nats, >= 0) on days, each row on one."""
        strength = self.strength[rows]
        claims = self.claim[rows]
        if track is not None:
            strength = np.where(self.mention[rows], strength, track.strengths(self, rows, days, strength))
        for factor in self.factors:
            strength = strength * factor[rows]
        halvings = np.maximum(days - self.day[rows], 0) // self.period[claims]
        aged: Floats = np.where(self.state[claims], strength * 0.5**halvings, strength)
        return aged

    def on(self, claims: Ints, days: Ints, track: Track | None) -> Said:
        """What the policy says of claims on days, each claim on one."""
        said = Said.empty(len(claims))
        ends = np.cumsum(self.counts[claims])
        first = 0
        while first < len(claims):
            done = ends[first - 1] if first else 0
            last = max(int(np.searchsorted(ends, done + ROWS, side="right")), first + 1)
            self._say(said, slice(first, last), claims, days, track)
            first = last
        return said

    def _say(self, said: Said, here: slice, claims: Ints, days: Ints, track: Track | None) -> None:
        claims, days = claims[here], days[here]
        rows, at = self.rows_of(claims)
        counting = self.day[rows] <= days[at]
        rows, at = rows[counting], at[counting]
        strength = self.strengths(rows, days[at], track)
        tally = add_up(
            Columns(
                base=self.base[claims],
                claim=at,
                sign=self.sign[rows],
                strength=strength,
                origin=self.origin[rows],
                independent=self.independent[rows],
                takes_side=~self.mention[rows],
                good=self.good[rows],
                first_hand=self.witnessed[rows],
                official_record=self.official[rows],
                channel=self.channel[rows],
            )
        )
        likelihood = probabilities(tally.log_odds)
        never = np.zeros(len(claims), dtype=np.bool_)
        weighing = weighing_of(tally, likelihood, never, never)
        said.likelihood[here] = likelihood
        said.status[here] = status_codes(weighing, self.policy.thresholds)
        said.confidence[here] = confidence_codes(weighing)
        said.supporting_lines[here] = tally.supporting_lines
        said.opposing_lines[here] = tally.opposing_lines
        said.evidence[here] = np.bincount(at, minlength=len(claims))
        self._age(said, here, claims, days, rows, at, strength)

    def _age(
        self, said: Said, here: slice, claims: Ints, days: Ints, rows: Ints, at: Ints, strength: Floats
    ) -> None:
        """What time does to states: whether they are stale, and when that changes anything next."""
        state = self.state[claims]
        period = self.period[claims]
        newest = np.full(len(claims), -1)
        telling = (strength > 0) & ~self.mention[rows]
        np.maximum.at(newest, at[telling], self.day[rows[telling]])
        said.stale[here] = state & (newest >= 0) & (days - newest >= period)
        step = self.day[rows] + period[at] * (np.maximum(days[at] - self.day[rows], 0) // period[at] + 1)
        soonest = np.full(len(claims), NEVER)
        np.minimum.at(soonest, at, step)
        said.changes_on[here] = np.where(state, soonest, NEVER)


NEVER = 1 << 40
"""A day that does not come."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a policy says of some claims on some days, as parallel arrays; codes as those of
    :mod:`claims.resolve.verdict`, days as ordinals."""

    likelihood: Floats
    status: NDArray[np.int8]
    confidence: NDArray[np.int8]
    supporting_lines: Ints
    opposing_lines: Ints
    evidence: Ints
    stale: Flags
    changes_on: Ints

    @classmethod
    def empty(cls, count: int) -> Said:
        """Room for so many."""
        return cls(
            likelihood=np.empty(count),
            status=np.empty(count, dtype=np.int8),
            confidence=np.empty(count, dtype=np.int8),
            supporting_lines=np.empty(count, dtype=np.int64),
            opposing_lines=np.empty(count, dtype=np.int64),
            evidence=np.empty(count, dtype=np.int64),
            stale=np.empty(count, dtype=np.bool_),
            changes_on=np.empty(count, dtype=np.int64),
        )


def _is_second_hand(piece: PlainPiece, facts: PlainFacts) -> bool:
    """Whether it was read in a document that somebody other than the source published."""
    if piece.document is None:
        return False
    publisher = facts.documents[piece.document].publisher
    return publisher is not None and publisher != piece.source


def _codes(words: Iterable[str], terms: Sequence[Any]) -> Ints:
    codes = {str(term): number for number, term in enumerate(terms)}
    return np.array([codes[word] for word in words], dtype=np.int64)
