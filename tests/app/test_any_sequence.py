"""Properties over any sequence of acts: the tables follow from the journal, and the journal verifies."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.support.anything import KEYS, Newsroom, play
from tests.support.dump import dump
from tracker.app import create_tracker, open_tracker

if TYPE_CHECKING:
    from tracker.app import Tracker

pytestmark = pytest.mark.slow  # it starts many processes, or many trackers


def standing(tracker: Tracker) -> dict[str, tuple[str, float]]:
    """How every claim stands."""
    return {each.key: (each.status, pytest.approx(each.likelihood)) for each in tracker.statuses()}


class Rebuilt(Newsroom):
    """At the end, the journal is verified, the tables made anew, and the journal given to another desk."""

    def at_the_end(self) -> None:
        before = dump(self.tracker)
        assert self.tracker.audit().problems == ()
        self.tracker.rebuild()
        assert dump(self.tracker) == before
        self.reopen(None)  # the other desk works by the newest policy
        self.another_desk_takes_it_in()

    @rule(key=KEYS, field=st.sampled_from(["text", "name", "when", "aliases", "sides", "reason", "note"]))
    def redact_a_field(self, key: str, field: str) -> None:
        self.attempt("redact", key, field=field, reason="private")

    @rule(back=st.integers(0, 20))
    def redact_an_entry(self, back: int) -> None:
        self.attempt("redact", entry=self.tracker.entries()[-1].seq - back, reason="private")

    def another_desk_takes_it_in(self) -> None:
        sent = "".join(self.tracker.export_journal()).encode()
        path = Path(self.folder) / "other.db"
        shutil.copy(self.template, path)
        with open_tracker(str(path), author="other", clock=self.clock) as other:
            assert other.import_journal(sent).conflicts == []
            assert other.import_journal(sent).recorded == 0
            assert standing(other) == standing(self.tracker)
            assert other.audit().problems == ()
            back = "".join(other.export_journal()).encode()
            assert self.tracker.import_journal(back).recorded == 0


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("any") / "empty.db"
    create_tracker(str(path), author="desk").close()
    return path


def test_any_sequence_of_acts_gives_the_same_tables_by_projection_and_by_rebuild(template: Path) -> None:
    play(Rebuilt, template, journals=40, steps=25)
