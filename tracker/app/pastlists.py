"""Lists of the past: how claims stood at a moment, page by page, from what was stored of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from heapq import merge
from typing import TYPE_CHECKING, Any

from claims.errors import Ambiguous, NotFound
from claims.names import fold
from claims.vocabulary import Kind, read_word
from tracker.app.lookup import Lookup
from tracker.app.paging import PORTION, as_wanted
from tracker.app.partial import CORRECTED, MOST_CHANGED
from tracker.store import find, journal, pages
from tracker.store import tables as t
from tracker.store.neighbours import same_entities
from tracker.store.pages import Stretch, Wanted
from tracker.store.read import Reader
from tracker.store.rows import status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping
    from datetime import date

    from claims.model import Entity, Source
    from tracker.app.moments import Moment
    from tracker.app.paging import Rows
    from tracker.app.partial import Part

RENAMING = ("source.revised", "entity.revised", "entity.merged", "entity.unmerged")
"""The acts by which a name comes to lead to another record."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which claims a list is of, by what they are, as a person typed it."""

    kind: str | None = None
    subject: str | None = None
    case: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class PastList:
    """The claims that a list of the past is of. ``wanted`` is what they had to be at the moment; which of
    them those are is looked for by what they are ``now``, among those ``revised`` since, and said by what
    a ``part`` of the journal says of them."""

    part: Part
    until: Moment
    wanted: Wanted
    now: Wanted
    about: frozenset[str] | None = None
    """The entities that a claim had to be about."""
    revised: tuple[str, ...] = ()
    corrected: frozenset[str] = frozenset()
    """Evidence that was said to be of another source since."""
    stored: bool = True
    """Whether it is asked how claims were said to stand; if not, all are worked out anew."""

    def page(self, stretch: Stretch, computed: Callable[[set[str]], Rows]) -> Rows:
        """The status columns of the claims of a page, by key in order: as they stood by the last change
        of each up to the moment. ``computed`` works out those whose status had aged by then, or is still
        to be resolved."""
        found: Rows = {}
        after: str | None = stretch.after
        least = self._least()
        while after is not None and (stretch.most is None or len(found) < stretch.most):
            most = stretch.most if stretch.most is None else max(stretch.most, least)
            following = Stretch(after, stretch.until, most)
            if self.stored:
                rows, waiting, after = self._next(following)
                sure, unsure = sort_out(Reader(self.part.source), self.until, rows, waiting)
                sure = as_wanted(sure, self.wanted)
            else:
                keys, after = self._next_keys(following)
                sure, unsure = {}, set(keys)
            fitting = self._fitting(unsure.union(sure))
            found |= {key: row for key, row in sure.items() if key in fitting}
            found |= as_wanted(computed(unsure & fitting), self.wanted)
        return {key: found[key] for key in stretch.of(sorted(found))}

    def _least(self) -> int:
        """How many claims are looked at together at least: more where fewer of them will be on the page."""
        if self.wanted.status or self.wanted.changed_since is not None:
            return PORTION
        return 0 if self.now.all_claims else PORTION // 10

    def _next(self, stretch: Stretch) -> tuple[list[dict[str, Any]], list[str], str | None]:
        """The last changes of the next claims that may be wanted, those of them that are still to be
        resolved, and up to which key these are all (None: to the end)."""
        connection, last = self.part.source, self.until.entry
        if self.now.all_claims and not self.wanted.status:
            return self._next_of_all(stretch)
        keys, reached = self._next_keys(stretch)
        rows = pages.past_statuses_of(connection, last, keys)
        return rows, pages.waiting_keys(connection, last, Stretch(), frozenset(keys)), reached

    def _next_keys(self, stretch: Stretch) -> tuple[list[str], str | None]:
        """The next claims that may be wanted, and up to which key these are all (None: to the end)."""
        connection, last = self.part.source, self.until.entry
        if self._by_status:
            found = pages.past_keys(connection, last, stretch, self.wanted.status, self.until.day)
        else:
            found = pages.claims_ever(connection, self.now, stretch)
        more = merge(self.revised, pages.waiting_keys(connection, last, stretch))
        keys = stretch.of(dict.fromkeys(merge(found, more)))
        reached = keys[-1] if stretch.most is not None and len(keys) == stretch.most else None
        if self._by_status and not self.now.all_claims:
            are = pages.claims_ever(connection, replace(self.now, claims=frozenset(keys)), Stretch())
            keys = sorted({*are, *set(self.revised).intersection(keys)})
        return keys, reached

    def _next_of_all(self, stretch: Stretch) -> tuple[list[dict[str, Any]], list[str], str | None]:
        """The same, where any claim may be wanted."""
        connection, last = self.part.source, self.until.entry
        rows = pages.past_statuses(connection, last, stretch)
        reached = rows[-1]["claim"] if stretch.most is not None and len(rows) == stretch.most else None
        portion = None if stretch.most is None else PORTION
        waiting = pages.waiting_keys(
            connection, last, Stretch(stretch.after, reached or stretch.until, portion)
        )
        if portion is not None and len(waiting) == portion:
            reached = waiting[-1]
            rows = [row for row in rows if row["claim"] <= reached]
        return rows, waiting, reached

    @property
    def _by_status(self) -> bool:
        """Whether the claims that stood as wanted are fewer to look through than those that are it."""
        return bool(self.wanted.status and self.stored) and (
            self.now.case,
            self.now.source,
            self.now.claims,
        ) == (
            None,
            None,
            None,
        )

    def _fitting(self, keys: set[str]) -> set[str]:
        """Those of some claims that were what is wanted."""
        if self.now.all_claims or not keys:
            return keys
        self.part.bring(keys)
        if self.wanted.source is not None:
            self.part.bring(pages.evidence_keys(self.part.source, self.wanted.source, keys))
            self.part.bring(self.corrected)
        among = keys
        if self.about is not None:
            among = keys & Reader(self.part.tables).claims_about(self.about)
        of = replace(self.wanted, claims=frozenset(among), status=(), changed_since=None)
        return set(pages.claim_keys(self.part.tables, of, Stretch()))


