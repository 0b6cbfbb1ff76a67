"""Maps: which columns mean what, what is translated, and what a row is refused for."""

from __future__ import annotations

import pytest

from claims.errors import BadFile
from tracker.formats import csvmap, csvtable
from tracker.formats.csvmap import read_map

SIMPLE = """
[columns]
claim = "text"
source = "who"
stance = "view"
published = "day"
basis = "answers"

[values.stance]
yes = "supports"
no = "denies"
asks = ""

[values.basis]
"" = ""
"*" = "inferred"

[constants]
kind = "event"
"""
HEADINGS = "text,who,view,day,answers\n"


def said(rows: str, text: str = SIMPLE) -> tuple[list[dict[str, str]], list[str]]:
    records, findings = read_map(text, "ours").records(csvtable.read((HEADINGS + rows).encode()))
    return [record.fields for record in records], [str(finding) for finding in findings]


def test_a_row_is_translated_by_its_map() -> None:
    records, findings = said("The bridge is closed, Harbour Post ,YES,2024-05-02,\n")

    assert records == [
        {
            "claim": "The bridge is closed",
            "source": "Harbour Post",
            "stance": "supports",
            "published": "2024-05-02",
            "kind": "event",
        }
    ]
    assert findings == []


def test_a_value_for_everything_else_is_not_for_an_empty_cell() -> None:
    records, _ = said("One,A,yes,,post-7\nTwo,A,yes,,\n")

    assert [record.get("basis") for record in records] == ["inferred", None]


def test_a_value_that_the_map_does_not_know_is_a_finding() -> None:
    records, findings = said("One,A,perhaps,,\nTwo,A,no,,\n")

    assert [record["claim"] for record in records] == ["Two"]
    assert findings == ["row 2: the column 'view' holds 'perhaps', which is none of 'yes', 'no', 'asks'"]


def test_a_stance_that_is_none_leaves_the_claim() -> None:
    records, findings = said("One,,asks,,\n")

    assert records == [{"claim": "One", "kind": "event"}]
    assert findings == []


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (",A,yes,,", "the column 'text' is empty"),
        ("One,,yes,,", "the column 'who' is empty, and a stance needs its source"),
        ("One,A,,,", "the column 'view' holds '', which is none of"),
        ("One,A", "it has 2 cells"),
    ],
)
def test_a_row_needs_claim_source_and_stance(row: str, says: str) -> None:
    records, (finding,) = said(row + "\n")

    assert records == []
    assert finding.startswith("row 2: ")
    assert says in finding


def test_findings_of_the_table_and_of_the_map_are_in_the_order_of_the_rows() -> None:
    _, findings = said("One,A,what,,\nOne,A\nOne,A,what,,\n")

    assert [finding.partition(":")[0] for finding in findings] == ["row 2", "row 3", "row 4"]


def test_a_table_without_a_column_of_the_map_is_refused_with_what_was_perhaps_meant() -> None:
    with pytest.raises(BadFile, match="no column 'view', where the map ours looks for the stance") as refused:
        read_map(SIMPLE, "ours").records(csvtable.read(b"text,who,views,day,answers\n1,2,3,4,5\n"))

    assert "did you mean views?" in refused.value.hint


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("columns = 3", "columns is no section"),
        ("[columns", "is not TOML"),
        ('[columns]\nclaim = "a"\nsource = "b"', "does not say where the stance is"),
        (SIMPLE + 'claim = "x"', "claim is both a column and a constant"),
        (SIMPLE + 'typ = "x"', "a field is 'typ'"),
        (SIMPLE + '[column]\nclaim = "x"', "a section is 'column'"),
        (SIMPLE + "case = 3", "case is 3, not text"),
        (SIMPLE + '[values.quote]\na = "b"', "values of quote, which is no column"),
        ('delimiter = ",,"\n' + SIMPLE, "delimiter is ',,', not one sign"),
        ("values = 3\n" + SIMPLE.partition("[values")[0], "values is no section"),
    ],
)
def test_a_map_that_says_nothing_usable_is_refused(text: str, says: str) -> None:
    with pytest.raises(BadFile, match="ours") as refused:
        read_map(text, "ours")

    assert says in refused.value.message


def test_another_delimiter() -> None:
    found = read_map('delimiter = ";"\n[columns]\nclaim = "a"\nsource = "b"\nstance = "c"', "ours")

    records, _ = found.records(csvtable.read(b"a;b;c\none, two;A;denies\n", "t", found.delimiter))

    assert records[0].fields == {"claim": "one, two", "source": "A", "stance": "denies"}


@pytest.mark.parametrize("name", csvmap.shipped_names())
def test_the_maps_that_ship_can_be_read(name: str) -> None:
    known, required = csvmap.HOLDS[csvmap.shipped(name).holds]
    assert set(required) <= set(csvmap.shipped(name).columns) <= set(known)


def test_emergent_and_rumoureval_ship() -> None:
    assert {"emergent", "rumoureval"} <= set(csvmap.shipped_names())
