"""Evidence on very many claims, as the database itself puts it together: one text for each column.

Row by row the driver makes thirteen objects for each piece of evidence, and all of them are only looked up
in a table and dropped. Here it makes a few texts for hundreds of claims, in which a word of a small
vocabulary is one character. What does not fit into such a text is left to be read row by row.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import islice
from operator import gt
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from claims.resolve.plain import BASES, CREDIBILITIES, SIDES, STANCES, PlainPieces
from tracker.store.dialects import chunks
from tracker.store.direct import ask
from tracker.store.driving import Numbers
from tracker.store.plain import numbered
from tracker.store.writtendays import NUMBER_WIDTH, WIDTH, numbered_day, ordinals_of, ordinals_of_numbers

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.engine import Connection

    from claims.resolve.kernel import Ints
    from tracker.store.plain import Pieces

SEPARATOR = "\x1f"
"""Stands between the texts of two rows. It is in hardly any text; where it is in one, that shows."""

LONGEST = 20_000
"""A longer quote is none for a text of many: databases limit how long one may be (to a thousand million
bytes)."""

DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_UNKNOWN = "~"
_VALUES = np.full(256, -1, dtype=np.int64)
_VALUES[np.frombuffer(DIGITS.encode(), dtype=np.uint8)] = np.arange(len(DIGITS))
"""What a character stands for; -1 for any other."""

_VOCABULARIES = {"stance": STANCES, "credibility": CREDIBILITIES, "basis": BASES, "side": SIDES}
_RARE = ("document", "quote", "relays", "withdrawn")
"""Columns that most rows leave empty: one digit for all of them says which are there."""


class OutOfForm(Exception):
    """Something in the tables does not fit into the texts of columns."""


def pieces_at_once(connection: Connection, claims: Sequence[str]) -> Pieces | None:
    """What :func:`tracker.store.plain.pieces_by_row` gives, for many claims at once; None where something
    in the tables does not fit in here."""
    try:
        return _pieces(_read(connection, claims), len(claims))
    except OutOfForm:
        return None


class _Read(NamedTuple):
    """The columns of all rows in their order. ``there`` holds the digits that say which of the rare columns
    a row has; ``documents``, ``quotes`` and ``relays`` are those of the rows that have one."""

    of: Ints
    keys: list[str]
    sources: list[str]
    documents: list[str]
    quotes: list[str]
    relays: list[str]
    day: Ints
    there: Ints
    codes: dict[str, Ints]


def _pieces(read: _Read, claims: int) -> Pieces:
    sources, documents = Numbers(), Numbers()
    has = {name: np.flatnonzero(read.there >> bit & 1) for bit, name in enumerate(_RARE)}
    texts = {"document": read.documents, "quote": read.quotes, "relays": read.relays}
    if any(len(has[name]) != len(some) for name, some in texts.items()):
        raise OutOfForm
    source = numbered(read.sources, sources)
    odd = np.zeros(claims, dtype=np.bool_)
    odd[read.of[has["withdrawn"]]] = True
    behind, passing = source.copy(), has["relays"]
    behind[passing] = numbered(read.relays, sources)
    odd[read.of[passing[behind[passing] == source[passing]]]] = True
    document = np.full(len(read.keys), -1, dtype=np.int64)
    document[has["document"]] = numbered(read.documents, documents)
    quote: list[str | None] = [None] * len(read.keys)
    for at, text in zip(has["quote"].tolist(), read.quotes, strict=True):
        quote[at] = text
    pieces = PlainPieces(
        keys=read.keys,
        claim=read.of,
        source=source,
        behind=behind,
        day=read.day,
        document=document,
        line=behind,
        quote=quote,
        **read.codes,
    )
    return pieces, sources, documents, odd


# --- texts ------------------------------------------------------------------------------------


def _read(connection: Connection, claims: Sequence[str]) -> _Read:
    """The texts of all columns, taken apart. Raises :class:`OutOfForm`.

    Often the rows come in order by themselves, as they were written. To have them put in order takes longer,
    and is asked for once they do not."""
    places = {claim: number for number, claim in enumerate(claims)}
    of: list[Ints] = [np.empty(0, dtype=np.int64)]
    apart: list[list[str]] = [[] for _ in _APART]
    joined: list[list[str]] = [[] for _ in _JOINED]
    ordered = False
    for chunk in chunks(claims):
        found = _asked(connection, chunk, places, ordered=ordered)
        if not found.in_order and not ordered:
            ordered = True
            found = _asked(connection, chunk, places, ordered=True)
        if not found.in_order:
            raise OutOfForm
        of.append(found.of)
        for column, texts in zip(apart, found.apart, strict=True):
            column.extend(texts)
        for column, text in zip(joined, found.joined, strict=True):
            column.append(text)
    keys, sources, documents, quotes, relays = apart
    day, there, *codes = ("".join(texts) for texts in joined)
    count = len(keys)
    return _Read(
        *(np.concatenate(of), keys, sources, documents, quotes, relays),
        day=_ORDINALS[connection.dialect.name](day, count),
        there=_digits(there, count),
        codes={name: _digits(code, count) for name, code in zip(_VOCABULARIES, codes, strict=True)},
    )


class _Found(NamedTuple):
    """What was found on a portion of the claims."""

    of: Ints
    apart: list[list[str]]
    joined: list[str]
    in_order: bool


def _asked(connection: Connection, chunk: list[str], places: Mapping[str, int], *, ordered: bool) -> _Found:
    postgres = connection.dialect.name == "postgresql"
    words = _words(connection.dialect.name, 1 if postgres else len(chunk), ordered=ordered)
    count, *texts = ask(connection, words, (chunk,) if postgres else chunk).fetchone()
    claim, *apart = ([] if text is None else text.split(SEPARATOR) for text in texts[: len(_APART) + 1])
    if not len(claim) == len(apart[0]) == len(apart[1]) == count:
        raise OutOfForm
    of = numbered(claim, places)
    joined = [text or "" for text in texts[len(_APART) + 1 :]]
    return _Found(of, apart, joined, _in_order(of, apart[0]))


def _in_order(of: Ints, keys: list[str]) -> bool:
    """Whether rows come claim by claim, and those on a claim in the order of their keys."""
    steps = np.diff(of)
    falls = np.fromiter(map(gt, keys, islice(keys, 1, None)), dtype=np.bool_, count=len(steps))
    return not ((steps < 0) | (falls & (steps == 0))).any()


def _digits(text: str, count: int) -> Ints:
    """What the characters of a text stand for, one in each row. Raises :class:`OutOfForm`."""
    values: Ints = _VALUES[_bytes(text, count)]
    if (values < 0).any():
        raise OutOfForm
    return values


def _bytes(text: str, count: int) -> Any:
    if len(text) != count or not text.isascii():
        raise OutOfForm
    return np.frombuffer(text.encode(), dtype=np.uint8)


# --- days -------------------------------------------------------------------------------------


def _from_words(text: str, count: int) -> Ints:
    """The ordinals of days that are written as 2026-11-22. Raises :class:`OutOfForm`."""
    signs = _bytes(text, WIDTH * count)
    if not ((signs[4::WIDTH] == ord("-")) & (signs[7::WIDTH] == ord("-"))).all():
        raise OutOfForm
    try:
        days = ordinals_of(signs.view(f"S{WIDTH}"))
    except ValueError:
        raise OutOfForm from None
    return _after_the_first(days)


def _from_numbers(text: str, count: int) -> Ints:
    """The ordinals of days that are written as numbers. Raises :class:`OutOfForm`."""
    signs = _bytes(text, NUMBER_WIDTH * count).reshape(count, NUMBER_WIDTH)
    if not ((signs >= ord("0")) & (signs <= ord("9"))).all():
        raise OutOfForm
    return _after_the_first(ordinals_of_numbers(signs))


def _after_the_first(days: Ints) -> Ints:
    if (days < 1).any():
        raise OutOfForm
    return days


_ORDINALS = {"sqlite": _from_words, "postgresql": _from_numbers}

# --- words ------------------------------------------------------------------------------------

_QUOTE = f"CASE WHEN length(quote) <= {LONGEST} THEN quote END"
_APART = ("key", "source", "document", _QUOTE, "relays")
_DATED = ("published_latest", "recorded_on")
_COLUMNS = ("claim", "key", "source", "document", "quote", "relays", "withdrawn", *_DATED, *_VOCABULARIES)


@lru_cache(maxsize=16)
def _words(dialect: str, values: int, *, ordered: bool) -> str:
    """The question for the evidence on so many claims, as the driver takes it."""
    postgres = dialect == "postgresql"
    join = "string_agg" if postgres else "group_concat"
    day = f"CASE WHEN {' < '.join(_DATED)} THEN {_DATED[0]} ELSE {_DATED[1]} END"
    if postgres:
        # How PostgreSQL would write a day depends on its settings; to count days is quicker besides.
        day = numbered_day(day)
    asked = [f"{join}({each}, '{SEPARATOR}')" for each in ("claim", *_APART)]
    asked += [f"{join}({each}, '')" for each in (day, *_JOINED[1:])]
    among = "= ANY(?)" if postgres else f"IN ({','.join('?' * values)})"
    rows = f"evidence WHERE claim {among}"
    if ordered:
        rows = f"(SELECT {', '.join(_COLUMNS)} FROM {rows} ORDER BY claim, key) AS evidence"  # noqa: S608
    return f"SELECT count(*), {', '.join(asked)} FROM {rows}"  # noqa: S608


def _coded(column: str, terms: Sequence[Any]) -> str:
    """The digit of a word, in SQL."""
    digits = {term: f"'{digit}'" for term, digit in zip(terms, DIGITS, strict=False)}
    none = digits.pop(None, f"'{_UNKNOWN}'")
    words = " ".join(f"WHEN '{term}' THEN {digit}" for term, digit in digits.items())
    return f"CASE WHEN {column} IS NULL THEN {none} ELSE CASE {column} {words} ELSE '{_UNKNOWN}' END END"


def _which_are_there(columns: Sequence[str], bit: int = 1, digit: int = 0) -> str:
    """The digit that says which columns a row has, in SQL: that of the sum of their bits."""
    if not columns:
        return f"'{DIGITS[digit]}'"
    column, *others = columns
    without, with_it = (_which_are_there(others, 2 * bit, each) for each in (digit, digit + bit))
    return f"CASE WHEN {column} IS NULL THEN {without} ELSE {with_it} END"


_JOINED = ("day", _which_are_there(_RARE), *(_coded(*each) for each in _VOCABULARIES.items()))
"""What is one character in each row; but the day comes in several."""
