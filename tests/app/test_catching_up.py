"""Acts that touch very many claims leave them to be resolved in portions; stopping there loses nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from claims.errors import ClaimsError
from claims.resolve.dossier import Dossier
from claims.vocabulary import Status
from tests.claims.builders import policy
from tests.support.anything import KINDS, Newsroom, play
from tests.support.commands import CommandLine
from tests.support.dump import dump
from tests.support.waiting import waiting
from tracker.app import catching_up, create_tracker, plainly
from tracker.app.requests import numbered_request
from tracker.app.resolving import StatusChange
from tracker.errors import AuditBroken, StoreError, Unreachable
from tracker.store import pending, spellings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.places import Places
    from tracker.app import Tracker

ROOT = Path(__file__).parents[2]


class Interrupted(ClaimsError):
    """Somebody was stopped while claims were being resolved."""

    code = "interrupted"


class Postponed(Newsroom):
    """Whatever an act touches is resolved later, claim by claim, and now and then nobody goes on
    for a while. What is shown meanwhile is what will be recorded, and at the end nothing shows of it."""

    portions: int = 0

    def __init__(self) -> None:
        super().__init__()
        self.tracker.progress = self.stop

    def reopen(self, policy: str | None) -> None:
        super().reopen(policy)
        self.tracker.progress = self.stop

    def attempt(self, act: str, *args: object, **fields: object) -> None:
        try:
            getattr(self.tracker, act)(*args, **fields)
        except ClaimsError as error:
            assert not isinstance(error, StoreError)

    def stop(self, done: int, total: int) -> None:
        assert 0 <= done <= total
        self.portions -= 1
        if self.portions < 0:
            raise Interrupted("stopped")

    @initialize()
    def claims_to_begin_with(self) -> None:
        for number in range(4):
            self.claim(kind=KINDS[number % 3], person=number % 2, when="2018", asked=number > 2)
            self.log(number, source=number % 3, stance="denies", published="2019-03-01", relays=False)
        self.assess(0, Status.REFUTED, proposed=False)

    @rule(portions=st.integers(0, 2), at_once=st.integers(0, 2), others=st.integers(0, 1))
    def patience(self, portions: int, at_once: int, others: int) -> None:
        self.portions = portions
        catching_up.AT_ONCE = at_once
        catching_up.OTHERS = others

    @rule()
    def carry_on(self) -> None:
        self.portions = 1_000_000
        self.tracker.resolve_pending()
        self.portions = 0

    def shown(self) -> tuple[object, object]:
        statuses = {
            each.key: (each.status, pytest.approx(each.likelihood), each.confidence, each.changed)
            for each in self.tracker.statuses()
        }
        return statuses, {link.key: (link.state, link.rule) for link in self.tracker.links()}

    def listed(self) -> list[object]:
        """What lists say: by status, page by page, and as it was at the end of every third act."""
        found: list[object] = [
            [each.key for each in self.tracker.statuses(status=[status])] for status in Status
        ]
        after = ""
        while page := self.tracker.statuses(limit=2, after=after):
            found.append([(each.key, each.status) for each in page])
            after = page[-1].key
        acts = sorted({entry.batch for entry in self.tracker.entries()})
        for first in acts[::3]:
            then = self.tracker.statuses(recorded_by=f"entry:{first}")
            found.append([(each.key, each.status, pytest.approx(each.likelihood)) for each in then])
            for asked in ({"kind": "death"}, {"status": ["unverified", "refuted"], "kind": "event"}):
                some = self.tracker.statuses(recorded_by=f"entry:{first}", **asked)
                found.append([(each.key, each.status) for each in some])
            found += [self.tracker.status(each.key, recorded_by=f"entry:{first}").status for each in then[:2]]
        return found

    def at_the_end(self) -> None:
        assert self.tracker.audit().problems == ()
        shown, listed = self.shown(), self.listed()
        self.carry_on()
        assert self.shown() == shown
        assert self.listed() == listed
        assert self.tracker.audit().problems == ()
        before = dump(self.tracker)
        assert before["pending"] == []
        self.tracker.rebuild()
        assert dump(self.tracker) == before


def nine_ships(tracker: Tracker) -> None:
    tracker.add_source("Radio Tandor", key="radio")
    for number in range(9):
        tracker.add_claim(f"Ship {number} has sunk", key=f"ship-{number}")
        tracker.log(f"ship-{number}", source="radio", stance="supports", published="2 May 2025")


@pytest.fixture
def many(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """A tracker in which a grade of one source touches more claims than are resolved at once."""
    nine_ships(tracker)
    monkeypatch.setattr(catching_up, "AT_ONCE", 3)
    monkeypatch.setattr(catching_up, "PORTION", 2)
    monkeypatch.setattr(catching_up, "OTHERS", 1)
    return tracker


def stop_after(done: int) -> Callable[[int, int], None]:
    """Stops whoever resolves claims once so many are done."""

    def stop(so_far: int, total: int) -> None:
        if so_far >= done:
            raise Interrupted(f"stopped at {so_far} of {total}")

    return stop


def likelihoods(tracker: Tracker) -> dict[str, float]:
    return {each.key: each.likelihood for each in tracker.statuses()}


def test_what_is_known_of_the_past_of_one_portion_is_not_held_for_the_next(
    many: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[int] = []
    resolve = catching_up.resolve_reached

    def resolved(connection: Any, reached: Any, terms: Any, work: Any) -> Any:
        held.append(len(work.pasts._known))
        found = resolve(connection, reached, terms, work)
        work.pasts.of(Dossier({}, {}, {}), policy())
        return found

    monkeypatch.setattr(catching_up, "resolve_reached", resolved)
    many.grade_source("radio", "A", reason="it proved right")
    with many.database.writing() as connection:
        pending.note(connection, [f"ship-{n}" for n in range(9)], {}, many.outcome.entries[-1].seq)
        monkeypatch.setattr(catching_up, "MOST", 2)
        catching_up.resolve_all(connection)

    assert len(held) > 5
    assert not any(held)


def test_of_very_many_changes_the_first_are_told_and_the_others_counted(
    many: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "KEPT", 4)
    many.grade_source("radio", "A", reason="it proved right")
    assert [change.claim for change in many.outcome.changes] == [f"ship-{n}" for n in range(4)]
    assert many.outcome.anew == 9


def test_what_an_earlier_act_had_left_is_no_change_of_this_one_and_a_try_that_fails_is_none() -> None:
    found = catching_up.Resolved(since=5)
    changes = [StatusChange("dam", Status.UNVERIFIED, Status.CONFIRMED, 0.9, seq) for seq in (4, 5)]
    tried = found.copy()
    tried.add(2, changes)
    assert (tried.claims, tried.anew, tried.moved, tried.changes) == (2, 1, 1, changes[1:])
    assert (found.claims, found.anew, found.moved, found.changes) == (0, 0, 0, [])
    found.become(tried)
    assert found == tried


def test_changes_to_come_are_listed_from_where_one_left_off_and_up_to_where_one_asks(many: Tracker) -> None:
    many.add_source("Harbour Post", key="post", reliability="A", owner="Group")
    with many.act():
        for number in range(9):
            many.log(f"ship-{number}", source="post", stance="supports", published="2 May 2025")
    many.progress = stop_after(2)
    with pytest.raises(Interrupted):
        many.revise_source("radio", owner="Group", reason="it was bought long ago")
    last = many.outcome.entries[-1].seq
    with many.reading() as reader:
        connection = reader.connection
        moves = catching_up.recorded_moves(connection, (0, ""))
        places = [(row["seq"], row["claim"]) for row in moves]
        assert places == sorted(places)
        assert [place for place in places if place[0] == last and place[1] > "ship-1"]  # of those that wait
        for number, place in enumerate(places):
            assert catching_up.recorded_moves(connection, place) == moves[number + 1 :]
        before = [row for row in moves if row["seq"] < last]
        assert catching_up.recorded_moves(connection, (0, ""), last=last - 1) == before
        for up_to, count in ((last, 1), (last - 1, 0)):
            of_ship = catching_up.recorded_changes(connection, claim="ship-8", last=up_to)
            assert [row["seq"] for row in of_ship].count(last) == count


@pytest.mark.slow
@pytest.mark.on_both
def test_a_grade_is_recorded_before_its_claims_are_resolved_and_anybody_carries_on(
    many: Tracker, new_tracker: Callable[..., Tracker]
) -> None:
    before = likelihoods(many)
    many.progress = stop_after(2)
    with pytest.raises(Interrupted):
        many.grade_source("radio", "A", reason="it proved right")
    assert many.outcome.entries[-1].act == "source.graded"
    assert waiting(many) == 7
    shown = likelihoods(many)
    assert all(shown[key] > before[key] for key in before)
    changed = [(step.claim, step.entry) for step in many.history("ship-8", clock="recorded")]
    assert changed[-1][1] == many.outcome.entries[-1].seq
    assert ("warning", "7 claims are still to be resolved") in [
        (level, what.partition(";")[0]) for level, what in many.doctor()
    ]
    assert many.audit().problems == ()

    other = new_tracker()
    other.log("ship-8", source="radio", stance="mentions", published="3 May 2025")
    assert waiting(other) == 5  # what the entry touched was resolved first, as it stood before; and one more
    rows = [(step.entry, step.status) for step in other.history("ship-8", clock="recorded")]
    assert [entry for entry, _ in rows][-2:] == [changed[-1][1], other.outcome.entries[-1].seq]

    found = other.resolve_pending()
    assert (found.claims, waiting(other)) == (5, 0)
    assert other.resolve_pending().claims == 0
    whole = dump(other)
    other.rebuild()
    assert dump(other) == whole


def test_others_write_between_two_portions(many: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    other = new_tracker()
    seen: list[int] = []

    def meanwhile(done: int, total: int) -> None:
        if done == 2:
            other.log("ship-0", source="radio", stance="doubts", published="3 May 2025")
        seen.append(done)

    many.progress = meanwhile
    many.grade_source("radio", "A", reason="it proved right")
    assert seen[0] == 0
    assert seen[-1] == 8  # one was resolved by the other
    assert many.outcome.anew == 8
    assert waiting(many) == 0
    assert many.audit().problems == ()


def lose_the_database(patch: pytest.MonkeyPatch, portions: int) -> None:
    """After so many portions of resolving it cannot be reached any more."""
    resolve = catching_up.resolve_waiting
    done: list[None] = []

    def lost(*args: Any) -> catching_up.Resolved:
        if len(done) == portions:
            raise Unreachable("the server does not answer", "look after it")
        done.append(None)
        return resolve(*args)

    patch.setattr(catching_up, "resolve_waiting", lost)


def test_an_act_whose_claims_cannot_be_resolved_is_recorded_all_the_same(
    many: Tracker, places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = CommandLine(places.find("newsroom"))
    before = len(many.entries())
    with monkeypatch.context() as patch:
        lose_the_database(patch, portions=1)
        done = command.run("source", "grade", "radio", "A", "--reason", "it proved right")
    assert done.returncode == 0
    assert done.stdout.startswith("graded radio: A")
    assert "  ship-0: still " in done.stdout
    first, second = done.stderr.splitlines()
    assert first == (
        "warning: this is recorded, but 7 claims that it touched are still to be resolved "
        "(the server does not answer)"
    )
    assert second.endswith("carry on with: tracker db resolve")
    assert (len(many.entries()) - before, waiting(many)) == (1, 7)

    with monkeypatch.context() as patch:
        lose_the_database(patch, portions=0)
        done = command.run("source", "add", "Radio Mirandor", "--key", "other")
    assert done.returncode == 0
    assert "but some claims that earlier acts touched are still to be resolved" in done.stderr
    assert waiting(many) == 7


def test_who_records_something_resolves_but_a_few_of_the_claims_that_wait_for_others(many: Tracker) -> None:
    many.progress = stop_after(0)
    with pytest.raises(Interrupted):
        many.grade_source("radio", "A", reason="it proved right")
    many.add_source("Radio Mirandor", key="other")
    assert waiting(many) == 8
    many.progress = None
    many.grade_source("other", "A", reason="it proved right")
    assert waiting(many) == 7
    assert many.audit().problems == ()


def test_a_dry_run_says_all_and_leaves_nothing(many: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    dry = new_tracker(dry_run=True)
    dry.grade_source("radio", "A", reason="it proved right")
    assert len(dry.outcome.changes) == dry.outcome.anew == 9
    assert waiting(many) == 0


def test_the_command_says_how_many_it_resolved(many: Tracker, places: Places) -> None:
    many.progress = stop_after(0)
    with pytest.raises(Interrupted):
        many.grade_source("radio", "A", reason="it proved right")
    command = CommandLine(places.find("newsroom"))
    assert command.run("db", "resolve").stdout.startswith("resolved 9 claims: ")
    assert command.run("db", "resolve").stdout == "no claims are waiting to be resolved\n"


def test_words_that_an_act_had_written_before_it_was_done_over_are_kept(
    many: Tracker, new_tracker: Callable[..., Tracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spellings, "_PORTION", 0)
    many.progress = stop_after(0)
    with pytest.raises(Interrupted):
        many.grade_source("radio", "A", reason="it proved right")
    other = new_tracker(policy="majority")
    other.add_claim("Quarantine in Marzipan", key="quarantine")
    assert other.audit().problems == ()


def test_what_was_known_of_sources_is_forgotten_where_others_have_written(
    many: Tracker, new_tracker: Callable[..., Tracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who resolves all that waits comes to claims of an act that was not there when they began."""
    monkeypatch.setattr(plainly, "MANY", 1)
    monkeypatch.setattr(plainly, "FEW", 0)
    monkeypatch.setattr(catching_up, "OTHERS", 0)
    many.assess("ship-0", Status.CONFIRMED, reason="seen from the air")
    many.progress = stop_after(0)
    with pytest.raises(Interrupted):
        many.grade_source("radio", "A", reason="it proved right")
    other = new_tracker()
    other.progress = stop_after(0)

    def meanwhile(done: int, total: int) -> None:
        if done == 2:
            with pytest.raises(Interrupted):
                other.assess("ship-8", Status.REFUTED, reason="it lies in the harbour")

    many.progress = meanwhile
    assert many.resolve_pending().claims == 2 + 9
    assert many.audit().problems == ()


