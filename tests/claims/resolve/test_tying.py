"""Tying: groups, those that only listen, circles large and small, and the rows that explain it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.resolve import grouped, resolve, tying
from claims.resolve.grouped import Group
from claims.resolve.naming import NAMED
from claims.resolve.rules import find_ties
from claims.resolve.scales import logit
from claims.resolve.ties import Lifetime, Rivals, Tie
from claims.vocabulary import Stance, Status
from tests.claims.builders import (
    TODAY,
    claim,
    dossier,
    link,
    policy,
    policy_with_all_rules,
    question,
    said,
)
from tests.claims.random_dossiers import dossiers
from tests.support.examples import examples


def answers(count, silent=()):
    """Rival answers to one question, with evidence on each that is not silent."""
    records = [claim(f"c{n:03}", "attribution", value=f"group {n}", question="who") for n in range(count)]
    voices = [said(f"s{n % 7}", of=f"c{n:03}") for n in range(count) if n not in silent]
    return dossier(question("who"), *records, *voices)


# Wide ties


def test_each_of_very_many_rival_answers_is_resolved_exactly_and_names_a_few_others():
    found = resolve(answers(300), policy(), TODAY)
    assert all(one.exact for one in found.values())
    assert len({round(one.likelihood, 12) for one in found.values()}) == 1
    one = found["c150"]
    (effect,) = one.effects
    assert len(effect.others) == NAMED
    assert "c150" not in effect.others
    assert "10 of 299 others named" in effect.because
    assert logit(one.likelihood) == pytest.approx(
        one.base_log_odds + effect.weight + sum(row.weight for row in one.contributions)
    )
    assert one.opposing_lines == 7
    assert one.evidence == 300


def test_those_that_are_likeliest_are_named():
    loud = said("court", of="c250", basis="official-record")
    scene = answers(300)
    scene = replace(scene, evidence={**scene.evidence, loud.key: loud})
    assert "c250" in resolve(scene, policy(), TODAY)["c000"].effects[0].others


# Those that only listen


@st.composite
def groups(draw):
    """Ties over up to eight claims, their own odds, and which of them speak."""
    keys = "abcdefgh"
    ties = []
    for _ in range(draw(st.integers(1, 4))):
        members = draw(st.permutations(keys))
        kind = draw(st.sampled_from(("tie", "rivals", "rivals", "lifetime")))
        if kind == "tie":
            ties.append(Tie("contradicts", *members[:2], 5.0, ""))
        elif kind == "rivals":
            given_answers = (tuple(members[:2]), (members[2],), (members[3],))
            none = draw(st.sampled_from((0.0, -6.0)))
            ties.append(Rivals("one-answer", "who", given_answers, 6.0, none, ""))
        else:
            seen = ((5, 5), (25, 28))
            died = ((1, 1), (20, 22))
            ties.append(Lifetime("life", "x", tuple(members[:2]), tuple(members[2:4]), died, seen, 6.0, ""))
    odds = {number: draw(st.floats(-4, 4)) for number in range(len(keys))}
    speaking = draw(st.sets(st.sampled_from(range(len(keys)))))
    return Group(ties, {key: number for number, key in enumerate(keys)}), odds, speaking


@given(groups())
@examples(200)
def test_who_only_listens_hears_the_same_alone_and_in_a_crowd(found):
    """In a crowd all that listen hear each tie at once; where that cannot be exact it says so."""
    group, odds, speaking = found
    speaking &= set(group.members)
    alone = group.resolved(odds, speaking, group.members)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(grouped, "AFRESH", 0)
        crowd = group.resolved(odds, speaking, group.members)
    for number in group.members:
        total = odds[number] + sum(weight for _, weight in crowd.rows[number])
        assert total == pytest.approx(crowd.odds[number], abs=1e-9)
        if number not in crowd.approximate:
            assert crowd.odds[number] == pytest.approx(alone.odds[number], abs=1e-7)


@given(groups(), st.data())
@examples(100)
def test_who_only_listens_moves_nobody(found, data):
    group, odds, speaking = found
    speaking &= set(group.members)
    before = group.resolved(odds, speaking, group.members)
    mutes = sorted(set(group.members) - speaking)
    louder = {**odds, **{number: odds[number] + data.draw(st.floats(-5, 5)) for number in mutes}}
    after = group.resolved(louder, speaking, group.members)
    for number in group.members:
        shift = louder[number] - odds[number]
        assert after.odds[number] == pytest.approx(before.odds[number] + shift, abs=1e-9)


def test_many_that_are_silent_all_hear_a_large_question():
    scene = answers(300, silent=range(100, 300))
    found = resolve(scene, policy(), TODAY)
    spoken, silent = found["c050"], found["c200"]
    assert silent.exact
    assert silent.likelihood < spoken.likelihood < 0.5
    # As if it alone were there to hear the hundred that speak.
    only = resolve(answers(101, silent=[100]), policy(), TODAY)
    assert silent.likelihood == pytest.approx(only["c100"].likelihood)
    assert spoken.likelihood == pytest.approx(only["c050"].likelihood)


# Circles


def ring(count, *more):
    """Claims of which each depends on the next, the last on the first, with evidence on each."""
    names = [f"c{n:03}" for n in range(count)]
    links = [link(one, "depends-on", names[(n + 1) % count]) for n, one in enumerate(names)]
    voices = [said("paper", "denies" if n % 3 == 0 else "supports", of=one) for n, one in enumerate(names)]
    return dossier(*map(claim, names), *links, *voices, *more)


@pytest.mark.parametrize("count", [tying.LARGE - 5, tying.LARGE + 20])
def test_in_a_ring_no_claim_hears_an_echo_of_its_own_evidence(count):
    before = resolve(ring(count), policy(), TODAY)
    after = resolve(ring(count, said("court", of="c005", basis="official-record")), policy(), TODAY)
    assert after["c005"].effects == before["c005"].effects
    assert after["c004"].likelihood > before["c004"].likelihood


def test_in_a_large_ring_each_claim_hears_those_near_it_and_says_that_this_is_not_exact():
    count = tying.LARGE + 20
    large = resolve(ring(count), policy(), TODAY)
    assert not any(one.exact for one in large.values())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tying, "LARGE", count)
        whole = resolve(ring(count), policy(), TODAY)
    assert all(one.exact for one in whole.values())
    off = [abs(large[key].likelihood - whole[key].likelihood) for key in whole]
    assert max(off) < 0.05


def test_in_a_large_circle_one_more_denial_never_makes_a_claim_likelier():
    scene = answers(tying.LARGE + 10)
    keys = sorted(scene.claims)
    links = [link(a, "depends-on", b, key=f"l{n}") for n, (a, b) in enumerate([keys[:2], keys[1::-1]])]
    scene = replace(scene, links={each.key: each for each in links})
    before = resolve(scene, policy(), TODAY)
    for key in (keys[0], keys[1], keys[20]):
        denial = said("rebels", Stance.DENIES, of=key)
        after = resolve(replace(scene, evidence={**scene.evidence, denial.key: denial}), policy(), TODAY)
        assert after[key].likelihood < before[key].likelihood


# In whatever order


@given(dossiers(), st.randoms(use_true_random=False))
@examples(60)
def test_the_order_of_ties_shows_in_no_status(found, chance):
    chosen = policy_with_all_rules()
    before = resolve(found, chosen, TODAY)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            tying, "find_ties", lambda *asked: chance.sample(given := find_ties(*asked), len(given))
        )
        after = resolve(found, chosen, TODAY)
    for key, one in before.items():
        assert (after[key].status, after[key].confidence) == (one.status, one.confidence)
        assert after[key].likelihood == pytest.approx(one.likelihood, abs=1e-6)


@pytest.mark.parametrize(("push", "status"), [(0.0, Status.DOUBTFUL), (9.0, Status.DOUBTFUL)])
def test_what_several_ties_do_to_a_claim_is_one_weight(monkeypatch, push, status):
    """Where one tie is given more of what they do together and another less, no second side appears."""
    scene = (claim("one"), claim("two"), claim("three"), said("paper", "doubts", of="one"))
    scene += (said("radio", of="two"), link("one", "contradicts", "two"), link("one", "contradicts", "three"))
    rows = Group.resolved

    def attributed(self, *asked):
        outcome = rows(self, *asked)
        first, *others = outcome.rows.get(0, [])
        outcome.rows[0] = [(first[0], first[1] - push), (first[0], push), *others]
        return outcome

    monkeypatch.setattr(Group, "resolved", attributed)
    found = resolve(dossier(*scene), policy(), TODAY)["one"]
    assert found.status is status
