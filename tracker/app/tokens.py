"""Tokens with roles: who may come in over the network, and what they may do there.

A token is 256 bits of chance, so that its SHA-256 is kept and nothing slower: it cannot be guessed, and
whoever reads the table cannot come in by it. Tokens are no part of the record and leave no entry; what is
done by one is recorded under its owner's name.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from claims.errors import Ambiguous, BadValue, Conflict, NotFound
from tracker.app.desk import Desk
from tracker.app.limits import check_texts, need_words
from tracker.errors import NoToken
from tracker.journal.entry import timestamp
from tracker.store import tokens as store

if TYPE_CHECKING:
    from collections.abc import Iterable

READER, LOGGER, REVIEWER, ADMIN = "reader", "logger", "reviewer", "admin"
ROLES = (READER, LOGGER, REVIEWER, ADMIN)
"""What the owner of a token may be, each with all that the one before may do."""

BEGINNING = "tracker_"
"""What every token begins with, so that programs that look for secrets in files know one."""

BYTES = 32
"""Chance in a token, in bytes."""

SHOWN = 8
"""Digits of the hash that a token is called by in lists."""

LONGEST_NAME = 100
"""Characters of an owner's name."""

_FORM = re.compile(BEGINNING + r"[A-Za-z0-9_-]{43}")
_SPAN = re.compile(r"(\d{1,4})\s*(h|d|hours?|days?)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token as it is known here: ``id`` is what lists call it, ``owner`` whose name its acts bear; moments
    are those of the journal."""

    id: str
    owner: str
    role: str
    made_at: str
    made_by: str
    expires_at: str | None = None
    revoked_at: str | None = None

    def state(self, now: str) -> str:
        """Whether it holds at a moment: live, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "live"


def may(role: str, needed: str) -> bool:
    """Whether a role suffices where another is needed."""
    return ROLES.index(role) >= ROLES.index(needed)


class TokenActs(Desk):
    """Making, listing, revoking and recognising tokens."""

    def add_token(self, owner: str, role: str, *, expires: str | None = None) -> tuple[str, Token]:
        """Make a token; returns it as its owner must keep it, for it can never be shown again, and as it is
        known here. ``expires`` is the last day on which it holds, or how long it does: "30 days".

        Raises :class:`BadValue` for what is no role, no name, or no time to come.
        """
        name = need_words(owner, "the owner of a token")
        if len(name) > LONGEST_NAME:
            raise BadValue(f"{name[:60]!r}… cannot own a token", f"use {LONGEST_NAME} characters at most")
        check_texts({"owner": name}, "", self.author)
        if role not in ROLES:
            raise BadValue(f"{role!r} is no role", f"the roles are: {', '.join(ROLES)}")
        secret = BEGINNING + secrets.token_urlsafe(BYTES)
        row = {
            "digest": _digest(secret),
            "owner": name,
            "role": role,
            "made_at": timestamp(self.now),
            "made_by": self.author,
            "expires_at": None if expires is None else timestamp(self._end(expires)),
            "revoked_at": None,
        }
        if not self.dry_run:
            with self.database.writing() as connection:
                store.add(connection, row)
        return secret, _token(row)

    def tokens(self, *, live: bool = False) -> list[Token]:
        """All tokens, in the order in which they were made; or those that are ``live``."""
        with self.database.reading() as connection:
            found = [_token(row) for row in store.read(connection)]
        now = timestamp(self.now)
        return [token for token in found if not live or token.state(now) == "live"]

    def revoke_token(self, named: str) -> list[Token]:
        """Make the tokens of an owner, or the one of an id, hold no longer, from this moment on; returns
        them. Raises :class:`NotFound`, and :class:`Conflict` where none of them holds as it is."""
        with self.database.writing() as connection:
            rows = store.read(connection)
            now = timestamp(self.now)
            meant = [row for row in rows if _is_named(row, named, rows)]
            if not meant:
                raise NotFound(f"there is no token of {named!r}", "see what there is: tracker token list")
            live = [row for row in meant if _token(row).state(now) == "live"]
            if not live:
                raise Conflict(f"no token of {named} holds any more", "see: tracker token list")
            if not self.dry_run:
                store.revoke(connection, [row["digest"] for row in live], now)
        return [_token({**row, "revoked_at": now}) for row in live]

    def bearer(self, secret: str) -> Token:
        """Whose a token is. Raises :class:`NoToken` for one that is unknown, expired or revoked."""
        hint = "ask whoever keeps this tracker for another: tracker token add NAME --role ROLE"
        digest = _digest(secret)
        row = None
        if _FORM.fullmatch(secret):
            with self.database.reading() as connection:
                row = store.find(connection, digest)
        # The index has compared hashes already; that tells nobody anything of a token.
        if row is None or not hmac.compare_digest(row["digest"], digest):
            raise NoToken("this token is not known here", hint)
        found = _token(row)
        state = found.state(timestamp(self.now))
        if state != "live":
            raise NoToken(f"this token is {state}", hint)
        return found

    def _end(self, text: str) -> datetime:
        """The moment from which on a token does not hold: the end of a day, or some time from now."""
        hint = 'give a day to come, or a span: --expires 2027-06-30, --expires "30 days"'
        if span := _SPAN.fullmatch(text.strip()):
            unit = "hours" if span[2].lower().startswith("h") else "days"
            end = self.now + timedelta(**{unit: int(span[1])})
        else:
            read = self.read_date(text, "expires")
            if read is None or read.latest is None:
                raise BadValue(f"{text!r} has no end", hint)
            end = datetime.combine(read.latest + timedelta(days=1), time(), self.now.tzinfo)
        if end <= self.now:
            raise BadValue(f"{text!r} is over", hint)
        return end


def as_json(it: Token, now: str) -> dict[str, Any]:
    """A token as programs read it; what comes in by it is never among it."""
    return {
        "id": it.id,
        "owner": it.owner,
        "role": it.role,
        "state": it.state(now),
        "made_at": it.made_at,
        "made_by": it.made_by,
        "expires_at": it.expires_at,
        "revoked_at": it.revoked_at,
    }


def _digest(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _token(row: store.Row) -> Token:
    kept = {name: row[name] for name in ("owner", "role", "made_at", "made_by", "expires_at", "revoked_at")}
    return Token(id=row["digest"][:SHOWN], **kept)


def _is_named(row: store.Row, named: str, rows: Iterable[store.Row]) -> bool:
    """Whether a token is meant by the name of its owner or, where nobody is called so, by its id."""
    if any(each["owner"] == named for each in rows):
        return bool(row["owner"] == named)
    if not re.fullmatch(f"[0-9a-f]{{{SHOWN},64}}", named):
        return False
    if sum(each["digest"].startswith(named) for each in rows) > 1:
        raise Ambiguous(f"several tokens begin with {named}", "revoke them by the name of their owner")
    return bool(row["digest"].startswith(named))
