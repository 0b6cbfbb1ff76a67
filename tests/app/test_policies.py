"""Policies by name and by file, and what is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile, NotFound
from tests.claims.builders import policy_data
from tracker.app.policies import all_policies, find_policy, load_policy, policy_labels

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {"assessed", "hierarchy", "latest", "majority", "range", "weight-of-evidence"}


def written(folder: Path, **changes: object) -> str:
    """A policy file of one's own."""
    path = folder / "ours.json"
    path.write_text(json.dumps({**policy_data(), "name": "ours", **changes}), "utf-8")
    return str(path)


def test_every_policy_that_ships_can_be_loaded_by_its_name_and_label():
    assert {label.partition("@")[0] for label in policy_labels()} == NAMES
    for label in policy_labels():
        assert load_policy(label).label == label
    assert load_policy("majority").rule == "majority"


def test_a_name_without_a_version_is_the_newest():
    newest = max(int(label.partition("@")[2]) for label in policy_labels() if label.startswith("weight-"))
    assert load_policy() == load_policy("weight-of-evidence") == load_policy(f"weight-of-evidence@{newest}")


def test_all_that_are_registered_say_where_they_are_from():
    assert {each.origin for each in all_policies()} >= {"this program"}


def test_a_file_of_ones_own_is_read(tmp_path):
    assert find_policy(written(tmp_path)).label == "ours@1"


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(BadFile, match="cannot be read"):
        find_policy(str(tmp_path / "nowhere.json"))
    (tmp_path / "half.json").write_text('{"name": ', "utf-8")
    with pytest.raises(BadFile, match=r"half\.json cannot be read"):
        find_policy(str(tmp_path / "half.json"))


def test_a_file_with_a_number_missing_is_named_with_its_section(tmp_path):
    with pytest.raises(BadFile, match=r"ours\.json: thresholds is missing"):
        find_policy(written(tmp_path, thresholds=None))


def test_a_file_of_a_rule_that_nobody_brought_is_refused(tmp_path):
    with pytest.raises(NotFound, match="no rule 'coin-toss'"):
        find_policy(written(tmp_path, rule="coin-toss"))


def test_a_file_may_not_pass_for_a_registered_policy_with_other_numbers(tmp_path):
    same = {"name": "weight-of-evidence", "version": 1}
    assert find_policy(written(tmp_path, **same)) == load_policy("weight-of-evidence@1")
    with pytest.raises(BadFile, match="calls itself weight-of-evidence@1"):
        find_policy(written(tmp_path, **same, second_hand=0.5))


def test_reading_questions_take_a_file_and_the_record_does_not(tracker, new_tracker, tmp_path):
    tracker.add_source("Army", key="army", type="government")
    tracker.add_claim("It happened", key="it", kind="event")
    tracker.log("it", source="army", stance="supports", published="2020")
    file = written(tmp_path, base_rate={"default": 0.9})
    assert tracker.status("it", policy=file).policy == "ours@1"
    assert tracker.status("it", policy=file).likelihood > tracker.status("it").likelihood
    with pytest.raises(NotFound, match="no policy"):
        new_tracker("other", policy=file)
