"""Files of tables: their digest comes first, and what they hold must not change while they are read."""

from __future__ import annotations

import io
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile
from tests.support.tables import MAP, row, table
from tracker.app import tablefiles
from tracker.app.tablefiles import opened_table

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker

DATA = b"one,two\n" * 1000


class Pipe(io.BytesIO):
    """What can be read only once."""

    def seekable(self) -> bool:
        return False

    def seek(self, *_: int) -> int:
        raise io.UnsupportedOperation


@pytest.mark.parametrize("kind", ["bytes", "path", "file", "pipe"])
def test_whatever_it_comes_from(tmp_path: Path, kind: str) -> None:
    (tmp_path / "rows.csv").write_bytes(DATA)
    given = {"bytes": DATA, "path": tmp_path / "rows.csv", "file": io.BytesIO(DATA), "pipe": Pipe(DATA)}[kind]

    with opened_table(given, "rows.csv") as file:
        assert (file.size, file.digest, file.read_so_far) == (8000, sha256(DATA).hexdigest(), 0)
        assert file.read(100) == DATA[:100]
        assert file.read_so_far == 100
        assert file.readall() == DATA[100:]
        file.check("rows.csv")


def test_an_open_file_counts_from_where_it_is(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text(MAP, "utf-8")
    data = table(row("bridge", "Post", "for"))
    file = io.BytesIO(b"what somebody has read already\n" + data)
    file.readline()
    with opened_table(file, "rows.csv") as opened:
        assert (opened.size, opened.digest) == (len(data), sha256(data).hexdigest())
        for _ in range(2):
            assert opened.seek(0) == opened.read_so_far == 0
            assert opened.readall() == data
        assert opened.seek(0, io.SEEK_END) == len(data)
        opened.check("rows.csv")
        assert opened.readall() == data
        assert opened.seek(0) == 0
    file.seek(31)
    assert tracker.import_csv(file, map_name=str(tmp_path / "ours.toml")).recorded == 1
    assert tracker.import_csv(data, map_name=str(tmp_path / "ours.toml")).unchanged == 1


def test_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "a\x00b"):
        with pytest.raises(BadFile, match="cannot be read"), opened_table(path, "none.csv"):
            pass


def test_a_file_that_changes_while_it_is_imported(
    tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ours.toml").write_text(MAP, "utf-8")
    path = tmp_path / "rows.csv"
    path.write_bytes(table(row("bridge", "Post", "for")))
    digest = tablefiles._digest

    def then_written(*args: object) -> tuple[int, str]:
        found = digest(*args)  # type: ignore[arg-type]
        with path.open("ab") as file:
            file.write(table(row("ferry", "Post", "for")).partition(b"\n")[2])
        return found

    with monkeypatch.context() as patch:
        patch.setattr(tablefiles, "_digest", then_written)
        with pytest.raises(BadFile, match="was changed while it was read"):
            tracker.import_csv(path, map_name=str(tmp_path / "ours.toml"))
    assert tracker.entries() == []
