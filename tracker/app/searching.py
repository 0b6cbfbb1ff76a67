"""What a search finds, now or at a moment, of which only what was changed since is replayed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.app.partial import MOST_CHANGED
from tracker.report.models import Hit
from tracker.store import journal, spellings
from tracker.store.pastwords import NotToldError, PastWords
from tracker.store.read import Reader
from tracker.store.words import Words, claims_like

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claims.names import Match
    from tracker.app.partial import Part
    from tracker.store.words import Found

SIMILAR = 0.75
"""Names less alike than this are not worth suggesting in a search."""

REVISED = "claim.revised"

CHANGING = (REVISED, "claim.withdrawn", "claim.restored")
"""The acts by which a claim comes to be found by other words, or no longer."""

Why = tuple[float, str]
"""How well a claim answers (0 to 1), and because of what it was found."""


def search_now(reader: Reader, text: str, limit: int) -> list[Hit]:
    """What a search finds in tables that hold all records."""
    matches = spellings.like_names(reader.connection, "entities", text, at_least=SIMILAR)
    claims = _claims(Words(reader.connection), matches, text, limit)
    return [*_entity_hits(reader, matches), *_claim_hits(reader, claims)][:limit]


def search_then(part: Part, text: str, limit: int) -> list[Hit] | None:
    """What a search would have found at a moment; None where it takes the whole journal to say so, as where
    very many claims or names were changed since."""
    changed = journal.read_rare(part.source, CHANGING, part.last, MOST_CHANGED + 1)
    renamed = journal.read_rare(part.source, ["entity.revised"], part.last, MOST_CHANGED + 1)
    named = spellings.keys_like_names(part.source, "entities", text, at_least=SIMILAR)
    if max(len(changed), len(renamed)) > MOST_CHANGED or named is None:
        return None
    keys = {entry.subject for entry in changed}
    part.bring(keys | named | {entry.subject for entry in renamed})
    matches = spellings.like_names(part.tables, "entities", text, at_least=SIMILAR)
    words = PastWords(part.source, part.tables, part.last, keys, lambda: _bring_revised(part))
    try:
        claims = _claims(words, matches, text, limit)
    except NotToldError:
        return None
    part.bring(claims)
    then = Reader(part.tables)
    return [*_entity_hits(then, matches), *_claim_hits(then, claims)][:limit]


def _bring_revised(part: Part) -> bool:
    """Bring all claims that had ever been revised; says whether these are few enough."""
    revised = journal.read_rare(part.source, [REVISED], 0, MOST_CHANGED + 1)
    if len(revised) > MOST_CHANGED:
        return False
    part.bring(entry.subject for entry in revised)
    return True


def _claims(words: Words, matches: Sequence[Match], text: str, limit: int) -> dict[str, Why]:
    """The best claims about the entities that match and of those that hold the words, in order."""
    found: dict[str, Why] = {}
    about = words.about([match.key for match in matches])
    for match in matches:
        for key in about[match.key]:
            found.setdefault(key, (match.score, f"about {match.name}"))
    for claim in claims_like(words, text, limit):
        if claim.key not in found or claim.score >= found[claim.key][0]:
            found[claim.key] = (claim.score, _because(claim))
    best = sorted(found, key=lambda key: (-found[key][0], key))[: max(0, limit)]
    return {key: found[key] for key in best}


def _because(claim: Found) -> str:
    return f"holds {' and '.join(claim.instead)}" if claim.instead else "holds the words"


def _entity_hits(reader: Reader, matches: Sequence[Match]) -> list[Hit]:
    named = reader.entities([match.key for match in matches])
    return [
        Hit(
            what="entity",
            key=match.key,
            text=named[match.key].name,
            because=f"named {match.name}",
            score=match.score,
        )
        for match in matches
    ]


def _claim_hits(reader: Reader, found: Mapping[str, Why]) -> list[Hit]:
    texts = reader.claims(found)
    return [
        Hit(what="claim", key=key, text=texts[key].text, because=because, score=score)
        for key, (score, because) in found.items()
    ]
