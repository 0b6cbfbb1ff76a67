"""Prints what a search costs as the record grows: ``python -m benchmarks.searching``.

The claims lie in the tables alone, past the journal: words are made up of syllables, a few of them
frequent and most of them rare, as words are, and there are the more of them the more claims there are.
Beside each search stands the floor, read in the same run: one look at a claim by its key, and the scan
of all texts (``LIKE '%word%'``) that it takes without an index. ``--claims`` says how many (10,000 and
100,000), ``--postgres`` asks the same of a server: a URL in ``TRACKER_TEST_POSTGRES``, or one that the
benchmark starts.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa

from claims.errors import NotFound
from claims.names import fold
from claims.spelling import searched
from tracker.app import create_tracker
from tracker.store import tables as t
from tracker.store.spellings import learn_names, learn_words

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.store.database import Connection

RUNS = 15
PORTION = 5_000
WORDS_OF_A_CLAIM = 12
ONSETS = (
    *("b", "d", "f", "g", "h", "k", "l", "m", "n", "r", "s", "t", "v", "z"),
    *("sh", "kh", "gh", "dj", "tr", "br"),
)
VOWELS = ("a", "e", "i", "o", "u", "ou", "ai", "ee")
CODAS = ("", "", "", "n", "r", "l", "s", "t", "m", "d")


class Words:
    """Made-up words: the first are frequent, and so on down, by Zipf's law."""

    def __init__(self, claims: int) -> None:
        self.chance = random.Random(claims)  # noqa: S311 - the same in every run
        # Heaps' law: 44 × the square root of all words (Manning et al. 2008, Introduction to Information
        # Retrieval, section 5.1.1).
        many = int(44 * (claims * WORDS_OF_A_CLAIM) ** 0.5)
        found: dict[str, None] = {}
        while len(found) < many:
            found["".join(self._syllable() for _ in range(self.chance.choice((1, 2, 2, 3, 3, 4))))] = None
        self.all = list(found)
        self._weights = list(accumulate(1 / (rank + 3) for rank in range(many)))

    def _syllable(self) -> str:
        return "".join(self.chance.choice(part) for part in (ONSETS, VOWELS, CODAS))

    def text(self, length: int) -> str:
        """So many words, as frequent as they are."""
        return " ".join(self.chance.choices(self.all, cum_weights=self._weights, k=length))

    def name(self) -> str:
        """Two words, each as likely as another."""
        return " ".join(word.capitalize() for word in self.chance.sample(self.all, 2))


