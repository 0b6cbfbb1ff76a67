"""Requests: what was recorded under a name is not recorded twice."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any
from uuid import RFC_4122, UUID

import pytest
from click.testing import CliRunner

from claims.errors import BadValue, Conflict
from tests.support.newsroom import furnish
from tracker.app import create_tracker
from tracker.app.requests import random_request
from tracker.cli.main import main
from tracker.errors import AlreadyRecorded, StoreError, TrackerExists, Uncertain
from tracker.store.database import Database

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.app import Tracker


def names(tracker: Tracker) -> list[str]:
    return [entry.request["id"] for entry in tracker.entries() if entry.request is not None]


class TestAnActByName:
    def test_is_recorded_once(self, tracker: Tracker) -> None:
        with tracker.act(request="monday", asked="two sources"):
            tracker.add_source("Radio Mopti")
            tracker.add_source("Radio Gao")
        with (
            pytest.raises(AlreadyRecorded, match="already recorded as entries 1 to 3") as caught,
            tracker.act(request="monday", asked="two sources"),
        ):
            tracker.add_source("Radio Mopti")
        assert (caught.value.first, caught.value.last, caught.value.exit_status) == (1, 3, 0)
        assert len(tracker.entries()) == 3

    def test_cannot_be_another_one(self, tracker: Tracker) -> None:
        with tracker.act(request="monday", asked="a source"):
            tracker.add_source("Radio Mopti")
        with (
            pytest.raises(Conflict, match="it is recorded as entries 1 to 2"),
            tracker.act(request="monday", asked="another source"),
        ):
            tracker.add_source("Radio Gao")
        assert len(tracker.entries()) == 2

    def test_that_failed_is_forgotten(self, tracker: Tracker) -> None:
        with suppress(BadValue), tracker.act(request="monday", asked="a source"):
            tracker.add_source("Radio Mopti")
            raise BadValue("not so")
        with tracker.act(request="monday", asked="a source"):
            tracker.add_source("Radio Mopti")
        assert names(tracker) == ["monday"]

    def test_whose_first_step_failed_keeps_its_name(self, tracker: Tracker) -> None:
        with tracker.act(request="monday", asked="a source"):
            with suppress(BadValue), tracker.act():
                tracker.add_source("Radio Mopti")
                raise BadValue("not so")
            tracker.add_source("Radio Gao")
        assert names(tracker) == ["monday"]

    @pytest.mark.parametrize("name", ["", "  ", "a" * 200, "two\nlines", "café"])
    def test_has_a_name_that_can_be_kept(self, tracker: Tracker, name: str) -> None:
        with (
            pytest.raises(BadValue, match="cannot name a request"),
            tracker.act(request=name, asked="a source"),
        ):
            pass

    def test_must_say_what_is_asked_for(self, tracker: Tracker) -> None:
        with pytest.raises(BadValue, match="does not say what is asked for"), tracker.act(request="monday"):
            pass
        assert tracker.entries() == []

    def test_survives_a_rebuild(self, tracker: Tracker) -> None:
        with tracker.act(request="monday", asked="a source"):
            tracker.add_source("Radio Mopti")
        tracker.rebuild()
        with pytest.raises(AlreadyRecorded), tracker.act(request="monday", asked="a source"):
            pass
        assert tracker.audit().ok


def test_every_act_has_a_name_of_its_own(tracker: Tracker) -> None:
    furnish(tracker)
    acts = {entry.batch for entry in tracker.entries()}
    assert len(set(names(tracker))) == len(acts) == 6


def test_the_names_of_acts_are_random_but_for_the_time_they_begin_with() -> None:
    before = time.time_ns() // 1_000_000
    names = [UUID(random_request(1)) for _ in range(100)]
    after = time.time_ns() // 1_000_000
    assert {(name.version, name.variant) for name in names} == {(7, RFC_4122)}
    assert all(before <= name.int >> 80 <= after for name in names)
    assert len({name.int & (1 << 62) - 1 for name in names}) == 100
    assert len({name.int >> 64 & 0xFFF for name in names}) > 50


def test_a_tracker_opened_for_a_request_counts_its_acts(new_tracker: Callable[..., Tracker]) -> None:
    furnish(new_tracker(request="monday", asked="a newsroom"))
    again = new_tracker(request="monday", asked="a newsroom")
    with pytest.raises(AlreadyRecorded):
        again.add_source("Ministry of the Interior", key="ministry", type="government")
    with pytest.raises(AlreadyRecorded):
        again.add_source("The rebels", key="rebels", type="armed-group")
    assert names(again) == ["monday", *(f"monday/{number}" for number in range(2, 7))]


def test_making_a_tracker_again_is_no_fault_while_it_is_empty(tmp_path: Path) -> None:
    path = str(tmp_path / "new.db")
    create_tracker(path, request="first", asked="a tracker").close()
    with create_tracker(path, request="first", asked="a tracker") as tracker:
        tracker.add_source("Radio Mopti")
    for request in ("first", None):
        with pytest.raises(TrackerExists):
            create_tracker(path, request=request, asked="a tracker")


# --- an answer that is lost --------------------------------------------------------------------------


@contextmanager
def answer_lost(
    monkeypatch: pytest.MonkeyPatch, error: BaseException, *, kept: bool = True
) -> Iterator[None]:
    """The next write fails at its very end: after it was kept, or before."""
    writing = Database.writing
    failed: list[bool] = []

    @contextmanager
    def once(self: Database, *given: Any) -> Iterator[Any]:
        with writing(self, *given) as connection:
            yield connection
            if not kept and not failed:
                failed.append(True)
                raise error
        if not failed:
            failed.append(True)
            raise error

    with monkeypatch.context() as patched:
        patched.setattr(Database, "writing", once)
        yield


class TestAnActWhoseEndIsNotSeen:
    def test_is_looked_up_and_was_kept(self, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
        with answer_lost(monkeypatch, StoreError("gone")):
            tracker.add_source("Radio Mopti")
        assert tracker.outcome.entries[-1].subject == "radio-mopti"
        assert len(tracker.entries()) == 2

    def test_is_looked_up_and_was_not(self, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
        with (
            answer_lost(monkeypatch, StoreError("gone"), kept=False),
            pytest.raises(StoreError, match="gone"),
        ):
            tracker.add_source("Radio Mopti")
        assert tracker.entries() == []

    def test_keeps_its_documents(
        self, tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        article = tmp_path / "article.txt"
        article.write_text("He is well.", "utf-8")
        with answer_lost(monkeypatch, KeyboardInterrupt()), pytest.raises(KeyboardInterrupt):
            tracker.add_document("An article", file=article)
        assert tracker.outcome.entries
        assert tracker.audit().problems == ()

    def test_cannot_be_looked_up(self, tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(*_: object) -> None:
            raise StoreError("the database does not answer")

        monkeypatch.setattr("tracker.store.journal.read_request", gone)
        with (
            answer_lost(monkeypatch, StoreError("gone")),
            pytest.raises(Uncertain, match="is not known") as caught,
        ):
            tracker.add_source("Radio Mopti")
        assert f"--request {names(tracker)[0]}" in caught.value.hint


# --- the command line --------------------------------------------------------------------------------

WRITES = {
    "claim add": ["claim", "add", "The bridge has fallen"],
    "claim revise": ["claim", "revise", "mayor-killed", "--when", "13 May 2012", "--reason", "corrected"],
    "source add": ["source", "add", "Radio Mopti"],
    "source grade": ["source", "grade", "ministry", "B", "--reason", "seldom wrong"],
    "entity add": ["entity", "add", "The bridge"],
    "entity alias": ["entity", "alias", "mayor", "El alcalde"],
    "case add": ["case", "add", "town-hall", "--title", "The town hall"],
    "question add": ["question", "add", "Who did it?"],
    "log": ["log", "mayor-killed", "--source", "rebels", "--stance", "denies"],
    "withdraw": ["withdraw", "mayor-killed.ministry", "--mistake", "--reason", "ours"],
    "link add": ["link", "add", "mayor-killed", "contradicts", "mayor-fled", "--reason", "one or the other"],
    "assess": ["assess", "mayor-killed", "refuted", "--reason", "seen"],
    "undo": ["undo", "--reason", "wrong"],
    "import casebook": ["import", "casebook", "book.yaml"],
}
BOOK = "casebook: 1\nsources: {harbour-office: {name: Harbour office}}\n"


@pytest.fixture
def shell(tracker: Tracker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Runs a command here, in a folder with a furnished newsroom and a casebook."""
    furnish(tracker)
    (tmp_path / "book.yaml").write_text(BOOK, "utf-8")
    monkeypatch.chdir(tmp_path)
    database = str(tracker.database.path or tracker.database.url)
    for name, value in {"DB": database, "CLOCK": "2026-11-22T12:00:00Z", "AUTHOR": "desk"}.items():
        monkeypatch.setenv(f"TRACKER_{name}", value)

    def run(*words: str) -> Any:
        from click import Command

        wrapped = Command("tracker", callback=lambda: main(list(words)))
        return CliRunner().invoke(wrapped, [], standalone_mode=False)

    return run


@pytest.mark.parametrize("words", WRITES.values(), ids=WRITES)
def test_every_command_that_writes_does_so_once(
    shell: Callable[..., Any], tracker: Tracker, words: list[str]
) -> None:
    first = shell(*words, "--request", "7f3a")
    assert first.exit_code == 0, first.output
    entries = tracker.entries()
    again = shell("--request", "7f3a", *words)
    assert again.exit_code == 0, again.output
    assert "already recorded as entr" in again.output
    other = shell("source", "add", "Something else", "--request", "7f3a")
    assert other.exit_code == 4
    assert tracker.entries() == entries


def test_it_is_said_to_programs_too(shell: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRACKER_REQUEST", "7f3a")
    shell(*WRITES["claim add"])
    said = json.loads(shell(*WRITES["claim add"], "--format", "json").output)
    assert said == {"already_recorded": True, "request": "7f3a", "entries": [8]}


def test_an_edited_file_is_another_request(shell: Callable[..., Any], tmp_path: Path) -> None:
    shell(*WRITES["import casebook"], "--request", "7f3a")
    (tmp_path / "book.yaml").write_text(BOOK.replace("Harbour", "Port"), "utf-8")
    assert shell(*WRITES["import casebook"], "--request", "7f3a").exit_code == 4
