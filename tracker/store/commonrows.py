"""The rows of what imports record by the million, as their values alone.

:mod:`tracker.store.adding` makes the same rows by name; a test compares the two.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, ClassVar

from claims.names import fold
from claims.spelling import searched
from tracker.journal.payload import date_from_plain
from tracker.store import tables as t
from tracker.store.adding import recorded_on
from tracker.store.rows import columns_of_date

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import sqlalchemy as sa

    from tracker.journal.entry import Entry

    Values = tuple[Any, ...]
    Rows = dict[sa.Table, list[Values]]

_NO_DATE: Values = (None,) * 5
_ABOUT = ("subject", "value", "value_entity")
_PLACE = ("where", "where_entity", "question", "case", "lang", "external_id", "note", "ongoing")
_SAID = ("claim", "source", "stance")
_FOUND = ("document", "locator", "quote", "credibility", "basis", "side", "relays", "note")


class CommonRows:
    """Rows by table, their values in the order of its columns; days as text where ``days_as_text``."""

    def __init__(self, *, days_as_text: bool) -> None:
        self.rows: Rows = {t.sources: [], t.source_grades: [], t.documents: [], t.claims: [], t.evidence: []}
        self._date = _date_as_text if days_as_text else _date
        self._day: Callable[[date], Any] = date.isoformat if days_as_text else _itself

    def take(self, entry: Entry) -> bool:
        """Add the rows of an entry; says whether it is one of those that are made here."""
        taker = self._TAKERS.get(entry.act)
        if taker is None or entry.request is not None or entry.received is not None:
            return False
        return taker(self, entry)

    def learned(self) -> Iterator[tuple[sa.Table, list[dict[str, str]]]]:
        """What of these rows other spellings are found by, by name of its column."""
        yield t.sources, [{"key": key, "name": name} for key, name, *_ in self.rows[t.sources]]
        yield t.claims, [{"folded": folded} for _, _, folded, *_ in self.rows[t.claims]]

    def _evidence(self, entry: Entry) -> bool:
        get = entry.payload.get
        self.rows[t.evidence].append(
            (
                *(entry.subject, *map(get, _SAID), self._day(recorded_on(entry))),
                *self._published(get("published")),
                *(*map(get, _FOUND), None, None, None),
            )
        )
        return True

    def _claim(self, entry: Entry) -> bool:
        key, get = entry.subject, entry.payload.get
        text = entry.payload["text"]
        self.rows[t.claims].append(
            (
                *(key, text, searched(text, key), get("kind"), *map(get, _ABOUT)),
                *self._published(get("when")),
                *(*map(get, _PLACE), False, entry.recorded_at, entry.seq),
            )
        )
        return True

    def _document(self, entry: Entry) -> bool:
        get = entry.payload.get
        self.rows[t.documents].append(
            (
                *(entry.subject, get("title"), get("publisher"), get("author"), get("url")),
                *self._published(get("published")),
                *(get("sha256"), get("note"), False),
            )
        )
        return True

    def _source(self, entry: Entry) -> bool:
        key, get = entry.subject, entry.payload.get
        if get("sides"):
            return False
        name, grade = entry.payload["name"], get("reliability")
        whose = (get("type"), get("owner"), grade, get("url"), get("note"))
        self.rows[t.sources].append((key, name, fold(name), *whose, False))
        if grade:
            made = (entry.seq, key, grade, entry.recorded_at, entry.author, entry.reason)
            self.rows[t.source_grades].append(made)
        return True

    # Of the class, since of each object they would refer to it, and keep it with all its rows for a while.
    _TAKERS: ClassVar[dict[str, Callable[[CommonRows, Entry], bool]]] = {
        "source.registered": _source,
        "document.recorded": _document,
        "claim.recorded": _claim,
        "evidence.logged": _evidence,
    }

    def _published(self, said: dict[str, Any] | None) -> Values:
        if said is None:
            return _NO_DATE
        return self._date(said["edtf"], said.get("words", ""), *said.get("after", ()))


@lru_cache(maxsize=16_384)
def _date(edtf: str, words: str, *after: str) -> Values:
    """The columns of a date; the same days come again and again."""
    read = date_from_plain({"edtf": edtf, "words": words, "after": after})
    return tuple(columns_of_date("published", read).values())


@lru_cache(maxsize=16_384)
def _date_as_text(edtf: str, words: str, *after: str) -> Values:
    values = _date(edtf, words, *after)
    return tuple(value.isoformat() if isinstance(value, date) else value for value in values)


def _itself(day: date) -> date:
    return day
