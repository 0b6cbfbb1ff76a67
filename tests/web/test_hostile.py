"""Requests that nobody sends by accident: what they name, hold or keep open is refused, and stops nobody."""

from __future__ import annotations

import asyncio
import http.client
import re
import socket
import urllib.request
from typing import TYPE_CHECKING

import pytest
from uvicorn.protocols.http.flow_control import FlowControl

from tests.support.web import HERE, bearer, client, running
from tracker.errors import Unreachable
from tracker.web.api.answers import cursor
from tracker.web.identity import MOST_OF_ONE, Identities
from tracker.web.serving import Patient

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def test_a_form_that_holds_other_letters_is_none_of_ours(web: TestClient) -> None:
    web.get("/do/claim")
    assert web.post("/do/claim", data={"form": "é", "text": "x"}).status_code == 403


@pytest.mark.parametrize("name", ["a" * 300 + ".css", "a%5cb.css", "..css", ".css"])
def test_a_file_that_cannot_be_is_not_there(web: TestClient, name: str) -> None:
    assert web.get(f"/static/{name}").status_code == 404


@pytest.mark.parametrize("after", ["²", "-1", "x", "9" * 30])
def test_a_cursor_that_was_made_up_is_refused(web: TestClient, after: str) -> None:
    refused = web.get("/api/v1/audit/entries", params={"cursor": cursor("entries", after)})
    assert (refused.status_code, refused.json()["code"]) == (422, "bad-value")


def test_a_head_that_comes_at_once_is_no_larger_either(web: TestClient) -> None:
    for given in ({"X": "a" * 40_000}, {f"X-{number}": "a" for number in range(5_000)}):
        refused = web.get("/api/v1/me", headers=given)
        assert (refused.status_code, refused.json()["code"]) == (431, "too-large")


@pytest.mark.parametrize("path", ["/claims", "/api/v1/claims"])
def test_one_may_ask_for_the_head_alone(web: TestClient, path: str) -> None:
    assert web.head(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["undo/x", "undo/9999", "undo", "resolve/x", "withdraw/x", "grade/x", "resolve", "claim/x"]
)
def test_there_is_no_form_about_what_is_not_there(web: TestClient, path: str) -> None:
    assert web.get(f"/do/{path}").status_code == 404


def test_cookies_of_other_programs_do_not_hide_ours(places: Places, newsroom: Tracker) -> None:
    """Whatever runs on this machine, at any port, leaves cookies that come here too."""
    token, _ = newsroom.add_token("amina", "reader")
    with client(places.find("newsroom"), need_token=True) as web:
        web.post("/login", data={"token": token})
        session = web.cookies["tracker"]
        web.cookies.clear()
        answered = web.get("/api/v1/me", headers={"Cookie": f'prefs={{"a": "b c"}}; tracker={session}'})
        assert answered.json()["name"] == "amina"


def test_nobody_ends_the_sessions_of_others_by_beginning_many(places: Places, newsroom: Tracker) -> None:
    mine, _ = newsroom.add_token("amina", "reader")
    theirs, _ = newsroom.add_token("ben", "reader")
    with client(places.find("newsroom"), need_token=True) as web:
        identities = web.app.state.room.identities
        first = identities.log_in(newsroom, theirs)
        kept = identities.log_in(newsroom, mine)
        for _ in range(MOST_OF_ONE):
            identities.log_in(newsroom, theirs)
        status = {
            name: web.get("/api/v1/me", headers={"Cookie": f"tracker={name}"}).status_code
            for name in (first, kept)
        }
        assert status == {first: 401, kept: 200}


def test_a_page_without_tls_is_none_of_a_desk_with_it(places: Places, newsroom: Tracker) -> None:
    token, _ = newsroom.add_token("amina", "logger")
    claim = {"text": "The bridge fell"}
    with client(places.find("newsroom"), allow_remote=True, names=("https://desk.test",)) as web:
        given = bearer(token) | {"Host": "desk.test"}
        for origin, status in (("http://desk.test", 403), ("https://desk.test", 201)):
            answered = web.post("/api/v1/claims", json=claim, headers={**given, "Origin": origin})
            assert answered.status_code == status, origin


