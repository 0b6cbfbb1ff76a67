"""What stands behind a resolution: its lines, what would flip it, and what if a source were wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from claims.resolve.dossier import tied_groups
from claims.resolve.lines import is_known_independent, lines_of, origin_of, sources_along
from claims.resolve.resolution import Flip
from claims.resolve.resolver import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from datetime import date

    from claims.model import Evidence
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Contribution, Resolution
    from claims.vocabulary import Status

    Turning = Callable[[Sequence[Sequence[str]], Resolution], Sequence[Sequence[str]]]
    Without = Callable[[Dossier, Policy, date, Collection[str]], Mapping[str, Resolution]]

PAIRS_LIMIT = 20
"""Pairs of removals are tried for claims on which at most this many pieces bear."""

TRIED_LIMIT = 120
"""So many pieces are tried at most: those on the claim itself first, the heaviest of them first."""

LARGE_GROUP = 100
TRIED_IN_LARGE_GROUP = 12
"""In groups of more tied claims than this each try takes long, and fewer are made."""

WORK, LEAST = 40_000, 4
"""Tries end with so many claims resolved anew in all, some seconds of work, but for the first few."""


@dataclass(frozen=True, slots=True)
class Line:
    """The evidence on one side of a claim that goes back to one origin.

    ``side`` is +1 for the claim and -1 against it; ``members`` are the keys of its pieces, the one
    that carries it first; ``because`` says of each why it belongs there; ``weight`` is what the line
    adds (nats, signed); ``independent`` whether its independence of other lines is established.
    """

    name: str
    side: int
    members: tuple[str, ...]
    because: tuple[str, ...]
    weight: float
    independent: bool


@dataclass(frozen=True, slots=True)
class IfWrong:
    """How a claim would stand if nothing that goes back to one source were believed."""

    source: str
    remove: tuple[str, ...]
    status: Status
    likelihood: float
    flips: bool


def lines_behind(dossier: Dossier, policy: Policy, resolution: Resolution) -> tuple[Line, ...]:
    """The lines on each side of a claim, those that add most first."""
    pieces = [dossier.evidence[row.evidence] for row in resolution.contributions]
    origins = lines_of(pieces, dossier.evidence, dossier.sources, dossier.documents, policy.lines)
    kind = dossier.claims[resolution.claim].kind
    grouped: dict[tuple[str, int], list[Contribution]] = {}
    for row in resolution.contributions:
        grouped.setdefault((row.line, policy.sign_of_stance(kind, row.stance)), []).append(row)
    found = []
    for (name, side), rows in grouped.items():
        ordered = sorted(rows, key=lambda row: (-abs(row.weight), row.evidence))
        members = [dossier.evidence[row.evidence] for row in ordered]
        found.append(
            Line(
                name=name,
                side=side,
                members=tuple(piece.key for piece in members),
                because=tuple(
                    origins[piece.key].because
                    if origins[piece.key].name == name
                    else origin_of(piece, dossier.evidence, dossier.sources).because
                    for piece in members
                ),
                weight=sum(row.weight for row in rows),
                independent=any(is_known_independent(piece, dossier.documents) for piece in members),
            )
        )
    return tuple(sorted(found, key=lambda line: (-abs(line.weight), line.name, line.members)))


def resolved_without(
    group: Dossier, policy: Policy, as_of: date, removal: Collection[str]
) -> Mapping[str, Resolution]:
    """A group as it would be resolved without some of its evidence."""
    return resolve(group.without(removal) if removal else group, policy, as_of)


def _all_of(removals: Sequence[Sequence[str]], _: Resolution) -> Sequence[Sequence[str]]:
    return removals


def flips(
    dossier: Dossier,
    policy: Policy,
    as_of: date,
    claim: str,
    resolved: Without = resolved_without,
    turning: Turning = _all_of,
) -> list[Flip]:
    """The smallest sets of evidence without which the claim's status would be another: single
    pieces, or, where no single piece does it, pairs. ``resolved`` gives a group without some of its evidence,
    for who remembers that; ``turning`` leaves out of some sets those without which the status certainly stays
    what it is."""
    group = _group_of(dossier, claim)
    before = resolved(group, policy, as_of, ())[claim]
    bearing = _bearing(group, as_of, before)
    single = turning([(key,) for key in bearing], before)
    found = _flips_among(group, policy, as_of, before, single, resolved)
    pairs = len(bearing) * (len(bearing) - 1) // 2
    if not found and len(bearing) <= PAIRS_LIMIT and pairs * len(group.claims) <= WORK:
        double = turning(list(combinations(bearing, 2)), before)
        found = _flips_among(group, policy, as_of, before, double, resolved)
    return found


def if_wrong(
    dossier: Dossier, policy: Policy, as_of: date, claim: str, resolved: Without = resolved_without
) -> list[IfWrong]:
    """For each source that bears on a claim, how the claim would stand without all that goes back to
    it: what it said itself and what others merely pass on from it. What would move it most comes first."""
    group = _group_of(dossier, claim)
    before = resolved(group, policy, as_of, ())[claim]
    behind: dict[str, list[str]] = {}
    for key in _bearing(group, as_of, before):
        piece = group.evidence[key]
        for source in sources_along(piece, group.evidence):
            behind.setdefault(source, []).append(key)
    found = []
    nearest = sorted(behind, key=lambda source: (-len(behind[source]), source))
    for source in sorted(nearest[: _tries(group, TRIED_LIMIT)]):
        keys = behind[source]
        after = resolved(group, policy, as_of, keys)[claim]
        flipped = after.status != before.status
        found.append(IfWrong(source, tuple(sorted(keys)), after.status, after.likelihood, flipped))
    return sorted(found, key=lambda each: (-abs(each.likelihood - before.likelihood), each.source))


def _group_of(dossier: Dossier, claim: str) -> Dossier:
    """The dossier of the claims tied to one, and no others."""
    keys = next(group for group in tied_groups(dossier) if claim in group)
    return dossier.among(keys)


def _bearing(group: Dossier, as_of: date, before: Resolution) -> list[str]:
    """The pieces that may be tried: all that count, or, of many, those nearest to the claim."""
    weights = {row.evidence: abs(row.weight) for row in before.contributions}
    tied = {other for effect in before.effects for other in effect.others}

    def nearness(piece: Evidence) -> tuple[int, float, str]:
        place = 0 if piece.claim == before.claim else 1 if piece.claim in tied else 2
        return place, -weights.get(piece.key, 0.0), piece.key

    counting = [piece for piece in group.evidence.values() if piece.counts_on(as_of)]
    most = TRIED_LIMIT if len(group.claims) <= LARGE_GROUP else TRIED_IN_LARGE_GROUP
    nearest = sorted(counting, key=nearness)[: _tries(group, most)]
    return sorted(piece.key for piece in nearest)


def _tries(group: Dossier, most: int) -> int:
    """How often a group may be resolved anew to find out one thing: fewer times the larger it is."""
    return max(min(most, WORK // len(group.claims)), LEAST)


def _flips_among(
    group: Dossier,
    policy: Policy,
    as_of: date,
    before: Resolution,
    removals: Iterable[Sequence[str]],
    resolved: Without,
) -> list[Flip]:
    found = []
    for removal in removals:
        after = resolved(group, policy, as_of, removal)[before.claim]
        if after.status != before.status:
            found.append(Flip(remove=tuple(removal), status=after.status, likelihood=after.likelihood))
    return found
