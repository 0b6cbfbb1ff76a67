"""One entry of the journal: what was done, to what, by whom, when, and why."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

from tracker.journal.canonical import NUL, SAFE_INTEGER, canonical, plain_text, quoted
from tracker.journal.merkle import leaf_hash
from tracker.journal.strict import read_json

if TYPE_CHECKING:
    from datetime import date

_FIELDS = frozenset({"act", "author", "batch", "payload", "reason", "recorded_at", "seq", "subject"})
_OPTIONAL = frozenset({"received", "request"})
"""Fields that are left out of the bytes where they say nothing."""
_FORMS: dict[str, type] = {"batch": int, "seq": int, "payload": dict, "received": dict, "request": dict}
"""What is no text among the fields of an entry."""


@dataclass(frozen=True, slots=True)
class Redacted:
    """That the text of an entry is gone: the number of the entry that says why, and the hash (hex)
    of the text that was there."""

    by: int
    leaf: str


@dataclass(frozen=True)
class Entry:
    """An act as it was recorded.

    ``seq`` counts from 1 without gaps; ``batch`` is the seq of the first entry of the same
    transaction; ``recorded_at`` is UTC with microseconds, and never before that of the entry
    before; ``subject`` is the key of what was acted on; ``payload`` what was recorded of it.

    ``request`` is on the first entry of a transaction whose caller named it, so that a second try
    is known to be one: ``id`` is the caller's name for it, ``digest`` the SHA-256 (hex) of what it
    asked for. ``received`` is on an entry that came out of another journal: ``origin`` and ``seq``
    say where it stands there, ``leaf`` is its hash there, ``recorded_at`` when it was recorded
    there, ``by`` who brought it in here; ``author`` is then who acted there.

    ``redacted`` is of one that only stands in for an entry whose text is gone.
    """

    seq: int
    batch: int
    recorded_at: str
    author: str
    act: str
    subject: str
    reason: str
    payload: dict[str, Any]
    request: dict[str, Any] | None = None
    received: dict[str, Any] | None = None
    redacted: Redacted | None = None

    @property
    def fields(self) -> dict[str, Any]:
        """All that it says, by name, in the order of the canonical bytes."""
        said = {name: getattr(self, name) for name in _FIELDS}
        said |= {name: getattr(self, name) for name in _OPTIONAL if getattr(self, name) is not None}
        return dict(sorted(said.items()))

    @cached_property
    def body(self) -> bytes:
        """The canonical bytes: what is stored and what is hashed; none are left of a redacted one."""
        if self.redacted is not None:
            return b""
        plain = self._plain()
        return canonical(self.fields) if plain is None else plain[1]

    def sealed(self) -> tuple[str, bytes]:
        """The canonical bytes as text, and their hash as a leaf, for the journal; neither is kept here."""
        if self.redacted is None and (plain := self._plain()) is not None:
            text, body = plain
            return text, leaf_hash(body)
        return self.body.decode("utf-8"), self.leaf

    def _plain(self) -> tuple[str, bytes] | None:
        """The canonical text and bytes of an entry as nearly all are, with the fields in their places
        already; None where there is more to it, or something wrong with it."""
        if self.request is not None or self.received is not None:
            return None
        payload = plain_text(self.payload)
        if payload is None or not 0 <= max(self.seq, self.batch) < SAFE_INTEGER:
            return None
        before, behind = _around(self.act, self.author, self.batch, self.reason, self.recorded_at)
        text = f'{before}{payload}{behind}{self.seq},"subject":{quoted(self.subject)}}}'
        if NUL in text:
            return None
        try:
            return text, text.encode("utf-8")
        except UnicodeEncodeError:
            return None

    @cached_property
    def leaf(self) -> bytes:
        """The RFC 6962 leaf hash of the canonical bytes (32 bytes); of a redacted entry, that of the
        bytes that were there."""
        return leaf_hash(self.body) if self.redacted is None else bytes.fromhex(self.redacted.leaf)

    @classmethod
    def from_body(cls, body: bytes) -> Entry:
        """The entry that stored bytes hold. Raises ``ValueError`` when they hold none."""
        data = read_json(body)
        if not isinstance(data, dict) or data.keys() - _OPTIONAL != _FIELDS:
            raise ValueError("the fields are not those of a journal entry")
        for name, value in data.items():
            if type(value) is not _FORMS.get(name, str):
                raise ValueError(f"the {name} of an entry cannot be {value!r:.40}")
        return cls(**data)


@lru_cache(maxsize=64)
def _around(act: str, author: str, batch: int, reason: str, recorded_at: str) -> tuple[str, str]:
    """What stands before the payload of an entry and behind it, up to its number: the same for all entries
    of an act that do the same."""
    before = f'{{"act":{quoted(act)},"author":{quoted(author)},"batch":{batch},"payload":'
    return before, f',"reason":{quoted(reason)},"recorded_at":{quoted(recorded_at)},"seq":'


def timestamp(moment: datetime) -> str:
    """A moment as the journal writes it: UTC, microseconds, ``Z``; it sorts as text."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


@lru_cache(maxsize=1024)
def moment(text: str) -> datetime:
    """The moment that the journal wrote. Raises ``ValueError`` for any other text."""
    if not _MOMENT.fullmatch(text):
        raise ValueError(f"{text!r:.40} is no moment as the journal writes it")
    return datetime.fromisoformat(text)


_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d\.\d{6}Z", re.ASCII)
"""Much else can be read as a moment too, and 24 o'clock by some versions of Python."""


@lru_cache(maxsize=1024)
def day_of(text: str) -> date:
    """The day (UTC) of a moment that the journal wrote; all entries of an act bear the same."""
    return moment(text).date()
