"""Imports in bulk: in portions of any size the same entries, rows and roots come out as row by row."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.examples import examples
from tests.support.tables import MAP, row, table
from tests.support.waiting import nobody_carries_on, waiting
from tracker.app import importing, known, open_tracker, touched
from tracker.app.bulk import BulkTransaction
from tracker.app.importing import Import
from tracker.app.requests import numbered_request
from tracker.store.inserting import insert_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker


@pytest.fixture
def ours(tmp_path: Path) -> str:
    path = tmp_path / "ours.toml"
    path.write_text(MAP, "utf-8")
    return str(path)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Portions of three rows, written by two, and of four claims, so that a short table has many."""
    monkeypatch.setattr(importing, "PORTION", 3)
    monkeypatch.setattr(importing, "WRITTEN", 2)
    monkeypatch.setattr(touched, "PORTION", 4)


def row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have every row recorded by itself, through the acts that people use."""

    def alone(_self: Import, _record: object) -> None:
        raise importing.Alone

    monkeypatch.setattr(Import, "_in_bulk", alone)


def furnish(tracker: Tracker) -> None:
    """What people recorded before: claims with a name outside and without, names that are taken, sources of
    one name, evidence under a key of its own, tied claims."""
    tracker.add_entity("Mayor Ode", key="ode", type="person")
    tracker.add_claim(
        "It is said that ferry", key="old-ferry", external_id="ferry", kind="event", when="2024-01"
    )
    tracker.add_claim("It is said that mill", key="it-is-said-that-mill", kind="event")
    tracker.add_claim("Mayor Ode has died", kind="death", subject="ode", external_id="ode", when="2024-02")
    tracker.add_claim("Mayor Ode was seen", kind="sign-of-life", subject="ode", when="2024-02-20")
    tracker.add_source("Harbour Post", key="post", type="outlet", reliability="B")
    tracker.add_source("Twice", key="twice-a")
    tracker.add_source("Twice", key="twice-b")
    tracker.add_document("Bridge closed", key="page", url="https://h.example/1")
    tracker.log("old-ferry", source="post", stance="supports", published="2024-03-01")
    tracker.log("old-ferry", source="post", stance="supports", document="page")
    tracker.log("old-ferry", source="post", stance="denies", key="said-bridge.valley-times")
    tracker.add_claim("The quay was closed", key="quay", kind="event")
    tracker.log("quay", source="post", stance="supports", published="2024-03-01")


ROWS = (
    row("bridge", "Harbour Post", "for", "2 March 2024", ended="no", link="https://h.example/1"),
    row("ferry", "Harbour Post", "for", "2024-03-01"),
    row("bridge", "Valley Times", "against", "2024-03-05", ended="no"),
    row("ferry", "Harbour Post", "against", "2024-03-01"),
    row("mill", "Valley Times", "neutral"),
    row("ferry", "Harbour Post", "neutral", "2024-03-01", link="https://h.example/1"),
    row("bridge", "Twice", "for"),
    row("ode", "Valley Times", "for", "2024-03-04", ended="yes"),
    row("bridge", "Valley Times", "against", "2024-03-05", ended="yes"),
    row("new", "New outlet", "for", "2031-01-01"),
    row("bridge", "Valley Times", "against", "2024-03-05"),
    row("bridge", "New outlet", "for", "two days after old-ferry"),
    row("tram", "New outlet", "for", "32 May 2024"),
    row("tram", "VALLEY TIMES", "for", "yesterday", ended="yes", link="https://v.example/2"),
    row("tram", "Côte Nord", "sideways"),
    row("bridge", "Côte Nord", "for", "2024-04-01", link="https://v.example/2"),
    ("", "It is said that mill", "Valley Times", "for", "2024-03-09", "", "open"),
    ("", "It is said that well", "Valley Times", "for", "2024-03-09", "", "yes"),
    ("", "It is said that well", "Harbour Post", "against", "2024-03-10", "", "yes"),
    row("ferry", "Valley Times", "for", "2023-12-01"),
    row("bridge", "Valley Times", "against", "2024-03-05"),
    row("bridge", "Valley Times", "for", "two months after old-ferry"),
    row("bridge", "Valley Times", "for", "2024-03-07"),
    row("bridge", "Valley Times", "neutral", "2024-03-08"),
    row("bridge", "Valley Times", "for", "three months after old-ferry"),
    row("bridge", "Valley Times", "neutral", "2024-03-09"),
)


def told(found: importing.ImportedRows) -> tuple[Any, ...]:
    return found.read, found.recorded, found.unchanged, found.rejected


@pytest.mark.slow
def test_in_bulk_and_row_by_row_the_same_comes_out(
    new_tracker: Callable[..., Tracker], ours: str, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_bulk, alone = (new_tracker(name, new_request=numbered_request) for name in ("bulk", "alone"))
    answers = []
    for tracker in (in_bulk, alone):
        if tracker is alone:
            row_by_row(monkeypatch)
        furnish(tracker)
        first = tracker.import_csv(table(*ROWS), map_name=ours)
        answers.append((told(first), told(tracker.import_csv(table(*ROWS), map_name=ours))))

    assert answers[0] == answers[1]
    assert [each.row for each in answers[0][0][3]] == [8, 10, 11, 14, 16, 21]
    assert answers[0][1][1] == 0
    assert dump(in_bulk) == dump(alone)
    check_rebuilt(in_bulk)


def check_rebuilt(tracker: Tracker) -> None:
    """The tables are those that the journal makes."""
    assert tracker.audit().problems == ()
    made = dump(tracker)
    assert made["pending"] == []
    tracker.rebuild()
    assert dump(tracker) == made


@pytest.mark.slow
@pytest.mark.on_both
def test_an_import_resolves_first_what_waits(
    new_tracker: Callable[..., Tracker], ours: str, small: None
) -> None:
    left, undisturbed = (new_tracker(name, new_request=numbered_request) for name in ("left", "undisturbed"))
    for tracker, hold in ((left, nobody_carries_on), (undisturbed, nullcontext)):
        furnish(tracker)
        with hold():
            tracker.grade_source("post", "E", reason="it proved wrong")
        assert waiting(tracker) == (2 if tracker is left else 0)
        tracker.import_csv(table(*ROWS), map_name=ours)

    assert dump(left) == dump(undisturbed)
    check_rebuilt(left)


@pytest.mark.slow
@pytest.mark.parametrize("waits", [False, True])
def test_an_import_can_be_the_first_act_under_another_policy(
    tracker: Tracker, new_tracker: Callable[..., Tracker], ours: str, small: None, waits: bool
) -> None:
    furnish(tracker)
    with nobody_carries_on() if waits else nullcontext():
        tracker.grade_source("post", "E", reason="it proved wrong")
    other = new_tracker(policy="majority")

    other.import_csv(table(*ROWS), map_name=ours)

    assert {each.policy.partition("@")[0] for each in other.statuses()} == {"majority"}
    check_rebuilt(other)


def test_rows_that_only_add_do_not_go_by_themselves(
    tracker: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[int] = []
    by_itself = Import._by_itself
    monkeypatch.setattr(Import, "_by_itself", lambda self, it: (gone.append(it.row), by_itself(self, it)))
    furnish(tracker)

    tracker.import_csv(table(*ROWS), map_name=ours)

    assert gone == [7, 9, 13, 23, 26]  # corrects, revises, or counts its date from a claim


@pytest.mark.slow
class TestAnyTable:
    """Tables of any rows, in portions of any size."""

    @examples(12)
    @given(
        rows=st.lists(
            st.builds(
                row,
                st.sampled_from(["bridge", "Bridge", "ferry", "ferry 2", "mill"]),
                st.sampled_from(
                    ["Harbour Post", "harbour post", "Valley Times", "Twice", "H\u0430rbour Post"]
                ),
                st.sampled_from(["for", "against", "neutral", "perhaps"]),
                st.sampled_from(
                    ["2024-03-01", "March 2024", "yesterday", "soon", "2031", "two months after anchor"]
                ),
                ended=st.sampled_from(["open", "open", "yes", "no"]),
                link=st.sampled_from(["", "", "https://h.example/1", "https://x.example/2"]),
            ),
            max_size=14,
        ),
        portion=st.integers(1, 5),
    )
    def test_the_size_of_portions_makes_no_difference(
        self, empty_database: Path, rows: list[tuple[str, ...]], portion: int
    ) -> None:
        found = []
        with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
            map_file = Path(folder) / "ours.toml"
            map_file.write_text(MAP, "utf-8")
            for name in ("bulk", "alone"):
                path = shutil.copy(empty_database, Path(folder) / f"{name}.db")
                patch.setattr(importing, "PORTION", portion if name == "bulk" else 100)
                patch.setattr(touched, "PORTION", portion)
                if name == "alone":
                    row_by_row(patch)
                with open_tracker(
                    str(path), author="desk", clock=Clock(), new_request=numbered_request
                ) as tracker:
                    tracker.add_source("Twice", key="twice-a")
                    tracker.add_claim("It is said that ferry 2", key="it-is-said-that-ferry-2")
                    tracker.add_claim("The anchor was cast", key="anchor", kind="event", when="2024-01")
                    done = [
                        told(tracker.import_csv(table(*each), map_name=str(map_file)))
                        for each in (rows, rows[::-1])
                    ]
                    found.append((done, dump(tracker)))
        assert found[0] == found[1]


def test_claims_of_the_same_words_get_numbers_and_skip_those_that_are_taken(
    tracker: Tracker, ours: str, small: None
) -> None:
    tracker.add_claim("It is said that the well", key="said-well-4")
    rows = [(f"r{n}", "It is said that the well", "Post", "for", "2024-03-01", "", "open") for n in range(8)]
    rows[2] = ("r2", "It is said that the well 6", *rows[2][2:])  # whose own words make the key of a number

    tracker.import_csv(table(*rows), map_name=ours)

    with tracker.reading() as reader:
        keys = {claim.external_id: claim.key for claim in reader.claims().values() if claim.external_id}
    numbers = ("", "-2", "-6", "-3", "-5", "-7", "-8", "-9")
    assert [keys[f"r{n}"] for n in range(8)] == [f"said-well{number}" for number in numbers]


def test_evidence_is_numbered_after_what_is_there_under_any_key(tracker: Tracker, ours: str) -> None:
    furnish(tracker)

    tracker.import_csv(table(*[ROWS[2]] * 3), map_name=ours)

    with tracker.reading() as reader:
        mine = sorted(key for key, piece in reader.evidence().items() if piece.source == "valley-times")
    assert mine == [f"said-bridge.valley-times-{number}" for number in (2, 3, 4)]


def test_a_refused_row_leaves_no_trace_for_the_next(tracker: Tracker, ours: str) -> None:
    bad = row("bridge", "New outlet", "for", "2031-01-01", link="https://n.example/1")
    good = row("bridge", "Another outlet", "for", link="https://n.example/1")

    found = tracker.import_csv(table(bad, good), map_name=ours)

    assert (found.recorded, found.refused) == (1, 1)
    with tracker.reading() as reader:
        (document,) = reader.documents().values()
        assert (set(reader.sources()), document.publisher) == ({"another-outlet"}, "another-outlet")


def test_what_goes_wrong_at_the_very_end_leaves_nothing(
    tracker: Tracker, ours: str, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(tracker)
    before = dump(tracker)

    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(BulkTransaction, "finish", stopped)
        with pytest.raises(KeyboardInterrupt):
            tracker.import_csv(table(*ROWS), map_name=ours)
    assert dump(tracker) == before

    assert tracker.import_csv(table(*ROWS), map_name=ours).recorded  # nothing is in its way
    assert tracker.audit().ok


def test_of_very_many_names_an_outcome_tells_the_first(
    tracker: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tracker.app.bulk.LISTED", 1)
    monkeypatch.setattr("tracker.app.bulk.MOST_NAMING", 2)
    rows = [row("r1", f"Outlet {number}", "for") for number in range(9)]
    tracker.import_csv(table(*rows), map_name=ours)
    named = [entry for entry in tracker.outcome.entries if entry.act == "source.registered"]
    assert 2 <= len(named) <= 2 + 2  # of those that changed something and of those added one each


def test_what_an_open_tracker_knew_is_read_anew_after_a_table(tracker: Tracker, ours: str) -> None:
    tracker.add_source("Harbour Post", key="post")
    tracker.add_claim("It is said that r1", key="r1", external_id="r1", kind="event")
    for day in ("2024-01-01", "2024-01-02"):
        tracker.log("r1", source="post", stance="supports", published=day)
    tracker.import_csv(table(row("r1", "Harbour Post", "for", ended="yes")), map_name=ours)
    for day in ("2024-01-03", "2024-01-04"):
        tracker.log("r1", source="post", stance="supports", published=day)
    assert tracker.audit().problems == ()
    with tracker.reading() as reader:
        assert [each.right for each in reader.outcomes_of(["post"])["post"]] == [True]


def test_a_name_that_cannot_be_kept_signs_no_row_either(tracker: Tracker, ours: str) -> None:
    tracker.import_csv(table(row("r1", "Harbour Post", "for")), map_name=ours)
    again = table(row("r1", "Harbour Post", "against", "2024-05-01"))
    with open_tracker(tracker.database.url, author="desk\x00") as nobody:
        done = nobody.import_csv(again, map_name=ours)
    assert (done.recorded, [finding.message for finding in done.rejected]) == (
        0,
        ["the author holds a NUL character"],
    )
    assert {entry.author for entry in tracker.entries()} == {"desk"}


@pytest.mark.sqlite_only
@pytest.mark.parametrize("error", [KeyboardInterrupt, OSError, None])
def test_the_memory_for_writing_very_much_is_given_back_whatever_happens(
    tracker: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch, error: type[BaseException] | None
) -> None:
    def pages() -> object:
        with tracker.database.writing() as connection:
            return connection.exec_driver_sql("PRAGMA cache_size").scalar()

    def stopped(*_: object) -> None:
        assert error is not None
        raise error

    before = pages()
    if error is None:
        tracker.import_csv(table(*ROWS[:2]), map_name=ours)
    else:
        monkeypatch.setattr(Import, "run", stopped)
        with pytest.raises(error):
            tracker.import_csv(table(*ROWS[:2]), map_name=ours)
    assert pages() == before


@pytest.mark.slow
def test_memory_does_not_grow_with_the_table(
    tracker: Tracker, ours: str, small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is held between portions: as much after many as after one."""
    monkeypatch.setattr(known, "MOST", 4)
    monkeypatch.setattr("tracker.app.bulk.LISTED", 5)
    held: list[int] = []
    note = known.Known.note

    def noted(self: known.Known) -> None:
        note(self)
        act = tracker._act
        assert isinstance(act, BulkTransaction)
        sizes = (self.claims, self.met, self.pieces, self.sources, self.documents, self._matched)
        more = (act._drafts, act.entries, act._touched, act._listed, act._changed, act._cause.claims)
        held.append(max(len(each) for each in (*sizes, *more)))

    monkeypatch.setattr(known.Known, "note", noted)
    rows = [row(f"r{n}", f"Outlet {n}", "for", link=f"https://x.example/{n}") for n in range(60)]

    tracker.import_csv(table(*rows), map_name=ours)

    assert len(held) == 20
    assert max(held) <= 8
    assert (tracker.outcome.recorded, tracker.outcome.anew) == (241, 60)


