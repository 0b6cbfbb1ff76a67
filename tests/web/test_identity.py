"""Who a request is from: tokens, their roles, and whose name their acts bear."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.web import bearer, client

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

CLAIM = {"text": "The bridge fell", "kind": "event"}


@pytest.fixture
def remote(newsroom: Tracker, places: Places) -> Iterator[TestClient]:
    """A client of a server at which everybody needs a token."""
    with client(places.find("newsroom"), need_token=True) as made:
        yield made


def test_without_a_token_nobody_comes_in(remote: TestClient) -> None:
    refused = remote.get("/api/v1/claims")
    assert (refused.status_code, refused.json()["code"]) == (401, "no-token")
    assert refused.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.on_both
def test_acts_bear_the_name_of_the_tokens_owner(remote: TestClient, newsroom: Tracker) -> None:
    token, _ = newsroom.add_token("amina", "logger")
    assert remote.post("/api/v1/claims", json=CLAIM, headers=bearer(token)).status_code == 201
    assert newsroom.entries(newest=1)[0].author == "amina"


def test_a_replayed_token_is_refused_once_it_is_revoked(remote: TestClient, newsroom: Tracker) -> None:
    token, _ = newsroom.add_token("amina", "logger")
    given = bearer(token)
    assert remote.get("/api/v1/me", headers=given).json()["name"] == "amina"
    newsroom.revoke_token("amina")
    for answered in (
        remote.get("/api/v1/me", headers=given),
        remote.post("/api/v1/claims", json=CLAIM, headers=given),
    ):
        assert (answered.status_code, answered.json()["code"]) == (401, "no-token")
        assert "revoked" in answered.json()["detail"]
    assert newsroom.entries(newest=1)[0].author == "desk"


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "given", ["Bearer ", "Bearer x", "Basic YTpi", "tracker_x", "Bearer tracker_" + "A" * 43]
)
def test_a_wrong_one_is_refused_on_this_machine_too(web: TestClient, given: str) -> None:
    assert web.get("/api/v1/me", headers={"Authorization": given}).status_code == 401


WRITES = {
    "reader": ("post", "/api/v1/claims", CLAIM),
    "logger": ("post", "/api/v1/claims/mayor-killed/assessments", {"status": "confirmed", "reason": "seen"}),
}


@pytest.mark.parametrize("role", WRITES)
def test_a_role_may_do_no_more_than_it_may(remote: TestClient, newsroom: Tracker, role: str) -> None:
    method, path, body = WRITES[role]
    before = newsroom.head()
    token, _ = newsroom.add_token("amina", role)
    refused = remote.request(method, path, json=body, headers=bearer(token))
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert newsroom.head() == before
    newsroom.revoke_token("amina")
    token, _ = newsroom.add_token("amina", {"reader": "logger", "logger": "reviewer"}[role])
    assert remote.request(method, path, json=body, headers=bearer(token)).status_code == 201


def test_what_a_reviewer_did_a_logger_does_not_undo(remote: TestClient, newsroom: Tracker) -> None:
    """Whatever way leads to it: what is asked is which entries an act would make."""
    newsroom.assess("mayor-killed", "confirmed", reason="seen")
    before = newsroom.head()
    token, _ = newsroom.add_token("amina", "logger")
    refused = remote.post("/api/v1/undo", json={"reason": "no"}, headers=bearer(token))
    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")
    assert newsroom.head() == before


def test_a_logger_opens_a_case_and_does_not_say_who_judges_in_it(
    remote: TestClient, newsroom: Tracker
) -> None:
    token, _ = newsroom.add_token("amina", "logger")
    plain, ruled = {"key": "floods"}, {"key": "fires", "needs_approval": True}
    assert remote.post("/api/v1/cases", json=plain, headers=bearer(token)).status_code == 201
    assert remote.post("/api/v1/cases", json=ruled, headers=bearer(token)).status_code == 403


def test_two_people_may_call_their_requests_alike(remote: TestClient, newsroom: Tracker) -> None:
    for name in ("amina", "ben"):
        token, _ = newsroom.add_token(name, "logger")
        given = bearer(token) | {"Idempotency-Key": "1"}
        answered = remote.post("/api/v1/claims", json=CLAIM | {"key": f"of-{name}"}, headers=given)
        assert answered.status_code == 201
