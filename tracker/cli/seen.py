"""What each user was last shown of each claim: a small file of theirs, for ``tracker assess``.

It is a help and no more: where it cannot be read or written, nothing is remembered, and whoever judges
a claim that others judged is asked to look once more.
"""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from tracker import wholefile
from tracker.cli.options import state_folder

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.app.judged import Seen

MOST = 2_000
"""Claims that are remembered of one record: those that were looked at with the newest entries."""


def recall(tracker: Tracker) -> None:
    """Tell a tracker what its author was shown at earlier times."""
    tracker.remembered = _read(_file(tracker))


def remember(tracker: Tracker) -> None:
    """Keep what a tracker has shown its author."""
    if not tracker.shown:
        return
    with suppress(Exception):  # whatever it is, the command has done what was asked of it
        path = _file(tracker)
        known = _read(path) | tracker.sights()
        newest = sorted(known.items(), key=lambda item: item[1][0])[-MOST:]
        text = json.dumps({"of": _name(tracker), "by": tracker.author, "claims": dict(newest)})
        wholefile.write(path, text.encode("utf-8"))


def _read(path: Path) -> dict[str, Seen]:
    try:
        claims: Any = json.loads(path.read_bytes())["claims"]
        return {str(key): (int(entry), str(leaf)) for key, (entry, leaf) in claims.items()}
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _file(tracker: Tracker) -> Path:
    """One file for each record and author: others of the same machine have looked at other things."""
    named = sha256(f"{_name(tracker)}\n{tracker.author}".encode("utf-8", "surrogatepass")).hexdigest()
    return state_folder() / "tracker" / "seen" / f"{named[:32]}.json"


def _name(tracker: Tracker) -> str:
    path = tracker.database.path
    return tracker.database.name if path is None else str(path.resolve())