@pytest.mark.sqlite_only
def test_nobody_carries_on_in_a_file_that_was_put_back_to_an_older_state(many: Tracker) -> None:
    path = many.database.path
    assert path is not None
    many.progress = stop_after(0)
    with pytest.raises(Interrupted):
        many.grade_source("radio", "A", reason="it proved right")
    many.database.close()
    old = path.read_bytes()
    many.add_source("Radio Mopti")
    many.database.close()
    path.write_bytes(old)
    left = waiting(many)
    many.progress = None
    with pytest.raises(AuditBroken, match="the last ones are lost"):
        many.resolve_pending()
    assert waiting(many) == left > 0


KILLED = """
import os, signal, sys
from tests.conftest import Clock
from tracker.app import catching_up, open_tracker
from tracker.app.requests import numbered_request

catching_up.AT_ONCE, catching_up.PORTION, catching_up.MOST = 3, 2, 2

def die(done, total):
    if done == 4:
        os.kill(os.getpid(), signal.SIGKILL)

with open_tracker(sys.argv[1], author="desk", clock=Clock(), new_request=numbered_request) as tracker:
    tracker.progress = die
    tracker.grade_source("radio", "A", reason="it proved right")
"""
"""Dies between two portions."""


@pytest.mark.slow
def test_who_is_killed_between_two_portions_has_lost_nothing(
    new_tracker: Callable[..., Tracker], places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed, undisturbed = (
        new_tracker(name, new_request=numbered_request) for name in ("newsroom", "undisturbed")
    )
    for each in (killed, undisturbed):
        nine_ships(each)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, places.find("newsroom")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        timeout=60,
    )
    assert ended.returncode == -signal.SIGKILL
    assert waiting(killed) == 5
    assert killed.audit().problems == ()
    done = CommandLine(places.find("newsroom")).run("db", "resolve")
    assert (done.returncode, done.stdout.partition(":")[0]) == (0, "resolved 5 claims")

    monkeypatch.setattr(catching_up, "AT_ONCE", 3)
    monkeypatch.setattr(catching_up, "PORTION", 2)
    undisturbed.grade_source("radio", "A", reason="it proved right")
    assert dump(killed) == dump(undisturbed)


@pytest.mark.slow
def test_whatever_is_done_and_left_undone_in_between_the_tables_are_those_of_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(catching_up, "AT_ONCE", 0)
    monkeypatch.setattr(catching_up, "PORTION", 1)
    monkeypatch.setattr(catching_up, "OTHERS", 0)
    template = tmp_path / "empty.db"
    create_tracker(str(template), author="desk").close()
    play(Postponed, template, journals=12, steps=20)
