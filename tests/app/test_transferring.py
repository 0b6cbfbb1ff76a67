"""Tables in and out: several claims from a row, rows that are changed, mended, left out, and written."""

from __future__ import annotations

import io
import json
import shutil
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings

from tests.app.test_casebook_round_trip import casebooks
from tests.app.test_importing import row_by_row, small
from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.examples import examples
from tracker.app import importing, open_tracker
from tracker.app.requests import numbered_request
from tracker.formats import casebook as form

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

__all__ = ["small"]

STRIKES = """
dates = "day-first"
identity = ["id"]

[columns]
source = "paper"
published = "day"
case = "case"

[constants]
stance = "supports"
source_type = "outlet"

[[claims]]
name = "low"
only = {min = []}
columns = {value = "min"}
constants = {kind = "count", counted = "the dead"}

[claims.templates]
claim = "At least {min} died in {town}."
question = "How many died in {town}?"
where = "{town}"

[[claims]]
name = "who"
only = {group = []}
columns = {subject = "raid", value = "group"}
templates = {claim = "{group} attacked {town}."}
constants = {kind = "attribution", subject_type = "incident", value_type = "group"}
"""
HEADINGS = "id,case,paper,day,town,min,raid,group\n"
ROWS = (
    "1,north,Post,03/04/2018,Ourou,3,raid on Ourou,The Guard\n",
    "2,north,Herald,04/04/2018,Ourou,5,raid on Ourou,The Guard\n",
    "3,north,Post,05/04/2018,Dori,4,,\n",
    "4,south,Post,06/04/2018,Dori,many,raid on Dori,The Guard\n",
    "5,south,Post,06/04/2018,Dori,9,raid on Dori,Militia\n",
    "6,south,New Post,06/04/2018,Dori,lots,,\n",
    "7,south,New Post,07/04/2018,Dori,8,raid on Dori,Militia\n",
)


@pytest.fixture
def strikes(tmp_path: Path) -> str:
    path = tmp_path / "strikes.toml"
    path.write_text(STRIKES, "utf-8")
    return str(path)


def table(*rows: str) -> bytes:
    return (HEADINGS + "".join(rows)).encode()


def test_a_row_is_taken_whole_or_not_at_all(tracker: Tracker, strikes: str) -> None:
    found = tracker.import_csv(table(*ROWS), map_name=strikes)

    assert (found.read, found.recorded, found.refused) == (7, 5, 2)
    assert [(it.row, it.column) for it in found.rejected] == [(5, "min"), (7, "min")]
    claims = {each.claim.external_id: each.claim for each in tracker.statuses()}
    assert set(claims) == {
        *("1 (low)", "1 (who)", "2 (low)", "2 (who)", "3 (low)"),
        *("5 (low)", "5 (who)", "7 (low)", "7 (who)"),
    }
    assert (claims["1 (low)"].value, claims["1 (low)"].where, claims["1 (low)"].case) == (
        "3",
        "Ourou",
        "north",
    )
    assert claims["1 (low)"].question == claims["2 (low)"].question != claims["3 (low)"].question
    assert claims["1 (who)"].subject == claims["2 (who)"].subject == "raid-ourou"
    assert claims["1 (who)"].value_entity == "guard"
    assert {each.key for each in tracker.sources()} == {"post", "herald", "new-post"}
    (when,) = {
        piece.published.edtf for piece in tracker.show(claims["1 (low)"].key).evidence if piece.published
    }
    assert when == "2018-04-03"


def test_a_second_import_of_it_records_nothing(tracker: Tracker, strikes: str) -> None:
    tracker.import_csv(table(*ROWS), map_name=strikes)
    again = tracker.import_csv(table(*ROWS), map_name=strikes)
    assert (again.recorded, again.unchanged, again.refused) == (0, 5, 2)
    assert tracker.outcome.entries == []


