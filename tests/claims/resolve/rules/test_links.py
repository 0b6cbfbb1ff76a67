"""Plain negation: found where the words say it, and nowhere else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from claims.resolve.rules import find_ties
from claims.resolve.rules.links import without_negation
from tests.claims.builders import TODAY, claim, dossier, policy_with_all_rules


def tied(one, other, **fields):
    both = [
        replace(claim(key, subject="mayor", **(fields if key == "y" else {})), text=text)
        for key, text in (("x", one), ("y", other))
    ]
    return [tie.because for tie in find_ties(dossier(*both), policy_with_all_rules(), TODAY)]


@pytest.mark.parametrize(
    "contrary",
    [
        "The mayor was not there.",
        "the mayor wasn't there",
        "The mayor wasn’t there!",
        "The mayor was never there",
    ],
)
def test_the_same_words_with_one_negation_are_the_contrary(contrary):
    assert tied("The mayor was there.", contrary) == ["y says the contrary of x"]


@pytest.mark.parametrize(
    "other",
    [
        "The mayor was elsewhere.",  # other words
        "The mayor was not there at noon.",
        "The mayor was not never there.",  # twice
        "The mayor did not go there.",
        "The mayor was there.",
    ],
)
def test_other_words_are_left_alone(other):
    assert tied("The mayor was there.", other) == []


@pytest.mark.parametrize("field", [{"when": "2019"}, {"value": "by car"}, {"subject": "deputy"}])
def test_so_are_the_same_words_on_another_matter(field):
    one = replace(claim("x", subject="mayor"), text="He was there.")
    other = replace(claim("y", **{"subject": "mayor", **field}), text="He was not there.")
    assert find_ties(dossier(one, other), policy_with_all_rules(), TODAY) == []


def test_words_are_compared_whatever_their_case_and_marks():
    assert (
        without_negation("He wasn't there!") == without_negation("he was NOT there") == ("he was there", True)
    )
    assert without_negation("He wasn't not there") == ("he was not not there", False)