@pytest.mark.parametrize("need_token", [False, True])
def test_where_the_database_is_is_not_told_on_the_network(
    places: Places, newsroom: Tracker, monkeypatch: pytest.MonkeyPatch, need_token: bool
) -> None:
    def fail(*_: object) -> None:
        raise Unreachable("the server of postgresql://desk@db.inside does not answer", "start it")

    monkeypatch.setattr(Identities, "person", fail)
    with client(places.find("newsroom"), need_token=need_token) as web:
        for path in ("/claims", "/api/v1/claims"):
            refused = web.get(path)
            assert refused.status_code == 503
            assert ("db.inside" in refused.text) != need_token


def test_a_tag_of_another_record_matches_nothing(web: TestClient, newsroom: Tracker) -> None:
    before = newsroom.head()
    given = {"If-Match": f'"9999-{"0" * 16}"'}
    refused = web.patch("/api/v1/claims/mayor-killed", json={"note": "x", "reason": "y"}, headers=given)
    assert (refused.status_code, refused.json()["code"]) == (412, "conflict")
    assert newsroom.head() == before


def test_the_second_who_corrects_evidence_is_told(web: TestClient, newsroom: Tracker) -> None:
    given = {"If-Match": web.get("/api/v1/claims/mayor-killed").headers["etag"]}
    newsroom.correct_evidence("mayor-killed.ministry", stance="doubts", reason="read again")
    path, body = "/api/v1/evidence/mayor-killed.ministry", {"note": "maybe", "reason": "it says so"}
    refused = web.patch(path, json=body, headers=given)
    assert refused.status_code == 412
    assert "read again" in refused.json()["changes"][0]
    gone = web.post(f"{path}/withdrawal", json={"mistake": True, "reason": "x"}, headers=given)
    assert gone.status_code == 412
    given = {"If-Match": web.get("/api/v1/claims/mayor-killed").headers["etag"]}
    assert web.patch(path, json=body, headers=given).status_code == 200


def test_the_second_who_withdraws_evidence_by_the_form_is_told(web: TestClient, newsroom: Tracker) -> None:
    path = "/do/withdraw/mayor-killed.ministry"
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', web.get(path).text))
    newsroom.correct_evidence("mayor-killed.ministry", stance="doubts", reason="read again")
    given = {**hidden, "how": "it was logged by mistake", "reason": "not his", "step": "save"}
    told = web.post(path, data=given, headers={"Origin": HERE})
    assert told.status_code == 409
    assert "read again" in told.text
    again = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', told.text))
    done = web.post(path, data={**given, **again}, headers={"Origin": HERE}, follow_redirects=False)
    assert done.status_code == 303


def test_whoever_holds_many_connections_keeps_nobody_out(newsroom: Tracker) -> None:
    """Not even those who come from the same address: of those that say nothing, the oldest end."""
    with running(newsroom.database.path) as server:
        held = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(520)]
        with urllib.request.urlopen(f"{server.address}api/v1/me", timeout=10) as answered:
            assert answered.status == 200
        for each in held:
            each.close()


def test_who_asks_for_another_protocol_is_answered_by_this_one(newsroom: Tracker) -> None:
    asked = {"Connection": "Upgrade", "Upgrade": "websocket"}
    with running(newsroom.database.path) as server:
        there = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        there.request("GET", "/api/v1/me", headers=asked)
        assert there.getresponse().status == 200
        there.close()
        _, said = server.stop()
        assert "pip install" not in said


def test_a_client_that_takes_nothing_is_left() -> None:
    """Also where all that it asked for has been handed to the system, which would go on trying for ever."""

    class Silent(asyncio.Transport):
        ended = False

        def abort(self) -> None:
            self.ended = True

    async def wait() -> list[bool]:
        told = []
        for takes in (False, True):
            connection = Patient.__new__(Patient)
            connection.loop = asyncio.get_running_loop()
            connection.transport = Silent()
            connection.send_time, connection._sending = 0.01, None
            connection.flow = FlowControl(connection.transport)
            connection.pause_writing()
            if takes:
                connection.resume_writing()
            await asyncio.sleep(0.05)
            told.append(connection.transport.ended)
        return told

    assert asyncio.run(wait()) == [True, False]
