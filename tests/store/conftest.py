"""What several tests of the store on a server begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.members import Newsroom

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import Databases


@pytest.fixture(scope="module")
def room(postgres: Databases) -> Iterator[Newsroom]:
    made = Newsroom(postgres)
    yield made
    made.close()


@pytest.fixture
def own_names(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.delenv("TRACKER_AUTHOR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
