"""Tables from the command line: a preview, a guess that is saved, rows that are left out, and Ctrl-C."""

from __future__ import annotations

import json
import os
import signal
from typing import TYPE_CHECKING

import pytest

from tests.support.session import RATE
from tests.support.sheets import spreadsheet
from tracker.app import importing, taking

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.formats.acts import Group

TABLE = """Rumour,Outlet,Position,Date published
The bridge is closed,Harbour Post,for,13/05/2024
The bridge is closed,Valley Times,against,14/05/2024
The ferry sank,Valley Times,perhaps,15/05/2024
The ferry sank,Coast Radio,for,32/05/2024
"""


@pytest.fixture
def rows(folder: Path) -> Path:
    path = folder / "rows.csv"
    path.write_text(TABLE, "utf-8")
    return path


@pytest.mark.usefixtures("rows")
def test_a_dry_run_shows_the_first_rows_and_every_problem_by_row_and_column(run) -> None:
    status, out, err = run("import", "csv", "rows.csv", "--dry-run")
    assert status == 1
    lines = out.splitlines()
    assert lines[0] == "rows.csv: read 4, would record 2, unchanged 0, rejected 2"
    assert lines[1].startswith("  row 4: the column 'Position' holds 'perhaps', which is none of ")
    assert lines[2] == "  row 5, column 'Date published': '32/05/2024' names a day that does not exist"
    assert lines[3] == "  row 2:"
    assert lines[4].startswith('    claim.recorded bridge-closed {"text": "The bridge is closed"')
    assert "  published: the column 'Date published'" in err
    assert "  dates: day-first" in err
    assert run("claim", "list")[1].count("bridge") == 0


@pytest.mark.usefixtures("rows")
def test_programs_get_the_same_as_json(run) -> None:
    _, out, _ = run("import", "csv", "rows.csv", "--dry-run", "--format", "json")
    told = json.loads(out)
    assert told["rejected"][1] == {
        "row": 5,
        "error": "'32/05/2024' names a day that does not exist",
        "column": "Date published",
    }
    assert told["preview"][0]["row"] == "row 2"
    assert told["preview"][0]["entries"][0][:2] == ["claim.recorded", "bridge-closed"]


def test_a_guess_is_saved_and_rows_left_out_are_mended_with_it(folder: Path, rows: Path, run) -> None:
    status, out, err = run("import", "csv", "rows.csv", "--save-map", "ours.toml", "--rejected", "left.csv")
    assert status == 1
    assert "the rejected rows are in left.csv: mend them, and import that file" in out
    assert "saved as ours.toml; to use it: --map ours.toml" in err
    left = folder / "left.csv"
    assert left.read_text("utf-8").splitlines()[0] == "Rumour,Outlet,Position,Date published,problem"
    left.write_text(left.read_text("utf-8").replace("perhaps", "for").replace("32/", "30/"), "utf-8")

    status, out, err = run("import", "csv", "left.csv", "--map", "ours.toml")
    assert (status, out.splitlines()[0]) == (0, "left.csv: read 2, recorded 2, unchanged 0")
    assert RATE.fullmatch(err)
    assert run("import", "csv", "rows.csv", "--on-error", "skip")[1].startswith(
        "rows.csv: read 4, recorded 0"
    )


