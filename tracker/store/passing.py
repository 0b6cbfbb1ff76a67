"""Tables that pass with the act that made them: what an act in bulk has met and touched so far.

They are of the connection alone, no other sees them, and they keep the memory of an act from growing with
the number of its entries.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable

from tracker.store import tables as t
from tracker.store.dialects import chunks
from tracker.store.direct import tell
from tracker.store.driving import driver_rows
from tracker.store.loading import load_rows

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping
    from datetime import date

    from sqlalchemy.engine import Connection

_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_metadata = sa.MetaData()


def _passing(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(f"act_{name}", _metadata, *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")


def _key(name: str) -> sa.Column[str]:
    return sa.Column(name, _TEXT, primary_key=True)


_log = _passing("log", sa.Column("claim", _TEXT), sa.Column("seq", sa.BigInteger))
_touched = _passing("touched", _key("claim"), sa.Column("seq", sa.BigInteger), sa.Column("turn", sa.Integer))
_altered = _passing("altered", _key("source"), sa.Column("seq", sa.BigInteger))
_met = _passing(
    "met",
    _key("claim"),
    sa.Column("made", sa.Boolean),
    sa.Column("newest", sa.Date),
    sa.Column("row", sa.BigInteger),
    sa.Column("status", sa.Text),
    sa.Column("by", sa.Text),
    sa.Column("on", sa.Text),
    sa.Column("counted", sa.Boolean),
)
_matched = _passing("matched", _key("evidence"))
_texts = _passing("texts", sa.Column("digest", _TEXT), sa.Column("claim", _TEXT))
_by_digest = sa.Index("ix_act_texts_digest", _texts.c.digest)
_by_row = sa.Index("ix_act_met_row", _met.c.row)


def _make(connection: Connection, *tables: sa.Table) -> None:
    for table in tables:
        connection.execute(CreateTable(table))


def _drop(connection: Connection, *tables: sa.Table) -> None:
    for table in tables:
        connection.execute(DropTable(table))


# --- claims to be resolved at the end ---------------------------------------------------------


class TouchedClaims:
    """The claims that an act has touched, each with the last entry that touched it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._turn = 0
        _make(connection, _log, _touched, _altered)

    def note(self, touched: Mapping[str, int]) -> None:
        """Claims that entries have touched, with their numbers. What is noted first counts for
        nothing against a later entry."""
        load_rows(self._connection, _log, list(touched.items()))

    def gather(self, everything: int | None = None) -> int:
        """Put together what was noted since the last time; claims that were gathered before stay as they
        are. With the number of an entry that touched ``everything``, all others as well. Returns
        how many claims there are now."""
        execute = self._connection.execute
        new = ~sa.exists().where(_touched.c.claim == _log.c.claim)
        last = sa.select(_log.c.claim, sa.func.max(_log.c.seq), sa.literal(0))
        last = last.where(new).group_by(_log.c.claim)
        execute(sa.insert(_touched).from_select(["claim", "seq", "turn"], last))
        execute(sa.delete(_log))
        if everything is not None:
            other = ~sa.exists().where(_touched.c.claim == t.claims.c.key)
            rest = sa.select(t.claims.c.key, sa.literal(everything, sa.BigInteger), sa.literal(0)).where(
                other
            )
            execute(sa.insert(_touched).from_select(["claim", "seq", "turn"], rest))
        return self._connection.scalar(sa.select(sa.func.count()).select_from(_touched)) or 0

    def portions(self, size: int) -> Iterator[dict[str, int]]:
        """All of them in the order of their keys, so many at a time, but for those that are :meth:`done` in
        the meantime."""
        self._turn += 1
        last = ""
        while True:
            query = sa.select(_touched).where(_touched.c.claim > last, _touched.c.turn < self._turn)
            query = query.order_by(_touched.c.claim)
            found = {row.claim: row.seq for row in self._connection.execute(query.limit(size))}
            if not found:
                return
            yield found
            last = max(found)

    def done(self, claims: Collection[str]) -> None:
        """Leave claims out of the portions to come: they were done with others that they are tied to."""
        for portion in chunks(claims):
            query = sa.update(_touched).where(_touched.c.claim.in_(portion))
            self._connection.execute(query.values(turn=self._turn))

    def note_altered(self, sources: Mapping[str, int]) -> None:
        """Note all claims on which some sources speak, or are relayed, whose records an entry has altered;
        given by the entry."""
        if self._are_all():
            return
        load_rows(self._connection, _altered, sorted(sources.items()))
        for column in (t.evidence.c.source, t.evidence.c.relays):
            speaking = sa.select(t.evidence.c.claim, _altered.c.seq).join(
                t.evidence, column == _altered.c.source
            )
            self._connection.execute(sa.insert(_log).from_select(["claim", "seq"], speaking))
        self._connection.execute(sa.delete(_altered))

    def _are_all(self) -> bool:
        """Whether there is no claim that was not touched."""
        other = ~sa.exists().where(_touched.c.claim == t.claims.c.key)
        return self._connection.execute(sa.select(t.claims.c.key).where(other).limit(1)).first() is None

    def among(self, claims: Collection[str]) -> dict[str, int]:
        """Those of some claims that were touched."""
        columns = (_touched.c.claim, _touched.c.seq)
        return dict(driver_rows(self._connection, columns, _touched.c.claim, claims))

    def close(self) -> None:
        """Let go of them."""
        _drop(self._connection, _log, _touched, _altered)


# --- what an import has met -------------------------------------------------------------------


