"""Handing a record on: out of one tracker by a format, and into another."""

from __future__ import annotations

import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.conftest import Clock
from tracker.app import open_tracker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.app.taking import ImportedActs


@contextmanager
def two_trackers(empty: Path, folder: Path) -> Iterator[tuple[Tracker, Tracker]]:
    """Two empty trackers."""
    paths = [folder / name for name in ("one.db", "other.db")]
    for each in paths:
        shutil.copy(empty, each)
    with (
        open_tracker(str(paths[0]), author="ann", clock=Clock()) as one,
        open_tracker(str(paths[1]), author="ann", clock=Clock()) as other,
    ):
        yield one, other


def handed_on(one: Tracker, other: Tracker, format_: str, keys: str = "", name: str = "file") -> ImportedActs:
    """What an import came to of all that the one tracker holds."""
    written = b"".join(one.export_file(format_))
    return other.import_file(written, format_, name=name, options={"keys": keys} if keys else {})


def told(tracker: Tracker, *, only_referred: bool = False) -> list[dict[str, Any]]:
    """All that a tracker holds, as acts; or without documents and questions that no claim refers to."""
    lines = b"".join(tracker.export_file("jsonl")).decode().splitlines()
    acts: list[dict[str, Any]] = [json.loads(line) for line in lines]
    if only_referred:
        named = {act.get(name) for act in acts for name in ("document", "question")}
        acts = [act for act in acts if act["act"] not in ("document", "question") or act["key"] in named]
    return acts
