"""How sources fared, as columns, for claims that are looked at one by one; of sources with many cases, kept.

To go through all cases of a source takes longer the more there are, and whoever logs a word on a claim waits
for it, once for each who has spoken on it. So what they add up to is kept in a row for each source, which is
gone as soon as any of its cases is another (:func:`tracker.store.outcomes.replace`), and is made again at the
end of an act in bulk, or by the next act that has to go through them.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from tracker.errors import Corrupt
from tracker.store import rows
from tracker.store import tables as t
from tracker.store.dialects import CHUNK, chunks
from tracker.store.direct import ask
from tracker.store.driving import Numbers
from tracker.store.inserting import write_rows
from tracker.store.outcomes import AMONG, COMMA, LISTED, question_of_sources, sorts_words
from tracker.store.writtendays import NUMBER_WIDTH, WIDTH, ordinals_of, ordinals_of_numbers

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from sqlalchemy.engine import Connection, Dialect

    from claims.resolve.courses import Fares, Ordinals
    from claims.resolve.kernel import Ints
    from tracker.store.driving import Question

MANY = 50
"""Of a source whose record changed so often it is kept as a whole: fewer are quickly added up."""

FEW = 60
"""So few days are looked up one by one."""

_AS_KEPT = "<u4"

_WHOSE = 32
"""Bits of a change as it is kept; above them stands whose it is, where those of several are put in order."""


def read_fares(
    connection: Connection, sources: Collection[str], *, keeping: bool = False
) -> dict[str, Fares]:
    """How some sources fared, those that have cases. With ``keeping``, what had to be added up for it is kept
    where it is much."""
    found: dict[str, Fares] = {}
    for chunk in _portions(sources):
        answer = ask(connection, *_question(connection, chunk)).fetchall()
        found |= {source: _unpacked(source, whole) for source, *_, whole in answer if whole is not None}
        anew = _added_up(connection, [row[:-1] for row in answer if row[-1] is None])
        if keeping:
            _keep(connection, anew)
        found |= anew
    return found


def keep(connection: Connection, sources: Iterable[str] | None = None) -> None:
    """Keep how some sources fared, or all, as a whole where it is much and is not kept yet."""
    if sources is None:
        sources = connection.scalars(sa.select(t.outcomes.c.source).distinct()).all()
    for chunk in _portions(sources):
        words, values = question_of_sources(connection, _not_kept(connection.dialect), chunk)
        _keep(connection, _added_up(connection, ask(connection, words, values).fetchall()))


def problems(connection: Connection) -> Iterator[str]:
    """Which of the records that are kept as a whole are not what the outcomes say."""
    for chunk in chunks(connection.scalars(sa.select(t.source_records.c.source)).all()):
        query = sa.select(t.source_records).where(t.source_records.c.source.in_(chunk))
        kept = {row.source: row.changes for row in connection.execute(query)}
        words, values = question_of_sources(connection, _of_sorts(connection.dialect), chunk)
        try:
            anew = _added_up(connection, ask(connection, words, values).fetchall())
        except Corrupt as error:
            yield f"table source_records: {error.message}"
            continue
        for source in sorted(kept):
            if source not in anew or kept[source] != _packed(anew[source]):
                yield f"table source_records, row {source}: changes is not what the outcomes of it say"


def _portions(sources: Iterable[str]) -> Iterator[list[str]]:
    """Sources in portions that one statement can take, which speaks of them three times."""
    for chunk in chunks(sources):
        for at in range(0, len(chunk), CHUNK // 3):
            yield chunk[at : at + CHUNK // 3]


# --- what is asked ------------------------------------------------------------------------------


def question_of_fares(connection: Connection, sources: Collection[str]) -> Question:
    """What a server is asked for how a few sources fared."""
    return _question(connection, sorted(sources))


def _question(connection: Connection, sources: Sequence[str]) -> Question:
    return question_of_sources(connection, _both(connection.dialect), sources)


_KEPT = f"SELECT source FROM source_records WHERE source {AMONG}"  # noqa: S608


@cache
def _both(dialect: Dialect) -> str:
    """The records that are kept as a whole; and the cases, sort by sort, of all other sources."""
    truth = "BOOLEAN" if dialect.name == "postgresql" else "INTEGER"
    types = ("TEXT", "INTEGER", truth, "TEXT", "TEXT")  # of what is not there: a server must know
    nothing = ", ".join(f"CAST(NULL AS {each})" for each in types)
    whole = _KEPT.replace("SELECT source", f"SELECT source, {nothing}, changes")
    return f"{whole} UNION ALL SELECT each.*, NULL FROM ({_not_kept(dialect)}) each"  # noqa: S608


@cache
def _not_kept(dialect: Dialect) -> str:
    """The cases, sort by sort, of those among some sources that are not kept as a whole. No row is looked at
    to find out whose it is."""
    listed = f"SELECT column1 FROM (VALUES {LISTED})"  # noqa: S608
    if dialect.name == "postgresql":
        listed = f'SELECT unnest({LISTED}) COLLATE "C"'
    return _of_sorts(dialect).replace(AMONG, f"IN ({listed} EXCEPT {_KEPT})")


def _of_sorts(dialect: Dialect) -> str:
    return sorts_words(dialect, numbered=dialect.name == "postgresql")


# --- kept as a whole ----------------------------------------------------------------------------


def _keep(connection: Connection, fares: dict[str, Fares]) -> None:
    many = [(source, _packed(each)) for source, each in sorted(fares.items()) if each.count >= MANY]
    if many:
        write_rows(connection, t.source_records, many)


def _packed(fares: Fares) -> bytes:
    found: bytes = fares.packed.astype(_AS_KEPT).tobytes()
    return found


def _unpacked(source: str, whole: bytes) -> Fares:
    import numpy as np  # loaded by now where records are heeded

    from claims.resolve.courses import Fares

    try:
        return Fares(np.frombuffer(whole, _AS_KEPT).astype(np.int64))
    except ValueError as error:
        fault = f"the record of {source} in source_records cannot be read ({error})"
        raise Corrupt(fault, rows.MENDING) from error


# --- added up -----------------------------------------------------------------------------------


def _added_up(connection: Connection, of_sorts: Sequence[Sequence[Any]]) -> dict[str, Fares]:
    """How sources fared, by their cases sort by sort. Raises :class:`Corrupt` for a day or a kind that is
    none."""
    try:
        return _sum(connection, of_sorts) if of_sorts else {}
    except (KeyError, ValueError) as error:
        raise Corrupt(f"a row of outcomes cannot be read ({error})", rows.MENDING) from error


def _sum(connection: Connection, of_sorts: Sequence[Sequence[Any]]) -> dict[str, Fares]:
    import numpy as np

    from claims.resolve.courses import SHIFT, Fares, sort_code
    from claims.resolve.plain import KINDS

    kinds, numbers = {str(kind): number for number, kind in enumerate(KINDS)}, Numbers()
    texts, sorts = list[str](), list[int]()
    for source, kind, sign, right, since, until in of_sorts:
        code = (numbers[source] << _WHOSE) + sort_code(kinds[kind], 2 * (sign > 0) + right)
        texts += [since, until or ""]
        sorts += [code, code + 1]
    whole = COMMA.join(filter(None, texts)) + COMMA
    days = _numbers_in(whole) if connection.dialect.name == "postgresql" else _ordinals_in(whole)
    counts = [text.count(COMMA) + 1 if text else 0 for text in texts]
    changes = (days << SHIFT) + np.array(sorts, dtype=np.int64).repeat(counts)
    changes.sort()
    ends = changes.searchsorted(np.arange(1, len(numbers) + 1) << _WHOSE).tolist()
    changes &= (1 << _WHOSE) - 1
    return {
        source: Fares(changes[low:high]) for source, low, high in zip(numbers, [0, *ends], ends, strict=False)
    }


def _ordinals_in(text: str) -> Ints:
    """The ordinals of the days in a text, each with a comma behind it."""
    import numpy as np

    width = WIDTH + 1
    if len(text) <= FEW * width or len(text) % width:
        ordinal = _ordinals().__getitem__
        return np.array(list(map(ordinal, text[:-1].split(COMMA))), dtype=np.int64)
    return ordinals_of(np.frombuffer(text.encode("ascii"), f"S{width}").astype(f"S{WIDTH}"))


def _numbers_in(text: str) -> Ints:
    """The same of days that are written as numbers."""
    import numpy as np

    digits = np.frombuffer(text.encode("ascii"), np.uint8).reshape(-1, NUMBER_WIDTH + 1)
    return ordinals_of_numbers(digits[:, :NUMBER_WIDTH])


@cache
def _ordinals() -> Ordinals:
    """The ordinals of all days that came so far: there are not many, and each comes very often."""
    from claims.resolve.courses import Ordinals

    return Ordinals()
