"""A newsroom in which somebody does anything at all, in any order, for properties over every sequence."""

from __future__ import annotations

import shutil
import tempfile
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from claims.errors import ClaimsError
from claims.vocabulary import Relation, Status
from tests.conftest import TEMPLATES, TODAY, Clock
from tests.support.examples import examples
from tracker.app import open_tracker

if TYPE_CHECKING:
    from tests.support.postgres import Databases

KINDS = ("death", "sign-of-life", "event", "other", "statement", "leadership", "count")
STANCES = st.sampled_from(["supports", "denies", "doubts", "mentions"])
DATES = st.sampled_from(
    [None, "2018", "late 2018", "2019-03-01", "before 2020", "2011~", "May 2012", "yesterday", "this year"]
)
POLICIES = st.sampled_from(["none", "majority", "hierarchy", "assessed", "weight-of-evidence@1"])
PLACE = st.integers(0, 5)
DAYS = st.sampled_from([None, "2020-01-01"])
KEYS = st.sampled_from(["c0", "c1", "c2", "person-0", "person-1", "source-0", "source-1", "who", "all"])
GRADES = st.sampled_from(["A", "B", "C", "D", "E", "F", None])


class Newsroom(RuleBasedStateMachine):
    """Somebody does anything at all, in any order; refusals are part of it."""

    template: Path
    server: Databases | None = None
    """Where it is played on a server instead of a file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.mkdtemp()
        self.clock = Clock(TODAY)
        self.place = self.empty_place()
        self.tracker = open_tracker(self.place, author="desk", clock=self.clock)
        self.claims = 0

    def empty_place(self) -> str:
        """An empty tracker."""
        if self.server is not None:
            return self.server.borrow(self.server.template("empty", TEMPLATES["empty"]))
        path = Path(self.folder) / "any.db"
        shutil.copy(self.template, path)
        return str(path)

    def teardown(self) -> None:
        try:
            self.at_the_end()
        finally:
            self.tracker.close()
            shutil.rmtree(self.folder)
            if self.server is not None:
                self.server.give_back(self.place)

    def at_the_end(self) -> None:
        """What must hold when all is done."""

    @initialize()
    def people_and_sources(self) -> None:
        for number in range(3):
            self.tracker.add_entity(f"Person {number}", type="person", aliases=[f"P. {number}"])
            self.tracker.add_source(f"Source {number}", sides=["one"] if number else [])
        self.tracker.add_question("Who did it?", key="who")
        self.tracker.add_question("How many?", key="toll", counted="civilians", cumulative=True)
        self.tracker.open_case("all")
        self.tracker.add_document("The report", key="report", publisher="source-0")

    @rule(kind=st.sampled_from(KINDS), person=st.integers(0, 2), when=DATES, asked=st.booleans())
    def claim(self, kind: str, person: int, when: str | None, asked: bool) -> None:
        self.attempt(
            "add_claim",
            f"Claim {self.claims}",
            key=f"c{self.claims}",
            kind=kind,
            subject=f"person-{person}",
            when=when,
            value=str(10 * (self.claims + 1)) if kind == "count" else None,
            question=("toll" if kind == "count" else "who") if asked else None,
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
    @rule(at=PLACE, source=st.integers(0, 2), stance=STANCES, published=DATES, read=st.booleans())
    def correct(self, at: int, source: int, stance: str, published: str | None, read: bool) -> None:
        fields = {"stance": stance, "published": published, "document": "report" if read else None}
        self.attempt("correct_evidence", f"c{at}.source-{source}", reason="misread", **fields)

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, stances=st.lists(STANCES, min_size=1, max_size=3))
    def several_at_once(self, at: int, stances: list[str]) -> None:
        """Acts that are one: a batch of entries."""
        try:
            with self.tracker.act():
                for number, stance in enumerate(stances):
                    self.tracker.log(f"c{at}", source=f"source-{number}", stance=stance, basis="witnessed")
                self.tracker.grade_source("source-1", "B", reason="with these")
        except ClaimsError as error:
            assert error.code

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

    @rule(policy=POLICIES)
    def choose_policy(self, policy: str) -> None:
        self.attempt("revise_case", "all", reason="how we resolve it", policy=policy)

    @rule(policy=st.sampled_from([None, "weight-of-evidence@1", "majority"]))
    def adopt(self, policy: str | None) -> None:
        """From the next act on, the tracker's own policy is another."""
        self.reopen(policy)

    @rule(source=st.integers(0, 2), owner=st.sampled_from(["Echo Group", None]), name=st.booleans())
    def revise_source(self, source: int, owner: str | None, name: bool) -> None:
        fields = {"owner": owner} | ({"name": f"Outlet {source}"} if name else {})
        self.attempt("revise_source", f"source-{source}", reason="its imprint", **fields)

    @rule(exactly_one=st.booleans(), cumulative=st.booleans())
    def revise_questions(self, exactly_one: bool, cumulative: bool) -> None:
        self.attempt("revise_question", "who", reason="a list", exactly_one=exactly_one)
        self.attempt("revise_question", "toll", reason="they add up", cumulative=cumulative)

    @rule(person=st.integers(0, 2), name=st.booleans())
    def rename(self, person: int, name: bool) -> None:
        fields = {"name": f"Man {person}"} if name else {"aliases": [f"Alias {person}"]}
        self.attempt("revise_entity", f"person-{person}", reason="as he is called", **fields)

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
    @rule(at=PLACE, status=st.sampled_from(list(Status)), proposed=st.booleans())
    def assess(self, at: int, status: Status, proposed: bool) -> None:
        self.attempt("assess", f"c{at}", status, likelihood=0.5, reason="own view", proposed=proposed)

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, act=st.sampled_from(["approve", "reject", "undo"]))
    def a_second_person(self, at: int, act: str) -> None:
        words = () if act == "undo" else (f"c{at}",)
        self.sign_as("second")
        self.attempt(act, *words, reason="as I see it")
        self.sign_as("desk")

    @rule()
    def undo(self) -> None:
        self.attempt("undo", reason="on second thoughts")

    @rule(back=st.integers(0, 30))
    def undo_an_entry(self, back: int) -> None:
        last = len(self.tracker.entries())
        self.attempt("undo", max(1, last - back), reason="it was a mistake")

    @rule(back=st.integers(0, 9))
    def undo_an_act(self, back: int) -> None:
        last = len(self.tracker.entries())
        self.attempt("undo", max(1, last - back), whole=True, reason="it was a mistake")

    @precondition(lambda self: self.claims)
    @rule(at=PLACE, where=st.sampled_from(["https://example.org", "print"]), on=DAYS)
    def publish(self, at: int, where: str, on: str | None) -> None:
        self.attempt("publish", f"c{at}", where=where, on=on, note="by Jane Doe")
        self.tracker.review()

    @rule(key=KEYS, back=st.booleans())
    def withdraw_record(self, key: str, back: bool) -> None:
        self.attempt("restore" if back else "withdraw_record", key, reason="by mistake")

    @rule(days=st.integers(-3, 500))
    def time_passes(self, days: int) -> None:
        """Also backwards: a clock may be set back."""
        self.clock.now = self.clock.now + timedelta(days=days)

    def sign_as(self, author: str) -> None:
        """Somebody else sits down at the desk."""
        self.tracker.author = author

    def reopen(self, policy: str | None) -> None:
        """Leave the desk and come back, to work by a policy."""
        self.tracker.close()
        self.tracker = open_tracker(self.place, author="desk", clock=self.clock, policy=policy)

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


def play(
    machine: type[Newsroom], template: Path, journals: int, steps: int, server: Databases | None = None
) -> None:
    """Let anything happen in copies of a tracker, or in databases of a ``server``: in about so many, in each
    so many acts."""
    machine.template, machine.server = template, server
    run_state_machine_as_test(
        machine,
        settings=settings(
            examples(journals), stateful_step_count=steps, suppress_health_check=list(HealthCheck)
        ),
    )
