"""Damages a tracker's files at random, and counts what is noticed: ``python -m tests.support.damage``."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import tempfile
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from claims.errors import NotFound
from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.newsroom import furnish
from tracker.app import create_tracker, open_tracker
from tracker.errors import AuditBroken, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker

EXTRAS = ("", "-wal", "-shm", ".lock")


@dataclass(frozen=True)
class Sound:
    """A tracker's files as bytes, by what follows the name of the database; and what they hold."""

    files: dict[str, bytes]
    entries: int
    tables: dict[str, list[tuple[object, ...]]]


def at_rest(folder: Path) -> Sound:
    """A furnished newsroom that nobody has open."""
    path = folder / "sound.db"
    with create_tracker(str(path), author="desk", clock=Clock()) as tracker:
        furnish(tracker)
        held, entries = dump(tracker), len(tracker.entries())
    return Sound(_read(path), entries, held)


def in_use(folder: Path) -> Sound:
    """A furnished newsroom whose program was killed, so that its newest entries are only in the
    write-ahead log."""
    path = folder / "used.db"
    create_tracker(str(path), author="desk", clock=Clock()).close()
    pid = os.fork()
    if pid == 0:
        tracker = open_tracker(str(path), author="desk", clock=Clock())
        furnish(tracker)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(pid, 0)
    files = _read(path)
    with open_tracker(str(path), author="desk", clock=Clock()) as tracker:
        return Sound(files, len(tracker.entries()), dump(tracker))


def _read(path: Path) -> dict[str, bytes]:
    return {extra: Path(f"{path}{extra}").read_bytes() for extra in EXTRAS if Path(f"{path}{extra}").exists()}


def put(sound: Sound, path: Path, **changed: bytes | None) -> None:
    """Lay the files down, but for those that are given otherwise (None: left out)."""
    for extra in EXTRAS:
        place = Path(f"{path}{extra}")
        data = changed.get(extra.strip("-.") or "db", sound.files.get(extra))
        if data is None:
            place.unlink(missing_ok=True)
        else:
            place.write_bytes(data)


def look(path: Path, sound: Sound) -> str:
    """What a user meets who works with the damaged tracker, in a word: "refused" by the program,
    "found" by its audit, "silent" where something is not as it was and nothing said so, else "whole"."""
    try:
        with open_tracker(str(path), author="desk", clock=Clock()) as tracker:
            use(tracker)
            if tracker.audit().problems or tracker.check_database().exit_status:
                return "found"
            return "whole" if dump(tracker) == sound.tables else "silent"
    except (StoreError, AuditBroken) as error:
        assert error.message
        assert error.hint
        return "refused"


def use(tracker: Tracker) -> None:
    """Ask a few things."""
    tracker.statuses()
    with suppress(NotFound):  # when entries are lost, so are the claims that they recorded
        tracker.why("mayor-killed")
    tracker.search("mayor")
    tracker.doctor()


def flipped(data: bytes, chance: random.Random) -> bytes:
    """One bit is another one."""
    damaged = bytearray(data)
    damaged[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def cut(data: bytes, chance: random.Random) -> bytes:
    """The end is missing."""
    return data[: chance.randrange(len(data))]


def flip_the_file(folder: Path, times: int, chance: random.Random) -> Counter[str]:
    """One bit of the database file."""
    sound = at_rest(folder)
    return _tried(folder, sound, times, lambda: {"db": flipped(sound.files[""], chance)})


def flip_the_log(folder: Path, times: int, chance: random.Random) -> Counter[str]:
    """One bit of the write-ahead log."""
    sound = in_use(folder)
    return _tried(folder, sound, times, lambda: {"wal": flipped(sound.files["-wal"], chance), "shm": None})


def cut_the_log(folder: Path, times: int, chance: random.Random) -> Counter[str]:
    """The write-ahead log cut at any byte."""
    sound = in_use(folder)
    return _tried(folder, sound, times, lambda: {"wal": cut(sound.files["-wal"], chance), "shm": None})


def lose_the_log(folder: Path, times: int, chance: random.Random) -> Counter[str]:
    """The write-ahead log deleted."""
    return _tried(folder, in_use(folder), min(times, 3), lambda: {"wal": None, "shm": None})


def copy_the_file_alone(folder: Path, times: int, chance: random.Random) -> Counter[str]:
    """The database file copied elsewhere, without what lies beside it."""
    return _tried(folder, in_use(folder), min(times, 3), lambda: {"wal": None, "shm": None, "lock": None})


KINDS = (flip_the_file, flip_the_log, cut_the_log, lose_the_log, copy_the_file_alone)


def _tried(
    folder: Path, sound: Sound, times: int, damage: Callable[[], dict[str, bytes | None]]
) -> Counter[str]:
    found: Counter[str] = Counter()
    for _ in range(times):
        path = folder / "damaged.db"
        put(sound, path, **damage())
        found[look(path, sound)] += 1
        shutil.rmtree(f"{path}.archive", ignore_errors=True)
    return found


def main() -> None:
    """Damage in every way, and print how often it was noticed."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.damage", description=__doc__)
    parser.add_argument("--times", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    words = ("refused", "found", "whole", "silent")
    print(f"{'':<42}{'times':>7}" + "".join(f"{word:>9}" for word in words))
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as folder:
            found = kind(Path(folder), asked.times, random.Random(asked.seed))
        title = (kind.__doc__ or "").rstrip(".")
        print(f"{title[:41]:<42}{found.total():>7}" + "".join(f"{found[word]:>9}" for word in words))


if __name__ == "__main__":
    main()
