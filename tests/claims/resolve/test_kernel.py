"""The arithmetic of evidence, worked by hand and then in bulk: one kernel, one claim or thousands."""

from __future__ import annotations

from dataclasses import fields, replace
from math import inf, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from claims.resolve import kernel, resolve
from claims.resolve.dossier import Dossier
from claims.resolve.kernel import Columns, Tally, add_up, weigh
from claims.resolve.scales import logit, probability
from tests.claims.builders import TODAY, policy
from tests.claims.random_dossiers import dossiers
from tests.support.examples import examples


def columns(*pieces: tuple[float, str] | tuple[float, str, str], base: float = 0.0) -> Columns:
    """Evidence on one claim: signed strength, name of the line, and "known" if it is known to be
    independent of the others."""
    names = [piece[1] for piece in pieces]
    return Columns(
        base=np.array([base]),
        claim=np.zeros(len(pieces), dtype=np.int64),
        sign=np.array([1 if piece[0] >= 0 else -1 for piece in pieces], dtype=np.int64),
        strength=np.array([abs(piece[0]) for piece in pieces], dtype=np.float64),
        origin=np.array([sorted(set(names)).index(name) for name in names], dtype=np.int64),
        independent=np.array([piece[2:] == ("known",) for piece in pieces], dtype=np.bool_),
    )


def test_a_claim_without_evidence_stays_at_its_base_rate():
    weighed = weigh(columns(base=-0.4))
    assert weighed.log_odds.tolist() == [-0.4]
    assert weighed.weight.tolist() == weighed.rank.tolist() == []


def test_the_second_line_counts_half_and_the_third_a_third():
    weighed = weigh(columns((1.2, "army"), (2.0, "court"), (0.9, "paper"), base=0.5))
    assert weighed.rank.tolist() == [2, 1, 3]
    assert weighed.weight.tolist() == pytest.approx([1.2 / 2, 2.0, 0.9 / 3])
    assert weighed.log_odds.tolist() == pytest.approx([0.5 + 2.0 + 0.6 + 0.3])


def test_each_side_has_its_own_first_line():
    weighed = weigh(columns((1.0, "army"), (-2.0, "rebels"), (-1.0, "paper")))
    assert weighed.weight.tolist() == pytest.approx([1.0, -2.0, -0.5])


def test_a_relay_adds_nothing_to_its_line():
    alone = weigh(columns((1.4, "ministry"), (1.0, "court")))
    relayed = weigh(columns((1.4, "ministry"), *[(1.3, "ministry")] * 10, (1.0, "court")))
    assert relayed.log_odds.tolist() == alone.log_odds.tolist()
    assert relayed.rank.tolist() == [1, *[0] * 10, 2]


def test_a_line_weighs_as_much_as_its_strongest_member():
    weighed = weigh(columns((0.5, "ministry"), (1.4, "ministry")))
    assert weighed.weight.tolist() == [0.0, 1.4]


def test_a_line_that_speaks_on_both_sides_counts_once_on_each():
    weighed = weigh(columns((1.0, "army"), (-2.0, "army")))
    assert weighed.weight.tolist() == [1.0, -2.0]


def test_a_line_known_to_be_independent_counts_in_full_and_pushes_nobody_back():
    weighed = weigh(
        columns((1.0, "camera", "known"), (2.0, "army"), (0.8, "doctor", "known"), (1.2, "paper"))
    )
    assert weighed.weight.tolist() == pytest.approx([1.0, 2.0, 0.8, 1.2 / 2])


def test_lines_that_count_in_full_are_not_taken_for_known_to_be_independent():
    several = columns((1.0, "a"), (1.0, "b"), (1.0, "c"))
    whole = weigh(replace(several, in_full=np.ones(3, dtype=np.bool_)))
    assert whole.log_odds.tolist() == [3.0]
    assert whole.rank.tolist() == [1, 1, 1]
    assert whole.tally.independent_lines.tolist() == [0]


def test_one_member_that_is_known_to_be_independent_vouches_for_its_line():
    weighed = weigh(columns((2.0, "army"), (1.0, "witness"), (0.3, "witness", "known")))
    assert weighed.weight.tolist() == pytest.approx([2.0, 1.0, 0.0])
    assert weighed.tally.independent_lines.tolist() == [1]


