"""A tied group through time: what holds on it from one day on which something was said to the next.

Between two such days the same pieces count, go back to the same origins and are tied by the same rules;
only what they weigh may change, with age and with the records of sources.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.resolve.binding import Binding
from claims.resolve.columns import factors_of, graded_strength, origin_is_gone
from claims.resolve.lines import bonds_of, is_known_independent, join_lines, origin_of, source_behind
from claims.resolve.plain import KINDS
from claims.resolve.resolver import is_good
from claims.resolve.rules import find_leans, find_ties
from claims.vocabulary import STANCE_SIGN, Basis, Kind, Stance, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from claims.model import Evidence
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.kernel import Flags, Floats, Ints

EVER = 1 << 22
"""After every day that there is."""


class Voiced:
    """The pieces that ever count on the claims of a group, as arrays, claim by claim in the order of keys;
    each piece stands for itself, whatever else was said. Days are ordinals."""

    def __init__(self, dossier: Dossier, policy: Policy) -> None:
        claims = [dossier.claims[key] for key in sorted(dossier.claims)]
        index = {claim.key: number for number, claim in enumerate(claims)}
        spoken = [piece for piece in dossier.evidence.values() if piece.claim in index and _counts(piece)]
        self.pieces = spoken = sorted(spoken, key=lambda piece: (index[piece.claim], piece.key))
        self.row_of = {piece.key: row for row, piece in enumerate(spoken)}
        self.claims = claims
        self.index = index
        self.claim = _ints(index[piece.claim] for piece in spoken)
        self.first = _ints(piece.counts_from.toordinal() for piece in spoken)
        self.last = _ints(piece.withdrawn_on.toordinal() if piece.withdrawn_on else EVER for piece in spoken)
        self.mention = _flags(piece.stance is Stance.MENTIONS for piece in spoken)
        self.plus = _ints(STANCE_SIGN[piece.stance] > 0 for piece in spoken)
        self.sign = _ints(policy.sign_of_stance(claims[index[p.claim]].kind, p.stance) for p in spoken)
        self.kind = _ints(KINDS.index(claims[number].kind) for number in self.claim)
        self.rate = np.array([policy.base_rate_of(claims[number].kind) for number in self.claim])
        self.behind = [source_behind(piece, dossier.evidence) for piece in spoken]
        self.origins = {piece.key: origin_of(piece, dossier.evidence, dossier.sources) for piece in spoken}
        self.alone = np.array([graded_strength(p, claims[index[p.claim]], dossier, policy) for p in spoken])
        self.independent = _flags(is_known_independent(piece, dossier.documents) for piece in spoken)
        self.good = _flags(is_good(piece, dossier) for piece in spoken)
        self.witnessed = _flags(piece.basis is Basis.WITNESSED for piece in spoken)
        self.official = _flags(piece.basis is Basis.OFFICIAL_RECORD for piece in spoken)
        self.state = _flags(claims[number].is_state for number in self.claim)
        self.period = _ints(policy.stale_after(claims[number].kind) for number in self.claim)
        self.factors = _factors(spoken, dossier, policy)

    def finished(self, strength: Floats, days: Ints) -> Floats:
        """What pieces weigh alone on days, given what they weigh by stance, grade and record: one row for
        each, one column for each day."""
        for factor in self.factors:
            strength = strength * factor[:, np.newaxis]
        if self.state.any():
            halvings = np.maximum(days - self.first[:, np.newaxis], 0) // self.period[:, np.newaxis]
            strength = np.where(self.state[:, np.newaxis], strength * 0.5**halvings, strength)
        return strength


@dataclass(frozen=True, slots=True)
class Stretch:
    """What holds from one day on which something was said to the next: the ``rows`` that count, by their
    numbers among all; which of them are ``silent``, and weigh nothing; ``origin`` and ``channel``
    as the kernel has them; ``capped``, the places of rows that weigh no more than those at other places;
    and how the claims of the group are bound to each other (None: not at all)."""

    rows: Ints
    silent: Flags
    origin: Ints
    channel: Ints
    capped: Sequence[tuple[int, Sequence[int]]]
    binding: Binding | None


class Stretches:
    """The stretches of a tied group by a policy, each looked through on first use; the dossier must hold the
    group and nothing besides."""

    def __init__(self, dossier: Dossier, policy: Policy) -> None:
        self.dossier = dossier
        self.policy = policy
        self.voiced = Voiced(dossier, policy)
        turns = {
            day.toordinal()
            for piece in dossier.evidence.values()
            if piece.withdrawn is not Withdrawal.MISTAKE
            for day in (piece.counts_from, piece.withdrawn_on)
            if day is not None
        }
        self.turns = _ints(sorted(turns))
        self.names: dict[str, int] = {}
        self._sides = self._joinable()
        self._known: dict[int, Stretch] = {}
        self._bindings: dict[Any, Binding | None] = {}

    def numbers(self, days: Ints) -> Ints:
        """The stretch that each of some days is in, by its number."""
        found: Ints = np.searchsorted(self.turns, days, side="right")
        return found

    def stretch(self, number: int) -> Stretch:
        """The stretch of a number."""
        if number not in self._known:
            day = int(self.turns[number - 1]) if number else int(self.turns.min(initial=2)) - 1
            self._known[number] = self._looked_through(day)
        return self._known[number]

    def without(self, day: int, gone: Collection[str]) -> Stretch:
        """What holds on a day (ordinal) had some pieces never been; of a group in which nobody passes
        anything on."""
        return self._looked_through(day, gone)

    def _looked_through(self, day: int, gone: Collection[str] = ()) -> Stretch:
        voiced = self.voiced
        counting = (voiced.first <= day) & (day < voiced.last)
        counting[[voiced.row_of[key] for key in gone if key in voiced.row_of]] = False
        rows = np.flatnonzero(counting)
        silent = self._silent(rows.tolist(), day)
        names = self._lines(rows)
        pieces = [voiced.pieces[row] for row in rows]
        read_in = [piece.document or name for piece, name in zip(pieces, names, strict=True)]
        return Stretch(
            rows=rows,
            silent=silent,
            origin=_ints(self._number(name) for name in names),
            channel=_ints(self._number(name) for name in read_in),
            capped=self._capped(rows.tolist()),
            binding=self._binding(rows, day, gone),
        )

    def _number(self, name: str) -> int:
        return self.names.setdefault(name, len(self.names))

    # --- lines ------------------------------------------------------------------------------

    def _joinable(self) -> list[list[int]]:
        """The rows on each side of a claim of which some may be joined though their origins differ."""
        if self.policy.lines is None:
            return []
        sides: dict[tuple[int, int], list[int]] = defaultdict(list)
        voiced = self.voiced
        for row, (claim, plus) in enumerate(zip(voiced.claim.tolist(), voiced.plus.tolist(), strict=True)):
            sides[claim, plus].append(row)
        documents, numbers = self.dossier.documents, self.policy.lines
        return [
            rows
            for rows in sides.values()
            if len(rows) > 1
            and any(bonds_of([voiced.pieces[row] for row in rows], voiced.origins, documents, numbers))
        ]

    def _lines(self, rows: Ints) -> list[str]:
        """The names of the lines of rows that count."""
        voiced = self.voiced
        if not self._sides or self.policy.lines is None:
            return [voiced.origins[voiced.pieces[row].key].name for row in rows]
        origins = dict(voiced.origins)
        there = set(rows.tolist())
        for side in self._sides:
            members = [voiced.pieces[row] for row in side if row in there]
            if len(members) > 1:
                join_lines(members, origins, self.dossier.documents, self.policy.lines)
        return [origins[voiced.pieces[row].key].name for row in rows]

    # --- what weighs nothing ----------------------------------------------------------------

    def _silent(self, rows: Sequence[int], day: int) -> Flags:
        """Which rows that count weigh nothing, as :mod:`claims.resolve.columns` has it."""
        voiced = self.voiced
        first, plus = voiced.first.tolist(), voiced.plus.tolist()
        last_word: dict[tuple[str, str, int], int] = {}
        took_side: set[tuple[str, str]] = set()
        for row in rows:
            piece = voiced.pieces[row]
            if piece.stance is Stance.MENTIONS:
                continue
            took_side.add((piece.claim, voiced.origins[piece.key].name))
            if piece.relays is None:
                slot = (piece.claim, piece.source, plus[row])
                last_word[slot] = max(last_word.get(slot, first[row]), first[row])
        silent = np.zeros(len(rows), dtype=np.bool_)
        for place, row in enumerate(rows):
            piece, behind = voiced.pieces[row], voiced.behind[row]
            turned = last_word.get((piece.claim, behind, 1 - plus[row]))
            if turned is not None:
                said = first[row]
                if piece.relays is not None:
                    said = last_word.get((piece.claim, behind, plus[row]), said)
                silent[place] = said < turned
            if piece.relays is not None:
                silent[place] |= origin_is_gone(piece, self.dossier, date.fromordinal(max(day, 1)))
            if piece.stance is Stance.MENTIONS and voiced.sign[row] < 0:
                heard = (piece.claim, voiced.origins[piece.key].name) in took_side
                silent[place] |= heard or piece.relays is not None
        return silent

    def _capped(self, rows: Sequence[int]) -> list[tuple[int, Sequence[int]]]:
        """The relays among rows, each with the words of its source on that side of the claim."""
        voiced = self.voiced
        relays = [place for place, row in enumerate(rows) if voiced.pieces[row].relays is not None]
        if not relays:
            return []
        said: dict[tuple[str, str, int], list[int]] = defaultdict(list)
        for place, row in enumerate(rows):
            piece = voiced.pieces[row]
            if piece.relays is None:
                said[piece.claim, piece.source, STANCE_SIGN[piece.stance]].append(place)
        found: list[tuple[int, Sequence[int]]] = []
        for place in relays:
            piece, behind = voiced.pieces[rows[place]], voiced.behind[rows[place]]
            if words := said.get((piece.claim, behind, STANCE_SIGN[piece.stance])):
                found.append((place, words))
        return found

    # --- ties -------------------------------------------------------------------------------

    def _binding(self, rows: Ints, day: int, gone: Collection[str]) -> Binding | None:
        """How the claims are bound on a day. It rests on nothing but when each was first reported, and on
        what counts of who answered for a deed."""
        claims = self.voiced.claims
        if len(claims) == 1 and claims[0].question is None:
            return None
        reports: dict[str, int] = {}
        for piece in self.dossier.evidence.values():
            if _is_report(piece) and piece.key not in gone:
                said = piece.counts_from.toordinal()
                if said <= day:
                    reports[piece.claim] = min(said, reports.get(piece.claim, said))
        counting = [self.voiced.pieces[row] for row in rows]
        answered = [piece.key for piece in counting if self._is_answer(piece)]
        slot = (frozenset(reports.items()), tuple(answered), frozenset(self.voiced.claim[rows].tolist()))
        if slot not in self._bindings:
            dossier = self.dossier.without(gone) if gone else self.dossier
            self._bindings[slot] = self._bound(dossier, date.fromordinal(max(day, 1)), slot[2])
        return self._bindings[slot]

    def _is_answer(self, piece: Evidence) -> bool:
        return self.dossier.claims[piece.claim].kind is Kind.RESPONSIBILITY

    def _bound(self, dossier: Dossier, day: date, speaking: frozenset[int]) -> Binding | None:
        ties = find_ties(dossier, self.policy, day)
        leans = find_leans(dossier, self.policy, day)
        if not ties and not leans and not dossier.links:
            return None
        return Binding(dossier, self.policy, self.voiced.index, ties, leans, speaking)


def _counts(piece: Evidence) -> bool:
    return piece.withdrawn is None or piece.withdrawn_on is not None


def _is_report(piece: Evidence) -> bool:
    return piece.stance is Stance.SUPPORTS and piece.withdrawn is not Withdrawal.MISTAKE


def _factors(pieces: Sequence[Evidence], dossier: Dossier, policy: Policy) -> list[Floats]:
    """The factors on each piece that come after the record of its source, in their order."""
    found = [[factor for _, factor in factors_of(piece, dossier, policy)] for piece in pieces]
    most = max(map(len, found), default=0)
    return [np.array([each[at] if at < len(each) else 1.0 for each in found]) for at in range(most)]


def _ints(numbers: Iterable[int]) -> Ints:
    return np.fromiter(numbers, dtype=np.int64)


def _flags(flags: Iterable[bool]) -> Flags:
    return np.fromiter(flags, dtype=np.bool_)
