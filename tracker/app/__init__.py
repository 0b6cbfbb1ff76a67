"""The application: one function per act and one per question, over one open tracker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tracker.app.tracker import Tracker, create_tracker, open_tracker

__all__ = ["Tracker", "create_tracker", "open_tracker"]


def __getattr__(name: str) -> Any:
    # Loaded on first use: who only asks a question needs little of what all acts need.
    if name in __all__:
        from tracker.app import tracker

        return getattr(tracker, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
