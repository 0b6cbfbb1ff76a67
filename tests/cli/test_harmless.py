"""What is printed is harmless to terminals, spreadsheets and pages, whatever the record holds."""

# Signs that look like others are what this is about.
# ruff: noqa: RUF001

from __future__ import annotations

import csv
import io
import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tracker.cli import failing
from tracker.cli.output import FORMULA_STARTS, emit_rows
from tracker.cli.output import say as print_line
from tracker.cli.tables import print_table
from tracker.formats import casebook
from tracker.formats.casebook import Casebook, Item

if TYPE_CHECKING:
    from collections.abc import Callable

STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
"""What steers a terminal, or turns the direction of a line; not tabs, and not ends of lines."""

ATTACKS = [
    "\x1b[2J\x1b[31mred",
    "\x1b]8;;http://evil.example\x1b\\click here\x1b]8;;\x1b\\",
    "\x1b]0;title\x07",
    "\x9b31m \x90q\x9c \x85",
    "back\x08\x08\x08 \x7f bell\x07",
    "killed\u202eton saw\u202c",
    "\u2066a\u2069 \u2028 \u2029",
    "over\rwritten",
]


def emitted(capsys: pytest.CaptureFixture[str], text: str, format_: str) -> str:
    emit_rows([{"name": text, text: [text, {"a": text}]}], format_)
    return capsys.readouterr().out


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "md"])
@pytest.mark.parametrize("text", ATTACKS)
def test_no_format_steers_a_terminal(capsys: pytest.CaptureFixture[str], text: str, format_: str) -> None:
    out = emitted(capsys, text, format_)
    assert out
    assert not STEERING.search(out)


@pytest.mark.parametrize("text", ATTACKS)
@pytest.mark.parametrize(
    "prints",
    [
        lambda text: print_table(("one", text), [(text, "x"), ("x", text)]),
        print_line,
        failing.warn,
        lambda text: failing.say("bad-value", text, text),
    ],
    ids=["table", "line", "warning", "error"],
)
def test_neither_tables_nor_lines_nor_errors_do(
    capsys: pytest.CaptureFixture[str], text: str, prints: Callable[[str], None]
) -> None:
    prints(text)
    out, err = capsys.readouterr()
    assert out + err
    assert not STEERING.search(out + err)


@pytest.mark.parametrize("text", ATTACKS)
def test_json_still_holds_the_very_text(capsys: pytest.CaptureFixture[str], text: str) -> None:
    (row,) = json.loads(emitted(capsys, text, "json"))
    assert row == {"name": text, text: [text, {"a": text}]}


# --- spreadsheets ---------------------------------------------------------------------------------

FORMULAS = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1+1",
    "－a",
    "＠x",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_and_no_heading_is_a_formula(capsys: pytest.CaptureFixture[str], text: str) -> None:
    rows = list(csv.reader(io.StringIO(emitted(capsys, text, "csv"))))
    for cell in (rows[1][0], rows[0][1]):
        assert cell.startswith("'")
        assert text.strip("\r\n\t") in cell


@pytest.mark.parametrize("text", ["-1.5", "+3", "-1e-5"])
def test_a_number_is_no_formula(capsys: pytest.CaptureFixture[str], text: str) -> None:
    rows = list(csv.reader(io.StringIO(emitted(capsys, text, "csv"))))
    assert rows[1][0] == text


@given(st.text())
@example("\ufeff=1")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_stays_in_its_cell(capsys: pytest.CaptureFixture[str], text: str) -> None:
    capsys.readouterr()
    emit_rows([{"a": text, "b": "last"}], "csv")
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out, newline="")))
    assert len(rows) == 2
    assert rows[1][1] == "last"
    assert not rows[1][0].startswith(FORMULA_STARTS) or float(rows[1][0]) is not None


# --- pages ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("a | b", r"a \| b"),
        ("a \\| b", r"a \\\| b"),
        ("<script>x</script>", r"\<script>x\</script>"),
        ("two\nlines", "two\ufffdlines"),
    ],
)
def test_a_cell_of_markdown_stays_one(capsys: pytest.CaptureFixture[str], text: str, cell: str) -> None:
    emit_rows([{"a": text}], "md")
    assert capsys.readouterr().out.splitlines()[2] == f"| {cell} |"


# --- casebooks ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", [*ATTACKS, *FORMULAS, "\\u202e", "a\\\u202e\\", '"\u2066"', "\u202e" * 300])
def test_a_casebook_shows_what_turns_a_line_and_says_the_same(text: str) -> None:
    book = Casebook("any", claims=[Item("c", {"text": text, "note": f"{text}: {text}"})])

    written = casebook.write(book)

    assert not STEERING.search(written.replace("\u2028", "").replace("\u2029", ""))
    (item,) = casebook.read(written).claims
    assert item.fields == {"text": text, "note": f"{text}: {text}"}


@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00")))
@example("\u202e'\"\\\n\u2066")
def test_any_text_survives_a_casebook(text: str) -> None:
    fields: dict[str, Any] = {"text": text}
    (item,) = casebook.read(casebook.write(Casebook("any", claims=[Item("c", dict(fields))]))).claims
    assert item.fields == fields