def test_an_outcome_tells_what_was_changed_and_named_before_what_was_added(
    tracker: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    furnish(tracker)
    monkeypatch.setattr("tracker.app.bulk.LISTED", 2)

    tracker.import_csv(table(*ROWS), map_name=ours)

    acts = [entry.act for entry in tracker.outcome.entries]
    assert acts.count("source.registered") == 3
    assert {"evidence.corrected", "claim.revised"} <= set(acts)
    assert len(acts) < tracker.outcome.recorded
    assert [entry.seq for entry in tracker.outcome.entries] == sorted(e.seq for e in tracker.outcome.entries)


def test_who_looks_on_is_told_how_far_it_is(tracker: Tracker, ours: str, small: None) -> None:
    steps: list[tuple[str, int, int]] = []

    tracker.import_csv(table(*ROWS), map_name=ours, progress=lambda *step: steps.append(step))

    for kind in ("read", "settled", "resolved"):
        (*_, last) = [step for step in steps if step[0] == kind]
        assert last[1] == last[2] > 0


@pytest.mark.sqlite_only
def test_rows_are_written_many_at_a_time(
    tracker: Tracker, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    written: dict[str, list[int]] = {}

    def counted(connection: Any, into: Any, rows: Any) -> None:
        written.setdefault(into.name, []).append(len(rows))
        insert_rows(connection, into, rows)

    monkeypatch.setattr("tracker.store.loading.write_rows", counted)
    rows = [row(f"r{n}", f"Outlet {n % 5}", "for") for n in range(200)]

    tracker.import_csv(table(*rows), map_name=ours)

    assert written["evidence"] == written["claims"] == [200]
    assert written["journal"] == [406]


def test_a_file_as_bytes_as_a_path_and_from_a_pipe(tracker: Tracker, ours: str, tmp_path: Path) -> None:
    data = table(*ROWS[:1], *ROWS[4:5])
    (tmp_path / "rows.csv").write_bytes(data)
    assert tracker.import_csv(tmp_path / "rows.csv", map_name=ours).recorded == 2

    asked = [entry.request for entry in tracker.entries() if entry.request]
    reading, writing = os.pipe()

    def send() -> None:
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(data)

    sender = threading.Thread(target=send)
    sender.start()
    with os.fdopen(reading, "rb") as pipe:
        assert told(tracker.import_csv(pipe, map_name=ours))[:3] == (2, 0, 2)
    sender.join()
    assert [entry.request for entry in tracker.entries() if entry.request] == asked
