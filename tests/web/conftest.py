"""Servers of a small newsroom."""

from __future__ import annotations

from pathlib import Path
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


QUICK = {
    "test_a_foreign_name_is_not",
    "test_another_address_must_be_asked_for",
    "test_requests_are_won_back_with_time",
    "test_a_replayed_token_is_refused_once_it_is_revoked",
    "test_a_body_in_pieces_is_refused_as_soon_as_it_is_too_large",
    "test_the_second_who_revises_a_claim_is_told_what_changed",
    "test_a_form_without_what_ours_hold_records_nothing",
    "test_an_archived_file_is_a_download_in_a_sandbox",
    "test_it_waits_for_an_hour",
    "test_no_file_of_the_server_can_be_named",
    "test_what_befell_another_record_of_the_same_key_does_not_matter",
}
"""Tests that stand for the others where slow ones are left out: each begins with a server of its own."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave all but a few of this folder's to the slow tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents and item.originalname not in QUICK:
            item.add_marker(pytest.mark.slow)


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
