"""A second process does half of very many claims: what comes of it is the same, also where it is lost."""

from __future__ import annotations

import os
import signal
import threading
from datetime import date
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from claims.halves import Standing, in_halves
from claims.resolve.plain import KINDS
from claims.resolve.track import Cases
from claims.resolve.worth import Worth
from tests.app.test_plainly import RIGHT_ONCE, SAID, TODAY, put, shown
from tracker import helper as helping
from tracker.app.policies import load_policy
from tracker.app.shared import Shared
from tracker.helper import ENOUGH, Helper, Lost
from tracker.store import copies
from tracker.store.plain import read_cases, read_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.resolve.plain import PlainFacts

POLICY = load_policy()


@pytest.fixture
def helper(monkeypatch: pytest.MonkeyPatch) -> Iterator[Helper]:
    monkeypatch.setattr(helping, "processors", lambda: 2)
    with Helper() as made:
        yield made


def some_claims() -> tuple[PlainFacts, Worth]:
    """Nine claims, two of them rivals, and records of those who speak on them."""
    told = {**SAID, "stance": "supports"}
    claims: list[Any] = [
        (
            {"kind": "location" if n % 2 else "other", "question": "any" if n in (1, 7) else None},
            [{**told, "source": "ab"[n % 2], "recorded_on": date.fromordinal(TODAY.toordinal() - 90 * n)}],
            [],
        )
        for n in range(9)
    ]
    with copies.in_memory() as connection:
        put(connection, claims, [RIGHT_ONCE, {**RIGHT_ONCE, "kind": "other", "right": False}])
        facts = read_plain(connection, {f"c{n}" for n in range(9)}, POLICY, rivals=True)
        assert POLICY.records is not None
        return facts, Worth(Cases(read_cases(connection), KINDS), POLICY.records)


def test_rivals_are_in_one_half() -> None:
    facts, _ = some_claims()
    mine, theirs = in_halves(facts)
    assert sorted([*mine.places, *theirs.places]) == list(range(9))
    for part in (mine, theirs):
        assert part.facts.claims == [facts.claims[place] for place in part.places]
    assert {"c1", "c7"} <= set(mine.facts.claims)


@pytest.mark.parametrize(
    ("lost", "how"),
    [("never", ""), *product(["before it is asked", "before it is asked again"], ["killed", "stopped"])],
)
def test_what_two_processes_make_of_claims_is_what_one_does(
    helper: Helper, lost: str, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts, worth = some_claims()
    alone = Standing(facts, POLICY, TODAY, worth)
    assert helper.is_for(ENOUGH)
    if how == "stopped":
        monkeypatch.setattr(helping, "PATIENCE", 2.0)
    if lost == "before it is asked":
        stop(helper, how)
    shared = Shared(facts, POLICY, TODAY, worth, helper)
    if lost == "before it is asked again":
        stop(helper, how)
    assert shown(shared.said) == shown(alone.said)
    assert shared.since() == alone.since().tolist()
    if lost != "before it is asked again":  # it may have answered all by then
        assert helper.is_for(ENOUGH) == (lost == "never")  # nor is another one started
    assert (helper.processor > 0) == (lost != "before it is asked")


def stop(helper: Helper, how: str) -> None:
    """As a machine does that runs out of memory, or a person by a signal that says no more than halt."""
    assert helper.pid is not None
    os.kill(helper.pid, signal.SIGKILL if how == "killed" else signal.SIGSTOP)


def test_it_is_started_for_many_claims_only_and_where_there_is_a_processor_for_it(
    helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not helper.is_for(ENOUGH - 1)
    assert helper.pid is None
    monkeypatch.setattr(helping, "processors", lambda: 1)
    assert not Helper().is_for(ENOUGH)
    monkeypatch.setattr(helping, "processors", lambda: 2)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert not Helper().is_for(ENOUGH)
    with pytest.raises(Lost):
        helper.answer()


def test_a_program_that_is_one_file_is_not_started_as_if_it_were_python(
    helper: Helper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.frozen", True, raising=False)
    assert not Helper().is_for(ENOUGH)
    assert helper.is_for(ENOUGH)  # made before


@pytest.mark.skipif(os.name != "posix", reason="other systems tell Ctrl-C to processes otherwise")
def test_ctrl_c_is_heard_by_who_started_it_alone(helper: Helper) -> None:
    assert helper.is_for(ENOUGH)
    assert helper.pid is not None
    assert os.getpgid(helper.pid) != os.getpgrp()


def test_records_are_told_once(helper: Helper, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(Helper, "_send", lambda _self, what: sent.append(what))
    _, worth = some_claims()
    for each in (worth, worth, None, None):
        helper.heed(each)
    assert [(name, cases is None) for name, cases, _ in sent] == [("heed", False), ("heed", True)]


@pytest.mark.skipif(os.name != "posix", reason="other systems stop processes otherwise")
def test_one_that_stands_still_is_ended_as_well(helper: Helper) -> None:
    assert helper.is_for(ENOUGH)
    pid = helper.pid
    assert pid is not None
    stop(helper, "stopped")
    ending = threading.Thread(target=helper.end, daemon=True)
    ending.start()
    ending.join(timeout=20)
    ended = not ending.is_alive()
    if not ended:
        os.kill(pid, signal.SIGKILL)
    assert ended


def test_it_ends_with_the_act_also_where_that_is_stopped(helper: Helper) -> None:
    def act() -> None:
        with helper:
            helper.is_for(ENOUGH)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        act()
    assert helper.pid is None
    assert not helper.is_for(ENOUGH)
