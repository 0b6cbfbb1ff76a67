"""Fitting numbers to settled claims: through the resolver's own rows, within bounds, near the prior."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from claims.fitting import (
    BASE,
    DENIES,
    FLOOR,
    LEAST_AGAINST,
    MENTIONS,
    MOST_AGAINST,
    MOST_MENTION,
    POOR,
    ROUNDS,
    SPREAD,
    SUPPORTS,
    Design,
    design_of,
    fit,
    fit_through,
    numbers_of,
    with_numbers,
)
from claims.resolve import Dossier, resolve
from claims.resolve.scales import logit
from claims.settling import outcomes_of
from claims.vocabulary import Basis, Reliability
from tests.claims.builders import (
    TODAY,
    assessed,
    claim,
    dossier,
    policy,
    policy_with_records,
    said,
    source,
)

if TYPE_CHECKING:
    from claims.resolve.records import Outcome

OTHER_NUMBERS = np.array([-0.7, 1.3, 3.1, 0.02])


def rumours(n: int = 40, seed: int = 5) -> tuple[Dossier, list[str], list[bool]]:
    """Rumours by outlets of all grades: the false ones are denied, sooner or later."""
    chance = np.random.default_rng(seed)
    sources = [source(f"outlet-{k}", reliability=grade) for k, grade in enumerate(Reliability)]
    sources.append(source("owned", owner="outlet-0"))
    records: list[object] = [*sources]
    bases = (Basis.TOLD, Basis.WITNESSED, None)
    keys, truths = [], []
    for number in range(n):
        key, true = f"rumour-{number:02}", bool(chance.random() < 0.4)
        records.append(claim(key))
        keys.append(key)
        truths.append(true)
        for each in chance.choice(sources, size=int(chance.integers(1, 6)), replace=False):
            against = chance.random() < (0.05 if true else 0.5)
            stance = str(
                chance.choice(["denies", "doubts"] if against else ["supports", "supports", "mentions"])
            )
            records.append(said(each.key, stance, of=key, basis=bases[chance.integers(3)]))
    return dossier(*records), keys, truths


@pytest.fixture(scope="module")
def world() -> tuple[Dossier, list[str], list[bool]]:
    return rumours()


@pytest.fixture(scope="module")
def design(world: tuple[Dossier, list[str], list[bool]]) -> Design:
    return design_of(world[0], world[1], policy(), TODAY)


def test_with_other_numbers_the_resolver_says_what_the_design_says(world, design) -> None:
    everything, keys, _ = world

    found = resolve(everything, with_numbers(policy(), OTHER_NUMBERS), TODAY)

    by_resolver = [logit(found[key].likelihood) for key in keys]
    assert design.log_odds(OTHER_NUMBERS) == pytest.approx(np.array(by_resolver), abs=1e-9)


def test_the_slopes_are_those_of_the_log_odds(design) -> None:
    slopes = design.slopes(OTHER_NUMBERS)

    for number in range(4):
        step = np.zeros(4)
        step[number] = 1e-6
        moved = (design.log_odds(OTHER_NUMBERS + step) - design.log_odds(OTHER_NUMBERS - step)) / 2e-6
        assert slopes[:, number] == pytest.approx(moved, abs=1e-5)


def test_a_part_of_a_design_is_the_design_of_the_part(world, design) -> None:
    chosen = [7, 3, 20]

    part = design.part(chosen)

    assert part.log_odds(OTHER_NUMBERS) == pytest.approx(design.log_odds(OTHER_NUMBERS)[chosen])
    assert list(part.denied(OTHER_NUMBERS)) == list(design.denied(OTHER_NUMBERS)[chosen])


def test_only_what_denies_or_doubts_and_counts_makes_a_claim_denied() -> None:
    everything = dossier(
        said("one", "mentions", of="mentioned"),
        said("one", "denies", of="denied"),
        said("one", "doubts", of="doubted"),
        # the source has since taken the other side
        said("one", "denies", of="taken-up", on="2018-01-01", key="first"),
        said("one", "supports", of="taken-up", on="2018-02-01", key="then"),
    )
    keys = ["mentioned", "denied", "doubted", "taken-up"]

    found = design_of(everything, keys, policy(), TODAY).denied(numbers_of(policy()))

    assert list(found) == [False, True, True, False]


def test_numbers_given_to_a_kind_alone_are_left_as_they_are() -> None:
    everything = dossier(
        claim("died", "death", subject="kouffa"), said("one", of="died"), said("one", of="claim")
    )

    fresh = with_numbers(policy(), OTHER_NUMBERS)

    assert fresh.base_rate["death"] == policy().base_rate["death"]
    slopes = design_of(everything, ["died", "claim"], policy(), TODAY).slopes(OTHER_NUMBERS)
    assert slopes[:, BASE] == pytest.approx([0, 1])
    assert slopes[:, SUPPORTS] == pytest.approx([1, 1])


def test_doubts_keep_their_share_of_denials() -> None:
    before, after = policy().stance["default"], with_numbers(policy(), OTHER_NUMBERS).stance["default"]

    assert after["doubts"] / after["denies"] == pytest.approx(before["doubts"] / before["denies"])


def test_the_fit_finds_the_best_there_is(world, design) -> None:
    """No step from the fitted numbers, in any direction that the conditions leave, does better."""
    truths, towards = world[2], numbers_of(policy())
    best = fit(design, truths, towards, 1.0)

    def loss(numbers: np.ndarray) -> float:
        odds = design.log_odds(numbers)
        off = (numbers - towards) / SPREAD
        return float((np.logaddexp(0, odds) - np.array(truths) * odds).sum() + off @ off / 2)

    chance = np.random.default_rng(1)
    for _ in range(300):
        near = best + chance.normal(0, 0.05, 4)
        if near[BASE] + POOR * near[SUPPORTS] >= FLOOR and (near[1:] >= 0).all() and near[3] <= MOST_MENTION:
            assert loss(near) >= loss(best) - 1e-9


def test_a_weight_of_nothing_can_grow_again(world, design) -> None:
    silent = numbers_of(policy())
    silent[MENTIONS] = 0.0
    mentioned = {piece.claim for piece in world[0].evidence.values() if piece.stance == "mentions"}

    slopes = design.slopes(silent)[:, MENTIONS]

    assert [key for key, slope in zip(world[1], slopes, strict=True) if slope > 0] == sorted(mentioned)
    assert fit(design, world[2], silent, 100.0) == pytest.approx(
        fit(design, world[2], numbers_of(policy()), 100.0), abs=1e-3
    )


def test_the_fit_keeps_its_conditions_whatever_the_data_say(world, design) -> None:
    opposite = [not true for true in world[2]]

    found = fit(design, opposite, numbers_of(policy()), 100.0)

    assert found[BASE] + POOR * found[SUPPORTS] >= FLOOR - 1e-9
    assert found[SUPPORTS] >= 0
    assert found[DENIES] >= 0
    assert 0 <= found[MENTIONS] <= MOST_MENTION


def test_the_weaker_the_pull_the_nearer_the_numbers_stay(world, design) -> None:
    towards = numbers_of(policy())
    away = [
        np.abs((fit(design, world[2], towards, pull) - towards) / SPREAD).max() for pull in (0.01, 0.3, 3.0)
    ]

    assert away[0] < 0.01
    assert away[0] < away[1] < away[2]


def test_mentions_that_pull_down_are_fitted_downwards_and_others_upwards(world) -> None:
    everything, keys, truths = world
    for start, low, high in ((0.05, 0, MOST_MENTION), (-0.05, -MOST_AGAINST, -LEAST_AGAINST)):
        towards = numbers_of(policy())
        towards[MENTIONS] = start
        there = with_numbers(policy(), towards)
        design = design_of(everything, keys, there, TODAY)

        found = fit(design, truths, towards, 100.0)

        assert low <= found[MENTIONS] <= high
        for held in (found, fit(design, truths, towards, 100.0, hold_mentions=True)):
            fitted = resolve(everything, with_numbers(there, held), TODAY)
            odds = [logit(fitted[key].likelihood) for key in keys]
            assert design.log_odds(held) == pytest.approx(np.array(odds), abs=1e-9)
        assert fit(design, truths, towards, 1.0, hold_mentions=True)[MENTIONS] == start


# --- with track records -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def with_records(world) -> Dossier:
    """The same rumours, the first thirty of them settled before the others."""
    everything, keys, truths = world
    verdicts = {
        key: [assessed(key, "confirmed" if true else "refuted", "2019-01-01")]
        for key, true in list(zip(keys, truths, strict=True))[:30]
    }
    outcomes: dict[str, list[Outcome]] = {}
    for each in outcomes_of(replace(everything, assessments=verdicts), policy_with_records(), TODAY):
        outcomes.setdefault(each.source, []).append(each)
    return replace(everything, outcomes=outcomes)


def by_resolver(everything: Dossier, keys: list[str], numbers: np.ndarray) -> np.ndarray:
    found = resolve(everything, with_numbers(policy_with_records(), numbers), TODAY)
    return np.array([logit(found[key].likelihood) for key in keys])


def test_with_track_records_the_slopes_are_still_those_of_the_resolver(world, with_records) -> None:
    keys, policy_ = world[1], policy_with_records()
    here = numbers_of(policy_)

    design = design_of(with_records, keys, policy_, TODAY)

    assert design.base_slope.any(), "no record makes a row's weight depend on the base rate"
    assert design.log_odds(here) == pytest.approx(by_resolver(with_records, keys, here), abs=1e-9)
    for number in range(4):
        step = np.zeros(4)
        step[number] = 1e-4
        ahead, behind = (by_resolver(with_records, keys, here + sign * step) for sign in (1, -1))
        assert design.slopes(here)[:, number] == pytest.approx((ahead - behind) / 2e-4, abs=5e-3)


def test_with_track_records_the_rows_are_asked_again_until_the_numbers_stay(world, with_records) -> None:
    keys, policy_ = world[1], policy_with_records()
    asked: list[np.ndarray] = []

    def probe(numbers: np.ndarray) -> Design:
        asked.append(numbers)
        return design_of(with_records, keys, with_numbers(policy_, numbers), TODAY)

    found = fit_through(probe, world[2], numbers_of(policy_), 2.0)

    assert 2 < len(asked) <= ROUNDS + 1
    assert np.abs(found - asked[-1]).max() < 0.01
    design = design_of(with_records, keys, with_numbers(policy_, found), TODAY)
    assert design.log_odds(found) == pytest.approx(by_resolver(with_records, keys, found), abs=1e-9)
    assert fit(design, world[2], numbers_of(policy_), 2.0) == pytest.approx(found, abs=0.01)


def test_a_true_world_gives_its_numbers_back() -> None:
    """Many claims made by known numbers are fitted by nearly these numbers."""
    chance = np.random.default_rng(3)
    truly = np.array([-0.5, 1.2, 2.5, 0.0])
    records, keys, truths = [], [], []
    for number in range(1500):
        key = f"rumour-{number:04}"
        keys.append(key)
        supports, denies = chance.integers(0, 4), chance.integers(0, 3)
        records.append(claim(key))
        records += [said(f"for-{k}", "supports", of=key) for k in range(supports)]
        records += [said(f"against-{k}", "denies", of=key) for k in range(denies)]
        odds = truly[0] + truly[1] * sum(1 / (k + 1) for k in range(supports))
        odds -= truly[2] * sum(1 / (k + 1) for k in range(denies))
        truths.append(bool(chance.random() < 1 / (1 + np.exp(-odds))))
    design = design_of(dossier(*records), keys, policy(), TODAY)

    found = fit(design, truths, numbers_of(policy()), 2.0)

    assert found[:3] == pytest.approx(truly[:3], abs=0.3)
