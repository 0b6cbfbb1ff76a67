"""A timestamping authority (RFC 3161) of one's own, on this machine, by OpenSSL."""

from __future__ import annotations

import shutil
import subprocess
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONFIG = """
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
subjectKeyIdentifier = hash
[stamping]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = authority
[authority]
serial = {folder}/serial
signer_cert = {folder}/authority.pem
signer_key = {folder}/authority.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


class Authority:
    """Stamps what it is sent. ``certificates`` is the file that those need who check it."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("there is no openssl on this machine to make a timestamping authority with")
        folder.mkdir()
        self.folder = folder
        self.certificates = folder / "root.pem"
        (folder / "openssl.cnf").write_text(CONFIG.format(folder=folder), "utf-8")
        (folder / "serial").write_text("01\n", "utf-8")
        self._issue("root", "root", "/CN=A root")
        self._issue("authority", "stamping", "/CN=An authority", "-CA", "root.pem", "-CAkey", "root.key")

    def _issue(self, name: str, extensions: str, subject: str, *signer: str) -> None:
        form = ("-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-config", "openssl.cnf")
        files = ("-keyout", f"{name}.key", "-out", f"{name}.pem")
        self._openssl("req", *form, *files, "-subj", subject, "-extensions", extensions, *signer)

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)

    def stamp(self, query: bytes) -> bytes:
        """The answer to a query."""
        (self.folder / "query").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query", "-out", "answer")
        return (self.folder / "answer").read_bytes()

    @contextmanager
    def serving(self, spoil: bytes | None = None) -> Iterator[str]:
        """The address at which it answers for a while; or answers with something else."""
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                query = self.rfile.read(int(self.headers["Content-Length"]))
                answer = authority.stamp(query) if spoil is None else spoil
                self.send_response(200)
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *words: object) -> None:
                """Nothing."""

        with HTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = Thread(target=server.serve_forever)
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_port}/"
            finally:
                server.shutdown()
                thread.join()