def past_list(
    part: Part, until: Moment, wanted: Wanted, filters: Filters, *, stored: bool = True
) -> PastList | None:
    """The claims of a list of the past, as they were said to stand, or (not ``stored``) as they are worked
    out to have stood as of another day or by another policy. None where it takes the whole journal to say
    what was typed, or which claims were so: for a name that nothing bore then, the beginning of a key, or
    where very many claims and names were revised since.

    ``wanted`` is how they stand. Raises :class:`BadValue` for what is no kind.
    """
    kind = read_word(Kind, filters.kind, "kind of claim") if filters.kind else None
    if filters == Filters():
        return PastList(part, until, wanted, Wanted(), stored=stored)
    revised = journal.read_rare(part.source, ["claim.revised"], until.entry, MOST_CHANGED + 1)
    if len(revised) > MOST_CHANGED:
        return None
    try:
        source, about = _named(part, filters)
        case = None if filters.case is None else _case(part, filters.case)
    except (NotFound, Ambiguous):
        return None
    of = replace(wanted, kind=kind, case=case, source=source)
    of_now = Wanted(kind=kind, case=case, source=source)
    if about is not None:
        of_now = replace(of_now, claims=frozenset(Reader(part.source).claims_about(about)))
    again = {entry.subject for entry in revised}
    if source is None:
        return PastList(part, until, of, of_now, about, tuple(sorted(again)), stored=stored)
    corrected = journal.read_rare(part.source, [CORRECTED], until.entry, MOST_CHANGED + 1)
    if len(corrected) > MOST_CHANGED:
        return None
    pieces = Reader(part.source).evidence({entry.subject for entry in corrected})
    again.update(piece.claim for piece in pieces.values())
    return PastList(part, until, of, of_now, about, tuple(sorted(again)), frozenset(pieces), stored=stored)


