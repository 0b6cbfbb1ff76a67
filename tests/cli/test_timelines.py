"""``history``, ``diff``, ``changes`` and ``search``: what changed, when and why, and where it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.commands import CommandLine, check_shape, on
from tests.support.golden import assert_golden

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Clock
    from tracker.app import Tracker

KEY = "kouffa-killed-2018"


@pytest.fixture(scope="session")
def shell(demo_database: Path) -> CommandLine:
    """The bundled casebook, to read only."""
    return CommandLine(demo_database)


GOLDENS = {
    "history-80": ("history", KEY),
    "history-recorded": ("history", KEY, "--clock", "recorded"),
    "diff": ("diff", KEY, "2018-12-31", "June 2019"),
    "diff-all": ("diff", "2018-12-31", "June 2019"),
    "diff-none": ("diff", KEY, "2020-01-01", "2021-01-01"),
    "changes": ("changes", "--since", "yesterday"),
    "changes-published": ("changes", "--since", "2018", "--clock", "published"),
    "search": ("search", "Koufa"),
    "search-words": ("search", "Islamist", "state"),
}


@pytest.mark.parametrize("name", list(GOLDENS))
def test_the_timelines_look_as_they_did(shell: CommandLine, name: str) -> None:
    text = shell.text(*GOLDENS[name])

    assert_golden(f"reports/{name}.txt", text)
    assert max(len(line) for line in text.splitlines()) <= shell.columns


def test_the_history_says_what_changed_and_because_of_what(shell: CommandLine) -> None:
    steps = shell.json("history", KEY)

    check_shape(steps, "history")
    assert [(step["was"], step["status"]) for step in steps] == [
        (None, "unverified"),
        ("unverified", "disputed"),
        ("disputed", "refuted"),
    ]
    assert [step["because"] for step in steps] == [
        [f"{KEY}.france", f"{KEY}.mali"],
        [f"{KEY}.aqim"],
        ["kouffa-alive-video.kouffa-video"],
    ]
    assert [step["at"] for step in steps] == sorted(step["at"] for step in steps)


def test_the_history_reads_like_a_story(shell: CommandLine) -> None:
    story = shell.text("history", KEY)

    told = ("france and mali supported it", "aqim denied it", "kouffa-video supported kouffa-alive-video")
    places = [story.index(words) for words in told]
    assert places == sorted(places)


def test_the_recorded_history_names_the_entry_of_the_journal(shell: CommandLine) -> None:
    steps = shell.json("history", KEY, "--clock", "recorded")

    check_shape(steps, "history")
    assert steps[-1]["entry"] > 0
    assert f"entry {steps[-1]['entry']} by desk" in shell.text("history", KEY, "--clock", "recorded")


def test_the_history_of_a_record_that_was_taken_back(
    new_tracker: Callable[..., Tracker], clock: Clock
) -> None:
    tracker = new_tracker()
    tracker.add_source("The Gazette", type="outlet", key="gazette")
    tracker.add_claim("The mayor resigned", key="mayor-resigned")
    tracker.log("mayor-resigned", source="gazette", stance="supports", published="2020-01-02")
    clock.tick(days=1)
    tracker.withdraw("mayor-resigned.gazette", by_source="2020-02-01", reason="it printed a correction")
    shell = on(tracker, clock="2026-11-24T00:00:00Z")

    published = shell.text("history", "mayor-resigned")
    recorded = shell.text("history", "mayor-resigned", "--clock", "recorded")

    assert "gazette supported it" in published
    assert "gazette took back having supported it" in published
    assert "evidence.withdrawn mayor-resigned.gazette, it printed a correction" in " ".join(recorded.split())
    assert "took back" not in on(tracker).text("history", "mayor-resigned", "--recorded-by", "2026-11-22")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"by_source": "2026-11-22"}, "because gazette took back having supported it"),
        ({"mistake": True}, "because gazette supported it, which was a mistake of ours"),
    ],
)
def test_what_was_taken_back_later_was_said_first(
    new_tracker: Callable[..., Tracker], how: dict[str, Any], words: str
) -> None:
    """On the day on which it was taken back too: each entry is told by what it did itself."""
    tracker = new_tracker()
    tracker.add_source("The Gazette", type="outlet", key="gazette")
    tracker.add_claim("The mayor resigned", key="mayor-resigned")
    tracker.log("mayor-resigned", source="gazette", stance="supports", published="2020-01-02")
    tracker.withdraw("mayor-resigned.gazette", reason="it printed a correction", **how)

    told = on(tracker).text("history", "mayor-resigned", "--clock", "recorded")

    causes = [line.strip() for line in told.splitlines() if "because" in line]
    assert causes == ["because mayor-resigned was recorded", "because gazette supported it", words]


def test_a_state_that_goes_stale_changes_because_time_passed(shell: CommandLine) -> None:
    later = CommandLine(shell.database, clock="2029-01-01T00:00:00Z")

    assert "because time passed" in later.text("history", "jnim-channels-open")
    assert later.json("history", "jnim-channels-open")[-1]["because"] == []


def test_a_claim_without_evidence_has_no_history(new_tracker: Callable[..., Tracker]) -> None:
    tracker = new_tracker()
    tracker.add_claim("The mayor resigned", key="mayor-resigned")
    shell = on(tracker)

    assert "No evidence has moved it yet." in shell.text("history", "mayor-resigned")
    assert shell.json("history", "mayor-resigned") == []


@pytest.fixture
def tied(new_tracker: Callable[..., Tracker], monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Rival answers, of which one was spoken of on ten days; to be looked back on by four days at most."""
    monkeypatch.setattr("claims.history.WORK", 0)
    monkeypatch.setattr("claims.history.LEAST", 4)
    tracker = new_tracker()
    tracker.add_question("Who blew up the bridge?", key="bridge")
    for group in ("first", "second"):
        tracker.add_claim(f"The {group} column blew up the bridge", key=f"{group}-did", question="bridge")
    for number in range(1, 11):
        tracker.add_source(f"Witness {number}", key=f"w{number}")
        about = "first-did" if number in (1, 5) else "second-did"
        tracker.log(about, source=f"w{number}", stance="supports", published=f"2020-01-{number:02}")
    return on(tracker)


