"""References: what one says as a source, a document and evidence, and back.

What these cannot give back is kept in the note of the evidence, a snak a line, under :data:`HEADING`.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from claims.dates import from_edtf
from claims.errors import BadDate
from tracker.formats.acts import titled
from tracker.formats.wikidata import times
from tracker.formats.wikidata.ids import known, the
from tracker.formats.wikidata.snaks import SOME, Snak, words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from claims.dates import UncertainDate

HEADING = "Wikidata reference"
"""The first line of the note of evidence that was read from a reference."""

STATED, URL, TITLE, PUBLISHED = the("stated in"), the("reference URL"), the("title"), the("publication date")
RETRIEVED, ARCHIVE, ARCHIVED = the("retrieved"), the("archive URL"), the("archive date")
QUOTE, PAGE, AUTHOR = the("quotation"), the("page(s)"), the("author name string")
IMPORT_URL, IMPORTED = the("Wikimedia import URL"), the("imported from Wikimedia project")
PUBLISHER, INFERRED, HEURISTIC = the("publisher"), the("inferred from"), the("based on heuristic")
WHO = (STATED, PUBLISHER, IMPORTED, INFERRED, HEURISTIC)
UNSAID = "und"
"""The language code of a text whose language is not said."""

_PAGES = re.compile(r"(?:pp?\.? ?|pages? )?(\d[\d, –-]*)")
_ARCHIVES = re.compile(r"https?://web\.archive\.org/web/(\d{14})[a-z_]*/(https?://.+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """What evidence, its document and its source say that a reference can say: ``item`` is that of the
    source; ``kept`` are the snaks that its note keeps. ``seen`` is the day on which it was looked at,
    None for what was read from a reference."""

    item: str | None = None
    url: str | None = None
    title: str | None = None
    author: str | None = None
    published: UncertainDate | None = None
    quote: str | None = None
    locator: str | None = None
    language: str | None = None
    seen: date | None = None
    kept: tuple[Snak, ...] = ()


def reference_of(cited: Cited) -> list[Snak]:
    """The snaks of a reference: those that are kept, and those that the fields give beside them. A text that
    was changed since keeps its language. Empty where nothing says where to look, unless it was read so."""
    kept: dict[str, Snak] = {}
    for snak in cited.kept:
        kept.setdefault(snak.pid, snak)
    found: list[Snak] = []
    mended: dict[Snak, Snak] = {}
    for snak in _of_fields(cited, kept):
        before = kept.get(snak.pid)
        if before is None:
            found.append(snak)
        elif (text := snak.text) and not _says(snak.pid, before, text):
            mended[before] = Snak(snak.pid, words(text, before.language))
    every = [mended.get(snak, snak) for snak in cited.kept] + found
    was_read = cited.seen is None
    return every if was_read or any(each.pid in (*WHO, URL, ARCHIVE, IMPORT_URL) for each in every) else []


def _says(pid: str, before: Snak, text: str) -> bool:
    """Whether a snak that was kept still says what a field says; others than texts of a language do."""
    was = (before.text or "").strip()
    return pid not in (TITLE, QUOTE) or text.strip() in ((was, titled(was)) if pid == TITLE else (was,))


def _of_fields(cited: Cited, kept: dict[str, Snak]) -> Iterable[Snak]:
    """What the fields say by themselves."""
    if cited.item and cited.seen and not any(pid in kept for pid in WHO):
        yield Snak(STATED, cited.item)
    if cited.url:
        yield from _addresses(cited.url, kept.values())
    is_address = cited.url is not None and cited.title in (cited.url, titled(cited.url))
    if cited.title and not is_address and (cited.url or cited.seen):
        yield Snak(TITLE, words(cited.title, cited.language or UNSAID))
    if cited.author:
        yield Snak(AUTHOR, words(cited.author))
    if cited.published is not None:
        told = times.tell(cited.published)
        if told == times.Told(told.main) and told.main != SOME:
            yield Snak(PUBLISHED, told.main)
    if cited.quote:
        yield Snak(QUOTE, words(cited.quote, cited.language or UNSAID))
    if cited.locator and (pages := _PAGES.fullmatch(cited.locator.strip())):
        yield Snak(PAGE, words(pages[1].strip()))
    if cited.seen:
        yield Snak(RETRIEVED, times.time_text(cited.seen))


def _addresses(url: str, kept: Iterable[Snak]) -> Iterable[Snak]:
    """An address, with that of its archived copy where it is one."""
    if any(snak.text == url for snak in kept):
        return
    copy = _ARCHIVES.fullmatch(url)
    taken = _moment(copy[1]) if copy else None
    if copy is None or taken is None:
        yield Snak(URL, words(url))
        return
    yield Snak(URL, words(copy[2]))
    yield Snak(ARCHIVE, words(url))
    yield Snak(ARCHIVED, times.time_text(taken))


def _moment(digits: str) -> date | None:
    try:
        return datetime.strptime(digits, "%Y%m%d%H%M%S").date()  # noqa: DTZ007 - only its day is meant
    except ValueError:
        return None


# --- what a reference says ----------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A reference as a source, a document (where it names one) and evidence. ``item`` is that of the source,
    whose name is its label; ``basis`` is how the source knows; ``kept`` is what no field gives back."""

    source: str
    item: str | None
    title: str | None = None
    url: str | None = None
    author: str | None = None
    dated: UncertainDate | None = None
    published: UncertainDate | None = None
    quote: str | None = None
    locator: str | None = None
    basis: str | None = None
    kept: tuple[Snak, ...] = ()

    @property
    def note(self) -> str:
        """The note that the evidence gets."""
        return "\n".join((HEADING, *(snak.line() for snak in self.kept)))


