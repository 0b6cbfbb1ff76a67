"""Maps: which columns mean what, what is translated, and what a row is refused for."""

from __future__ import annotations

import io

import pytest

from claims.errors import BadFile
from tracker.formats import csvmap, csvtable
from tracker.formats.csvmap import read_map
from tracker.formats.rowsaid import Records

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
        ("One,A,,,", "the column 'view' is empty, and that is none of"),
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
    found = csvmap.shipped(name)
    known, required = csvmap.HOLDS[found.holds]
    for part in found.parts:
        said = {*part.columns, *part.templates, *part.constants}
        assert set(required) <= said <= set(known)


def test_emergent_and_rumoureval_ship() -> None:
    assert {"emergent", "rumoureval"} <= set(csvmap.shipped_names())


# --- several things from one row ------------------------------------------------------------------

STRIKES = """
dates = "month-first"
identity = ["id"]

[columns]
source = "paper"
published = "day"

[constants]
stance = "supports"
case = "strikes"

[[claims]]
name = "low"
only = {min = []}
templates = {claim = "At least {min} died in {town|an unnamed town}.", question_key = "toll-{id}"}
columns = {value = "min"}
constants = {kind = "count"}

[[claims]]
name = "who"
only = {by = ["claimed", "suspected"]}
columns = {kind = "by"}
templates = {claim = "{group} did it in {town|an unnamed town}.", where = "{town}"}

[claims.values.kind]
claimed = "responsibility"
suspected = "attribution"
"""
TABLE = b"id,paper,day,town,min,by,group\n"


def of_row(row: bytes, text: str = STRIKES) -> object:
    (said,) = read_map(text, "ours").stream(csvtable.stream(io.BytesIO(TABLE + row)))
    return said


def test_a_row_says_several_things_each_by_its_own_section() -> None:
    said = of_row(b"A 1,Post,03/04/2018,Ourou,3,Claimed,The guard\n")
    assert isinstance(said, Records)
    assert [record.fields for record in said.records] == [
        {
            "source": "Post",
            "published": "03/04/2018",
            "stance": "supports",
            "case": "strikes",
            "kind": "count",
            "value": "3",
            "claim": "At least 3 died in Ourou.",
            "question_key": "toll-a-1",
            "claim_id": "A 1 (low)",
            "row_id": "A 1",
        },
        {
            "source": "Post",
            "published": "03/04/2018",
            "stance": "supports",
            "case": "strikes",
            "kind": "responsibility",
            "claim": "The guard did it in Ourou.",
            "where": "Ourou",
            "claim_id": "A 1 (who)",
            "row_id": "A 1",
        },
    ]


def test_what_a_row_does_not_say_is_left_out() -> None:
    said = of_row(b"A,Post,03/04/2018,,,denied,The guard\n")
    assert said == Records(2, ())
    said = of_row(b"A,Post,03/04/2018,,4,,\n")
    assert isinstance(said, Records)
    assert [record.fields["claim"] for record in said.records] == ["At least 4 died in an unnamed town."]
    assert "where" not in said.records[0].fields


def test_a_row_with_something_wrong_in_one_of_them_says_nothing() -> None:
    said = of_row(b"A,Post,03/04/2018,Ourou,4,claimed,\n")
    assert str(said) == "row 2: the column 'group' is empty, and the claim is worded by it"
    assert str(of_row(b",Post,03/04/2018,Ourou,4,,\n")) == "row 2: the columns that name the row are empty"


def test_a_template_takes_cells_as_they_are() -> None:
    text = '[templates]\nclaim = "{a}{b}"\n[constants]\nsource = "us"\nstance = "supports"\n'
    (said,) = read_map(text, "ours").stream(csvtable.stream(io.BytesIO(b"a,b\n{b},{a}\n")))
    assert said.fields["claim"] == "{b}{a}"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (('"month-first"', '"year-first"'), "dates is 'year-first'"),
        (('dates = "month-first"', 'language = "xx"'), "language is 'xx'"),
        (('dates = "month-first"', "headings = [2, 1]"), "headings is [2, 1]"),
        (('dates = "month-first"', "headings = true"), "headings is True"),
        (('["id"]', "[1]"), "identity is [1], not texts"),
        (
            ('"{group} did it in {town|an unnamed town}."', '"Somebody did it."'),
            "the template of claim names no column",
        ),
        (("only = {min = []}", "only = 3"), "claims 1: only is 3"),
        (("only = {min = []}", "onyl = {}"), "claims 1: a section is 'onyl', which there is not"),
        (
            ('columns = {value = "min"}', 'columns = {vlaue = "min"}'),
            "a field is 'vlaue', which there is not",
        ),
        (("constants = {kind", "constants = {claim = 'x', kind"), "claim is both a template and a constant"),
        (('dates = "month-first"', 'holds = "values"'), "a table of values has no [[claims]]"),
    ],
)
def test_what_is_no_map_is_told_with_its_place(change: tuple[str, str], says: str) -> None:
    assert change[0] in STRIKES
    with pytest.raises(BadFile) as refused:
        read_map(STRIKES.replace(*change), "ours")
    assert says in refused.value.message
    assert refused.value.hint


def test_a_column_that_only_a_template_names_must_be_there() -> None:
    with pytest.raises(BadFile, match="no column 'town', where the map ours looks for a part of the claim"):
        list(
            read_map(STRIKES, "ours").stream(
                csvtable.stream(io.BytesIO(b"id,paper,day,min,by,group\n1,,,,,\n"))
            )
        )
