"""Reading what plain claims rest on: rows as the driver gives them, straight into columns."""

from __future__ import annotations

import gc
from collections import defaultdict
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from sys import intern
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.resolve.lines import name_of_origin
from claims.resolve.plain import (
    BASES,
    CREDIBILITIES,
    KINDS,
    NOBODY,
    SIDES,
    STANCES,
    PlainFacts,
    PlainPieces,
    PlainQuestion,
    PlainSource,
    PlainVerdict,
    not_plain,
)
from claims.resolve.plainlines import with_lines
from claims.resolve.track import Case
from claims.vocabulary import Status
from tracker.store import tables as t
from tracker.store.alone import alone, among
from tracker.store.direct import expect
from tracker.store.driving import Days, Numbers, driver_lists, driver_rows, question_of
from tracker.store.read import Reader
from tracker.store.remembering import FEW, each_once, unknown

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from sqlalchemy.engine import Connection

    from claims.policy import Policy
    from claims.resolve.kernel import Ints
    from tracker.store.driving import Question


_A, _D, _E, _S, _SIDES = t.assessments.c, t.documents.c, t.evidence.c, t.sources.c, t.source_sides.c
_SAID = (
    *(_E.claim, _E.key, _E.source, _E.relays, _E.stance, _E.published_latest, _E.recorded_on),
    *(_E.credibility, _E.basis, _E.side, _E.quote, _E.document, _E.withdrawn),
)
_OF_SIDES = (_SIDES.source, _SIDES.position, _SIDES.side)
_OF_SOURCES = (_S.key, _S.owner, _S.reliability)
_OF_DOCUMENTS = (_D.key, _D.title, _D.url, _D.publisher)
MANY = 2_000
"""For fewer claims nothing is gained by whole columns, nor by not looking for garbage."""

_TRUTH = {Status.CONFIRMED.value: 1, Status.REFUTED.value: -1}


def read_plain(
    connection: Connection, claims: Collection[str], policy: Policy, *, rivals: bool = False
) -> PlainFacts:
    """The plain claims among some whole tied groups, and what they rest on under a policy, which must be
    the one that claims go by whose case names none; with ``rivals`` the answers to simple questions too."""
    if len(claims) < MANY:
        return _read(connection, claims, policy, rivals=rivals)
    with nothing_collected():
        return _read(connection, claims, policy, rivals=rivals)


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Meanwhile no garbage is looked for: where very many rows are read, none of which is any, the
    interpreter looks through all that is there again and again."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def _read(connection: Connection, claims: Collection[str], policy: Policy, *, rivals: bool) -> PlainFacts:
    found = alone(connection, claims, policy)
    plain = found.claims
    questions: list[PlainQuestion] = []
    if rivals:
        plain = sorted([*plain, *(row for question in found.questions for row in question.claims)])
        questions = [question.asked for question in found.questions]
    keys = [row[0] for row in plain]
    numbers = {each.key: number for number, each in enumerate(questions)}
    pieces, sources, documents, odd = _pieces(connection, keys)
    if documents and len(keys) < MANY:
        _expect_sources(connection, unknown(connection, _KNOWN, sources))
    headlines, publishers = _documents(connection, documents, sources)
    facts = PlainFacts(
        claims=keys,
        kind=_coded([row[1] for row in plain], KINDS),
        ongoing=np.array([-1 if row[2] is None else row[2] for row in plain], dtype=np.int64),
        pieces=pieces,
        sources=list(map(intern, sources)),
        known=_sources(connection, sources, pieces, odd),
        headlines=headlines,
        publishers=publishers,
        verdicts=_verdicts(connection, keys),
        question=np.array([numbers.get(row.question or "", -1) for row in plain], dtype=np.int64),
        questions=questions,
    )
    if questions:
        from claims.resolve.rivalry import too_long  # loads the rules, which plain claims need not

        odd |= too_long(facts, policy)
    return with_lines(facts.without(odd | not_plain(facts)), policy)


# --- evidence ---------------------------------------------------------------------------------


Pieces = tuple[PlainPieces, Numbers, Numbers, Any]
"""The evidence on some claims, claim by claim, with the numbers of sources and documents; and which claims
have a piece that was withdrawn, or passes on what is no word of another source."""


def _pieces(connection: Connection, claims: Sequence[str]) -> Pieces:
    if len(claims) >= MANY:
        from tracker.store.columnwise import pieces_at_once  # which few claims need not

        found = pieces_at_once(connection, claims)
        if found is not None:
            return found
    return pieces_by_row(connection, claims)


def question_on(connection: Connection, claim: str) -> Question:
    """What is asked for the evidence on a claim."""
    return question_of(connection, _SAID, _E.claim, [claim], order=_ORDER)


_ORDER = "claim, key"


