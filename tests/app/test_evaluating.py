"""How well a policy does on settled claims, at the end and day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from claims.policy import Calls
from tests.claims.builders import policy
from tests.support.shared import shared
from tests.support.tables import MAP, fit_quickly, row, rumours, table
from tracker.app.evaluating import early_calls, evaluate, evaluate_all
from tracker.app.maps import load_map
from tracker.app.settled import Settled, settled_claims
from tracker.formats.csvmap import read_map

TODAY = date(2026, 11, 22)
CALLS = replace(policy(), calls=Calls(true=0.8, false=0.5))


def settled(data: bytes) -> Settled:
    return settled_claims(data, read_map(MAP, "ours"), "rumours.csv", TODAY)


WELL_KNOWN = settled(
    table(
        row("held", "one", "for", "2024-03-01", ended="yes"),
        row("held", "two", "for", "2024-03-03", ended="yes"),
        row("held", "three", "for", "2024-03-04", ended="yes"),
        row("fallen", "one", "for", "2024-03-01", ended="no"),
        row("fallen", "two", "against", "2024-03-11", ended="no"),
        row("believed", "one", "for", "2024-03-02", ended="no"),
        row("believed", "two", "for", "2024-03-02", ended="no"),
        row("open", "one", "for", "2024-03-02"),
    )
)
"""By the policy that ships as version 1: one support .75, two .84, three .88; a denial against one .29."""


def test_likelihoods_are_compared_with_how_claims_ended() -> None:
    found = evaluate(WELL_KNOWN, CALLS)

    assert found.policy == "weight-of-evidence@1"
    assert found.as_of == date(2024, 3, 11)
    assert found.measures.n == 3
    assert found.measures.accuracy == pytest.approx(2 / 3)
    assert found.measures.auc == 1
    assert found.ends == {"true": 1, "false": 2, "unsettled": 1}
    assert found.confusion["false"] == {"true": 1, "false": 1, "unsettled": 0}
    assert found.confusion["unsettled"] == {"true": 0, "false": 0, "unsettled": 1}


def test_the_calls_of_a_policy_are_its_own() -> None:
    stricter = replace(policy(), calls=Calls(true=0.99, false=0.01))

    assert evaluate(WELL_KNOWN, stricter).confusion["true"] == {"true": 0, "false": 0, "unsettled": 1}


def test_a_call_is_right_from_the_day_since_which_it_stayed_so() -> None:
    found = early_calls(WELL_KNOWN, CALLS)

    # "held" is called true by its second report two days after the first; "fallen" by the denial
    # ten days after; "believed" never.
    assert found.within == {1: 0, 3: pytest.approx(1 / 3), 7: pytest.approx(1 / 3), 30: pytest.approx(2 / 3)}
    assert found.at_end == pytest.approx(2 / 3)
    assert found.median_days == 6


def test_a_call_that_was_right_and_did_not_stay_so_does_not_count() -> None:
    wavering = settled(
        table(
            row("it", "one", "for", "2024-03-01", ended="yes"),
            row("it", "two", "for", "2024-03-01", ended="yes"),
            row("it", "three", "against", "2024-03-05", ended="yes"),
            *(row("it", f"outlet {n}", "for", "2024-04-30", ended="yes") for n in range(40)),
        )
    )

    found = early_calls(wavering, CALLS)

    assert found.within[30] == 0
    assert (found.at_end, found.median_days) == (1, 60)


def test_without_settled_claims_there_is_nothing_to_measure() -> None:
    found = evaluate(settled(table(row("open", "one", "for"))), CALLS)

    assert (found.measures.n, found.measures.accuracy, found.measures.auc) == (0, None, None)
    assert (found.early.within, found.early.at_end, found.early.median_days) == ({}, None, None)
    assert found.macro_f == 1  # the one claim is called unsettled, and is


def test_nothing_known_afterwards_changes_what_was_said_on_a_day() -> None:
    early = [row("it", "one", "for", "2024-03-01", ended="yes")]
    later = [*early, row("it", "two", "against", "2025-01-01", ended="yes")]

    one, both = (early_calls(settled(table(*rows)), CALLS) for rows in (early, later))

    assert (one.at_end, both.at_end) == (0, 0)  # .75 is no call yet; with the denial it is false
    assert both.within[1] == one.within[1]


@pytest.mark.slow
def test_several_policies_are_evaluated_side_by_side_and_on_claims_held_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fit_quickly(monkeypatch)
    found = evaluate_all(settled(rumours()), (None, "weight-of-evidence@1"), folds=3, repeats=1, seed=4)

    assert [it.policy.partition("@")[0] for it in found] == ["weight-of-evidence"] * 2
    assert found[0].held_out is not None
    assert (found[0].held_out.folds, found[0].held_out.repeats, found[0].held_out.seed) == (3, 1, 4)


def test_the_first_policy_on_the_rumours_of_emergent() -> None:
    data = shared("data", "emergent", "emergent-dev.csv").read_bytes()

    found = evaluate(settled_claims(data, load_map("emergent"), "emergent", TODAY), policy())

    assert found.measures.accuracy == pytest.approx(0.795, abs=0.001)
    assert found.measures.auc == pytest.approx(0.953, abs=0.001)
    assert found.measures.brier == pytest.approx(0.135, abs=0.001)
