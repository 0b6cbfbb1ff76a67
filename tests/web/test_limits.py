"""Limits: a body that is too large, whether it says so or not; too many requests; too large a page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.web import Limits, bearer, client
from tracker.web.limits import Buckets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only

JSON = {"Content-Type": "application/json"}


def pieces(count: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    for _ in range(count):
        yield b" " * 100_000


def test_a_body_that_says_it_is_too_large_is_refused(web: TestClient) -> None:
    refused = web.post("/api/v1/claims", content=b" " * 1_000_001, headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")


def test_a_body_in_pieces_is_refused_as_soon_as_it_is_too_large(web: TestClient) -> None:
    refused = web.post("/api/v1/claims", content=pieces(100), headers=JSON)
    assert (refused.status_code, refused.json()["code"]) == (413, "too-large")


@pytest.mark.parametrize("length", ["-1", "x", "1e9"])
def test_a_length_that_is_none_is_refused(web: TestClient, length: str) -> None:
    refused = web.post("/api/v1/claims", content=b"{}", headers=JSON | {"Content-Length": length})
    assert refused.status_code in (400, 413)


@pytest.mark.parametrize("limit", [0, 201, 10**30])
def test_a_page_is_no_larger_than_it_may_be(web: TestClient, limit: int) -> None:
    assert web.get(f"/api/v1/claims?limit={limit}").status_code == 422


def test_one_client_makes_no_more_requests_than_it_may(places: Places, newsroom: Tracker) -> None:
    token, _ = newsroom.add_token("amina", "reader")
    with client(places.find("newsroom"), limits=Limits(rate=0.01, burst=3)) as web:
        assert [web.get("/api/v1/me").status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = web.get("/api/v1/me")
        assert int(refused.headers["retry-after"]) > 50
        assert refused.json()["code"] == "too-many"
        # A token that nobody has found to be one counts as its address does, or one would make up many.
        assert web.get("/api/v1/me", headers=bearer(token)).status_code == 429


def test_a_token_counts_by_itself(places: Places, newsroom: Tracker) -> None:
    token, _ = newsroom.add_token("amina", "reader")
    with client(places.find("newsroom"), limits=Limits(rate=0.01, burst=3)) as web:
        assert web.get("/api/v1/me", headers=bearer(token)).status_code == 200
        assert [web.get("/api/v1/me").status_code for _ in range(3)] == [200, 200, 429]
        assert web.get("/api/v1/me", headers=bearer(token)).status_code == 200


def test_requests_are_won_back_with_time() -> None:
    now = 0.0
    buckets = Buckets(rate=2, burst=2, clock=lambda: now)
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]
    assert buckets.take("b") == 0
    now = 0.5
    assert [buckets.take("a") for _ in range(2)] == [0, 1]
    now = 60.0
    assert [buckets.take("a") for _ in range(3)] == [0, 0, 1]


def test_work_that_takes_too_long_is_given_up(
    places: Places, newsroom: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    from threading import Event

    from tracker.app import Tracker as Desk

    go_on = Event()
    monkeypatch.setattr(Desk, "head", lambda self: (go_on.wait(10), (0, ""))[1])
    with client(places.find("newsroom"), limits=Limits(answer_time=0.1)) as web:
        refused = web.get("/api/v1/audit/head")
        assert (refused.status_code, refused.json()["code"]) == (503, "timeout")
        assert web.get("/api/v1/me").status_code == 200
        go_on.set()
