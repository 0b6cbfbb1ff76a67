"""Sources that agree where others do not are suspected; sources that are merely good are not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from benchmarks.worlds import World, draw
from claims.agreement import Suspicion, find_syndicates, tabulate
from claims.agreement.dependence import evidence_of, usual_of
from tests.claims.agreement.drawn import table_of
from tests.support.shared import shared

COPY = World(claims=5_000)
SMALL = World(claims=1_500, sources=200, syndicates=5, members=8)


def test_syndicates_are_found_by_their_company():
    drawn = draw(SMALL, 11)
    found = find_syndicates(drawn.table)
    assert sorted(sorted(one.members) for one in found) == drawn.syndicates
    assert {one.found_by for one in found} == {"company"}


def test_a_suspicion_says_why():
    drawn = draw(SMALL, 11)
    first = find_syndicates(drawn.table)[0]
    seen = first.evidence
    assert seen.agreed > 0.9 * seen.comparisons > 1.3 * seen.expected
    assert seen.apart > 0.1 * seen.comparisons
    assert seen.echo >= 0.8
    assert seen.nats > 10
    text = str(first)
    assert text.startswith(", ".join(str(one) for one in first.members[:4]) + " and 4 more may be copying.")
    assert f"On {seen.questions} questions" in text
    assert f"agree in {seen.agreed:.0f} of {seen.comparisons:.0f} comparisons" in text
    assert f"where {seen.expected:.0f} would be expected" in text
    assert f"{seen.apart:.0f} times on an answer that most others did not give" in text
    assert text.endswith("To be confirmed by a person.")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_is_suspected_where_each_speaks_for_itself(seed):
    assert find_syndicates(draw(replace(SMALL, copied=0.0), seed).table) == []


def test_a_beat_of_good_sources_is_no_syndicate():
    # The sources of a beat keep each other's company, and those of a good beat agree nearly always.
    world = World(claims=2_000, sources=200, worst=0.6, beats=20, alike=True)
    assert find_syndicates(draw(world, 4).table) == []


def test_where_all_speak_on_everything_copiers_are_found_by_their_agreement():
    chance = np.random.default_rng(5)
    truth = chance.random(400) < 0.5
    right = chance.random((400, 30)) < 0.75
    right[:, :4] = right[:, :1]
    questions, sources = np.divmod(np.arange(400 * 30), 30)
    table = tabulate(questions, (right == truth[:, None]).astype(int).ravel(), sources)
    found = find_syndicates(table)
    assert [(one.members, one.found_by) for one in found] == [((0, 1, 2, 3), "agreement")]


def evidence(rows, members):
    table = table_of(rows)
    inside = np.isin(np.array(table.source_names)[table.source], members).astype(float)
    votes = np.bincount(table.candidate, inside, len(table.question))
    return evidence_of(table, votes, usual_of(table))


def test_agreeing_with_many_is_little_evidence_agreeing_against_all_is_much():
    others = [
        (f"q{n}", f"{label}{n}", who) for n in range(60) for who, label in zip("cdef", "xxxy", strict=True)
    ]
    together = [(f"q{n}", f"x{n}", who) for n in range(40) for who in "ab"]
    apart = [(f"q{n}", f"z{n}", who) for n in range(40) for who in "ab"]
    with_most, against_all = (evidence([*others, *rows], ["a", "b"]) for rows in (together, apart))
    assert with_most.questions == against_all.questions == 40
    assert with_most.agreed == against_all.agreed == with_most.comparisons == 40
    assert against_all.nats > 4 * with_most.nats
    assert (with_most.apart, against_all.apart) == (0, 40)


def test_agreeing_out_of_habit_is_no_evidence():
    chance = np.random.default_rng(6)
    others = [(n, "tf"[chance.integers(2)], who) for n in range(60) for who in "cdef"]
    deniers = [(n, "f", who) for n in range(60) for who in "ab"]
    assert evidence([*others, *deniers], ["a", "b"]).nats < 0


def test_where_nobody_else_spoke_agreement_says_nothing():
    rows = [(n, "x", who) for n in range(40) for who in "ab"]
    seen = evidence([*rows, ("q", "x", "c"), ("q", "y", "d")], ["a", "b"])
    assert (seen.questions, seen.nats) == (0, 0)


def test_a_suspicion_is_a_record():
    drawn = draw(SMALL, 11)
    one = find_syndicates(drawn.table)[0]
    assert one == Suspicion(one.members, one.found_by, one.evidence)


@pytest.mark.slow
@pytest.mark.parametrize("seed", [21, 22])
def test_nearly_all_of_the_copiers_are_found_and_hardly_any_other(seed):
    drawn = draw(COPY, seed)
    named = [int(name) for one in find_syndicates(drawn.table) for name in one.members]
    inside = {member for group in drawn.syndicates for member in group}
    assert sum(name in inside for name in named) >= 295
    assert sum(name not in inside for name in named) <= 30


@pytest.mark.slow
@pytest.mark.parametrize("size", [300, 1_000, 3_000, 10_000])
def test_worlds_of_honest_sources_have_no_syndicates(size):
    assert find_syndicates(draw(World(claims=size, copied=0.0), size).table) == []
    assert find_syndicates(draw(World(claims=size, copied=0.0, beats=50), size).table) == []


@pytest.mark.slow
def test_the_families_of_flight_sites_are_found():
    from benchmarks.ladder import flight

    found = find_syndicates(flight(shared("data")).table)
    families = [set(one.members) for one in found]
    assert {"airtravelcenter", "flytecomm", "helloflight", "myrateplan"} in families
    assert {"businesstravellogue", "flights", "flylouisville"} in families
    assert {"allegiantair", "flightview", "foxbusiness", "gofox", "panynj"} in families
