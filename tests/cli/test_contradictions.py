"""Questions, cases, rules and links as they are typed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine, check_shape

if TYPE_CHECKING:
    from pathlib import Path

QUESTION = "ag-ghali-group-2011"
FOUND = "ag-ghali-created-ansar-dine-2011:one-answer:ag-ghali-created-jnim-2011"


@pytest.fixture
def shell(demo_database: Path, tmp_path: Path) -> CommandLine:
    path = tmp_path / "demo.db"
    shutil.copy(demo_database, path)
    return CommandLine(path)


def test_a_question_is_shown_with_its_rival_answers(shell: CommandLine) -> None:
    text = shell.text("question", "show", QUESTION)
    assert "Contested: ansar-dine and jnim are as likely as each other (39%).\n" in text
    assert text.count("disputed") == 2
    found = shell.json("question", "show", QUESTION)
    check_shape(found, "question")
    assert found["contested"]
    assert [answer["claims"][0]["status"] for answer in found["answers"]] == ["disputed", "disputed"]


def test_a_toll_is_shown_with_low_best_and_high_and_an_alarm_when_it_falls(shell: CommandLine) -> None:
    shell.text("question", "add", "How many died?", "--key", "toll", "--counted", "civilians", "--cumulative")
    for value, source, day in (("148", "france", "2019-05-05"), ("120", "aqim", "2019-05-09")):
        shell.text(
            "claim",
            "add",
            f"{value} died",
            "--key",
            f"t{value}",
            "--kind",
            "count",
            "--value",
            value,
            "--question",
            "toll",
        )
        shell.text("log", f"t{value}", "--source", source, "--stance", "supports", "--published", day)
    text = shell.text("question", "show", "toll")
    assert "Counted: civilians.\n" in text
    assert "The counts come to: low 120, best 120, high 148.\n" in text
    assert "Alarm: the toll falls from t148 to t120.\n" in text
    found = shell.json("question", "show", "toll")
    check_shape(found, "question")
    assert found["toll"]["falls"] == [{"earlier": "t148", "later": "t120"}]
    earlier = shell.json("question", "show", "toll", "--as-of", "2019-05-06")
    assert earlier["leading"] == [["t148"]]


def test_a_question_is_revised_and_listed(shell: CommandLine) -> None:
    shell.text("question", "revise", QUESTION, "--exactly-one", "--reason", "he did create one")
    (row,) = [row for row in shell.json("question", "list") if row["key"] == QUESTION]
    assert row["exactly_one"]
    assert "One of the answers must be right.\n" in shell.text("question", "show", QUESTION)


def test_links_that_rules_found_are_listed_resolved_and_reopened(shell: CommandLine) -> None:
    found = shell.json("link", "list", "--rule", "one-answer")
    check_shape(found, "links")
    assert [link["key"] for link in found] == [FOUND]
    shown = shell.text("link", "resolve", FOUND, "--reason", "one group by two names")
    assert "disputed → unverified" in shown
    assert shell.json("link", "list", "--state", "resolved")[0]["resolution"] == "one group by two names"
    assert "resolved:" in shell.text("show", "ag-ghali-created-jnim-2011")
    shown = shell.text("link", "reopen", FOUND, "--reason", "two groups, after all")
    assert "unverified → disputed" in shown
    assert shell.text("link", "list", "--rule", "two-deaths") == "No link fits.\n"


def test_a_link_is_made_with_or_without_the_word_add(shell: CommandLine) -> None:
    one, other = "kouffa-leads-mlf", "kouffa-killed-2018"
    assert "linked: " in shell.text("link", one, "contradicts", other, "--reason", "the dead lead nobody")
    done = shell.run("link", "add", one, "contradicts", other, "--reason", "again")
    assert (done.returncode, done.stderr.splitlines()[0]) == (
        4,
        f"error[conflict]: {one} contradicts {other} is recorded already",
    )


def test_a_rule_is_switched_off_in_a_case_and_on_again(shell: CommandLine) -> None:
    shown = shell.text("case", "revise", "jnim", "--rule-off", "one-answer", "--reason", "names differ here")
    assert "revised the case jnim, with rules off: one-answer\n" in shown
    assert "ag-ghali-created-jnim-2011: disputed → unverified" in shown
    assert FOUND not in {link["key"] for link in shell.json("link", "list")}
    (case,) = shell.json("case", "list")
    assert case["rules_off"] == ["one-answer"]
    shown = shell.text("case", "revise", "jnim", "--rule-on", "one-answer", "--reason", "they do not")
    assert "ag-ghali-created-jnim-2011: unverified → disputed" in shown


def test_another_word_for_a_rule_is_refused_with_what_was_perhaps_meant(shell: CommandLine) -> None:
    done = shell.run("case", "add", "other", "--rule-off", "one-anser")
    assert done.returncode == 2
    assert done.stderr.splitlines()[0] == "error[bad-value]: 'one-anser' is no contradiction rule"
    assert "did you mean one-answer" in done.stderr


def test_a_case_is_opened_once(shell: CommandLine) -> None:
    assert shell.text("case", "add", "tandor", "--title", "The raid") == "opened the case tandor\n"
    assert shell.run("case", "add", "tandor").returncode == 4


def test_the_rules_are_listed_with_what_they_say(shell: CommandLine) -> None:
    found = shell.json("rules")
    check_shape(found, "rules")
    assert {"life-after-death", "two-deaths", "falling-toll"} <= {rule["name"] for rule in found}
    text = shell.text("rules")
    assert "such as:" in text
    assert f"Strengths are those of the policy {found[0]['policy']}.\n" in text
