"""Pages of statuses: stored ones found through indexes, and computed where the stored may not be right."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from tracker.store import pages, statuses
from tracker.store.pages import Stretch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.app.sifting import Sieve
    from tracker.app.view import View
    from tracker.store.pages import Wanted

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
    if stretch.most == 0:
        return {}
    if not view.stored and wanted.status and stretch.most is not None and (sieve := view.sieve):
        return _sifted(view, wanted, stretch, stretch.most, sieve)
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


def _sifted(view: View, wanted: Wanted, stretch: Stretch, most: int, sieve: Sieve) -> Rows:
    """The same where all statuses are worked out, and there may be few of those that are wanted."""
    from tracker.app.sifting import sifted  # loads what resolves

    found: Rows = {}
    keys_of = partial(pages.claim_keys, view.reader.connection, wanted)
    for keys in sifted(keys_of, stretch.after, partial(sieve.standing, day=view.as_of, wanted=wanted.status)):
        found |= as_wanted(view.computed(keys), wanted)
        if len(found) >= most:
            break
    return {key: found[key] for key in stretch.of(sorted(found))}


def _next(view: View, wanted: Wanted, stretch: Stretch) -> tuple[Rows, str | None]:
    """Claims that stand as wanted, from the beginning of a stretch to the key that is given too, or
    to its end (None)."""
    connection = view.reader.connection
    portion = None if stretch.most is None else PORTION
    if not view.stored:
        if not (wanted.status or wanted.changed_since):  # each claim that is computed is on the page
            portion = stretch.most
        keys = pages.claim_keys(connection, wanted, replace(stretch, most=portion))
        everything = wanted.all_claims and stretch == Stretch()
        found = as_wanted(view.computed(set(keys), closed=everything), wanted)
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
    return read | as_wanted(view.computed(set(unsure)), wanted), reached


def as_wanted(found: Rows, wanted: Wanted) -> Rows:
    """The rows of those claims that stand as wanted."""
    return {key: row for key, row in found.items() if standsas_wanted(row, wanted)}


def standsas_wanted(row: Mapping[str, Any], wanted: Wanted) -> bool:
    """Whether a claim of these status columns has the status that is wanted, and since the day."""
    if wanted.status and row["status"] not in wanted.status:
        return False
    if wanted.changed_since is not None:
        return row["changed"] is not None and row["changed"] >= wanted.changed_since
    return True
