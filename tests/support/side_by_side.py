"""Two newsrooms side by side, one in a file of SQLite and one on PostgreSQL, told the same.

    python -m tests.support.side_by_side --runs 100 --steps 50

lets somebody do anything at all in both, in any order, compares everything after each act, and prints how
many acts there were. It stops at the first difference.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule, run_state_machine_as_test

from claims.errors import ClaimsError
from tests.conftest import TEMPLATES, TODAY, Clock
from tests.support.anything import DATES, KEYS, PLACE, Newsroom
from tests.support.commands import CommandLine
from tests.support.dump import dump
from tests.support.postgres import shared
from tracker.app import open_tracker
from tracker.app.requests import numbered_request
from tracker.store import journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.support.postgres import Databases
    from tracker.app import Tracker


def head(tracker: Tracker) -> tuple[int, str] | None:
    """The size and the root of the tree over the journal."""
    with tracker.reading() as reader:
        return journal.read_head(reader.connection)


@dataclass(frozen=True)
class Answer:
    """What came of asking or doing something: a value, or a refusal in words."""

    value: object = None
    refusal: tuple[str, ...] = ()


class Twins:
    """Two trackers that are always told the same, and must always answer the same."""

    def __init__(self, *both: Tracker) -> None:
        self.both = both

    def __getattr__(self, name: str) -> Any:
        """A method of both."""

        def told(*words: object, **fields: object) -> object:
            refusals = []
            answers = []
            for tracker in self.both:
                try:
                    answers.append(Answer(getattr(tracker, name)(*words, **fields)))
                except ClaimsError as error:
                    refusals.append(error)
                    answers.append(Answer(refusal=(type(error).__name__, error.message, error.hint)))
            assert answers[0] == answers[1], name
            if refusals:
                raise refusals[0]
            return answers[0].value

        return told

    @contextmanager
    def act(self) -> Iterator[None]:
        """One act on both."""
        with ExitStack() as stack:
            for tracker in self.both:
                stack.enter_context(tracker.act())
            yield

    def close(self) -> None:
        """Let go of both."""
        for tracker in self.both:
            tracker.close()


def twins_at(*places: str, clock: Clock | None = None, policy: str | None = None) -> Twins:
    """Two trackers whose requests are named alike."""
    options: dict[str, Any] = {"author": "desk", "clock": clock or Clock(TODAY), "policy": policy}
    return Twins(*(open_tracker(place, new_request=numbered_request, **options) for place in places))


MOMENTS = st.sampled_from([None, "now", "2026-11-22", "2027-06-01", "entry:5", "entry:9", "entry:12"])
"""Moments of recording: some before everything, some in its midst, some yet to come."""
FIELDS = st.sampled_from(["text", "name", "when", "aliases", "sides", "reason", "note"])
COMMANDS = st.sampled_from(
    [
        "status",
        "status --as-of 2019-01-01",
        "status --recorded-by entry:9",
        "show c0",
        "why c0",
        "why c1",
        "history c0",
        "history c0 --clock recorded",
        "changes --since 2011 --clock published",
        "changes --since 2026",
        "claim list",
        "source list",
        "source show source-1",
        "entity list",
        "question show toll",
        "case show all",
        "search Person",
        "publications",
        "review",
        "audit log",
        "audit verify",
        "policy list",
        "document list",
        "export casebook",
        "journal export",
    ]
)


class TwoNewsrooms(Newsroom):
    """Anything at all, in any order, in two places, and everything compared after each act."""

    databases: ClassVar[Databases]
    source: ClassVar[str]
    steps: ClassVar[int] = 0
    """How many acts were compared, over all runs."""

    def __init__(self) -> None:
        super().__init__()
        self.file = Path(self.folder) / "any.db"
        shutil.copy(self.file, Path(self.folder) / "other.db")
        self.tracker.close()
        self.url = self.databases.borrow(self.source)
        self.told = 0
        self.reopen(None)

    def reopen(self, policy: str | None) -> None:
        """Leave both desks and come back, to work by a policy."""
        self.tracker.close()
        self.tracker = twins_at(str(self.file), self.url, clock=self.clock, policy=policy)

    def sign_as(self, author: str) -> None:
        """Somebody else sits down at both desks."""
        for tracker in self.tracker.both:
            tracker.author = author

    def teardown(self) -> None:
        try:
            one, other = (dump(tracker) for tracker in self.tracker.both)
            assert one == other
            assert self.tracker.audit().problems == ()
            self.tracker.rebuild()
            assert dump(self.tracker.both[1]) == one
        finally:
            self.tracker.close()
            self.databases.give_back(self.url)
            shutil.rmtree(self.folder)

    @rule(key=KEYS, field=FIELDS)
    def redact_a_field(self, key: str, field: str) -> None:
        self.attempt("redact", key, field=field, reason="private")

    @rule(back=st.integers(0, 20))
    def redact_an_entry(self, back: int) -> None:
        self.attempt("redact", entry=self.tracker.entries()[-1].seq - back, reason="private")

    @rule(
        at=PLACE,
        text=st.sampled_from(["Ship", "Ship \u00fc\U0001f600", "a\tb\\c 'd' %s"]),
        undo=st.booleans(),
    )
    def exchange(self, at: int, text: str, undo: bool) -> None:
        """Another desk takes in what both have, adds to it, and both take in what it has."""
        sent = self.exported().encode()
        path = Path(self.folder) / "other.db"
        options: dict[str, Any] = {"author": "other", "clock": self.clock, "new_request": numbered_request}
        with open_tracker(str(path), **options) as other:
            try:
                other.import_journal(sent)
                self.told += 1
                other.add_claim(f"{text} {self.told}", key=f"there-{self.told}")
                other.log(f"c{at}", source="source-1", stance="doubts", note=text)
                if undo:
                    other.undo(reason="on second thoughts")
            except ClaimsError as error:
                assert error.code
            back = "".join(other.export_journal()).encode()
        self.attempt("import_journal", back)

    def exported(self) -> str:
        """The journal of both, which must be one."""
        one, other = ("".join(tracker.export_journal()) for tracker in self.tracker.both)
        assert one == other
        return one

    @rule(at=PLACE, as_of=DATES, recorded_by=MOMENTS)
    def look_back(self, at: int, as_of: str | None, recorded_by: str | None) -> None:
        """By either clock, or both."""
        when = {"as_of": as_of, "recorded_by": recorded_by}
        self.attempt("statuses", **when)
        for question in ("show", "why", "history"):
            self.attempt(question, f"c{at}", **when)
        self.attempt("search", "Claim person", recorded_by=recorded_by)
        self.attempt("changes", since="2012", recorded_by=recorded_by)

    @rule()
    def import_what_was_exported(self) -> None:
        book = self.tracker.export_casebook()
        self.attempt("import_casebook", book)

    @precondition(lambda self: self.claims)
    @rule(command=COMMANDS, as_json=st.booleans())
    def type_a_command(self, command: str, as_json: bool) -> None:
        words = command.split() + (["--format", "json"] if as_json and "export" not in command else [])
        clock = {"clock": self.clock.now.isoformat()}
        shells = (CommandLine(self.file, **clock), CommandLine(self.url, **clock))
        one, other = (shell.run(*words, TRACKER_AUTHOR="desk", HOME=self.folder) for shell in shells)
        assert one.stdout == other.stdout
        assert one.stderr.replace(str(self.file), "") == other.stderr.replace(self.name, "")
        assert one.returncode == other.returncode

    @property
    def name(self) -> str:
        """What messages call the one on PostgreSQL."""
        found: str = self.tracker.both[1].database.name
        return found

    @invariant()
    def both_stand_alike(self) -> None:
        one, other = self.tracker.both
        assert head(one) == head(other)
        assert dump(one) == dump(other)
        self.tracker.statuses()
        TwoNewsrooms.steps += 1


def drive(databases: Databases, template: Path, runs: settings, steps: int) -> None:
    """Let anything happen in both, so many times, each time so many acts."""
    TwoNewsrooms.template = template
    TwoNewsrooms.databases = databases
    TwoNewsrooms.source = databases.template("empty", TEMPLATES["empty"])
    run_state_machine_as_test(
        TwoNewsrooms,
        settings=settings(runs, stateful_step_count=steps, suppress_health_check=list(HealthCheck)),
    )


def main() -> None:
    """Drive both as the command line says, and print how far they went together."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.side_by_side", description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--steps", type=int, default=50, help="acts in one run, at most")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="twins-") as name:
        folder = Path(name)
        template = folder / "empty.db"
        TEMPLATES["empty"](str(template))
        os.environ["XDG_DATA_HOME"] = str(folder / "data")
        with shared(folder / "postgres") as databases:
            runs = settings(max_examples=asked.runs, database=None, deadline=None, print_blob=True)
            drive(databases, template, runs, asked.steps)
    print(f"{TwoNewsrooms.steps} acts in {asked.runs} runs, after each of which both stood alike")


if __name__ == "__main__":
    main()
