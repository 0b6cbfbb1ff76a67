"""Replay: the acts of a journal told again."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from tracker.app.replay import retold
from tracker.store import copies
from tracker.store.database import Database

if TYPE_CHECKING:
    from pathlib import Path

PAST = date(2019, 5, 30)


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_a_journal_is_told_again_the_same_with_columns_and_without(
    demo_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = Database(str(demo_database))
    try:
        with database.reading() as source, retold(source, None, PAST) as short:
            monkeypatch.setattr("tracker.app.replay.SHORT", 0)
            with retold(source, None, PAST) as long:
                assert copies.differences(short, long) == []
    finally:
        database.close()
