"""The read model of what is written out: claims with all that they refer to, a portion at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from claims.model import Assessment, Case, Claim, Document, Entity, Evidence, Link, Question, Source
    from tracker.report.publications import Publication
    from tracker.report.standing import Standing


@dataclass(frozen=True, slots=True)
class Recorded:
    """When a record was made and last changed, in the form of the journal, and who made it."""

    first: str
    last: str
    author: str


Moments = Mapping[tuple[str, str], Recorded]
"""When records were made and changed, by what each is ("claim", "source", "evidence" …) and its key;
``"status"`` is what is computed of a claim, when that changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Portion:
    """Some claims, by key and in the order of their keys, and everything that they refer to, by key.

    ``evidence`` is all on these claims, withdrawn pieces too; ``links`` are those from or to them that
    people made or resolved; ``assessments`` are the verdicts that were not withdrawn or rejected, by claim;
    ``publications`` what was published of them, by claim; ``grades`` the reliability
    grades that each source was given, oldest first, with reasons;
    ``standings`` their computed statuses.
    Claims that were withdrawn are not there.
    """

    claims: Mapping[str, Claim] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    entities: Mapping[str, Entity] = field(default_factory=dict)
    documents: Mapping[str, Document] = field(default_factory=dict)
    questions: Mapping[str, Question] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
    assessments: Mapping[str, tuple[Assessment, ...]] = field(default_factory=dict)
    publications: Mapping[str, tuple[Publication, ...]] = field(default_factory=dict)
    grades: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    standings: Mapping[str, Standing] = field(default_factory=dict)

    def evidence_on(self, claim: str) -> list[Evidence]:
        """The evidence on one claim, oldest first."""
        found = (piece for piece in self.evidence.values() if piece.claim == claim)
        return sorted(found, key=lambda piece: (piece.counts_from, piece.key))


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The rows of one of the views that docs/sql.md describes.

    ``columns`` are their names in order, each with what its values are: ``text``, ``whole number``,
    ``number``, ``yes or no`` or ``date``, as Python has them, or None. ``portions`` gives some thousands
    of rows at a time, once.
    """

    name: str
    columns: Mapping[str, str]
    portions: Iterator[list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """What a writer is given: the claims of one case, or all, as they stand on a day.

    ``portions`` gives them some hundreds at a time, and may be asked for more than once; ``rest`` gives,
    where no case was chosen, all sources, entities, documents, questions and cases, also those that no claim
    refers to; ``whole`` gives everything as one portion, for formats that need that. ``why()`` of a
    standing explains the status. ``table`` gives one of the views by name, which are only of the present; it
    raises :class:`NotFound` for one that there is not, and :class:`BadValue` where another moment was
    asked for. ``made`` is the present moment (UTC), ``as_of`` the day whose published
    evidence counts.

    ``moments`` gives, when asked, when the records of a portion were made and last changed. ``origin`` is the
    hash of the journal's first entry, which no other journal has ("" where there is none), and
    ``founded`` when and by whom that was recorded: what tells this tracker from all others, whoever exports.
    """

    case: Case | None
    as_of: date
    made: datetime
    portions: Callable[[], Iterator[Portion]]
    rest: Callable[[], Portion]
    whole: Callable[[], Portion]
    table: Callable[[str], Table]
    moments: Callable[[Portion], Moments] = lambda _: {}
    origin: str = ""
    founded: Recorded | None = None
