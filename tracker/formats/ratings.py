"""Ratings of fact-checkers as statuses, and statuses as ratings, by the table in
``tracker/vocabularies/ratings.toml``.

Their word decides. A number decides only where no word is known, and only on a scale that says which end
is the better one: desks publish scales that are upside down, of one point, or of no order at all (one
gives "false" and "true" the same number), and a rating that was guessed is worse than none.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from claims.names import fold
from claims.vocabulary import Status

LONGEST_SHOWN = 120
"""Characters of a rating that a message shows: some are whole paragraphs."""

WORDS_SHOWN = 10

_CLAUSE = re.compile(r"[.:;!—–]|\s-\s")
_AGREES = {Status.CONFIRMED: 1, Status.CORROBORATED: 1, Status.DOUBTFUL: -1, Status.REFUTED: -1}


@dataclass(frozen=True, slots=True)
class Rating:
    """A rating as it was published: their word for it, numbers where there are any, and as ``unread`` what
    stands in the place of numbers and is none, such as "4/5"."""

    word: str = ""
    value: float | None = None
    worst: float | None = None
    best: float | None = None
    unread: tuple[str, ...] = ()

    @property
    def on_scale(self) -> float | None:
        """How far from the worst (0) to the best (1) it lies; None where the scale does not say so, is
        upside down, or does not reach to the value."""
        if self.value is None or self.worst is None or self.best is None or self.best <= self.worst:
            return None
        found = (self.value - self.worst) / (self.best - self.worst)
        return found if 0 <= found <= 1 else None

    @property
    def trouble(self) -> str:
        """What is wrong with its numbers; "" where nothing is, or there are none."""
        if self.value is None:
            return ""
        value = f"ratingValue {number(self.value)}"
        if self.worst is None or self.best is None:
            lacking = "worstRating" if self.best is not None else "bestRating"
            return f"{value} has no scale: there is no {lacking}"
        span = f"{number(self.worst)} (worst) to {number(self.best)} (best)"
        if self.worst == self.best:
            return f"the scale has one point: {span}"
        if self.best < self.worst:
            return f"the scale is inverted: {span}"
        return "" if self.on_scale is not None else f"{value} lies outside the scale, {span}"

    def __str__(self) -> str:
        """The rating in words, with its numbers as they were published."""
        said = f"“{self.word}”" if self.word else "without a word"
        parts = [number(self.value)] if self.value is not None else []
        parts += [f"worst {number(self.worst)}"] if self.worst is not None else []
        parts += [f"best {number(self.best)}"] if self.best is not None else []
        parts += [f"“{shortened(each)}”" for each in self.unread]
        return f"{said} ({', '.join(parts)})" if parts else said


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a rating means: a status, or None where that cannot be said, with what must not be overlooked."""

    status: Status | None
    remarks: tuple[str, ...] = ()


def read_rating(rating: Rating) -> Verdict:
    """The status that a rating stands for."""
    table = _table()
    if not rating.word and rating.value is None:
        return Verdict(None, ("there is no rating",))
    asks = "?" in rating.word  # a question is no answer, whatever words it is made of
    if not asks and (status := table.read.get(fold(rating.word))) is not None:
        return Verdict(status, _numbers_left_aside(rating, status))
    shown = shortened(rating.word)
    clause = fold(_CLAUSE.split(rating.word, maxsplit=1)[0])
    if clause and not asks and (status := table.read.get(clause)) is not None:
        by = f"“{shown}” is read as {status}, by how it begins"
        return Verdict(status, (by, *_numbers_left_aside(rating, status)))
    unknown = f"“{shown}” is no rating word that is known" if rating.word else "the rating has no word"
    if (status := _by_number(rating)) is not None:
        return Verdict(status, (f"{unknown}: read as {status}, by its number {_numbers(rating)}",))
    why = f", and {rating.trouble}" if rating.trouble else ""
    return Verdict(None, (f"{unknown}{why}: no verdict is recorded, and the rating is kept as a note",))


def write_rating(status: Status) -> dict[str, Any]:
    """A status as a schema.org Rating; without numbers where it says nothing of how true a claim is."""
    table = _table()
    word, value = table.written[status]
    rating: dict[str, Any] = {"@type": "Rating"}
    if value is not None:
        rating |= {"ratingValue": value, "bestRating": table.best, "worstRating": table.worst}
    return rating | {"alternateName": word}


def ratings_table() -> dict[Status, tuple[dict[str, Any], float | None, tuple[str, ...]]]:
    """Of each status: the Rating that it is written as, how far up a scale a number that is read as it may
    lie (0 the worst, 1 the best), and the first words that are read as it."""
    bounds = dict(_table().numbers)
    return {
        status: (write_rating(status), bounds.get(status), _table().words.get(status, ())[:WORDS_SHOWN])
        for status in Status
    }


def number(value: float) -> str:
    """A number as people write it."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(value)


def shortened(words: str) -> str:
    """Words that a message can show."""
    return words if len(words) <= LONGEST_SHOWN else words[:LONGEST_SHOWN] + "…"


def _numbers(rating: Rating) -> str:
    assert rating.value is not None
    assert rating.worst is not None
    assert rating.best is not None
    return f"{number(rating.value)} on a scale from {number(rating.worst)} to {number(rating.best)}"


def _by_number(rating: Rating) -> Status | None:
    place = rating.on_scale
    if place is None:
        return None
    return next((status for status, bound in _table().numbers if place <= bound), None)


def _numbers_left_aside(rating: Rating, status: Status) -> tuple[str, ...]:
    """Why the number was not heeded beside the word: it cannot be read, or says the opposite."""
    if rating.trouble:
        return (f"{rating.trouble}; read as {status}, by its word “{shortened(rating.word)}”",)
    number_says = _by_number(rating)
    if number_says is None or _AGREES.get(status, 0) * _AGREES.get(number_says, 0) >= 0:
        return ()
    opposite = f"its number, {_numbers(rating)}, says the opposite"
    return (f"{opposite}; read as {status}, by its word “{shortened(rating.word)}”",)


@dataclass(frozen=True, slots=True)
class _Table:
    read: dict[str, Status]
    words: dict[Status, tuple[str, ...]]
    numbers: tuple[tuple[Status, float], ...]
    written: dict[Status, tuple[str, int | None]]
    worst: int
    best: int


@cache
def _table() -> _Table:
    found = tomllib.loads(files("tracker").joinpath("vocabularies", "ratings.toml").read_text("utf-8"))
    return _Table(
        read={fold(word): Status(status) for status, words in found["read"].items() for word in words},
        words={Status(status): tuple(words) for status, words in found["read"].items()},
        numbers=tuple((Status(status), bound) for status, bound in found["numbers"].items()),
        written={Status(key): (it["word"], it.get("value")) for key, it in found["written"].items()},
        worst=found["scale"]["worst"],
        best=found["scale"]["best"],
    )
