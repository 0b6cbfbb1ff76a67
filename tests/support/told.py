"""A tracker that tests of one file start from: told once, and copied for each."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from tests.conftest import Clock
from tracker.app import open_tracker

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker


def told(empty: Path, path: Path, tell: Callable[[Tracker, Clock], None]) -> Path:
    """A database at ``path``, in which a desk has recorded what ``tell`` records."""
    shutil.copy(empty, path)
    clock = Clock()
    with open_tracker(str(path), author="desk", clock=clock) as tracker:
        tell(tracker, clock)
    return path
