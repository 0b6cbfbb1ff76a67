"""JSON Lines as a table: fields within fields, numbers as they are written, lines that are no row."""

from __future__ import annotations

import io

import pytest

from claims.errors import BadFile
from tracker.formats import jsonrows


def rows(
    data: bytes, columns: tuple[str, ...] = ()
) -> tuple[tuple[str, ...], list[tuple[int, list[str], str]]]:
    reader = jsonrows.stream(io.BufferedReader(io.BytesIO(data)), "x.jsonl", columns)
    found = list(reader)
    return reader.headings, found


def test_a_line_is_a_row_of_all_that_it_holds() -> None:
    headings, found = rows(b'{"a": {"b": 1.10}, "c": [true, null, "x"]}\n\n{"d": "y"}\n')
    assert headings == ("a.b", "c.1", "c.2", "c.3", "d")
    assert found == [(1, ["1.10", "true", "", "x", ""], ""), (3, ["", "", "", "", "y"], "")]


def test_only_the_columns_that_are_asked_for_are_there() -> None:
    assert rows(b'\xef\xbb\xbf{"a": 1, "b": 2}\n', ("b", "z")) == (("b", "z"), [(1, ["2", ""], "")])


@pytest.mark.parametrize(
    "line", [b"nothing", b"[1]", b'{"a": NaN}', b'{"a": 1, "a": 2}', b'{"a": "\\ud800"}']
)
def test_a_line_that_is_no_row_is_a_finding_of_its_own(line: bytes) -> None:
    _, found = rows(b'{"a": 1}\n' + line + b'\n{"a": 3}\n')
    assert [number for number, _, problem in found if problem] == [2]
    assert [cells for _, cells, problem in found if not problem] == [["1"], ["3"]]


def test_a_file_without_any_of_the_columns_is_another_file() -> None:
    with pytest.raises(BadFile, match="has none of the fields that the map looks for: claim"):
        rows(b'{"a": 1}\n', ("claim",))


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonrows, "LONGEST_LINE", 100)
    with pytest.raises(BadFile, match="line 2: it has more than 100 bytes"):
        rows(b'{"a": 1}\n{"a": "' + b"x" * 200)
