"""Reading what was published, with what superseded it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.vocabulary import Confidence, Status
from tracker.report.publications import Publication
from tracker.store import publications

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.store.read import Reader


def read_publications(reader: Reader, claims: Collection[str] | None = None) -> list[Publication]:
    """What was published of some claims, or of all, in the order of publication."""
    rows = publications.read(reader.connection, claims)
    latest = {(row["claim"], row["place"]): row["seq"] for row in rows if not row["withdrawn"]}
    return [
        Publication(
            entry=row["seq"],
            status=Status(row["status"]),
            confidence=Confidence(row["confidence"]),
            superseded_by=_later(row["seq"], latest.get((row["claim"], row["place"])), row["withdrawn"]),
            **{name: row[name] for name in ("claim", "place", "published_on", "likelihood", "policy")},
            **{name: row[name] for name in ("note", "author", "recorded_at", "withdrawn")},
        )
        for row in rows
    ]


def _later(seq: int, latest: int | None, withdrawn: bool) -> int | None:
    return None if withdrawn or latest == seq else latest