@pytest.mark.parametrize("pairs_up_to", [0, 32])
def test_who_vouches_for_a_line_does_so_on_its_own_side_only(monkeypatch, pairs_up_to):
    monkeypatch.setattr(kernel, "PAIRS_UP_TO", pairs_up_to)
    pieces = ((1.0, "witness"), (-0.3, "witness", "known"), (0.5, "army"), (0.2, "army", "known"))
    assert weigh(columns(*pieces)).tally.independent_lines.tolist() == [1]


PIECES = st.lists(
    st.tuples(
        st.sampled_from([-2.2, -1.1, -0.3, 0.05, 0.7, 1.4, 1.4, 2.8]) | st.floats(-5, 5),
        st.sampled_from("abcdef"),
        st.sampled_from(["known", "unknown"]),
    ),
    max_size=15,
)


@given(PIECES, st.randoms(use_true_random=False))
@examples(200)
def test_the_order_of_rows_does_not_show_in_the_last_bit(pieces, random):
    shuffled = random.sample(pieces, len(pieces))
    assert weigh(columns(*shuffled)).log_odds.tolist() == weigh(columns(*pieces)).log_odds.tolist()


@given(PIECES, st.floats(0, 5), st.sampled_from("abcdefg"), st.sampled_from(["known", "unknown"]))
@examples(200)
def test_another_denial_never_raises_and_another_support_never_lowers(pieces, strength, line, known):
    before = weigh(columns(*pieces)).log_odds[0]
    assert weigh(columns(*pieces, (-strength - 1e-9, line, known))).log_odds[0] <= before + 1e-12
    assert weigh(columns(*pieces, (strength, line, known))).log_odds[0] >= before - 1e-12


def test_thousands_of_claims_weigh_in_bulk_what_each_weighs_alone():
    rng = np.random.default_rng(1)
    count, rows = 3000, 20000
    bulk = Columns(
        base=rng.normal(size=count),
        claim=rng.integers(0, count, rows),
        sign=rng.choice([-1, 1], rows),
        strength=np.round(np.abs(rng.normal(size=rows)), 1),  # rounded, so that ties are common
        origin=rng.integers(0, 50, rows),
        independent=rng.random(rows) < 0.2,
    )
    together = weigh(bulk)
    for number in range(count):
        mine = bulk.claim == number
        one = {f.name: getattr(bulk, f.name)[mine] for f in fields(Columns)[1:6]}
        one["claim"] = np.zeros_like(one["claim"])
        alone = weigh(Columns(base=bulk.base[[number]], **one))
        assert alone.log_odds[0] == together.log_odds[number]
        assert alone.weight.tolist() == together.weight[mine].tolist()
        assert alone.rank.tolist() == together.rank[mine].tolist()


def test_comparing_pairs_and_sorting_give_the_same(monkeypatch):
    rng = np.random.default_rng(7)
    claim = np.repeat(np.arange(200), rng.integers(0, 70, 200))
    rows = len(claim)
    some = Columns(
        base=rng.normal(size=200),
        claim=claim,
        sign=rng.choice([-1, 1], rows),
        strength=np.round(np.abs(rng.normal(size=rows)), 1),
        origin=rng.integers(0, 25, rows),
        independent=rng.random(rows) < 0.1,
        takes_side=rng.random(rows) < 0.8,
        channel=rng.integers(0, 10, rows),
    )
    found = []
    for pairs_up_to in (0, kernel.PAIRS_UP_TO, 128):
        monkeypatch.setattr(kernel, "PAIRS_UP_TO", pairs_up_to)
        weighed = weigh(some)
        arrays = [weighed.weight, weighed.rank, weighed.side]
        arrays += [getattr(weighed.tally, field.name) for field in fields(Tally)]
        found.append([array.tolist() for array in arrays])
    assert found[0] == found[1] == found[2]


