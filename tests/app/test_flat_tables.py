"""Tables of evidence, out and in again: what they have columns for comes back to the letter."""

from __future__ import annotations

import csv
import io
import json
import shutil
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.conftest import Clock
from tests.support.examples import examples
from tracker.app import open_tracker
from tracker.formats import jsonrows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from claims.errors import Finding
    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only

FORMS = ("csv", "tsv", "xlsx", "jsonl")
IN_TURN = ("csv", *(pytest.param(form, marks=pytest.mark.slow) for form in FORMS[1:]))
BEGINNINGS = (
    "=",
    "+",
    "-",
    "@",
    "'",
    "''=",
    '"',
    '{"',
    "\uff1d",
    "#N/A",
    "sep=",
    "1,5",
    "0012",
    "TRUE",
    "\u200f",
)
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\x00")
WORDS = (
    st.tuples(st.sampled_from(("", *BEGINNINGS)), st.text(LETTERS, max_size=12))
    .map(lambda parts: "".join(parts).strip())
    .filter(bool)
)
KEYS = st.sampled_from(("post", "harbour-post", "key", "claim", "a1", "x"))


MAYBE = st.none() | WORDS
DOCUMENTS = st.just({}) | st.fixed_dictionaries({"title": WORDS, "quote": MAYBE, "locator": MAYBE})


@st.composite
def records(draw: st.DrawFn) -> list[dict[str, Any]]:
    """What to record: claims whose keys look like sources, fields and one another, with words of any kind."""
    found = []
    for key in draw(st.lists(KEYS, min_size=1, max_size=3, unique=True)):
        found += [
            {
                "claim": key,
                "source": f"S{number}",
                "stance": draw(st.sampled_from(("supports", "denies", "doubts", "mentions"))),
                "note": draw(st.none() | WORDS),
                **draw(DOCUMENTS),
                "published": draw(st.none() | st.sampled_from(("2018-05-03", "late 2018", "2011~"))),
            }
            for number in range(draw(st.integers(0, 2)))
        ]
        found.append({"text": draw(WORDS), "key": key, "note": draw(st.none() | WORDS)})
    return found[::-1]


def record(tracker: Tracker, told: list[dict[str, Any]]) -> None:
    for number in range(2):
        tracker.add_source(f"S{number}", key=f"s{number}", type="outlet")
    for each in told:
        fields = dict(each)
        if "text" in fields:
            tracker.add_claim(fields.pop("text"), **fields)
        else:
            if "title" in fields:
                fields["document"] = tracker.add_document(fields.pop("title")).key
            tracker.log(fields.pop("claim"), **fields)


def written(
    tracker: Tracker,
    form: str,
    table: str = "evidence",
    left_out: Callable[[Finding], None] | None = None,
) -> bytes:
    if form == "xlsx":
        pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    return b"".join(tracker.export_file(form, options={"table": table}, left_out=left_out))


def rows(tracker: Tracker) -> list[dict[str, Any]]:
    return [
        {name: value for name, value in json.loads(line).items() if not name.startswith("computed")}
        for line in written(tracker, "jsonl").splitlines()
    ]


@pytest.mark.slow
@given(told=records())
@settings(examples(4), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_words_come_back_from_tables(
    told: list[dict[str, Any]], empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("flat")
    database = str(shutil.copy(empty_database, folder / "one.db"))
    with open_tracker(database, author="ann", clock=Clock()) as one:
        record(one, told)
        for form, table in product(FORMS, ("evidence", "acts")):
            text = written(one, form, table)
            database = str(shutil.copy(empty_database, folder / f"{form}-{table}.db"))
            with open_tracker(database, author="ann", clock=Clock()) as other:
                found = other.import_table(text, form)
                assert (found.rejected, found.unchanged) == ([], 0)
                assert rows(other) == rows(one)
                if table == "acts":
                    assert other.export_casebook() == one.export_casebook()
            assert one.import_table(text, form).recorded == 0


@pytest.mark.parametrize("form", IN_TURN)
def test_what_a_spreadsheet_would_work_out_is_a_text_and_stays_one(
    tracker: Tracker, new_tracker: Callable[..., Tracker], form: str
) -> None:
    for number, words in enumerate(("=1+1", "'=1+1", "-5 degrees", '"So," he said', "#N/A", "a\x1b[2J\r\nb")):
        tracker.add_claim(words, key=f"c{number}")
    text = written(tracker, form)
    other = new_tracker("other")
    assert (other.import_table(text, form).recorded, rows(other)) == (6, rows(tracker))
    assert tracker.import_table(text, form).recorded == 0
    if form in ("csv", "tsv"):
        assert b"\x1b" not in text
        read = csv.reader(io.StringIO(text.decode()), delimiter="," if form == "csv" else "\t")
        assert not [cell for row in read for cell in row if cell[:1] in tuple("=+-@")]


def test_what_a_source_took_back_comes_back_as_that(
    tracker: Tracker, new_tracker: Callable[..., Tracker]
) -> None:
    tracker.add_source("Post", key="post", type="outlet")
    tracker.add_claim("It burned.", key="it")
    tracker.log("it", source="post", stance="supports", published="2018-05-03")
    tracker.withdraw("it.post", by_source="2018-05-09", reason="They were misled.")
    other = new_tracker("other")
    for recorded in (1, 0):
        assert other.import_table(written(tracker, "csv"), "csv").recorded == recorded
    (piece,) = other.show("it").evidence
    assert (piece.withdrawn, str(piece.withdrawn_on), piece.withdrawn_reason) == (
        *("by-source", "2018-05-09", "They were misled."),
    )
    assert other.status("it").status == tracker.status("it").status


def test_sparse_lines_lose_no_field_that_comes_late(
    tracker: Tracker, new_tracker: Callable[..., Tracker], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonrows, "LOOKED_AT", 2)
    tracker.add_source("Post", key="post")
    for key in ("a", "b", "c"):
        tracker.add_claim(f"It is {key}.", key=key)
    tracker.log("c", source="post", stance="denies", note="By telephone.")
    other = new_tracker("other")
    other.import_table(written(tracker, "jsonl"), "jsonl")
    assert rows(other) == rows(tracker)


def test_what_has_no_column_is_told(demo: Tracker) -> None:
    told: dict[str, str] = {}
    written(demo, "csv", left_out=lambda each: told.update({each.where: each.message}))
    casebook = demo.export_casebook()
    assert told["links between claims"] == str(casebook.count("relation:"))
    told.clear()
    written(demo, "csv", "acts", left_out=lambda each: told.update({each.where: each.message}))
    assert told == {}