def pieces_by_row(connection: Connection, claims: Sequence[str]) -> Pieces:
    """The evidence on some claims, read row by row."""
    columns: list[list[Any]] = [[] for _ in _SAID]
    for rows in driver_lists(connection, _SAID, _E.claim, claims, order=_ORDER):
        for column, values in zip(columns, zip(*rows, strict=True), strict=False):
            column.extend(values)
    claim, key, source, relays, stance, latest, recorded, credibility, basis, side, quote, document, gone = (
        columns
    )
    places = {each: number for number, each in enumerate(claims)}
    of = numbered(claim, places)
    sources, documents, days = Numbers(), Numbers(), Days()
    numbers = numbered(source, sources)
    behind = numbers.copy()
    odd = np.zeros(len(claims), dtype=np.bool_)
    if withdrawn := [at for at, how in enumerate(gone) if how is not None]:
        odd[of[withdrawn]] = True
    for at, whom in enumerate(relays):
        if whom is not None:
            behind[at] = sources[whom]
            odd[of[at]] |= whom == source[at]
    read_in = np.array([-1 if each is None else documents[each] for each in document], dtype=np.int64)
    pieces = PlainPieces(
        keys=key,
        claim=of,
        source=numbers,
        behind=behind,
        stance=_coded(stance, STANCES),
        day=np.minimum(numbered(latest, days), numbered(recorded, days)),
        credibility=_coded(credibility, CREDIBILITIES),
        basis=_coded(basis, BASES),
        side=_coded(side, SIDES),
        document=read_in,
        line=behind,
        quote=quote,
    )
    return pieces, sources, documents, odd


def numbered(keys: Sequence[Any], numbers: Mapping[Any, int]) -> Ints:
    """The numbers of keys."""
    return np.fromiter(map(numbers.__getitem__, keys), dtype=np.int64, count=len(keys))


def _coded(words: Sequence[Any], terms: Sequence[Any]) -> Ints:
    return numbered(words, _codes(terms))


@cache
def _codes(terms: Sequence[Any]) -> dict[str | None, int]:
    return {None if term is None else str(term): n for n, term in enumerate(terms)}


def _sources(connection: Connection, sources: Numbers, pieces: PlainPieces, odd: Any) -> list[PlainSource]:
    """What is known of sources, in the order of their numbers. Claims on which something is passed on
    of which no source is known are odd."""
    found = each_once(connection, _KNOWN, sources, partial(_plain_sources, connection))
    nobody = PlainSource("", None)
    if len(found) < len(sources):
        missing = [number for key, number in sources.items() if key not in found]
        odd[pieces.claim[np.isin(pieces.behind, missing)]] = True
    return [found.get(key, nobody) for key in sources]


_KNOWN = "plain sources"


def _plain_sources(connection: Connection, sources: Collection[str]) -> dict[str, PlainSource]:
    sides: dict[str, list[str]] = defaultdict(list)
    _expect_sources(connection, sources)
    for source, _, side in sorted(driver_rows(connection, _OF_SIDES, _SIDES.source, sources)):
        sides[source].append(side)
    return {
        key: _known(intern(name_of_origin(key, owner, sides[key])), grade)
        for key, owner, grade in driver_rows(connection, _OF_SOURCES, _S.key, sources)
    }


def _expect_sources(connection: Connection, sources: Collection[str]) -> None:
    """Have a server asked for a few sources along with what it is asked next."""
    if 0 < len(sources) <= FEW:
        asked = sorted(sources)
        of_sides = question_of(connection, _OF_SIDES, _SIDES.source, asked)
        expect(connection, [of_sides, question_of(connection, _OF_SOURCES, _S.key, asked)])


_known = lru_cache(maxsize=16_384)(PlainSource)
"""What is known of a source is the same in each of many portions that are held at once."""


def _documents(connection: Connection, documents: Numbers, sources: Numbers) -> tuple[list[str | None], Ints]:
    """The headlines of documents, and the numbers of their publishers."""
    headlines: list[str | None] = [None] * len(documents)
    publishers = np.full(len(documents), NOBODY)
    for key, title, url, publisher in driver_rows(connection, _OF_DOCUMENTS, _D.key, documents):
        headlines[documents[key]] = title if title != url else None
        if publisher is not None:
            publishers[documents[key]] = sources.get(publisher, len(sources))
    return headlines, publishers


def _verdicts(connection: Connection, claims: Sequence[str]) -> dict[int, list[PlainVerdict]]:
    """People's verdicts in force on some claims, by the numbers of these."""
    judged = among(connection, _A.claim, claims)
    if not judged:
        return {}
    places = {claim: number for number, claim in enumerate(claims)}
    return {
        places[claim]: [
            PlainVerdict(each.since.toordinal(), _TRUTH.get(each.status.value, 0))
            for each in made
            if each.in_force
        ]
        for claim, made in Reader(connection).assessments_of(judged).items()
    }


# --- records ----------------------------------------------------------------------------------


def read_cases(connection: Connection, sources: Iterable[str] | None = None) -> Iterator[Case]:
    """How the stances of some sources, or of all, fared on settled claims."""
    o, days = t.outcomes.c, Days()
    columns = (o.source, o.claim, o.kind, o.sign, o.right, o.since, o.until)
    for source, claim, kind, sign, right, since, until in driver_rows(connection, columns, o.source, sources):
        ended = None if until is None else days[until]
        yield Case(source, claim, kind, sign, bool(right), days[since], ended)
