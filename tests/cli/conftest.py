"""A folder in which the command line is at home, and the command line itself."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.tables import MAP
from tracker.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path, empty_database: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an empty tracker and a map, in which the command line is at home."""
    shutil.copy(empty_database, tmp_path / "newsroom.db")
    (tmp_path / "ours.toml").write_text(MAP, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRACKER_DB", "newsroom.db")
    monkeypatch.setenv("TRACKER_AUTHOR", "desk")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.delenv("COLUMNS", raising=False)  # some terminals tell it to what they start
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]):
    def command(*arguments: str) -> tuple[int | str | None, str, str]:
        with pytest.raises(SystemExit) as left:
            main(list(arguments))
        return (left.value.code, *capsys.readouterr())

    return command
