"""``tracker policy evaluate`` on tables of values, as it is typed."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.commands import check_shape
from tracker.cli.main import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Run = Callable[..., tuple[int, str, str]]

VALUES = "item,source,value\nmoon,a,rock\nmoon,b,rock\nmoon,c,cheese\nsun,a,fire\nsun,b,gas\n"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """``tracker policy evaluate`` in a folder with a table and its gold, and no tracker: its exit status
    and what it printed."""
    (tmp_path / "values.csv").write_text(VALUES, "utf-8")
    (tmp_path / "gold.csv").write_text("item,value\nmoon,rock\nsun,gas\n", "utf-8")
    monkeypatch.chdir(tmp_path)
    for name, value in {"TRACKER_DB": str(tmp_path / "absent.db"), "COLUMNS": "100", "NO_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)

    def evaluate(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(["policy", "evaluate", *words])
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out, shown.err

    return evaluate


def written(done: tuple[int, str, str]) -> Any:
    assert (done[0], done[2]) == (0, "")
    return json.loads(done[1])


def test_with_gold_the_answers_are_measured(run: Run) -> None:
    found = written(run("values.csv", "--map", "values", "--gold", "gold.csv", "--format", "json"))

    check_shape(found, "values")
    assert (found["n"], found["accuracy"], found["precision"], found["contested"]) == (2, 0.75, 1.0, 0.5)
    assert (found["items"], found["sources"], found["assertions"]) == (2, 3, 5)
    assert found["majority"]["accuracy"] == 0.75


def test_people_see_the_majority_beside_it(run: Run) -> None:
    status, shown, _ = run("values.csv", "--map", "values", "--gold", "gold.csv")

    assert status == 0
    assert shown.splitlines()[0].split() == ["measure", "agreement", "majority"]
    assert "contested, set aside             1 (50.0%)  1 (50.0%)" in shown
    assert "2 items, 3 sources, 5 assertions; 1 items are contested." in shown


def test_without_gold_the_answers_are_printed(run: Run) -> None:
    found = written(run("values.csv", "--map", "values", "--format", "json"))
    _, shown, _ = run("values.csv", "--map", "values", "--format", "csv")
    _, hint, _ = run("values.csv", "--map", "values")

    check_shape(found, "values")
    assert [(each["item"], each["value"], each["contested"]) for each in found] == [
        ("moon", "rock", False),
        ("sun", None, True),
    ]
    rows = list(csv.DictReader(io.StringIO(shown)))
    assert [(row["item"], row["value"], row["contested"]) for row in rows] == [
        ("moon", "rock", "false"),
        ("sun", "", "true"),
    ]
    assert "--gold FILE" in hint


def test_rows_left_out_are_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "values.csv").write_text(f"{VALUES}sea,,water\n", "utf-8")

    _, shown, _ = run("values.csv", "--map", "values")
    found = written(run("values.csv", "--map", "values", "--gold", "gold.csv", "--format", "json"))

    assert shown.startswith("left out: values.csv, row 7: the column 'source' is empty")
    check_shape(found, "values")
    assert [(each["file"], each["row"]) for each in found["rejected"]] == [("values.csv", 7)]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (("values.csv", "--map", "values", "--folds", "3"), 2, "for tables of evidence, not of values"),
        (("values.csv", "--map", "values", "--policy", "majority"), 2, "for tables of evidence"),
        (("values.csv", "--map", "emergent", "--gold", "gold.csv"), 2, "--gold is for tables of values"),
        (("values.csv", "values.csv", "--map", "emergent"), 2, "a table of evidence is one FILE"),
        (("values.csv", "--map", "flight"), 2, "values.csv holds no flights"),
        (("values.csv", "--map", "values", "--gold", "absent.csv"), 2, "absent.csv cannot be read"),
        (("gold.csv", "--map", "values"), 2, "gold.csv has no column 'source'"),
        (("--map", "values"), 2, "Missing argument 'FILE...'"),
        (("values.csv", "--map", "valeus"), 3, "those that ship: airwars, cpost, emergent"),
    ],
)
def test_what_does_not_fit_is_one_message(run: Run, words: tuple[str, ...], status: int, says: str) -> None:
    left, shown, complained = run(*words)

    assert (left, shown) == (status, "")
    assert says in complained


def test_a_table_of_values_is_no_table_of_evidence(
    run: Run, capsys: pytest.CaptureFixture[str], empty_database: Path
) -> None:
    with pytest.raises(SystemExit) as left:
        main(["import", "csv", "values.csv", "--map", "values", "--db", str(empty_database), "--dry-run"])

    assert left.value.code == 2
    assert "the map values is for tables of values" in capsys.readouterr().err
