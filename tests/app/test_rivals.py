"""Tables of rival values: who is right, what is contested, and how that compares with the truth."""

from __future__ import annotations

from random import Random

import pytest

from claims.errors import BadFile
from tests.support.shared import shared
from tracker.app.maps import load_map
from tracker.app.rivals import resolve_values
from tracker.formats.csvmap import read_map
from tracker.report.rivals import Rivals, answer

VALUES = "item,source,value\nmoon,a,rock\nmoon,b,rock\nmoon,c,cheese\nsun,a,fire\nsun,b,gas\n"


def resolved(rows: str = VALUES, gold: str | None = None) -> Rivals:
    files = [] if gold is None else [(gold.encode(), "gold.csv")]
    return resolve_values([(rows.encode(), "values.csv")], files, load_map("values"))


def test_each_item_gets_its_best_value_or_is_contested() -> None:
    moon, sun = (answer(each) for each in resolved().answers)

    assert (moon["item"], moon["value"], moon["contested"], moon["among"]) == ("moon", "rock", False, [])
    assert moon["probability"] > 0.5
    assert (sun["item"], sun["value"], sun["contested"], sun["among"]) == ("sun", None, True, ["fire", "gas"])
    assert sun["probability"] == 0.5


def test_answers_are_marked_beside_the_majority() -> None:
    marks = resolved(gold="item,value\nmoon,rock\nsun,gas\nstars,ice\n").marks

    assert marks is not None
    assert marks.answers == marks.majority
    assert (marks.answers.n, marks.answers.answered, marks.answers.contested) == (3, 1, 1)
    assert marks.answers.accuracy == pytest.approx(1.5 / 3)


def test_rows_that_say_nothing_usable_are_listed_and_the_rest_is_resolved() -> None:
    found = resolved(f"{VALUES}sea,,water\n,a,water\nsea,a,\n", gold="item,value\nmoon,rock\nmoon,cheese\n")

    assert [(name, str(each)) for name, each in found.rejected] == [
        ("values.csv", "row 7: the column 'source' is empty, and a value needs its source"),
        ("values.csv", "row 8: the column 'item' is empty, and a row needs its item"),
        ("gold.csv", "row 2: 'moon' has another true value in row 3 of gold.csv, which counts"),
    ]
    assert len(found.answers) == 2
    assert found.marks is not None
    assert found.marks.answers.right == 0


def test_a_map_of_ones_own_names_the_columns() -> None:
    mine = read_map(
        'holds = "values"\ndelimiter = ";"\n[columns]\nitem = "what"\nsource = "who"\nvalue = "says"\n',
        "mine",
    )

    found = resolve_values([(b"who;what;says\na;moon;rock\n", "f")], [(b"what;says\nmoon;rock\n", "g")], mine)

    assert [each.value for each in found.answers] == ["rock"]
    assert found.marks is not None
    assert found.marks.answers.accuracy == 1


@pytest.mark.parametrize(
    ("rows", "gold", "says"),
    [
        ("item,source,value\n", None, "values.csv: no row gives a value"),
        ("item,value\nmoon,rock\n", None, "has no column 'source'"),
        (VALUES, "item,value\n", "gold.csv: no true value"),
        (VALUES, "item,value\nMoon,rock\n", "no item of gold.csv is in the tables"),
        (VALUES, "item,truth\nmoon,rock\n", "gold.csv has no column 'value'"),
    ],
)
def test_what_cannot_be_measured_is_refused_and_said(rows: str, gold: str | None, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        resolved(rows, gold)


def test_a_syndicate_is_suspected() -> None:
    chance = Random(1)
    rows = [
        (number, source, "z" if source in "ab" else "xy"[chance.random() < 0.25])
        for number in range(40)
        for source in "abcdefgh"
    ]

    found = resolved("item,source,value\n" + "".join(f"{n},{who},{said}{n}\n" for n, who, said in rows))

    assert [each.members for each in found.suspicions] == [("a", "b")]


def test_days_of_flights_are_read_together_by_the_days_in_their_names() -> None:
    line = "{}\tXY-1\t3/4/15 9:05 PM\t\t\t\t\t\n"
    day = "".join(line.format(site) for site in "ab").encode()
    files = [(day, "20150304-claims.txt"), (day, "20150305-claims.txt")]

    found = resolve_values(files, [], load_map("flight"))

    assert [each.item for each in found.answers] == [
        "20150304 XY-1 scheduled departure",
        "20150305 XY-1 scheduled departure",
    ]
    with pytest.raises(BadFile, match=r"monday.txt does not say of which day it is"):
        resolve_values([*files, (day, "monday.txt")], [], load_map("flight"))


# --- public sets ----------------------------------------------------------------------------------


def of_shared(name: str) -> Rivals:
    data, gold = shared("data", "ladder", f"{name}.csv.gz"), shared("data", "ladder", f"{name}-gold.csv")
    return resolve_values(
        [(data.read_bytes(), data.name)], [(gold.read_bytes(), gold.name)], load_map("values")
    )


@pytest.mark.parametrize(
    ("name", "least"), [("rte", 0.925), ("bluebird", 0.893), ("birthplaces", 0.887), ("heritages", 0.716)]
)
def test_public_sets_reach_what_the_best_peer_of_each_does_within_half_a_point(
    name: str, least: float
) -> None:
    found = of_shared(name)

    assert found.rejected == ()
    assert found.marks is not None
    assert found.marks.answers.accuracy is not None
    assert found.marks.answers.accuracy >= least


@pytest.mark.slow
@pytest.mark.parametrize(("name", "least"), [("book", 0.865), ("population", 0.819)])
def test_large_public_sets_do_too(name: str, least: float) -> None:
    test_public_sets_reach_what_the_best_peer_of_each_does_within_half_a_point(name, least)


@pytest.mark.slow
def test_flights_are_answered_with_more_precision_than_the_majority_reaches() -> None:
    days = ("20111201", "20111202", "20111203")
    paths = [shared("data", "flight", f"{day}-claims.txt.gz") for day in days]
    gold = [shared("data", "flight", f"{day}-gold.txt") for day in days]

    found = resolve_values(
        [(path.read_bytes(), path.name) for path in paths],
        [(path.read_bytes(), path.name) for path in gold],
        load_map("flight"),
    )

    assert found.marks is not None
    assert found.marks.answers.precision is not None
    assert found.marks.majority.precision is not None
    assert found.marks.answers.precision > 0.94
    assert found.marks.majority.precision < 0.9
