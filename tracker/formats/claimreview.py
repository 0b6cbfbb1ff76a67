"""ClaimReview (schema.org), in JSON-LD: reviews of other desks in, and our own out."""

from __future__ import annotations

from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile, BadValue, Finding
from tracker.formats.acts import Group
from tracker.formats.jsonld import (
    Broken,
    Document,
    broken_in,
    documents_of,
    get,
    listed,
    read_documents,
    text,
    types_of,
    walk,
    web,
)
from tracker.formats.registry import Format
from tracker.formats.reviewed import Reviewed, claim_of
from tracker.formats.reviewing import write

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.formats.acts import Reading

LONGEST_ID = 1_000
_EMPTY: tuple[Any, ...] = ([], {})
_NONE = "a ClaimReview is an object with @type ClaimReview; see docs/claimreview.md"


def read(file: BinaryIO, name: str, options: Mapping[str, str]) -> Reading:
    """Every ClaimReview in a file, wherever in it it stands."""
    data = read_documents(file, name)
    dayfirst = _dayfirst(options)
    claims = _claims_by_page(data, name)
    nothing = True
    for document in documents_of(data, name):
        if isinstance(document, Finding):
            nothing = False
            yield document
            continue
        for path, node in _reviews(document):
            nothing = False
            where = document.place(path)
            if isinstance(node, Broken):
                yield Finding(where, node.why, "write it once, and as JSON has it")
            elif why := broken_in(node):
                yield Finding(where, why, "write it once, and as JSON has it")
            else:
                review = Reviewed(document, node, lang=options.get("lang"), dayfirst=dayfirst)
                review.claim_id = _claim_of_its_own(document, node) or claim_id_of(node, claims)
                acts = review.acts()
                if acts:
                    yield Group(where, acts, review.findings(where))
                else:
                    yield Finding(where, "claimReviewed is empty: it does not say what was claimed", _NONE)
        nothing = nothing and not (document.value in _EMPTY or get(document.value, "@graph") == [])
    if nothing:
        raise BadFile(f"{name} holds no ClaimReview", _NONE)


def _dayfirst(options: Mapping[str, str]) -> bool | None:
    said = options.get("dayfirst", "")
    if said not in ("", "yes", "no"):
        raise BadValue(
            f"dayfirst is {said!r}", "write dayfirst=yes for 31/12/2018, dayfirst=no for 12/31/2018"
        )
    return {"yes": True, "no": False}.get(said)


def _reviews(document: Document) -> Iterator[tuple[str, dict[str, Any] | Broken]]:
    """Every ClaimReview of a document, and all that is broken outside of one, each with its path."""
    last: str | None = None
    for path, node in walk(document.value):
        if isinstance(node, dict):
            if "ClaimReview" in types_of(node) or get(node, "claimReviewed") is not None:
                last = path
                yield path, node
        elif last is None or not _is_within(path, last):
            yield path, node


def _is_within(path: str, outer: str) -> bool:
    return not outer or (path.startswith(outer) and path[len(outer) : len(outer) + 1] in ("", ".", "["))


# --- what a claim is called outside --------------------------------------------------------------


def _claims_by_page(data: bytes, name: str) -> Counter[str]:
    """How many claims are reviewed on each page of the file."""
    seen = {
        (text(node, "url"), claim_of(document, node))
        for document in documents_of(data, name)
        if isinstance(document, Document)
        for _, node in _reviews(document)
        if isinstance(node, dict)
    }
    return Counter(url for url, _ in seen)


def _claim_of_its_own(document: Document, node: dict[str, Any]) -> str:
    """The ``@id`` of the Claim that was reviewed; "" where it has none."""
    for each in listed(get(node, "itemReviewed")):
        item = document.resolved(each)
        if isinstance(item, dict) and "Claim" in types_of(item) and web(named := text(item, "@id")):
            return _short(named)
    return ""


def claim_id_of(node: dict[str, Any], claims: Mapping[str, int]) -> str:
    """What the claim of a review is known again by: the page, where so many claims as ``claims`` says are
    reviewed there, and that is one; else the page with the claim's words; "" for a review without a page."""
    url = web(text(node, "url"))
    if url is None:
        return ""
    if claims[url] == 1:
        return _short(url)
    return _short(f"{url}#{sha256(text(node, 'claimReviewed').encode()).hexdigest()[:16]}")


def _short(name: str) -> str:
    """A name that there is room for."""
    return name if len(name) <= LONGEST_ID else f"urn:sha256:{sha256(name.encode()).hexdigest()}"


FORMATS = (
    Format(
        name="claimreview",
        summary="reviews of claims as JSON-LD (schema.org), or the page that they are in",
        read=read,
        write=write,
        options={
            "lang": "read: the language of claims that name none; written: the language of the reviews",
            "dayfirst": "read: yes or no, how 03/04/2018 is meant",
            "organisation": "written: who publishes the reviews (needed)",
            "organisation-url": "written: the address of its web site",
            "page": "written: the page of a claim that was not published yet: https://…/{key}",
            "only": "written: published, for what was published at a web address",
            "form": "written: graph (one object, the default), lines (one a line), or page (scripts of HTML)",
        },
        endings=(".jsonld", ".json", ".jsonl", ".html"),
        page="docs/claimreview.md",
    ),
)
