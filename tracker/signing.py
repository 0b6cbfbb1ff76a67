"""Private keys on disk: made once, read by their owner alone, and never in a database."""

from __future__ import annotations

import os
import re
import secrets
from hashlib import sha256
from typing import TYPE_CHECKING

from tracker.errors import BadProof, NoKey, ReadOnly
from tracker.journal.notes import SigningKey, check_name, read_signing_key

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES = 10_000
"""No key file is larger."""

OTHERS = 0o077
"""The permissions that a private key gives nobody."""

MAKE_HINT = "make one with: tracker audit key NAME, such as newsroom.example/claims"


def key_path(folder: Path, database: str) -> Path:
    """The file, in the user's own folder, of the key that signs for a database. It is filed by where
    the database is, so that no other journal is ever signed under its name."""
    words = re.sub(r"[^a-z0-9]+", "-", database.rpartition("/")[2].lower()).strip("-")[:40]
    return folder / "keys" / f"{words}-{sha256(database.encode()).hexdigest()[:12]}.key"


def make_key(path: Path, name: str) -> SigningKey:
    """Make a key of a name and keep it in a new file that only its owner can read.

    Raises :class:`NoKey` where there is a file already: a key is never replaced, since what it
    signed can then be proved by nobody.
    """
    key = SigningKey(check_name(name), secrets.token_bytes(32))
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(key.written() + "\n")
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError as error:
        raise NoKey(
            f"there is a key at {path} already",
            "use it (tracker audit key --show), or move it away to a place where it is kept",
        ) from error
    except OSError as error:
        raise ReadOnly(
            f"the key cannot be written to {path} ({error.strerror or error})", "choose another with --out"
        ) from error
    return key


def load_key(path: Path) -> SigningKey:
    """The key in a file. Raises :class:`NoKey` where there is none or others can read it, and
    :class:`BadProof` where the file holds something else."""
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            data = file.read(MOST_BYTES)
    except FileNotFoundError as error:
        raise NoKey(f"there is no key at {path}", MAKE_HINT) from error
    except OSError as error:
        raise NoKey(
            f"the key at {path} cannot be read ({error.strerror or error})", "check the path"
        ) from error
    if os.name == "posix" and mode & OTHERS:
        raise NoKey(
            f"the private key at {path} can be read or changed by others",
            f"if nobody has: chmod 600 {path}; otherwise make another, and say so where you publish it",
        )
    try:
        return read_signing_key(data.decode())
    except UnicodeDecodeError as error:
        raise BadProof(f"{path} holds no private key", "restore it from a copy") from error
