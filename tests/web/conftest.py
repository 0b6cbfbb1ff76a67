"""Servers of a small newsroom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.newsroom import furnish
from tests.support.web import client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.conftest import Clock
    from tests.support.places import Places
    from tracker.app import Tracker


@pytest.fixture
def newsroom(begun) -> Tracker:
    """A tracker with two sources, a mayor, and two claims about him."""

    def tell(tracker: Tracker, clock: Clock) -> None:
        furnish(tracker)

    return begun("newsroom", tell)


@pytest.fixture
def web(newsroom: Tracker, places: Places) -> Iterator[TestClient]:
    """A client on this machine, who needs no token."""
    with client(places.find("newsroom")) as made:
        yield made