def test_a_table_of_no_claims_needs_a_map(folder: Path, run) -> None:
    (folder / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    status, _, err = run("import", "csv", "x.csv")
    assert status == 2
    assert "x.csv: no column is called like a claim" in err
    assert "hint: write a map, and name it with --map; the columns are: a, b" in err


def test_a_spreadsheet_is_a_format_too(folder: Path, run) -> None:
    (folder / "x.xlsx").write_bytes(
        spreadsheet(
            ("claim", "source"),
            ("It rained.", "Post"),
            more={"Two": [("claim", "source"), ("It snowed.", "Post")]},
        )
    )
    assert run("import", "xlsx", "x.xlsx")[1].startswith("x.xlsx: read 1, recorded 1")
    assert run("import", "xlsx", "x.xlsx", "--sheet", "*")[1].startswith(
        "x.xlsx: read 2, recorded 1, unchanged 1"
    )
    (folder / "y.xlsx").write_text("claim\nIt rained.\n", "utf-8")
    assert "y.xlsx is no spreadsheet" in run("import", "xlsx", "y.xlsx")[2]


@pytest.fixture
def many(folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A table of thirty rows, taken ten at a time; Ctrl-C is pressed at rows of these numbers."""
    lines = [f"It is said that thing {n},Post {n % 7},for" for n in range(30)]
    (folder / "many.csv").write_text("claim,source,stance\n" + "\n".join(lines) + "\n", "utf-8")
    pressed: list[int] = []
    take = importing.Import._take

    def at_a_row(self: importing.Import, row: importing.Row) -> None:
        if row.row in pressed:
            pressed.remove(row.row)
            os.kill(os.getpid(), signal.SIGINT)
        take(self, row)

    monkeypatch.setattr(importing, "PORTION", 10)
    monkeypatch.setattr(importing.Import, "_take", at_a_row)
    return pressed


def test_ctrl_c_keeps_what_was_read_and_the_same_command_goes_on(many: list[int], run) -> None:
    many.append(15)
    status, out, err = run("import", "csv", "many.csv")

    assert status == 130
    assert out.startswith("many.csv: read 20, recorded 20, unchanged 0")
    assert "it stops after the rows in hand, and keeps what was read" in err
    assert "error[interrupted]: stopped before row 22; what was read before is recorded" in err
    assert "hint: run it again, and it goes on from there" in err
    status, out, _ = run("import", "csv", "many.csv")
    assert (status, out.splitlines()[0]) == (0, "many.csv: read 30, recorded 10, unchanged 20")


def test_ctrl_c_twice_keeps_nothing(many: list[int], run) -> None:
    many += [15, 17]
    status, out, err = run("import", "csv", "many.csv")
    assert (status, out) == (130, "")
    assert "error[interrupted]: stopped; nothing of this command was recorded" in err
    assert run("import", "csv", "many.csv")[1].startswith("many.csv: read 30, recorded 30")


def test_where_all_or_nothing_was_asked_for_ctrl_c_keeps_nothing(many: list[int], run) -> None:
    many.append(15)
    status, out, _ = run("import", "csv", "many.csv", "--on-error", "stop")
    assert (status, out) == (130, "")


def test_several_files_are_taken_one_after_another(folder: Path, run) -> None:
    for day, value in (("20240301", "3/1/2024 9:05 PM"), ("20240302", "3/2/2024 9:15 PM")):
        line = f"a site\tXY-12-AAA-BBB\t{value}\n"
        (folder / f"{day}-claims.txt").write_text(f"{line}another{line[6:]}what is this?\n", "utf-8")
    days = ("20240301-claims.txt", "20240302-claims.txt")

    status, out, err = run("import", "csv", "--map", "flight", *days)

    assert (status, len(RATE.findall(err))) == (1, 2)
    assert [line for line in out.splitlines() if "read" in line] == [
        f"{day}: read 3, recorded 2, unchanged 0, rejected 1" for day in days
    ]
    assert "row 3: this is no flight: 8 fields, with tabs between them" in out
    claims = json.loads(run("claim", "list", "--format", "json")[1])
    questions = {claim["question"] for claim in claims}
    assert questions == {f"2024-03-0{n}-xy-12-aaa-bbb-scheduled-departure" for n in (1, 2)}


def test_flights_that_were_left_out_are_kept_as_they_are(folder: Path, run) -> None:
    line = "a site\tXY-12-AAA-BBB\t3/1/2024 9:05 PM\n"
    (folder / "20240301.txt").write_text(f"{line}what is this?\n", "utf-8")

    assert run("import", "csv", "--map", "flight", "20240301.txt", "--rejected", "left.txt")[0] == 1

    assert (folder / "left.txt").read_text("utf-8") == "what is this?\n"


@pytest.mark.parametrize("option", ["--save-map", "--rejected"])
def test_an_option_that_names_a_file_is_for_one_table(folder: Path, rows: Path, run, option: str) -> None:
    status, _, err = run("import", "csv", "rows.csv", "rows.csv", option, "x")
    assert (status, f"{option} is for one file at a time" in err) == (2, True)
    status, _, err = run("import", "csv", "-", "-")
    assert (status, "standard input can be read once" in err) == (2, True)


def test_rows_left_out_come_back_under_headings_in_the_same_row(folder: Path, run) -> None:
    rows = (
        "Rumours;;",
        "as of May;;",
        "Was;Wer;Haltung",
        "Es regnet;Blatt;ja",
        "Es schneit;Blatt;vielleicht",
    )
    (folder / "nord.csv").write_bytes("\n".join((*rows, ";;", "Große Flut;Blatt;?")).encode("cp1252"))
    (folder / "nord.toml").write_text(
        'headings = 3\ndelimiter = ";"\nencoding = "windows-1252"\n[columns]\nclaim = "Was"\nsource = "Wer"\n'
        'stance = "Haltung"\n[values.stance]\nja = "supports"\n',
        "utf-8",
    )
    assert run("import", "csv", "nord.csv", "--map", "nord.toml", "--rejected", "left.csv")[1].startswith(
        "nord.csv: read 3, recorded 1, unchanged 0, rejected 2"
    )
    again = run("import", "csv", "left.csv", "--map", "nord.toml", "--rejected", "left2.csv")[1]
    assert again.startswith("left.csv: read 2, recorded 0, unchanged 0, rejected 2")
    left = (folder / "left2.csv").read_text("utf-8-sig")
    assert left.splitlines()[:3] == ["", "", "Was;Wer;Haltung;problem"]
    (folder / "left2.csv").write_text(left.replace("vielleicht", "ja").replace("?", "ja"), "utf-8-sig")

    status, out, _ = run("import", "csv", "left2.csv", "--map", "nord.toml")

    assert (status, out.splitlines()[0]) == (0, "left2.csv: read 2, recorded 2, unchanged 0")
    assert {each["key"] for each in json.loads(run("claim", "list", "--format", "json")[1])} == {
        *("es-regnet", "es-schneit", "grosse-flut"),
    }


def test_rows_left_out_of_several_sheets_come_back_on_theirs(folder: Path, run) -> None:
    heads = [("claim", "source", "stance"), ("stance", "claim", "source")]
    book = spreadsheet(
        heads[0], ("It rained.", "Post", "maybe"), more={"B": [heads[1], ("?", "It hailed.", "Post")]}
    )
    (folder / "x.xlsx").write_bytes(book)
    status, _, err = run("import", "xlsx", "x.xlsx", "--sheet", "*", "--rejected", "left.csv")
    assert (status, "name a spreadsheet for them, which ends in .xlsx" in err) == (2, True)
    assert run("import", "xlsx", "x.xlsx", "--sheet", "*", "--rejected", "left.xlsx")[1].startswith(
        "x.xlsx: read 2, recorded 0, unchanged 0, rejected 2"
    )
    import openpyxl

    left = openpyxl.load_workbook(folder / "left.xlsx")
    assert [[cell.value for cell in sheet[1]] for sheet in left] == [[*head, "problem"] for head in heads]
    left["Sheet"]["C2"], left["B"]["A2"] = "for", "against"
    left.save(folder / "left.xlsx")
    assert run("import", "xlsx", "left.xlsx", "--sheet", "*")[1].startswith("left.xlsx: read 2, recorded 2")


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_acts_left_out_are_kept_and_come_back(folder: Path, run, form: str) -> None:
    lines = {
        "csv": "act,name,type\nsource,Post,outlet\nsource,Herald,perhaps\n",
        "jsonl": '{"act": "source", "name": "Post"}\n{"act": "source", "name": "X", "type": "perhaps"}\n',
    }
    (folder / "acts").write_text(lines[form], "utf-8")
    assert run("import", form, "acts", "--rejected", "left")[1].startswith("acts: read 2, recorded 1")
    left = (folder / "left").read_text("utf-8")
    assert ("Post" not in left, ",problem" in left) == (True, form == "csv")
    (folder / "left").write_text(left.replace("perhaps", "outlet"), "utf-8")
    assert run("import", form, "left")[1] == "left: read 1, recorded 1, unchanged 0\n"


def test_ctrl_c_keeps_the_acts_that_were_taken(folder: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [json.dumps({"act": "source", "name": f"Post {number}"}) for number in range(9)]
    (folder / "acts.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    taken: list[object] = []
    group = taking._Taking._group

    def pressed(self: taking._Taking, it: Group) -> None:
        taken.append(it)
        if len(taken) == 4:
            os.kill(os.getpid(), signal.SIGINT)
        group(self, it)

    monkeypatch.setattr(taking._Taking, "_group", pressed)
    status, out, err = run("import", "jsonl", "acts.jsonl")
    assert (status, out) == (130, "acts.jsonl: read 4, recorded 4, unchanged 0\n")
    assert "error[interrupted]: stopped before line 5; what was read before is recorded" in err
    assert run("import", "jsonl", "acts.jsonl")[1] == "acts.jsonl: read 9, recorded 5, unchanged 4\n"


def test_a_number_where_a_day_should_be_is_told_as_the_day_it_counts(folder: Path, run) -> None:
    (folder / "x.csv").write_text("claim,source,date\nIt rained.,Post,45000\n", "utf-8")
    out = run("import", "csv", "x.csv")[1]
    assert "'45000' is a number, not a date; a spreadsheet that counts days means 2023-03-15 by it" in out


def test_bytes_that_are_not_utf_8_are_told_with_what_to_do(folder: Path, run) -> None:
    (folder / "x.csv").write_bytes("claim,source\nDie Brücke fällt.,Post\n".encode("cp1252"))
    out = run("import", "csv", "x.csv")[1]
    assert "holds the byte 0xFC, which is not UTF-8: save the file as that, or let a map say what" in out


def test_verdicts_that_differ_are_told_of_their_column(folder: Path, run) -> None:
    (folder / "x.csv").write_text(
        "id,claim,source,verdict\n1,It sank,Post,true\n1,It sank,Radio,false\n", "utf-8"
    )
    out = run("import", "csv", "x.csv")[1]
    assert "row 3, column 'verdict': the assessment is refuted here, and confirmed in row 2" in out