@pytest.mark.usefixtures("small")
def test_in_bulk_and_row_by_row_the_same_comes_out(
    new_tracker: Callable[..., Tracker], strikes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_bulk, alone = (new_tracker(name, new_request=numbered_request) for name in ("bulk", "alone"))
    changed = [row.replace(",3,", ",6,").replace("Herald", "Post") for row in ROWS]
    for tracker in (in_bulk, alone):
        if tracker is alone:
            row_by_row(monkeypatch)
        tracker.add_entity("Dori", key="dori", type="place")
        tracker.add_question("How many died in Dori?", key="dori-toll")
        tracker.import_csv(table(*ROWS), map_name=strikes)
        tracker.import_csv(table(*changed), map_name=strikes)
    assert dump(in_bulk) == dump(alone)
    assert in_bulk.audit().ok


def test_rows_that_name_what_is_known_go_in_bulk(
    tracker: Tracker, strikes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone: list[int] = []
    by_itself = importing.Import._by_itself
    monkeypatch.setattr(
        importing.Import, "_by_itself", lambda self, it: (gone.append(it.row), by_itself(self, it))[1]
    )
    tracker.import_csv(table(*ROWS), map_name=strikes)
    assert gone == [2, 6]  # the others name what these two have made known


def test_a_changed_row_is_a_correction_with_its_reason(tracker: Tracker, strikes: str) -> None:
    tracker.import_csv(table(ROWS[0]), map_name=strikes, name="one.csv")
    row = "1,north,Herald,08/04/2018,Ourou,7,raid on Ourou,The Guard\n"

    found = tracker.import_csv(table(row), map_name=strikes, name="two.csv")

    assert found.recorded == 1
    done = {(entry.act, entry.reason) for entry in tracker.outcome.entries}
    assert {
        ("claim.revised", "imported from two.csv"),
        ("evidence.corrected", "imported from two.csv"),
    } <= done
    claims = {each.claim.external_id: each for each in tracker.statuses()}
    assert set(claims) == {"1 (low)", "1 (who)"}
    assert claims["1 (low)"].claim.value == "7"
    (piece,) = tracker.show(claims["1 (low)"].key).evidence
    assert piece.source == "herald"
    assert tracker.import_csv(table(row), map_name=strikes).recorded == 0


def test_two_rows_of_one_name_are_not_one_row(tracker: Tracker, strikes: str) -> None:
    rows = table(ROWS[2], ROWS[2].replace("05/04", "06/04"))
    for _ in range(2):
        found = tracker.import_csv(rows, map_name=strikes)
        assert [(it.row, it.message) for it in found.rejected] == [
            (3, "another row before it has the same in the columns that name a row")
        ]


def test_keys_can_be_given_by_the_table(tracker: Tracker, tmp_path: Path) -> None:
    ours = tmp_path / "ours.toml"
    ours.write_text(
        '[columns]\nclaim = "text"\nsource = "who"\n[constants]\nstance = "supports"\n'
        '[templates]\nkey = "strike-{Nr.}"\nquestion_key = "q-{Nr.}"\n',
        "utf-8",
    )
    data = b"Nr.,text,who\nA/1,It rained.,Post\nA/1,It rained.,Herald\n"
    assert tracker.import_csv(data, map_name=str(ours)).recorded == 2
    (claim,) = tracker.statuses()
    assert (claim.key, claim.claim.question, claim.evidence) == ("strike-a-1", "q-a-1", 2)
    again = data.replace(b"It rained.", b"It snowed.")
    tracker.import_csv(again, map_name=str(ours))
    assert tracker.status("strike-a-1").claim.text == "It snowed."


def test_dates_in_another_language_keep_their_words(tracker: Tracker, tmp_path: Path) -> None:
    ours = tmp_path / "ours.toml"
    ours.write_text(
        'language = "pt"\n[columns]\nclaim = "t"\nsource = "w"\npublished = "d"\n'
        '[constants]\nstance = "supports"\n',
        "utf-8",
    )
    data = "t,w,d\nChoveu.,Jornal,3 de março de 2018\n".encode()
    assert tracker.import_csv(data, map_name=str(ours)).recorded == 1
    (claim,) = tracker.statuses()
    (piece,) = tracker.show(claim.key).evidence
    assert piece.published is not None
    assert (piece.published.edtf, piece.published.words) == ("2018-03-03", "3 de março de 2018")
    assert tracker.import_csv(data, map_name=str(ours)).recorded == 0


def test_a_preview_shows_what_the_first_rows_come_to(tracker: Tracker, strikes: str) -> None:
    found = tracker.import_csv(table(*ROWS), map_name=strikes)
    assert [shown.where for shown in found.preview] == ["row 2", "row 3", "row 4", "row 6", "row 8"]
    assert [(entry.act, entry.subject) for entry in found.preview[2].entries] == [
        ("question.recorded", "how-many-died-dori"),
        ("claim.recorded", "least-4-died-dori"),
        ("evidence.logged", "least-4-died-dori.3"),
    ]


@pytest.mark.usefixtures("small")
def test_what_was_stopped_goes_on_to_the_same_end(new_tracker: Callable[..., Tracker], strikes: str) -> None:
    whole, parted = new_tracker("whole"), new_tracker("parted")
    whole.import_csv(table(*ROWS), map_name=strikes)
    answers = iter((False, True))

    first = parted.import_csv(table(*ROWS), map_name=strikes, stopped=lambda: next(answers))
    assert (first.read, first.stopped_at) == (3, 5)
    second = parted.import_csv(table(*ROWS), map_name=strikes)
    assert (second.stopped_at, second.recorded, second.unchanged) == (None, 2, 3)

    written = [b"".join(each.export_file("jsonl")) for each in (whole, parted)]
    assert written[0] == written[1]


@pytest.mark.parametrize("form", ["csv", "tsv"])
def test_rows_that_were_left_out_can_be_mended_and_imported(
    tracker: Tracker, strikes: str, form: str
) -> None:
    parts: list[bytes] = []
    data = table(*ROWS, '8,south,"Post,07/04/2018\n')
    if form == "tsv":
        data = data.replace(b",", b"\t")

    tracker.import_table(data, form, map_name=strikes, rejects=parts.extend)

    text = b"".join(parts).decode()
    sep = "," if form == "csv" else "\t"
    assert text.splitlines()[0] == HEADINGS.strip().replace(",", sep) + f"{sep}problem"
    assert [line.split(sep)[0] for line in text.splitlines()[1:3]] == ["4", "6"]
    assert "a quote is opened and never closed" in text
    lines = text.splitlines()[:3]
    mended = "\n".join(lines).replace("many", "7").replace("lots", "7") + "\n"
    again = tracker.import_table(mended.encode(), form, map_name=strikes)
    assert (again.read, again.recorded, again.refused) == (2, 2, 0)


def test_lines_that_were_left_out_come_back_as_they_were(tracker: Tracker) -> None:
    parts: list[bytes] = []
    good = b'{"claim": "It rained.", "source": "Post", "stance": "supports"}\n'
    bad = b'{"claim": "It snowed.", "source": "Post", "stance": "perhaps"}'
    found = tracker.import_table(good + b"oops\n" + bad, "jsonl", rejects=parts.extend)
    assert (found.recorded, found.refused) == (1, 2)
    assert b"".join(parts) == b"oops\n" + bad + b"\n"


def test_without_a_map_columns_are_guessed_and_the_guess_is_told(tracker: Tracker) -> None:
    guesses = []
    data = b"Rumour;Outlet;Position\nIt rained.;Post;against\n".replace(b";", b",")
    found = tracker.import_table(data, "csv", name="r.csv", case="rain", guessed=guesses.append)
    assert found.recorded == 1
    assert guesses[0].columns == {"claim": "Rumour", "source": "Outlet", "stance": "Position"}
    (claim,) = tracker.statuses()
    assert (claim.claim.case, claim.opposing_lines) == ("rain", 1)


# --- out, and in again ----------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "jsonl"])
def test_everything_comes_back_from_a_table_of_acts(
    demo: Tracker, new_tracker: Callable[..., Tracker], form: str
) -> None:
    if form == "xlsx":
        pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    written = b"".join(demo.export_file(form, options={"table": "acts"}))
    other = new_tracker("other")
    found = other.import_table(written, form)
    assert (found.refused, found.recorded) == (0, found.read)
    assert other.export_casebook() == demo.export_casebook()
    assert other.import_table(written, form).recorded == 0


@pytest.mark.slow
@given(book=casebooks())
@settings(examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_any_casebook_survives_as_a_table(
    book: form.Casebook, kind: str, empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("tables")
    databases = [shutil.copy(empty_database, folder / name) for name in ("one.db", "other.db")]
    with (
        open_tracker(str(databases[0]), author="ann", clock=Clock()) as one,
        open_tracker(str(databases[1]), author="ann", clock=Clock()) as other,
    ):
        one.import_casebook(form.write(book))
        written = b"".join(one.export_file(kind, options={"table": "acts"}))
        assert other.import_table(written, kind).rejected == []
        assert b"".join(other.export_file(kind, options={"table": "acts"})) == written
        assert other.export_casebook() == one.export_casebook()


@pytest.mark.parametrize("form", ["csv", "tsv", "xlsx", "jsonl"])
def test_a_table_of_evidence_is_read_again_without_a_map(
    demo: Tracker, new_tracker: Callable[..., Tracker], form: str
) -> None:
    if form == "xlsx":
        pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    written = b"".join(demo.export_file(form, options={"table": "evidence"}))
    other = new_tracker("other")
    found = other.import_table(written, form)
    assert found.read > 60
    assert {it.message.split("'")[0] for it in found.rejected} <= {"no entity is called "}
    told = {each.key for each in other.statuses()}
    assert len(told) > 30
    assert told <= {each.key for each in demo.statuses()}
    assert other.import_table(written, form).recorded == 0


def test_one_day_in_other_signs_is_no_correction(tracker: Tracker) -> None:
    """As it is written in what went out from here."""
    rows = b"claim,source,stance,published\nIt burned,Post,supports,{}\n"
    with open_tracker(tracker.database.url, dayfirst=True, clock=Clock()) as day_first:
        assert day_first.import_table(rows.replace(b"{}", b"03/04/2018"), "csv").recorded == 1
    table = b"".join(tracker.export_file("csv"))
    assert b"2018-04-03" in table
    assert tracker.import_table(table, "csv").recorded == 0


def test_flat_tables_hold_what_is_computed(demo: Tracker) -> None:
    lines = b"".join(demo.export_file("jsonl", options={"table": "claims"})).splitlines()
    rows = {row["key"]: row for row in map(json.loads, lines)}
    standing = demo.status("kouffa-killed-2018")
    row = rows["kouffa-killed-2018"]
    assert row["computed_status"] == standing.status
    assert row["evidence"] == standing.evidence
    sources = b"".join(demo.export_file("jsonl", options={"table": "sources"})).splitlines()
    assert len(sources) == len(demo.sources())


def test_a_spreadsheet_holds_no_formula(tracker: Tracker) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl, of the extra xlsx, is not installed")
    tracker.add_claim('=HYPERLINK("http://x.test")', key="trick")
    for kind in ("claims", "acts"):
        written = b"".join(tracker.export_file("xlsx", options={"table": kind}))
        sheet = openpyxl.load_workbook(io.BytesIO(written)).active
        texts = [cell for row in sheet.iter_rows() for cell in row if "HYPERLINK" in str(cell.value)]
        assert [(cell.data_type, cell.value[:2]) for cell in texts] == [("s", "'=")]
