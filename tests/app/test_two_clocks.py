"""What was said when an entry was the last is what the record says up to that entry, whatever came later."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.support.anything import Newsroom
from tracker.report import jsonable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.app import Tracker

DIFFERS = ("recorded_by",)
"""What the two answers cannot have in common."""


def said(tracker: Tracker, **clocks: Any) -> dict[str, Any]:
    """All that a tracker says: the statuses of all claims, and all of the first and the last."""
    statuses = [jsonable.standing(each) for each in tracker.statuses(**clocks)]
    keys = [each["key"] for each in statuses]
    return {
        "status": statuses,
        "show": [jsonable.show(tracker.show(key, **clocks)) for key in keys[:1] + keys[1:][-1:]],
        "why": [jsonable.explanation(tracker.why(key, **clocks)) for key in keys[:1] + keys[1:][-1:]],
    }


def comparable(value: Any) -> Any:
    """An answer without what says up to when the record was read; numbers to nine digits."""
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items() if name not in DIFFERS}
    if isinstance(value, list):
        return [comparable(each) for each in value]
    return round(value, 6) if isinstance(value, float) else value


def differing(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Where two answers differ, and in what."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for name, value in one.items():
            yield from differing(
                value, other[name], f"{where}/{value.get('key', name) if isinstance(value, dict) else name}"
            )
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, value in enumerate(one):
            yield from differing(value, other[number], f"{where}/{number}")
    elif one != other:
        yield f"{where}: {one} was said, and is now {other}"


class Remembered(Newsroom):
    """After each act somebody writes down what the tracker says; at the end it must say all that again."""

    def __init__(self) -> None:
        super().__init__()
        self.written: dict[int, Any] = {}

    @rule(days=st.sampled_from([0, 0, 1, 40, 400]), microseconds=st.integers(0, 1))
    def time_passes(self, days: int, microseconds: int) -> None:
        self.clock.now += timedelta(days=days, microseconds=microseconds)

    def attempt(self, act: str, *args: object, **fields: object) -> None:
        super().attempt(act, *args, **fields)
        self.write_down()

    def several_at_once(self, at: int, stances: list[str]) -> None:
        super().several_at_once(at, stances)
        self.write_down()

    def write_down(self) -> None:
        if entries := self.tracker.outcome.entries:
            self.written.setdefault(entries[-1].seq, comparable(said(self.tracker)))

    def at_the_end(self) -> None:
        for entry, answer in self.written.items():
            again = comparable(said(self.tracker, recorded_by=f"entry:{entry}"))
            found = list(differing(answer, again))
            assert not found, f"entry {entry}: {found}"


def run(template: Path, examples: int, steps: int) -> None:
    Remembered.template = template
    run_state_machine_as_test(
        Remembered,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )


def test_what_was_said_at_an_entry_is_said_again(empty_database: Path) -> None:
    run(empty_database, examples=4, steps=12)


@pytest.mark.slow
def test_what_was_said_at_any_entry_of_long_journals_is_said_again(empty_database: Path) -> None:
    run(empty_database, examples=int(os.environ.get("TWO_CLOCKS_EXAMPLES", "30")), steps=40)
