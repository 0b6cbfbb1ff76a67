"""What many tests need: a fresh tracker in no time, and a clock that stands still."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from claims.resolve.rules import default_strengths
from tests.support.copying import tell
from tests.support.examples import choose_profile, register_profiles
from tracker.app import create_tracker, open_tracker, policies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.app import Tracker

register_profiles()


def pytest_configure(config: pytest.Config) -> None:
    choose_profile(config)


TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


class Clock:
    """A clock that moves only when told to."""

    def __init__(self, now: datetime = TODAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def tick(self, **span: float) -> None:
        self.now += timedelta(**(span or {"seconds": 1}))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty tracker, made once by the real migrations and copied for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    create_tracker(str(path), author="desk").close()
    return path


@pytest.fixture
def all_rules(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The policies that ship, and a newer version that names every contradiction rule at the price
    it was made for. Ask for it before a tracker is opened."""
    shipped = policies._folder()
    folder = tmp_path / "policies"
    folder.mkdir()
    for file in shipped.iterdir():
        (folder / file.name).write_bytes(file.read_bytes())
    data = json.loads((folder / "weight-of-evidence-1.json").read_text("utf-8"))
    data |= {"version": 1000, "rules": default_strengths() | data["rules"]}
    (folder / "weight-of-evidence-1000.json").write_text(json.dumps(data), "utf-8")
    monkeypatch.setattr(policies, "_folder", lambda: folder)
    policies.load_policy.cache_clear()
    yield
    policies.load_policy.cache_clear()


@pytest.fixture
def new_tracker(tmp_path: Path, empty_database: Path, clock: Clock) -> Iterator[Callable[..., Tracker]]:
    """Makes empty trackers, each of its own, and closes them at the end."""
    made: list[Tracker] = []

    def make(name: str = "newsroom", **options: object) -> Tracker:
        path = tmp_path / f"{name}.db"
        if not path.exists():
            shutil.copy(empty_database, path)
        options = {"author": "desk", "clock": clock, **options}
        made.append(open_tracker(str(path), **options))
        return made[-1]

    yield make
    for tracker in made:
        tracker.close()


@pytest.fixture
def tracker(new_tracker: Callable[..., Tracker]) -> Tracker:
    """An empty tracker."""
    return new_tracker()


@pytest.fixture(scope="session")
def demo_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tracker that holds the bundled casebook."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    with create_tracker(str(path), author="desk", clock=Clock()) as made:
        made.import_demo()
    return path


@pytest.fixture
def demo(tmp_path: Path, demo_database: Path, clock: Clock) -> Iterator[Tracker]:
    """The bundled casebook, to read and to change."""
    path = tmp_path / "demo.db"
    shutil.copy(demo_database, path)
    with open_tracker(str(path), author="desk", clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def copying_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tracker in which three of nine outlets copy (tests.support.copying)."""
    path = tmp_path_factory.mktemp("copying") / "copying.db"
    with create_tracker(str(path), author="desk", clock=Clock()) as made:
        tell(made, copying=True)
    return path


@pytest.fixture
def copied(tmp_path: Path, copying_database: Path, clock: Clock) -> Iterator[Tracker]:
    """The newsroom with copiers, to read and to change."""
    path = tmp_path / "copying.db"
    shutil.copy(copying_database, path)
    with open_tracker(str(path), author="desk", clock=clock) as opened:
        yield opened
