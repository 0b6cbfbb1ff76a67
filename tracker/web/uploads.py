"""Files that come in over the network: kept outside the record until their form is saved."""

from __future__ import annotations

import hashlib
import re
import secrets
import shutil
import threading
import time
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePath
from tempfile import mkdtemp
from typing import TYPE_CHECKING, BinaryIO

from claims.errors import BadValue
from tracker.web.problems import Refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import Scope

LASTS = 3600.0
"""Seconds that a file waits for its form."""

MOST_OF_ONE = 10
"""Files of one person that wait; of more, their oldest goes, so that nobody drives out those of others."""

AT_ONCE = 2
"""Files that one person may be sending at one time."""

PORTION = 1_000_000

FORM_KIND = "multipart/form-data"
BYTES_KIND = "application/octet-stream"

TO_DOCUMENT = re.compile(r"/api/v1/documents/[^/]+/file")
"""The path to which a program sends the bytes of a document."""

_WITH = ((re.compile(r"/do/evidence/.+"), FORM_KIND), (TO_DOCUMENT, BYTES_KIND))
"""The paths that take files, and as what: only there a body may be as large as a file."""

LONGEST_NAME = 200
"""Bytes of a file's name, in UTF-8: what all systems have room for."""


def kind_of(scope: Scope) -> str:
    """What a request says that its body is, without the parameters."""
    found = [value for name, value in scope["headers"] if name == b"content-type"]
    return found[0].decode("latin-1").partition(";")[0].strip().lower() if len(found) == 1 else ""


def brings_file(scope: Scope) -> bool:
    """Whether a request may bring a file: by where it goes, and what it says that it is."""
    if scope["method"] != "POST":
        return False
    kind = kind_of(scope)
    return any(kind == wanted and path.fullmatch(scope["path"]) for path, wanted in _WITH)


def harmless(name: str) -> str:
    """A person's name for a file as one that systems have room for: no folder, no sign that cannot be seen,
    nothing that hides it; the ending stays."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    plain = "".join("_" if _is_unsafe(sign) else sign for sign in last).strip(" .")
    path = PurePath(plain or "file")
    ending = path.suffix if len(path.suffix.encode()) <= LONGEST_NAME // 4 else ""
    room = LONGEST_NAME - len(ending.encode())
    stem = plain.removesuffix(ending).encode()[:room].decode("utf-8", "ignore")
    return f"{stem.rstrip(' .') or 'file'}{ending}"


def _is_unsafe(sign: str) -> bool:
    kind = unicodedata.category(sign)
    return sign in '<>:"|?*' or kind[0] == "C" or kind in ("Zl", "Zp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A file that waits for its form: what it is called, its size in bytes, its SHA-256 (hex), and where its
    bytes are."""

    name: str
    size: int
    sha256: str
    path: Path

    @property
    def asked(self) -> dict[str, str]:
        """What it is of a request: the same file sent again is the same."""
        return {"name": self.name, "sha256": self.sha256}


@dataclass(frozen=True, slots=True)
class _Kept:
    owner: str
    until: float
    file: Waiting


class Uploads:
    """Keeps what people send, each in a folder of its own under a name that nobody can guess, where only who
    sent it finds it. It is no part of the record, and all of it is gone with the server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._folder: Path | None = None
        self._kept: dict[str, _Kept] = {}
        self._sending: dict[str, int] = {}

    @contextmanager
    def turn(self, owner: str) -> Iterator[None]:
        """While a file is being received. Raises :class:`Refusal` where somebody sends too many at once."""
        with self._guard:
            if self._sending.get(owner, 0) >= AT_ONCE:
                raise Refusal(
                    429,
                    "too-many",
                    f"{owner} is sending {AT_ONCE} files already",
                    "wait until they are here",
                )
            self._sending[owner] = self._sending.get(owner, 0) + 1
        try:
            yield
        finally:
            with self._guard:
                self._sending[owner] -= 1
                if not self._sending[owner]:
                    del self._sending[owner]

    def keep(self, owner: str, name: str, data: BinaryIO) -> str:
        """Keep a file that was received; returns the name under which its sender finds it."""
        made = secrets.token_urlsafe(24)
        path = self._own_folder() / made / harmless(name)
        path.parent.mkdir(mode=0o700)
        digest, size = hashlib.sha256(), 0
        try:
            with path.open("wb") as file:
                while portion := data.read(PORTION):
                    digest.update(portion)
                    size += len(portion)
                    file.write(portion)
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        kept = Waiting(name=path.name, size=size, sha256=digest.hexdigest(), path=path)
        with self._guard:
            own = [each for each, it in self._kept.items() if it.owner == owner]
            for each in own[: max(0, len(own) + 1 - MOST_OF_ONE)]:
                self._remove(each)
            self._kept[made] = _Kept(owner, self._clock() + LASTS, kept)
        self.clear_old()
        return made

    def find(self, owner: str, name: str) -> Waiting:
        """A file that waits. Raises :class:`BadValue` where it is gone, or somebody else's."""
        self.clear_old()
        with self._guard:
            found = self._kept.get(name)
        if found is None or found.owner != owner:
            raise BadValue(
                "the file that was chosen is not here any more: it waits for an hour", "choose it again"
            )
        return found.file

    def drop(self, name: str) -> None:
        """Let go of a file."""
        with self._guard:
            self._remove(name)

    def clear_old(self) -> None:
        """Let go of what has waited long enough."""
        with self._guard:
            for name in [each for each, it in self._kept.items() if it.until <= self._clock()]:
                self._remove(name)

    def close(self) -> None:
        """Let go of everything."""
        with self._guard:
            self._kept.clear()
            if self._folder is not None:
                shutil.rmtree(self._folder, ignore_errors=True)
                self._folder = None

    def _own_folder(self) -> Path:
        """The folder that this server alone has, and nobody else reads."""
        with self._guard:
            if self._folder is None:
                self._folder = Path(mkdtemp(prefix="tracker-files-"))
            return self._folder

    def _remove(self, name: str) -> None:
        found = self._kept.pop(name, None)
        if found is not None:
            shutil.rmtree(found.file.path.parent, ignore_errors=True)
