"""The archive: the bytes of documents as they were found, each under its own SHA-256."""

from __future__ import annotations

import errno
import hashlib
import os
from pathlib import Path

from tracker import wholefile
from tracker.errors import DiskFull, ReadOnly, StoreError


def folder_for(database: Path | None) -> Path:
    """Where the documents of a tracker are kept: beside its file, else in the user's data folder."""
    if database is not None:
        return database.with_name(database.name + ".archive")
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "tracker" / "archive"


def path_of(database: Path | None, sha256: str) -> Path:
    """The file of a document."""
    return folder_for(database) / sha256[:2] / sha256


_KINDS: dict[int | None, type[StoreError]] = {
    errno.ENOSPC: DiskFull,
    errno.EACCES: ReadOnly,
    errno.EPERM: ReadOnly,
    errno.EROFS: ReadOnly,
}


def keep(database: Path | None, sha256: str, data: bytes) -> tuple[Path, bool]:
    """Keep bytes, whole or not at all; returns where, and whether they are new there. What is
    there already is left as it is."""
    path = path_of(database, sha256)
    if path.exists():
        return path, False
    try:
        wholefile.write(path, data)
    except OSError as error:
        raise _KINDS.get(error.errno, StoreError)(
            f"the document cannot be kept in {folder_for(database)} ({error.strerror or error})",
            "check the folder and the space left; nothing was recorded",
        ) from error
    return path, True


def forget(database: Path | None, sha256: str) -> None:
    """Delete the bytes of a document."""
    try:
        path_of(database, sha256).unlink(missing_ok=True)
    except OSError as error:
        raise _KINDS.get(error.errno, StoreError)(
            f"the archived document {sha256[:12]}… cannot be deleted ({error.strerror or error})",
            "check who owns the folder, then run: tracker db scrub",
        ) from error


def problem_with(database: Path | None, sha256: str) -> str | None:
    """What is wrong with a kept document, or None: it must be there and hash to its name."""
    path = path_of(database, sha256)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return f"the archived document {sha256[:12]}… is missing"
    except OSError as error:
        return f"the archived document {sha256[:12]}… cannot be read ({error.strerror or error})"
    if hashlib.sha256(data).hexdigest() != sha256:
        return f"the archived document {sha256[:12]}… was changed"
    return None
