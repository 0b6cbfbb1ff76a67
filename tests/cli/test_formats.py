"""Formats from the command line: listed, read, written, compressed, piped."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

LINES = b'{"act": "source", "name": "Gazette"}\n{"act": "claim", "text": "It rained."}\n'


def test_they_are_listed_with_what_each_does(run) -> None:
    status, out, _ = run("formats")
    assert status == 0
    assert re.search(r"^casebook +yes +yes ", out, re.MULTILINE)

    _, out, _ = run("formats", "--format", "json")
    found = {each["format"]: each for each in json.loads(out)}
    assert found["jsonl"]["read"] is found["jsonl"]["written"] is True
    assert found["csv"]["page"] == "docs/imports.md"


def test_a_file_comes_in_and_goes_out_compressed(folder: Path, run) -> None:
    (folder / "some.jsonl").write_bytes(gzip.compress(LINES))
    status, out, _ = run("import", "jsonl", "some.jsonl", "--case", "weather")
    assert (status, out) == (0, "some.jsonl: read 2, recorded 2, unchanged 0\n")

    assert run("export", "jsonl", "-o", "all.jsonl.gz")[0] == 0
    lines = gzip.decompress((folder / "all.jsonl.gz").read_bytes()).splitlines()
    assert [json.loads(line)["act"] for line in lines] == ["case", "claim", "source"]


def test_a_dash_is_standard_input_and_output(folder: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    piped = io.TextIOWrapper(io.BytesIO(gzip.compress(LINES)))
    monkeypatch.setattr("sys.stdin", piped)
    assert run("import", "jsonl", "-")[1] == "standard input: read 2, recorded 2, unchanged 0\n"
    assert '"It rained."' in run("export", "jsonl", "-o", "-")[1]


def test_what_cannot_be_taken_is_listed_with_its_place(folder: Path, run) -> None:
    (folder / "some.jsonl").write_bytes(LINES + b"oops\n")
    status, out, _ = run("import", "jsonl", "some.jsonl")
    assert status == 1
    assert out.startswith("some.jsonl: read 3, recorded 2, unchanged 0, rejected 1\n  line 3: ")

    status, out, err = run("import", "jsonl", "some.jsonl", "--on-error", "stop", "--format", "json")
    assert status == 2
    assert json.loads(out)["rejected"][0]["row"] == "line 3"
    assert err.startswith("error[bad-file]: some.jsonl, line 3: this is no JSON")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("import", "cvs", "x"), "there is no format 'cvs'; did you mean csv?"),
        (("import", "casebook", "x", "--map", "y"), "a casebook needs no --map"),
        (("import", "jsonl", "x", "--option", "y=z"), "a table needs no --option"),
        (("export", "csv", "--option", "y"), "--option y: write NAME=VALUE"),
        (("export", "casebook", "--option", "y=z"), "a casebook needs no --option"),
    ],
)
def test_what_means_nothing_to_a_format_is_refused(run, words: tuple[str, ...], said: str) -> None:
    status, _, err = run(*words)
    assert status == 2
    assert said in err


def test_an_option_that_a_format_does_not_know_is_refused(run) -> None:
    status, _, err = run("export", "jsonl", "--option", "tabel=acts")
    assert status == 2
    assert "the format jsonl has no option 'tabel'" in err
    assert "did you mean table?" in err


def test_a_casebook_is_opened_as_it_is_packed(folder: Path, run) -> None:
    (folder / "some.yaml.gz").write_bytes(
        gzip.compress(b"casebook: 1\nclaims:\n  rain: {text: It rained.}\n")
    )
    assert run("import", "casebook", "some.yaml.gz")[1].startswith("some.yaml.gz: read 1, recorded 1")


def test_a_file_that_could_not_be_written_leaves_nothing(folder: Path, run) -> None:
    assert run("export", "jsonl", "--case", "nowhere", "-o", "x.jsonl")[0] != 0
    assert not list(folder.glob("x.jsonl*"))


def test_names_are_completed() -> None:
    from tracker.cli.formats import _names

    context = SimpleNamespace()
    assert [item.value for item in _names(context, None, "ca")] == ["casebook"]


def test_what_some_rows_lack_is_an_empty_cell(folder: Path, run) -> None:
    (folder / "some.jsonl").write_bytes(LINES)
    run("import", "jsonl", "some.jsonl")
    _, out, _ = run("audit", "log", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["seq"] for row in rows] == ["1", "2", "3"]
    assert [bool(row["request"]) for row in rows] == [True, False, False]
    status, out, _ = run("audit", "log", "--format", "md")
    assert (status, len(out.splitlines())) == (0, 5)
