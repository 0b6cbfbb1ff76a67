"""Tables as they really come: encodings, compression, broken quotes; a finding per row, never a traceback."""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile
from tests.support.shared import shared
from tracker.app.tablefiles import opened_table
from tracker.formats import csvtable
from tracker.formats.csvtable import read

PLAIN = "claim,source\nThe bridge is closed,Harbour Post\nLe café a brûlé,Côte Nord\n"


def cells(data: bytes) -> list[list[str]]:
    return [list(row.values()) for _, row in read(data).rows]


@pytest.mark.parametrize(
    "data",
    [
        PLAIN.encode(),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + PLAIN.encode("utf-16-be"),
        PLAIN.encode("utf-16-be"),
        gzip.compress(PLAIN.encode(), mtime=0),
        gzip.compress(PLAIN.encode("utf-16"), mtime=0),
        PLAIN.replace("\n", "\r\n").encode(),
        PLAIN.replace("\n", "\r").encode(),
        PLAIN.replace("\n", "\n\n").encode(),
        PLAIN.replace("\n", ",,\n").encode().replace(b"claim,source,,", b"claim,source"),
    ],
    ids=[
        *("utf-8", "utf-8 marked", "utf-16", "utf-16-le unmarked", "utf-16-be", "utf-16-be unmarked"),
        *("gzip", "gzip of utf-16", "crlf", "cr", "empty lines", "empty cells at the end"),
    ],
)
def test_one_table_in_many_forms(data: bytes) -> None:
    table = read(data)

    assert table.headings == ("claim", "source")
    assert cells(data) == [["The bridge is closed", "Harbour Post"], ["Le café a brûlé", "Côte Nord"]]
    assert table.findings == []


@pytest.mark.parametrize("number", range(12))
def test_files_in_every_dialect_are_read_as_they_are_meant(number: int) -> None:
    example = json.loads(shared("vectors", "csv-dialects.json").read_text("utf-8"))[number]
    rows = example["rows"] if isinstance(example["rows"], list) else [example["rows"]]

    # In one example the rows have another telephone number than the file.
    table = read(bytes.fromhex(example["csv_hex"]).replace(b"2095257564", b"1234567890"))

    assert ([row for _, row in table.rows], table.findings) == (rows, [])


def test_rows_are_numbered_as_a_spreadsheet_shows_them() -> None:
    table = read(b'claim,source\n"in two\nlines",one\nshort\nlast,two\n')

    assert [number for number, _ in table.rows] == [2, 4]
    assert [str(each) for each in table.findings] == ["row 3: it has 1 cells, and there are 2 headings"]


def test_a_quote_that_is_never_closed_costs_its_own_row_alone() -> None:
    table = read(b'claim,source\ngood,one\nbad,"two\ngood too,three\n"quoted, well",four\n')

    assert [row["source"] for _, row in table.rows] == ["one", "three", "four"]
    (finding,) = table.findings
    assert finding.row == 3


def test_a_quote_that_is_opened_in_the_last_row_is_a_finding() -> None:
    (finding,) = read(b'claim,source\ngood,"one\n').findings

    assert str(finding) == "row 2: a quote is opened and never closed"


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (b"one\x00,two", "the column 'a' holds a NUL character"),
        (b"one,caf\xe9", "the column 'b' holds the byte 0xE9, which is not UTF-8"),
        (b'"one"x,two', "something follows a closing quote"),
        (b"one,two,three", "it has 3 cells, and there are 2 headings"),
        (b"one," + b"x" * 200_000, "a cell has more than 131,072 characters"),
        (b'one,"' + b"x" * 200_000, "a cell has more than 131,072 characters"),
    ],
    ids=["NUL", "latin", "quote", "long row", "long cell", "long open cell"],
)
def test_what_is_wrong_with_a_row_is_said_of_that_row(row: bytes, says: str) -> None:
    table = read(b"a,b\n" + row + b"\nthree,four\n")

    assert [values for _, values in table.rows] == [{"a": "three", "b": "four"}]
    (finding,) = table.findings
    assert finding.row == 2
    assert says in finding.message


