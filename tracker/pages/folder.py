"""A folder of files that is there whole or not at all: built beside its place, and moved there at the end."""

from __future__ import annotations

import errno
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from claims.errors import BadFile
from tracker.errors import DiskFull, ReadOnly

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MARK = ".tracker-report"
"""The file by which a folder is known to be an earlier report."""

_BUILT, _OLD = ".partial", ".old"


@contextmanager
def replaced(folder: Path, *, force: bool = False, kept: Iterable[Path] = ()) -> Iterator[Path]:
    """An empty folder to build in, which takes the place of ``folder`` once all is written; where anything
    goes wrong before, what was there stays, and nothing is left of the new. ``kept`` are files and folders
    that no report may take the place of.

    Raises :class:`BadFile` for a place that holds something else than an earlier report, unless told to
    ``force`` it, and for one that is, holds or lies in what is ``kept``, whatever one is told;
    :class:`DiskFull` where there is no room, and :class:`ReadOnly` where nothing can be written.
    """
    place = folder.resolve()
    _check_kept(place, folder, kept)
    _check(place, folder, force=force)
    built = _beside(place, _BUILT)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        _restore(place)
        shutil.rmtree(built, ignore_errors=True)
        built.mkdir()
        (built / MARK).write_text("Made by tracker report. What is in this folder is replaced by the next.\n")
        yield built
        _move(built, place)
    except OSError as error:
        words = f"the report cannot be written to {folder} ({error.strerror or error})"
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(words, "free some space, or choose another place; what was there stays") from error
        raise ReadOnly(words, "choose another place") from error
    finally:
        shutil.rmtree(built, ignore_errors=True)


def _check_kept(place: Path, named: Path, kept: Iterable[Path]) -> None:
    for each in kept:
        own = each.resolve()
        if place == own or place in own.parents:
            raise BadFile(f"{named} holds {each} of this tracker, which would be lost", "name another folder")
        if own in place.parents:
            raise BadFile(f"{named} is within {each} of this tracker", "name another folder")


def _check(place: Path, named: Path, *, force: bool) -> None:
    home, here = Path.home().resolve(), Path.cwd()
    if place in (home, *home.parents, here, *here.parents):
        raise BadFile(f"{named} is a folder that one stands in, and would be replaced", "name one within it")
    if not place.exists():
        return
    if not place.is_dir():
        raise BadFile(f"{named} is a file", "name a folder for the report")
    try:
        known = force or (place / MARK).is_file() or next(place.iterdir(), None) is None
    except OSError as error:
        raise BadFile(
            f"{named} cannot be read ({error.strerror or error})", "choose another place"
        ) from error
    if not known:
        raise BadFile(
            f"{named} is not empty, and no earlier report",
            "name another folder; to replace what is in it: --force",
        )


def _beside(place: Path, ending: str) -> Path:
    return place.with_name(f".{place.name}.{os.getpid()}{ending}")


def _move(built: Path, place: Path) -> None:
    """Put what was built in its place: of two names that are changed, one after the other, a crash between
    leaves the earlier report beside it, which the next build finds."""
    old = _beside(place, _OLD)
    if place.exists():
        place.rename(old)
    try:
        built.rename(place)
    except OSError:
        if old.exists():
            old.rename(place)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _restore(place: Path) -> None:
    """Bring an earlier report back that a crash left beside its place, and clear what else one left."""
    for ending in (_OLD, _BUILT):
        for left in sorted(place.parent.glob(f".{_escaped(place.name)}.*{ending}")):
            if _is_of_a_running_build(left, ending):
                continue
            if ending == _OLD and not place.exists():
                left.rename(place)
            else:
                shutil.rmtree(left, ignore_errors=True)


def _escaped(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)


def _is_of_a_running_build(path: Path, ending: str) -> bool:
    """Whether the process that a folder is named after runs still, as far as can be told."""
    number = path.name.removesuffix(ending).rpartition(".")[2]
    if not number.isdigit() or os.name != "posix":
        return True
    with suppress(OverflowError, PermissionError):
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            return False
    return int(number) != os.getpid()