def entity_then(part: Part, text: str) -> tuple[Entity, list[str]] | None:
    """The entity of a key or a name at a moment, and those that are one with it; None where it takes the
    whole journal to say which was meant."""
    try:
        _named(part, Filters(subject=text))
    except (NotFound, Ambiguous):
        return None
    then = Reader(part.tables)
    found = Lookup(then).entity(text)
    return found, then.merged_into(found.key)


def bring_source(part: Part, text: str, day: date) -> bool:
    """The source of a key or a name at a moment, with what it said, and how that had fared by a day; says
    whether that could be found out in short."""
    try:
        source, _ = _named(part, Filters(source=text))
    except (NotFound, Ambiguous):
        return False
    if source is None or not part.bring_cases(day):
        return False
    said = t.evidence.c
    part.bring(Reader(part.source).keys(t.evidence, said.source, [source], "key"))
    part.bring_ground()
    return True


def _case(part: Part, text: str) -> str:
    """The case of a key at a moment."""
    part.bring([text.strip()])
    found = Lookup(Reader(part.tables)).case(text)
    _check_meant(found.key == text.strip())
    return found.key


def _named(part: Part, filters: Filters) -> tuple[str | None, frozenset[str] | None]:
    """The source of a key or a name, and the entity with all that is one with it, at a moment."""
    if filters.source is None and filters.subject is None:
        return None, None
    renamed = journal.read_rare(part.source, RENAMING, part.last, MOST_CHANGED + 1)
    _check_meant(len(renamed) <= MOST_CHANGED)
    changed = {entry.subject for entry in renamed}
    part.bring(changed)
    source = None if filters.source is None else _source(part, filters.source)
    return source, None if filters.subject is None else _entities(part, filters.subject, changed)


def _source(part: Part, text: str) -> str:
    part.bring([text.strip(), *find.sources_named(part.source, fold(text), standing=False)])
    found = Lookup(Reader(part.tables)).source(text)
    _check_meant(_is_called(found, text))
    return found.key


def _entities(part: Part, text: str, changed: Collection[str]) -> frozenset[str]:
    merged = {key: into for key, into in Reader(part.source).merged().items() if key not in changed}
    merged |= Reader(part.tables).merged()
    named = [text.strip(), *find.entities_named(part.source, fold(text), standing=False)]
    part.bring(same_entities([*named, *changed], merged))
    then = Reader(part.tables)
    found = Lookup(then).entity(text)
    same = {found.key, *then.merged_into(found.key)}
    _check_meant(any(_is_called(each, text) for each in then.entities(same).values()))
    return frozenset(same)


def _is_called(it: Source | Entity, text: str) -> bool:
    """Whether a text is the whole key or a name of a record: by the beginning of a key others may be
    meant, which are not in the part."""
    names = (it.name, *getattr(it, "aliases", ()))
    return it.key == text.strip() or fold(text) in {fold(name) for name in names}


def _check_meant(whether: bool) -> None:
    if not whether:
        raise NotFound("it takes the whole record to say what was meant", "")


def sort_out(
    reader: Reader, until: Moment, rows: Iterable[Mapping[str, Any]], waiting: Iterable[str]
) -> tuple[Rows, set[str]]:
    """What the last changes of claims up to a moment say of how they stood at that moment, and the claims
    of which they may not say it: time alone may have changed those by then, or they are ``waiting`` to be
    resolved for what was recorded. The one place that says so."""
    here = standing_then(reader, until, rows)
    aged = {
        key for key, row in here.items() if row["changes_on"] is not None and row["changes_on"] <= until.day
    }
    unsure = aged.union(waiting)
    return {key: row for key, row in here.items() if key not in unsure}, unsure


def standing_then(reader: Reader, until: Moment, rows: Iterable[Mapping[str, Any]]) -> Rows:
    """The status columns of the claims that had not been taken back by a moment."""
    last = {row["claim"]: row for row in rows}
    ends = pages.past_ends(reader.connection, until.entry, last)
    return {
        key: {**row, "status": status_of(row["status"]), "as_of": until.day}
        for key, row in last.items()
        if ends.get(key, 0) <= row["seq"]
    }
