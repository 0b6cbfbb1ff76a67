"""All methods: found by name, adding up, and blind to the order of logging."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import Conflict, NotFound
from claims.history import NOTICEABLE_ALONE, history
from claims.model import Assessment
from claims.resolve import Dossier, Resolution, resolve
from claims.resolve.dossier import split
from claims.resolve.methods import method_of, register, rules
from claims.resolve.scales import logit
from claims.vocabulary import Status
from tests.claims.builders import TODAY, dossier, policy, said, shipped
from tests.claims.random_dossiers import dossiers
from tests.support.examples import examples

NAMES = ("weight-of-evidence", "majority", "hierarchy", "latest", "range", "assessed")
METHODS = pytest.mark.parametrize("name", NAMES)


@st.composite
def judged(draw: st.DrawFn) -> Dossier:
    """A dossier with people's verdicts on some of its claims, oldest first."""
    found = draw(dossiers())
    verdicts: dict[str, list[Assessment]] = {}
    for key in draw(st.lists(st.sampled_from(sorted(found.claims)), max_size=4)):
        number = len(verdicts.setdefault(key, []))
        verdicts[key].append(
            Assessment(
                key=f"{key}.assessed-{number}",
                claim=key,
                status=draw(st.sampled_from(Status)),
                author=draw(st.sampled_from(("desk", "editor"))),
                made_on=date(2019, 1, 1 + number),
                likelihood=draw(st.none() | st.floats(0, 1)),
                withdrawn=draw(st.booleans()),
            )
        )
    return replace(found, assessments=verdicts)


def shuffled(it: Dossier, order: list[int]) -> Dossier:
    """The same records, held in another order."""

    def turned(records):
        keys = sorted(records)
        return {
            key: records[key] for key in sorted(keys, key=lambda key: order[keys.index(key) % len(order)])
        }

    return replace(
        it,
        claims=turned(it.claims),
        evidence=turned(it.evidence),
        sources=turned(it.sources),
        questions=turned(it.questions),
        links=turned(it.links),
    )


@METHODS
@given(found=judged(), order=st.permutations(range(7)))
@examples(25)
def test_the_order_of_logging_changes_nothing(name, found, order):
    assert resolve(shuffled(found, order), shipped(name), TODAY) == resolve(found, shipped(name), TODAY)


@METHODS
@given(found=judged())
@examples(25)
def test_the_rows_of_every_claim_add_up_to_its_likelihood(name, found):
    for resolution in resolve(found, shipped(name), TODAY).values():
        total = resolution.base_log_odds
        total += sum(row.weight for row in resolution.contributions)
        total += sum(effect.weight for effect in resolution.effects)
        if 1e-6 < resolution.likelihood < 1 - 1e-6:
            assert logit(resolution.likelihood) == pytest.approx(total, abs=1e-6)
        assert resolution.policy == f"{name}@1"


@METHODS
@given(found=judged())
@examples(15)
def test_a_tied_group_alone_gives_what_the_whole_gives(name, found):
    whole = resolve(found, shipped(name), TODAY)
    alone = {}
    for part in split(found):
        alone.update(resolve(part, shipped(name), TODAY))
    assert {key: brief(each) for key, each in alone.items()} == {
        key: brief(each) for key, each in whole.items()
    }


def brief(it: Resolution) -> tuple[object, ...]:
    return it.status, round(it.likelihood, 9), it.supporting_lines, it.opposing_lines, it.changes_on


@METHODS
@given(found=judged())
@examples(15)
def test_a_history_ends_where_the_claim_now_stands(name, found):
    for part in split(found):
        now = resolve(part, shipped(name), TODAY)
        for key in part.claims:
            steps = history(part, shipped(name), key, TODAY)
            if steps:
                last = steps[-1].resolution
                assert last.status == now[key].status
                assert last.likelihood == pytest.approx(now[key].likelihood, abs=NOTICEABLE_ALONE)


def test_the_rules_that_ship_are_all_there():
    assert set(NAMES) <= set(rules())
    for name in NAMES:
        assert shipped(name).rule == name
        assert callable(method_of(name))


def test_a_rule_that_nobody_registered_is_named_with_those_there_are():
    with pytest.raises(NotFound, match="no rule 'coin-toss'") as caught:
        resolve(dossier(said("army")), replace(policy(), rule="coin-toss"), TODAY)
    assert "majority" in caught.value.hint


def test_a_registered_rule_resolves_and_no_other_can_take_its_name():
    def even(dossier, policy, as_of):
        return resolve(dossier, shipped("majority"), as_of)

    register("of-a-test", even)
    register("of-a-test", even)  # the same again is no conflict
    found = resolve(dossier(said("army")), replace(policy(), rule="of-a-test"), TODAY)
    assert found["claim"].policy == "majority@1"
    for taken in ("of-a-test", "majority"):
        with pytest.raises(Conflict, match=f"a rule '{taken}' already"):
            register(taken, lambda dossier, policy, as_of: {})
