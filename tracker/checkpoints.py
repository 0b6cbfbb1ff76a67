"""Checkpoints on disk: one file for each size of the journal, beside the database, never changed."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tracker import wholefile
from tracker.errors import AuditBroken, BadProof, ReadOnly
from tracker.journal.notes import Note, read_checkpoint, read_note

if TYPE_CHECKING:
    from tracker.journal.notes import Checkpoint

MOST_BYTES = 1_000_000
"""No checkpoint with sixteen signatures is larger."""

ENDING = ".checkpoint"
STAMP = ".tsr"
"""What is added to the name of a checkpoint for the timestamp on it."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint and the file that it was read from. Its signatures are not verified."""

    path: Path
    note: Note
    checkpoint: Checkpoint


def folder_for(database: Path | None, name: str) -> Path:
    """Where the checkpoints of a tracker are kept: beside its file, else in the user's data folder."""
    if database is not None:
        return database.with_name(database.name + ".checkpoints")
    home = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    words = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return Path(home) / "tracker" / "checkpoints" / words


def read(path: Path) -> Kept:
    """The checkpoint in a file. Raises :class:`BadProof` where it holds none."""
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES)
    except OSError as error:
        raise BadProof(
            f"the checkpoint {path} cannot be read ({error.strerror or error})", "check the path"
        ) from error
    try:
        note = read_note(data)
        return Kept(path, note, read_checkpoint(note.text))
    except BadProof as error:
        raise BadProof(f"{path.name}: {error.message}", error.hint) from error


def files(folder: Path) -> list[Path]:
    """The files of kept checkpoints, by size."""
    return sorted(folder.glob(f"*{ENDING}")) if folder.is_dir() else []


def keep(folder: Path, note: Note) -> Path:
    """Keep a checkpoint under the name of its size; returns where.

    One that is there already is left as it is where it says the same; where only the signer is
    another, the signature is added. Raises :class:`AuditBroken` where it says something else.
    """
    head = read_checkpoint(note.text)
    path = folder / f"{head.size:012}{ENDING}"
    if path.exists():
        there = read(path).note
        if there.text != note.text:
            raise AuditBroken(
                f"another checkpoint of {head.size} entries was signed before: {path}",
                "the journal was changed since: tracker audit verify; then restore a backup",
            )
        added = tuple(each for each in note.signatures if each not in there.signatures)
        if not added:
            return path
        note = Note(there.text, there.signatures + added)
    write(path, str(note).encode())
    return path


def write(path: Path, data: bytes) -> None:
    """Write a file, whole or not at all. Raises :class:`ReadOnly` where that cannot be done."""
    try:
        wholefile.write(path, data)
    except OSError as error:
        raise ReadOnly(
            f"{path} cannot be written ({error.strerror or error})", "choose another place"
        ) from error
