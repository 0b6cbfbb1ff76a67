"""One ClaimReview as acts: who reviewed, what was claimed, who said it where, and the rating as a verdict.

Names of properties are those of schema.org. What is not understood is a remark, and takes nothing else away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from claims.errors import Finding
from claims.lookalikes import JOINING, UNSEEN, unseen
from claims.vocabulary import SourceType
from tracker.formats import acts as say
from tracker.formats.daytext import read_day
from tracker.formats.jsonld import get, host_of, listed, text, texts, types_of, web
from tracker.formats.ratings import Rating, read_rating, shortened

if TYPE_CHECKING:
    from claims.dates import UncertainDate
    from tracker.formats.acts import Act
    from tracker.formats.jsonld import Document

SPEAKERS: dict[str, SourceType] = {
    "Person": SourceType.PERSON,
    "Organization": SourceType.ORGANISATION,
    "NGO": SourceType.ORGANISATION,
    "NewsMediaOrganization": SourceType.OUTLET,
    "GovernmentOrganization": SourceType.GOVERNMENT,
}
"""Types of schema.org for who speaks, as types of sources. Others are said to be ``other``."""

MEND = "see docs/claimreview.md"
_NUMBER = re.compile(
    r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400}|\d{1,9},\d{1,2})(?:[eE][+-]?\d{1,3})?", re.ASCII
)


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who reviewed, or who claimed: a name, the type, and the address of a page about them."""

    name: str
    type: SourceType
    url: str | None = None

    def act(self) -> Act:
        """Their registration."""
        return say.RegisterSource(name=self.name, type=self.type.value, url=self.url)


@dataclass(frozen=True, slots=True)
class Work:
    """Where something was claimed: an address or a title, by whom, and when."""

    url: str | None
    title: str
    speakers: tuple[Speaker, ...]
    published: UncertainDate | None


