"""Clients that are slow, or break off: each is given up on after a time, and none keeps others waiting."""

from __future__ import annotations

import http.client
import json
import socket
import time
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from tests.support.web import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.web import Running
    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

MANY = 60


@pytest.fixture
def server(tracker: Tracker) -> Iterator[Running]:
    with running(tracker.database.path, "--patience", "1") as started:
        yield started


def answered(server: Running) -> float:
    """For how many seconds a good client waits for its answer."""
    began = time.monotonic()
    there = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    there.request("GET", "/api/v1/me")
    assert json.load(there.getresponse())["name"] == "desk"
    there.close()
    return time.monotonic() - began


BEGINNINGS = {
    "says nothing": b"",
    "half a head": b"GET /api/v1/me HTTP/1.1\r\nHost: 127",
    "half a body": b"POST /api/v1/claims HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
    b"Content-Length: 100\r\n\r\n{",
    "half a body in pieces": b"POST /api/v1/claims HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
    b"application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
    "a second head, half": b"GET /api/v1/me HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET /api/v1/me HT",
}


@pytest.mark.parametrize("how", BEGINNINGS)
def test_slow_ones_are_given_up_on_and_keep_nobody_waiting(server: Running, how: str) -> None:
    with ExitStack() as stack:
        slow = [
            stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=20))
            for _ in range(MANY)
        ]
        for each in slow:
            each.sendall(BEGINNINGS[how])
        assert answered(server) < 5
        for each in slow:
            while each.recv(65_536):  # until the server ends it
                pass
    assert answered(server) < 5


def test_one_that_breaks_off_has_recorded_nothing(server: Running, tracker: Tracker) -> None:
    body = b'{"text": "The bridge fell"}'
    for cut in range(0, len(body), 5):
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as there:
            there.sendall(
                b"POST /api/v1/claims HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                + f"Content-Length: {len(body)}\r\n\r\n".encode()
                + body[:cut]
            )
    answered(server)
    assert tracker.head() == (0, "")


@pytest.mark.parametrize(
    "nonsense",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\n\r\n",
        b"GET /api/v1/me HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\n\r\n",
        b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /api/v1/claims HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n",
    ],
)
def test_nonsense_is_refused(server: Running, nonsense: bytes) -> None:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as there:
        there.sendall(nonsense)
        said = there.recv(65_536)
    assert not said or said.split(b" ", 2)[1][:1] == b"4", said[:200]
    assert answered(server) < 5
