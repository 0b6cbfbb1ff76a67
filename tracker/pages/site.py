"""The report: a folder of pages, written from what the tracker tells, with all that they need."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue
from claims.vocabulary import likelihood_words
from tracker import checkpoints
from tracker.pages.claimwriter import ClaimWriter, written_by
from tracker.pages.collected import MOST_TURNS, Collected, Row, Said, life_of, matrix_of, tally_of
from tracker.pages.environment import environment
from tracker.pages.feed import Item, feed
from tracker.pages.links import files_of_report, list_file, outside, page_file
from tracker.pages.rendering import Pages, Site
from tracker.plots.case import matrix
from tracker.plots.palette import stylesheet
from tracker.plots.person import life_line
from tracker.plots.source import calibration
from tracker.report.forreaders import day_words
from tracker.report.jsonable import record_rows
from tracker.report.words import moment_words, percent, step_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.checkpoints import Kept
    from tracker.pages.links import Links
    from tracker.plots.figure import Figure
    from tracker.report.models import SourceRecord, Step
    from tracker.report.reported import Reported

PER_PAGE = 200
"""Rows of a list that one page has."""

WINDOW = timedelta(days=30)
"""How long before its day the report compares with, unless told otherwise."""

NEWEST = 100
"""Changes in the feed."""

CHECKPOINT = "checkpoint.txt"

FEW = 1_000
"""So few claims are written without helpers, which take a while to begin."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a report is to be: of a ``case`` or of all; on which clocks; compared with a day ``since``;
    under a ``title``, by an ``organisation`` (the title, if nobody says), at an address ``url`` once it is
    published. ``key`` is the one that checkpoints are signed with, as text."""

    title: str | None = None
    case: str | None = None
    as_of: str | None = None
    recorded_by: str | None = None
    since: str | None = None
    organisation: str | None = None
    url: str | None = None
    key: str = ""
    checkpoints: Path | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: how many claims, pages and bytes."""

    claims: int
    pages: int
    size: int


