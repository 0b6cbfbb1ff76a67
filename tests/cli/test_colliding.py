"""A command that another program collides with is run again, where nothing of it was recorded."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

import pytest

from tracker.app import Tracker, open_tracker
from tracker.cli.main import main
from tracker.cli.options import TRIES
from tracker.errors import Collided

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.places import Places

BOOK = b"casebook: 1\nsources: {office: {name: Office}}\n"


@pytest.fixture
def place(places: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("TRACKER_AUTHOR", "desk")
    return places.find("newsroom")


def collide(monkeypatch: pytest.MonkeyPatch, act: str, times: int) -> list[int]:
    """An act fails so often because of another program; the list counts how often it was tried."""
    real = getattr(Tracker, act)
    tried = [0]

    def acting(self: Tracker, *words: object, **fields: object) -> object:
        tried[0] += 1
        if tried[0] <= times:
            raise Collided("another program was there", "run the command again")
        return real(self, *words, **fields)

    monkeypatch.setattr(Tracker, act, acting)
    return tried


def run(*words: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(words))
    return int(left.value.code or 0)


@pytest.mark.on_both
def test_once_more_and_it_goes_through(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = collide(monkeypatch, "add_source", TRIES - 1)

    assert run("source", "add", "Somebody", "--db", place) == 0
    assert tried == [TRIES]
    with open_tracker(place) as tracker:
        assert [source.name for source in tracker.sources()] == ["Somebody"]


def test_not_for_ever(
    place: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tried = collide(monkeypatch, "add_source", 100)

    assert run("source", "add", "Somebody", "--db", place) == 6
    assert tried == [TRIES]
    assert capsys.readouterr().err.endswith("hint: run the command again\n")


def test_what_was_piped_in_is_there_again(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    collide(monkeypatch, "import_casebook", 1)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BOOK)))

    assert run("import", "casebook", "-", "--db", place) == 0
    with open_tracker(place) as tracker:
        assert [source.key for source in tracker.sources()] == ["office"]
