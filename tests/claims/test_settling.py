"""When claims were settled, and which sources turned out right: what a record is made from."""

from __future__ import annotations

import pytest

from claims.resolve import resolve
from claims.settling import outcomes_of
from claims.vocabulary import Withdrawal
from tests.claims.builders import (
    TODAY,
    alive,
    assessed,
    claim,
    day,
    death,
    dossier,
    policy,
    policy_with_records,
    said,
)


def outcomes(*records, on=TODAY):
    return outcomes_of(dossier(*records), policy_with_records(), on)


def fared(*records, on=TODAY):
    """Each source, its side, and whether it was right."""
    return [(o.source, o.sign, o.right) for o in outcomes(*records, on=on)]


def test_a_claim_that_nobody_ever_settles_says_nothing_of_its_sources():
    assert outcomes(said("paper"), said("radio", "denies")) == ()


def test_a_persons_verdict_settles_a_claim_for_all_who_had_spoken():
    found = fared(said("paper"), said("radio", "denies"), assessed("claim", "refuted"))
    assert found == [("paper", 1, False), ("radio", -1, True)]


def test_evidence_alone_settles_a_claim_too():
    record = said("court", on="2020-01-02", basis="official-record")
    seen = [said(f"witness-{n}", on="2020-01-02", basis="witnessed") for n in range(4)]
    found = outcomes(said("paper", on="2020-01-01"), record, *seen)
    assert [(o.source, o.right, o.since) for o in found] == [("paper", True, day("2020-01-02"))]


def test_proof_of_life_settles_every_death_reported_before_it():
    seen = [said(by, of="alive", on="2019-03-01", basis="witnessed") for by in ("video", "envoy")]
    records = [
        death("killed", when="2018"),
        alive("alive", when="2019-03-01"),
        said("ministry", of="killed", on="2018-11-23"),
        said("rebels", "denies", of="killed", on="2018-12-01"),
        *seen,
    ]
    assert fared(*records)[:2] == [("ministry", 1, False), ("rebels", -1, True)]


def test_who_speaks_after_a_claim_was_settled_earns_nothing():
    early, late = said("early", on="2020-01-01"), said("late", on="2024-02-01", recorded_on=TODAY)
    assert fared(early, late, assessed("claim", "confirmed", "2024-01-01")) == [("early", 1, True)]


def test_nothing_settled_after_the_day_counts():
    records = [said("paper", on="2020-01-01"), assessed("claim", "confirmed", "2024-01-01")]
    assert outcomes(*records, on=day("2023-12-31")) == ()
    assert len(outcomes(*records, on=day("2024-01-01"))) == 1


def test_what_counts_is_the_last_word_before_the_settlement():
    first, then = said("paper", on="2020-01-01"), said("paper", "denies", on="2020-02-01", key="turned")
    assert fared(first, then, assessed("claim", "refuted")) == [("paper", -1, True)]


def test_who_merely_relays_answers_for_nothing_and_whom_it_relays_does():
    relayed = said("paper", relays="ministry")
    assert fared(relayed, assessed("claim", "refuted")) == [("ministry", 1, False)]


def test_mentions_and_what_was_taken_back_in_time_are_no_cases():
    early = {"withdrawn": Withdrawal.BY_SOURCE, "withdrawn_on": day("2023-01-01")}
    assert fared(said("a", "mentions"), assessed("claim", "refuted")) == []
    assert fared(said("a", **early), assessed("claim", "refuted")) == []
    assert fared(said("a", withdrawn=Withdrawal.MISTAKE), assessed("claim", "refuted")) == []


def test_a_verdict_that_was_reversed_ends_the_first_settlement():
    found = outcomes(
        said("paper"),
        assessed("claim", "confirmed", "2024-01-01"),
        assessed("claim", "refuted", "2024-02-01", key="again"),
    )
    assert [(o.right, o.since, o.until) for o in found] == [
        (True, day("2024-01-01"), day("2024-02-01")),
        (False, day("2024-02-01"), None),
    ]


@pytest.mark.parametrize("status", ["disputed", "unverified"])
def test_a_person_who_leaves_it_open_settles_nothing(status):
    assert outcomes(said("paper"), assessed("claim", status)) == ()


def test_how_things_stand_is_settled_by_people_only():
    held = [said(f"w{n}", basis="witnessed", on="2024-01-02", recorded_on=TODAY) for n in range(5)]
    early = said("paper", on="2024-01-01")
    assert len(outcomes(early, *held)) == 1
    state = claim(kind="location", subject="kouffa")
    assert outcomes(state, early, *held) == ()
    assert len(outcomes(state, early, assessed("claim", "confirmed"))) == 1


def test_a_large_group_is_resolved_on_some_days_only(monkeypatch):
    monkeypatch.setattr("claims.history.WORK", 0)
    monkeypatch.setattr("claims.past.FEW", 1_000)  # so that they are counted
    asked = []
    monkeypatch.setattr("claims.past.resolve.resolve", lambda *args: asked.append(args[2]) or resolve(*args))
    pieces = [said(f"s{n}", on=f"2023-11-{n:02}", basis="witnessed") for n in range(1, 29)]
    found = outcomes_of(dossier(*pieces), policy(), TODAY)
    assert len(asked) == 5
    assert {each.source for each in found} <= {f"s{n}" for n in range(1, 29)}
