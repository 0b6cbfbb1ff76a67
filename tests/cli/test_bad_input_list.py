"""The list of bad input in docs/bad-input.md, by its numbers: each through the real command line, with a real
file. Nothing of it is recorded, unless it says so, and there is always a word of advice."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sqlite3
import tarfile
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.support.forging import journal_file
from tests.support.session import Terminal
from tests.support.sheets import changed_member, spreadsheet
from tracker.app import open_tracker
from tracker.formats.cells import FORMULA_STARTS
from tracker.formats.zipsafe import SMALL
from tracker.store import journal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.journal.entry import Entry

    Run = Callable[..., tuple[int, str, str]]

pytestmark = pytest.mark.slow  # it is the whole list, with its bombs

HEADINGS = b"claim,source,stance\n"


def entries(at: Path) -> list[Entry]:
    with open_tracker(str(at / "newsroom.db")) as tracker, tracker.reading() as reader:
        return journal.read_entries(reader.connection)


def line(**fields: object) -> bytes:
    return json.dumps({"claim": "It burned.", "source": "Post", "stance": "supports", **fields}).encode()


def zipped(*members: tuple[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return file.getvalue()


def in_sheet(xml: bytes) -> bytes:
    """A spreadsheet with something before the XML of its first sheet."""
    return changed_member(
        spreadsheet(("claim",)), "xl/worksheets/sheet1.xml", b"<worksheet", xml + b"<worksheet"
    )


def overlapping() -> bytes:
    """A zip file whose index has the same member twice, under two names."""
    data = zipped(("a.xml", b"x" * 100), ("b.xml", b"x" * 100))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    return data[: second + 42] + data[first + 42 : first + 46] + data[second + 46 :]


def with_row(row: bytes) -> bytes:
    return HEADINGS + row + b"\n"


def dated(day: str) -> bytes:
    return b"claim,source,stance,published\nIt burned,Post,for," + day.encode() + b"\n"


def with_field(field: bytes) -> bytes:
    return line()[:-1] + b", " + field + b"}"


LAUGHS = b"<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]>"
OUTER = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
ELSEWHERE = b"<!DOCTYPE x SYSTEM 'http://x.test/x.dtd'>"
ALIASES = b"casebook: 1\na: &a [x, x]\nb: [*a, *a]\n"
NULLED = b'casebook: 1\nclaims: {a: {text: "x\\0y"}}\n'

FILES: dict[str, tuple[str, Callable[[], bytes], str]] = {
    # number and name: (format, file, what is said)
    "01 nesting": ("jsonl", lambda: b'{"claim": ' + b"[" * 100_000, "nested"),
    "01 nesting of reviews": ("claimreview", lambda: b"[" * 100_000, "nested"),
    "01 nesting of objects": ("stix", lambda: b'{"a":' * 100_000, "nested"),
    "01 nesting of YAML": ("casebook", lambda: b"casebook: " + b"[" * 100_000, "nested more than 20 deep"),
    "02 a number of 5,000 digits": ("jsonl", lambda: with_field(b'"n": ' + b"9" * 5_000), "digits"),
    "02 a number of 4,300 digits": ("stix", lambda: b'{"n": ' + b"9" * 4_300 + b"}", "digits"),
    "03 NaN": ("jsonl", lambda: with_field(b'"n": NaN'), "NaN"),
    "03 Infinity": ("wikidata", lambda: b'{"n": -Infinity}', "Infinity"),
    "03 1e400": ("misp", lambda: b'{"Event": {"n": 1e400}}', "1e400"),
    "04 a key twice": ("jsonl", lambda: with_field(b'"stance": "denies"'), "twice"),
    "04 a key twice in YAML": ("casebook", lambda: b"casebook: 1\ncasebook: 1\n", "is there twice"),
    "05 half of a character": ("jsonl", lambda: with_field(b'"note": "\\ud83d"'), "surrogate"),
    "06 NUL in a table": ("csv", lambda: with_row(b"It\x00burned,Post,for"), "holds a NUL character"),
    "06 NUL in JSON": ("jsonl", lambda: line(claim="It\x00burned"), "NUL"),
    "06 NUL in YAML": ("casebook", lambda: NULLED, "stands for no character"),
    "08 a long cell": ("csv", lambda: with_row(b"x" * 131_073 + b",Post,for"), "more than 131,072"),
    "08 an open quote": ("csv", lambda: with_row(b'"It burned,Post,for'), "never closed"),
    "08 a quote that goes on": ("csv", lambda: with_row(b'"It"burned,Post,for'), "follows a closing quote"),
    "08 what is no UTF-8": ("csv", lambda: with_row(b"\xffIt burned,Post,for"), "0xFF, which is not UTF-8"),
    "10 a bomb": ("xlsx", lambda: zipped(("a.xml", bytes(200 * SMALL))), "times larger"),
    "10 a bomb of gzip": ("csv", lambda: gzip.compress(HEADINGS + bytes(110_000_000), 9), "times its size"),
    "10 bombs in a bomb": ("xlsx", lambda: zipped(("a.zip", zipped(("b", bytes(SMALL))))), "no spreadsheet"),
    "10 members that overlap": ("xlsx", overlapping, "overlap"),
    "12 an absolute name": ("xlsx", lambda: zipped(("/etc/x.xml", b"x")), "leads out of it"),
    "12 a name that leads up": ("xlsx", lambda: zipped(("a/../../x.xml", b"x")), "leads out of it"),
    "13 billion laughs": ("xlsx", lambda: in_sheet(LAUGHS), "holds a document type"),
    "13 an outer entity": ("xlsx", lambda: in_sheet(OUTER), "holds a document type"),
    "13 a document type elsewhere": ("xlsx", lambda: in_sheet(ELSEWHERE), "holds a document type"),
    "13 aliases of aliases": ("casebook", lambda: ALIASES, "anchors and aliases are not read"),
    "18 a day that is to come": ("csv", lambda: dated("2999-01-01"), "is in the future"),
    "18 no such day": ("csv", lambda: dated("2018-02-30"), "does not exist"),
    "18 hour 24": ("csv", lambda: dated("2018-01-01T24:00"), "24:00"),
    "18 second 61": ("csv", lambda: dated("2018-01-01T10:00:61"), "has the second 61"),
    "18 a broken list": ("csv", lambda: dated('"[2018,,2019]"'), "[2018,,2019]"),
    "18 a list of nothing": ("csv", lambda: dated("{..}"), "{..}"),
}


@pytest.mark.parametrize("what", FILES)
def test_a_bad_file_is_told_and_nothing_of_it_recorded(folder: Path, run: Run, what: str) -> None:
    form, made, said = FILES[what]
    (folder / "bad").write_bytes(made())

    status, out, err = run("import", form, "bad")

    assert status in (1, 2)
    assert said in out + err
    assert status == 1 or "\nhint: " in err
    assert len(out + err) < 3_000
    assert entries(folder) == []


def test_07_numbers_stay_as_they_are_written(folder: Path, run: Run) -> None:
    numbers = ("9007199254740993", "-0", "1.10", "1.1")
    lines = (line(claim=f"It was {n}.", value="@").replace(b'"@"', n.encode()) for n in numbers)
    (folder / "x.jsonl").write_bytes(b"\n".join(lines))
    assert run("import", "jsonl", "x.jsonl")[0] == 0
    with open_tracker(str(folder / "newsroom.db")) as tracker:
        assert sorted(each.claim.value or "" for each in tracker.statuses()) == sorted(numbers)


@pytest.mark.parametrize("coding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_08_any_encoding_and_end_of_line_that_programs_write(
    folder: Path, run: Run, coding: str, end: str
) -> None:
    rows = ("claim,source,stance", '"It burned, Görlitz says",Post,for', "It rained,Post,against", "")
    (folder / "x.csv").write_bytes(end.join(rows).encode(coding))
    assert run("import", "csv", "x.csv")[1].startswith("x.csv: read 2, recorded 2, unchanged 0")


def test_09_no_cell_of_what_goes_out_is_a_formula(folder: Path, run: Run) -> None:
    words = [f"{sign}cmd|' /C calc'!A{n}" for n, sign in enumerate(FORMULA_STARTS) if sign.strip()]
    with open_tracker(str(folder / "newsroom.db"), author="desk") as tracker:
        for number, each in enumerate(words):
            tracker.add_claim(each, key=f"c{number}")
    for command in (
        *("export csv", "export tsv", "export csv --option table=acts", "export csv --option table=claims"),
        *("claim list --format csv", "status --format csv"),
    ):
        _, out, _ = run(*command.split())
        read = csv.reader(io.StringIO(out, newline=""), delimiter="\t" if "tsv" in command else ",")
        cells = [cell for row in read for cell in row]
        assert sum("cmd|" in cell for cell in cells) >= len(words), command
        assert not [cell for cell in cells if cell[:1] in FORMULA_STARTS and cell], command


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.REGTYPE])
@pytest.mark.parametrize("form", ["csv", "casebook", "stix"])
def test_11_archives_of_tar_are_not_unpacked(folder: Path, run: Run, form: str, kind: bytes) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        member = tarfile.TarInfo("../escaped")
        member.type, member.linkname = kind, "/etc/passwd"
        archive.addfile(member)
    (folder / "x.tar.gz").write_bytes(file.getvalue())
    before = set(folder.parent.rglob("*"))
    status, _, err = run("import", form, "x.tar.gz")
    assert (status, "\nhint: " in err) == (2, True)
    made = {each.name for each in folder.parent.rglob("*") if each not in before}
    assert made <= {"newsroom.db.lock"}


EVIL = (
    "CREATE TABLE claims (key)",
    "CREATE VIEW journal AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT x FROM n",
    "CREATE TRIGGER t AFTER INSERT ON claims BEGIN DELETE FROM claims; END",
    "PRAGMA writable_schema = ON",
    "UPDATE sqlite_master SET sql = 'CREATE TABLE claims (x AS (randomblob(1000000000)))' WHERE rowid = 1",
)


@pytest.mark.parametrize("command", ["import csv evil.db", "import casebook evil.db", "status --db evil.db"])
def test_14_a_database_made_to_harm_is_not_opened_up(folder: Path, run: Run, command: str) -> None:
    evil = sqlite3.connect(folder / "evil.db")
    for statement in EVIL:
        evil.execute(statement)
    evil.commit()
    evil.close()
    status, out, err = run(*command.split())
    assert (status in (2, 6), out) == (True, "")
    assert "\nhint: " in err
    assert entries(folder) == []


def test_15_killed_at_every_hundredth_row_the_next_run_comes_to_the_same(folder: Path, run: Run) -> None:
    rows = [f"It is said that thing {n},Post {n % 7},for" for n in range(350)]
    (folder / "x.csv").write_bytes(HEADINGS + "\n".join(rows).encode())
    terminal = Terminal(folder)
    for number in (100, 200, 300):
        terminal.fault(
            "import os, signal\nfrom tracker.app import importing\nimporting.PORTION = 90\n"
            "take = importing.Import._take\n"
            "def killed(self, row):\n"
            f"    os.kill(os.getpid(), signal.SIGKILL if row.row == {number} else 0)\n    take(self, row)\n"
            "importing.Import._take = killed"
        )
        assert terminal.run("tracker import csv x.csv").endswith("exit status: 137\n")
        assert entries(folder) == []
    assert run("import", "csv", "x.csv")[1].startswith("x.csv: read 350, recorded 350, unchanged 0")
    assert run("audit", "verify")[0] == 0


def test_16_a_file_again_renamed_and_in_another_order_records_nothing(folder: Path, run: Run) -> None:
    rows = [f"It is said that thing {n},Post {n % 3},for\n".encode() for n in range(9)]
    (folder / "x.csv").write_bytes(HEADINGS + b"".join(rows))
    (folder / "y.csv").write_bytes(HEADINGS + b"".join(reversed(rows)))
    run("import", "csv", "x.csv")
    before = entries(folder)
    for name in ("x.csv", "y.csv"):
        assert run("import", "csv", name)[1] == f"{name}: read 9, recorded 0, unchanged 9\n"
    assert entries(folder) == before


def test_17_one_bad_row_of_ten_thousand_stops_all_where_that_was_asked_for(folder: Path, run: Run) -> None:
    rows = [f"Thing {n % 50},Post {n % 7},{'for' if n != 9_998 else 'perhaps'}" for n in range(10_000)]
    (folder / "x.csv").write_bytes(HEADINGS + "\n".join(rows).encode())
    status, out, err = run("import", "csv", "x.csv", "--on-error", "stop")
    assert (status, out) == (2, "")
    assert "x.csv, row 10000: the column 'stance' holds 'perhaps'" in err
    assert (
        "x.csv: nothing was recorded; rows that cannot be taken: 1\nhint: mend these rows; or leave them"
        in err
    )
    assert entries(folder) == []


def test_18_nobody_is_spoken_for_and_no_moment_made_up(folder: Path, run: Run) -> None:
    for field in ("author", "recorded_at", "seq"):
        (folder / "x.jsonl").write_bytes(json.dumps({"act": "source", "name": "Post", field: "x"}).encode())
        status, out, _ = run("import", "jsonl", "x.jsonl")
        assert (status, f"'{field}' is no field of source" in out) == (1, True)
    assert entries(folder) == []


@pytest.mark.parametrize("moment", ["0000-01-01T00:00:00.000000Z", "2026-01-01T24:00:00.000000Z", "today"])
def test_18_a_journal_from_a_moment_that_cannot_be_is_refused(folder: Path, run: Run, moment: str) -> None:
    sound = {"act": "source.registered", "payload": {"name": "The Gazette", "type": "outlet"}}
    (folder / "x.jsonl").write_bytes(journal_file({**sound, "recorded_at": moment}))
    status, out, err = run("journal", "import", "x.jsonl")
    assert status != 0
    assert "recorded 1" not in out
    assert out + err
    assert entries(folder) == []


@pytest.mark.parametrize("moment", ["1970-01-01T00:00:00.000000Z", "2999-01-01T00:00:00.000000Z"])
def test_18_what_another_desk_recorded_is_theirs_and_stands_under_our_clock(
    folder: Path, run: Run, moment: str
) -> None:
    sent = {
        "act": "source.registered",
        "payload": {"name": "The Gazette", "type": "outlet"},
        "author": "desk",
    }
    (folder / "x.jsonl").write_bytes(journal_file({**sent, "recorded_at": moment}))
    assert run("journal", "import", "x.jsonl")[0] == 0
    (entry,) = (each for each in entries(folder) if each.act == "source.registered")
    assert entry.received is not None
    assert entry.recorded_at != moment
