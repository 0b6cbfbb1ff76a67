"""The pages of claims, written one after another, or by several processes at once."""

from __future__ import annotations

import multiprocessing
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.pages.claimpage import claim_context
from tracker.pages.links import files_of_report, page_file
from tracker.pages.rendering import Pages
from tracker.pages.reviews import reviews_of
from tracker.plots.claim import claim_chart

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path

    from tracker.pages.rendering import Site
    from tracker.report.infull import InFull

LOT = 100
"""So many claims are sent to another process at a time."""

AHEAD = 6
"""Lots for each process that are held while it works: enough to do while the next portion is read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimWriter:
    """Writes pages of claims into the folder of a report. ``known`` are the keys of all records that have
    pages, by what they are; it all can be sent to another process."""

    folder: Path
    site: Site
    known: Mapping[str, Collection[str]]
    titles: Mapping[str, str]
    organisation: str

    def has(self, what: str, key: str) -> bool:
        """Whether there is a page on a record."""
        return key in self.known[what]

    def write(self, claims: Sequence[InFull]) -> int:
        """Write a page for each claim; returns the bytes."""
        pages, links, size = Pages(self.site), files_of_report(self.has), 0
        for it in claims:
            path = page_file("claim", it.claim.key)
            chart = claim_chart(it.dossier, it.steps, others=it.pieces) if it.steps else None
            context: dict[str, Any] = claim_context(
                it, titles=self.titles, reviews=reviews_of(it, self.organisation), chart=chart
            )
            page = pages.render("claim.html", "claims", links.seen_from(path), **context)
            size += (self.folder / path).write_bytes(page.encode("utf-8", "replace"))
        return size


@contextmanager
def written_by(writer: ClaimWriter, helpers: int) -> Iterator[Callable[[Sequence[InFull]], int]]:
    """A function that has claims written, and gives the bytes that are known of by then: at once where nobody
    helps, else by so many processes, and by this one while they have enough to do; called with no claims, it
    waits for all of them."""
    if helpers < 1:
        yield writer.write
        return
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[int]] = deque()

    def give(claims: Sequence[InFull]) -> int:
        size = 0
        for start in range(0, len(claims), LOT):
            lot = claims[start : start + LOT]
            while waiting and waiting[0].done():
                size += waiting.popleft().result()
            if len(waiting) < AHEAD * helpers:
                waiting.append(pool.submit(_write, lot))
            else:
                size += writer.write(lot)
        while waiting and not claims:
            size += waiting.popleft().result()
        return size

    pool = ProcessPoolExecutor(helpers, mp_context=context, initializer=_begin, initargs=(writer,))
    try:
        yield give
    finally:
        pool.shutdown(cancel_futures=True)


_writer: list[ClaimWriter] = []


def _begin(writer: ClaimWriter) -> None:
    _writer[:] = [writer]


def _write(claims: Sequence[InFull]) -> int:
    return _writer[0].write(claims)
