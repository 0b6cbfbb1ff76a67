"""Two people judge one claim from the same state: the second is stopped, told what changed, can go on."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from claims.errors import BadFile, BadValue, JudgedMeanwhile
from claims.vocabulary import Status
from tests.support.commands import CommandLine, on
from tracker.cli import reports

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

WHY = {"reason": "seen"}


@pytest.fixture
def at(new_tracker: Callable[..., Tracker]) -> Callable[[str], Tracker]:
    """The tracker of a newsroom, opened anew by one of its people, who has looked at nothing yet."""
    desk = new_tracker()
    desk.add_source("Ministry", key="ministry", reliability="B")
    desk.add_source("Rebels", key="rebels", reliability="B")
    desk.add_claim("The bridge fell", key="bridge", kind="event")
    desk.add_claim("The mayor fled", key="fled", kind="event")
    desk.log("bridge", source="ministry", stance="supports")
    return lambda author: new_tracker(author=author)


# --- the rule -------------------------------------------------------------------------------------


@pytest.mark.on_both
def test_the_second_is_stopped_before_anything_is_written_and_can_go_on(at) -> None:
    amina, ben = at("amina"), at("ben")
    amina.show("bridge")
    ben.show("bridge")
    amina.assess("bridge", "confirmed", reason="went there")
    before = ben.entries()

    with pytest.raises(JudgedMeanwhile) as stopped:
        ben.assess("bridge", "refuted", reason="it stands")

    assert stopped.value.exit_status == 4
    assert stopped.value.entry == before[-1].seq
    assert re.fullmatch(
        rf"amina assessed it as confirmed on 2026-11-22, entry {before[-1].seq}: went there",
        stopped.value.changes[-1],
    )
    assert stopped.value.hint.endswith(f"tracker assess bridge … --seen entry:{before[-1].seq}")
    assert ben.entries() == before
    ben.assess("bridge", "refuted", reason="it stands", seen=stopped.value.entry)
    assert ben.status("bridge").assessed is Status.REFUTED


def test_it_says_how_the_computed_status_moved_meanwhile(at) -> None:
    amina, ben, desk = at("amina"), at("ben"), at("desk")
    was = ben.status("bridge").status
    desk.log("bridge", source="rebels", stance="denies")
    amina.assess("bridge", "confirmed", **WHY)
    with pytest.raises(JudgedMeanwhile) as stopped:
        ben.assess("bridge", "refuted", **WHY)
    moved, judged = stopped.value.changes
    assert moved.startswith(f"the computed status went from {was} to refuted, entry ")
    assert judged.startswith("amina assessed it")


@pytest.mark.parametrize("look", ["show", pytest.param("why", marks=pytest.mark.slow), "status"])
def test_who_has_looked_since_goes_on(at, look: str) -> None:
    amina, ben = at("amina"), at("ben")
    amina.assess("bridge", "confirmed", **WHY)
    with pytest.raises(JudgedMeanwhile, match="others judged bridge before ben looked at it"):
        ben.assess("bridge", "refuted", **WHY)
    getattr(ben, look)("fled")  # another claim
    with pytest.raises(JudgedMeanwhile):
        ben.assess("bridge", "refuted", **WHY)
    getattr(ben, look)("bridge", as_of="2020-01-01")  # not as it stands now
    with pytest.raises(JudgedMeanwhile):
        ben.assess("bridge", "refuted", **WHY)
    getattr(ben, look)("bridge")
    ben.assess("bridge", "refuted", **WHY)


def test_withdrawing_counts_as_judging(at) -> None:
    amina, ben = at("amina"), at("ben")
    made = amina.assess("bridge", "confirmed", **WHY)
    ben.show("bridge")
    amina.withdraw_record(made.key, reason="it was another bridge")
    with pytest.raises(JudgedMeanwhile, match=r"amina withdrew bridge.assessed \(confirmed\)"):
        ben.assess("bridge", "refuted", **WHY)


def test_one_person_alone_is_never_asked_and_each_in_turn_only_about_the_others(at) -> None:
    for status in ("confirmed", "refuted", "confirmed"):
        at("amina").assess("bridge", status, **WHY)  # each time from a program of its own
    ben = at("ben")
    ben.show("bridge")
    ben.assess("bridge", "refuted", **WHY)
    ben.assess("bridge", "doubtful", **WHY)
    with pytest.raises(JudgedMeanwhile) as stopped:
        at("amina").assess("bridge", "confirmed", **WHY)
    assert [words.split(" on ")[0] for words in stopped.value.changes] == [
        "ben assessed it as refuted",
        "ben assessed it as doubtful",
    ]


def test_what_files_and_other_desks_bring_is_never_stopped(at, new_tracker) -> None:
    amina, ben = at("amina"), at("ben")
    amina.assess("bridge", "confirmed", **WHY)
    ben.import_casebook(
        "casebook: 1\nassessments: [{claim: bridge, status: refuted, reason: by letter, by: carol}]\n"
    )
    other = new_tracker("other", author="olga")
    assert other.import_journal("".join(amina.export_journal()).encode()).conflicts == []
    ben.undo(reason="a forged letter")
    assert [each.author for each in ben.show("bridge").assessments] == ["amina"]


def test_what_was_asked_for_and_not_shown_was_not_seen(at) -> None:
    amina, ben = at("amina"), at("ben")
    amina.show("bridge")
    amina.assess("bridge", "confirmed", **WHY)
    assert ben.statuses(["bridge"], status=["refuted"]) == []
    with pytest.raises(JudgedMeanwhile):
        ben.assess("bridge", "refuted", **WHY)


def test_what_else_was_done_to_a_judgement_is_none(at) -> None:
    """Nor is what was done to another record that has its key."""
    amina, ben = at("amina"), at("ben")
    amina.show("bridge")
    key = amina.assess("bridge", "confirmed", **WHY).key
    ben.show("bridge")
    amina.redact(key, field="reason", reason="it names somebody")
    amina.add_source("Another", key=key)
    ben.assess("bridge", "refuted", **WHY)


def test_nobody_has_seen_what_is_not_there(at) -> None:
    ben = at("ben")
    for seen in ("entry:999", "yesterday", "now", "-1", ""):
        with pytest.raises(BadValue):
            ben.assess("bridge", "refuted", seen=seen, **WHY)


# --- remembered from one command to the next ------------------------------------------------------


def states(folder: Path) -> list[Path]:
    return list((folder / "state").rglob("*.json"))


def test_commands_remember_what_each_author_was_shown(at, tmp_path: Path) -> None:
    line = on(at("desk"))

    def tracker(*words: str) -> subprocess.CompletedProcess[str]:
        return line.run(*words, XDG_STATE_HOME=str(tmp_path / "state"))

    assess = ("assess", "bridge", "refuted", "--reason", "it stands", "--as", "ben")
    tracker("show", "bridge", "--as", "ben")
    at("amina").assess("bridge", "confirmed", **WHY)
    stopped = tracker(*assess)
    assert (stopped.returncode, stopped.stdout) == (4, "")
    assert "error[judged-meanwhile]: others judged bridge after what ben has seen of it" in stopped.stderr
    tracker("show", "bridge", "--as", "amina")  # another's eyes
    assert tracker(*assess).returncode == 4
    tracker("--as", "ben", "status")  # all of them: nobody reads that
    assert tracker(*assess).returncode == 4

    tracker("--as", "ben", "status", "bridge", "--format", "json")
    assert tracker(*assess).returncode == 0
    assert {json.loads(path.read_text("utf-8"))["by"] for path in states(tmp_path)} == {"amina", "ben"}


@pytest.mark.parametrize("question", ["show", "why"])
@pytest.mark.parametrize("format_", ["csv", "md"])
def test_who_was_shown_only_the_evidence_or_the_sum_has_not_looked(
    at, tmp_path: Path, question: str, format_: str
) -> None:
    line = on(at("desk"))
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}

    assert line.run(question, "bridge", "--as", "ben", "--format", format_, **state).returncode == 0

    assert states(tmp_path) == []


def test_where_showing_fails_nothing_was_seen(at, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_it: object) -> None:
        raise BadFile("it cannot be drawn")

    monkeypatch.setattr(reports, "_print_dossier", fail)

    done = on(at("desk")).run("show", "bridge", "--as", "ben", XDG_STATE_HOME=str(tmp_path / "state"))

    assert done.returncode != 0
    assert states(tmp_path) == []


@pytest.mark.slow
def test_what_is_remembered_of_another_record_at_that_place_is_not_believed(
    at, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = on(at("desk"))
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    line.run("show", "bridge", "--as", "ben", **state)
    at("amina").assess("bridge", "confirmed", **WHY)
    (path,) = states(tmp_path)
    kept = json.loads(path.read_text("utf-8"))
    for entry, leaf in ((7, "0" * 64), (999, "0" * 64)):
        path.write_text(json.dumps(kept | {"claims": {"bridge": [entry, leaf]}}), "utf-8")
        done = line.run("assess", "bridge", "refuted", "--reason", "x", "--as", "ben", **state)
        assert done.returncode == 4


@pytest.mark.slow  # so many commands
@pytest.mark.parametrize("damage", ["{", "[]", '{"claims": {"bridge": 3}}', '{"claims": []}', "\udcff"])
def test_a_file_that_cannot_be_read_or_written_fails_no_command(at, tmp_path: Path, damage: str) -> None:
    line = on(at("desk"))
    state = {"XDG_STATE_HOME": str(tmp_path / "state")}
    line.run("show", "bridge", "--as", "ben", **state)
    (path,) = states(tmp_path)
    path.write_bytes(damage.encode("utf-8", "surrogateescape"))
    assert line.run("assess", "bridge", "refuted", "--reason", "x", "--as", "ben", **state).returncode == 0
    assert line.run("show", "bridge", "--as", "ben", **state).returncode == 0
    assert json.loads(path.read_text("utf-8"))["claims"]["bridge"]
    nowhere = {"XDG_STATE_HOME": "/dev/null"}
    done = line.run("show", "bridge", "--as", "ben", **nowhere)
    assert (done.returncode, done.stderr) == (0, "")


# --- two real programs ----------------------------------------------------------------------------


@pytest.mark.slow
def test_of_two_programs_at_once_one_judges_and_the_other_is_told(at, tmp_path: Path) -> None:
    line = on(at("desk"))
    people = {"amina": "confirmed", "ben": "refuted"}
    assert [end(judge(line, tmp_path, who, "show", "bridge"))[0] for who in people] == [0, 0]

    begun = {
        who: judge(line, tmp_path, who, "assess", "bridge", status, "--reason", "seen")
        for who, status in people.items()
    }
    ended = {who: end(process) for who, process in begun.items()}

    assert sorted(status for status, _ in ended.values()) == [0, 4], ended
    second = next(who for who, (status, _) in ended.items() if status == 4)
    option = re.search(r"--seen (entry:\d+)", ended[second][1])
    assert option is not None
    words = ("assess", "bridge", people[second], "--reason", "all the same", "--seen", option[1])
    assert end(judge(line, tmp_path, second, *words)) == (0, "")
    assert at("desk").status("bridge").assessment.author == second


def judge(line: CommandLine, folder: Path, who: str, *words: str) -> subprocess.Popen[str]:
    """A command of somebody's, in a process of its own."""
    settings = {"XDG_STATE_HOME": str(folder / who), "TRACKER_AUTHOR": who}
    return subprocess.Popen(
        [sys.executable, "-m", "tracker", *words],
        env=line._environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


def end(process: subprocess.Popen[str]) -> tuple[int, str]:
    """The exit status of a command, and what it complained of."""
    with process:
        _, complaint = process.communicate(timeout=60)
    return process.returncode, complaint
