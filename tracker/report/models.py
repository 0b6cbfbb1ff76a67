"""Read models: what a question to the tracker is answered with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import date

    from claims.model import Assessment, Claim, Document, Entity, Evidence, Link, Question, Source
    from claims.resolve import Flip, Resolution
    from claims.resolve.explaining import IfWrong, Line
    from claims.resolve.records import Outcome, Suggestion
    from claims.resolve.rules import Rule
    from claims.suspecting import Suspected, SuspectedLines
    from claims.tolls import Toll
    from claims.vocabulary import Status
    from tracker.journal.redaction import Redaction
    from tracker.report.publications import Publication
    from tracker.report.standing import Standing


_TOLD = ("status", "confidence", "supporting_lines", "opposing_lines", "evidence", "stale", "assessed")
"""What is compared between two standings, besides the likelihood."""

ALIKE = 5e-7
"""Likelihoods that differ by less are written alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    """Other claims that a rule ties a claim to, and why."""

    rule: str
    claims: tuple[str, ...]
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossiered:
    """Everything on one claim, for ``show``. ``lines`` leads from evidence to its line; ``bonds``
    are what rules found, ``links`` what people made."""

    standing: Standing
    entity: Entity | None
    question: Question | None
    rivals: tuple[str, ...]
    bonds: tuple[Bond, ...]
    links: tuple[Link, ...]
    assessments: tuple[Assessment, ...]
    evidence: tuple[Evidence, ...]
    lines: dict[str, str]
    sources: dict[str, Source]
    documents: dict[str, Document]
    publications: tuple[Publication, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a claim stands as it does, and what would change it. ``lines`` are those on the claim itself,
    ``if_wrong`` how it would stand without each source that bears on it; ``sources`` leads from
    keys to names; ``evidence`` from keys to the pieces that contribute. ``suspicions``: sources whose
    lines may be one, which the resolution takes no account of."""

    standing: Standing
    resolution: Resolution
    flips: tuple[Flip, ...]
    sources: dict[str, str]
    lines: tuple[Line, ...] = ()
    if_wrong: tuple[IfWrong, ...] = ()
    evidence: dict[str, Evidence] = field(default_factory=dict)
    suspicions: tuple[SuspectedLines, ...] = ()

    def __str__(self) -> str:
        from tracker.report.words import explain  # words need this model, so not at the top

        return "\n".join(explain(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One change of a claim: when, from what to what, and because of which evidence.

    ``at`` is a day on the clock of publication, or the moment of recording. ``entry`` is the
    journal entry that caused it, and ``act`` what was done by that, on the clock of recording only.
    ``since`` is the day since which the claim stands as it did, where that is another than was said before.
    """

    at: str
    status: Status
    likelihood: float
    because: tuple[str, ...]
    was: Status | None
    stale: bool = False
    entry: int | None = None
    act: str | None = None
    claim: str | None = None
    since: date | None = None

    @property
    def place(self) -> str:
        """Where it stands among the changes of all claims: its entry, or its day, and the claim."""
        return f"{self.at if self.entry is None else self.entry}/{self.claim or ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """A journal entry that bears on a claim: its number, when and by whom it was recorded, what was done
    to what, and why. ``status`` is what the claim became by it, and ``was`` what it was until then
    (None: it was not there); ``status`` is None where the entry moved nothing by itself."""

    entry: int
    recorded_at: str
    author: str
    act: str
    subject: str
    reason: str
    was: Status | None = None
    status: Status | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What differs in one claim between two days of publication, or two moments of recording.

    ``since`` and ``until`` name them; ``before`` and ``after`` say how the claim stood (None: it was
    not there, or taken back as a mistake). By the clock of publication ``appeared`` and
    ``withdrawn`` are the evidence in between; ``deeds`` are the entries that recorded it, or by the
    clock of recording all that was done in between to the claim and those that rules tie to it.
    """

    key: str
    clock: str
    since: str
    until: str
    before: Standing | None
    after: Standing | None
    appeared: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    deeds: tuple[Deed, ...] = ()

    @property
    def claim(self) -> Claim:
        """The claim, as it was worded last."""
        standing = self.after or self.before
        assert standing is not None
        return standing.claim

    @property
    def same(self) -> bool:
        """Whether the claim stood the same both times."""
        if self.before is None or self.after is None:
            return self.before is self.after
        alike = all(getattr(self.before, name) == getattr(self.after, name) for name in _TOLD)
        return alike and abs(self.before.likelihood - self.after.likelihood) < ALIKE


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that a search found: what it is, its key, its words, and why it was found."""

    what: str
    key: str
    text: str
    because: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """What verifying a tracker found. ``root`` is the tree head over all entries (hex); ``redacted``
    the entries whose text is gone, and ``files`` the archived documents (SHA-256), as entries say.

    ``checkpoints`` is how many were compared, ``covered`` the size of the largest that agrees: of later
    entries only the database itself speaks. ``signed`` is whether each had to be signed by a key that
    whoever verified gave: else anybody may have put it there.
    """

    ok: bool
    entries: int
    root: str
    problems: tuple[str, ...]
    redacted: tuple[Redaction, ...] = ()
    files: tuple[str, ...] = ()
    checkpoints: int = 0
    covered: int = 0
    signed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Redacting:
    """What a redaction takes out: which fields of which record, from which entries, the texts
    themselves (for showing beforehand; nothing keeps them), and the archived files (SHA-256).

    ``elsewhere``: number, act and subject of entries that still say one of the texts. ``entry``: the
    entry that records it, once it is done; ``wiped``: whether nothing is left in the database's files.
    """

    key: str
    what: str
    fields: tuple[str, ...]
    entries: tuple[int, ...]
    texts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    elsewhere: tuple[tuple[int, str, str], ...] = ()
    entry: int | None = None
    wiped: bool = False

    def done(self, entry: int, *, wiped: bool) -> Redacting:
        """The same, once it is done: without the texts."""
        return replace(self, entry=entry, wiped=wiped, texts=())


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRecord:
    """A source with its grades over time, what it said, and how what it said of claims that were
    settled later fared; ``suggestion`` is the grade that this record alone suggests."""

    source: Source
    grades: tuple[dict[str, Any], ...]
    evidence: tuple[Evidence, ...]
    outcomes: tuple[Outcome, ...]
    suggestion: Suggestion
    as_of: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspects:
    """Sources that may be copying one another. What was looked at: so many ``sources`` that count
    apart, and ``questions`` (claims, or questions with rival answers) on which several of them spoke."""

    found: tuple[Suspected, ...]
    sources: int
    questions: int
    as_of: date
    recorded_by: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityRecord:
    """An entity with the claims about it; for a person every reported death and sign of life."""

    entity: Entity
    merged: tuple[str, ...]
    claims: tuple[Standing, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer to a question: the claims that give it, the likeliest first."""

    claims: tuple[Standing, ...]

    @property
    def likelihood(self) -> float:
        """How likely it is: as the likeliest claim that gives it."""
        return self.claims[0].likelihood

    @property
    def is_held(self) -> bool:
        """Whether anybody speaks for it."""
        return any(claim.supporting_lines for claim in self.claims)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionRecord:
    """A question with its rival answers, the likeliest first.

    ``leading`` are those that lead: one, several that are as likely as each other, or none where
    nobody speaks for any. ``toll`` is what counts come to. It is ``contested`` where several lead,
    unless they are counts that can all hold.
    """

    question: Question
    answers: tuple[Answer, ...]
    leading: tuple[Answer, ...]
    toll: Toll | None

    @property
    def contested(self) -> bool:
        """Whether several answers lead that cannot all hold."""
        return len(self.leading) > 1 and (self.toll is None or self.toll.contested)


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRecord:
    """A contradiction rule, and what it costs to break it by a policy: 0 where it is off."""

    rule: Rule
    price: float
    policy: str
