"""What an exchange of journals asks: which entries are known, and which records are the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from claims.names import fold
from tracker.store import tables as t
from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy.engine import Connection


def known_leaves(connection: Connection) -> dict[str, str]:
    """The hash (hex) of every entry that is here, be it by its own or by the one that it came with;
    and the key of what it is about here."""
    own = sa.select(t.journal.c.leaf, t.journal.c.subject)
    join = sa.join(t.received, t.journal, t.received.c.seq == t.journal.c.seq)
    brought = sa.select(t.received.c.leaf, t.journal.c.subject).select_from(join)
    return {leaf: subject for query in (own, brought) for leaf, subject in connection.execute(query)}


def brought(connection: Connection, leaves: Collection[str]) -> list[int]:
    """The numbers of the entries that came with one of these hashes (hex)."""
    rows = connection.execute(sa.select(t.received.c.leaf, t.received.c.seq))
    return [seq for leaf, seq in rows if leaf in leaves]


def once_named(connection: Connection) -> dict[tuple[str, str], list[str]]:
    """The keys of the sources and entities here that were registered under a name, in its folded form:
    what was renamed since is still what another desk knows by it."""
    acts = ("source.registered", "entity.registered")
    query = sa.select(t.journal.c.act, t.journal.c.subject, t.journal.c.body).where(t.journal.c.act.in_(acts))
    found: dict[tuple[str, str], list[str]] = {}
    for act, key, body in connection.execute(query.order_by(t.journal.c.seq)):
        if body:
            name = fold(json.loads(body)["payload"]["name"])
            found.setdefault((act.split(".")[0], name), []).append(key)
    return found


def document_at(connection: Connection, url: str) -> str | None:
    """The key of the standing document of an address."""
    query = sa.select(t.documents.c.key).where(t.documents.c.url == url, ~t.documents.c.withdrawn)
    found: str | None = connection.scalar(query.order_by(t.documents.c.key).limit(1))
    return found


def claims_saying(connection: Connection, folded: str) -> list[str]:
    """Keys of claims of a text, in its folded form."""
    query = sa.select(t.claims.c.key).where(t.claims.c.folded == folded)
    return list(connection.scalars(query.order_by(t.claims.c.key)))


def is_withdrawn(connection: Connection, records: str, key: str) -> bool:
    """Whether a record is withdrawn."""
    table = metadata.tables[records]
    return bool(connection.scalar(sa.select(table.c.withdrawn).where(table.c.key == key)))


def recorded_payload(connection: Connection, key: str, act: str) -> dict[str, Any] | None:
    """What was recorded of a record at first."""
    query = sa.select(t.journal.c.body).where(t.journal.c.subject == key, t.journal.c.act == act)
    body = connection.scalar(query.order_by(t.journal.c.seq).limit(1))
    payload: dict[str, Any] | None = json.loads(body)["payload"] if body else None
    return payload
