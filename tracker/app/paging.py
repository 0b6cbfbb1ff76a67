"""Pages of statuses: stored ones found through indexes, and computed where the stored may not be right."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tracker.store import pages, statuses
from tracker.store.pages import Stretch
from tracker.store.rows import status_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tracker.app.moments import Moment
    from tracker.app.view import View
    from tracker.store.pages import Wanted
    from tracker.store.read import Reader

    Rows = dict[str, dict[str, Any]]

PORTION = 500
"""Claims that are computed at a time, while a page is being filled."""


def page_of(view: View, wanted: Wanted, stretch: Stretch) -> Rows:
    """The status columns of the claims of a page, by key in order: of those that are and stand as wanted,
    the first so many after a key.

    What is stored is found by the store. What may not be right as it is stored, and all where the
    view is not that of the tables, is computed on the way, a portion at a time, and kept if it
    stands as wanted: so a page never costs more than what comes before its end.
    """
    found: Rows = {}
    left = stretch
    while True:
        here, reached = _next(view, wanted, left)
        found |= here
        if reached is None or (stretch.most is not None and len(found) >= stretch.most):
            break
        most = None if stretch.most is None else stretch.most - len(found)
        left = Stretch(reached, stretch.until, most)
    return {key: found[key] for key in stretch.of(sorted(found))}


def _next(view: View, wanted: Wanted, stretch: Stretch) -> tuple[Rows, str | None]:
    """Claims that stand as wanted, from the beginning of a stretch to the key that is given too, or
    to its end (None)."""
    connection = view.reader.connection
    portion = None if stretch.most is None else PORTION
    if not view.stored:
        keys = pages.claim_keys(connection, wanted, replace(stretch, most=portion))
        everything = wanted.all_claims and stretch == Stretch()
        found = _as_wanted(view.computed(set(keys), closed=everything), wanted)
        return found, keys[-1] if portion is not None and len(keys) == portion else None
    if wanted.named and not (wanted.status or wanted.changed_since):
        sure = stretch.of(sorted(wanted.claims or ()))
    else:
        sure = pages.status_keys(connection, wanted, stretch)
    reached = sure[-1] if stretch.most is not None and len(sure) == stretch.most else None
    unsure = view.unsure(wanted, Stretch(stretch.after, reached or stretch.until, portion))
    if portion is not None and len(unsure) == portion:
        reached = unsure[-1]
        sure = Stretch(until=reached).of(sure)
    read = statuses.read(connection, set(sure).difference(unsure))
    for row in read.values():
        row["as_of"] = view.as_of
    return read | _as_wanted(view.computed(set(unsure)), wanted), reached


def past_page(
    reader: Reader, until: Moment, wanted: Wanted, stretch: Stretch, computed: Callable[[set[str]], Rows]
) -> Rows:
    """The same of the past, for claims whatever they are: as they stood at a moment, by the last change of
    each up to then; ``computed`` works out those whose status had aged by then, or is still to be
    resolved."""
    connection, last = reader.connection, until.entry
    found: Rows = {}
    after: str | None = stretch.after
    restricts = bool(wanted.status) or wanted.changed_since is not None
    while after is not None and (stretch.most is None or len(found) < stretch.most):
        most = stretch.most if stretch.most is None else max(stretch.most, PORTION * restricts)
        rows = pages.past_statuses(connection, last, Stretch(after, stretch.until, most))
        reached = rows[-1]["claim"] if most is not None and len(rows) == most else None
        portion = None if most is None else PORTION
        waiting = pages.waiting_keys(connection, last, Stretch(after, reached or stretch.until, portion))
        if portion is not None and len(waiting) == portion:
            reached = waiting[-1]
            rows = [row for row in rows if row["claim"] <= reached]
        here = standing_then(reader, until, rows)
        unsure = {key for key, row in here.items() if not sure_then(row, until)}.union(waiting)
        sure = {key: row for key, row in here.items() if key not in unsure}
        found |= _as_wanted(sure | computed(unsure), wanted)
        after = reached
    return {key: found[key] for key in stretch.of(sorted(found))}


def standing_then(reader: Reader, until: Moment, rows: Iterable[Mapping[str, Any]]) -> Rows:
    """The status columns of the claims that had not been taken back by a moment."""
    last = {row["claim"]: row for row in rows}
    ends = pages.past_ends(reader.connection, until.entry, last)
    return {
        key: {**row, "status": status_of(row["status"]), "as_of": until.day}
        for key, row in last.items()
        if ends.get(key, 0) <= row["seq"]
    }


def sure_then(row: Mapping[str, Any], until: Moment) -> bool:
    """Whether the last change of a claim up to a moment says how it stood at that moment: the one place
    that says so. Time alone may have changed it by then."""
    return row["changes_on"] is None or row["changes_on"] > until.day


def _as_wanted(found: Rows, wanted: Wanted) -> Rows:
    return {key: row for key, row in found.items() if stands_as_wanted(row, wanted)}


def stands_as_wanted(row: Mapping[str, Any], wanted: Wanted) -> bool:
    """Whether a claim of these status columns has the status that is wanted, and since the day."""
    if wanted.status and row["status"] not in wanted.status:
        return False
    if wanted.changed_since is not None:
        return row["changed"] is not None and row["changed"] >= wanted.changed_since
    return True
