"""One event, one date, one place: nothing is invented from free words."""

from __future__ import annotations

import pytest

from claims.resolve.rules import find_ties
from claims.vocabulary import LinkState
from tests.claims.builders import TODAY, claim, dossier, entity, link, policy_with_all_rules, question


def pairs(*records, merged=None):
    found = find_ties(dossier(*records, merged=merged), policy_with_all_rules(), TODAY)
    return {(tie.rule, *sorted({"x", "y"})) for tie in found if tie.rule in ("two-dates", "two-places")}


def at(key, where, place, **fields):
    return claim(key, subject="raid", where=where, where_entity=place, **fields)


RAID = entity("raid")
DATES = [claim("x", subject="raid", when="2024-05-04"), claim("y", subject="raid", when="2024-05-06")]
BOTH = {("two-dates", "x", "y")}


def test_only_what_is_known_to_be_one_incident_has_one_date():
    assert pairs(*DATES, RAID) == BOTH
    assert pairs(*DATES) == set()
    assert pairs(*DATES, entity("raid", "place")) == set()
    assert pairs(*DATES, entity("raid", "person")) == set()


def test_a_person_can_say_that_two_claims_speak_of_one_event():
    apart = [claim("x", when="2024-05-04"), claim("y", when="2024-05-06")]
    assert pairs(*apart) == set()
    for relation in ("duplicates", "refines"):
        assert pairs(*apart, link("x", relation, "y")) == BOTH
        assert pairs(*apart, link("x", relation, "y", state=LinkState.RESOLVED)) == set()
    assert pairs(*apart, link("x", "supports", "y")) == set()


def test_a_group_is_founded_and_ends_once():
    founded = [
        claim(key, "founding", subject=who, value_entity="front", when=when)
        for key, who, when in (("x", "zand", "2011"), ("y", "abu", "2014"))
    ]
    assert pairs(*founded) == BOTH
    ended = [
        claim(key, "dissolution", subject="front", when=when) for key, when in (("x", "2018"), ("y", "2020"))
    ]
    assert pairs(*ended) == BOTH


def test_the_same_answer_to_a_question_has_one_date():
    answers = [
        claim(key, value=value, question="q", when=when)
        for key, value, when in (("x", "by land", "2011"), ("y", "By land ", "2014"))
    ]
    assert pairs(*answers, question("q")) == BOTH


@pytest.mark.parametrize("kind", ["statement", "location", "count"])
def test_what_is_said_or_holds_on_many_days_has_no_one_date(kind):
    both = [
        claim(key, kind, subject="raid", value="5", when=when) for key, when in (("x", "2018"), ("y", "2019"))
    ]
    assert pairs(*both, RAID, link("x", "duplicates", "y")) == set()


# Places


def test_two_places_that_are_known_as_two():
    assert pairs(at("x", "Tandor", "tandor"), at("y", "Belmar", "belmar"), RAID) == {("two-places", "x", "y")}


def test_places_that_are_only_words_are_not_compared():
    assert pairs(at("x", "Tandor", None), at("y", "Belmar", "belmar"), RAID) == set()


def test_one_place_under_two_names_is_one_once_they_are_merged():
    both = [at("x", "Tandor", "tandor"), at("y", "Tandour", "tandour"), RAID]
    assert pairs(*both, merged={"tandour": "tandor"}) == set()


@pytest.mark.parametrize(
    "within",
    [
        at("x", "Tandor, Eastern Province", "tandor"),
        at("x", "Tandor", "tandor", note="in the eastern province"),
    ],
)
def test_a_place_within_the_other_is_no_contradiction_where_the_claim_says_so(within):
    assert pairs(within, at("y", "Eastern Province", "east"), RAID) == set()


def test_nor_where_a_person_says_that_one_claim_refines_the_other():
    both = [at("x", "Tandor", "tandor"), at("y", "Eastern Province", "east"), RAID]
    assert pairs(*both, link("x", "refines", "y")) == set()
