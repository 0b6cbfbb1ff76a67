"""The most memory that processes have held: of this one, and of the second one that helps it."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.helper import Helper

if TYPE_CHECKING:
    from collections.abc import Callable


def most_of(pid: int | None = None) -> int:
    """The most bytes that a process has held at once: this one, or another that still runs, of which only
    Linux says it (elsewhere 0). What the system counts for processes that have ended is of no use: one
    that was just started is for a moment its parent."""
    try:
        status = Path(f"/proc/{pid or 'self'}/status").read_text("ascii")
    except OSError:
        if pid is not None:
            return 0
        unit = 1 if sys.platform == "darwin" else 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    found = re.search(r"VmHWM:\s*(\d+) kB", status)
    return int(found[1]) * 1024 if found else 0


def watch_helpers() -> Callable[[], int]:
    """From here on note how much each second process holds before it is ended; what is returned tells the
    most of any."""
    held = [0]
    end = Helper.end

    def noted(helper: Helper) -> None:
        if helper.pid is not None:
            held.append(most_of(helper.pid))
        end(helper)

    Helper.end = noted  # type: ignore[method-assign]
    return lambda: max(held)
