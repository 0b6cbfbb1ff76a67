"""Slots: a dossier that is closed under them holds every tie there can be."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from claims.resolve import resolve
from claims.resolve.dossier import split, tied_groups
from claims.resolve.rules import find_leans, find_ties
from claims.resolve.slots import joined
from claims.resolve.ties import members_of
from tests.claims.builders import TODAY, alive, claim, death, dossier, entity, policy_with_all_rules
from tests.claims.random_dossiers import DAYS, denials, dossiers
from tests.support.examples import examples


def groups(*records, merged=None):
    return tied_groups(dossier(*records, merged=merged))


def test_what_stands_beside_a_hub_is_joined_to_it_and_not_without_it():
    slots = [("a", ("life", "zand"), False), ("b", ("life", "zand"), False), ("c", ("life", "other"), True)]
    assert joined(slots) == [["c"]]
    assert joined([*slots, ("d", ("life", "zand"), True)]) == [["a", "b", "d"], ["c"]]


def test_the_claims_about_a_life_are_tied_by_a_report_of_death_alone():
    led = claim("led", "leadership", subject="kouffa", value_entity="front", when="2020")
    assert groups(alive(when="2019"), led) == [{"alive"}, {"led"}]
    assert groups(alive(when="2019"), led, death(when="2018")) == [{"alive", "killed", "led"}]


def test_members_of_a_group_are_tied_by_its_end_alone():
    members = [claim(who, "affiliation", subject=who, value_entity="front") for who in ("one", "two")]
    end = claim("end", "dissolution", subject="front")
    assert groups(*members) == [{"one"}, {"two"}]
    assert groups(*members, end) == [{"end", "one", "two"}]


def test_events_are_tied_when_they_are_of_one_incident():
    both = [claim("x", subject="raid"), claim("y", subject="raid")]
    assert groups(*both) == [{"x"}, {"y"}]
    assert groups(*both, entity("raid", "place")) == [{"x"}, {"y"}]
    assert groups(*both, entity("raid")) == [{"x", "y"}]
    apart = [claim("x", subject="raid"), claim("y", subject="siege"), entity("raid"), entity("siege")]
    assert groups(*apart) == [{"x"}, {"y"}]
    assert groups(*apart, merged={"siege": "raid"}) == [{"x", "y"}]


@given(dossiers(), DAYS)
@examples(60)
def test_every_tie_and_every_lean_lies_within_one_group(found, on):
    place = {key: number for number, group in enumerate(tied_groups(found)) for key in group}
    for tie in find_ties(found, policy_with_all_rules(), on):
        assert len({place[key] for key in members_of(tie)}) == 1, tie
    for lean in find_leans(found, policy_with_all_rules(), on):
        assert place[lean.claim] == place[lean.on], lean


@given(dossiers(), DAYS)
@examples(40)
def test_with_every_rule_each_group_alone_gives_what_the_whole_gives(found, on):
    whole = resolve(found, policy_with_all_rules(), on)
    parts = [resolve(part, policy_with_all_rules(), on) for part in split(found)]
    assert {key: one for part in parts for key, one in part.items()} == whole


@given(dossiers(), st.data(), DAYS)
@examples(60)
def test_with_every_rule_one_more_denial_never_makes_a_claim_likelier(found, data, on):
    denial = data.draw(denials(found))
    more = replace(found, evidence={**found.evidence, denial.key: denial})
    before, after = (resolve(some, policy_with_all_rules(), on)[denial.claim] for some in (found, more))
    assert after.likelihood <= before.likelihood + 1e-9


@given(dossiers(), st.randoms(use_true_random=False))
@examples(40)
def test_the_order_of_logging_changes_no_tie(found, random):
    items = list(found.claims.items())
    random.shuffle(items)
    other = replace(found, claims=dict(items), links=dict(reversed(found.links.items())))
    assert find_ties(other, policy_with_all_rules(), TODAY) == find_ties(
        found, policy_with_all_rules(), TODAY
    )
    assert find_leans(other, policy_with_all_rules(), TODAY) == find_leans(
        found, policy_with_all_rules(), TODAY
    )
