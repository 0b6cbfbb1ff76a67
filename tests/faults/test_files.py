"""Damaged, missing and misplaced files: an error that says what is wrong, or an audit that finds it."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from claims.errors import ClaimsError
from tests.conftest import Clock
from tests.support import damage
from tests.support.newsroom import change, furnish
from tracker.app import open_tracker
from tracker.app.tracker import upgrade_tracker
from tracker.errors import AuditBroken, ReadOnly, SchemaNew, StoreError
from tracker.store import schema
from tracker.store.tables import PROJECTED, metadata, source_records

if TYPE_CHECKING:
    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]  # it opens many trackers

SAVED = Path(__file__).parents[1] / "data" / "schemas"
forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="the program that is killed is forked")


@pytest.fixture
def newsroom(tracker: Tracker, tmp_path: Path) -> Path:
    furnish(tracker)
    tracker.close()
    return tmp_path / "newsroom.db"


def test_a_bit_flipped_anywhere_is_noticed_or_changes_nothing(tmp_path: Path) -> None:
    found = damage.flip_the_file(tmp_path, 200, random.Random(2026))
    assert found["silent"] == 0
    assert found["refused"] + found["found"] >= 10


@forks
@pytest.mark.parametrize("kind", [damage.flip_the_log, damage.cut_the_log, damage.lose_the_log])
def test_what_the_log_had_is_missed(tmp_path: Path, kind: object) -> None:
    found = kind(tmp_path, 30, random.Random(2026))
    assert found["silent"] == 0
    assert found["whole"] == 0


@forks
def test_a_copy_without_its_log_is_an_older_state_and_cannot_say_so(tmp_path: Path) -> None:
    """Only what was kept elsewhere can: a checkpoint, or the memory beside the database."""
    used = damage.in_use(tmp_path)
    damage.put(used, tmp_path / "copy.db", wal=None, shm=None, lock=None)
    with open_tracker(str(tmp_path / "copy.db")) as copy:
        assert copy.audit().ok
        assert len(copy.entries()) < used.entries


def test_a_log_that_is_deleted_under_a_running_program(newsroom: Path) -> None:
    log = Path(f"{newsroom}-wal")
    with open_tracker(str(newsroom), author="desk", clock=Clock()) as running:
        running.add_source("Radio Mopti")
        log.unlink()
        with open_tracker(str(newsroom), author="desk", clock=Clock()) as other:
            try:
                other.add_source("Radio Gao")
            except (AuditBroken, StoreError) as error:
                assert error.hint
            else:
                assert [entry.subject for entry in other.entries()][-2:] == ["radio-mopti", "radio-gao"]


@pytest.mark.parametrize("table", sorted(metadata.tables))
def test_a_table_that_is_missing(newsroom: Path, table: str) -> None:
    change(newsroom, "PRAGMA foreign_keys = OFF", f"DROP TABLE {table}")
    with open_tracker(str(newsroom), author="desk", clock=Clock()) as tracker:
        found = tracker.check_database()
        assert any(f"the table {table} is missing" in problem for problem in found.file)
        assert found.exit_status == 6
        for act in (damage.use, lambda t: t.log("mayor-killed", source="rebels", stance="denies")):
            try:
                act(tracker)
            except ClaimsError as error:
                assert error.hint
        if table in {each.name for each in (*PROJECTED, source_records)}:
            tracker.rebuild()
            assert tracker.audit().problems == ()


def restored(version: str, path: Path) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((SAVED / f"{version}.sql").read_text("utf-8"))
    return path


def test_an_upgrade_that_stopped_half_way_is_said_and_changes_nothing(tmp_path: Path) -> None:
    """As another program would leave it: ours leaves all of it or nothing."""
    path = restored("0002", tmp_path / "old.db")
    change(path, "CREATE TABLE journal_nodes (level INTEGER)")
    with pytest.raises(StoreError, match="journal_nodes already exists") as caught:
        upgrade_tracker(str(path))
    assert caught.value.hint
    change(path, "DROP TABLE journal_nodes")
    upgrade_tracker(str(path))
    with open_tracker(str(path)) as tracker:
        assert tracker.audit().ok


def test_an_upgrade_whose_journal_does_not_verify_says_so_and_can_be_audited(tmp_path: Path) -> None:
    path = restored("0001", tmp_path / "old.db")
    change(path, "UPDATE journal SET author = 'nobody' WHERE seq = 3")
    with pytest.raises(AuditBroken, match="entry 3"):
        upgrade_tracker(str(path))
    with open_tracker(str(path)) as tracker:
        assert tracker.audit().problems[0].startswith("entry 3")


def test_a_program_that_is_older_than_the_database(newsroom: Path) -> None:
    change(newsroom, "UPDATE alembic_version SET version_num = '9999'")
    for act in (open_tracker, upgrade_tracker):
        with pytest.raises(SchemaNew, match="does not know"):
            act(str(newsroom))
    change(newsroom, f"UPDATE alembic_version SET version_num = '{schema.HEAD}'")
    with open_tracker(str(newsroom)) as tracker:
        assert tracker.audit().ok


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can mount a disk")
def test_a_disk_that_may_only_be_read(newsroom: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        path = Path(shutil.copy(newsroom, disk / "newsroom.db"))
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        with pytest.raises(ReadOnly) as caught, open_tracker(str(path)) as tracker:
            tracker.add_source("Radio Mopti")
        assert caught.value.hint
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
