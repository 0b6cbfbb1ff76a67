"""``latest``: the newest statement of the best source counts alone."""

from __future__ import annotations

from claims.vocabulary import Kind, Reliability, Status
from tests.claims.builders import by, claim, day, said, source

A, A2, B = (source(key, reliability=Reliability(key[0].upper())) for key in ("a", "a2", "b"))


def counted(it) -> set[str]:
    return {row.evidence for row in it.contributions if row.weight}


def test_the_newest_statement_of_the_best_grade_counts_alone():
    found = by(
        "latest", A, A2, B, said("a"), said("a2", "denies", on="2019-01-10"), said("b", on="2019-02-01")
    )
    assert counted(found) == {"claim.a2"}
    because = {row.source: row.because for row in found.contributions}
    assert because["a"] == "superseded by a newer statement of A2 (2019-01-10)"
    assert because["b"] == "grade B, outranked by grade A (A2)" or "outranked by grade A" in because["b"]


def test_before_the_newer_statement_the_older_one_stands():
    records = (A, said("a"), said("a", "denies", key="later", on="2019-01-10"))
    assert by("latest", *records, on=day("2018-12-31")).status is Status.CORROBORATED
    assert by("latest", *records).likelihood < 0.5


def test_statements_of_one_day_stand_side_by_side():
    found = by("latest", A, A2, said("a"), said("a2", "denies"))
    assert counted(found) == {"claim.a", "claim.a2"}
    assert found.likelihood == 0.5


def test_passing_on_old_words_is_no_new_statement():
    late = said("paper", relays="army", on="2019-03-01", key="relay")
    found = by("latest", said("army", on="2018-11-01"), late, said("rebels", "denies", on="2019-01-01"))
    assert counted(found) == {"claim.rebels"}


def test_a_state_that_nobody_spoke_of_for_long_is_stale_and_says_when_it_became_so():
    records = (claim(kind=Kind.LOCATION), said("army", on="2019-01-01"))
    fresh = by("latest", *records, on=day("2019-02-01"))
    assert (fresh.stale, fresh.changes_on) == (False, day("2019-06-30"))
    assert by("latest", *records, on=day("2019-06-30")).stale
