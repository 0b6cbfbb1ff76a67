"""The record of a source: how it added up, and whether it was right as often as expected."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from claims.measure import calibration as bins_of
from claims.resolve.records import Outcome, Suggestion
from claims.vocabulary import Kind
from tests.claims.builders import source
from tests.support.pictures import AS_OF, check, texts
from tracker.plots.source import calibration, interval
from tracker.report.models import SourceRecord
from tracker.report.pictures import Calibrated


def outcome(number, *, right, sign=1):
    since = date(2020, 1, 1) + timedelta(days=30 * number)
    return Outcome(
        source="army",
        claim=f"c{number}",
        evidence=f"c{number}.army",
        kind=Kind.EVENT,
        sign=sign,
        right=right,
        since=since,
    )


def record(cases, expected=()):
    kept = SourceRecord(
        source=source("army"),
        grades=(),
        evidence=(),
        outcomes=tuple(cases),
        suggestion=Suggestion(None, ""),
        as_of=AS_OF,
    )
    bins = bins_of(list(expected), [case.right for case in cases]) if expected else ()
    return Calibrated(record=kept, expected=tuple(expected), bins=bins)


CASES = [outcome(n, right=n % 3 != 0, sign=-1 if n == 4 else 1) for n in range(9)]


def test_right_and_wrong_words_are_counted_and_bins_have_their_number():
    figure = calibration(record(CASES, [0.55] * 3 + [0.75] * 6))
    told = texts(figure)
    check(figure)
    assert "▲ right 6" in told
    assert "▼ wrong 3" in told
    assert "n=3" in told
    assert "n=6" in told
    assert "Expected right in 60% to 80%: was right in 67% (6)." in figure.description
    assert "When it denied or doubted: right in 1 of 1." in figure.description
    assert figure.tables[0].rows[2] == ("40% to 60%", "3", "55%", "67%")
    assert len(figure.tables[1].rows) == 9


def test_a_source_of_which_nothing_is_settled_and_a_policy_that_expects_nothing_are_said():
    assert "Nothing that it said has been settled yet." in texts(calibration(record([])))
    assert "This policy expects nothing of a source." in texts(calibration(record(CASES)))
    check(calibration(record([])))


@pytest.mark.parametrize("width", [320, 760, 1600])
def test_it_can_be_drawn_in_any_width(width):
    check(calibration(record(CASES[:1], [0.5]), width=width))
    check(calibration(record(CASES, [0.5] * 9), width=width))


def test_few_cases_leave_much_open():
    # As tabled by Brown, Cai and DasGupta 2001 for the Wilson interval.
    assert interval(0.0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert interval(0.5, 10) == pytest.approx((0.2366, 0.7634), abs=1e-3)
    low, high = interval(1.0, 1)
    assert low < 0.25
    assert high == pytest.approx(1)
