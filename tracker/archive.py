"""The archive: the bytes of documents as they were found, each under its own SHA-256."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from tracker.errors import StoreError


def folder_for(database: Path | None) -> Path:
    """Where the documents of a tracker are kept: beside its file, else in the user's data folder."""
    if database is not None:
        return database.with_name(database.name + ".archive")
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(home) / "tracker" / "archive"


def path_of(database: Path | None, sha256: str) -> Path:
    """The file of a document."""
    return folder_for(database) / sha256[:2] / sha256


def keep(database: Path | None, sha256: str, data: bytes) -> Path:
    """Keep bytes, whole or not at all. What is there already is left as it is."""
    path = path_of(database, sha256)
    if path.exists():
        return path
    partial = path.with_name(f"{sha256}.{os.getpid()}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"the document cannot be kept in {folder_for(database)} ({error.strerror or error})",
            "check the folder and the space left; nothing was recorded",
        ) from error
    return path


def problem_with(database: Path | None, sha256: str) -> str | None:
    """What is wrong with a kept document, or None: it must be there and hash to its name."""
    path = path_of(database, sha256)
    if not path.exists():
        return f"the archived document {sha256[:12]}… is missing"
    if hashlib.sha256(path.read_bytes()).hexdigest() != sha256:
        return f"the archived document {sha256[:12]}… was changed"
    return None
