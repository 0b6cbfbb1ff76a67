"""The field's own words: every closed list of terms that the record is written in.

Sources: the Admiralty (NATO STANAG 2511) reliability and credibility scales, the likelihood
terms of Intelligence Community Directive 203, and the relations and stances of the claim model.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from claims.errors import BadValue


class Kind(StrEnum):
    """What sort of claim it is; :mod:`claims.kinds` has the rules of each."""

    DEATH = "death"
    SIGN_OF_LIFE = "sign-of-life"
    ATTRIBUTION = "attribution"
    RESPONSIBILITY = "responsibility"
    AFFILIATION = "affiliation"
    LEADERSHIP = "leadership"
    FOUNDING = "founding"
    DISSOLUTION = "dissolution"
    LOCATION = "location"
    COUNT = "count"
    EVENT = "event"
    STATEMENT = "statement"
    OTHER = "other"


class Stance(StrEnum):
    """What a source says of a claim. ``mentions`` reports it without taking a side."""

    SUPPORTS = "supports"
    DENIES = "denies"
    DOUBTS = "doubts"
    MENTIONS = "mentions"


class Reliability(StrEnum):
    """Admiralty reliability of a source. F is *unknown*: left out, never a middle value."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"
    E = "E"
    F = "F"


class Credibility(StrEnum):
    """Admiralty credibility of a piece of information. 6 is *unknown*: left out."""

    CONFIRMED = "1"
    PROBABLY_TRUE = "2"
    POSSIBLY_TRUE = "3"
    DOUBTFUL = "4"
    IMPROBABLE = "5"
    UNKNOWN = "6"


class Basis(StrEnum):
    """How the source knows."""

    WITNESSED = "witnessed"
    OFFICIAL_RECORD = "official-record"
    TOLD = "told"
    INFERRED = "inferred"


class Side(StrEnum):
    """Whose interest a statement serves."""

    FOR_OWN_SIDE = "for-own-side"
    AGAINST_OWN_SIDE = "against-own-side"


class Relation(StrEnum):
    """What one claim is to another."""

    CONTRADICTS = "contradicts"
    SUPPORTS = "supports"
    DEPENDS_ON = "depends-on"
    REFINES = "refines"
    DUPLICATES = "duplicates"
    SUPERSEDES = "supersedes"


class LinkState(StrEnum):
    """A link holds while it is open; resolving it needs a reason."""

    OPEN = "open"
    RESOLVED = "resolved"
    WITHDRAWN = "withdrawn"


class AssessmentState(StrEnum):
    """How far a person's verdict has come: one that needs no second person counts as it is made; one that
    does is proposed, until another approves or rejects it."""

    MADE = "made"
    PROPOSED = "proposed"
    APPROVED = "approved"
    REJECTED = "rejected"


class SourceType(StrEnum):
    """Who speaks."""

    GOVERNMENT = "government"
    ARMED_GROUP = "armed-group"
    OUTLET = "outlet"
    ORGANISATION = "organisation"
    RESEARCHER = "researcher"
    COURT = "court"
    PERSON = "person"
    WITNESS = "witness"
    OTHER = "other"


class EntityType(StrEnum):
    """What a named thing is."""

    PERSON = "person"
    GROUP = "group"
    PLACE = "place"
    INCIDENT = "incident"
    OTHER = "other"


class Status(StrEnum):
    """What a policy says of a claim at a moment."""

    UNVERIFIED = "unverified"
    CORROBORATED = "corroborated"
    CONFIRMED = "confirmed"
    DISPUTED = "disputed"
    DOUBTFUL = "doubtful"
    REFUTED = "refuted"
    RETRACTED = "retracted"
    SUPERSEDED = "superseded"


class Confidence(StrEnum):
    """How good the evidence base is; not how likely the claim is."""

    LOW = "low"
    MODERATE = "moderate"
    HIGH = "high"


class Withdrawal(StrEnum):
    """Who took a piece of evidence back: the source itself, or we, as our own mistake."""

    BY_SOURCE = "by-source"
    MISTAKE = "mistake"


STANCE_SIGN = {Stance.SUPPORTS: 1, Stance.MENTIONS: 1, Stance.DENIES: -1, Stance.DOUBTS: -1}
"""Which way a stance pulls; ``mentions`` hardly at all, and the other way where a policy says so."""

LIKELIHOOD_TERMS: tuple[tuple[float, str], ...] = (
    (0.05, "almost no chance"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.00, "almost certain"),
)
"""Upper bounds and terms of ICD 203 (2015), first row of terms: the rows are never mixed."""


def likelihood_words(likelihood: float) -> str:
    """The ICD 203 term for a probability between 0 and 1.

    The directive's bands share their edges (5-20 %, 20-45 %); an edge belongs to the band
    above it, so that exactly 5 % is "very unlikely".
    """
    for upper, term in LIKELIHOOD_TERMS:
        if likelihood < upper:
            return term
    return LIKELIHOOD_TERMS[-1][1]


Word = TypeVar("Word", bound=StrEnum)


def read_word(vocabulary: type[Word], text: str, what: str) -> Word:
    """The term of a vocabulary that ``text`` names, whatever its case, spaces or underscores.

    Raises :class:`BadValue`, listing the terms, when there is none.
    """
    wanted = text.strip().lower().replace("_", "-").replace(" ", "-")
    for term in vocabulary:
        if term.value.lower() == wanted:
            return term
    terms = ", ".join(term.value for term in vocabulary)
    raise BadValue(f"{text!r} is not a {what}", f"use one of: {terms}")
