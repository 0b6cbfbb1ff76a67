"""What a file says, as acts: what every format's reader gives, whatever the file looks like.

An act says what is to be recorded, in words; what these mean, and whether it is recorded already, is
for the application. A field that is None, or an empty list, is one that the file says nothing of: what is
recorded of it stays.

Acts name each other by ``id``: what a record is called in the file, such as the id of a STIX object. Where
a field holds the name of another record (``claim``, ``source``, ``publisher``, ``owner``, ``document``,
``question``, ``subject``, ``relays`` …) that is the ``id`` of an act that came before it in the same file,
or else a key, or a name, that the tracker knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.dates import UncertainDate
    from claims.errors import Finding

    Day = str | UncertainDate
    """A date as people write it, or one that is read already (:func:`claims.dates.from_edtf`)."""


LONGEST_TITLE = 900
"""Characters of a title that is made of what a file calls a document; there is room for 1,000."""


def titled(words: str) -> str:
    """The title of a document that a file calls so: of very many words how they begin, so that a long address
    or headline does not take away all else that is said with it."""
    return words if len(words) <= LONGEST_TITLE else words[:LONGEST_TITLE].rstrip() + "…"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """A case, by its key; it is opened, or brought up to date."""

    key: str
    title: str | None = None
    about: str | None = None
    policy: str | None = None
    rules_off: tuple[str, ...] = ()
    needs_approval: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSource:
    """Who speaks. Known again by ``key``, else by ``name``. ``grades`` are all that it was given, oldest
    first and the last the same as ``reliability``, each with its reason; they are heeded for a new source."""

    name: str
    id: str = ""
    key: str | None = None
    type: str | None = None
    sides: tuple[str, ...] = ()
    owner: str | None = None
    reliability: str | None = None
    grades: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntity:
    """A person, group, place or incident. Known again by ``key``, else by ``wikidata``, else by ``name``
    among those of its type."""

    name: str
    id: str = ""
    key: str | None = None
    type: str | None = None
    aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    merged_into: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordDocument:
    """What was published. Known again by ``key``, else by ``url``."""

    title: str
    id: str = ""
    key: str | None = None
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: Day | None = None
    sha256: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoseQuestion:
    """What rival claims answer. Known again by ``key``, else by the key that its words make."""

    text: str
    id: str = ""
    key: str | None = None
    exactly_one: bool | None = None
    counted: str | None = None
    cumulative: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordClaim:
    """A claim. Known again by ``key``, else by ``id``, which is kept as its id outside (``external_id``);
    without either, by its words."""

    text: str
    id: str = ""
    key: str | None = None
    kind: str | None = None
    subject: str | None = None
    value: str | None = None
    when: Day | None = None
    where: str | None = None
    question: str | None = None
    case: str | None = None
    lang: str | None = None
    ongoing: bool | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEvidence:
    """What a source says of a claim. Known again by ``key``; else by claim, source and document; where
    it names no document, by claim, source, stance and the words of its date.

    ``withdrawn`` is ``"mistake"``, or the day on which the source took it back.
    """

    claim: str
    source: str
    stance: str
    id: str = ""
    key: str | None = None
    published: Day | None = None
    document: str | None = None
    locator: str | None = None
    quote: str | None = None
    credibility: str | None = None
    basis: str | None = None
    side: str | None = None
    relays: str | None = None
    note: str | None = None
    withdrawn: str | None = None
    withdrawn_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkClaims:
    """What one claim is to another. ``rule`` names the rule that found it, where no person made it;
    ``state`` is ``"resolved"`` where it no longer holds, and ``resolution`` says why."""

    claim: str
    relation: str
    other: str
    reason: str | None = None
    rule: str | None = None
    state: str | None = None
    resolution: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assess:
    """Somebody's own verdict on a claim, such as the rating of a fact-checker: it stands beside the computed
    status. ``by`` is whose verdict, ``on`` of which day (ISO 8601), ``reason`` why, with their word for
    it."""

    claim: str
    status: str
    reason: str | None = None
    likelihood: str | None = None
    by: str | None = None
    on: str | None = None
    proposed: bool | None = None


Act = (
    OpenCase
    | RegisterSource
    | RegisterEntity
    | RecordDocument
    | PoseQuestion
    | RecordClaim
    | LogEvidence
    | LinkClaims
    | Assess
)

ACTS: dict[str, type[Act]] = {
    "case": OpenCase,
    "source": RegisterSource,
    "entity": RegisterEntity,
    "document": RecordDocument,
    "question": PoseQuestion,
    "claim": RecordClaim,
    "evidence": LogEvidence,
    "link": LinkClaims,
    "assessment": Assess,
}
"""Each act by the word for what it records."""


@dataclass(frozen=True, slots=True)
class Group:
    """Acts that belong together, such as those of one review or one row: recorded all, or none where
    something is wrong with one of them. ``where`` is their place in the file, as a person finds it:
    "line 12", "row 4", "objects[3]". ``remarks`` are what of it was not understood, or understood only
    by a rule that may be wrong: they are told, and the acts are recorded all the same."""

    where: str
    acts: tuple[Act, ...]
    remarks: tuple[Finding, ...] = ()


if TYPE_CHECKING:
    Reading = Iterator[Group | Finding]
    """What a reader gives, one after another: what is to be recorded, and what could not be read."""


def word_of(act: Act) -> str:
    """The word for what an act records, as in :data:`ACTS`."""
    return _WORDS[type(act)]


_WORDS = {kind: word for word, kind in ACTS.items()}
