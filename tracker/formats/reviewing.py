"""Our own reviews as ClaimReview: each status as a rating with its explanation, and what was corrected.

Required by Google are ``claimReviewed``, ``url``, and ``reviewRating`` with ``alternateName``
(developers.google.com, *Fact check structured data*); types and properties are those of schema.org.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue
from claims.vocabulary import SourceType, Stance, likelihood_words
from tracker.formats.daytext import write_day
from tracker.formats.jsonld import web
from tracker.formats.ratings import write_rating
from tracker.report.words import percent, sentences

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from claims.model import Claim, Evidence, Source
    from claims.vocabulary import Status
    from tracker.report.extract import Extract, Portion
    from tracker.report.publications import Publication
    from tracker.report.standing import Standing

CONTEXT = "https://schema.org"

_TYPES = {
    SourceType.PERSON: "Person",
    SourceType.WITNESS: "Person",
    SourceType.RESEARCHER: "Person",
    SourceType.OUTLET: "NewsMediaOrganization",
    SourceType.GOVERNMENT: "GovernmentOrganization",
}
"""Types of schema.org for sources; all others are an Organization."""

_FORMS = ("graph", "lines", "page")
_UNSAFE = str.maketrans({sign: f"\\u{ord(sign):04x}" for sign in ("<", ">", "&", "\u2028", "\u2029")})
"""Signs that could end the script that JSON stands in, or that are line ends to some programs: written as
JSON escapes, which mean the same."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Who publishes the reviews, and where."""

    organisation: str
    url: str | None
    page: str
    lang: str
    published_only: bool

    def author(self) -> dict[str, Any]:
        """As an Organization."""
        found = {"@type": "Organization", "name": self.organisation}
        return found | {"url": self.url} if self.url else found


def write(extract: Extract, options: Mapping[str, str]) -> Iterator[str]:
    """The reviews of all claims, in the form that was asked for.

    Raises :class:`BadValue` where nobody is said to publish them, or a claim has no page.
    """
    desk, form = _desk(options), options.get("form", "graph")
    if form not in _FORMS:
        raise BadValue(f"there is no form {form!r}", f"the forms are: {', '.join(_FORMS)}")
    found = (it for portion in extract.portions() for it in _reviews(portion, desk, extract.as_of))
    return {"graph": _graph, "lines": _lines, "page": _page}[form](found)


def _desk(options: Mapping[str, str]) -> Desk:
    name = options.get("organisation", "").strip()
    if not name:
        raise BadValue("nobody is said to publish these reviews", 'say who: --option organisation="Our desk"')
    page = options.get("page", "")
    if page and ("{key}" not in page or not web(page.replace("{key}", "key"))):
        raise BadValue(
            f"page {page!r} is no address with {{key}} in it", "write it as https://desk.example/claims/{key}"
        )
    if options.get("only", "published") != "published":
        raise BadValue(f"only is {options['only']!r}", "write only=published, or leave it out")
    url = options.get("organisation-url", "")
    if url and not web(url):
        raise BadValue(f"organisation-url {url!r} is no address", "write it as https://desk.example")
    return Desk(name, url or None, page, options.get("lang", ""), "only" in options)


def page_reviews(portion: Portion, organisation: str, url: str | None, as_of: date) -> list[str]:
    """The reviews of those claims that were published on the web, each as JSON that can stand in a script
    element of a page."""
    desk = Desk(organisation, url, "", "", published_only=True)
    return [_dumped({"@context": CONTEXT} | each) for each in _reviews(portion, desk, as_of)]


# --- the forms ------------------------------------------------------------------------------------


