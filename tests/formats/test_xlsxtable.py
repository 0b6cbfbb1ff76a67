"""Sheets of spreadsheets as tables of text: what a person sees in a cell is what is read."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import sys
import zipfile
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadFile, NotFound
from tests.support.sheets import changed_member, spreadsheet
from tracker.formats import csvtable, tables, xlsxtable
from tracker.formats.csvmap import read_map
from tracker.formats.xlsxtable import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.formats.csvtable import Table

HEADINGS = ("claim", "day")
SHEET = "xl/worksheets/sheet1.xml"


def of(*rows: tuple[Any, ...]) -> Table:
    return read(spreadsheet(HEADINGS, *rows), "book.xlsx")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("The bridge is closed", "The bridge is closed"),
        ("Le café a brûlé\nhier", "Le café a brûlé\nhier"),
        (dt.date(2018, 11, 23), "2018-11-23"),
        (dt.datetime(2018, 11, 23), "2018-11-23"),  # noqa: DTZ001 - a spreadsheet knows no zones
        (dt.datetime(2018, 11, 23, 10, 5), "2018-11-23T10:05:00"),  # noqa: DTZ001
        (dt.time(10, 5), "10:05:00"),
        (12, "12"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (-1.5, "-1.5"),
        ("0012", "0012"),  # a number stored as text keeps its zeros
        ("12", "12"),
        (True, "TRUE"),
        (None, ""),
    ],
)
def test_a_cell_is_what_a_person_would_type(value: object, text: str) -> None:
    table = of((value, "last"))
    assert table.headings == HEADINGS
    assert table.rows == [(2, {"claim": text, "day": "last"})]
    assert table.findings == []


def test_rows_are_numbered_as_they_are_shown_and_empty_ones_passed_over() -> None:
    table = of(("one", 1), (None, None), ("", ""), ("two", 2, None, None))
    assert [(number, row["claim"]) for number, row in table.rows] == [(2, "one"), (5, "two")]


def test_the_first_sheet_or_the_one_that_is_named() -> None:
    data = spreadsheet(HEADINGS, ("one", 1), more={"Second": [("a", "b"), ("x", "y")]})
    assert read(data).rows == [(2, {"claim": "one", "day": "1"})]
    assert read(data, sheet="Second").rows == [(2, {"a": "x", "b": "y"})]
    with pytest.raises(NotFound, match="has no sheet 'Secnd'") as caught:
        read(data, sheet="Secnd")
    assert caught.value.hint == "did you mean Second? its sheets are: Sheet, Second"


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("=1+1", "row 2: the column 'claim' holds a formula that was never worked out"),
        ("#N/A", "row 2: the column 'claim' holds the error #N/A"),
        ("x" * 32_767, None),
    ],
)
def test_what_is_wrong_with_a_cell_is_said_of_whoever_looks_into_it(value: str, says: str | None) -> None:
    table = of((value, 1), ("good", 2))
    ours = '[columns]\n{}\n[constants]\nsource = "us"\nstance = "supports"\n'

    records, findings = read_map(ours.format('claim = "claim"'), "ours").records(table)
    assert records[-1].fields["claim"] == "good"
    assert [says in str(finding) for finding in findings] == ([True] if says else [])

    elsewhere = ours.format('published = "day"') + 'claim = "It is so."\n'
    assert len(read_map(elsewhere, "ours").records(table)[0]) == 2


# --- what spreadsheets are really like ------------------------------------------------------------


def book(fill: Callable[[Any, Any], None]) -> bytes:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    made = openpyxl.Workbook()
    fill(made, made.active)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


@pytest.mark.parametrize("epoch", ["1900", "1904"])
def test_a_day_is_the_same_in_both_epochs(epoch: str) -> None:
    def fill(made: Any, sheet: Any) -> None:
        from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900

        made.epoch = CALENDAR_MAC_1904 if epoch == "1904" else CALENDAR_WINDOWS_1900
        sheet.append(HEADINGS)
        sheet.append(("one", dt.date(2018, 11, 23)))

    assert read(book(fill)).rows == [(2, {"claim": "one", "day": "2018-11-23"})]


def test_numbers_that_are_stored_as_text_keep_their_zeros_and_others_have_no_point() -> None:
    assert [row["day"] for _, row in of(("a", "007"), ("b", 7.0), ("c", 1.5), ("d", "1,234")).rows] == [
        *("007", "7", "1.5", "1,234")
    ]


def test_merged_cells_have_the_value_that_is_shown_in_them() -> None:
    def fill(_made: Any, sheet: Any) -> None:
        for row in (("claim", "day"), ("one", "2018"), (None, "2019"), ("two", "2020")):
            sheet.append(row)
        sheet.merge_cells("A2:A3")

    assert [row["claim"] for _, row in read(book(fill)).rows] == ["one", "one", "two"]


def test_merged_headings_over_others_are_read_as_one() -> None:
    def fill(_made: Any, sheet: Any) -> None:
        for row in (
            ("Strikes of the year",),
            ("Where", None, "Killed", None),
            ("town", "district", "min", "max"),
            ("Ras Kamboni", "Badhadhe", 3, 5),
        ):
            sheet.append(row)
        sheet.merge_cells("A2:B2")
        sheet.merge_cells("C2:D2")

    (_, rows), *_ = xlsxtable.sheets(book(fill))
    reader = csvtable.RowReader(rows, "x", heads=(2, 3))
    assert [cells for _, cells, _ in reader] == [["Ras Kamboni", "Badhadhe", "3", "5"]]
    assert reader.headings == ("Where town", "Where district", "Killed min", "Killed max")


def test_a_merged_place_without_end_is_not_filled() -> None:
    data = spreadsheet(HEADINGS, ("one", 1))
    merges = b'</sheetData><mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells>'
    assert len(read(changed_member(data, SHEET, b"</sheetData>", merges)).rows) == 1


def test_all_sheets_that_have_the_columns_are_read() -> None:
    more = {"Yemen": [HEADINGS, ("two", 2)], "Notes": [("remark",), ("x",)], "Sums": [("day",), (4,)]}
    data = spreadsheet(HEADINGS, ("one", 1), more=more)
    ours = read_map(
        'sheet = "*"\n[columns]\nclaim = "claim"\nwhen = "day"\n[constants]\nsource = "us"\n'
        'stance = "supports"\n',
        "ours",
    )
    said = [
        each for reader in tables.readers(io.BytesIO(data), "x", "xlsx", ours) for each in ours.stream(reader)
    ]
    assert [(each.sheet, each.row, each.fields["claim"]) for each in said] == [
        *(("Sheet", 2, "one"), ("Yemen", 2, "two"))
    ]
    with pytest.raises(BadFile, match="no sheet with the columns of the map"):
        list(tables.readers(io.BytesIO(spreadsheet(("a",), ("b",))), "x", "xlsx", ours))


def test_a_spreadsheet_may_be_compressed_once_more() -> None:
    packed = gzip.compress(spreadsheet(HEADINGS, ("one", 1)))
    (reader,) = tables.readers(io.BytesIO(packed), "x.xlsx.gz", "xlsx")
    assert [cells for _, cells, _ in reader] == [["one", "1"]]


def test_a_formula_is_the_value_that_was_last_worked_out() -> None:
    data = changed_member(spreadsheet(HEADINGS, ("=1+1", 1)), SHEET, b"<v />", b"<v>2</v>")
    assert read(data).rows == [(2, {"claim": "2", "day": "1"})]


def test_a_row_that_ends_early_has_empty_cells() -> None:
    table = of(("one",))
    assert table.rows == [(2, {"claim": "one", "day": ""})]
    assert table.findings == []


# --- bombs ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "says"),
    [
        (b'<!DOCTYPE a [<!ENTITY b "c">]>', "a document type, in 'xl/worksheets/sheet1.xml'"),
        (b'<?xml version="1.0" encoding="cp037"?>', "XML that is not UTF-8"),
        (b"\xff\xfe<\x00?\x00", "XML that is not UTF-8"),
    ],
)
def test_xml_that_hides_something(before: bytes, says: str) -> None:
    data = changed_member(spreadsheet(HEADINGS, ("one", 1)), SHEET, b"<worksheet", before + b"<worksheet")
    with pytest.raises(BadFile, match=r"book\.xlsx holds") as caught:
        read(data, "book.xlsx")
    assert says in caught.value.message


def test_a_sheet_that_says_it_is_endless(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvtable, "MOST_ROWS", 1_000)
    data = changed_member(spreadsheet(HEADINGS, ("one", 1)), SHEET, b'<row r="2"', b'<row r="99999999999"')
    with pytest.raises(BadFile, match=r"more than 1,000 rows"):
        read(data, "book.xlsx")


def test_rows_that_say_they_are_very_wide(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsxtable, "MOST_CELLS", 1_000)
    data = changed_member(spreadsheet(HEADINGS, ("one", 1)), SHEET, b'r="B2"', b'r="XFD2"')
    with pytest.raises(BadFile, match=r"or 1,000 cells"):
        read(data, "book.xlsx")


def test_a_sheet_that_lies_about_how_large_it_is() -> None:
    data = changed_member(
        spreadsheet(HEADINGS, ("one", 1)), SHEET, b'<dimension ref="A1:B2"', b'<dimension ref="A1:XFD1048576"'
    )
    assert read(data).rows == [(2, {"claim": "one", "day": "1"})]


def test_a_repeated_byte_is_not_unpacked() -> None:
    bomb = changed_member(
        spreadsheet(HEADINGS, ("one", 1)), SHEET, b"<sheetData>", b"<sheetData>" + b" " * 5_000_000
    )
    with pytest.raises(BadFile, match="times larger unpacked"):
        read(bomb, "book.xlsx")


# --- what is no spreadsheet -----------------------------------------------------------------------


def test_another_zip_file() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(BadFile, match=r"book.xlsx is no spreadsheet that can be read \(KeyError\)"):
        read(packed.getvalue(), "book.xlsx")


def test_a_spreadsheet_is_no_csv_file() -> None:
    with pytest.raises(BadFile, match="is a zip file, or a spreadsheet"):
        csvtable.read(spreadsheet(HEADINGS), "book.xlsx")


def test_an_empty_sheet() -> None:
    with pytest.raises(BadFile, match="has no headings"):
        read(spreadsheet(), "book.xlsx")


def test_without_the_library_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    data = spreadsheet(HEADINGS, ("one", 1))
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(BadFile, match="openpyxl, which reads those, is not installed") as caught:
        read(data, "book.xlsx")
    assert "claims-verification-tracker[xlsx]" in caught.value.hint