def test_what_the_evidence_on_a_claim_comes_to():
    # An army for and against, a court on record, two readers of one paper, and a mere mention.
    pieces = [
        (1.0, "army"),
        (-2.0, "army"),
        (1.5, "court", "known"),
        (0.8, "ann"),
        (0.6, "bob"),
        (0.1, "eve"),
    ]
    marked = replace(
        columns(*pieces, base=-0.5),
        takes_side=np.array([True, True, True, True, True, False]),
        good=np.array([False, False, True, False, False, False]),
        official_record=np.array([False, False, True, False, False, False]),
        channel=np.array([1, 2, 3, 4, 4, 5]),
    )
    tally = add_up(marked)
    support, mention = 1.5 + 1.0 + 0.8 / 2 + 0.6 / 3, 0.1 / 4
    assert tally.support.tolist() == pytest.approx([support])
    assert tally.opposition.tolist() == [2.0]
    assert tally.log_odds.tolist() == pytest.approx([-0.5 + support + mention - 2.0])
    assert tally.largest.tolist() == [2.0]
    assert tally.supporting_lines.tolist() == [4]
    assert tally.opposing_lines.tolist() == [1]
    assert tally.lines.tolist() == [4]  # the army's is one
    assert tally.channels.tolist() == [3]
    assert tally.independent_lines.tolist() == [1]
    assert (tally.good.tolist(), tally.first_hand.tolist()) == ([True], [False])
    assert tally.official_record.tolist() == [True]
    assert weigh(marked).side.tolist() == [1, -1, 1, 1, 1, 0]


def test_of_equals_the_one_given_first_comes_first():
    assert weigh(columns((1.0, "b"), (1.0, "a"), (1.0, "b"))).rank.tolist() == [1, 2, 0]


@pytest.mark.parametrize("copies", [300, pytest.param(4000, marks=pytest.mark.slow)])
def test_thousands_of_claims_resolve_in_bulk_as_each_group_does_alone(copies):
    """Every field of every resolution is equal: likelihood to the last bit, rows, words."""
    found: list[Dossier] = []

    @given(dossiers())
    @settings(max_examples=25, database=None, derandomize=True, deadline=None)
    def collect(dossier):
        found.append(dossier)

    collect()
    parts = [renamed(found[number % len(found)], f"x{number}-") for number in range(copies)]
    bulk = resolve(merged(parts), policy(), TODAY)
    assert len(bulk) > 2.5 * copies
    for part in parts:
        for key, alone in resolve(part, policy(), TODAY).items():
            assert bulk[key] == alone


def renamed(dossier: Dossier, prefix: str) -> Dossier:
    """The same dossier about other claims, people and sources."""

    def new(key: str | None) -> str | None:
        return None if key is None else prefix + key

    def every(records, **names):
        return {
            prefix + key: replace(record, key=prefix + key, **{k: v(record) for k, v in names.items()})
            for key, record in records.items()
        }

    def after(record):
        when = record.when
        return when and replace(when, after=tuple(prefix + key for key in when.after))

    return Dossier(
        claims=every(
            dossier.claims,
            subject=lambda c: new(c.subject),
            question=lambda c: new(c.question),
            value_entity=lambda c: new(c.value_entity),
            when=after,
        ),
        evidence=every(
            dossier.evidence,
            claim=lambda e: new(e.claim),
            source=lambda e: new(e.source),
            document=lambda e: new(e.document),
            relays=lambda e: new(e.relays),
        ),
        sources=every(dossier.sources, owner=lambda s: new(s.owner)),
        documents=every(dossier.documents, publisher=lambda d: new(d.publisher)),
        questions=every(dossier.questions),
        links=every(dossier.links, claim=lambda k: new(k.claim), other=lambda k: new(k.other)),
        merged={prefix + one: prefix + other for one, other in dossier.merged.items()},
    )


def merged(parts: list[Dossier]) -> Dossier:
    """Many dossiers as one."""
    return Dossier(
        **{
            field.name: {key: value for part in parts for key, value in getattr(part, field.name).items()}
            for field in fields(Dossier)
        },
    )


@pytest.mark.parametrize(
    ("odds", "expected"), [(0.0, 0.5), (log(3), 0.75), (-log(3), 0.25), (inf, 1.0), (-inf, 0)]
)
def test_log_odds_become_probabilities(odds, expected):
    assert probability(odds) == pytest.approx(expected)


@given(st.floats(1e-12, 1 - 1e-12))
def test_a_probability_comes_back_from_its_log_odds(chance):
    assert probability(logit(chance)) == pytest.approx(chance, rel=1e-9)


@pytest.mark.parametrize("odds", [-1e6, -800.0, 800.0, 1e6])
def test_overwhelming_evidence_overflows_nowhere(odds):
    assert probability(odds) == (odds > 0)
