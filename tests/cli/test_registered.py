"""``tracker policy list`` and ``show``: which policies there are, and every number of each."""

from __future__ import annotations

import csv
import io
import json
from importlib.resources import files
from pathlib import Path

import pytest

from tests.support.commands import CommandLine
from tracker.app.policies import policy_labels
from tracker.report.policies import MEANINGS, numbers_of


@pytest.fixture
def shell(demo_database: Path) -> CommandLine:
    return CommandLine(demo_database)


def shipped(label: str) -> dict[str, object]:
    text = (files("tracker") / "policies" / f"{label.replace('@', '-')}.json").read_text("utf-8")
    return json.loads(text)


def test_the_list_says_what_each_policy_does_and_which_is_in_force(shell):
    rows = {row["policy"]: row for row in shell.json("policy", "list")}
    assert set(policy_labels()) <= set(rows)
    assert [label for label, row in rows.items() if row["in_force"]] == [rows_in_force(shell)]
    assert rows["majority@1"] == {
        "policy": "majority@1",
        "name": "majority",
        "version": 1,
        "rule": "majority",
        "says": "more lines for a claim than against it make it likelier than not.",
        "in_force": False,
        "cases": 0,
        "origin": "this program",
        "provenance": shipped("majority@1")["provenance"],
    }
    assert "    only people's verdicts count" in shell.text("policy", "list")


def rows_in_force(shell: CommandLine) -> str:
    (row,) = shell.json("status", "kouffa-killed-2018")
    return row["policy"]


def test_without_a_tracker_the_list_is_there_and_a_tracker_that_was_named_is_missed(tmp_path):
    shell = CommandLine(tmp_path / "none.db")
    listed = shell.run("policy", "list", "--format", "json", TRACKER_DB="")
    assert {row["in_force"] for row in json.loads(listed.stdout)} == {None}
    missed = shell.run("policy", "list", "--db", str(tmp_path / "none.db"))
    assert (missed.returncode, missed.stderr.partition(":")[0]) == (6, "error[no-tracker]")


def test_as_json_a_policy_is_its_file(shell):
    assert shell.json("policy", "show", "range@1") == shipped("range@1")


@pytest.mark.parametrize("label", policy_labels())
def test_every_number_has_a_unit_and_a_meaning(label):
    found = list(numbers_of(shipped(label)))
    assert found
    assert {number.section for number in found} <= set(MEANINGS)
    assert all(number.unit and number.meaning for number in found)


def test_a_policy_is_shown_section_by_section_with_where_its_numbers_come_from(shell):
    text = shell.text("policy", "show", "hierarchy")
    told = " ".join(text.split())
    assert told.startswith("hierarchy@1, from this program Rule hierarchy: the best source that took a side")
    assert "Where its numbers come from: Set by hand" in told
    assert "ranks, in rank: 1 is best; the best rank that took a side decides" in told
    assert "votes, in nats:" in told
    assert "thresholds, in probability:" in told


def test_as_a_table_for_programs_there_is_a_row_for_each_number(shell):
    rows = list(csv.DictReader(io.StringIO(shell.text("policy", "show", "majority", "--format", "csv"))))
    assert rows[0] == {
        "section": "votes",
        "name": "line",
        "number": "0.75",
        "unit": "nats",
        "meaning": "what the vote of a line adds to a claim or takes from it",
    }
    assert [row["unit"] for row in rows if row["name"] == "real_weight"] == ["nats"]


def test_a_file_of_ones_own_is_shown_like_any_other(shell, tmp_path):
    (tmp_path / "ours.json").write_text(json.dumps({**shipped("majority@1"), "name": "ours"}), "utf-8")
    assert shell.text("policy", "show", str(tmp_path / "ours.json")).startswith("ours@1, from")


def test_a_policy_that_is_not_there_is_answered_with_those_that_are(shell):
    done = shell.run("policy", "show", "coin-toss")
    assert done.returncode == 3
    assert "there is no policy 'coin-toss'" in done.stderr
    assert "majority@1" in done.stderr


def test_a_report_by_a_file_says_so(shell, tmp_path):
    data = {**shipped("weight-of-evidence@1"), "name": "ours", "version": 3}
    (tmp_path / "ours.json").write_text(json.dumps(data), "utf-8")
    (row,) = shell.json("status", "kouffa-killed-2018", "--policy", str(tmp_path / "ours.json"))
    assert row["policy"] == "ours@3"