def _graph(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield f'{{"@context": "{CONTEXT}", "@graph": ['
    for number, each in enumerate(found):
        yield (",\n" if number else "\n") + _dumped(each)
    yield "\n]}\n"


def _lines(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    for each in found:
        yield _dumped({"@context": CONTEXT} | each) + "\n"


def _page(found: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield '<!doctype html>\n<html>\n<head>\n<meta charset="utf-8">\n<title>Claim reviews</title>\n'
    for each in found:
        yield f'<script type="application/ld+json">\n{_dumped({"@context": CONTEXT} | each)}\n</script>\n'
    yield "</head>\n</html>\n"


def _dumped(value: dict[str, Any]) -> str:
    """JSON that can stand in a page, whatever its texts hold."""
    return json.dumps(value, ensure_ascii=False).translate(_UNSAFE)


# --- one review -----------------------------------------------------------------------------------


def _reviews(portion: Portion, desk: Desk, as_of: date) -> Iterator[dict[str, Any]]:
    for key, claim in portion.claims.items():
        ledger = portion.publications.get(key, ())
        url = _url(claim, ledger, desk)
        if url is not None:
            there = sorted(
                (it for it in ledger if it.place == url), key=lambda it: (it.published_on, it.entry)
            )
            yield _review(claim, portion, desk, url, there, as_of)


def _url(claim: Claim, ledger: Sequence[Publication], desk: Desk) -> str | None:
    """The page of a claim: where it was published last, else the one that was said for all of them."""
    published = [it for it in ledger if web(it.place)]
    if published:
        return max(published, key=lambda it: (it.published_on, it.entry)).place
    if desk.published_only:
        return None
    if not desk.page:
        raise BadValue(
            f"{claim.key} was published at no web address, and a ClaimReview needs one",
            "say where all of them are: --option page=https://desk.example/claims/{key}; "
            "or write only what was published: --option only=published",
        )
    return desk.page.replace("{key}", claim.key)


def _review(
    claim: Claim, portion: Portion, desk: Desk, url: str, there: Sequence[Publication], as_of: date
) -> dict[str, Any]:
    standing = portion.standings[claim.key]
    review: dict[str, Any] = {"@type": "ClaimReview", "url": url, "claimReviewed": claim.text}
    if desk.lang:
        review["inLanguage"] = desk.lang
    review["author"] = desk.author()
    if there:
        review["datePublished"] = there[0].published_on.isoformat()
    corrections = _corrections(there, standing, as_of)
    if len(there) > 1 or corrections:
        review["dateModified"] = max(
            [there[-1].published_on.isoformat(), *(it["datePublished"] for it in corrections)]
        )
    explanation = " ".join(sentences(standing.why()))
    review["reviewRating"] = write_rating(standing.status) | {"ratingExplanation": explanation}
    review["itemReviewed"] = _claim(claim, portion, url)
    if corrections:
        review["correction"] = corrections
    if cited := _citations(claim, portion):
        review["citation"] = cited
    return review


def _corrections(there: Sequence[Publication], now: Standing, as_of: date) -> list[dict[str, Any]]:
    """What was published at that address with another status than after it: each as a CorrectionComment."""
    said = [(it.published_on, it.status, it.likelihood) for it in there]
    if said:
        said.append((as_of, now.status, now.likelihood))
    return [
        {
            "@type": "CorrectionComment",
            "datePublished": to[0].isoformat(),
            "text": f"Published on {before[0]} as {_words(*before[1:])}. "
            f"Corrected on {to[0]}: it is {_words(*to[1:])}.",
        }
        for before, to in pairwise(said)
        if before[1] is not to[1]
    ]


def _words(status: Status, likelihood: float) -> str:
    return f"{status} ({likelihood_words(likelihood)}, {percent(likelihood)})"


def _claim(claim: Claim, portion: Portion, url: str) -> dict[str, Any]:
    """What was reviewed: the claim, who makes it, and where it appeared, the earliest first."""
    outside, own = claim.external_id, f"{url.partition('#')[0]}#{claim.key}"
    item: dict[str, Any] = {"@type": "Claim", "@id": outside if outside and web(outside) else own}
    if claim.lang:
        item["inLanguage"] = claim.lang
    makers = [
        piece
        for piece in portion.evidence_on(claim.key)
        if piece.stance is Stance.SUPPORTS and piece.withdrawn is None
    ]
    if makers:
        item["author"] = _source(portion.sources[makers[0].source])
        if day := write_day(makers[0].published):
            item["datePublished"] = day
        item["appearance"] = _works(makers, portion)
    return item


def _citations(claim: Claim, portion: Portion) -> list[dict[str, Any]]:
    """The pages in which others deny, doubt or mention it."""
    others = (
        piece
        for piece in portion.evidence_on(claim.key)
        if piece.stance is not Stance.SUPPORTS and piece.withdrawn is None
    )
    return [work for work in _works(others, portion) if "url" in work]


def _works(pieces: Iterable[Evidence], portion: Portion) -> list[dict[str, Any]]:
    """Where pieces of evidence were found, each place once."""
    works: list[dict[str, Any]] = []
    for piece in pieces:
        work = _work(piece, portion)
        if work not in works:
            works.append(work)
    return works


def _work(piece: Evidence, portion: Portion) -> dict[str, Any]:
    """Where a piece of evidence was found, as a CreativeWork."""
    work: dict[str, Any] = {"@type": "CreativeWork", "author": _source(portion.sources[piece.source])}
    document = portion.documents.get(piece.document) if piece.document else None
    if document is not None:
        if document.url and web(document.url):
            work["url"] = document.url
        if document.title != document.url:
            work["name"] = document.title
    if day := write_day(piece.published):
        work["datePublished"] = day
    return work


def _source(source: Source) -> dict[str, Any]:
    """Who speaks, as a Person or an Organization."""
    found = {"@type": _TYPES.get(source.type, "Organization"), "name": source.name}
    return found | {"url": source.url} if source.url and web(source.url) else found
