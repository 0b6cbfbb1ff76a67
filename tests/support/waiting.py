"""Claims that are still to be resolved: an act left them, and nobody carries on."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tracker.app import catching_up
from tracker.store import pending

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tracker.app import Tracker


@contextmanager
def nobody_carries_on() -> Iterator[None]:
    """Whatever acts touch within is left to be resolved."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catching_up, "AT_ONCE", 0)
        patch.setattr(catching_up, "carry_on", lambda *_: None)
        yield


def waiting(tracker: Tracker) -> int:
    """How many claims are still to be resolved."""
    with tracker.reading() as reader:
        return pending.count(reader.connection)
