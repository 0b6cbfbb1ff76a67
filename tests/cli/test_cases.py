"""``tracker case``: cases opened, revised and listed, with the policies of their claims."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine, on

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker


@pytest.fixture
def desk(new_tracker: Callable[..., Tracker]) -> CommandLine:
    """A claim in no case, on which one source speaks."""
    tracker = new_tracker()
    tracker.add_source("Army", key="army", type="government")
    tracker.add_claim("It happened", key="it", kind="event")
    tracker.log("it", source="army", stance="supports", published="2020")
    return on(tracker)


def test_a_case_is_opened_with_a_policy_and_its_claims_go_by_it(desk):
    assert desk.text("case", "add", "raid", "--title", "The raid", "--policy", "majority").startswith(
        "opened the case raid"
    )
    desk.text("claim", "revise", "it", "--case", "raid", "--reason", "it belongs there")
    (row,) = desk.json("status", "it")
    assert (row["case"], row["policy"]) == ("raid", "majority@1")
    rows = {row["policy"]: row["cases"] for row in desk.json("policy", "list")}
    assert rows["majority@1"] == 1


def test_revising_the_policy_says_which_claims_moved(desk):
    desk.text("case", "add", "raid", "--policy", "majority")
    desk.text("claim", "revise", "it", "--case", "raid", "--reason", "it belongs there")
    told = desk.text("case", "revise", "raid", "--policy", "none", "--reason", "grades count after all")
    assert told.startswith("revised the case raid\n  it: still unverified")
    assert desk.json("case", "list") == [
        {"key": "raid", "title": "", "about": "", "policy": None, "rules_off": [], "needs_approval": False}
    ]
    assert "the tracker's own" in desk.text("case", "list")


def test_a_dry_run_records_nothing(desk):
    desk.text("case", "add", "raid")
    told = desk.text("case", "revise", "raid", "--policy", "latest", "--reason", "try", "--dry-run")
    assert "(a dry run: nothing of this was recorded)" in told
    assert desk.json("case", "list")[0]["policy"] is None


def test_what_cannot_be_is_refused_with_what_could(desk):
    desk.text("case", "add", "raid")
    for words, status, told in (
        (("add", "raid"), 4, "there is a case raid already"),
        (("revise", "riad", "--title", "x", "--reason", "y"), 3, "the cases here are: raid"),
        (("revise", "raid", "--policy", "coin", "--reason", "y"), 3, "the policies here are: assessed@1"),
        (("revise", "raid", "--policy", "./ours.json", "--reason", "y"), 3, "a file can be read by once"),
        (("revise", "raid", "--policy", "latest"), 2, "--reason"),
    ):
        done = desk.run("case", *words)
        assert done.returncode == status
        assert told in done.stderr


def test_a_report_on_claims_of_several_policies_names_each(desk):
    desk.text("case", "add", "raid", "--policy", "majority")
    desk.text("claim", "add", "More happened", "--key", "more", "--kind", "event", "--case", "raid")
    shown = desk.text("status")
    assert "policy:  majority@1" in shown
    assert "by the policies majority@1 and weight-of-evidence@" in shown
    assert "policy:" not in desk.text("status", "more")
