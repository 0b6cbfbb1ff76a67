"""Words of claims and names of sources and entities, found again when they are spelled otherwise.

What can be meant is found by what words leave behind (``claims.spelling``) in plain tables with plain
indexes, so that it is the same on every database and nothing must be installed on a server; how alike it
is, ``claims.names`` says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.names import AT_LEAST, Match, fold, suggest
from claims.spelling import (
    CONSONANTS,
    Wanted,
    canons_of,
    look_of,
    name_traces,
    nearest,
    traces_of,
    traces_of_names,
)
from tracker.store import tables as t
from tracker.store.dialects import CHUNK, chunks
from tracker.store.inserting import insert_new_rows, write_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from sqlalchemy.engine import Connection

NEAR = 100
"""Words that may be meant by one; nobody means the next."""

OTHERS = 40
"""Other words in whose place one may have been typed that are looked for in claims."""

LONGER = 50
"""Words that begin with one that are asked for by name."""

MOST_NAMES = 400
"""Names that are compared in full with one that is looked for."""

_HELD = "tracker_words"
_ROOM = 200_000
_PORTION = 500

# --- learning ---------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Held:
    """What a connection has learned and not yet written, and the words that are known to be written."""

    known: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    former: set[str] = field(default_factory=set)


Unsettled = tuple[frozenset[str], dict[tuple[str, str], tuple[str, ...]], frozenset[str]]
"""Words, the names of records by table and key, and names that these had in between, that wait to be
written."""


def _held(connection: Connection) -> _Held:
    held: _Held = connection.info.setdefault(_HELD, _Held())
    return held


def learn(connection: Connection, table: sa.Table, rows: Iterable[Mapping[str, Any]]) -> None:
    """Keep what new rows of a table can be found by, given as their columns by name; of an
    entity all the names, in their order."""
    if table is t.claims:
        for row in rows:
            learn_words(connection, row["folded"].split())
    elif table is t.sources:
        for row in rows:
            learn_names(connection, "sources", row["key"], [row["name"]])
    elif table is t.entity_names:
        names: dict[str, list[str]] = {}
        for row in rows:
            names.setdefault(row["entity"], []).append(row["name"])
        for key, all_names in names.items():
            learn_names(connection, "entities", key, all_names)


def learn_words(connection: Connection, words: Iterable[str]) -> None:
    """Keep the words of claims for finding their other spellings; known ones cost next to nothing.

    They are written by :func:`settle`, many at once.
    """
    held = _held(connection)
    held.words.update(word for word in words if word not in held.known and not is_number(word))
    if len(held.words) > _PORTION:
        settle(connection)


def learn_names(connection: Connection, records: str, key: str, names: Iterable[str]) -> None:
    """Keep what the names of a source or an entity (``sources``, ``entities``) can be found by, in place
    of what was kept, once it is settled."""
    held = _held(connection)
    # What is kept of spellings is that of all names that there ever were, whenever they are written.
    held.former.update(held.names.get((records, key), ()))
    held.names[records, key] = tuple(names)
    if len(held.names) > _PORTION:
        settle(connection)


def settle(connection: Connection) -> None:
    """Write what was learned. Whoever reads it here has it settled first; so has the end of a
    transaction."""
    held = _held(connection)
    if held.words:
        _write_words(connection, sorted(held.words))
        held.known |= held.words
        held.words.clear()
        if len(held.known) > _ROOM:
            held.known.clear()
    if held.names:
        _write_names(connection, held.names)
        _write_canons(connection, {trace for name in held.former for trace in name_traces(name)[0]})
        held.names.clear()
        held.former.clear()


def forget(connection: Connection) -> None:
    """Take nothing for known any more, and drop what is not settled: it belongs to what was undone."""
    connection.info.pop(_HELD, None)


def unsettled(connection: Connection) -> Unsettled:
    """What is not settled yet, to go back to."""
    held = _held(connection)
    return frozenset(held.words), dict(held.names), frozenset(held.former)


def go_back(connection: Connection, before: Unsettled) -> None:
    """Be where one was before something that was undone: what it settled is undone as well."""
    connection.info[_HELD] = _Held(words=set(before[0]), names=before[1], former=set(before[2]))


def is_number(word: str) -> bool:
    """Whether a word begins with a digit: there is no end of such, and none is spelled otherwise."""
    return word[0].isdigit()


def _write_words(connection: Connection, words: list[str]) -> None:
    there: set[str] = set()
    for chunk in chunks(words):
        there.update(connection.scalars(sa.select(t.words.c.word).where(t.words.c.word.in_(chunk))).all())
    fresh = [word for word in words if word not in there]
    canons = canons_of(fresh)
    insert_new_rows(connection, t.words, list(zip(fresh, canons, strict=True)))
    _write_canons(connection, canons)


def _write_names(connection: Connection, named: Mapping[tuple[str, str], Iterable[str]]) -> None:
    rows: set[tuple[str, str, int, str]] = set()
    for records in {records for records, _ in named}:
        kept = sa.delete(t.name_traces).where(t.name_traces.c.records == records)
        for chunk in chunks(key for of, key in named if of == records):
            connection.execute(kept.where(t.name_traces.c.key.in_(chunk)))
    each = [(records, key, name) for (records, key), names in named.items() for name in names]
    found = traces_of_names([name for _, _, name in each])
    for (records, key, _), (traces, letters) in zip(each, found, strict=True):
        rows.update((records, trace, letters, key) for trace in traces)
    # Nobody else has any of them: what was kept of these records is taken out.
    (write_rows if len(rows) > _PORTION else insert_new_rows)(connection, t.name_traces, sorted(rows))
    _write_canons(connection, {trace for _, trace, _, _ in rows})


def _write_canons(connection: Connection, canons: Collection[str]) -> None:
    rows = [(trace, canon) for canon in sorted(set(canons)) for trace in traces_of(canon)]
    insert_new_rows(connection, t.spellings, rows)


# --- words ------------------------------------------------------------------------------------------


def near_canons(connection: Connection, canon: str, at_least: float) -> dict[str, float]:
    """Words of a canon that may be meant by one, with how like they are; the word itself is first."""
    settle(connection)
    left = t.spellings.c
    asked = traces_of(canon)
    ends = [trace for trace in asked if not trace.startswith(CONSONANTS)]
    # With no more slips than are allowed a word is not much longer or shorter; without its vowels it is.
    span = (math.floor(len(canon) * at_least), math.ceil(len(canon) / at_least))
    near = sa.select(left.canon).where(left.trace.in_(ends), sa.func.length(left.canon).between(*span))
    same = sa.select(left.canon).where(left.trace.in_([trace for trace in asked if trace not in ends]))
    found = {*connection.scalars(near).all(), *connection.scalars(same).all()} if asked else set()
    return {canon: 1.0, **dict(nearest(canon, found - {canon}, at_least, NEAR))}


def words_of(connection: Connection, canons: Mapping[str, float]) -> dict[str, float]:
    """The words of some canons, the most like first, then by their letters."""
    settle(connection)
    query = sa.select(t.words.c.word, t.words.c.canon).where(t.words.c.canon.in_(list(canons)))
    found = sorted((-canons[row.canon], row.word) for row in connection.execute(query))
    return {word: -negative for negative, word in found}


def words_beginning(connection: Connection, word: str, most: int = LONGER) -> list[str] | None:
    """The longer words of claims that begin with one; None where there are more than ``most``, or where
    it is a number, which words are not kept for."""
    if is_number(word):
        return None
    settle(connection)
    beyond = word[:-1] + chr(ord(word[-1]) + 1)
    query = sa.select(t.words.c.word).where(t.words.c.word > word, t.words.c.word < beyond)
    found = list(connection.scalars(query.order_by(t.words.c.word).limit(most + 1)))
    return found if len(found) <= most else None


# --- names ------------------------------------------------------------------------------------------


def like_names(
    connection: Connection, records: str, name: str, *, limit: int = 5, at_least: float = AT_LEAST
) -> list[Match]:
    """The ``sources`` or ``entities`` whose names are most like one, as :func:`claims.names.suggest`
    finds them among all; of very many, those whose names are nearest in length."""
    settle(connection)
    keys, _ = _candidates(connection, records, name, at_least)
    return suggest(name, names_of(connection, records, keys), limit=limit, at_least=at_least)


def keys_like_names(connection: Connection, records: str, name: str, *, at_least: float) -> set[str] | None:
    """The ``sources`` or ``entities`` that are compared with a name; None where not all are that may be
    like it, because they are very many."""
    settle(connection)
    keys, are_all = _candidates(connection, records, name, at_least)
    return keys if are_all else None


def _candidates(connection: Connection, records: str, name: str, at_least: float) -> tuple[set[str], bool]:
    """Keys of names that may be like one, and whether these are certainly all."""
    wanted = Wanted(name, at_least)
    near = {word: near_canons(connection, word, wanted.needs) for word in wanted.asked()}
    found = [_folding_alike(connection, records, name)]
    groups = [list(near[word]) for word in wanted.words]
    if groups:
        either = list(dict.fromkeys(word for words in near.values() for word in words))
        # A name of which each word is near one of those wanted is not much longer, and one that is much
        # shorter leaves too much of them out.
        span = (0.3 * wanted.letters, 1.5 * wanted.letters)
        found += [
            _with_all(connection, records, groups),
            _with_any(connection, records, either, span),
            _with_any(connection, records, wanted.exact, None),
        ]
    are_all = all(len(keys) < MOST_NAMES for keys in found) and not any(map(is_cut_off, near.values()))
    return set().union(*found), are_all


def is_cut_off(near: Mapping[str, float]) -> bool:
    """Whether more canons may be near than were found by :func:`near_canons`."""
    return len(near) > NEAR


def _with_all(connection: Connection, records: str, groups: list[list[str]]) -> set[str]:
    """Keys of names with a word of each group, the shortest names first."""
    first, *rest = groups
    names = t.name_traces
    query = sa.select(names.c.key, sa.func.min(names.c.letters)).where(
        names.c.records == records, names.c.trace.in_(first)
    )
    for group in rest:
        others = names.alias()
        also = sa.select(others.c.key).where(others.c.records == records, others.c.trace.in_(group))
        query = query.where(names.c.key.in_(also))
    ordered = query.group_by(names.c.key).order_by(sa.func.min(names.c.letters), names.c.key)
    return set(connection.scalars(ordered.limit(MOST_NAMES)))


def _with_any(
    connection: Connection, records: str, traces: list[str], span: tuple[float, float] | None
) -> set[str]:
    names = t.name_traces
    found: set[str] = set()
    for start in range(0, len(traces), CHUNK):
        query = sa.select(names.c.key).where(
            names.c.records == records, names.c.trace.in_(traces[start : start + CHUNK])
        )
        if span is not None:
            query = query.where(names.c.letters.between(int(span[0]), int(span[1]) + 1))
        ordered = query.order_by(names.c.letters.desc(), names.c.key)
        found.update(connection.scalars(ordered.limit(MOST_NAMES)))
    return found


def _folding_alike(connection: Connection, records: str, name: str) -> set[str]:
    keys, folded = _folds(records)
    return set(connection.scalars(sa.select(keys).where(folded == fold(name)).limit(MOST_NAMES)))


def _folds(records: str) -> tuple[sa.Column[str], sa.Column[str]]:
    if records == "sources":
        return t.sources.c.key, t.sources.c.folded
    return t.entity_names.c.entity, t.entity_names.c.folded


def names_of(connection: Connection, records: str, keys: Iterable[str]) -> list[tuple[str, str]]:
    """Key and name of some sources or entities, once for each name."""
    column = _folds(records)[0]
    found: list[tuple[str, str]] = []
    for chunk in chunks(keys):
        query = sa.select(column, column.table.c.name).where(column.in_(chunk))
        found += [(row[0], row[1]) for row in connection.execute(query)]
    return found


def drawn_alike(connection: Connection, records: str, names: Iterable[str]) -> set[str]:
    """Keys of sources or entities with a name that a reader may take for one of these: drawn alike, or
    the same but for accents, case, signs or script."""
    settle(connection)
    found: set[str] = set()
    for name in names:
        found |= _with_any(connection, records, [look_of(name)], None)
        if fold(name):
            found |= _folding_alike(connection, records, name)
    return found
