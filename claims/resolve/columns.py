"""From records to rows: which evidence counts on a day, and how much each piece weighs alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from math import exp
from typing import TYPE_CHECKING, TypeAlias

from claims.resolve.dossier import tied_groups
from claims.resolve.lines import (
    Origin,
    is_second_hand,
    joined,
    origin_of,
    relayed_by,
    source_behind,
)
from claims.resolve.records import Records, strength_with
from claims.resolve.scales import logit
from claims.vocabulary import STANCE_SIGN, Reliability, Stance, Withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from claims.model import Claim, Evidence
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier


@dataclass(frozen=True, slots=True)
class Row:
    """One piece of evidence that counts, standing alone: its claim's index, its line, its log-odds
    in nats, the factors that made them, when it next loses weight with age, the origin that it has
    by itself, whatever other origins its line was joined from, and which way it pulls (+1 or -1)."""

    piece: Evidence
    claim: int
    origin: Origin
    strength: float
    factors: tuple[str, ...]
    next_step: date | None
    voice: str
    sign: int


Strength: TypeAlias = "tuple[float, tuple[str, ...], date | None]"
"""Log-odds (nats, >= 0) of a piece standing alone, the factors in words, and the next day on which
the passage of time changes what it says."""


def rows_of(
    dossier: Dossier,
    claims: Sequence[Claim],
    policy: Policy,
    as_of: date,
    strength_of: Callable[[Evidence, Claim], Strength] | None = None,
) -> list[Row]:
    """The evidence that counts on a day, ordered by key; ``strength_of`` says what each piece weighs
    alone, where that is not the weight of evidence."""
    index = {claim.key: number for number, claim in enumerate(claims)}
    counting = [
        dossier.evidence[key]
        for key in sorted(dossier.evidence)
        if dossier.evidence[key].claim in index and dossier.evidence[key].counts_on(as_of)
    ]
    last_word = _last_word(counting)
    records = _records(dossier, policy, as_of)
    origins = {piece.key: origin_of(piece, dossier.evidence, dossier.sources) for piece in counting}
    lines = joined(counting, origins, dossier.documents, policy.lines)
    rows = []
    for piece in counting:
        claim = index[piece.claim]
        if strength_of is None:
            strength, factors, step = _strength(piece, claims[claim], dossier, policy, as_of, records)
        else:
            strength, factors, step = strength_of(piece, claims[claim])
        if (silenced := _silenced(piece, dossier, last_word, as_of)) is not None:
            strength, factors, step = 0.0, (silenced,), None
        voice = origins[piece.key].name
        sign = policy.sign_of_stance(claims[claim].kind, piece.stance)
        rows.append(Row(piece, claim, lines[piece.key], strength, factors, step, voice, sign))
    return _no_louder_than_their_origin(_without_idle_mentions(rows), dossier)


def _without_idle_mentions(rows: list[Row]) -> list[Row]:
    """Where a mention speaks against a claim, because who carries it has not endorsed it, one that
    merely passes on somebody's words, or whose source takes a side as well, says nothing."""
    took_side = {(row.claim, row.voice) for row in rows if row.piece.stance is not Stance.MENTIONS}
    return [
        replace(row, strength=0.0, factors=("says no more than its origin, which takes a side",))
        if row.piece.stance is Stance.MENTIONS
        and row.sign < 0
        and (row.piece.relays is not None or (row.claim, row.voice) in took_side)
        else row
        for row in rows
    ]


def _no_louder_than_their_origin(rows: list[Row], dossier: Dossier) -> list[Row]:
    """Who passes on words that their source said here itself adds nothing to them: a relay weighs
    what those words weigh at most, whatever discounts only they are known to deserve."""
    said: dict[tuple[int, str, int], float] = {}
    for row in rows:
        if row.piece.relays is None:
            slot = (row.claim, row.piece.source, STANCE_SIGN[row.piece.stance])
            said[slot] = max(said.get(slot, 0.0), row.strength)
    return [row if row.piece.relays is None else _at_most(row, said, dossier) for row in rows]


def _at_most(row: Row, said: dict[tuple[int, str, int], float], dossier: Dossier) -> Row:
    """A relay, with the weight of the words that it passes on where these are recorded and weigh less."""
    behind = source_behind(row.piece, dossier.evidence)
    most = said.get((row.claim, behind, STANCE_SIGN[row.piece.stance]), row.strength)
    if row.strength <= most:
        return row
    words = (*row.factors, f"no more than the words of {behind} weigh: {most:.2f}")
    return replace(row, strength=most, factors=words)


