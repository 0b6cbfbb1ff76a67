"""What lists need of each claim, in a few words: collected while the claims pass by in full."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from claims.vocabulary import EntityType, Kind, Status
from tracker.app.reporting import named_in
from tracker.plots.case import MOST_CLAIMS
from tracker.report import forreaders
from tracker.report.pictures import Life, Matrix

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from claims.model import Case, Claim, Entity, Evidence
    from claims.vocabulary import Stance
    from tracker.report.infull import InFull
    from tracker.report.models import Step
    from tracker.report.standing import Standing


class Row(NamedTuple):
    """A claim as lists show it. ``changed`` is the day since when it stands so (ISO 8601), "" for none."""

    key: str
    text: str
    lang: str | None
    kind: str
    case: str | None
    subject: str | None
    about: str | None
    status: str
    likelihood: float
    confidence: str
    supporting: int
    opposing: int
    changed: str
    stale: bool


class Said(NamedTuple):
    """What a source said of a claim."""

    claim: str
    piece: str
    stance: Stance
    day: str
    when: str
    withdrawn: bool


class Shown(NamedTuple):
    """What a figure of several claims needs of one."""

    standing: Standing
    evidence: tuple[Evidence, ...]
    sources: Mapping[str, str]


class Moved(NamedTuple):
    """A claim that does not stand as it did on an earlier day (``was``: None, it was not spoken of)."""

    claim: str
    was: Status | None
    was_likely: float | None
    status: Status
    likelihood: float
    on: str
    because: str


class Turn(NamedTuple):
    """A day on which a claim came to have another status, by what had been published."""

    day: str
    claim: str
    status: Status
    likelihood: float
    was: Status | None
    because: str


LIVES = (Kind.DEATH, Kind.SIGN_OF_LIFE)

FIGURE = MOST_CLAIMS
"""A case with more claims than a matrix has rows has none in pages."""

MOST_TURNS = 100
"""So many of the newest turns are kept."""


@dataclass(slots=True)
class Collected:
    """What passed by so far. ``since`` is the day that is compared with; ``final`` leads from an entity to
    the one that it was merged into."""

    since: date
    merged: Mapping[str, str]
    rows: dict[str, Row] = field(default_factory=dict)
    said: dict[str, list[Said]] = field(default_factory=lambda: defaultdict(list))
    about: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    moved: list[Moved] = field(default_factory=list)
    turns: list[Turn] = field(default_factory=list)
    lives: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    """The reported deaths and signs of life of each person."""
    cases: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    """The first claims of each case, one more than a figure of it has."""

    def take(self, it: InFull) -> None:
        """Note what lists need of a claim."""
        claim = it.claim
        self.rows[claim.key] = row_of(it)
        for entity in named_in(claim):
            self.about[self.final(entity)].add(claim.key)
        for piece in it.dossier.evidence:
            when = forreaders.when_words(piece.published) if piece.published is not None else ""
            self.said[piece.source].append(
                Said(
                    claim=claim.key,
                    piece=piece.key,
                    stance=piece.stance,
                    day=piece.counts_from.isoformat(),
                    when=when,
                    withdrawn=piece.withdrawn is not None,
                )
            )
        if claim.kind in LIVES and claim.subject is not None:
            self.lives[self.final(claim.subject)].append(_shown(it))
        if claim.case is not None and len(self.cases[claim.case]) <= FIGURE:
            self.cases[claim.case].append(_shown(it))
        if (moved := self._moved(it)) is not None:
            self.moved.append(moved)
        self._turn(it)

    def final(self, entity: str) -> str:
        """The entity that one stands for once merges are followed."""
        seen = {entity}
        while (target := self.merged.get(entity)) is not None and target not in seen:
            seen.add(target)
            entity = target
        return entity

    def _moved(self, it: InFull) -> Moved | None:
        """How a claim differs from how it stood on the earlier day."""
        before, after = _last(it.steps, self.since.isoformat()), it.steps[-1] if it.steps else None
        if after is None or after is before:
            return None
        if before is not None and before.status == after.status and _alike(before, after):
            return None
        return Moved(
            claim=it.claim.key,
            was=before.status if before else None,
            was_likely=before.likelihood if before else None,
            status=after.status,
            likelihood=after.likelihood,
            on=after.at,
            because=forreaders.cause(it, after),
        )

    def _turn(self, it: InFull) -> None:
        for step in it.steps:
            if step.was != step.status:
                because = forreaders.cause(it, step)
                turn = Turn(step.at, it.claim.key, step.status, step.likelihood, step.was, because)
                self.turns.append(turn)
        if len(self.turns) > 20 * MOST_TURNS:
            self.turns = self.newest_turns()

    def newest_turns(self) -> list[Turn]:
        """The newest of them, the newest first."""
        ordered = sorted(self.turns, key=lambda turn: (turn.day, turn.claim), reverse=True)
        return ordered[:MOST_TURNS]

    def newest_first(self, keys: Iterable[str] | None = None) -> list[Row]:
        """Rows of some claims, or of all: those first that changed last."""
        found = self.rows.values() if keys is None else (self.rows[key] for key in keys if key in self.rows)
        by_key = sorted(found, key=lambda row: row.key)
        return sorted(by_key, key=lambda row: row.changed, reverse=True)


def _shown(it: InFull) -> Shown:
    return Shown(it.standing, it.dossier.evidence, it.sources)


def life_of(entity: Entity, found: Sequence[Shown], as_of: date) -> Life | None:
    """The reported deaths and signs of life of a person; None where there are none."""
    if entity.type is not EntityType.PERSON or not found:
        return None
    return Life(
        entity=entity,
        claims=tuple(it.standing for it in found),
        evidence=_evidence(found),
        sources=_names(found),
        as_of=as_of,
    )


def matrix_of(case: Case, found: Sequence[Shown], as_of: date) -> Matrix | None:
    """The claims of a case and who speaks on them; None where these are none, or too many."""
    if not 0 < len(found) <= FIGURE:
        return None
    return Matrix(
        case=case,
        claims=tuple(it.standing for it in found),
        evidence=_evidence(found),
        sources=_names(found),
        as_of=as_of,
    )


def _evidence(found: Sequence[Shown]) -> tuple[Evidence, ...]:
    pieces = (piece for it in found for piece in it.evidence if piece.was_public_by(it.standing.as_of))
    return tuple(sorted(pieces, key=lambda piece: (piece.counts_from, piece.key)))


def _names(found: Sequence[Shown]) -> dict[str, str]:
    return {key: name for it in found for key, name in it.sources.items()}


def _last(steps: Iterable[Step], day: str) -> Step | None:
    found = None
    for step in steps:
        if step.at <= day:
            found = step
    return found


def _alike(one: Step, other: Step) -> bool:
    return abs(one.likelihood - other.likelihood) < forreaders.TELLING


def row_of(it: InFull) -> Row:
    """A claim as lists show it."""
    standing, claim = it.standing, it.claim
    return Row(
        key=claim.key,
        text=claim.text,
        lang=_plain(claim),
        kind=claim.kind.value,
        case=claim.case,
        subject=standing.subject,
        about=claim.subject,
        status=str(standing.status),
        likelihood=standing.likelihood,
        confidence=str(standing.confidence),
        supporting=standing.supporting_lines,
        opposing=standing.opposing_lines,
        changed=standing.changed.isoformat() if standing.changed else "",
        stale=standing.stale,
    )


def _plain(claim: Claim) -> str | None:
    return claim.lang or None


def tally_of(rows: Iterable[Row]) -> list[tuple[str, int]]:
    """How many claims stand how, in the order from confirmed down."""
    counts = Counter(row.status for row in rows)
    order = (
        *(Status.CONFIRMED, Status.CORROBORATED, Status.UNVERIFIED, Status.DISPUTED),
        *(Status.DOUBTFUL, Status.REFUTED, Status.RETRACTED, Status.SUPERSEDED),
    )
    return [(status.value, counts[status.value]) for status in order if counts.get(status.value)]
