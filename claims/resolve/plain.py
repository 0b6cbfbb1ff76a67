"""Plain claims as columns: claims that nothing ties, whose evidence says for itself what it weighs.

Which claims are plain is decided here; all others go the ordinary way (:mod:`claims.resolve.resolver`).
What the resolver says of plain ones, :mod:`claims.resolve.plaintable` says of all of them at once. Beside
them may stand the rival answers to *simple questions*, which nothing else ties
(:mod:`claims.resolve.rivalry`).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import compress
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from claims.policy import RULE
from claims.vocabulary import STANCE_SIGN, Basis, Credibility, Kind, Side, Stance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claims.policy import Policy
    from claims.resolve.kernel import Flags, Ints

KINDS, STANCES = tuple(Kind), tuple(Stance)
CREDIBILITIES: tuple[str | None, ...] = (None, *map(str, Credibility))
BASES: tuple[str | None, ...] = (None, *map(str, Basis))
SIDES: tuple[str | None, ...] = (None, *map(str, Side))
"""What the codes of pieces stand for: that with code k is the k-th."""

SIGNS = np.array([STANCE_SIGN[stance] for stance in STANCES])
NOBODY = -1
"""The publisher of a document whose publisher nobody knows."""


class PlainSource(NamedTuple):
    """The name of the origin of what a source says itself, and its grade (None: it has none)."""

    origin: str
    grade: str | None


@dataclass(frozen=True, slots=True)
class PlainPieces:
    """Pieces of evidence by columns. Claims, sources and documents go by their numbers in the facts.

    ``behind`` is the source whose words it carries: the one that it relays, of which nothing else must
    have been said on that claim, or else its own. ``day`` is the ordinal of the first day on which
    it counts. ``stance``, ``credibility``, ``basis`` and ``side`` are codes; ``document`` is -1 where it
    has none. ``line`` is the number of an origin: one for all pieces on a side of a claim that make one line.
    Nobody withdrew any of them.
    """

    keys: Sequence[str]
    claim: Ints
    source: Ints
    behind: Ints
    stance: Ints
    day: Ints
    credibility: Ints
    basis: Ints
    side: Ints
    document: Ints
    line: Ints
    quote: Sequence[str | None]

    @property
    def relayed(self) -> Flags:
        """Which of them pass on the words of another source."""
        relayed: Flags = self.source != self.behind
        return relayed


class PlainVerdict(NamedTuple):
    """A person's verdict: the ordinal of the day from which it counts, and what it settled the claim as
    (1: true, -1: false, 0: it left it open)."""

    since: int
    truth: int


class PlainQuestion(NamedTuple):
    """A simple question: its key, its words, and whether one of its answers must be right."""

    key: str
    text: str
    exactly_one: bool


@dataclass(frozen=True, slots=True)
class PlainFacts:
    """All that the resolution of plain claims rests on, but for the records of sources. A plain claim is
    tied to no other and has no link. The pieces on one claim come in the order
    of their keys, and all of them after those on the claims before it.

    ``kind`` are codes; ``ongoing`` is 1 or 0 where somebody said it, else -1. ``headlines`` are those of
    documents that have one; ``publishers`` are the numbers of sources, or :data:`NOBODY`, or
    a number that no source has. ``verdicts`` are those in force on a claim, in the order in which
    they came to count. ``question`` is the number of the simple question that a claim answers, with all its
    rivals beside it, or -1; where it has no numbers, no claim answers one.
    """

    claims: Sequence[str]
    kind: Ints
    ongoing: Ints
    pieces: PlainPieces
    sources: Sequence[str]
    known: Sequence[PlainSource]
    headlines: Sequence[str | None] = ()
    publishers: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    verdicts: Mapping[int, Sequence[PlainVerdict]] = field(default_factory=dict)
    question: Ints = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    questions: Sequence[PlainQuestion] = ()

    def in_short(self) -> PlainFacts:
        """The same in as little room as may be, without what statuses do not rest on."""
        pieces = self.pieces
        small: dict[str, Any] = {
            name: getattr(pieces, name).astype(np.int32)
            for name in ("claim", "source", "behind", "day", "document", "line")
        }
        small |= {name: getattr(pieces, name).astype(np.int8) for name in ("stance", *_KNOWN)}
        held = PlainPieces(keys=(), quote=(), **small)
        return replace(self, pieces=held, headlines=())

    def without(self, odd: Flags) -> PlainFacts:
        """The same without some of the claims, and without the rivals of these."""
        if not odd.any():
            return self
        kept = ~odd
        if len(self.question):
            left_out = np.zeros(len(self.questions) + 1, dtype=np.bool_)  # the last: no question
            left_out[self.question[odd]] = True
            left_out[-1] = False
            kept &= ~left_out[self.question]
        numbers = np.cumsum(kept) - 1
        here = kept[self.pieces.claim]
        columns: dict[str, Any] = {
            name: getattr(self.pieces, name)[here]
            for name in (*("source", "behind", "stance", "day"), *_KNOWN, "document", "line")
        }
        pieces = PlainPieces(
            keys=list(compress(self.pieces.keys, here)),
            claim=numbers[self.pieces.claim[here]],
            quote=list(compress(self.pieces.quote, here)),
            **columns,
        )
        return replace(
            self,
            claims=list(compress(self.claims, kept)),
            kind=self.kind[kept],
            ongoing=self.ongoing[kept],
            pieces=pieces,
            verdicts={int(numbers[claim]): said for claim, said in self.verdicts.items() if kept[claim]},
            question=self.question[kept] if len(self.question) else self.question,
        )


_KNOWN = ("credibility", "basis", "side")


def is_for_columns(policy: Policy) -> bool:
    """Whether claims can be resolved by columns under a policy."""
    return policy.rule == RULE


def origins_of(facts: PlainFacts) -> Ints:
    """A number for each source, shared by those whose words go back to one origin."""
    numbers: dict[str, int] = {}
    return np.array(
        [numbers.setdefault(source.origin, len(numbers)) for source in facts.known], dtype=np.int64
    )


def second_hand(facts: PlainFacts) -> Flags:
    """Which pieces were read in a document that somebody other than the source published."""
    pieces = facts.pieces
    if (facts.publishers == NOBODY).all():
        return np.zeros(len(pieces.claim), dtype=np.bool_)
    publisher = np.append(facts.publishers, NOBODY)[pieces.document]
    found: Flags = (pieces.document >= 0) & (publisher != NOBODY) & (publisher != pieces.source)
    return found


def not_plain(facts: PlainFacts) -> Flags:
    """Which claims have a piece that relays somebody who is heard on that claim in other ways too."""
    pieces = facts.pieces
    found = np.zeros(len(facts.claims), dtype=np.bool_)
    relayed = pieces.relayed
    if relayed.any():
        found[pieces.claim[relayed]] = True
        here = found[pieces.claim]  # of few claims anything is relayed
        found[:] = False
        slots = slots_of_two(pieces.claim[here], pieces.source[here], len(facts.sources))
        behind = slots_of_two(pieces.claim[relayed], pieces.behind[relayed], len(facts.sources))
        found[pieces.claim[relayed][np.isin(behind, slots)]] = True
    return found


def slots_of_two(one: Ints, other: Ints, count: int) -> Ints:
    """A number for each pair of two numbers, the other one below a count."""
    slots: Ints = one * max(count, 1) + other
    return slots


def distinct(numbers: Ints) -> Ints:
    """Each of some numbers once, in order; they are put in order where they are."""
    numbers.sort()
    fresh = np.ones(len(numbers), dtype=np.bool_)
    np.not_equal(numbers[1:], numbers[:-1], out=fresh[1:])
    return numbers[fresh]
