"""Lines: evidence grouped by where it comes from, so that origins are counted, not outlets.

Two steps. The origin of a piece is found from the piece itself: what it relays, then the owner or the
side of the source found there. Then pieces of different origin on one side of a claim are joined
where they were read in one document, or say the same in nearly the same words.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from claims.resolve.pieces import pieces_of
from claims.vocabulary import STANCE_SIGN, Basis

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from claims.model import Document, Evidence, Source
    from claims.policy import LineNumbers

FEWEST_WORDS = 5
"""Shorter quotes and headlines are alike by chance."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a line starts: a name that all its members share, and the reason in words."""

    name: str
    because: str


def source_behind(evidence: Evidence, all_evidence: Mapping[str, Evidence]) -> str:
    """The key of the source whose words a piece of evidence carries in the end.

    Relays are followed to their end, through other evidence or straight to a source; a ring of
    pieces that relay each other goes back to the one whose key sorts first.
    """
    seen: list[str] = []
    piece = evidence
    while piece.relays is not None:
        seen.append(piece.key)
        target = relayed_by(piece, all_evidence)
        if target is None:
            return piece.relays
        if target.key in seen:
            ring = seen[seen.index(target.key) :]
            return all_evidence[min(ring)].source
        piece = target
    return piece.source


def sources_along(evidence: Evidence, all_evidence: Mapping[str, Evidence]) -> set[str]:
    """The keys of all sources that a piece of evidence hangs on: its own, those that it has the words
    from, and the one behind them."""
    found = {evidence.source, source_behind(evidence, all_evidence)}
    piece, passed = evidence, {evidence.key}
    while (target := relayed_by(piece, all_evidence)) is not None and target.key not in passed:
        passed.add(target.key)
        found.add(target.source)
        piece = target
    return found


def relayed_by(piece: Evidence, all_evidence: Mapping[str, Evidence]) -> Evidence | None:
    """The evidence that a piece passes on: the one that it names, or, where it names a source that by
    then had itself only passed on somebody's words on that side of the claim, the first such piece.
    None where the relays end: the source spoke for itself, or nothing that it said is recorded."""
    if piece.relays is None:
        return None
    if piece.relays in all_evidence:
        return all_evidence[piece.relays]
    voiced = pieces_of(all_evidence).said_by(piece.relays, piece.claim, STANCE_SIGN[piece.stance])
    said = [other for other in voiced if other.was_public_by(piece.counts_from)]
    if any(other.relays is None for other in said):
        return None
    return min(said, key=lambda other: (other.counts_from, other.key), default=None)


def origin_of(
    evidence: Evidence,
    all_evidence: Mapping[str, Evidence],
    sources: Mapping[str, Source],
) -> Origin:
    """The origin that a piece of evidence goes back to: the owner of the source behind it, else
    the first side that this source belongs to, else the source itself."""
    key = source_behind(evidence, all_evidence)
    return _origin_of_source(key, sources, relayed=evidence.relays is not None)


def _origin_of_source(key: str, sources: Mapping[str, Source], *, relayed: bool) -> Origin:
    source = sources.get(key)
    name = source.name if source else key
    if source is not None and source.owner:
        because = f"owned or directed by {source.owner}"
    elif source is not None and source.sides:
        because = f"speaks for the side {source.sides[0]}"
    else:
        because = f"passes on what {name} said" if relayed else f"{name} itself"
    return Origin(name_of_origin(key, source.owner, source.sides) if source else f"source:{key}", because)


def name_of_origin(source: str, owner: str | None, sides: Sequence[str]) -> str:
    """What the origin is called that the words of a source go back to."""
    if owner:
        return f"owner:{owner}"
    return f"side:{sides[0]}" if sides else f"source:{source}"


def is_second_hand(evidence: Evidence, documents: Mapping[str, Document]) -> bool:
    """Whether it was read in a document that somebody other than the source published."""
    if evidence.document is None:
        return False
    document = documents.get(evidence.document)
    if document is None or document.publisher is None:
        return False
    return document.publisher != evidence.source


def is_known_independent(evidence: Evidence, documents: Mapping[str, Document]) -> bool:
    """Whether its independence of other lines is established: the source knows at first hand,
    relays nobody, and was read in its own words."""
    return (
        evidence.basis in (Basis.WITNESSED, Basis.OFFICIAL_RECORD)
        and evidence.relays is None
        and not is_second_hand(evidence, documents)
    )


