"""The records of the domain: claims, what they are about, who says what of them, and where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from claims.kinds import rules_of
from claims.vocabulary import AssessmentState, LinkState, Withdrawal

if TYPE_CHECKING:
    from claims.dates import UncertainDate
    from claims.vocabulary import (
        Basis,
        Credibility,
        EntityType,
        Kind,
        Relation,
        Reliability,
        Side,
        SourceType,
        Stance,
        Status,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A body of claims that belong together, such as one investigation.

    ``policy`` is the label of the policy that resolves its claims (None: the tracker's own);
    ``rules_off`` names the contradiction rules that are switched off among them; ``needs_approval`` is
    whether a second person must approve what people make of them.
    """

    key: str
    title: str = ""
    about: str = ""
    policy: str | None = None
    rules_off: tuple[str, ...] = ()
    needs_approval: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A person, group, place or incident, with the other names it goes by.

    ``merged_into`` is the key of the entity that this one turned out to be.
    """

    key: str
    name: str
    type: EntityType
    aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    note: str | None = None
    merged_into: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Who speaks. ``sides`` are the camps it belongs to, the first of them the closest;
    ``owner`` is who owns or directs it; ``reliability`` is its present Admiralty grade."""

    key: str
    name: str
    type: SourceType
    sides: tuple[str, ...] = ()
    owner: str | None = None
    reliability: Reliability | None = None
    url: str | None = None
    note: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What was published. ``sha256`` is the hex digest of its archived bytes, when there are any."""

    key: str
    title: str
    publisher: str | None = None
    author: str | None = None
    url: str | None = None
    published: UncertainDate | None = None
    sha256: str | None = None
    note: str | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A slot that only one answer can fill; ``exactly_one`` if one of the answers must be right.

    For counts: ``counted`` says who or what is counted, ``cumulative`` that the number can only
    grow from one day to the next.
    """

    key: str
    text: str
    exactly_one: bool = False
    counted: str | None = None
    cumulative: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One checkable proposition.

    ``subject``, ``value_entity`` and ``where_entity`` are keys of entities; ``value`` and
    ``where`` keep the words. ``when`` is when it happened, or held. ``ongoing`` says whether it is
    a state that goes on; None leaves that to its kind.
    """

    key: str
    text: str
    kind: Kind
    subject: str | None = None
    value: str | None = None
    value_entity: str | None = None
    when: UncertainDate | None = None
    where: str | None = None
    where_entity: str | None = None
    question: str | None = None
    case: str | None = None
    lang: str | None = None
    external_id: str | None = None
    ongoing: bool | None = None
    note: str | None = None
    withdrawn: bool = False

    @property
    def is_state(self) -> bool:
        """Whether it says how things stand, so that its evidence ages, and not what happened."""
        return rules_of(self.kind).state if self.ongoing is None else self.ongoing


def counts_from(published: UncertainDate | None, recorded_on: date) -> date:
    """The first day on which something certainly was public that was logged on a day: the latest day on
    which it could have been published, and never later than that."""
    if published is None or published.latest is None:
        return recorded_on
    return min(published.latest, recorded_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One source's stance on one claim.

    ``published`` is when the source said it; evidence of unknown date counts from
    ``recorded_on``, the day it was logged here, by when it must have been public. ``relays`` is the
    key of the source, or of the piece of evidence, that it merely passes on.
    """

    key: str
    claim: str
    source: str
    stance: Stance
    recorded_on: date
    published: UncertainDate | None = None
    document: str | None = None
    locator: str | None = None
    quote: str | None = None
    credibility: Credibility | None = None
    basis: Basis | None = None
    side: Side | None = None
    relays: str | None = None
    note: str | None = None
    withdrawn: Withdrawal | None = None
    withdrawn_on: date | None = None
    withdrawn_reason: str | None = None

    @property
    def counts_from(self) -> date:
        """The first day on which it certainly was public: the latest day on which it could
        have been published, and never later than the day it was logged here."""
        return counts_from(self.published, self.recorded_on)

    def was_public_by(self, day: date) -> bool:
        """Whether it was said by a day, be it taken back since or not; our own mistake never was."""
        return self.withdrawn is not Withdrawal.MISTAKE and self.counts_from <= day

    def counts_on(self, day: date) -> bool:
        """Whether it speaks on a day: published by then, and not taken back by then."""
        if self.withdrawn is not None:
            if self.withdrawn_on is None:  # our own mistake: it never spoke
                return False
            if self.withdrawn_on <= day:
                return False
        return self.counts_from <= day


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What one claim is to another, who or what found it, and whether it still holds.

    ``rule`` names the contradiction rule that found it; None for what a person recorded.
    """

    key: str
    claim: str
    relation: Relation
    other: str
    reason: str
    state: LinkState = LinkState.OPEN
    made_by: str = ""
    resolution: str | None = None
    rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """A person's own verdict, with reasons. It stands beside the computed status and never enters it.

    One that a second person must approve is in force only once that is done: ``decided_by``,
    ``decided_on`` and ``decided_reason`` say who approved or rejected it, when, and why.
    """

    key: str
    claim: str
    status: Status
    author: str
    made_on: date
    likelihood: float | None = None
    reason: str = ""
    withdrawn: bool = False
    state: AssessmentState = AssessmentState.MADE
    decided_by: str | None = None
    decided_on: date | None = None
    decided_reason: str | None = None

    @property
    def in_force(self) -> bool:
        """Whether it counts: it was not withdrawn, and does not wait for a second person."""
        return not self.withdrawn and self.state in (AssessmentState.MADE, AssessmentState.APPROVED)

    @property
    def since(self) -> date:
        """The day from which it counts, once it is in force: that of the verdict, or the later one on which
        it was approved."""
        if self.state is AssessmentState.APPROVED and self.decided_on is not None:
            return max(self.made_on, self.decided_on)
        return self.made_on
