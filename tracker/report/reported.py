"""The read model of a report: all claims in full, a portion at a time, and all that they refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from datetime import date

    from claims.model import Case, Entity, Source
    from tracker.report.infull import InFull
    from tracker.report.models import SourceRecord, Step
    from tracker.report.pictures import Calibrated


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """The claims of one case, or all, as they stand on a day by the record of a moment.

    ``entry`` is the newest entry of the journal that was looked at, ``recorded_at`` when it was recorded
    ("" where there is none) and ``root`` the head of the tree over all up to it (hex); ``origin`` is the
    hash of the first entry, which no other journal has. ``claims`` are the keys of those that the report
    is about; ``sources``, ``entities`` and ``cases`` all that they refer to, by key, and of the whole
    tracker all there are. ``merged`` leads from an entity to the one that it was merged into.

    ``in_full`` gives the claims some hundreds at a time, once, as long as the report is open; ``records``
    how the stances of some sources fared, without what they said, and ``calibrated`` each of these beside
    what the policy expects of such words; ``moves`` the newest changes of status
    by the clock of recording, the newest first, which are only of the present.
    """

    case: Case | None
    as_of: date
    recorded_by: str | None
    entry: int
    recorded_at: str
    root: str
    origin: str
    policy: str
    claims: Collection[str]
    sources: Mapping[str, Source]
    entities: Mapping[str, Entity]
    merged: Mapping[str, str]
    cases: Mapping[str, Case]
    in_full: Callable[[], Iterator[list[InFull]]]
    records: Callable[[Collection[str]], Iterator[SourceRecord]]
    calibrated: Callable[[SourceRecord], Calibrated]
    moves: Callable[[int], list[Step]]
