"""Properties over any sequence of acts: the tables follow from the journal, and the journal verifies."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from claims.errors import ClaimsError
from claims.vocabulary import Relation, Status
from tests.conftest import TODAY, Clock
from tests.support.dump import dump
from tests.support.examples import examples
from tracker.app import Tracker, create_tracker, open_tracker

pytestmark = pytest.mark.slow  # it starts many processes, or many trackers

KINDS = ("death", "sign-of-life", "event", "other", "statement")
STANCES = st.sampled_from(["supports", "denies", "doubts", "mentions"])
DATES = st.sampled_from([None, "2018", "late 2018", "2019-03-01", "before 2020", "2011~", "May 2012"])
PLACE = st.integers(0, 5)
GRADES = st.sampled_from(["A", "B", "C", "D", "E", "F", None])


def standing(tracker: Tracker) -> dict[str, tuple[str, float]]:
    """How every claim stands."""
    return {each.key: (each.status, pytest.approx(each.likelihood)) for each in tracker.statuses()}


class Newsroom(RuleBasedStateMachine):
    """Somebody does anything at all, in any order; refusals are part of it."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = Clock(TODAY)
        path = Path(self.folder) / "any.db"
        shutil.copy(self.template, path)
        self.tracker = open_tracker(str(path), author="desk", clock=self.clock)
        self.claims = 0

    def teardown(self) -> None:
        try:
            before = dump(self.tracker)
            assert self.tracker.audit().problems == ()
            self.tracker.rebuild()
            assert dump(self.tracker) == before
            self.another_desk_takes_it_in()
        finally:
            self.tracker.close()
            shutil.rmtree(self.folder)

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

    @initialize()
    def people_and_sources(self) -> None:
        for number in range(3):
            self.tracker.add_entity(f"Person {number}", type="person")
            self.tracker.add_source(f"Source {number}", sides=["one"] if number else [])
        self.tracker.add_question("Who did it?", key="who")
        self.tracker.open_case("all")

    @rule(kind=st.sampled_from(KINDS), person=st.integers(0, 2), when=DATES, asked=st.booleans())
    def claim(self, kind: str, person: int, when: str | None, asked: bool) -> None:
        self.attempt(
            "add_claim",
            f"Claim {self.claims}",
            key=f"c{self.claims}",
            kind=kind,
            subject=f"person-{person}",
            when=when,
            question="who" if asked else None,
            case="all" if person else None,
        )
        self.claims += 1

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, source=st.integers(0, 2), stance=STANCES, published=DATES, relays=st.booleans())
    def log(self, at: int, source: int, stance: str, published: str | None, relays: bool) -> None:
        self.attempt(
            "log",
            f"c{at}",
            source=f"source-{source}",
            stance=stance,
            published=published,
            relays="source-0" if relays else None,
        )

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, source=st.integers(0, 2), by_source=st.booleans())
    def withdraw(self, at: int, source: int, by_source: bool) -> None:
        how = {"by_source": "2020-01-01"} if by_source else {"mistake": True}
        self.attempt("withdraw", f"c{at}.source-{source}", reason="wrong", **how)

    @precondition(lambda self: self.claims)
    @rule(one=PLACE, other=PLACE, relation=st.sampled_from(list(Relation)))
    def link(self, one: int, other: int, relation: Relation) -> None:
        self.attempt("link", f"c{one}", relation, f"c{other}", reason="so it seems")

    @rule(at=PLACE, back=st.booleans())
    def judge_a_link(self, at: int, back: bool) -> None:
        """One that a person made, or one that a rule found."""
        keys = [link.key for link in self.tracker.links()]
        if keys:
            act = "reopen_link" if back else "resolve_link"
            self.attempt(act, keys[at % len(keys)], reason="on a closer look")

    @rule(off=st.booleans(), name=st.sampled_from(["life-after-death", "one-answer"]))
    def switch(self, off: bool, name: str) -> None:
        rules = {"off": [name]} if off else {"on": [name]}
        self.attempt("revise_case", "all", reason="how we see it", **rules)

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, when=DATES, person=st.integers(0, 2))
    def revise(self, at: int, when: str | None, person: int) -> None:
        self.attempt("revise_claim", f"c{at}", when=when, subject=f"person-{person}", reason="better")

    @rule(source=st.integers(0, 2), grade=GRADES)
    def grade(self, source: int, grade: str | None) -> None:
        self.attempt("grade_source", f"source-{source}", grade, reason="experience")

    @rule(one=st.integers(0, 2), other=st.integers(0, 2), back=st.booleans())
    def merge(self, one: int, other: int, back: bool) -> None:
        if back:
            self.attempt("unmerge_entity", f"person-{one}", reason="two after all")
        else:
            self.attempt("merge_entity", f"person-{one}", f"person-{other}", reason="one man")

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, status=st.sampled_from(list(Status)))
    def assess(self, at: int, status: Status) -> None:
        self.attempt("assess", f"c{at}", status, likelihood=0.5, reason="own view")

    @rule()
    def undo(self) -> None:
        self.attempt("undo", reason="on second thoughts")

    @rule(days=st.integers(-3, 500))
    def time_passes(self, days: int) -> None:
        """Also backwards: a clock may be set back."""
        self.clock.now = self.clock.now + timedelta(days=days)

    def attempt(self, act: str, *args: object, **fields: object) -> None:
        try:
            getattr(self.tracker, act)(*args, **fields)
        except ClaimsError as error:
            assert error.message
            assert error.code

    @invariant()
    def time_never_runs_backwards(self) -> None:
        moments = [entry.recorded_at for entry in self.tracker.entries()]
        assert moments == sorted(moments)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("any") / "empty.db"
    create_tracker(str(path), author="desk").close()
    return path


def test_any_sequence_of_acts_gives_the_same_tables_by_projection_and_by_rebuild(template: Path) -> None:
    Newsroom.template = template
    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        Newsroom,
        settings=settings(examples(40), stateful_step_count=25, suppress_health_check=list(HealthCheck)),
    )