@dataclass(slots=True)
class Verdict:
    """What became of a claim by a table: a status, whose verdict, of which day, by which row, and whether
    that row counts as recorded already."""

    row: int
    status: str
    by: str | None
    on: str | None
    counted: bool = False


@dataclass(slots=True)
class Met:
    """A claim that rows have spoken of: whether this import made it, the day of the newest evidence in
    the table, and the verdict."""

    made: bool
    newest: date | None = None
    verdict: Verdict | None = None

    def put_back(self, newest: date | None, verdict: Verdict | None) -> None:
        """It was as these say, before a row that comes to nothing."""
        self.newest, self.verdict = newest, verdict


class Meetings:
    """Which claims an import has met, and which evidence on them from before it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._by_text = self._has_nameless()
        _make(connection, _met, _matched, _texts)
        connection.execute(CreateIndex(_by_digest))
        if self._by_text:
            self._gather_texts()

    def of(self, claims: Collection[str]) -> dict[str, Met]:
        """What rows have said of some claims, so far as they met them."""
        found: dict[str, Met] = {}
        for portion in chunks(claims):
            for row in self._connection.execute(sa.select(_met).where(_met.c.claim.in_(portion))):
                found[row.claim] = Met(row.made, row.newest, _verdict(row))
        return found

    def note(self, met: Mapping[str, Met], known: Collection[str]) -> None:
        """What rows have said of some claims; ``known`` are those of them that were met before."""
        for key in known:
            tell(self._connection, "DELETE FROM act_met WHERE claim = ?", (key,))
        rows = []
        for claim, it in met.items():
            said = it.verdict
            verdict = (said.row, said.status, said.by, said.on, said.counted) if said else (None,) * 5
            rows.append((claim, it.made, it.newest, *verdict))
        load_rows(self._connection, _met, rows)

    def verdicts(self, size: int) -> Iterator[list[tuple[str, date | None, Verdict]]]:
        """The verdicts on claims in the order of their rows, with the day of the newest evidence, so many
        at a time. To be asked for once, at the end."""
        self._connection.execute(CreateIndex(_by_row))
        last = 0
        while True:
            query = sa.select(_met).where(_met.c.row > last).order_by(_met.c.row).limit(size)
            found = [(row.claim, row.newest, _verdict(row)) for row in self._connection.execute(query)]
            if not found:
                return
            yield [(claim, newest, it) for claim, newest, it in found if it is not None]
            last = max(it.row for _, _, it in found if it is not None)

    # --- evidence -----------------------------------------------------------------------------

    def unmatched(self, evidence: Collection[str]) -> set[str]:
        """Those of some pieces that no row has met yet, and that this import did not log."""
        left = set(evidence)
        for portion in chunks(evidence):
            query = sa.select(_matched.c.evidence).where(_matched.c.evidence.in_(portion))
            left.difference_update(self._connection.scalars(query))
        return left

    def match(self, evidence: Iterable[str]) -> None:
        """Note that rows have met these pieces, or made them."""
        load_rows(self._connection, _matched, [(key,) for key in evidence])

    # --- claims without a name of their own outside -------------------------------------------

    def called(self, names: Collection[str]) -> dict[str, list[str]]:
        """The keys of claims that may be what some names mean outside, but for withdrawn ones: of this
        external id, or of this text and without any; the last of each is meant."""
        found: dict[str, list[str]] = {}
        column = t.claims.c.external_id
        for name, key in driver_rows(self._connection, (column, t.claims.c.key), column, names, _STANDING):
            found.setdefault(name, []).append(key)
        if self._by_text:
            self._find_texts(names, found)
        return {name: sorted(keys) for name, keys in found.items()}

    def _find_texts(self, names: Collection[str], found: dict[str, list[str]]) -> None:
        by_digest = {_digest(name): name for name in names}
        for portion in chunks(by_digest):
            query = (
                sa.select(_texts.c.digest, t.claims.c.key, t.claims.c.text)
                .join(t.claims, t.claims.c.key == _texts.c.claim)
                .where(_texts.c.digest.in_(portion))
            )
            for digest, key, text in self._connection.execute(query):
                if by_digest[digest] == text:
                    found.setdefault(text, []).append(key)

    def name_by_text(self, texts: Iterable[tuple[str, str]]) -> None:
        """Note the texts of new claims (text and key) that have no name outside."""
        rows = [(_digest(text), key) for text, key in texts]
        if rows:
            self._by_text = True
            load_rows(self._connection, _texts, rows)

    def _has_nameless(self) -> bool:
        return (
            self._connection.execute(sa.select(sa.literal(1)).where(_NAMELESS).limit(1)).first() is not None
        )

    def _gather_texts(self) -> None:
        """The texts of all claims that have no name outside. No index of the tracker holds them: a text
        may be longer than an index can take."""
        query = sa.select(t.claims.c.text, t.claims.c.key).where(_NAMELESS, ~t.claims.c.withdrawn)
        for rows in self._connection.execute(query.execution_options(yield_per=5000)).partitions():
            load_rows(self._connection, _texts, [(_digest(text), key) for text, key in rows])

    def close(self) -> None:
        """Let go of them."""
        _drop(self._connection, _met, _matched, _texts)


_STANDING = (~t.claims.c.withdrawn,)
_NAMELESS = sa.or_(t.claims.c.external_id.is_(None), t.claims.c.external_id == "")


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


def _verdict(row: Any) -> Verdict | None:
    return None if row.row is None else Verdict(row.row, row.status, row.by, row.on, row.counted)
