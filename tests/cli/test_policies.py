"""``tracker policy`` and ``tracker import csv`` as they are typed."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.commands import CLOCK, check_shape
from tests.support.session import RATE
from tests.support.tables import MAP, fit_quickly, row, rumours, table
from tracker.cli.main import main

if TYPE_CHECKING:
    from pathlib import Path

RUMOURS = rumours(90)


@dataclass(frozen=True)
class Done:
    """What a command came to."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Shell:
    """``tracker`` in this very process: these commands are many, and start no faster than others."""

    capsys: pytest.CaptureFixture[str]

    def run(self, *words: str) -> Done:
        with pytest.raises(SystemExit) as left:
            main(list(words))
        shown = self.capsys.readouterr()
        return Done(int(left.value.code or 0), shown.out, shown.err)

    def text(self, *words: str) -> str:
        done = self.run(*words)
        assert (done.returncode, RATE.sub("", done.stderr)) == (0, ""), done.stderr
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.text(*words, "--format", "json"))


@pytest.fixture
def shell(
    tmp_path: Path,
    empty_database: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Shell:
    shutil.copy(empty_database, tmp_path / "newsroom.db")
    (tmp_path / "ours.toml").write_text(MAP, "utf-8")
    (tmp_path / "rumours.csv").write_bytes(RUMOURS)
    settings = {
        "HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "TRACKER_DB": str(tmp_path / "newsroom.db"),
        "TRACKER_CLOCK": CLOCK,
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    fit_quickly(monkeypatch)
    return Shell(capsys)


@pytest.fixture
def data(tmp_path: Path, shell: Shell) -> tuple[str, ...]:
    """The file and its map, as a command takes them."""
    return (str(tmp_path / "rumours.csv"), "--map", str(tmp_path / "ours.toml"))


@pytest.mark.slow
def test_evaluate_prints_measures_calibration_plot_and_calls(shell: Shell, data) -> None:
    shown = shell.text("policy", "evaluate", *data)

    for words in ("accuracy", "AUC", "Brier", "log loss", "calibration error", "macro-F", "right for good"):
        assert words in shown
    assert "held likely on average" in shown
    assert "called unsettled" in shown
    assert "nan" not in shown


def test_evaluate_as_json_has_the_keys_that_others_build_on(shell: Shell, data) -> None:
    found = shell.json("policy", "evaluate", *data)

    assert {"n", "accuracy", "auc", "brier", "log_loss", "calibration_error", "macro_f"} <= set(found)
    check_shape(found, "evaluation")
    assert found["n"] == found["claims"]["true"] + found["claims"]["false"]
    assert found["rejected"] == []


@pytest.mark.slow
def test_several_policies_make_an_array_and_columns(shell: Shell, data, tmp_path: Path) -> None:
    shell.text(
        "policy",
        "fit",
        *data,
        "-o",
        str(tmp_path / "ours.json"),
        "--name",
        "ours",
        "--folds",
        "2",
        "--repeats",
        "1",
    )
    policies = ("--policy", "weight-of-evidence@1", "--policy", str(tmp_path / "ours.json"))

    found = shell.json("policy", "evaluate", *data, *policies)
    headings = shell.text("policy", "evaluate", *data, *policies).splitlines()[0].split()

    check_shape(found, "evaluation")
    assert [each["policy"] for each in found] == ["weight-of-evidence@1", "ours@1"]
    assert found[1]["log_loss"] < found[0]["log_loss"]
    assert headings == ["measure", "weight-of-evidence@1", "ours@1"]


@pytest.mark.slow
def test_fit_writes_a_policy_and_says_what_it_is_worth(shell: Shell, data, tmp_path: Path) -> None:
    path = tmp_path / "ours.json"

    shown = shell.text("policy", "fit", *data, "-o", str(path), "--folds", "3", "--repeats", "1")

    assert "held back (3 folds, 1 repeats)" in shown
    assert shown.endswith(f"to {path}\n")
    assert json.loads(path.read_text("utf-8"))["fit"]["on"] == "2026-11-22"


@pytest.mark.slow
def test_evaluate_needs_no_tracker(
    shell: Shell, data, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRACKER_DB", str(tmp_path / "absent.db"))

    found = shell.json("policy", "evaluate", *data, "--folds", "2", "--repeats", "1")

    check_shape(found, "evaluation")
    assert found["held_out"]["folds"] == 2
    assert not (tmp_path / "absent.db").exists()


def test_rows_that_cannot_be_taken_are_said_and_the_rest_is_measured(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(
        table(row("it", "one", "for", ended="yes"), row("it", "two", "sideways", ended="yes"))
    )
    asked = ("policy", "evaluate", str(tmp_path / "bad.csv"), "--map", str(tmp_path / "ours.toml"))

    assert shell.text(*asked).startswith("left out: row 3: the column 'view' holds 'sideways'")
    found = shell.json(*asked)
    check_shape(found, "evaluation")
    assert [each["row"] for each in found["rejected"]] == [3]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("evaluate", "{file}"), 2, "Missing option '--map'"),
        (("evaluate", "{file}", "--map", "nobodys"), 3, "there is no map 'nobodys'"),
        (("evaluate", "absent.csv", "--map", "{map}"), 2, "absent.csv cannot be read"),
        (("evaluate", "{file}", "--map", "emergent"), 2, "has no column 'claim'"),
        (("evaluate", "{file}", "--map", "{map}", "--policy", "nobodys"), 3, "there is no policy 'nobodys'"),
        (("evaluate", "{file}", "--map", "{map}", "--folds", "1"), 2, "--folds"),
        (("fit", "{file}", "--map", "{map}"), 2, "Missing option '-o'"),
        (
            ("fit", "{few}", "--map", "{map}", "-o", "x.json"),
            2,
            "error[too-few-settled]: 1 claims are settled",
        ),
    ],
)
def test_what_does_not_fit_is_one_message(
    shell: Shell, tmp_path: Path, words: tuple[str, ...], status: int, says: str
) -> None:
    (tmp_path / "few.csv").write_bytes(table(row("it", "one", "for", ended="yes")))
    places = {name: str(tmp_path / f"{name}.csv") for name in ("few",)}
    places |= {"file": str(tmp_path / "rumours.csv"), "map": str(tmp_path / "ours.toml")}

    done = shell.run("policy", *(word.format(**places) for word in words))

    assert done.returncode == status
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "x.json").exists()