def fill(connection: Connection, words: Words, claims: int) -> None:
    """So many claims, an entity for each ten of them and a source for each hundred."""
    for records, many in (("sources", claims // 100), ("entities", claims // 10)):
        names = {f"{records}-{number}": words.name() for number in range(many)}
        rows = [{"key": key, "name": name, "withdrawn": False} for key, name in names.items()]
        if records == "sources":
            rows = [{**row, "folded": fold(str(row["name"])), "type": "outlet"} for row in rows]
            connection.execute(sa.insert(t.sources), rows)
        else:
            connection.execute(sa.insert(t.entities), [{**row, "type": "person"} for row in rows])
            named = [
                {"entity": key, "position": 0, "name": name, "folded": fold(name)}
                for key, name in names.items()
            ]
            connection.execute(sa.insert(t.entity_names), named)
        for key, name in names.items():
            learn_names(connection, records, key, [name])
    for start in range(0, claims, PORTION):
        rows = [_claim(words, number, claims // 10) for number in range(start, min(claims, start + PORTION))]
        connection.execute(sa.insert(t.claims), rows)
        learn_words(connection, [word for row in rows for word in str(row["folded"]).split()])


def _claim(words: Words, number: int, entities: int) -> dict[str, object]:
    text, key = words.text(WORDS_OF_A_CLAIM), f"claim-{number}"
    return {
        "key": key,
        "text": text,
        "folded": searched(text, key),
        "kind": "event",
        "subject": f"entities-{number % entities}",
        "withdrawn": False,
        "recorded_at": "2026-11-22T12:00:00.000000Z",
        "seq": number + 1,
    }


# --- what is asked ----------------------------------------------------------------------------------


def questions(tracker: Tracker, words: Words) -> dict[str, Callable[[], object]]:
    """What is timed, by what it is."""
    frequent, common, rare = words.all[0], words.all[len(words.all) // 50], words.all[len(words.all) // 2]
    long = next(word for word in words.all[len(words.all) // 2 :] if len(word) > 8)
    name = words.name()

    def unknown_key() -> None:
        try:
            tracker.show("claym-77")
        except NotFound:
            return

    def scan() -> None:
        with tracker.reading() as reader:
            query = sa.select(t.claims.c.key).where(t.claims.c.folded.contains(rare)).order_by(t.claims.c.key)
            reader.connection.execute(query.limit(20)).all()

    def by_key() -> None:
        with tracker.reading() as reader:
            reader.claims(["claim-7"])

    return {
        "a claim by its key": by_key,
        "LIKE over all claims": scan,
        "the most frequent word": lambda: tracker.search(frequent),
        "a common word": lambda: tracker.search(common),
        "a rare word": lambda: tracker.search(rare),
        "a frequent and a rare word": lambda: tracker.search(f"{frequent} {rare}"),
        "the beginning of words": lambda: tracker.search(common[:4]),
        "a word misspelled": lambda: tracker.search(long[:3] + long[4:]),
        "a word that is not there": lambda: tracker.search("qwxzvq"),
        "a name": lambda: tracker.search(name),
        "a name misspelled": lambda: tracker.named_alike(f"{name}x"),
        "a key mistyped": unknown_key,
    }


def timed(asked: dict[str, Callable[[], object]]) -> dict[str, float]:
    """The median seconds of each, asked by turns so that all share the noise."""
    taken: dict[str, list[float]] = {name: [] for name in asked}
    for turn in range(RUNS + 1):
        for name, ask in asked.items():
            began = time.perf_counter()
            ask()
            if turn:  # the first turn only warms up
                taken[name].append(time.perf_counter() - began)
    return {name: statistics.median(times) for name, times in taken.items()}


def measured(url: str, claims: int) -> dict[str, float]:
    """A tracker with so many claims, filled and asked."""
    words = Words(claims)
    with create_tracker(url, author="benchmark") as tracker:
        began = time.perf_counter()
        with tracker.database.writing() as connection:
            fill(connection, words, claims)
            connection.exec_driver_sql("ANALYZE")
        spent = time.perf_counter() - began
        print(f"  {claims:,} claims of {len(words.all):,} words, filled in {spent:.0f} s", flush=True)
        return timed(questions(tracker, words))


def main() -> None:
    """Fill, ask, and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.searching", description=__doc__)
    parser.add_argument("--claims", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--postgres", action="store_true", help="on PostgreSQL as well")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        report("SQLite", {n: measured(str(Path(folder) / f"{n}.db"), n) for n in asked.claims})
    if asked.postgres:
        with server() as make:
            report("PostgreSQL", {n: measured(make(f"searching_{n}"), n) for n in asked.claims})


def report(database: str, results: dict[int, dict[str, float]]) -> None:
    """The table: milliseconds, and multiples of a claim by its key."""
    sizes = list(results)
    print(f"\n{database}: milliseconds in process, median of {RUNS}, and multiples of a claim by its key")
    print(f"{'':<30}" + "".join(f"{size:>12,}{'×':>8}" for size in sizes) + f"{'growth':>9}")
    for name in results[sizes[0]]:
        line = f"{name:<30}"
        for size in sizes:
            found = results[size]
            line += f"{found[name] * 1e3:>12.2f}{found[name] / found['a claim by its key']:>8.1f}"
        print(f"{line}{results[sizes[-1]][name] / results[sizes[0]][name]:>9.1f}")


@contextmanager
def server() -> Iterator[Callable[[str], str]]:
    """Makes databases on PostgreSQL, by name, and drops them at the end."""
    from tests.support.pgserver import Server
    from tests.support.postgres import GIVEN, reach, text_of

    own = None if os.environ.get(GIVEN) else Server()
    url = sa.make_url(os.environ[GIVEN]) if own is None else own.url()
    made: list[str] = []

    def make(name: str) -> str:
        with reach(url) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'".encode())
        made.append(name)
        return text_of(url.set(drivername="postgresql+psycopg", database=name))

    try:
        yield make
    finally:
        with reach(url) as connection:
            for name in made:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
        if own is not None:
            own.close()


if __name__ == "__main__":
    main()
