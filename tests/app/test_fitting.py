"""Fitting a policy: too few claims are refused, those held back are held back, the file says it all."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from benchmarks.policies import majority, votes_of
from claims.errors import BadFile, BadValue, NotFound, TooFewSettled
from claims.fitting import numbers_of
from claims.measure import measure
from claims.policy import Calls, policy_from_data
from tests.claims.builders import policy, policy_with_records
from tests.support.shared import shared
from tests.support.tables import MAP, fit_quickly, row, rumours, table
from tracker.app import fitting
from tracker.app.evaluating import evaluate
from tracker.app.fitting import best_calls, cross_validate, deal, fit_policy
from tracker.app.maps import load_map
from tracker.app.policies import find_policy
from tracker.app.policyfiles import refit
from tracker.app.settled import Settled, settled_claims
from tracker.formats.csvmap import read_map

TODAY = date(2026, 11, 22)


def settled(data: bytes) -> Settled:
    return settled_claims(data, read_map(MAP, "ours"), "rumours.csv", TODAY)


@pytest.fixture(autouse=True)
def quick(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "slow" not in request.keywords:
        fit_quickly(monkeypatch)


@pytest.fixture(scope="module")
def many() -> Settled:
    return settled(rumours())


def of(true: int, false: int) -> Settled:
    """So many settled claims of each truth."""
    return settled(
        table(
            *(row(f"true {n}", "one", "for", ended="yes") for n in range(true)),
            *(row(f"false {n}", "one", "against", ended="no") for n in range(false)),
        )
    )


@pytest.mark.parametrize(("true", "false"), [(20, 39), (41, 19), (100, 0), (0, 0)])
def test_too_few_settled_claims_are_refused(true: int, false: int) -> None:
    with pytest.raises(TooFewSettled, match=f"{true + false} claims are settled, {min(true, false)} of them"):
        fit_policy(of(true, false), policy())
    with pytest.raises(TooFewSettled):
        cross_validate(of(true, false), policy())


def test_sixty_with_twenty_of_the_rarer_truth_are_enough() -> None:
    assert fit_policy(of(20, 40), policy()).pull in fitting.PULLS


def test_what_is_denied_and_mostly_false_makes_denials_weigh(many: Settled) -> None:
    found = fit_policy(many, policy()).policy

    assert found.stance["default"]["denies"] > 1
    assert found.reliability == policy().reliability
    assert found.base_rate["death"] == policy().base_rate["death"]


def test_every_claim_is_held_back_once_with_its_share_of_every_end(many: Settled) -> None:
    parts = list(deal(many, sorted(many.ends), 5, seed=1))

    held = [key for _, test in parts for key in test]
    assert sorted(held) == sorted(many.ends)
    for train, test in parts:
        assert set(train).isdisjoint(test)
        assert len(train) + len(test) == len(many.ends)
    per_part = [sum(many.ends[key] == "true" for key in test) for _, test in parts]
    assert max(per_part) - min(per_part) <= 1


def test_fewer_claims_than_folds_are_held_back_one_by_one() -> None:
    few = of(3, 4)

    parts = list(deal(few, few.claims, 100, seed=0))

    assert sorted(key for _, test in parts for key in test) == few.claims
    assert [len(test) for _, test in parts] == [1] * 7


def test_the_same_seed_gives_the_same_figures(many: Settled) -> None:
    one, same, other = (cross_validate(many, policy(), folds=2, repeats=2, seed=seed) for seed in (7, 7, 70))

    assert one == same
    assert one.measures != other.measures
    assert one.measures["brier"].sd > 0


def test_claims_held_back_have_no_say_in_what_is_said_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[set[str]] = []
    fitted = fitting._Claims.fit
    monkeypatch.setattr(
        fitting._Claims, "fit", lambda self, keys, *rest: seen.append(set(keys)) or fitted(self, keys, *rest)
    )
    few = of(30, 30)
    claims = fitting._Claims(few, policy(), few.dossier)

    for train, test in deal(claims.settled, claims.keys, 3, seed=0):
        seen.clear()
        then, pull = claims.best(train, 0)
        then.fit(train, pull)
        assert seen
        assert all(keys.isdisjoint(test) for keys in seen)


def test_nor_has_how_they_ended_any_say_in_the_records_of_their_sources(
    many: Settled, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[set[str] | None] = []
    given = Settled.known
    monkeypatch.setattr(
        Settled,
        "known",
        lambda self, policy, claims=None: known.append(claims and set(claims)) or given(self, policy, claims),
    )

    found = cross_validate(many, policy_with_records(), folds=2, repeats=1, seed=3)

    parts = [
        set(train) - {k for k in train if many.ends[k] == "unsettled"}
        for train, _ in deal(many, sorted(many.ends), 2, 3)
    ]
    assert known[1:] == parts
    assert found.measures["auc"].mean > 0.5


def test_who_knows_how_a_claim_ended_knows_how_its_sources_fared(many: Settled) -> None:
    one = many.claims[0]

    outcomes = many.known(policy_with_records(), {one}).outcomes

    spoke = {piece.source for piece in many.dossier.evidence.values() if piece.claim == one}
    assert spoke
    assert spoke <= outcomes.keys()
    assert many.known(policy(), {one}).outcomes == {}


def test_only_policies_of_the_rule_are_fitted(many: Settled) -> None:
    with pytest.raises(BadValue, match="majority@1 goes by the rule majority"):
        fit_policy(many, find_policy("majority"))


def test_watching_counts_the_fits(many: Settled) -> None:
    watched: list[int] = []

    cross_validate(many, policy(), folds=3, repeats=2, watch=lambda: watched.append(1))

    assert len(watched) == 6


# --- calls ------------------------------------------------------------------------------------


def test_calls_are_moved_to_where_the_ends_part() -> None:
    likelihoods = [0.9] * 10 + [0.7] * 10 + [0.1] * 10
    ends = ["true"] * 10 + ["unsettled"] * 10 + ["false"] * 10

    found = best_calls(likelihoods, [True] * 30, ends, Calls(true=0.99, false=0.05))

    # half-way to some number above .7 and up to .9; and to some number from .1 to below .7
    assert (0.7 + 0.99) / 2 < found.true <= (0.9 + 0.99) / 2
    assert 0.075 <= found.false < 0.375


def test_without_unsettled_claims_the_calls_stay() -> None:
    shipped = Calls(true=0.77, false=0.33)

    assert best_calls([0.9, 0.1], [True, True], ["true", "false"], shipped) == shipped


# --- the file ---------------------------------------------------------------------------------


def test_the_file_is_a_policy_that_says_what_it_was_fitted_on(many: Settled) -> None:
    done = refit(many, policy(), on=TODAY, folds=3, repeats=2, seed=9)

    data: dict[str, Any] = json.loads(done.text)
    assert policy_from_data(data) == done.policy
    assert done.policy.label == "weight-of-evidence@2"
    ended = many.claims
    fit = data["fit"]
    assert fit["data"] == {"name": "rumours.csv", "sha256": many.sha256, "map": "ours"}
    assert (fit["settled"], fit["true"]) == (len(ended), sum(many.truths(ended)))
    assert fit["unsettled"] == 90 - len(ended)
    assert fit["held_out"]["folds"] == 3
    for words in (many.sha256, "2026-11-22", "3 folds by claim, 2 repeats, seed 9", "weight-of-evidence@1"):
        assert words in done.policy.provenance
    assert f"{fit['held_out']['measures']['brier']['mean']:.3f}" in done.policy.provenance


def test_under_another_name_it_is_the_first_version(many: Settled) -> None:
    done = refit(many, policy(), name="ours", on=TODAY, folds=2, repeats=1)

    assert done.policy.label == "ours@1"


def test_a_policy_file_is_found_by_its_path(many: Settled, tmp_path: Path) -> None:
    done = refit(many, policy(), name="ours", on=TODAY, folds=2, repeats=1)
    path = tmp_path / "ours.json"
    path.write_text(done.text, "utf-8")

    assert find_policy(str(path)) == done.policy
    assert find_policy("weight-of-evidence@1") == policy()
    with pytest.raises(NotFound):
        find_policy("no-such-policy")


@pytest.mark.parametrize("text", ["", "[", "[]", '{"name": 3}', "\x00", "[" * 100_000])
def test_a_file_that_is_no_policy_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "ours.json"
    path.write_text(text, "utf-8")

    with pytest.raises(BadFile, match=r"ours\.json"):
        find_policy(str(path))
    with pytest.raises(BadFile, match="cannot be read"):
        find_policy(str(tmp_path / "absent.json"))


@pytest.mark.slow
def test_the_rumours_of_emergent_are_told_apart_when_held_back() -> None:
    data = shared("data", "emergent", "emergent-dev.csv").read_bytes()
    emergent = settled_claims(data, load_map("emergent"), "emergent-dev.csv", TODAY)

    found = cross_validate(emergent, policy(), folds=10, repeats=2).measures

    assert found["auc"].mean >= 0.92
    assert found["brier"].mean <= 0.11
    assert found["accuracy"].mean >= 0.82
    assert found["macro_f"].mean >= 0.60
    fitted = fit_policy(emergent, policy()).policy
    base, supports, *_ = numbers_of(fitted)
    assert base + supports >= 0.49


@pytest.mark.slow
def test_numbers_fitted_on_emergent_do_no_worse_on_rumour_threads_than_a_majority_of_stances() -> None:
    emergent, threads = (
        settled_claims(shared("data", *path).read_bytes(), load_map(path[0]), path[1], TODAY)
        for path in (("emergent", "emergent-dev.csv"), ("rumoureval", "rumoureval2019-train-dev.csv"))
    )
    votes = majority(votes_of(threads))
    by_majority = measure([votes.get(key, 0.5) for key in threads.claims], threads.truths(threads.claims))

    found = evaluate(threads, fit_policy(emergent, policy()).policy).measures

    assert found.accuracy >= by_majority.accuracy
    assert found.brier < by_majority.brier
