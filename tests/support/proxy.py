"""A network between the program and its server, that can fail as networks do."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Self

import sqlalchemy as sa

if TYPE_CHECKING:
    from types import TracebackType


class Proxy:
    """Hands on what is said between the two. ``silent``, it takes connections and says nothing on them;
    ``closed``, it hangs up on everybody. With ``cut_on`` it hands on the words in which these bytes are,
    waits for the answer, and hangs up with it, once; then it is as ``after`` says."""

    def __init__(self, server: sa.URL) -> None:
        self._server = str(Path(str(server.query["host"])) / ".s.PGSQL.5432")
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.silent = self.closed = False
        self.cut_on = b""
        self.after = "open"
        self._connections: list[socket.socket] = []
        threading.Thread(target=self._serve, daemon=True).start()

    def url(self, url: str, **query: str) -> str:
        """The URL of a database by this way."""
        host, port = self._listening.getsockname()
        way = sa.make_url(url).difference_update_query(["host"]).set(host=host, port=port)
        return way.update_query_dict(query).render_as_string(hide_password=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listening.close()
        self.hang_up()

    def hang_up(self) -> None:
        """On everybody; whoever then calls again is somebody new."""
        connections, self._connections = self._connections, []
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                self._connections.append(client)
                if self.closed:
                    client.close()
                elif not self.silent:
                    server = socket.socket(socket.AF_UNIX)
                    server.connect(self._server)
                    self._connections.append(server)
                    for pair in ((client, server, True), (server, client, False)):
                        threading.Thread(target=self._hand_on, args=pair, daemon=True).start()

    def _hand_on(self, one: socket.socket, other: socket.socket, asking: bool) -> None:
        with suppress(OSError):
            while said := one.recv(65536):
                if self.silent:
                    continue
                if asking and self.cut_on and self.cut_on in said:
                    self._cut(one, other, said)
                    return
                other.sendall(said)
        for end in (one, other):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _cut(self, client: socket.socket, server: socket.socket, said: bytes) -> None:
        self.cut_on = b""
        self.silent = True  # the other thread gets the answer, and keeps it to itself
        server.sendall(said)
        threading.Event().wait(0.3)
        self.silent, self.closed = self.after == "silent", self.after == "closed"
        self.hang_up()
