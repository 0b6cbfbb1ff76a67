"""Claims that are still to be resolved: noted by an act that touched many, taken off as they are resolved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.driving import is_empty

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from sqlalchemy.engine import Connection

ROWS = 10_000
"""How many rows are written at a time."""


class Waiting(NamedTuple):
    """For which act a claim is still to be resolved, by the last entry of that act, and which entry of
    it touched the claim (None: it is only tied to one that was touched)."""

    seq: int | None
    act: int


def is_any(connection: Connection) -> bool:
    """Whether any claim is still to be resolved."""
    return not is_empty(connection, t.pending)


def count(connection: Connection, act: int | None = None) -> int:
    """How many claims are still to be resolved, or only for one act."""
    query = sa.select(sa.func.count()).select_from(t.pending)
    return connection.scalar(query if act is None else query.where(t.pending.c.act == act)) or 0


def keys(connection: Connection, claims: Collection[str] | None = None) -> set[str]:
    """Which of some claims, or of all, are still to be resolved."""
    if claims is None:
        return set(connection.scalars(sa.select(t.pending.c.claim)))
    return set(read(connection, claims)) if is_any(connection) else set()


def read(connection: Connection, claims: Collection[str] | None = None) -> dict[str, Waiting]:
    """For what some claims, or all, are still to be resolved, by key."""
    query = sa.select(t.pending.c.claim, t.pending.c.seq, t.pending.c.act)
    if claims is None:
        queries = [query]
    else:
        queries = [query.where(t.pending.c.claim.in_(chunk)) for chunk in chunks(claims)]
    return {claim: Waiting(*rest) for each in queries for claim, *rest in connection.execute(each)}


def first(connection: Connection, limit: int, after: str = "", act: int | None = None) -> list[str]:
    """The first claims, by key, that are still to be resolved, from beyond a key; or only those for one
    act."""
    query = sa.select(t.pending.c.claim).where(t.pending.c.claim > after)
    if act is not None:
        query = query.where(t.pending.c.act == act)
    return list(connection.scalars(query.order_by(t.pending.c.claim).limit(limit)))


def note(connection: Connection, claims: Iterable[str], touched: Mapping[str, int], act: int) -> None:
    """Note claims as still to be resolved for an act; ``touched`` gives the entries that touched them."""
    rows = ({"claim": claim, "seq": touched.get(claim), "act": act} for claim in claims)
    for portion in _portions(rows):
        connection.execute(sa.insert(t.pending), portion)


def take_off(connection: Connection, claims: Collection[str]) -> None:
    """Some claims are resolved now."""
    for chunk in chunks(claims):
        connection.execute(sa.delete(t.pending).where(t.pending.c.claim.in_(chunk)))


def _portions(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    portion: list[dict[str, Any]] = []
    for row in rows:
        portion.append(row)
        if len(portion) == ROWS:
            yield portion
            portion = []
    if portion:
        yield portion
