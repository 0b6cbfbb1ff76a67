"""``latest``: the newest statement of the best source counts alone.

The best sources are found as under ``hierarchy``; of what they said, only the newest counts. Older
statements are listed with nothing. Statements of one day stand side by side, a vote for each line.
Who passes on words of another says nothing new: its day is that of the words it passes on. Ties
between claims hold.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from claims.resolve.lines import source_behind
from claims.resolve.methods.hierarchy import best_rows
from claims.resolve.resolver import Counting, weigh_evidence
from claims.vocabulary import STANCE_SIGN

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from claims.model import Claim
    from claims.policy import Policy
    from claims.resolve.columns import Row
    from claims.resolve.dossier import Dossier
    from claims.resolve.resolution import Resolution


def resolve(dossier: Dossier, policy: Policy, as_of: date) -> dict[str, Resolution]:
    """By the newest statement of the best source on each claim."""
    return weigh_evidence(dossier, policy, as_of, Counting(rows=_rows, in_full=True))


def _rows(dossier: Dossier, claims: Sequence[Claim], policy: Policy, as_of: date) -> list[Row]:
    rows = best_rows(dossier, claims, policy, as_of)
    said = _days(rows, dossier)
    newest: dict[int, Row] = {}
    for row in rows:
        if row.strength > 0 and (
            row.claim not in newest or said[row.piece.key] > said[newest[row.claim].piece.key]
        ):
            newest[row.claim] = row
    return [
        _superseded(row, newest[row.claim], dossier)
        if row.strength > 0 and said[row.piece.key] < said[newest[row.claim].piece.key]
        else row
        for row in rows
    ]


def _days(rows: Sequence[Row], dossier: Dossier) -> dict[str, date]:
    """For each piece the day of the words that it carries: its own, or, where it passes on a source
    whose own words on that side of the claim were public by then, the last day of those."""
    own: dict[tuple[str, str, int], list[date]] = defaultdict(list)
    for row in rows:
        if row.piece.relays is None:
            slot = (row.piece.claim, row.piece.source, STANCE_SIGN[row.piece.stance])
            own[slot].append(row.piece.counts_from)
    days = {}
    for row in rows:
        piece = row.piece
        days[piece.key] = piece.counts_from
        if piece.relays is not None:
            slot = (piece.claim, source_behind(piece, dossier.evidence), STANCE_SIGN[piece.stance])
            before = [day for day in own[slot] if day <= piece.counts_from]
            days[piece.key] = max(before, default=piece.counts_from)
    return days


def _superseded(row: Row, by: Row, dossier: Dossier) -> Row:
    source = dossier.sources.get(by.piece.source)
    who = source.name if source is not None else by.piece.source
    words = f"superseded by a newer statement of {who} ({by.piece.counts_from})"
    return replace(row, strength=0.0, factors=(words,))
