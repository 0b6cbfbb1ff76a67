"""The resolver: what holds for any dossier."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.resolve import Dossier, flips, resolve
from claims.resolve.dossier import split, tied_groups
from claims.resolve.scales import logit, probability
from claims.vocabulary import Credibility, Reliability, Status
from tests.claims.builders import TODAY, claim, dossier, link, policy, said, source
from tests.claims.random_dossiers import DAYS, FIRST, denials, dossiers
from tests.support.examples import examples


@given(dossiers(), DAYS)
@examples(150)
def test_the_rows_add_up_to_the_likelihood(found, on):
    for one in resolve(found, policy(), on).values():
        total = one.base_log_odds + sum(row.weight for row in (*one.contributions, *one.effects))
        assert probability(total) == pytest.approx(one.likelihood, rel=1e-9)
        assert one.base_log_odds == logit(one.base_rate)
        if abs(total) < 12:  # beyond, a probability no longer holds its log-odds
            assert logit(one.likelihood) == pytest.approx(total, abs=1e-6)


@given(dossiers(), st.data(), DAYS)
@examples(200)
def test_one_more_denial_never_makes_a_claim_likelier(found, data, on):
    denial = data.draw(denials(found))
    more = replace(found, evidence={**found.evidence, denial.key: denial})
    before = resolve(found, policy(), on)[denial.claim]
    after = resolve(more, policy(), on)[denial.claim]
    assert after.likelihood <= before.likelihood + 1e-9


@st.composite
def webs(draw):
    """A few events in a dense web of links, of which little is known."""
    keys = ["c0", "c1", "c2", "c3"]
    relations = ("contradicts", "contradicts", "depends-on", "refines", "supports")
    edges = draw(
        st.sets(
            st.tuples(st.permutations(keys).map(lambda order: tuple(order[:2])), st.sampled_from(relations)),
            min_size=2,
            max_size=8,
        )
    )
    told = draw(st.lists(st.tuples(st.sampled_from("pqr"), st.sampled_from(keys), st.booleans()), max_size=4))
    return dossier(
        *map(claim, keys),
        *(link(one, relation, other) for (one, other), relation in sorted(edges)),
        *(
            said(by, "denies" if denied else "supports", of=of, key=f"e{number}")
            for number, (by, of, denied) in enumerate(told)
        ),
        source("weak", reliability=Reliability.E),
        source("strong"),
    )


@given(webs(), st.sampled_from(("weak", "strong", "p")), st.sampled_from(("c0", "c1")))
@examples(200)
def test_nor_does_it_by_what_it_sets_off_in_a_web_of_links(found, by, about):
    """The first word on a claim gives it a say over others, and these may have a say over it."""
    denial = said(by, "doubts", of=about, key="denial", credibility=Credibility.IMPROBABLE)
    more = replace(found, evidence={**found.evidence, denial.key: denial})
    before, after = (resolve(some, policy(), TODAY)[about].likelihood for some in (found, more))
    assert after <= before + 1e-9


@given(dossiers(), DAYS, st.randoms(use_true_random=False))
@examples(100)
def test_the_order_of_logging_changes_nothing(found, on, random):
    def shuffled(records):
        items = list(records.items() if isinstance(records, dict) else records)
        random.shuffle(items)
        return dict(items) if isinstance(records, dict) else items

    other = Dossier(**{field.name: shuffled(getattr(found, field.name)) for field in fields(Dossier)})
    assert resolve(other, policy(), on) == resolve(found, policy(), on)


@given(dossiers(), DAYS)
@examples(100)
def test_each_group_alone_gives_what_the_whole_gives(found, on):
    whole = resolve(found, policy(), on)
    parts = [resolve(part, policy(), on) for part in split(found)]
    assert {key: one for part in parts for key, one in part.items()} == whole
    assert sorted(key for group in tied_groups(found) for key in group) == sorted(whole)


@given(dossiers(), DAYS)
@examples(100)
def test_evidence_of_tomorrow_does_not_show_today(found, on):
    """The two clocks: a day in the past is resolved as it could have been resolved on that day."""
    public = {
        key: piece
        for key, piece in found.evidence.items()
        if piece.counts_from <= on or (piece.withdrawn_on is not None and piece.withdrawn_on <= on)
    }
    relayed = [found.evidence.get(piece.relays or "") for piece in public.values()]
    if any(origin is not None and origin.key not in public for origin in relayed):
        return  # a relay of words that were themselves not certainly public yet
    assert resolve(replace(found, evidence=public), policy(), on) == resolve(found, policy(), on)


@given(dossiers(pieces=7), st.data())
@examples(50)
def test_what_is_said_to_flip_a_verdict_flips_it(found, data):
    key = data.draw(st.sampled_from(sorted(found.claims)))
    on = FIRST + timedelta(days=400)
    now = resolve(found, policy(), on)[key]
    for flip in flips(found, policy(), on, key):
        after = resolve(found.without(flip.remove), policy(), on)[key]
        assert after.status is flip.status is not now.status
        assert after.likelihood == flip.likelihood


@given(dossiers(), DAYS)
@examples(100)
def test_every_field_of_every_verdict_is_what_it_can_be(found, on):
    for key, one in resolve(found, policy(), on).items():
        assert one.claim == key
        assert 0 <= one.likelihood <= 1
        assert {row.evidence for row in one.contributions} == {
            piece.key for piece in found.evidence.values() if piece.claim == key and piece.counts_on(on)
        }
        assert one.supporting_lines <= len({row.line for row in one.contributions})
        assert one.changes_on is None or one.changes_on > on
        assert one.exact
        assert all(key not in effect.others for effect in one.effects)
        assert one.status is not Status.CONFIRMED or one.supporting_lines >= 1


@given(dossiers())
@examples(60)
def test_f_and_6_are_the_same_as_nothing_in_any_dossier(found):
    def blank(value, unknown):
        return None if value is unknown else value

    ungraded = replace(
        found,
        sources={
            key: replace(one, reliability=blank(one.reliability, Reliability.F))
            for key, one in found.sources.items()
        },
        evidence={
            key: replace(one, credibility=blank(one.credibility, Credibility.UNKNOWN))
            for key, one in found.evidence.items()
        },
    )
    assert resolve(ungraded, policy(), TODAY) == resolve(found, policy(), TODAY)
