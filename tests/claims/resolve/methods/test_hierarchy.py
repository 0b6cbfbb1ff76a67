"""``hierarchy``: the best source that took a side decides."""

from __future__ import annotations

from claims.vocabulary import Basis, Reliability, Status
from tests.claims.builders import by, document, said, shipped, source

A, B, F = (source(name, reliability=Reliability(name.upper())) for name in "abf")


def test_one_source_graded_a_outranks_any_number_of_others():
    crowd = [said(f"paper{n}", "denies") for n in range(9)]
    found = by("hierarchy", A, B, said("a"), said("b", "denies"), *crowd)
    weights = {row.source: row.weight for row in found.contributions}
    assert weights.pop("a") == shipped("hierarchy").own["votes"]["A"]
    assert not any(weights.values())
    assert (found.status, found.supporting_lines, found.opposing_lines) == (Status.CORROBORATED, 1, 0)


def test_those_outranked_are_listed_with_the_words_why():
    found = by("hierarchy", A, B, said("a"), said("b", "denies"), said("c", "denies"))
    because = {row.source: row.because for row in found.contributions}
    assert because["b"] == "grade B, outranked by grade A (A)"
    assert because["c"] == "a source without a grade, outranked by grade A (A)"
    assert because["a"] == "supports: one vote of 2.50 on grade A"


def test_within_the_best_grade_lines_are_counted():
    twice = source("a2", reliability=Reliability.A), source("a3", reliability=Reliability.A)
    split = by("hierarchy", A, *twice, said("a"), said("a2", "denies"))
    assert split.likelihood == 0.5
    most = by("hierarchy", A, *twice, said("a"), said("a2", "denies"), said("a3", "denies"))
    assert most.likelihood < 0.5


def test_a_best_source_that_only_mentions_it_does_not_decide():
    found = by("hierarchy", A, B, said("a", "mentions"), said("b", "denies"))
    assert found.opposing_lines == 1


def test_a_grade_of_f_is_as_none_and_comes_last():
    worst = source("e", reliability=Reliability.E)
    found = by("hierarchy", F, worst, said("f"), said("e", "denies"))
    assert {row.source: row.weight != 0 for row in found.contributions} == {"e": True, "f": False}


def test_an_official_record_ranks_as_the_policy_says():
    found = by("hierarchy", B, said("b", "denies"), said("court", basis=Basis.OFFICIAL_RECORD))
    assert (found.status, found.opposing_lines) == (Status.CONFIRMED, 0)


def test_an_official_record_read_in_a_paper_is_only_what_the_paper_says_it_is():
    paper = document("article", publisher="paper")
    read = said("court", basis=Basis.OFFICIAL_RECORD, document="article")
    found = by("hierarchy", B, paper, said("b", "denies"), read)
    assert found.supporting_lines == 0


def test_who_passes_on_words_stands_no_better_than_whom_they_are_from():
    found = by("hierarchy", A, B, said("a", relays="nobody"), said("b", "denies"))
    assert {row.source: row.weight != 0 for row in found.contributions} == {"a": False, "b": True}
