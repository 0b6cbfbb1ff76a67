"""What many tests need: a fresh tracker in no time, and a clock that stands still."""

from __future__ import annotations

import json
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from claims.resolve.rules import default_strengths
from tests.support.copying import tell
from tests.support.examples import choose_profile, register_profiles
from tests.support.places import Bases, Files
from tracker.app import create_tracker, open_tracker, policies
from tracker.app.requests import numbered_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.places import Places
    from tests.support.postgres import Databases
    from tracker.app import Tracker

register_profiles()


def pytest_configure(config: pytest.Config) -> None:
    choose_profile(config)


TODAY = datetime(2026, 11, 22, 12, tzinfo=UTC)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres", "both"),
        help="where the trackers of the tests are (by default both; PostgreSQL counts as slow, but for a "
        "part that stands for all)",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test with a tracker on both kinds of database, unless it is about SQLite's files."""
    if "places" not in metafunc.fixturenames:
        return
    if metafunc.definition.get_closest_marker("sqlite_only"):
        return
    asked = metafunc.config.getoption("database")
    marks = [pytest.mark.on_postgres]
    if asked is None and not metafunc.definition.get_closest_marker("on_both"):
        marks.append(pytest.mark.slow)
    values = {"sqlite": "sqlite", "postgres": pytest.param("postgres", marks=marks)}
    chosen = [value for name, value in values.items() if asked in (None, "both", name)]
    metafunc.parametrize("places", chosen, indirect=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many of the tests ran on a PostgreSQL server, so that nobody takes them for granted."""
    counts = {
        how: sum(
            1
            for report in terminalreporter.getreports(how)
            if "on_postgres" in getattr(report, "keywords", ())
        )
        for how in ("passed", "failed", "error", "skipped")
    }
    told = ", ".join(f"{count} {how}" for how, count in counts.items() if count)
    terminalreporter.write_line(f"on PostgreSQL: {told or 'none'}")


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
    TEMPLATES["empty"](str(path))
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


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Databases]:
    """Makes databases on the PostgreSQL server of this run."""
    from tests.support import pgserver
    from tests.support import postgres as server

    base = tmp_path_factory.getbasetemp()
    meeting = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "postgres"
    try:
        with server.shared(meeting) as databases:
            yield databases
    except pgserver.NoServer as error:
        pytest.fail(str(error))


def _filled(url: str, fill: Callable[[Tracker], object] = lambda _: None) -> None:
    with create_tracker(url, author="desk", clock=Clock(), new_request=numbered_request) as made:
        fill(made)


TEMPLATES: dict[str, Callable[[str], None]] = {
    "empty": _filled,
    "demo": lambda url: _filled(url, lambda made: made.import_demo()),
    "copying": lambda url: _filled(url, lambda made: tell(made, copying=True)),
}
"""Trackers that many tests begin with: how each is made, at a URL."""


@pytest.fixture
def places(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Places]:
    """Where the trackers of this test are. Who asks for it, or for a tracker, is run on SQLite and on
    PostgreSQL (see --database)."""
    made: Places
    if getattr(request, "param", "sqlite") == "postgres":
        # Documents are kept there, as there is no file to keep them beside.
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
        made = Bases(request.getfixturevalue("postgres"), TEMPLATES)
    else:
        stories = request.getfixturevalue("stories")
        made = Files(tmp_path, lambda name: request.getfixturevalue(f"{name}_database"), stories)
    yield made
    made.close()


@pytest.fixture(scope="session")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where trackers are kept in which a story was told, to be copied."""
    return tmp_path_factory.mktemp("stories")


@pytest.fixture
def begun(places: Places, new_tracker: Callable[..., Tracker]) -> Callable[..., Tracker]:
    """Opens a tracker that begins with a story, which is told once and copied for each test (on PostgreSQL
    it is told each time): given the story's name, and a function that tells it on a tracker by a clock; the
    tracker's own name and who writes there may be given too."""

    def begin(
        story: str, tell: Callable[[Tracker, Clock], object], name: str = "newsroom", author: str = "desk"
    ) -> Tracker:
        def fill(url: str) -> None:
            clock = Clock()
            with open_tracker(url, author=author, clock=clock, new_request=numbered_request) as made:
                tell(made, clock)

        places.begin(story, fill, name)
        return new_tracker(name, author=author)

    return begin


@pytest.fixture
def new_tracker(places: Places, clock: Clock) -> Iterator[Callable[..., Tracker]]:
    """Makes empty trackers, each of its own, and closes them at the end."""
    made: list[Tracker] = []

    def make(name: str = "newsroom", **options: object) -> Tracker:
        options = {"author": "desk", "clock": clock, **options}
        made.append(open_tracker(places.find(name), **options))
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
    TEMPLATES["demo"](str(path))
    return path


@pytest.fixture
def demo(places: Places, clock: Clock) -> Iterator[Tracker]:
    """The bundled casebook, to read and to change."""
    with open_tracker(places.find("demo", "demo"), author="desk", clock=clock) as opened:
        yield opened


@pytest.fixture(scope="session")
def copying_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tracker in which three of nine outlets copy (tests.support.copying)."""
    path = tmp_path_factory.mktemp("copying") / "copying.db"
    TEMPLATES["copying"](str(path))
    return path


@pytest.fixture
def copied(places: Places, clock: Clock) -> Iterator[Tracker]:
    """The newsroom with copiers, to read and to change."""
    with open_tracker(places.find("copying", "copying"), author="desk", clock=clock) as opened:
        yield opened
