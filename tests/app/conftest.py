"""What the tests of the application begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.pasts import tell_lives

if TYPE_CHECKING:
    from tests.conftest import Clock
    from tracker.app import Tracker


@pytest.fixture
def lives(tracker: Tracker, clock: Clock) -> Tracker:
    """A death and a sign of life that moves it, and other people's claims; then all is changed around."""
    return tell_lives(tracker, clock)
