"""How stances fared, as stored: read case by case, and added up."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from claims.resolve.accounts import account_of
from claims.vocabulary import Status
from tracker.store import outcomes, plain, rows
from tracker.store import tables as t

if TYPE_CHECKING:
    from tracker.app import Tracker


def settle(tracker: Tracker) -> None:
    """Four claims on which two sources had taken a side; one was taken for true for a while."""
    for source in ("paper", "radio"):
        tracker.add_source(source.title(), key=source)
    for number, kind in enumerate(("event", "event", "other", "other")):
        tracker.add_claim(f"Claim {number}", key=f"c{number}", kind=kind)
        tracker.log(f"c{number}", source="paper", stance="supports", published=f"2026-01-0{number + 1}")
        tracker.log(f"c{number}", source="radio", stance="denies", published="2026-01-05")
        status = Status.CONFIRMED if number % 2 else Status.REFUTED
        tracker.assess(f"c{number}", status, on=date(2026, 2, 1), reason="seen")
    tracker.assess("c0", Status.DISPUTED, on=date(2026, 3, 1), reason="not so sure")


@pytest.mark.on_both
def test_what_cases_add_up_to_is_what_they_are_one_by_one(tracker: Tracker) -> None:
    settle(tracker)
    with tracker.reading() as reader:
        found = outcomes.read_accounts(reader.connection, ["paper", "radio", "nobody"], ["c0", "c2"])
        cases = reader.outcomes_of(["paper", "radio"])
    assert found.keys() == {"paper", "radio"}
    for source, account in found.items():
        slowly = account_of(cases[source])
        assert account.courses == slowly.courses
        assert (account.changes, account.count) == (slowly.changes, slowly.count)
        assert account.named == {claim: slowly.named[claim] for claim in ("c0", "c2")}
    assert sum(each.until is not None for each in cases["paper"]) == 1


@pytest.mark.on_both
def test_whatever_form_the_server_writes_days_in(tracker: Tracker) -> None:
    settle(tracker)
    with tracker.reading() as reader:
        usual = outcomes.read_accounts(reader.connection, ["paper", "radio"], [])
        if reader.connection.dialect.name == "postgresql":
            reader.connection.exec_driver_sql("SET LOCAL DateStyle = 'German'")
        found = outcomes.read_accounts(reader.connection, ["paper", "radio"], [])
    assert {key: each.courses for key, each in found.items()} == {
        key: each.courses for key, each in usual.items()
    }


@pytest.mark.on_both
def test_a_verdict_that_is_taken_back_leaves_no_case(tracker: Tracker) -> None:
    settle(tracker)

    def cases() -> list[str]:
        with tracker.reading() as reader:
            return [each.source for each in outcomes.read(reader.connection, t.outcomes.c.claim, ["c1"])]

    assert cases() == ["paper", "radio"]
    (verdict,) = (e for e in tracker.entries() if e.act == "assessment.made" and "c1" in e.subject)
    tracker.undo(verdict.seq, reason="it was another claim")
    assert cases() == []


@pytest.mark.sqlite_only
def test_they_are_added_up_from_the_index_alone(tracker: Tracker) -> None:
    """So many as there are of a source, and no others."""
    settle(tracker)
    with tracker.database.engine.connect() as connection:
        words, values = outcomes.question_of_sources(
            connection, outcomes.sorts_words(connection.dialect), ["paper"]
        )
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}", tuple(values)).all()
    covered = "USING COVERING INDEX ix_outcomes_source_sort (source=?)"
    assert [covered in str(row[-1]) for row in plan] == [True]


def test_one_more_piece_makes_nothing_of_each_case_of_its_source(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(tracker)
    for key in ("open", "one", "other"):
        tracker.add_claim(f"Claim {key}", key=key, kind="event")
    tracker.link("one", "contradicts", "other", reason="both cannot be")
    made: list[object] = []
    one_by_one = rows.outcome_of
    monkeypatch.setattr(rows, "outcome_of", lambda row: made.append(row) or one_by_one(row))
    monkeypatch.setattr(plain, "read_cases", None)

    for key in ("open", "one"):
        tracker.log(key, source="paper", stance="supports", published="2026-05-01")
        assert tracker.status(key).likelihood != tracker.policy.base_rate["default"]
        assert made == []
    assert tracker.audit().problems == ()
