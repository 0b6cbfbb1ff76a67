"""The life line: every reported death, denial and sign of life is on it, in its place."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.vocabulary import Stance, Status
from tests.claims.builders import alive, death, entity, said
from tests.support.examples import examples
from tests.support.pictures import AS_OF, HOSTILE, check, standing, texts
from tracker.plots.person import life_line
from tracker.report.pictures import Life


def life(claims, evidence=(), **fields):
    return Life(
        **{
            "entity": entity("kouffa", "person"),
            "claims": tuple(claims),
            "evidence": tuple(evidence),
            "sources": {piece.source: piece.source.title() for piece in evidence},
            "as_of": AS_OF,
            **fields,
        }
    )


TWICE = life(
    [
        standing(death("first", when="2014-12"), status=Status.REFUTED, likelihood=0.01),
        standing(alive("seen", when="2015-06-03"), status=Status.CORROBORATED, likelihood=0.95),
        standing(death("again", when="2020-06-03"), status=Status.CORROBORATED, likelihood=0.9),
    ],
    [
        said("army", of="first", on="2014-12-20"),
        said("group", "denies", of="first", on="2015-01"),
        said("video", of="seen", on="2015-06-03"),
        said("army", of="again", on=None, recorded_on=date(2020, 6, 5)),
    ],
)


def test_the_title_says_how_often_the_person_died():
    figure = life_line(TWICE)
    check(figure)
    assert figure.title == "Kouffa: reported dead twice, seen alive once, death denied or doubted once"
    assert (
        "Sign of life a (2015-06-03): The text of seen; corroborated, almost certain (95%)."
        in figure.description
    )


def test_deaths_are_numbered_and_signs_of_life_lettered_in_their_order():
    figure = life_line(TWICE)
    assert [row[0] for row in figure.tables[0].rows] == ["1", "a", "2"]
    assert {"1: The text of first.", "2: The text of again.", "a: The text of seen."} <= set(
        texts(figure).split("\n")
    )


def test_the_axis_is_dotted_while_the_last_report_had_the_person_dead():
    lines: dict[str, list[str]] = {}
    for each in check(life_line(TWICE)).iter():
        lines.setdefault(each.get("class", ""), []).append(each.get("d", ""))
    assert lines["course"][0].count("M") == 2  # until the first report, and after the sign of life
    assert lines["course cut"][0].count("M") == 2


def test_all_evidence_is_told_the_undated_too():
    told = texts(life_line(TWICE))
    assert all(f"[{piece.key}]" in told for piece in TWICE.evidence)
    assert "of unknown date, logged 5 Jun 2020" in told


def test_of_many_reports_on_one_day_one_mark_is_drawn():
    many = life(
        [standing(death(when="2014-12"))], [said(f"s{n:02}", of="killed", on="2014-12-20") for n in range(40)]
    )
    drawn = [each for each in check(life_line(many)).iter() if each.get("class") == "supports mark"]
    assert len(drawn) == 1 + 1  # and the key to the shape
    assert "and 37 more" in texts(life_line(many))


def test_of_whom_nothing_is_claimed_that_is_said():
    figure = life_line(life([]))
    check(figure)
    assert "No death and no sign of life is claimed." in texts(figure)
    assert "reported dead never" in figure.title


def test_names_of_others_stay_text():
    hostile = life(
        [standing(death(when=None))], sources={"x": HOSTILE}, entity=entity("x", "person", note=HOSTILE)
    )
    check(life_line(hostile))


days = st.dates(date(1990, 1, 1), AS_OF)


@pytest.mark.slow
@given(
    st.lists(
        st.tuples(
            st.booleans(), st.none() | days, st.lists(st.tuples(days, st.sampled_from([*Stance])), max_size=4)
        ),
        max_size=9,
    )
)
@examples(30)
def test_any_life_can_be_drawn(reports):
    claims, evidence = [], []
    for number, (is_death, day, pieces) in enumerate(reports):
        make = death if is_death else alive
        claims.append(standing(make(f"c{number}", when=None if day is None else str(day))))
        evidence += [
            said(f"s{at}", stance, of=f"c{number}", on=str(on)) for at, (on, stance) in enumerate(pieces)
        ]
    figure = life_line(life(claims, evidence))
    check(figure)
    assert len(figure.tables[0].rows) == len(reports)
    assert all(f"[{piece.key}]" in texts(figure) for piece in evidence)
