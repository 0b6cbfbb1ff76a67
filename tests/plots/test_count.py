"""A count as it was revised: its range, its best, and every number that was claimed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from claims.counts import check_count
from tests.claims.builders import claim, question, when
from tests.support.examples import examples
from tests.support.pictures import AS_OF, HOSTILE, check, standing, texts
from tracker.plots.count import revisions
from tracker.plots.numbers import round_steps
from tracker.report.pictures import Counted, Revision, Revisions


def counted(value, since, *sources, stands=True, published=""):
    of = standing(claim(f"toll-{since}", "count", value=value))
    return Counted(
        standing=of,
        count=check_count(value),
        since=date.fromisoformat(since),
        published=None if published is None else when(published or since),
        sources=sources,
        stands=stands,
    )


def revision(at, low, best, high, *, contested=False):
    numbers = {
        name: None if number is None else Decimal(number)
        for name, number in (("low", low), ("best", best), ("high", high))
    }
    return Revision(at=date.fromisoformat(at), contested=contested, **numbers)


def toll(found, counts):
    return Revisions(
        question=question("toll", counted="killed"), revisions=tuple(found), counts=tuple(counts), as_of=AS_OF
    )


MARKET = toll(
    [
        revision("2020-08-01", 12, None, None),
        revision("2020-08-02", 12, 17, None),
        revision("2020-08-03", 17, None, 30, contested=True),
        revision("2020-08-06", 31, 31, 31),
    ],
    [
        counted("at least 12", "2020-08-01", "Wire", stands=False),
        counted("17", "2020-08-02", "Army", stands=False),
        counted("20 to 30", "2020-08-03", "Radio", "Paper", stands=False),
        counted("31", "2020-08-06", "Army"),
    ],
)


def test_band_best_and_counts_are_drawn_and_told():
    figure = revisions(MARKET)
    told = texts(figure)
    root = check(figure)
    assert sum(each.get("class") == "area" for each in root.iter()) == 4 + 1  # and its key
    assert {"now 31", "Radio +1", "contested", "17"} <= set(told.split("\n"))
    assert "20 to 30, 3 Aug 2020, Radio, Paper; unverified (30%) [toll-2020-08-03]" in told
    assert "open at one end" in told


def test_the_description_tells_each_revision():
    assert revisions(MARKET).description == (
        "4 counts claimed, as of 2024-03-15. From 1 Aug 2020: at least 12. From 2 Aug 2020: at least 12. "
        "From 3 Aug 2020: 17 to 30, contested. From 6 Aug 2020: 31."
    ).replace("2 Aug 2020: at least 12.", "2 Aug 2020: at least 12, best 17.")


def test_where_several_numbers_are_the_best_there_is_no_line():
    line = next(each.get("d") for each in check(revisions(MARKET)).iter() if each.get("class") == "course")
    assert line.count("M") == 2


def test_a_count_of_which_the_day_is_not_known_is_a_span():
    def classes(published):
        figure = revisions(toll([], [counted("12", "2020-08-31", "Wire", published=published)]))
        return [each.get("class") for each in check(figure).iter()]

    assert "span stands" in classes("2020-08")
    assert "span open stands" in classes(None)
    assert "span stands" not in classes("2020-08-31")


def test_numbers_of_any_size_and_sources_of_any_name_can_be_drawn():
    check(revisions(toll([revision("2020-08-01", 0, 0, 0)], [counted("0", "2020-08-01", HOSTILE)])))
    check(
        revisions(
            toll([revision("2020-08-01", 10**9, 10**9, 10**9)], [counted("1000000000", "2020-08-01", "x")])
        )
    )
    check(revisions(toll([], [counted("up to 3.5", "2020-08-01", "x")])))


counts = st.floats(0, 1e9).map(lambda number: round(number, 3))


@given(counts, counts, st.integers(2, 9))
@examples(100)
def test_round_steps_hold_what_they_must(one, other, about):
    least, most = min(one, other), max(one, other)
    steps = round_steps(least, most, about)
    assert steps[0] <= least
    assert steps[-1] >= most * (1 - 1e-9)
    assert 2 <= len(steps) <= 2 * about + 3
    assert steps == sorted(set(steps))