def _last_word(pieces: Sequence[Evidence]) -> dict[tuple[str, str, int], date]:
    """The last day on which each source took each side of each claim in its own voice."""
    last: dict[tuple[str, str, int], date] = {}
    for piece in pieces:
        if piece.relays is None and piece.stance is not Stance.MENTIONS:
            slot = (piece.claim, piece.source, STANCE_SIGN[piece.stance])
            last[slot] = max(last.get(slot, piece.counts_from), piece.counts_from)
    return last


def _silenced(
    piece: Evidence, dossier: Dossier, last_word: dict[tuple[str, str, int], date], as_of: date
) -> str | None:
    """Why a piece weighs nothing any more although it was published: its source took the other
    side, or what it passes on was taken back."""
    if _overtaken(piece, dossier, last_word):
        return "the source has since taken the other side"
    if piece.relays is not None and origin_is_gone(piece, dossier, as_of):
        return "what it passes on was taken back"
    return None


def origin_is_gone(piece: Evidence, dossier: Dossier, as_of: date) -> bool:
    """Whether a piece along the relays was withdrawn; or, where they end at a source, whether all
    that this source itself said on this side of the claim was."""
    seen = {piece.key}
    while piece.relays is not None:
        relayed = relayed_by(piece, dossier.evidence)
        if relayed is None:
            own = _own_words(piece, dossier, as_of)
            return bool(own) and all(_taken_back(other, as_of) for other in own)
        if relayed.key in seen:
            return False
        if _taken_back(relayed, as_of):
            return True
        seen.add(relayed.key)
        piece = relayed
    return False


def _own_words(piece: Evidence, dossier: Dossier, as_of: date) -> list[Evidence]:
    """What the source that a piece relays had said itself by a day, on the same side of the same
    claim, be it taken back since or not."""
    said = dossier.pieces.said_by(piece.relays or "", piece.claim, STANCE_SIGN[piece.stance])
    return [other for other in said if other.relays is None and other.was_public_by(as_of)]


def _taken_back(piece: Evidence, as_of: date) -> bool:
    by_source = piece.withdrawn is Withdrawal.BY_SOURCE
    return by_source and piece.withdrawn_on is not None and piece.withdrawn_on <= as_of


def _overtaken(piece: Evidence, dossier: Dossier, last_word: dict[tuple[str, str, int], date]) -> bool:
    """Whether the source behind a piece has since taken the other side: what counts is what it
    says last. Words of the same day stand side by side."""
    behind = source_behind(piece, dossier.evidence)
    sign = STANCE_SIGN[piece.stance]
    turned = last_word.get((piece.claim, behind, -sign))
    if turned is None:
        return False
    said = piece.counts_from
    if piece.relays is not None:  # who passes it on late passes on what was said before
        said = last_word.get((piece.claim, behind, sign), said)
    return said < turned


def _records(dossier: Dossier, policy: Policy, as_of: date) -> Records | None:
    """The track records of the sources; None where there are none, or the policy heeds none."""
    if policy.records is None or not dossier.outcomes:
        return None
    groups = {key: number for number, group in enumerate(tied_groups(dossier)) for key in group}
    return Records(dossier.accounts, as_of, groups, policy.records)


def _strength(
    piece: Evidence,
    claim: Claim,
    dossier: Dossier,
    policy: Policy,
    as_of: date,
    records: Records | None,
) -> tuple[float, tuple[str, ...], date | None]:
    """Log-odds (nats, >= 0) of a piece standing alone, the factors in words, and the next day on
    which age will halve it (states only)."""
    strength = policy.strength_of_stance(claim.kind, piece.stance)
    words = [f"{piece.stance} {strength:.2f}"]
    if piece.stance is Stance.MENTIONS and policy.sign_of_stance(claim.kind, piece.stance) < 0:
        words.append("carried, not endorsed")
    for name, factor in _reliability(piece, dossier, policy):
        strength *= factor
        words.append(f"{name} ×{factor:g}")
    if records is not None and piece.stance is not Stance.MENTIONS:
        strength, record = _by_record(piece, claim, dossier, policy, records, strength)
        words += record
    for name, factor in factors_of(piece, dossier, policy):
        strength *= factor
        words.append(f"{name} ×{factor:g}")
    step = None
    if claim.is_state:
        period = policy.stale_after(claim.kind)
        halvings = max((as_of - piece.counts_from).days, 0) // period
        if halvings:
            strength *= 0.5**halvings
            words.append(f"age ×{0.5**halvings:g}")
        step = piece.counts_from + timedelta(days=period * (halvings + 1))
    return strength, tuple(words), step


