"""The application: journal, store, casebooks, reports and the command line over the claims domain.

``create_tracker`` and ``open_tracker`` give a :class:`Tracker`: every act and every question that
the command line has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.app import Tracker, create_tracker, open_tracker

__version__ = "0.1.0"
__all__ = ["Tracker", "__version__", "create_tracker", "open_tracker"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: `--help` needs no store, and to load one takes much longer than to print it.
    if name in {"Tracker", "create_tracker", "open_tracker"}:
        from tracker import app

        return getattr(app, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
