"""The door: foreign names, foreign pages and foreign parts are refused before anything is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import UsageError
from tests.support.web import HERE
from tracker.web.settings import Settings

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only

CLAIM = {"text": "The bridge fell", "kind": "event"}


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "localhost:9999", "[::1]:8765", "LOCALHOST"])
def test_this_machine_is_answered(web: TestClient, host: str) -> None:
    assert web.get("/api/v1/me", headers={"Host": host}).json() == {"name": "desk", "role": "admin"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8765", "127.0.0.1.evil.example", "localhost.evil.example", "", "10.0.0.1"],
)
def test_a_foreign_name_is_not(web: TestClient, host: str) -> None:
    """A page of somebody else's may have its name point here: the browser then asks for that name."""
    refused = web.get("/api/v1/me", headers={"Host": host})
    assert (refused.status_code, refused.json()["code"]) == (421, "bad-host")


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "http://127.0.0.1:9999"},
    {"Origin": "null"},
    {"Origin": "https://127.0.0.1:8765.evil.example"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": HERE},
]


@pytest.mark.parametrize("given", FOREIGN, ids=str)
def test_a_page_of_another_site_writes_nothing(
    web: TestClient, newsroom: Tracker, given: dict[str, str]
) -> None:
    before = newsroom.head()
    refused = web.post("/api/v1/claims", json=CLAIM, headers=given)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross-site")
    assert newsroom.head() == before


@pytest.mark.parametrize("given", [{}, {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}], ids=str)
def test_a_page_of_our_own_and_a_program_do(
    web: TestClient, newsroom: Tracker, given: dict[str, str]
) -> None:
    assert web.post("/api/v1/claims", json=CLAIM, headers=given).status_code == 201
    assert newsroom.status("bridge-fell").status == "unverified"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
def test_what_a_form_of_another_site_can_send_is_no_json(web: TestClient, kind: str) -> None:
    refused = web.post(
        "/api/v1/claims", content=b'{"text": "x", "reason": "="}', headers={"Content-Type": kind}
    )
    assert refused.status_code == 415


def test_nothing_of_ours_is_a_part_of_another_page(web: TestClient) -> None:
    part = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert web.get("/api/v1/me", headers=part).status_code == 403
    assert web.get("/api/v1/me", headers=part | {"Sec-Fetch-Mode": "navigate"}).status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/me", "/nowhere", "/api/openapi.json"])
def test_every_answer_bears_its_headers(web: TestClient, path: str) -> None:
    given = web.get(path).headers
    policy = given["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "script-src 'self';" in policy
    assert given["x-content-type-options"] == "nosniff"
    assert given["referrer-policy"] == "same-origin"
    assert given["cross-origin-opener-policy"] == given["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in given


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "DELETE", "TRACE", "QUERY"])
def test_no_other_method_is_answered(web: TestClient, method: str) -> None:
    refused = web.request(method, "/api/v1/claims")
    assert refused.status_code == 405
    assert "GET" in refused.headers["allow"]


def test_there_is_no_page_that_loads_from_elsewhere(web: TestClient) -> None:
    assert {web.get(path).status_code for path in ("/docs", "/redoc", "/docs/oauth2-redirect")} == {404}


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_another_address_must_be_asked_for(host: str) -> None:
    with pytest.raises(UsageError, match="other machines") as refused:
        Settings(database="x.db", author="desk", host=host)
    assert "--allow-remote" in refused.value.hint
    assert Settings(database="x.db", author="desk", host=host, allow_remote=True).tokens_needed


def test_a_name_can_be_allowed() -> None:
    made = Settings(
        database="x.db", author="desk", host="0.0.0.0", allow_remote=True, names=("https://Desk.example.org",)
    )
    assert "desk.example.org" in made.hosts
    assert made.secure
    with pytest.raises(UsageError):
        Settings(database="x.db", author="desk", names=("a b",))
