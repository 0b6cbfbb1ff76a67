"""A folder that is there whole or not at all."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadFile
from tracker.errors import DiskFull
from tracker.pages.folder import replaced

if TYPE_CHECKING:
    from pathlib import Path


def build(folder: Path, text: str, **how: Any) -> None:
    with replaced(folder, **how) as empty:
        (empty / "index.html").write_text(text)


def fail(folder: Path, error: type[BaseException]) -> None:
    with replaced(folder) as empty:
        (empty / "index.html").write_text("half")
        raise error


def left_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_report_replaces_an_earlier_one(tmp_path: Path) -> None:
    build(tmp_path / "report", "one")
    (tmp_path / "report" / "gone.html").write_text("gone")
    build(tmp_path / "report", "other")

    assert (tmp_path / "report" / "index.html").read_text() == "other"
    assert left_in(tmp_path / "report") == {"index.html", ".tracker-report"}
    assert left_in(tmp_path) == {"report"}


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_one_that_was_interrupted_leaves_the_earlier_one(tmp_path: Path, error: type[BaseException]) -> None:
    build(tmp_path / "report", "one")
    with pytest.raises(error):
        fail(tmp_path / "report", error)

    assert (tmp_path / "report" / "index.html").read_text() == "one"
    assert left_in(tmp_path) == {"report"}


def test_a_folder_with_something_else_in_it_is_refused_unless_told(tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_text("a photo")
    with pytest.raises(BadFile, match="no earlier report"):
        build(tmp_path / "photos", "report")
    assert left_in(tmp_path / "photos") == {"one.jpg"}

    build(tmp_path / "photos", "report", force=True)

    assert left_in(tmp_path / "photos") == {"index.html", ".tracker-report"}


def test_an_empty_folder_and_a_new_one_are_taken(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    build(tmp_path / "empty", "one")
    build(tmp_path / "deep" / "new", "one")

    assert (tmp_path / "empty" / "index.html").exists()
    assert (tmp_path / "deep" / "new" / "index.html").exists()


def test_neither_a_file_nor_where_one_stands_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("text")
    monkeypatch.chdir(tmp_path)
    for place in (tmp_path / "file", tmp_path, tmp_path.parent):
        with pytest.raises(BadFile):
            build(place, "one", force=True)


def test_nothing_takes_the_place_of_what_is_kept(tmp_path: Path) -> None:
    build(tmp_path / "report", "one")
    (tmp_path / "report" / "tracker.db").write_text("all claims")
    (tmp_path / "archive").mkdir()
    kept = [tmp_path / "report" / "tracker.db", tmp_path / "archive"]
    for place in ("report", "archive", "archive/public"):
        with pytest.raises(BadFile, match="of this tracker"):
            build(tmp_path / place, "other", force=True, kept=kept)

    assert (tmp_path / "report" / "tracker.db").read_text() == "all claims"
    assert left_in(tmp_path / "archive") == set()


def test_a_full_disk_is_said_to_be_full_and_leaves_the_earlier_one(tmp_path: Path) -> None:
    build(tmp_path / "report", "one")

    with pytest.raises(DiskFull, match="No space left"), replaced(tmp_path / "report"):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    assert (tmp_path / "report" / "index.html").read_text() == "one"
    assert left_in(tmp_path) == {"report"}


def test_what_a_crash_left_is_brought_back_or_cleared(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    gone = int(done.stdout)
    for ending in ("old", "partial"):
        (tmp_path / f".report.{gone}.{ending}").mkdir()
        (tmp_path / f".report.{gone}.{ending}" / "index.html").write_text(ending)
    running = tmp_path / f".report.{os.getppid()}.partial"
    running.mkdir()

    with pytest.raises(RuntimeError), replaced(tmp_path / "report"):
        raise RuntimeError

    assert (tmp_path / "report" / "index.html").read_text() == "old"
    assert left_in(tmp_path) == {"report", running.name}