def cite(reference: Iterable[Snak], called: Callable[[str], str]) -> Citation | None:
    """What a reference says; ``called`` gives the name of an item. None for one that says nothing."""
    snaks = list(reference)
    if not snaks:
        return None
    first: dict[str, Snak] = {}
    for snak in snaks:
        first.setdefault(snak.pid, snak)
    url = _address(first, URL) or _address(first, ARCHIVE) or _address(first, IMPORT_URL)
    source, item = _who(first, url, called)
    title = _title(first, url, source, snaks)
    dated = times.when_of(first[PUBLISHED].value) if PUBLISHED in first else None
    told = Citation(
        source=source,
        item=item,
        title=title,
        url=url,
        author=_text(first, AUTHOR),
        dated=dated,
        published=dated or _by(first.get(RETRIEVED)),
        quote=_text(first, QUOTE) if title else None,
        locator=_text(first, PAGE) if title else None,
        basis="inferred" if INFERRED in first or HEURISTIC in first else None,
    )
    return _with_rest(told, snaks)


def _with_rest(told: Citation, snaks: list[Snak]) -> Citation:
    """With the snaks that its fields do not give back."""
    fields = {
        "url": told.url,
        "title": told.title,
        "author": told.author,
        "published": told.dated,
        "quote": told.quote,
        "locator": told.locator,
    }
    if told.title is None:  # there is no document for them to stand on
        fields |= {"author": None, "published": None}
    # Addresses that another snak may give stay with that one, and texts with their language.
    others = [snak for snak in snaks if snak.pid in (ARCHIVE, ARCHIVED, IMPORT_URL, STATED, TITLE, QUOTE)]
    given = set(_of_fields(Cited(**fields), {snak.pid: snak for snak in others}))  # type: ignore[arg-type]
    times_said = Counter(snak.pid for snak in snaks)
    kept = [snak for snak in snaks if snak in others or snak not in given or times_said[snak.pid] > 1]
    return replace(told, kept=tuple(kept))


def _text(first: dict[str, Snak], pid: str) -> str | None:
    found = first[pid].text if pid in first else None
    return found.strip() if found and found.strip() else None


def _address(first: dict[str, Snak], pid: str) -> str | None:
    """An address that can be opened."""
    url = _text(first, pid)
    return url if url and _host(url) else None


def _host(url: str) -> str | None:
    """The host of an address of the web; None for anything else."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return None
    fits = parts.scheme in ("http", "https") and url.isprintable() and " " not in url
    return host.removeprefix("www.") if fits and host else None


def _who(first: dict[str, Snak], url: str | None, called: Callable[[str], str]) -> tuple[str, str | None]:
    """The name of who says so, and their item if there is one: who the reference states, else the publisher,
    the site, or what it was taken from."""
    for pid in (STATED, PUBLISHER):
        if pid in first and (item := first[pid].item):
            return called(item), item
    if url and (host := _host(url)):
        return host, None
    for pid in (IMPORTED, INFERRED, HEURISTIC):
        if pid in first and (item := first[pid].item):
            return called(item), item
    wikidata = the("Wikidata")
    return "Wikidata", wikidata


def _title(first: dict[str, Snak], url: str | None, source: str, snaks: list[Snak]) -> str | None:
    """What the document is called: its title, its address, or the source with the ids that the reference
    gives; None where the reference names no document."""
    if title := _text(first, TITLE):
        return titled(title)
    if url:
        return titled(url)
    if not any(pid in first for pid in (STATED, PUBLISHER, INFERRED, QUOTE, PAGE)):
        return None
    properties = known().properties
    ids = [snak.text for snak in snaks if snak.pid not in properties and snak.text and not snak.language]
    return titled(f"{source}: {', '.join(ids)}") if ids else source


def _by(retrieved: Snak | None) -> UncertainDate | None:
    """A day on which it was there already."""
    seen = times.when_of(retrieved.value) if retrieved is not None else None
    if seen is None or seen.latest is None:
        return None
    try:
        return from_edtf(f"[..{seen.latest}]", f"by {seen.latest}")
    except BadDate:
        return None
