"""``tracker serve`` as it is started and stopped: a process of its own, on loopback."""

from __future__ import annotations

import http.client
import json
import socket
import urllib.request
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import on
from tests.support.web import running

if TYPE_CHECKING:
    from tests.support.places import Places
    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]  # it starts processes


def test_it_says_where_it_is_answers_and_stops(newsroom: Tracker) -> None:
    with running(newsroom.database.path, "--as", "amina") as server:
        assert server.address.startswith("http://127.0.0.1:")
        with urllib.request.urlopen(f"{server.address}api/v1/me") as answered:
            assert json.load(answered) == {"name": "amina", "role": "admin"}
            assert answered.headers["server"] is None
        status, said = server.stop()
        assert (status, said.splitlines()[-1]) == (0, "stopped"), said


def test_it_stops_also_while_somebody_is_half_way(newsroom: Tracker) -> None:
    begun = "POST /api/v1/claims HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    with running(newsroom.database.path) as server, ExitStack() as stack:
        here = ("127.0.0.1", server.port)
        half = [stack.enter_context(socket.create_connection(here, timeout=20)) for _ in range(3)]
        half[0].sendall(b"GET /claims HT")
        half[1].sendall(f"{begun}Content-Length: 100\r\n\r\n{{".encode())
        urllib.request.urlopen(f"{server.address}api/v1/me").close()
        status, said = server.stop()
        assert (status, "stopped" in said.splitlines(), "Traceback" in said) == (0, True, False), said
        assert half[1].recv(100).startswith(b"HTTP/1.1 503 ")


def test_a_port_that_is_taken_is_said(newsroom: Tracker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = on(newsroom).process("serve", "--port", port)
    assert done.returncode == 4
    assert done.stderr.splitlines()[0] == (
        f"error[conflict]: port {port} of 127.0.0.1 is in use by another program"
    )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("--host", "0.0.0.0"), 2, "can be reached from other machines"),
        (("--host", "0.0.0.0", "--allow-remote"), 4, "there is none that holds"),
        (("--need-token",), 4, "there is none that holds"),
        (("--host", "192.0.2.1", "--allow-remote"), 4, "there is none that holds"),
        (("--allow-host", "a b"), 2, "is no name of a host"),
    ],
)
def test_what_is_not_safe_is_refused(
    newsroom: Tracker, words: tuple[str, ...], status: int, said: str
) -> None:
    done = on(newsroom).run("serve", *words)
    assert (done.returncode, said in done.stderr) == (status, True), done.stderr


def test_from_other_machines_everybody_needs_a_token(newsroom: Tracker) -> None:
    token, _ = newsroom.add_token("amina", "reader")
    words = ("--host", "0.0.0.0", "--allow-remote", "--allow-host", "desk.test")
    with running(newsroom.database.path, *words) as server:
        for host, given, status in (
            ("desk.test", {}, 401),
            ("desk.test", {"Authorization": f"Bearer {token}"}, 200),
            ("evil.test", {"Authorization": f"Bearer {token}"}, 421),
            ("127.0.0.1", {"Authorization": f"Bearer {token}"}, 200),
        ):
            there = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
            there.request("GET", "/api/v1/me", headers={"Host": host, **given})
            assert there.getresponse().status == status, host
            there.close()
        newsroom.revoke_token("amina")
        there = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        there.request("GET", "/api/v1/me", headers={"Authorization": f"Bearer {token}"})
        assert there.getresponse().status == 401
        there.close()


def test_what_it_needs_is_only_loaded_to_serve(places: Places) -> None:
    from tests.cli.test_startup import loaded_by

    assert not loaded_by("serve", "--help") & {"fastapi", "starlette", "uvicorn", "jinja2", "sqlalchemy"}
