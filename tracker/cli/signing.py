"""Which key signs the checkpoints of a tracker, where they go, and the one after an act."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from tracker.cli.options import config_path, configured

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.proving import Signer

checkpoints_option = click.option(
    "--checkpoints",
    metavar="DIR",
    help="Where checkpoints are kept (default: beside the database).",
)


def key_file(tracker: Tracker) -> Path:
    """The file of the key that signs for a tracker: ``TRACKER_KEY``, else the config file's
    ``signing_key``, else the one that ``tracker audit key`` made for it."""
    from tracker.signing import key_path

    named = os.environ.get("TRACKER_KEY") or configured("signing_key")
    if named:
        return Path(named).expanduser()
    path = tracker.database.path
    name = tracker.database.name if path is None else str(path.resolve())
    return key_path(config_path().parent, name)


def signer(tracker: Tracker, folder: str | None, *, needed: bool = False) -> Signer | None:
    """Who signs for a tracker; None where it has no key, unless one is needed.

    Raises :class:`NoKey` for a key that is needed and is not there, or that others can read.
    """
    from tracker.app.proving import Signer
    from tracker.signing import load_key

    path = key_file(tracker)
    named = bool(os.environ.get("TRACKER_KEY") or configured("signing_key"))
    if not needed and not named and not path.exists():
        return None
    place = folder or os.environ.get("TRACKER_CHECKPOINTS") or configured("checkpoints")
    return Signer(load_key(path), Path(place).expanduser() if place else tracker.checkpoint_folder)


def checkpoint_after(tracker: Tracker, by: Signer | None, *, aside: bool = False) -> Path | None:
    """Keep the checkpoint that follows an import, a publication or an export, and say where;
    ``aside``, on standard error, where standard output is taken."""
    kept = tracker.checkpoint_after(by)
    if kept is not None:
        from tracker.cli.failing import plain

        click.echo(plain(f"checkpoint: {kept}"), err=aside)
    return kept
