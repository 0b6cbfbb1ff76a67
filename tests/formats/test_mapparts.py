"""What real files ask of a map: cells that hold several things, sheets that differ, odd numbers and years."""

from __future__ import annotations

import io

import pytest

from claims.errors import BadFile, NotFound
from tests.support.sheets import spreadsheet
from tracker.formats import csvmap, csvtable, tables
from tracker.formats.csvmap import read_map
from tracker.formats.datewords import in_full
from tracker.formats.rowsaid import Record, Records, whole_number

BASE = """
[columns]
source = "paper"
[templates]
claim = "{what} happened"
[constants]
stance = "supports"
"""


def said(settings: str, *rows: str, base: str = BASE) -> list[list[dict[str, str]]]:
    """The fields of all that each row says."""
    data = "\n".join(rows).encode()
    found = list(
        read_map(settings + base, "m").stream(
            csvtable.plain_rows(io.BufferedReader(io.BytesIO(data)), "t", ",")
        )
    )
    assert all(isinstance(each, Record | Records) for each in found), found
    return [[it.fields for it in getattr(each, "records", (each,))] for each in found]


def test_a_cell_that_holds_several_things_says_each() -> None:
    each = '[several]\npaper = ";"\nday = ";"\n'
    base = BASE.replace('source = "paper"', 'source = "paper"\npublished = "day"')
    rows = said(f'identity = ["id"]\n{each}', "id,what,paper,day", "1,It,A;B,2024;2025", base=base)

    assert [(one["source"], one["published"], one["row_id"]) for one in rows[0]] == [
        ("A", "2024", "1"),
        ("B", "2025", "1 | 2"),
    ]


def test_another_number_of_things_is_nobodys() -> None:
    base = BASE.replace('source = "paper"', 'source = "paper"\nlocator = "page"')
    rows = said('[several]\npaper = ";"\npage = ";"\n', "what,paper,page", "It,A;B,1;2;3", base=base)

    assert ["locator" in one for one in rows[0]] == [False, False]


def test_rows_can_be_left_out_by_what_they_hold() -> None:
    part = '[[claims]]\nname = "toll"\nunless = {low = ["-1", ""]}\n'
    rows = said("", "what,paper,low", "It,A,3", "It,A,-1", "It,A,", base=BASE + part)

    assert [len(each) for each in rows] == [1, 0, 0]


def test_rows_can_be_left_out_where_anything_stands() -> None:
    part = '[[claims]]\nname = "toll"\nunless = {low = []}\n'
    rows = said("", "what,paper,low", "It,A,3", "It,A,", base=BASE + part)

    assert [len(each) for each in rows] == [0, 1]


def test_whole_numbers_lose_their_point_where_a_map_says_so() -> None:
    base = BASE.replace("{what} happened", "{low} died")
    rows = said('numbers = "whole"\n', "what,paper,low", "It,A,4.0", base=base)

    assert rows[0][0]["claim"] == "4 died"


@pytest.mark.parametrize(("cell", "read"), [("-4.0", "-4"), ("4.10", "4.10"), ("v.0", "v.0"), (".0", ".0")])
def test_only_whole_numbers_lose_it(cell: str, read: str) -> None:
    assert whole_number(cell) == read


def test_a_row_that_repeats_another_counts_once() -> None:
    rows = said('repeats = "once"\n', "what,paper", "It,A", "It,A", "It,B")

    assert [len(each) for each in rows] == [1, 0, 1]


def test_a_text_can_stand_for_itself() -> None:
    values = '[values.source]\nnobody = ""\n"*" = "{}"\n'
    base = '[columns]\nsource = "paper"\nstance = "view"\n[values.stance]\nyes = "supports"\n"" = ""\n'
    rows = said(
        values + '[templates]\nclaim = "{what}"\n', "what,paper,view", "It,A,yes", "It,nobody,", base=base
    )

    assert [one.get("source") for (one,) in rows] == ["A", None]


@pytest.mark.parametrize(
    ("written", "read"),
    [("9-Aug-22", "9-Aug-2022"), ("1/2/03", "1/2/2003"), ("March 15, 2020", "March 15, 2020"), ("99", "99")],
)
def test_years_of_two_digits_have_the_century_of_the_map(written: str, read: str) -> None:
    assert in_full(written, century=2000) == read
    assert in_full(written) == written


BOOK = """
sheet = ["Two", "One"]
[columns]
source = "paper"
[constants]
stance = "supports"
[[claims]]
name = "a"
[claims.columns]
claim = "said"
[[claims]]
name = "b"
[claims.columns]
claim = "told"
"""


def test_each_sheet_says_the_parts_of_which_it_has_the_columns() -> None:
    data = spreadsheet(
        ("paper", "said"), ("A", "It rained"), more={"Two": [("paper", "told"), ("B", "It snowed")]}
    )
    chosen = read_map(BOOK.replace('"One"', '"Sheet"'), "book")

    found = [
        each for rows in tables.readers(io.BytesIO(data), "b", "xlsx", chosen) for each in chosen.stream(rows)
    ]

    assert [each.fields["claim"] for each in found] == ["It snowed", "It rained"]


def test_a_sheet_that_is_not_there_is_told() -> None:
    chosen = read_map(BOOK.replace('"One"', '"Sheat"'), "book")
    data = spreadsheet(("paper", "said"), more={"Two": [("paper", "told")]})

    with pytest.raises(NotFound, match="no sheet 'Sheat'"):
        list(tables.readers(io.BytesIO(data), "b", "xlsx", chosen))


def test_a_cell_under_no_heading_of_a_sheet_is_passed_over() -> None:
    data = spreadsheet(("paper", "said"), ("A", "It rained", "a remark"))
    (rows,) = tables.readers(io.BytesIO(data), "b", "xlsx")

    assert [(cells, wrong) for _, cells, wrong in rows] == [(["A", "It rained"], "")]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("century = 1950\n", "century is 1950"),
        ('numbers = "half"\n', "numbers is 'half'"),
        ('repeats = "often"\n', "repeats is 'often'"),
        ('[several]\npaper = " "\n', "several: paper is parted by nothing"),
        ('[[claims]]\nunless = ["low"]\n', "unless is"),
        ("sheet = [1]\n", "sheet is"),
    ],
)
def test_what_a_map_cannot_say(settings: str, says: str) -> None:
    base = settings + BASE if "[[" not in settings else BASE + settings
    with pytest.raises(BadFile, match=says):
        csvmap.read_map(base, "m")