def test_a_history_that_skipped_days_says_so(tied: CommandLine) -> None:
    text = tied.text("history", "first-did")

    assert_golden("reports/history-skipped.txt", text)
    assert "of 10 days" in " ".join(text.split())
    assert "Not every day" not in tied.text("history", "first-did", "--clock", "recorded")


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "md"])
def test_programs_are_told_on_standard_error_that_days_were_skipped(tied: CommandLine, form: str) -> None:
    done = tied.run("history", "first-did", "--format", form)

    assert done.returncode == 0
    assert done.stderr.startswith("note: Not every day was looked at: 2 claims are tied together, and of 10 ")
    assert "Not every day" not in done.stdout


def test_a_history_of_all_days_says_nothing_of_it(tied: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("claims.history.LEAST", 10)

    assert "Not every day" not in tied.text("history", "first-did")
    assert tied.json("history", "first-did")


def test_the_difference_between_two_days_does_not_depend_on_their_order(shell: CommandLine) -> None:
    found = shell.json("diff", KEY, "2019-06-01", "2018-12-31")

    assert found == shell.json("diff", KEY, "2018-12-31", "2019-06-01")
    assert found["appeared"] == ["kouffa-alive-video.kouffa-video", f"{KEY}.aqim"]
    check_shape([found["before"], found["after"]], "status")


def test_changes_across_claims_have_the_shape_of_a_history(shell: CommandLine) -> None:
    recorded = shell.json("changes", "--since", "2026-11-22")
    published = shell.json("changes", "--since", "2019", "--clock", "published")

    check_shape(recorded, "history")
    check_shape(published, "history")
    assert all("entry" in step for step in recorded)
    assert (KEY, "refuted") in {(step["claim"], step["status"]) for step in published}


def test_changes_that_did_not_happen(shell: CommandLine) -> None:
    later = CommandLine(shell.database, clock="2026-12-24T00:00:00Z")

    assert later.text("changes", "--since", "2026-12-01") == "No status has changed since 2026-12-01.\n"
    assert later.json("changes", "--since", "2026-12-01") == []


@pytest.mark.parametrize("spelling", ["Koufa", "kouffa", "KOUFFA", "Amadou Diallo"])
def test_each_spelling_finds_the_claims_on_the_person(shell: CommandLine, spelling: str) -> None:
    found = shell.json("search", *spelling.split())

    assert {"what": "entity", "key": "kouffa"}.items() <= found[0].items()
    assert KEY in {hit["key"] for hit in found}


def test_finding_nothing_is_a_negative_answer(shell: CommandLine) -> None:
    said = shell.run("search", "zebra crossing")
    listed = shell.run("search", "zebra crossing", "--format", "json")

    assert (said.returncode, said.stderr) == (1, "")
    assert 'Nothing holds "zebra crossing"' in said.stdout
    assert (listed.returncode, listed.stdout) == (1, "[]\n")


def test_more_is_shown_when_asked_for(shell: CommandLine) -> None:
    few, many = shell.text("search", "Koufa", "--limit", "2"), shell.text("search", "Koufa", "--limit", "50")

    assert "There is more: ask for it with --limit 4" in few
    assert "There is more" not in many
    assert len(shell.json("search", "Koufa", "--limit", "2")) == 2
    assert shell.run("search", "Koufa", "--limit", "0").returncode == 2
