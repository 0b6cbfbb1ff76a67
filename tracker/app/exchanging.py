"""Sharing: the whole journal as a file, and another desk's journal taken in."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from claims.errors import BadValue
from claims.keys import check_key
from tracker.app.claiming import ClaimActs
from tracker.journal import exchange
from tracker.journal.merkle import EMPTY_ROOT
from tracker.journal.notes import read_checkpoint, read_note
from tracker.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tracker.app.foreign import EntryFinding
    from tracker.journal.notes import VerifierKey


@dataclass(slots=True)
class Received:
    """What taking in another journal came to. ``read``: its entries; ``recorded``: those that were
    new here; ``known``: those that said nothing new; ``conflicts``: those that were not taken in."""

    origin: str
    root: str
    read: int = 0
    recorded: int = 0
    known: int = 0
    conflicts: list[EntryFinding] = field(default_factory=list)


class ExchangeActs(ClaimActs):
    """Exporting and importing journals."""

    def export_journal(self, *, origin: str | None = None, checkpoint: str | None = None) -> Iterator[str]:
        """The whole journal as the lines of a file that verifies on its own (see
        :mod:`tracker.journal.exchange`). ``origin`` is what this journal is called; without it, the
        beginning of the hash of its first entry, which no other journal has. With a ``checkpoint`` (a
        signed note) the file ends where that does, whatever was recorded since."""
        with self.reading() as reader:
            size, root = journal.read_head(reader.connection) or (0, EMPTY_ROOT.hex())
            if checkpoint is not None:
                head = read_checkpoint(read_note(checkpoint).text)
                size, root = head.size, head.root.hex()
            rows = journal.read_stored(reader.connection, until=size)
            if origin is None:
                first = journal.first_leaf(reader.connection)
                origin = f"journal-{first[:12]}"
            yield from exchange.lines(rows, origin=origin, size=size, root=root, checkpoint=checkpoint)

    def import_journal(
        self,
        data: bytes,
        *,
        name: str = "journal",
        renamed: Mapping[str, str] | None = None,
        key: VerifierKey | None = None,
    ) -> Received:
        """Take in another desk's journal: what is new here, in its order, under the names of those who
        recorded it, each entry with where it came from.

        What both hold is known, by the entry itself or by what it says, and not recorded again; what
        they hold differently is listed and left as it is here, with all that hangs on it. A second
        import records nothing. ``renamed`` leads from keys there to the keys to give them here. ``key`` must
        have signed the checkpoint in the file; without it nobody is asked who sent it.

        Raises :class:`BadFile` for what is no journal, :class:`AuditBroken` for one that does not
        verify, and :class:`BadProof` where the key did not sign it; nothing is recorded then.
        """
        from tracker.app.receiving import Receiving  # for those alone who exchange

        for new in (renamed or {}).values():
            check_key(new)
        sent = exchange.read(data, name)
        if key is not None:
            exchange.vouched(sent, key, name)
        if unknown := sorted(
            set(renamed or {}) - {each.entry.subject for each in sent.entries if each.entry}
        ):
            raise BadValue(f"{name} has nothing with the key {unknown[0]!r}", "see its entries")
        with self.act(asked={"journal": sha256(data).hexdigest(), "renamed": dict(renamed or {})}) as act:
            receiving = Receiving(self, act, sent, renamed or {})
            for each in sent.entries:
                receiving.take(each)
        return Received(
            origin=sent.origin,
            root=sent.root,
            read=len(sent.entries),
            recorded=receiving.recorded,
            known=receiving.known,
            conflicts=receiving.conflicts,
        )
