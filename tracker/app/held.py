"""Evidence on plain claims held until it is asked for once more: some in memory, what is more in a file.

To read it from the database again takes far longer.
"""

from __future__ import annotations

from contextlib import suppress
from hashlib import sha256
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from claims.resolve.plain import PlainFacts


class Held:
    """What plain claims rest on, by the keys of these claims: of so many pieces of evidence (``room``) in
    memory, of others in a file that has no name and ends with this. Where nothing can be written nothing more
    is held. Without any room nothing is."""

    def __init__(self, room: int = 0) -> None:
        self._room = room
        self._holding = room > 0
        self._here: dict[bytes, PlainFacts] = {}
        # By a hash of the keys of the claims: these themselves would take as much room as all the rest.
        self._written: dict[bytes, tuple[int, int]] = {}
        self._file: IO[bytes] | None = None
        self._end = 0

    def put(self, claims: Collection[str], facts: PlainFacts) -> None:
        """Hold what some claims rest on, as far as their statuses do."""
        if not self._holding:
            return
        short, slot = facts.in_short(), _hash_of(claims)
        if len(facts.pieces.claim) <= self._room:
            self._room -= len(facts.pieces.claim)
            self._here[slot] = short
        else:
            try:
                self._write(slot, short)
            except OSError:  # a full disk, or none: it is read again
                self._holding = False

    def no_more(self) -> None:
        """Hold nothing besides what is held: nothing will be asked for once more that was not."""
        self._holding = False

    def take(self, claims: Collection[str]) -> PlainFacts | None:
        """What claims rest on that was held, once."""
        if not self._here and not self._written:
            return None
        slot = _hash_of(claims)
        if slot in self._here:
            return self._here.pop(slot)
        place = self._written.pop(slot, None)
        with suppress(OSError):
            return None if place is None else self._read(*place)
        return None

    def forget(self) -> None:
        """Hold nothing of what was held."""
        self._here, self._written = {}, {}

    def _write(self, slot: bytes, facts: PlainFacts) -> None:
        import pickle  # of no use to most acts
        from tempfile import TemporaryFile
        from weakref import finalize

        packed = pickle.dumps(facts, pickle.HIGHEST_PROTOCOL)
        if self._file is None:
            self._file = TemporaryFile(prefix="tracker-")  # noqa: SIM115 - it ends with this
            finalize(self, self._file.close)
        self._file.seek(self._end)
        self._file.write(packed)
        self._file.flush()
        self._written[slot] = self._end, len(packed)
        self._end += len(packed)

    def _read(self, begin: int, size: int) -> PlainFacts:
        import pickle

        assert self._file is not None
        self._file.seek(begin)
        facts: PlainFacts = pickle.loads(self._file.read(size))  # noqa: S301 - written by this program
        return facts


def _hash_of(keys: Collection[str]) -> bytes:
    return sha256("\0".join(sorted(keys)).encode("utf-8", "surrogatepass")).digest()
