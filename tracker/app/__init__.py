"""The application: one function per act and one per question, over one open tracker."""

from tracker.app.tracker import Tracker, create_tracker, open_tracker

__all__ = ["Tracker", "create_tracker", "open_tracker"]