def test_a_file_of_nothing_but_open_quotes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvtable, "MOST_BROKEN", 5)

    table = read(b"a,b\n" + b'"x"y,z\n' * 100)

    assert len(table.findings) == 5
    assert "the rest was left unread" in table.findings[-1].message


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "has no headings"),
        (b"\n\n", "has no headings"),
        (b"\x1f\x8bnot really", "cannot be unpacked"),
        (gzip.compress(PLAIN.encode(), mtime=0)[:-9], "cannot be unpacked"),
    ],
)
def test_what_is_no_table_at_all_is_refused(data: bytes, says: str) -> None:
    with pytest.raises(BadFile, match=says):
        read(data, "settled.csv")


def test_a_small_file_cannot_unpack_into_a_huge_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvtable, "MAX_BYTES", 1_000)

    with pytest.raises(BadFile, match="larger"):
        read(gzip.compress(b"a,b\n" + b"1,2\n" * 10_000, mtime=0))


def test_a_table_has_no_more_rows_and_columns_than_a_spreadsheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvtable, "MOST_ROWS", 3)
    monkeypatch.setattr(csvtable, "MOST_COLUMNS", 2)
    assert len(cells(b"a,b\n1,2\n3,4\n")) == 2
    with pytest.raises(BadFile, match="more than 3 rows"):
        read(b"a,b\n1,2\n3,4\n5,6\n")
    with pytest.raises(BadFile, match="more than 2 columns"):
        read(b"a,b,c\n")


def streamed(data: bytes) -> tuple[tuple[str, ...], list[list[str]], list[str]]:
    """The headings, rows and findings of a stream."""
    reader = csvtable.stream(io.BytesIO(data))
    rows = list(reader)
    good = [cells[: len(reader.headings)] for _, cells, problem in rows if not problem]
    return reader.headings, good, [f"row {number}: {problem}" for number, _, problem in rows if problem]


@given(
    st.lists(
        st.sampled_from([b"a", b"caf\xc3\xa9", b"\xe9", b",", b'"', b'""', b"\n", b"\r\n", b"\x00"]),
        max_size=40,
    ),
    st.sampled_from([bytes, gzip.compress]),
)
def test_a_stream_gives_what_the_whole_file_does(parts: list[bytes], packed) -> None:
    data = packed(b"one,two\n" + b"".join(parts))

    table = read(data)

    rows = [list(row.values()) for _, row in table.rows]
    assert streamed(data) == (table.headings, rows, [str(each) for each in table.findings])


def test_a_stream_has_no_end_of_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csvtable, "MOST_ROWS", 3)
    monkeypatch.setattr(csvtable, "MAX_BYTES", 10)

    assert len(streamed(b"a,b\n" + b"1,2\n" * 100)[1]) == 100


def test_a_stream_is_not_read_ahead_of_its_rows() -> None:
    class Endless(io.RawIOBase):
        read_so_far = 0

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            rows = (b"a,b\n" * (len(buffer) // 4))[: len(buffer)]
            buffer[: len(rows)] = rows
            self.read_so_far += len(rows)
            return len(rows)

    file = Endless()
    rows = iter(csvtable.stream(file))

    assert [next(rows)[1] for _ in range(1000)] == [["a", "b"]] * 1000
    assert file.read_so_far < 1_000_000


@pytest.mark.parametrize("end", ["", "\n"])
def test_a_line_that_does_not_end_is_looked_at_in_pieces(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    monkeypatch.setattr(csvtable, "LONGEST_LINE", 200_000)

    _, rows, findings = streamed(b"a,b\n" + b"x" * 500_000 + end.encode() + b"\n1,2\n")

    assert rows == [["1", "2"]]
    assert len(findings) == 3


@pytest.mark.parametrize("packed", [bytes, gzip.compress])
def test_a_stream_that_is_larger_than_any(monkeypatch: pytest.MonkeyPatch, packed) -> None:
    monkeypatch.setattr(csvtable, "LARGEST_STREAM", 1_000)
    if packed is gzip.compress:
        with pytest.raises(BadFile, match="larger"):
            streamed(packed(b"a,b\n" + b"1,2\n" * 10_000))
    with pytest.raises(BadFile, match="larger"), opened_table(b"x" * 2_000, "rows.csv"):
        pass


@given(st.binary(max_size=300))
def test_no_bytes_make_it_fail_in_any_other_way(data: bytes) -> None:
    try:
        table = read(data)
    except BadFile:
        return
    assert all(set(row) == set(table.headings) for _, row in table.rows)


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=10))
def test_what_was_written_is_read(rows: list[tuple[str, str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("one", "two"), *rows])

    assert cells(file.getvalue().encode()) == [list(row) for row in rows if "".join(row).strip()]