def expected_right(piece: Evidence, dossier: Dossier, policy: Policy) -> float:
    """How likely a piece of evidence is to be right (0 to 1), by a policy of weights that knows its source's
    grade and all that was noted of it, and not how the source fared before. The dossier need not be closed:
    it must hold the claim, what the piece relays, and their sources and documents."""
    claim = dossier.claims[piece.claim]
    strength, _, _ = _strength(piece, claim, dossier, policy, piece.counts_from, None)
    base_rate = policy.base_rate_of(claim.kind)
    anyway = base_rate if STANCE_SIGN[piece.stance] > 0 else 1 - base_rate
    return 1 / (1 + exp(-(strength + logit(anyway))))


def _by_record(
    piece: Evidence, claim: Claim, dossier: Dossier, policy: Policy, records: Records, strength: float
) -> tuple[float, list[str]]:
    """What a stance weighs by the record of its source, and the record in words. Who passes on
    somebody's words vouches for them: the weaker of the two records counts."""
    sign = STANCE_SIGN[piece.stance]
    base_rate = policy.base_rate_of(claim.kind)
    voices = {piece.source, source_behind(piece, dossier.evidence)}
    found = []
    for voice in sorted(voices):
        record = records.of(voice, claim.kind, sign, claim.key)
        if record.spoke:
            weight = strength_with(record, strength, base_rate, sign, records.numbers)
            found.append((weight, f"record {record.right:g} right of {record.said:g}", voice))
    if not found:
        return strength, []
    weight, words, voice = min(found)
    if len(voices) > 1:
        words += f" ({voice})"
    factor = weight / strength if strength else 1.0
    return weight, [f"{words} ×{factor:.2f}"]


def _reliability(piece: Evidence, dossier: Dossier, policy: Policy) -> list[tuple[str, float]]:
    """The factor for the reliability of the source. A good outlet that passes on somebody's words
    vouches for their having been said: it can make them weigh less, and never more."""
    graded = _grade_of(piece.source, dossier)
    if piece.relays is None:
        return [(f"reliability {graded}", policy.reliability[graded])] if graded else []
    origin = _grade_of(source_behind(piece, dossier.evidence), dossier)
    factor = min(policy.reliability[grade] if grade else 1.0 for grade in (graded, origin))
    words = f"reliability {origin or 'unknown'}, relayed by {graded or 'unknown'}"
    return [(words, factor)] if graded or origin else []


def _grade_of(source: str, dossier: Dossier) -> Reliability | None:
    """The grade of a source; None where it is not assessed, or cannot be judged."""
    known = dossier.sources.get(source)
    return None if known is None or known.reliability is Reliability.F else known.reliability


def graded_strength(piece: Evidence, claim: Claim, dossier: Dossier, policy: Policy) -> float:
    """What a piece weighs (nats, >= 0) by its stance and by the grade of its source alone."""
    strength = policy.strength_of_stance(claim.kind, piece.stance)
    for _, factor in _reliability(piece, dossier, policy):
        strength *= factor
    return strength


def factors_of(piece: Evidence, dossier: Dossier, policy: Policy) -> list[tuple[str, float]]:
    """The named factors on a piece, but for the reliability of its source. What is unknown (no grade, F,
    6) has none: it is left out."""
    factors = []
    if piece.credibility is not None and piece.credibility in policy.credibility:
        factors.append((f"credibility {piece.credibility}", policy.credibility[piece.credibility]))
    if piece.basis is not None:
        factors.append((str(piece.basis), policy.basis[piece.basis]))
    if piece.side is not None:
        factors.append((str(piece.side), policy.factor_of_side(piece.side, piece.stance)))
    if is_second_hand(piece, dossier.documents):
        factors.append(("second-hand", policy.second_hand))
    return factors
