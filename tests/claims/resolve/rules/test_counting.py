"""Numbers: which counts are rivals, by range, unit and day."""

from __future__ import annotations

import pytest

from claims.resolve.rules import find_ties
from tests.claims.builders import TODAY, claim, dossier, policy_with_all_rules, question, said


def rivals(*values, cumulative=False, dates=(), reported=()):
    """The rule and the answers of each tie between counts of one question, by their values."""
    counts = [
        claim(f"{n}", "count", value=value, question="toll", when=dates[n] if dates else None)
        for n, value in enumerate(values)
    ]
    reports = [said("paper", of=f"{n}", on=on) for n, on in enumerate(reported)]
    found = dossier(*counts, *reports, question("toll", cumulative=cumulative))
    return {
        (tie.rule, *sorted(tuple(values[int(key)] for key in answer) for answer in tie.answers))
        for tie in find_ties(found, policy_with_all_rules(), TODAY)
    }


def test_a_range_that_both_overlap_makes_two_numbers_no_less_rivals():
    assert rivals("12", "14", "10-15") == {("numbers", ("12",), ("14",))}


def test_what_is_far_from_all_others_is_a_rival_of_all():
    assert rivals("5", "12", "10-15") == {("numbers", ("12", "10-15"), ("5",))}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("12", "12 dead"),
        ("about 12", "13"),
        ("at least 5", "12"),
        ("12 soldiers", "15 civilians"),
        ("64 %", "12"),
    ],
)
def test_these_can_both_hold(one, other):
    assert rivals(one, other) == set()


@pytest.mark.parametrize(
    ("one", "other"),
    [("12", "15 dead"), ("about 12", "20"), ("more than 12", "12"), ("12 dead", "15 Dead"), ("64 %", "66 %")],
)
def test_these_cannot(one, other):
    assert rivals(one, other) == {("numbers", *sorted([(one,), (other,)]))}


def test_with_several_units_a_bare_number_is_of_none_of_them():
    assert rivals("12 soldiers", "15 civilians", "99") == set()
    assert rivals("12 soldiers", "99", "15 soldiers") != set()


def test_numbers_beside_other_answers_are_rivals_of_these_together():
    found = dossier(
        claim("n", "count", value="12", question="toll"),
        claim("w", value="nobody died", question="toll"),
        question("toll"),
    )
    (tie,) = find_ties(found, policy_with_all_rules(), TODAY)
    assert (tie.rule, tie.answers) == ("one-answer", (("n",), ("w",)))


# Cumulative numbers


def test_a_number_that_falls_is_tied_to_all_that_it_falls_from():
    dates = ("2024-05-01", "2024-05-02", "2024-05-03")
    found = rivals("148", "165-180", "120", cumulative=True, dates=dates)
    assert found == {("falling-toll", ("120",), ("148", "165-180"))}


def test_numbers_of_one_day_are_rivals_all_the_same():
    found = rivals("148", "165", cumulative=True, dates=("2024-05-01", "2024-05-01"))
    assert found == {("numbers", ("148",), ("165",))}


def test_of_days_that_may_be_the_same_too():
    found = rivals("148", "165", "200", cumulative=True, dates=("2024-05-01", "2024-05", "2024-06-01"))
    assert found == {("numbers", ("148",), ("165",))}


def test_without_a_date_a_number_is_of_the_day_of_its_first_report():
    assert rivals("148", "120", cumulative=True, reported=("2023-05-01", "2023-05-02")) != set()
    assert rivals("120", "148", cumulative=True, reported=("2023-05-01", "2023-05-02")) == set()
