"""Mentions: of rumours, that many carry a claim and nobody stands behind it speaks against it."""

from __future__ import annotations

from claims.policy import policy_from_data
from claims.resolve import resolve
from claims.resolve.explaining import lines_behind
from claims.vocabulary import Status
from tests.claims.builders import TODAY, claim, dossier, policy_data, said


def unendorsed():
    """The policy that ships, but for what a mention of an event weighs."""
    data = policy_data()
    data["stance"]["event"] = {"mentions": -0.4}
    return policy_from_data(data)


def carried(*pieces):
    return resolve(dossier(*pieces), unendorsed(), TODAY)["claim"]


def test_a_claim_that_many_carry_and_nobody_endorses_grows_less_likely():
    one = carried(said("a", "mentions"))
    three = carried(*(said(by, "mentions") for by in "abc"))
    assert 0.5 > one.likelihood > three.likelihood > 0.3
    assert (three.supporting_lines, three.opposing_lines) == (0, 0)
    assert "carried, not endorsed" in one.contributions[0].because


def test_a_mention_that_relays_or_whose_source_takes_a_side_says_nothing():
    support = said("ministry")
    alone = carried(support).likelihood
    assert carried(support, said("paper", "mentions", relays="ministry")).likelihood == alone
    assert carried(support, said("ministry", "mentions", key="early")).likelihood == alone


def test_a_denial_still_makes_it_less_likely_beside_mentions():
    mentions = [said(by, "mentions") for by in "abcdef"]
    assert carried(*mentions, said("x", "denies")).likelihood < carried(*mentions).likelihood


def test_for_other_kinds_a_mention_still_weighs_next_to_nothing():
    other = claim(kind="statement", subject="kouffa")
    assert resolve(dossier(other, said("a", "mentions")), unendorsed(), TODAY)["claim"].likelihood > 0.5


def test_a_claim_is_disputed_by_who_denies_it_and_by_no_number_of_mentions():
    mentions = [said(by, "mentions") for by in "abcdef"]
    report = said("ministry")
    assert carried(report, *mentions).status is not Status.DISPUTED
    assert carried(report, *mentions, said("x", "denies")).status is Status.DISPUTED


def test_a_mention_that_weighs_against_a_claim_is_listed_on_that_side():
    story = dossier(said("a", "mentions"), said("ministry"))
    found = lines_behind(story, unendorsed(), resolve(story, unendorsed(), TODAY)["claim"])
    assert [(line.name, line.side, line.weight < 0) for line in found] == [
        ("source:ministry", 1, False),
        ("source:a", -1, True),
    ]
