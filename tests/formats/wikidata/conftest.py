"""A tracker whose people, places and sources are those of Wikidata, or are not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.wikidata import SANDBOX

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """A tracker that knows a person of Wikidata, and two papers, one of which has an item."""
    tracker.add_entity("Ada Example", key="ada", type="person", wikidata=SANDBOX)
    tracker.add_entity("Harbour Town", key="town", type="place", wikidata="Q100")
    tracker.add_entity("The guard", key="guard", type="group", wikidata="Q200")
    tracker.add_source("The Gazette", key="gazette", type="outlet", reliability="B", note="Wikidata: Q300")
    tracker.add_source("Harbour Post", key="post", type="outlet", reliability="B")
    tracker.add_source("The court", key="court", type="court", reliability="A", note="Wikidata: Q400")
    return tracker
