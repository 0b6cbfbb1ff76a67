"""Random dossiers: a few claims about the same few people, tied in every way there is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import assume
from hypothesis import strategies as st

from claims.dates import from_date, from_edtf
from claims.model import Case, Claim, Document, Entity, Evidence, Link, Question, Source
from claims.resolve import Dossier
from claims.resolve.lines import source_behind
from claims.resolve.rules import RULES
from claims.vocabulary import (
    STANCE_SIGN,
    Basis,
    Credibility,
    EntityType,
    Kind,
    LinkState,
    Relation,
    Reliability,
    Side,
    SourceType,
    Stance,
    Withdrawal,
)
from tests.claims.builders import when

if TYPE_CHECKING:
    from collections.abc import Sequence

FIRST = date(2018, 11, 1)
DAYS = st.integers(0, 60).map(lambda weeks: FIRST + timedelta(weeks=weeks))
"""Days over fourteen months: near enough to each other for clashes, far enough to go stale."""

KINDS = (
    *(Kind.DEATH, Kind.DEATH, Kind.SIGN_OF_LIFE, Kind.SIGN_OF_LIFE),
    *(Kind.EVENT, Kind.COUNT, Kind.ATTRIBUTION, Kind.LEADERSHIP, Kind.LOCATION, Kind.OTHER),
    *(Kind.RESPONSIBILITY, Kind.DISSOLUTION, Kind.FOUNDING, Kind.AFFILIATION, Kind.STATEMENT),
)
DATES = ("2018-11-23", "2018-11", "2018", "2019-02-28", "2019-01/2019-03", "2019", "2018/..", "[..2018-12]")
PEOPLE = ("kouffa", "koufa", "nouini")
DEEDS = ("raid", "siege")
WORDS = ("He was there.", "He was not there.", "He was never there.", "He left.")
SOURCES = ("army", "ministry", "rebels", "paper", "witness", "court")


def maybe(choices: Sequence[Any] | st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """One of these, or nothing."""
    some = choices if isinstance(choices, st.SearchStrategy) else st.sampled_from(choices)
    return st.none() | some


@st.composite
def claims(draw: st.DrawFn, key: str, signs_after: Sequence[str]) -> Claim:
    """A claim of some kind, about one of the same few people, perhaps answering a question."""
    moment = draw(maybe(DATES).map(lambda text: None if text is None else from_edtf(text)))
    if moment is not None and signs_after and draw(st.booleans()):
        moment = when(moment.edtf, draw(st.sampled_from(signs_after)))
    return Claim(
        key=key,
        text=draw(st.sampled_from((key, *WORDS))),
        kind=draw(st.sampled_from(KINDS)),
        subject=draw(st.sampled_from((*PEOPLE, *DEEDS))),
        value=draw(maybe(("12", "15", "10-20", "at least 14", "kouffa; nouini"))),
        value_entity=draw(maybe(("group", *PEOPLE))),
        when=moment,
        question=draw(maybe(("who", "how-many"))),
        where_entity=draw(maybe(("tandor", "belmar"))),
        case=draw(maybe(("open", "narrow"))),
    )


@st.composite
def evidence(draw: st.DrawFn, key: str, on: Sequence[str], earlier: Sequence[Evidence]) -> Evidence:
    """What some source said of one of the claims, relaying some other source or piece at times."""
    about = draw(st.sampled_from(on))
    relayable = [*SOURCES, *(piece.key for piece in earlier if piece.claim == about)]
    withdrawn = draw(st.sampled_from((None, None, None, *Withdrawal)))
    return Evidence(
        key=key,
        claim=about,
        source=draw(st.sampled_from(SOURCES)),
        stance=draw(st.sampled_from(Stance)),
        recorded_on=draw(DAYS),
        published=draw(maybe(DAYS.map(from_date) | st.just(from_edtf("2018-12")))),
        document=draw(maybe(("report", "article"))),
        credibility=draw(maybe(tuple(Credibility))),
        basis=draw(maybe(tuple(Basis))),
        side=draw(maybe(tuple(Side))),
        relays=draw(maybe(relayable)) if draw(st.booleans()) else None,
        withdrawn=withdrawn,
        withdrawn_on=draw(DAYS) if withdrawn is Withdrawal.BY_SOURCE else None,
    )


@st.composite
def sources(draw: st.DrawFn, key: str) -> Source:
    """A source with or without a grade, an owner and sides."""
    return Source(
        key=key,
        name=key.title(),
        type=SourceType.OTHER,
        sides=tuple(draw(st.lists(st.sampled_from(("state", "rebels")), max_size=2, unique=True))),
        owner=draw(maybe(("ministry", "magnate"))),
        reliability=draw(maybe(tuple(Reliability))),
    )


@st.composite
def dossiers(draw: st.DrawFn, pieces: int = 12) -> Dossier:
    """One to six claims with up to ``pieces`` pieces of evidence, and all that can tie them."""
    keys = [f"c{number}" for number in range(draw(st.integers(1, 6)))]
    about = [draw(claims(key, [other for other in keys if other != key])) for key in keys]
    links = {}
    if len(keys) > 1:
        for number in range(draw(st.integers(0, 7))):
            one, other = draw(st.permutations(keys))[:2]
            links[f"l{number}"] = Link(
                key=f"l{number}",
                claim=one,
                relation=draw(st.sampled_from(Relation)),
                other=other,
                reason=draw(st.sampled_from(("", "they say so", "it follows"))),
                state=draw(st.sampled_from((LinkState.OPEN, LinkState.OPEN, LinkState.RESOLVED))),
                rule=draw(maybe(tuple(RULES))) if draw(st.booleans()) else None,
            )
    said: list[Evidence] = []
    for number in range(draw(st.integers(0, pieces))):
        said.append(draw(evidence(f"e{number:02}", keys, said)))
    later = [piece.key for piece in said[1:] if piece.claim == said[0].claim]
    if later and draw(st.booleans()):  # closes a ring, or joins two chains
        said[0] = replace(said[0], relays=draw(st.sampled_from(later)))
    return Dossier(
        claims={claim.key: claim for claim in about},
        evidence={piece.key: piece for piece in said},
        sources={key: draw(sources(key)) for key in SOURCES},
        documents={
            "report": Document(key="report", title="A report", publisher="army"),
            "article": Document(key="article", title="An article", publisher="paper"),
        },
        questions={
            "who": Question(key="who", text="Who did it?", exactly_one=draw(st.booleans())),
            "how-many": Question(key="how-many", text="How many?", cumulative=draw(st.booleans())),
        },
        links=links,
        merged=draw(st.sampled_from(({}, {"koufa": "kouffa"}, {"siege": "raid"}))),
        cases={
            "open": Case(key="open"),
            "narrow": Case(
                key="narrow", rules_off=tuple(draw(st.sets(st.sampled_from(sorted(RULES)), max_size=4)))
            ),
        },
        entities={key: Entity(key=key, name=key, type=EntityType.INCIDENT) for key in DEEDS},
    )


@st.composite
def denials(draw: st.DrawFn, found: Dossier) -> Evidence:
    """One more denial: in whoever's voice, relaying whomever, of whatever day; but by nobody whose
    denial others have passed on already, since that then weighs what his own does."""
    about = draw(st.sampled_from(sorted(found.claims)))
    others = [piece.key for piece in found.evidence.values() if piece.claim == about]
    free = sorted(set(SOURCES) - _whose_denial_is_passed_on(found, about))
    assume(free)
    day_said = draw(DAYS)
    return Evidence(
        key=draw(st.sampled_from(("a-denial", "z-denial"))),
        claim=about,
        source=draw(st.sampled_from(free)),
        stance=draw(st.sampled_from((Stance.DENIES, Stance.DOUBTS))),
        recorded_on=day_said,
        published=from_date(day_said),
        document=draw(maybe(("report", "article"))),
        credibility=draw(maybe(tuple(Credibility))),
        basis=draw(maybe(tuple(Basis))),
        side=draw(maybe(tuple(Side))),
        relays=draw(maybe([*SOURCES, *others])),
    )


def _whose_denial_is_passed_on(found: Dossier, claim: str) -> set[str]:
    """The sources that denials of a claim relay by name, or that lie behind them through other pieces."""
    relays = [
        piece
        for piece in found.evidence.values()
        if piece.claim == claim and piece.relays is not None and STANCE_SIGN[piece.stance] < 0
    ]
    return {piece.relays or "" for piece in relays} | {
        source_behind(piece, found.evidence) for piece in relays
    }