def test_import_csv_records_once(shell: Shell, data, tmp_path: Path) -> None:
    (tmp_path / "rumours.csv").write_bytes(rumours(8))
    rehearsed = shell.text("import", "csv", *data, "--dry-run")
    assert ", would record " in rehearsed
    assert ", unchanged 0\n" in rehearsed

    first, second = shell.json("import", "csv", *data), shell.json("import", "csv", *data)

    assert first["recorded"] == first["read"] == second["unchanged"]
    assert second == {"read": first["read"], "recorded": 0, "unchanged": first["read"], "rejected": []}


def test_import_csv_leaves_with_status_1_when_rows_were_rejected(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_bytes(table(row("it", "one", "for"), row("it", "two", "sideways")))
    asked = ("import", "csv", str(tmp_path / "bad.csv"), "--map", str(tmp_path / "ours.toml"))

    first, again = shell.run(*asked), shell.run(*asked, "--format", "json")

    assert first.returncode == again.returncode == 1
    assert "read 2, recorded 1, unchanged 0, rejected 1" in first.stdout
    assert "row 3: the column 'view' holds 'sideways'" in first.stdout
    assert json.loads(again.stdout) == {
        "read": 2,
        "recorded": 0,
        "unchanged": 1,
        "rejected": [
            {
                "row": 3,
                "error": "the column 'view' holds 'sideways', which is none of 'for', 'against', 'neutral'",
                "column": "view",
            }
        ],
    }


def test_a_casebook_needs_no_map(shell: Shell, data) -> None:
    idle = shell.run("import", "casebook", *data)
    assert (idle.returncode, "needs no --map" in idle.stderr) == (2, True)
