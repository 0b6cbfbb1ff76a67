"""What tables hold that hardly ever changes is read once, and anew when somebody has changed it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from claims.errors import FutureDate
from tracker.app import open_tracker
from tracker.store import remembering

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """A tracker with two outlets and two claims about one man, on which it has logged a while."""
    tracker.add_source("Paper", key="paper")
    tracker.add_source("Radio", key="radio", owner="Group")
    tracker.add_entity("Mayor Ode", key="ode", type="person")
    tracker.add_entity("A. Ode", key="a-ode", type="person")
    tracker.add_question("Where was he?", key="where")
    tracker.add_claim("Ode was seen", key="seen", kind="sign-of-life", subject="a-ode", when="2025-03")
    tracker.add_claim("The mayor has died", key="died", kind="death", subject="ode", when="2025-02")
    tracker.add_claim("The bridge fell", key="fell", kind="event", when="2025")
    tracker.add_claim("The bridge was closed", key="stood", kind="event", when="2025")
    for claim in ("seen", "died", "stood", "fell", "fell"):
        log(tracker, claim)
    return tracker


def log(tracker: Tracker, claim: str, source: str = "paper") -> None:
    tracker.log(claim, source=source, stance="supports", published="2026-01-02")


def asked(tracker: Tracker, act: Callable[[], Any]) -> list[str]:
    """The statements of an act."""
    found: list[str] = []

    def heard(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    sa.event.listen(tracker.database.engine, "before_cursor_execute", heard)
    try:
        act()
    finally:
        sa.event.remove(tracker.database.engine, "before_cursor_execute", heard)
    return found


@pytest.mark.on_both
def test_an_act_like_the_one_before_asks_for_nothing_that_both_rest_on(desk: Tracker) -> None:
    said = asked(desk, lambda: log(desk, "fell"))
    for table in ("entities", "cases", "links", "assessments", "source_sides", "claims", "policies"):
        assert not [each for each in said if table in each and each.startswith("SELECT")], table
    assert len(said) <= 17


def test_a_document_leaves_all_that_is_remembered_as_it_was(desk: Tracker) -> None:
    desk.add_document("The front page", key="page")
    desk.revise_document("page", title="The last page", reason="it was there")
    said = asked(desk, lambda: log(desk, "fell"))
    for table in ("entities", "cases", "links", "assessments", "source_sides", "claims", "policies"):
        assert not [each for each in said if table in each and each.startswith("SELECT")], table


CHANGES: dict[str, Callable[[Tracker], Any]] = {
    "a grade": lambda tracker: tracker.grade_source("paper", "E", reason="it was wrong"),
    "an owner": lambda tracker: tracker.revise_source("paper", owner="Group", reason="bought"),
    "a side": lambda tracker: tracker.revise_source("paper", sides=["north"], reason="bought"),
    "a merge": lambda tracker: tracker.merge_entity("a-ode", into="ode", reason="one man"),
    "a case by another policy": lambda tracker: (
        tracker.add_case("inquiry", policy="latest@1"),
        tracker.revise_claim("fell", case="inquiry", reason="it belongs there"),
    ),
    "a judgement": lambda tracker: tracker.assess("fell", "refuted", reason="it stands"),
    "a link": lambda tracker: tracker.link("fell", "contradicts", "died", reason="so it is"),
    "another question": lambda tracker: [
        tracker.revise_claim(claim, question="where", value=claim, reason="it answers that")
        for claim in ("fell", "stood")
    ],
    "a claim taken back": lambda tracker: tracker.withdraw_record("died", what="claim", reason="a mistake"),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_what_was_changed_is_read_anew(desk: Tracker, change: str) -> None:
    CHANGES[change](desk)
    for claim in ("fell", "seen", "fell"):
        log(desk, claim, "radio")
    assert desk.audit().problems == ()


@pytest.mark.slow
@pytest.mark.parametrize("change", CHANGES)
def test_what_another_tracker_has_changed_is_read_anew(desk: Tracker, change: str) -> None:
    with open_tracker(desk.database.url, author="another") as another:
        CHANGES[change](another)
    for claim in ("fell", "seen", "fell"):
        log(desk, claim, "radio")
    assert desk.audit().problems == ()


def test_what_several_have_changed_is_read_anew(desk: Tracker) -> None:
    desk.merge_entity("a-ode", into="ode", reason="one man")
    log(desk, "seen")
    desk.grade_source("paper", "E", reason="it was wrong")
    log(desk, "fell")
    with open_tracker(desk.database.url, author="another") as another:
        another.assess("fell", "refuted", reason="it stands")
    log(desk, "fell", "radio")
    assert desk.audit().problems == ()


def test_a_link_that_a_rule_finds_is_heeded_by_the_next_act(desk: Tracker) -> None:
    desk.add_claim("The bridge did not fall", key="stands", kind="event", when="2025")
    for claim in ("stands", "fell", "stands"):
        log(desk, claim, "radio")
    assert desk.audit().problems == ()


def grade_and_log_too_soon(tracker: Tracker) -> None:
    with tracker.act():
        tracker.grade_source("paper", "E", reason="it was wrong")
        tracker.log("fell", source="paper", stance="supports", published="2999-01-01")


def test_what_a_step_did_that_failed_is_not_remembered(desk: Tracker) -> None:
    with desk.act():
        with pytest.raises(FutureDate):
            grade_and_log_too_soon(desk)
        log(desk, "fell", "radio")
    log(desk, "fell")
    assert desk.audit().problems == ()


def test_nothing_is_remembered_by_those_who_read(desk: Tracker) -> None:
    log(desk, "fell")
    with open_tracker(desk.database.url, author="another") as another:
        another.revise_source("paper", name="The Paper", reason="so it is called")
    with desk.reading() as reader:
        assert reader.sources(["paper"])["paper"].name == "The Paper"


def read_of_links(said: list[str]) -> list[str]:
    return [each for each in said if "links" in each and each.startswith("SELECT")]


@pytest.mark.on_both
def test_a_desk_that_is_open_for_months_does_not_fill_the_memory(
    desk: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not read_of_links(asked(desk, lambda: log(desk, "fell")))
    monkeypatch.setattr(remembering, "ROOM", 3)
    assert read_of_links(asked(desk, lambda: log(desk, "fell")))
    assert desk.audit().problems == ()


@pytest.mark.on_both
def test_of_very_many_records_at_once_none_is_remembered(tracker: Tracker) -> None:
    few = [f"dam-{number}" for number in range(remembering.FEW)]
    asked_for: list[list[str]] = []

    def read(keys: list[str]) -> dict[str, str]:
        asked_for.append(keys)
        return {key: key.title() for key in keys}

    with tracker.reading() as reader:
        forget = remembering.remember(reader.connection, held := {})
        for keys in ([*few, "depot"], few, few):
            found = remembering.each_once(reader.connection, "dams", keys, read)
            assert found == {key: key.title() for key in keys}
        forget()
    assert asked_for == [[*few, "depot"], few]
    assert len(held) == len(few)


@pytest.mark.on_both
def test_a_record_that_is_not_there_is_left_out_and_looked_for_once(tracker: Tracker) -> None:
    asked_for: list[str] = []

    def read(keys: list[str]) -> dict[str, str]:
        asked_for.extend(keys)
        return {key: "The dam" for key in keys if key == "dam"}

    with tracker.reading() as reader:
        forget = remembering.remember(reader.connection, {})
        for _ in range(2):
            found = remembering.each_once(reader.connection, "names", ["dam", "depot"], read)
            assert found == {"dam": "The dam"}
        forget()
    assert asked_for == ["dam", "depot"]
