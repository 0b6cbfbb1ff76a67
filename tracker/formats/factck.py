"""FACTCK.BR (Moreno and Bressan 2019): a table of reviews by three Brazilian desks, separated by tabs.

Its rows are ClaimReviews without who claimed what. The numbers of its ratings are left aside: one desk
gives every review the same one, and those of the others follow no order from false to true.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadFile, Finding
from tracker.formats import csvtable
from tracker.formats.acts import Group
from tracker.formats.claimreview import claim_id_of
from tracker.formats.jsonld import Document, host_of
from tracker.formats.registry import Format
from tracker.formats.reviewed import Reviewed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.formats.acts import Reading

HEADINGS = ("URL", "datePublished", "claimReviewed", "title", "alternativeName")
DESKS = {
    "piaui.folha.uol.com.br": "Agência Lupa",
    "apublica.org": "Agência Pública",
    "aosfatos.org": "Aos Fatos",
}
"""Whose the pages are, by host; the file's own column has lost the slashes of its addresses."""


def read(file: BinaryIO, name: str, _options: Mapping[str, str]) -> Reading:
    """Each row as a review."""
    table = csvtable.read(file.read(csvtable.MAX_BYTES + 1), name, "\t")
    if lacking := [heading for heading in HEADINGS if heading not in table.headings]:
        raise BadFile(f"{name} has no column {lacking[0]}", f"FACTCK.BR has: {', '.join(HEADINGS)}")
    csvtable.one_of_each(table.headings, HEADINGS, name)
    for problem in table.findings:
        yield Finding(f"row {problem.row}", problem.message, "mend the row, and import the file again")
    rows = [(number, _node(cells)) for number, cells in table.rows]
    claims = Counter(url for url, _ in {(row["url"], row["claimReviewed"].strip()) for _, row in rows})
    for number, node in rows:
        where = f"row {number}"
        review = Reviewed(Document(where, node), node, claim_id=claim_id_of(node, claims))
        if acts := review.acts():
            yield Group(where, acts, review.findings(where))
        else:
            yield Finding(where, "claimReviewed is empty: it does not say what was claimed", "fill it in")


def _node(cells: Mapping[str, str]) -> dict[str, Any]:
    """A row as a ClaimReview."""
    host = host_of(cells["URL"].strip())
    return {
        "@type": "ClaimReview",
        "url": cells["URL"].strip(),
        "author": {"@type": "NewsMediaOrganization", "name": DESKS.get(host, host)},
        "datePublished": cells["datePublished"],
        "claimReviewed": cells["claimReviewed"],
        "name": cells["title"],
        "inLanguage": "pt",
        "reviewRating": {"@type": "Rating", "alternateName": cells["alternativeName"]},
    }


FORMATS = (
    Format(
        name="factck-br",
        summary="FACTCK.BR, reviews of three Brazilian desks as a table separated by tabs",
        read=read,
        endings=(".tsv",),
        page="docs/claimreview.md",
    ),
)