def write_site(
    tracker: Tracker,
    folder: Path,
    wish: Wish,
    *,
    helpers: int = 0,
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Written:
    """Write a report into an empty folder; ``progress`` is told how many claims are written, of how many.
    Pages of very many claims are written by so many processes besides; whoever wants these must guard the
    main module against being run by them.

    Raises :class:`NotFound` for a case that is not there, and :class:`BadValue` for an address that is none
    and where the extra for pages is not installed.
    """
    environment()
    if wish.url is not None and outside(wish.url) is None:
        raise BadValue(f"{wish.url!r} is no address", "write it as https://newsroom.example/claims/")
    with tracker.report(wish.case, as_of=wish.as_of, recorded_by=wish.recorded_by) as found:
        since = tracker.read_day(wish.since) if wish.since else found.as_of - WINDOW
        site = _SiteWriter(folder, found, wish, min(since, found.as_of), helpers)
        return site.write(progress)


@dataclass(slots=True)
class _SiteWriter:
    """A report being written."""

    folder: Path
    found: Reported
    wish: Wish
    since: date
    helpers: int = 0
    pages: int = 0
    size: int = 0
    links: Links = field(init=False)
    site: Pages = field(init=False)
    seen: Collected = field(init=False)
    titles: Mapping[str, str] = field(init=False)
    title: str = field(init=False)
    writer: ClaimWriter = field(init=False)

    def __post_init__(self) -> None:
        case = self.found.case
        self.title = self.wish.title or (case.title or case.key if case is not None else "Claims")
        about = Site(title=self.title, seen=_seen(self.found), static=True, feed=True)
        self.site = Pages(about)
        self.seen = Collected(self.since, self.found.merged)
        self.titles = {key: case.title or key for key, case in self.found.cases.items()}
        found = self.found
        records = {"source": found.sources, "entity": found.entities, "case": found.cases}
        self.writer = ClaimWriter(
            folder=self.folder,
            site=about,
            known={"claim": frozenset(found.claims)} | {name: frozenset(of) for name, of in records.items()},
            titles=self.titles,
            organisation=self.wish.organisation or self.title,
        )
        self.links = files_of_report(self.writer.has)

    def write(self, progress: Callable[[int, int], None]) -> Written:
        for folder in ("claims", "entities", "sources", "cases", "static"):
            (self.folder / folder).mkdir()
        total = len(self.found.claims)
        self.pages += total
        with written_by(self.writer, self.helpers if total > FEW else 0) as give:
            for portion in self.found.in_full():
                shown = [each.for_readers() for each in portion]
                for it in shown:
                    self.seen.take(it)
                self.size += give(shown)
                progress(len(self.seen.rows), total)
            self.size += give([])
        self._lists()
        self._records()
        self._changes()
        self._audit()
        self._static()
        return Written(total, self.pages, self.size)

    # --- pages ------------------------------------------------------------------------------

    def _put(self, path: str, data: str | bytes) -> None:
        written = data.encode("utf-8", "replace") if isinstance(data, str) else data
        (self.folder / path).write_bytes(written)
        self.size += len(written)

    def _page(self, path: str, template: str, here: str, **context: Any) -> None:
        self._put(path, self.site.render(template, here, self.links.seen_from(path), **context))
        self.pages += 1

    def _parted(
        self, name: Callable[[int], str], template: str, here: str, rows: Sequence[Any], **context: Any
    ) -> None:
        """A list on as many pages as it takes, at least one."""
        count = max(-(-len(rows) // PER_PAGE), 1)
        for number in range(1, count + 1):
            part = rows[(number - 1) * PER_PAGE : number * PER_PAGE]
            path = name(number)
            up = "../" * path.count("/")
            pager = [up + name(each) for each in range(1, count + 1)]
            self._page(
                path,
                template,
                here,
                rows=part,
                total=len(rows),
                pager=pager,
                page=number,
                **self._lent(),
                **context,
            )

    def _lent(self) -> dict[str, Any]:
        """What all lists use."""
        return {"titles": self.titles, "claims": self.seen.rows}

    # --- lists ------------------------------------------------------------------------------

    def _lists(self) -> None:
        found, seen = self.found, self.seen
        rows = seen.newest_first()
        tally = tally_of(rows)
        self._parted(
            lambda page: list_file("claims", page), "index.html", "claims", rows, tally=tally, found=found
        )
        self._put("static/claims.js", _data(rows, self.titles))
        people = [
            (entity, len(seen.about.get(seen.final(key), ()))) for key, entity in found.entities.items()
        ]
        people.sort(key=lambda each: (each[0].name.casefold(), each[0].key))
        self._parted(lambda page: list_file("entities", page), "entities.html", "entities", people)
        voices = [(source, len(seen.said.get(key, ()))) for key, source in found.sources.items()]
        voices.sort(key=lambda each: (each[0].name.casefold(), each[0].key))
        self._parted(lambda page: list_file("sources", page), "sources.html", "sources", voices)
        counts = _counts(row.case for row in rows)
        cases = [(case, counts.get(key, 0)) for key, case in sorted(found.cases.items())]
        self._parted(lambda page: list_file("cases", page), "cases.html", "cases", cases)

    def _records(self) -> None:
        found, seen = self.found, self.seen
        for key, entity in sorted(found.entities.items()):
            rows = seen.newest_first(seen.about.get(seen.final(key), ()))
            rows.sort(key=lambda row: row.kind not in ("death", "sign-of-life"))
            end = seen.final(key)
            merged = [each for each in found.merged if seen.final(each) == end and each in found.entities]
            names = {
                each: found.entities[each].name for each in {*merged, end} - {key} if each in found.entities
            }
            self._parted(
                lambda page, key=key: page_file("entity", key, page),  # type: ignore[misc]
                *("entity.html", "entities", rows),
                entity=entity,
                names=dict(sorted(names.items())),
                figure=_drawn(life_line, life_of(entity, seen.lives.get(end, ()), found.as_of)),
            )
        for record in found.records(sorted(found.sources)):
            self._source(record)
        by_case: dict[str, list[str]] = {key: [] for key in found.cases}
        for row in seen.rows.values():
            if row.case in by_case:
                by_case[row.case].append(row.key)
        for key, case in sorted(found.cases.items()):
            rows = seen.newest_first(by_case[key])
            self._parted(
                lambda page, key=key: page_file("case", key, page),  # type: ignore[misc]
                *("case.html", "cases", rows),
                case=case,
                tally=tally_of(rows),
                figure=_drawn(matrix, matrix_of(case, seen.cases.get(key, ()), found.as_of)),
            )

    def _source(self, record: SourceRecord) -> None:
        key = record.source.key
        said: list[Said] = self.seen.said.get(key, [])
        said.sort(key=lambda each: (each.day, each.piece), reverse=True)
        self._parted(
            lambda page: page_file("source", key, page),
            *("source.html", "sources", said),
            record=record,
            fared=record_rows(record),
            figure=calibration(self.found.calibrated(record)) if record.outcomes else None,
        )

    # --- what changed -----------------------------------------------------------------------

    def _changes(self) -> None:
        moved = sorted(self.seen.moved, key=lambda each: each.claim)
        moved.sort(key=lambda each: each.on, reverse=True)
        self._parted(
            lambda page: list_file("changes", page),
            *("changes.html", "changes", moved),
            since=self.since,
            found=self.found,
            turns=self.seen.newest_turns()[:MOST_TURNS],
        )
        updated = self.found.recorded_at or f"{self.found.as_of}T00:00:00Z"
        items = list(self._items())
        newest = max((item.at for item in items), default=updated)
        self._put(
            "changes.atom",
            feed(
                *(self.found.origin, f"{self.title}: what changed", newest, items),
                author=self.writer.organisation,
                base=self._base(),
            ),
        )

    def _base(self) -> str:
        url = self.wish.url or ""
        return url if not url or url.endswith("/") else f"{url}/"

    def _items(self) -> Iterator[Item]:
        """The changes in the feed: as they were recorded; of another day, as they were published."""
        if self.wish.as_of is None:
            for step in self.found.moves(NEWEST):
                yield self._recorded(step)
            return
        for turn in self.seen.newest_turns()[:NEWEST]:
            text = self.seen.rows[turn.claim].text
            was = f"; was {turn.was}" if turn.was else ""
            likely = f"{likelihood_words(turn.likelihood)} ({percent(turn.likelihood)})"
            told = f"By what had been published by {day_words(turn.day)}"
            yield Item(
                name=f"published/{turn.day}/{turn.claim}",
                at=f"{turn.day}T00:00:00Z",
                title=f"{turn.status}: {text}",
                text=f"{told}: {turn.status}, {likely}{was}. {turn.because}",
                link=page_file("claim", turn.claim),
            )

    def _recorded(self, step: Step) -> Item:
        key = step.claim or ""
        return Item(
            name=step.place,
            at=step.at,
            title=f"{step.status}: {self.seen.rows[key].text}",
            text=f"By entry {step.entry} of the journal, {moment_words(step.at)}: {step_words(step)}.",
            link=page_file("claim", key),
        )

    # --- the record -------------------------------------------------------------------------

    def _audit(self) -> None:
        kept = self._checkpoint()
        if kept is not None:
            self._put(CHECKPOINT, str(kept.note))
            stamp = kept.path.with_name(kept.path.name + checkpoints.STAMP)
            if stamp.is_file():
                self._put(CHECKPOINT + checkpoints.STAMP, stamp.read_bytes())
        self._page(
            "audit.html",
            *("audit.html", "audit"),
            found=self.found,
            checkpoint=kept.checkpoint if kept is not None else None,
            file=CHECKPOINT,
            stamped=(self.folder / (CHECKPOINT + checkpoints.STAMP)).is_file(),
            key=self.wish.key,
            example=min(self.found.claims, default="KEY"),
        )

    def _checkpoint(self) -> Kept | None:
        """The newest checkpoint of what the report tells of."""
        if self.wish.checkpoints is None:
            return None
        for path in reversed(checkpoints.files(self.wish.checkpoints)):
            kept = checkpoints.read(path)
            if kept.checkpoint.size <= self.found.entry:
                return kept
        return None

    def _static(self) -> None:
        self._put("static/figures.css", stylesheet())
        for file in sorted(files("tracker.pages").joinpath("static").iterdir(), key=lambda each: each.name):
            self._put(f"static/{file.name}", file.read_bytes())


def _drawn(draw: Callable[[Any], Figure], model: Any) -> Figure | None:
    return None if model is None else draw(model)


def _seen(found: Reported) -> str:
    """Which record, which day and which policy a report tells by."""
    about = f"The case {found.case.title or found.case.key}, as" if found.case else "As"
    recorded = (
        f", by what was recorded here by {moment_words(found.recorded_by)}" if found.recorded_by else ""
    )
    at = f" ({moment_words(found.recorded_at)})" if found.recorded_at else ""
    return (
        f"{about} of {day_words(found.as_of)}{recorded}; up to entry {found.entry} of the journal{at}; "
        f"by the policy {found.policy}."
    )


def _counts(values: Iterable[str | None]) -> dict[str, int]:
    return Counter(value for value in values if value is not None)


def _data(rows: Sequence[Row], titles: Mapping[str, str]) -> str:
    """The rows of the index for the filter, as a script: a page opened from disk can load nothing else."""
    written = [
        [
            *(page_file("claim", row.key), row.key, row.text, row.lang or "", row.kind),
            *(titles.get(row.case or "", row.case or ""), row.subject or "", row.status),
            *(round(row.likelihood, 4), percent(row.likelihood), likelihood_words(row.likelihood)),
            *(row.confidence, row.supporting, row.opposing, row.changed, int(row.stale)),
        ]
        for row in rows
    ]
    listed = json.dumps(written, separators=(",", ":"))
    return f'"use strict";\nwindow.trackerClaims = {listed};\n'