def lines_of(
    pieces: Sequence[Evidence],
    all_evidence: Mapping[str, Evidence],
    sources: Mapping[str, Source],
    documents: Mapping[str, Document],
    numbers: LineNumbers | None,
) -> dict[str, Origin]:
    """The line of each piece, by its key; all lines are within one claim and one side of it.

    Where origins are joined, the line goes by the first of their names.
    """
    origins = {piece.key: origin_of(piece, all_evidence, sources) for piece in pieces}
    return joined(pieces, origins, documents, numbers)


def joined(
    pieces: Sequence[Evidence],
    origins: Mapping[str, Origin],
    documents: Mapping[str, Document],
    numbers: LineNumbers | None,
) -> dict[str, Origin]:
    """The same, given the origin of each piece by its key."""
    origins = dict(origins)
    if numbers is None:
        return origins
    sides: dict[tuple[str, int], list[Evidence]] = defaultdict(list)
    for piece in sorted(pieces, key=lambda piece: piece.key):
        sides[piece.claim, STANCE_SIGN[piece.stance]].append(piece)
    for members in sides.values():
        join_lines(members, origins, documents, numbers)
    return origins


@dataclass(frozen=True, slots=True)
class Bond:
    """Two pieces that go back to one origin, and how that was seen."""

    first: str
    second: str
    because: str


def join_lines(
    members: Sequence[Evidence],
    origins: dict[str, Origin],
    documents: Mapping[str, Document],
    numbers: LineNumbers,
) -> None:
    """Join the origins of pieces on one side of one claim, and say of each joined piece why."""
    bonds = list(bonds_of(members, origins, documents, numbers))
    if not bonds:
        return
    root = {piece.key: origins[piece.key].name for piece in members}
    why: dict[str, str] = {}
    for bond in bonds:
        kept, gone = sorted((root[bond.first], root[bond.second]))
        if kept != gone:
            why[gone] = bond.because
            root = {key: kept if name == gone else name for key, name in root.items()}
    for piece in members:
        own = origins[piece.key]
        if root[piece.key] != own.name:
            origins[piece.key] = Origin(root[piece.key], why[own.name])


def bonds_of(
    members: Sequence[Evidence],
    origins: Mapping[str, Origin],
    documents: Mapping[str, Document],
    numbers: LineNumbers,
) -> Iterator[Bond]:
    """The pairs of pieces of different origin that were read in one document or are worded alike."""
    if numbers.document:
        read_in: dict[str, list[Evidence]] = defaultdict(list)
        for piece in members:
            # Two witnesses heard in one report are two witnesses still.
            if piece.document is not None and not is_known_independent(piece, documents):
                read_in[piece.document].append(piece)
        for document, pieces in read_in.items():
            for piece in pieces[1:]:
                if origins[piece.key].name != origins[pieces[0].key].name:
                    because = f"read in the same document as {pieces[0].key} ({document})"
                    yield Bond(pieces[0].key, piece.key, because)
    if numbers.near_text:
        for texts in _texts(members, documents):
            yield from _alike(texts, origins, numbers.near_text)


def _texts(members: Sequence[Evidence], documents: Mapping[str, Document]) -> Iterator[dict[str, str]]:
    """The quotes of pieces, and the headlines of the documents of those that have none: but for those who
    speak for themselves, as a headline is not theirs."""
    # Imported where it is used: most claims have too little text to compare, and it loads slowly.
    from rapidfuzz import utils

    quotes, headlines = {}, {}
    for piece in members:
        document = documents.get(piece.document or "")
        if piece.quote:
            quotes[piece.key] = utils.default_process(piece.quote)
        elif (
            document is not None
            and document.title != document.url
            and not is_known_independent(piece, documents)
        ):
            headlines[piece.key] = utils.default_process(document.title)
    for texts in (quotes, headlines):
        yield {key: text for key, text in texts.items() if len(text.split()) >= FEWEST_WORDS}


def _alike(texts: Mapping[str, str], origins: Mapping[str, Origin], least: float) -> Iterator[Bond]:
    """Pairs whose words, in whatever order, are as alike as asked (rapidfuzz token_sort_ratio)."""
    if len({origins[key].name for key in texts}) < 2:
        return
    from rapidfuzz import fuzz, process

    keys, words = list(texts), list(texts.values())
    likeness = process.cdist(words, words, scorer=fuzz.token_sort_ratio, score_cutoff=least)
    for one, other in combinations(range(len(keys)), 2):
        if likeness[one, other] >= least and origins[keys[one]].name != origins[keys[other]].name:
            because = f"worded like {keys[one]} ({likeness[one, other]:.0f} % alike)"
            yield Bond(keys[one], keys[other], because)
