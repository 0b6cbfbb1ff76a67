"""The page about one claim: what its template needs, put together from the read model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from claims.vocabulary import Stance
from tracker.report import suspicions
from tracker.report.tables import is_found
from tracker.report.words import how_ties_were_weighed, skipped_days

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claims.model import Evidence
    from tracker.plots.figure import Figure
    from tracker.report.infull import InFull

SIDES = (
    ("For it", (Stance.SUPPORTS,)),
    ("Against it", (Stance.DENIES, Stance.DOUBTS)),
    ("Without taking a side", (Stance.MENTIONS,)),
)


def claim_context(
    it: InFull,
    *,
    titles: Mapping[str, str] | None = None,
    reviews: Sequence[str] = (),
    chart: Figure | None = None,
) -> dict[str, Any]:
    """What ``claim.html`` is rendered with: the claim in full, the ``titles`` of
    cases by key, its ``reviews`` as JSON-LD, which must be safe in a script element as they are, and its
    ``chart``."""
    from markupsafe import Markup

    return {
        "it": it,
        "titles": titles or {},
        "reviews": [Markup(review) for review in reviews],  # noqa: S704 - escaped for script elements
        "chart": chart,
        "recorded_chart": _recorded(it),
        "count_chart": _revised(it),
        "in_journal": {entry.seq: entry for entry in it.entries},
        "sides": _sides(it),
        "facts_of": facts_of,
        "ties": it.dossier.bonds,
        "made": [link for link in it.dossier.links if not is_found(link)],
        "skipped": skipped_days(it.looked_at),
        "ties_note": how_ties_were_weighed(it.explanation.resolution),
        "suspected": [
            paragraph for each in it.explanation.suspicions for paragraph in suspicions.paragraphs(each)
        ],
    }


def _recorded(it: InFull) -> Figure | None:
    """The chart by the clock of recording; None where nothing has changed since the claim was recorded."""
    if len(it.recorded) < 2:
        return None
    from tracker.plots.claim import claim_chart

    return claim_chart(it.dossier, it.recorded, clock="recorded", others=it.pieces)


def _revised(it: InFull) -> Figure | None:
    """The chart of the count that the claim is one answer to."""
    if it.revised is None:
        return None
    from tracker.plots.count import revisions

    return revisions(it.revised)


def _sides(it: InFull) -> list[tuple[str, list[Evidence]]]:
    """The evidence by the side that it takes, each in the order in which it came out."""
    found = [
        (heading, [piece for piece in it.dossier.evidence if piece.stance in stances])
        for heading, stances in SIDES
    ]
    return [(heading, pieces) for heading, pieces in found if pieces]


def facts_of(it: InFull, piece: Evidence) -> list[str]:
    """What is known of a piece besides who said what, in a few words each."""
    source = it.dossier.sources.get(piece.source)
    facts = []
    if source is not None:
        facts.append(str(source.type).replace("-", " "))
        if source.reliability is not None and source.reliability.value != "F":
            facts.append(f"reliability {source.reliability}")
    if piece.credibility is not None and piece.credibility.value != "6":
        facts.append(f"credibility {piece.credibility}")
    if piece.basis is not None:
        facts.append(str(piece.basis).replace("-", " "))
    if piece.side is not None:
        facts.append(f"speaks {str(piece.side).replace('-', ' ')}")
    if piece.relays is not None:
        facts.append(f"passes on {it.sources.get(piece.relays, piece.relays)}")
    if (line := it.dossier.lines.get(piece.key)) is not None:
        facts.append(f"line {line}")
    return facts
