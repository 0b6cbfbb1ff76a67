"""``majority``: one vote for each line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.vocabulary import Basis, Reliability, Status
from tests.claims.builders import by, claim, question, said, shipped, source

VOTE = shipped("majority").own["votes"]["line"]


@given(st.integers(0, 6), st.integers(0, 6))
def test_a_claim_is_likelier_than_not_if_and_only_if_more_lines_support_it(yes, no):
    found = by(
        "majority",
        claim(),
        *(said(f"y{n}") for n in range(yes)),
        *(said(f"n{n}", "denies") for n in range(no)),
    )
    assert (found.likelihood > 0.5) == (yes > no)
    assert (found.likelihood == 0.5) == (yes == no)
    assert (found.supporting_lines, found.opposing_lines) == (yes, no)


def test_ten_outlets_that_relay_one_ministry_have_one_vote_against_one_denial():
    relays = [said(f"paper{n}", relays="ministry", on="2018-11-24") for n in range(10)]
    found = by("majority", said("ministry"), *relays, said("witness", "denies", basis=Basis.WITNESSED))
    assert found.likelihood == 0.5
    assert (found.supporting_lines, found.opposing_lines) == (1, 1)
    assert found.status is Status.DISPUTED


def test_grades_do_not_matter_and_every_line_counts_in_full():
    found = by(
        "majority", source("good", reliability=Reliability.A), said("good"), said("b"), said("c", "doubts")
    )
    assert [row.weight for row in found.contributions] == pytest.approx([VOTE, -VOTE, VOTE])


def test_a_mention_does_not_vote():
    found = by("majority", said("army", "mentions"))
    assert found.likelihood == 0.5
    assert found.supporting_lines == 0
    assert found.contributions[0].because == "mentions it, and does not vote"


def test_who_changes_sides_votes_once_for_what_was_said_last():
    found = by("majority", said("army", key="first"), said("army", "denies", key="last", on="2019-01-01"))
    assert [row.weight for row in found.contributions if row.weight] == [-VOTE]


def test_rival_answers_with_as_many_votes_are_contested_and_one_more_vote_decides():
    answers = [question("who"), claim("a", value="A", question="who"), claim("b", value="B", question="who")]
    even = [*answers, said("x", of="a"), said("y", of="b")]
    assert by("majority", *even, of="a").likelihood == pytest.approx(by("majority", *even, of="b").likelihood)
    more = [*even, said("z", of="a")]
    assert by("majority", *more, of="a").likelihood > 0.5 > by("majority", *more, of="b").likelihood


def test_many_votes_do_not_confirm_what_no_line_known_to_be_independent_says():
    many = [said(f"paper{n}") for n in range(6)]
    assert by("majority", *many).status is Status.CORROBORATED
    seen = [said(f"witness{n}", basis=Basis.WITNESSED) for n in range(2)]
    assert by("majority", *many, *seen).status is Status.CONFIRMED


def test_a_claim_on_which_many_speak_is_counted_as_one_on_which_few_do():
    many = [*(said(f"y{n}") for n in range(50)), *(said(f"n{n}", "denies") for n in range(48))]
    found = by("majority", *many)
    assert found.likelihood == by("majority", said("a"), said("b")).likelihood
    assert {abs(row.weight) for row in found.contributions} == {VOTE}
