"""Pages of links that are found anew: a portion at a time of the claims from which they go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store.pages import Stretch, Wanted, claims_ever

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from claims.model import Link
    from tracker.app.view import View
    from tracker.store.database import Connection

PORTION = 500
"""Claims that are looked at together: one in some tens has a link."""


def links_of_view(view: View, stretch: Stretch, fits: Callable[[Link], bool]) -> list[Link]:
    """The links of a view that fit, by key: those of a stretch."""
    if stretch.most is None:
        found = {key: link for key, link in view.links().items() if fits(link)}
        return [found[key] for key in stretch.of(sorted(found))]
    return page_of_links(view.reader.connection, view.links, stretch, fits)


def page_of_links(
    connection: Connection,
    links_of: Callable[[list[str]], Mapping[str, Link]],
    stretch: Stretch,
    fits: Callable[[Link], bool],
) -> list[Link]:
    """The first links of a stretch that fit, by key, of those that some claims have (``links_of``), for which
    no more claims are looked at than come before its end."""
    # The key of a link begins with that of the claim from which it goes, and then a colon. So those that come
    # after a place go from claims that come after it, or whose key it begins with.
    begun = frozenset(stretch.after[:end] for end in range(1, len(stretch.after) + 1))
    keys = claims_ever(connection, Wanted(claims=begun), Stretch())
    links: dict[str, Link] = {}
    reached = stretch.after
    while True:
        found = links_of(keys) if keys else {}
        links |= {key: link for key, link in found.items() if link.claim in set(keys) and fits(link)}
        # Of the claims still to come each has a greater key than the last of these, and so have their links.
        sure = Stretch(stretch.after, reached, stretch.most).of(sorted(links))
        if len(sure) == stretch.most:
            return [links[key] for key in sure]
        keys = claims_ever(connection, Wanted(), Stretch(reached, most=PORTION))
        if not keys:
            return [links[key] for key in stretch.of(sorted(links))]
        reached = keys[-1]
