"""Answers of the API: JSON with a tag by which it is known again, pages of lists, and what acts came to."""

from __future__ import annotations

import base64
import binascii
import json
import re
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.responses import Response

from claims.errors import BadValue
from tracker.web import headers

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from tracker.app import Tracker

T = TypeVar("T")

KIND = "application/json"


def written(value: Any) -> bytes:
    """A value as JSON, in ASCII: half a character, which JSON can hold and UTF-8 cannot, stays one."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).encode("ascii")


def tag_of(value: Any) -> str:
    """A strong tag: the same for the same bytes."""
    return f'"{sha256(written(value)).hexdigest()[:32]}"'


def answer(
    request: Request, value: Any, tag: str | None = None, *, more: dict[str, str] | None = None
) -> Response:
    """A value as the answer to a question; no more than that it is the same, to whoever has it already."""
    given = {**headers.ASK_AGAIN, **(more or {})}
    tag = tag or tag_of(value)
    given["ETag"] = tag
    if _has(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=given)
    return Response(written(value), headers=given, media_type=KIND)


def _has(given: str | None, tag: str) -> bool:
    """Whether a tag is among those of an If-None-Match header, which compares them weakly."""
    if given is None:
        return False
    tags = [each.strip().removeprefix("W/") for each in given.split(",")]
    return "*" in tags or tag.removeprefix("W/") in tags


def done(
    tracker: Tracker, record: dict[str, Any], *, made: bool = True, more: dict[str, str] | None = None
) -> Response:
    """What an act recorded, and what it changed, as the command line writes it."""
    dry = tracker.dry_run
    value = {**record, **tracker.outcome.as_json(dry_run=dry)}
    status = 201 if made and not dry and tracker.outcome.entries else 200
    given = {**headers.NEVER_KEPT, **(more or {})}
    return Response(written(value), status, headers=given, media_type=KIND)


# --- pages of lists -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list that is wanted: of which list, after which key, how many."""

    of: str
    after: str | None
    most: int

    @property
    def asked(self) -> dict[str, Any]:
        """What the application is asked: one more than is shown, to know whether there is more."""
        return {"after": self.after, "limit": self.most + 1}

    def cut(
        self, found: Sequence[T], write: Callable[[T], dict[str, Any]], place: Callable[[T], str]
    ) -> dict[str, Any]:
        """The page as it is answered, with the cursor of the next one, or null."""
        shown = found[: self.most]
        more = len(found) > self.most
        return {
            "items": [write(each) for each in shown],
            "next": cursor(self.of, place(shown[-1])) if more else None,
        }


def page(of: str, given: str | None, limit: int) -> Page:
    """The page that a cursor stands for. Raises :class:`BadValue` for one of another list, or none."""
    return Page(of, None if given is None else _after(of, given), limit)


def cursor(of: str, after: str) -> str:
    """What stands for a place in a list: not for reading, as it may be another tomorrow."""
    return base64.urlsafe_b64encode(written([of, after])).decode("ascii").rstrip("=")


def entry_after(wanted: Page) -> int:
    """The entry after which a page of the journal begins. Raises :class:`BadValue` for what is none."""
    if wanted.after is None:
        return 0
    if not re.fullmatch("[0-9]{1,18}", wanted.after):
        raise _no_cursor(wanted.after)
    return int(wanted.after)


def _no_cursor(given: str) -> BadValue:
    return BadValue(f"{given[:60]!r} is no cursor of this list", "take the one that the page before gave")


def _after(of: str, given: str) -> str:
    wrong = _no_cursor(given)
    try:
        read = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    except (ValueError, binascii.Error, RecursionError):
        raise wrong from None
    if not (isinstance(read, list) and len(read) == 2 and read[0] == of and isinstance(read[1], str)):
        raise wrong
    return read[1]


def list_tag(tracker: Tracker) -> str:
    """A weak tag of any list: of the record as it stands, of the day, as statuses age, and of the policy."""
    size, root = tracker.head()
    return f'W/"{size}-{root[:16]}-{tracker.today.isoformat()}-{tracker.policy.label}"'
