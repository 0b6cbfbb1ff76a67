"""The first look at a table: where its headings stand, and what is between its cells."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile
from tests.support.sheets import spreadsheet
from tracker.formats.looking import look

if TYPE_CHECKING:
    from tracker.formats.looking import Looked


def looked(text: bytes | str, form: str = "csv", sheet: str | None = None) -> Looked:
    data = text.encode() if isinstance(text, str) else text
    return look(io.BytesIO(data), "x", form, sheet)


@pytest.mark.parametrize(
    ("above", "row"),
    [
        ("", 1),
        ("Our rumours\n\n", 3),
        ("Rumours,Rumours,Rumours\n", 2),  # a title that is merged over all columns
        ("The desk,Harbour Post\nas of,3 May 2024\n,,\n", 4),
        ("sep=,\n", 2),
    ],
)
def test_headings_stand_where_the_table_begins(above: str, row: int) -> None:
    found = looked(f"{above}claim,source,day\nIt rained,Post,13/04/2018\n")
    assert (found.row, found.headings) == (row, ("claim", "source", "day"))
    assert found.rows == [["It rained", "Post", "13/04/2018"]]


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("form", ["csv", "tsv"])
@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "utf-16"])
def test_what_is_between_the_cells_is_seen_by_the_headings(sign: str, form: str, coding: str) -> None:
    text = 'claim,source,day\n"It rained, and hailed",Post,13/04/2018\n'.replace(",", sign)
    found = looked(text.encode(coding), form)
    assert found.headings == ("claim", "source", "day")
    assert found.delimiter == ("," if sign == {"csv": ",", "tsv": "\t"}[form] else sign)


def test_where_no_heading_means_anything_the_widest_rows_begin_with_them() -> None:
    assert looked("Title\nuno,due,tre\n1,2,3\n").headings == ("uno", "due", "tre")
    assert looked("Title\nuno,due,tre\n1,2,3\n").known == 0


@pytest.mark.parametrize("text", ["", "\n\n"])
def test_a_table_needs_a_row(text: str) -> None:
    with pytest.raises(BadFile, match="x has no headings"):
        looked(text)


def test_the_sheet_with_the_claims_is_found() -> None:
    rows = [("Rumours of May",), ("Rumour", "Who says", "View"), ("It rained", "Post", "for")]
    book = spreadsheet(("A cover",), ("by", "the desk"), more={"May": rows, "June": rows})
    found = looked(book, "xlsx")
    assert (found.sheet, found.row, found.headings) == ("May", 2, ("Rumour", "Who says", "View"))
    assert looked(book, "xlsx", "June").sheet is None  # it is named already
    assert looked(book, "xlsx", "*").sheet is None
    assert found.others == ("Sheet", "May", "June")


def test_acts_are_known_by_what_they_are() -> None:
    assert looked("act,name\nsource,Post\nwhat,Herald\n").holds_acts
    assert looked("act,name,key\n").holds_acts
    assert not looked("act,claim,source\nstrike,It burned,Post\n").holds_acts
    assert looked('{"act": "source", "name": "Post"}\n', "jsonl").holds_acts
