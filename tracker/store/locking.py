"""Writers of a SQLite file take turns at a lock beside it, which also remembers how far the journal had come.

SQLite's own lock has no line: of eight writers one waited for seconds while another had hundreds of
turns. So whoever writes first takes a lock of the operating system on ``newsroom.db.lock``. The
system lets go of it when its holder ends, however that happens, so it is never stale. The database
file itself is never opened here: closing it would drop the locks that SQLite holds on it.
"""

from __future__ import annotations

import errno
import os
import re
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import Locked, ReadOnly, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

LENGTH = 120
"""Bytes of the file: always written whole and in one piece."""
LINE = re.compile(r"(\d+) ([0-9a-f]{64}|-) (\d+) *\n")
EMPTY = (0, "-")

_NO_LOCKS_HERE = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP}
"""What file systems say that know no locks; SQLite's own then has to do."""


def lock_path(database: Path) -> Path:
    """The lock beside a database, the same by whatever links the database is reached."""
    return Path(f"{os.path.realpath(database)}.lock")


@dataclass(slots=True)
class Turn:
    """A turn at writing: while it lasts, no other tracker writes to this database."""

    handle: int
    head: tuple[int, str] = EMPTY

    @property
    def remembered(self) -> tuple[int, str] | None:
        """The size and root (hex) of the journal after the last turn; None where nothing is known."""
        return _known(self.head)

    def remember(self, head: tuple[int, str] | None) -> None:
        """Keep the size and root (hex) of the journal, once they are committed: written down as the turn
        ends."""
        self.head = head or EMPTY

    def write(self, writer: int) -> None:
        """Put down how far the journal has come, and which process is writing (0: none)."""
        line = f"{self.head[0]} {self.head[1]} {writer}".ljust(LENGTH - 1) + "\n"
        with suppress(OSError):  # a full disk, somebody else's file: only the memory is lost
            os.lseek(self.handle, 0, os.SEEK_SET)
            os.write(self.handle, line.encode("ascii"))


@contextmanager
def turn(database: Path, name: str, patience: float, lock: Path | None = None) -> Iterator[Turn]:
    """Wait for a turn at writing, at most ``patience`` seconds; Ctrl-C is heard meanwhile.

    ``name`` is what messages call the database; ``lock`` is what :func:`lock_path` says of it, where that is
    known: all links must be followed for it. Raises :class:`Locked` where the turn does not come, and
    :class:`ReadOnly` where the lock cannot be made.
    """
    path = lock or lock_path(database)
    handle = _open(path, database, name)
    if not (_take(handle) or _wait(handle, patience)):
        raise locked(name, _read(path)[1])
    os.lseek(handle, 0, os.SEEK_SET)
    taken = Turn(handle, _said(os.read(handle, LENGTH))[0])
    try:
        taken.write(os.getpid())
        yield taken
    finally:
        taken.write(0)
        _release(handle)


def remembered(database: Path) -> tuple[int, str] | None:
    """The size and root (hex) of the journal after the last turn; None where nothing is known."""
    return _known(_read(lock_path(database))[0])


def _known(head: tuple[int, str]) -> tuple[int, str] | None:
    return None if head == EMPTY else head


def locked(name: str, writer: int = 0) -> Locked:
    """The error of a writer whose turn did not come."""
    program = f"another program (process {writer})" if writer else "another program"
    return Locked(
        f"{program} is writing to {name} and did not finish in time",
        "try again; if it lasts, find the program that keeps the file open",
    )


def _read(path: Path) -> tuple[tuple[int, str], int]:
    """What the file says: the head of the journal, and who is writing."""
    try:
        return _said(path.read_bytes())
    except OSError:
        return EMPTY, 0


def _said(text: bytes) -> tuple[tuple[int, str], int]:
    found = LINE.fullmatch(text[:LENGTH].decode("ascii", "replace"))
    return ((int(found[1]), found[2]), int(found[3])) if found else (EMPTY, 0)


def _open(path: Path, database: Path, name: str) -> int:
    """The lock file, made where it is missing, for everybody who may write the database."""
    flags = getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    try:
        try:
            return os.open(path, os.O_RDWR | flags)
        except FileNotFoundError:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o666)
            if hasattr(os, "fchmod"):
                with suppress(OSError):  # the umask of one must not shut out the others
                    os.fchmod(handle, database.stat().st_mode & 0o666)
            return handle
        except PermissionError:
            return os.open(path, os.O_RDONLY | flags)  # a lock needs no more than that
    except OSError as error:
        kind = ReadOnly if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) else StoreError
        raise kind(
            f"the lock that writers of {name} take turns at cannot be made ({error.strerror or error})",
            f"check who owns the folder {path.parent}, and whether the disk is full or mounted read-only",
        ) from error


if sys.platform == "win32":
    import msvcrt

    FAR = 1 << 30
    """Beyond the text: what is locked there cannot be read."""

    def _take(handle: int) -> bool:
        os.lseek(handle, FAR, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

    def _wait(handle: int, patience: float) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            time.sleep(0.01)
            if _take(handle):
                return True
        os.close(handle)
        return False

    def _release(handle: int) -> None:
        os.lseek(handle, FAR, os.SEEK_SET)
        with suppress(OSError):
            msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)
        os.close(handle)

else:
    import fcntl

    def _take(handle: int) -> bool:
        """The lock, if it is free."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError as error:
            if error.errno not in _NO_LOCKS_HERE:
                raise
        return True

    def _wait(handle: int, patience: float) -> bool:
        """Stand in the system's line for the lock. A thread does, since nothing ends that wait early;
        it closes the handle of whoever has left."""
        waiter = _Waiter(handle)
        waiter.start()
        try:
            waiter.got.wait(patience)
        except BaseException:  # Ctrl-C: nobody will use the turn that may just have come
            if waiter.leave():
                _release(handle)
            raise
        return waiter.leave()

    class _Waiter(threading.Thread):
        """Waits for the lock, and lets go of it at once if nobody waits for it any more."""

        def __init__(self, handle: int) -> None:
            super().__init__(name="waiting for a turn", daemon=True)
            self.handle = handle
            self.got = threading.Event()
            self._left = False
            self._guard = threading.Lock()

        def run(self) -> None:
            with suppress(OSError):
                fcntl.flock(self.handle, fcntl.LOCK_EX)
            with self._guard:
                self.got.set()
                if self._left:
                    _release(self.handle)

        def leave(self) -> bool:
            """Wait no longer; returns whether the lock has been got."""
            with self._guard:
                self._left = True
                return self.got.is_set()

    def _release(handle: int) -> None:
        with suppress(OSError):  # also for children that were forked meanwhile, and have it open too
            fcntl.flock(handle, fcntl.LOCK_UN)
        os.close(handle)
