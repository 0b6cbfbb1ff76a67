"""What hardly ever changes, and every act asks for: read once, for as long as a writer says that it is so.

Which entities were merged, whether anything is linked or judged, by which terms cases go, what is known of a
source: each is one question less in every act. Nothing is remembered on a connection but between
:func:`remember` and its end.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from sqlalchemy.engine import Connection

    Found = TypeVar("Found")

Remembered = dict[object, Any]
"""What was read, by what was asked."""

_HELD = "tracker_remembered"

ROOM = 50_000
"""So many things are held at most, in some tens of megabytes."""

FEW = 100
"""Of more records at once none is held: they would not be asked for again soon."""

CHANGING_NOTHING = frozenset(
    {
        *("evidence.logged", "evidence.corrected", "evidence.withdrawn", "evidence.restored"),
        *("document.recorded", "document.revised", "document.archived"),
    }
)
"""Acts after which all that is remembered is still so."""


def remember(connection: Connection, held: Remembered) -> Callable[[], None]:
    """From here on, take from ``held`` what is in there, and put there what is read. What is returned ends
    that, also after the connection was lost."""
    if len(held) > ROOM:
        held.clear()
    info = connection.info
    info[_HELD] = held

    def forget() -> None:
        info.pop(_HELD, None)

    return forget


def changed(connection: Connection) -> None:
    """Something has changed: what was read is read anew when it is asked for again."""
    held = connection.info.get(_HELD)
    if held:
        held.clear()


def once(connection: Connection, asked: object, read: Callable[[], Found]) -> Found:
    """What ``read`` gives, or gave when the same was asked before; nobody may alter it."""
    held: Remembered | None = connection.info.get(_HELD)
    if held is None:
        return read()
    if asked not in held:
        held[asked] = read()
    found: Found = held[asked]
    return found


def each_once(
    connection: Connection, what: str, keys: Collection[str], read: Callable[[list[str]], dict[str, Found]]
) -> dict[str, Found]:
    """The same for records of some keys, of which those that are not there are left out."""
    held: Remembered | None = connection.info.get(_HELD)
    if held is None or len(keys) > FEW:
        return read(list(keys))
    if missing := unknown(connection, what, keys):
        found = read(missing)
        held.update(((what, key), found.get(key)) for key in missing)
    return {key: there for key in keys if (there := held[what, key]) is not None}


def unknown(connection: Connection, what: str, keys: Collection[str]) -> list[str]:
    """The keys of which :func:`each_once` is going to read something."""
    held: Remembered | None = connection.info.get(_HELD)
    if held is None or len(keys) > FEW:
        return list(keys)
    return [key for key in keys if (what, key) not in held]
