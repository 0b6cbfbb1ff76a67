"""What is said of a question in words."""

from __future__ import annotations

from claims.counts import check_count
from claims.tolls import Reading, toll_of
from tests.claims.builders import day
from tracker.report.questions import toll_lines


def reading(claim: str, value: str) -> Reading:
    return Reading(
        claim=claim, count=check_count(value), likelihood=0.5, sources={f"of {claim}": day("2024-01-01")}
    )


def test_where_counts_that_exclude_each_other_weigh_the_same_none_is_best_and_it_says_so() -> None:
    found = toll_of([reading("few", "10-12"), reading("many", "40-50")], cumulative=False)
    assert found is not None
    assert toll_lines(found) == [
        "The counts come to: low 10, best contested, high 50.",
        "No count is the best: several that cannot both hold weigh the same.",
    ]


def test_where_they_agree_the_best_is_given() -> None:
    found = toll_of([reading("few", "10-12"), reading("one", "12")], cumulative=False)
    assert found is not None
    assert toll_lines(found) == ["The counts come to: low 10, best 12, high 12."]