@dataclass(slots=True)
class Reviewed:
    """One ClaimReview of a document, being understood. ``claim_id`` is what the claim is called outside,
    ``lang`` the language where the review names none, ``dayfirst`` how 03/04/2018 is meant."""

    document: Document
    node: dict[str, Any]
    claim_id: str = ""
    lang: str | None = None
    dayfirst: bool | None = None
    remarks: list[str] = field(default_factory=list)

    def acts(self) -> tuple[Act, ...]:
        """All that it says; empty where it does not say what was claimed."""
        claimed = claim_of(self.document, self.node)
        if not claimed:
            return ()
        reviewer = self._reviewer()
        url = self._address(self.node, "url", "mainEntityOfPage", "@id")
        day = self._day(self.node, "datePublished")
        verdicts, note = self._verdicts(claimed, reviewer, url, day)
        about: list[Act] = [reviewer.act()] if reviewer else []
        if url:
            title = say.titled(text(self.node, "name", "headline") or claimed)
            about.append(
                say.RecordDocument(
                    title=title, url=url, publisher=reviewer.name if reviewer else None, published=day
                )
            )
        claim = say.RecordClaim(text=claimed, id=self.claim_id, lang=self._lang(), note=note)
        return (*about, claim, *self._said(self.claim_id or claimed), *verdicts)

    # --- the review -------------------------------------------------------------------------

    def _reviewer(self) -> Speaker | None:
        """Who reviewed: the organisation among several, else all of them in one name; by the host of the
        address where nobody is named."""
        found = self._speakers(get(self.node, "author")) or self._speakers(get(self.node, "publisher"))
        houses = [each for each in found if each.type is not SourceType.PERSON]
        if len(found) == 1 or houses:
            return (houses or found)[0]
        if found:
            return Speaker(" and ".join(each.name for each in found), SourceType.OTHER)
        if host := host_of(text(self.node, "url")):
            self.remarks.append(f"author: nobody is named; the review is taken as that of {host}")
            return Speaker(host, SourceType.ORGANISATION)
        self.remarks.append("author: nobody is named, and no address says whose review it is")
        return None

    def _verdicts(
        self, claimed: str, reviewer: Speaker | None, url: str | None, day: UncertainDate | None
    ) -> tuple[list[Act], str | None]:
        """The ratings as verdicts, and those that are none as a note."""
        made: list[Act] = []
        notes = []
        by = reviewer.name if reviewer else "an unnamed reviewer"
        exact = day.edtf if day and day.earliest is not None and day.earliest == day.latest else None
        for node in listed(get(self.node, "reviewRating")) or [None]:
            rating, why = self._rating(node)
            verdict = read_rating(rating)
            self.remarks += (f"reviewRating: {each}" for each in verdict.remarks)
            said = f"rated {rating}" + (f" in {url}" if url else "")
            if verdict.status is not None:
                made.append(
                    say.Assess(
                        claim=self.claim_id or claimed,
                        status=verdict.status.value,
                        by=by,
                        on=exact,
                        reason=f"{said}: {why}" if why else said,
                    )
                )
            elif rating != Rating():
                notes.append(f"{by} {said}")
        return made, "; ".join(notes) or None

    def _rating(self, node: Any) -> tuple[Rating, str]:
        """A rating, and its explanation."""
        node = self.document.resolved(node)
        if not isinstance(node, dict):
            node = {"ratingValue": node}
        numbers: dict[str, float | None] = {}
        unread: list[str] = []
        word = text(node, "alternateName", "name")
        for short, name in (("value", "ratingValue"), ("worst", "worstRating"), ("best", "bestRating")):
            written = text(node, name)
            numbers[short] = _number(written)
            if written and numbers[short] is None:
                if short == "value" and not word:
                    word = written
                else:
                    unread.append(written)
                    self.remarks.append(f"{name}: “{shortened(written)}” is no number; kept in words")
        return Rating(word, unread=tuple(unread), **numbers), text(node, "ratingExplanation", "description")

    # --- the claim, and who said it ----------------------------------------------------------

    def _lang(self) -> str | None:
        for item in self._items():
            if found := text(item, "inLanguage"):
                return found
        return text(self.node, "inLanguage") or self.lang

    def _items(self) -> list[Any]:
        found = (self.document.resolved(each) for each in listed(get(self.node, "itemReviewed")))
        return [each for each in found if isinstance(each, dict)]

    def _said(self, claim: str) -> list[Act]:
        """Who said it where: what each item that was reviewed tells."""
        found: list[Act] = []
        for item in self._items():
            if set(types_of(item)) & set(SPEAKERS):
                works = [Work(None, "", tuple(self._speakers(item)), None)]
            else:
                works = self._works(item)
            for work in works:
                found += self._evidence(claim, work)
        return list(dict.fromkeys(found))

    def _works(self, item: dict[str, Any]) -> list[Work]:
        """Where the claim of an item appeared: its appearances, and the item itself where it is no claim,
        or has an address; with who made it where they name nobody."""
        authors = tuple(self._speakers(get(item, "author")))
        day = self._day(item, "datePublished")
        found: dict[tuple[Any, ...], Work] = {}
        itself = [] if "Claim" in types_of(item) and not web(text(item, "url")) else [item]
        inner = [*listed(get(item, "firstAppearance")), *listed(get(item, "appearance")), *itself]
        for each in (*inner, *(it for it in texts(get(item, "sameAs")) if web(it))):
            node = self.document.resolved(each)
            url = self._address(node, "url", "@id") if isinstance(node, dict) else web(str(node).strip())
            title = text(node, "name", "headline")
            if not isinstance(node, dict) and not url and (written := "".join(texts(node))):
                self.remarks.append(f"appearance: “{shortened(written)}” is no address of a page")
            own = () if node is item else tuple(self._speakers(get(node, "author")))
            when = day if node is item else self._day(node, "datePublished") or (None if own else day)
            if url or title or own:
                place = (url,) if url else (title, when)
                found.setdefault((*place, own or authors), Work(url, title, own or authors, when))
        return list(found.values()) or [Work(None, "", authors, day)]

    def _evidence(self, claim: str, work: Work) -> list[Act]:
        """What those who claimed it said; by where it appeared, where nobody is named."""
        speakers = work.speakers
        if not speakers and work.url:
            speakers = (Speaker(host_of(work.url), SourceType.OTHER),)
        acts: list[Act] = [each.act() for each in speakers]
        document = work.url or say.titled(work.title) or None
        if document:
            title = say.titled(work.title or document)
            acts.append(say.RecordDocument(title=title, url=work.url, published=work.published))
        acts += (
            say.LogEvidence(
                claim=claim,
                source=each.name,
                stance="supports",
                published=work.published,
                document=document,
            )
            for each in speakers
        )
        return acts

    # --- parts --------------------------------------------------------------------------------

    def _speakers(self, value: Any) -> list[Speaker]:
        """Everybody whom a property names: texts, objects, references, or a list of any of them."""
        found: dict[str, Speaker] = {}
        for each in listed(value):
            node = self.document.resolved(each)
            if not isinstance(node, dict):
                node = {"name": node}
            name = text(node, "name", "legalName", "alternateName")
            url = next(
                (it for key in ("url", "@id", "sameAs") for it in texts(get(node, key)) if web(it)), None
            )
            if not name and url is not None:
                name = host_of(url)
                self.remarks.append(f"author: without a name; called {name}, by its address")
            if host := host_of(name):
                name, url = host, url or name
            if name := self._seen(name):
                types = types_of(node)
                kind = next((SPEAKERS[it] for it in types if it in SPEAKERS), SourceType.OTHER)
                found.setdefault(name, Speaker(name, kind, url))
        return list(found.values())

    def _seen(self, name: str) -> str:
        """A name without what no eye can see: publishers paste it in with the rest."""
        name = " ".join(name.split())
        if hidden := unseen(name):
            self.remarks.append(f"name: {shortened(name)!a} holds {hidden}; taken without")
            return JOINING.sub("", UNSEEN.sub("", name)).strip()
        return name

    def _address(self, node: Any, *names: str) -> str | None:
        """The first address of a page among some properties; what is none is remarked on."""
        for name in names:
            for written in texts(get(node, name)):
                if web(written):
                    return written
                if name == "url":
                    self.remarks.append(
                        f"url: “{shortened(written)}” is no address of a page; kept as no link"
                    )
        return None

    def _day(self, node: Any, name: str) -> UncertainDate | None:
        """A date, where it can be read without a guess."""
        written = text(node, name)
        found = read_day(written, dayfirst=self.dayfirst) if written else None
        if written and found is None:
            self.remarks.append(f"{name}: “{shortened(written)}” is no date that can be read")
        return found

    def findings(self, where: str) -> tuple[Finding, ...]:
        """The remarks, with the place of the review."""
        return tuple(Finding(where, each, MEND) for each in dict.fromkeys(self.remarks))


def claim_of(document: Document, node: dict[str, Any]) -> str:
    """The words that were reviewed: ``claimReviewed``, else those of a Claim that was; "" where there are
    none. The name of any other work is that of the work, and says nothing of what was claimed in it."""
    if found := text(node, "claimReviewed"):
        return found
    for each in listed(get(node, "itemReviewed")):
        item = document.resolved(each)
        if "Claim" in types_of(item if isinstance(item, dict) else {}) and (
            found := text(item, "text", "name", "description")
        ):
            return found
    return ""


def _number(written: str) -> float | None:
    """A number, with a point or, as in many countries, a comma before its fraction; None for what is none, or
    could be thousands: "1,500"."""
    if not _NUMBER.fullmatch(written):
        return None
    found = float(written.replace(",", "."))
    return found if abs(found) < 1e300 else None
