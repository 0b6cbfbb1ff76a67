"""A tracker with very many made-up claims: rows put into its tables at once, past the journal.

Every claim has five pieces of evidence by sources of which few speak on very many claims and most on few.
One claim in ten is about a person, and one in a hundred of these reports a death; one in twenty answers a
question that has three answers. One piece in a hundred relays another source, one in five was read in a
document, and one in ten has a quote.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tracker.app import create_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

PIECES = 5
PORTION = 20_000
FIRST_DAY = date(2016, 1, 1)
DAYS = 3_600
STANCES = ("supports", "denies", "doubts", "mentions")
SHARES = (0.6, 0.1, 0.1, 0.2)
GRADES = (None, "A", "B", "C", "D", "E", "F")
CREDIBILITY = (None, None, "1", "2", "3", "4", "6")
BASES = (None, None, "witnessed", "official-record", "told", "inferred")
ENDINGS = ("da", "ne", "go", "ru", "fit")
WORDS = [one + end for one in ("mar", "sol", "ten", "vil", "bor", "kan", "lim") for end in ENDINGS]
KINDS = ("other", "event", "statement", "attribution", "location")


def make(path: Path, claims: int, *, seed: int = 1) -> None:
    """A new tracker with so many claims in its tables, none of them resolved; its journal holds only
    the policy, and the first sources."""
    with create_tracker(str(path), author="desk") as tracker:
        tracker.add_source("The first source", key="first")
    rng = np.random.default_rng(seed)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA foreign_keys=OFF")
        connection.execute("BEGIN")
        sources = sources_of(claims)
        _insert(connection, "sources", _sources(rng, sources))
        _insert(connection, "entities", _entities(claims))
        _insert(connection, "questions", _questions(claims))
        weights = 1 / np.arange(1, sources + 1) ** 0.8
        for first in range(0, claims, PORTION):
            numbers = range(first, min(first + PORTION, claims))
            _insert(connection, "claims", _claims(rng, numbers, claims))
            by = rng.choice(sources, size=(len(numbers), PIECES), p=weights / weights.sum())
            made = list(_evidence(rng, numbers, by, sources))
            _insert(connection, "documents", [document for _, document in made if document])
            _insert(connection, "evidence", [piece for piece, _ in made])
        connection.execute("COMMIT")
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def sources_of(claims: int) -> int:
    """How many sources speak on so many claims."""
    return max(100, claims // 100)


def _insert(connection: sqlite3.Connection, table: str, rows: list[dict[str, Any]]) -> None:
    if rows:
        names = ", ".join(f'"{name}"' for name in rows[0])
        places = ", ".join("?" * len(rows[0]))
        values = (tuple(row.values()) for row in rows)
        connection.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', values)  # noqa: S608


def _sources(rng: np.random.Generator, count: int) -> list[dict[str, Any]]:
    grades = rng.integers(0, len(GRADES), count)
    return [
        {
            "key": f"source-{n}",
            "name": f"Source {n}",
            "folded": f"source {n}",
            "type": "outlet",
            "owner": f"Group {n}" if n % 7 == 0 else None,
            "reliability": GRADES[grades[n]],
            "withdrawn": 0,
        }
        for n in range(count)
    ]


def _entities(claims: int) -> list[dict[str, Any]]:
    return [
        {"key": f"person-{n}", "name": f"Person {n}", "type": "person", "withdrawn": 0}
        for n in range(claims // 20 + 1)
    ]


def _questions(claims: int) -> list[dict[str, Any]]:
    return [
        {"key": f"question-{n}", "text": f"Question {n}", "exactly_one": 0, "cumulative": 0, "withdrawn": 0}
        for n in range(claims // 60 + 1)
    ]


def _claims(rng: np.random.Generator, numbers: range, of: int) -> list[dict[str, Any]]:
    found = []
    for n, chance, kind in zip(
        numbers, rng.random(len(numbers)), rng.integers(0, len(KINDS), len(numbers)), strict=True
    ):
        about = n % 10 == 0
        found.append(
            {
                "key": f"claim-{n:07}",
                "text": f"Something of number {n} has happened",
                "folded": f"something of number {n} has happened",
                "kind": "death" if about and chance < 0.01 else KINDS[kind],
                "subject": f"person-{int(chance * of / 20)}" if about else None,
                "question": f"question-{n // 60}" if n % 20 == 7 else None,
                "withdrawn": 0,
                "recorded_at": "2026-01-01T00:00:00.000000Z",
                "seq": 100 + n,
            }
        )
    return found


def _evidence(
    rng: np.random.Generator, numbers: range, by: NDArray[Any], sources: int
) -> Iterator[tuple[dict[str, Any], dict[str, Any] | None]]:
    shape = by.shape
    stances = rng.choice(len(STANCES), size=shape, p=SHARES)
    days = rng.integers(0, DAYS, size=(shape[0], 1)) + rng.integers(0, 60, size=shape)
    chance = rng.random(shape)
    known = rng.integers(0, len(CREDIBILITY), shape)
    basis = rng.integers(0, len(BASES), shape)
    for row, n in enumerate(numbers):
        for place in range(PIECES):
            key = f"claim-{n:07}.{place}"
            day = (FIRST_DAY + timedelta(days=int(days[row, place]))).isoformat()
            luck = chance[row, place]
            document = None
            if luck < 0.2:
                document = {
                    "key": f"document-{n}-{place}",
                    "title": " ".join(WORDS[(n * 31 + place * 7 + at * n) % len(WORDS)] for at in range(6)),
                    "publisher": None,
                    "withdrawn": 0,
                }
            piece = {
                "key": key,
                "claim": f"claim-{n:07}",
                "source": f"source-{by[row, place]}",
                "stance": STANCES[stances[row, place]],
                "recorded_on": "2026-01-01",
                "published_edtf": day,
                "published_words": day,
                "published_earliest": day,
                "published_latest": day,
                "document": document["key"] if document else None,
                "quote": f"they saw number {n} at place {place} then" if 0.3 < luck < 0.4 else None,
                "credibility": CREDIBILITY[known[row, place]],
                "basis": BASES[basis[row, place]],
                "relays": f"source-{(n * 31 + place) % sources}" if luck > 0.99 else None,
            }
            yield piece, document
