"""Read models into pages: what all pages share, and one function for each sort of page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.pages.claimpage import claim_context
from tracker.pages.environment import environment

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tracker.pages.links import Links
    from tracker.plots.figure import Figure
    from tracker.report.infull import InFull

NAV = (
    ("claims", "Claims"),
    ("entities", "People and groups"),
    ("sources", "Sources"),
    ("cases", "Cases"),
    ("changes", "What changed"),
    ("audit", "Verify"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What all pages share: the ``title`` of the whole, and in ``seen`` as of which day, by what record and
    by which policy they tell. ``static``: they are files, with all of their policy in the page; ``feed``:
    there is a feed of changes beside them. ``nav`` are the lists in the head of each page."""

    title: str
    seen: str
    static: bool = False
    feed: bool = False
    nav: Sequence[tuple[str, str]] = NAV


@dataclass(frozen=True, slots=True)
class Pages:
    """Renders pages of one site; templates in a folder ``before`` come before those of this package."""

    site: Site
    before: Path | None = None

    def render(self, template: str, here: str, links: Links, **context: Any) -> str:
        """A template; ``here`` is the list in the head that the page belongs to."""
        found = environment(self.before).get_template(template)
        return found.render(site=self.site, here=here, links=links, **context)

    def claim(
        self,
        it: InFull,
        links: Links,
        *,
        template: str = "claim.html",
        titles: Mapping[str, str] | None = None,
        reviews: Sequence[str] = (),
        chart: Figure | None = None,
        **more: Any,
    ) -> str:
        """The page about a claim; ``more`` is for templates that extend it."""
        context = claim_context(it, titles=titles, reviews=reviews, chart=chart)
        return self.render(template, "claims", links, **context, **more)
