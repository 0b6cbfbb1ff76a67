"""``status``, ``show`` and ``why``: what people read, and what programs read."""

from __future__ import annotations

import csv
import io
import json
import re
from math import exp
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.support.commands import CommandLine, check_shape, on
from tests.support.golden import assert_golden
from tracker.report.words import percent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

KEY = "kouffa-killed-2018"


@pytest.fixture(scope="session")
def shell(demo_database: Path) -> CommandLine:
    """The bundled casebook, to read only."""
    return CommandLine(demo_database)


@pytest.fixture
def desk(demo: Tracker) -> tuple[Tracker, CommandLine]:
    """The bundled casebook, to change, and the command line on it."""
    return demo, on(demo)


GOLDENS = {
    "status-80": (80, ("status",)),
    "status-120": (120, ("status", "--case", "jnim", "--status", "refuted", "--status", "disputed")),
    "status-as-of": (80, ("status", KEY, "--as-of", "31 Dec 2018")),
    "status-none": (80, ("status", "--status", "retracted")),
    "show-80": (80, ("show", KEY)),
    "show-120": (120, ("show", "ag-ghali-created-jnim-2011")),
    "why-80": (80, ("why", KEY)),
    "why-dependent": (80, ("why", "al-mourabitoune-dismantled")),
    "why-as-of": (80, ("why", KEY, "--as-of", "2018-12-31")),
}


@pytest.mark.parametrize("name", list(GOLDENS))
def test_the_reports_look_as_they_did(shell: CommandLine, name: str) -> None:
    columns, words = GOLDENS[name]

    text = CommandLine(shell.database, columns).text(*words)

    assert_golden(f"reports/{name}.txt", text)
    assert max(len(line) for line in text.splitlines()) <= columns


# --- the archetype ----------------------------------------------------------------------------


def test_at_the_end_of_2018_the_death_was_likely_and_nothing_was_settled(shell: CommandLine) -> None:
    [then] = shell.json("status", KEY, "--as-of", "2018-12-31")

    assert then["likelihood"] > 0.5
    assert then["status"] not in ("confirmed", "refuted")
    assert then["as_of"] == "2018-12-31"


def test_today_it_is_refuted_because_he_was_seen_alive(shell: CommandLine) -> None:
    [now] = shell.json("status", KEY)
    why = shell.json("why", KEY)

    assert now["status"] == "refuted"
    assert now["likelihood"] < 0.05
    heaviest = min(why["contradictions"], key=lambda row: row["weight"])
    assert (heaviest["rule"], heaviest["claims"]) == ("life-after-death", ["kouffa-alive-video"])


@pytest.mark.parametrize("key", [KEY, "kouffa-alive-video", "al-mourabitoune-dismantled"])
def test_the_rows_of_why_add_up_to_the_likelihood(shell: CommandLine, key: str) -> None:
    why = shell.json("why", key)
    weights = [row["weight"] for row in why["contributions"] + why["contradictions"]]

    assert 1 / (1 + exp(-(why["base_log_odds"] + sum(weights)))) == pytest.approx(why["likelihood"], abs=1e-5)


@pytest.mark.parametrize("as_of", ["2018-12-31", "2019-05-30", "today"])
def test_who_adds_the_printed_rows_by_hand_gets_the_printed_total(shell: CommandLine, as_of: str) -> None:
    text = shell.text("why", KEY, "--as-of", as_of).replace("−", "-")
    *weights, total = (float(number) for number in re.findall(r"^ +([+-]?\d\.\d{3})  ", text, re.MULTILINE))

    assert len(weights) > 2
    assert sum(weights) == pytest.approx(total, abs=1e-9)
    assert f"= {percent(1 / (1 + exp(-total)))}" in text


def test_likelihood_and_confidence_never_share_a_sentence(shell: CommandLine) -> None:
    words = " ".join(shell.text("why", KEY).split())
    sentences = words.split(". ")

    assert any("almost no chance" in sentence for sentence in sentences)
    assert any("Confidence is high" in sentence for sentence in sentences)
    assert not any("Confidence" in each and "chance" in each for each in sentences)


def test_why_prints_the_same_words_in_python(shell: CommandLine, demo: Tracker) -> None:
    assert str(demo.status(KEY).why()) + "\n" == shell.text("why", KEY)


# --- for programs -----------------------------------------------------------------------------


def test_the_reports_have_the_shape_of_their_schemas(shell: CommandLine) -> None:
    check_shape(shell.json("status"), "status")
    check_shape(shell.json("status", KEY, "--recorded-by", "2026-11-22"), "status")
    for key in (KEY, "ag-ghali-created-jnim-2011", "al-mourabitoune-dismantled"):
        check_shape(shell.json("show", key), "show")
        check_shape(shell.json("why", key), "why")
    check_shape(shell.json("audit", "verify"), "audit")


def test_an_import_has_the_shape_of_its_schema(desk: tuple[Tracker, CommandLine], tmp_path: Path) -> None:
    tracker, shell = desk
    file = tmp_path / "jnim.yaml"
    file.write_text(tracker.export_casebook(), encoding="utf-8")

    found = shell.json("import", "casebook", str(file))

    check_shape(found, "import")
    assert (found["recorded"], found["rejected"]) == (0, [])


def test_everything_on_a_claim_has_the_shape_of_its_schema(desk: tuple[Tracker, CommandLine]) -> None:
    tracker, shell = desk
    tracker.assess(KEY, "disputed", likelihood=0.4, reason="the video may be older")
    tracker.withdraw(f"{KEY}.mali", by_source="2020-03-01", reason="taken back")
    tracker.withdraw(f"{KEY}.france", mistake=True, reason="logged on the wrong claim")
    tracker.link(KEY, "contradicts", "kouffa-leads-mlf", reason="the dead do not lead")

    shown = shell.json("show", KEY)

    check_shape(shown, "show")
    assert [piece["withdrawn"] and piece["withdrawn"]["how"] for piece in shown["evidence"]] == [
        "mistake",
        "by-source",
        None,
    ]
    assert shown["links"]
    assert shown["assessments"]
    assert_golden("reports/show-everything.txt", shell.text("show", KEY))


def test_the_schemas_refuse_what_they_do_not_know(shell: CommandLine) -> None:
    [element] = shell.json("status", KEY)

    with pytest.raises(jsonschema.ValidationError):
        check_shape([element | {"mood": "sombre"}], "status")
    with pytest.raises(jsonschema.ValidationError):
        check_shape([{name: value for name, value in element.items() if name != "status"}], "status")


def test_nothing_is_an_empty_list(shell: CommandLine) -> None:
    assert shell.json("status", "--status", "retracted") == []
    assert shell.text("status", "--status", "retracted", "--format", "jsonl") == ""


def test_each_line_of_jsonl_is_an_element(shell: CommandLine) -> None:
    lines = shell.text("status", "--kind", "death", "--format", "jsonl").splitlines()

    assert [json.loads(line) for line in lines] == shell.json("status", "--kind", "death")
    assert json.loads(shell.text("show", KEY, "--format", "jsonl")) == shell.json("show", KEY)


def test_the_weights_of_why_can_be_summed_in_a_spreadsheet(shell: CommandLine) -> None:
    rows = list(csv.DictReader(io.StringIO(shell.text("why", KEY, "--format", "csv"))))
    total = sum(float(row["weight"]) for row in rows)

    assert 1 / (1 + exp(-total)) == pytest.approx(shell.json("why", KEY)["likelihood"], abs=1e-5)


def test_show_as_rows_gives_the_evidence(shell: CommandLine) -> None:
    rows = list(csv.DictReader(io.StringIO(shell.text("show", KEY, "--format", "csv"))))
    lines = shell.text("show", KEY, "--format", "md").splitlines()

    assert [row["key"] for row in rows] == [piece["key"] for piece in shell.json("show", KEY)["evidence"]]
    assert len(lines) == len(rows) + 2


# --- which claims -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--kind", "death"), {KEY, "nouini-dead"}),
        (("--kind", "sign of life"), {"kouffa-alive-video"}),
        (("--source", "aqim"), {KEY}),
        (
            ("--subject", "Koufa", "--status", "refuted", "--status", "corroborated"),
            {KEY, "kouffa-alive-video"},
        ),
        (("--changed-since", "May 2019", "--status", "refuted"), {KEY}),
        (("--changed-since", "June 2019", "--status", "refuted"), set()),
    ],
)
def test_the_options_leave_the_claims_that_fit(
    shell: CommandLine, words: tuple[str, ...], expected: set[str]
) -> None:
    assert {element["key"] for element in shell.json("status", *words)} == expected


def test_named_claims_come_in_the_order_in_which_they_were_named(shell: CommandLine) -> None:
    found = shell.json("status", "nouini-dead", "kouffa-k", "kouffa-alive")

    assert [element["key"] for element in found] == ["nouini-dead", KEY, "kouffa-alive-video"]


@pytest.mark.parametrize(
    ("words", "status"),
    [(("status", "nobody-killed"), 3), (("show", "kouffa"), 3), (("status", "--kind", "x"), 2)],
)
def test_what_is_not_there_is_said_on_standard_error(
    shell: CommandLine, words: tuple[str, ...], status: int
) -> None:
    done = shell.run(*words)

    assert (done.returncode, done.stdout) == (status, "")
    assert done.stderr.startswith("error[")
    assert "hint: " in done.stderr


# --- for people -------------------------------------------------------------------------------


def test_a_person_who_differs_is_shown(desk: tuple[Tracker, CommandLine]) -> None:
    tracker, shell = desk
    tracker.assess(KEY, "disputed", reason="the video may be older")
    tracker.assess("kouffa-alive-video", "corroborated", reason="seen it")

    differing, agreeing = shell.text("status", KEY), shell.text("status", "kouffa-alive-video")

    assert "assessed:  diverges: disputed, by desk" in differing
    assert "1 diverging from a person's assessment" in differing
    assert "assessed:  also corroborated, by desk" in agreeing
    assert "diverg" not in agreeing
    words = "Assessed as disputed by desk on 2026-11-22; the computed status is refuted: they diverge."
    for command in ("why", "show"):
        assert words in " ".join(shell.text(command, KEY).split())


def test_a_person_who_says_it_a_little_stronger_agrees(desk: tuple[Tracker, CommandLine]) -> None:
    tracker, shell = desk
    tracker.assess("kouffa-alive-video", "confirmed", reason="seen it")

    assert "assessed:  agrees: confirmed, by desk" in shell.text("status", "kouffa-alive-video")
    assert "which agrees with the computed status corroborated" in " ".join(
        shell.text("why", "kouffa-alive-video").split()
    )


def test_programs_are_told_of_a_divergence_and_of_what_is_stale(desk: tuple[Tracker, CommandLine]) -> None:
    tracker, shell = desk
    tracker.assess(KEY, "disputed", reason="the video may be older")
    tracker.assess("kouffa-alive-video", "confirmed", reason="seen it")

    for key, diverges in ((KEY, True), ("kouffa-alive-video", False), ("mnla-tuareg", False)):
        (row,) = shell.json("status", key)
        for told in (row, shell.json("show", key), shell.json("why", key)):
            assert told["diverges"] is diverges
            assert told["assessed"] == row["assessed"]
    later = CommandLine(shell.database, clock="2029-01-01T00:00:00Z")
    (row,) = later.json("status", "jnim-channels-open")
    for told in (row, later.json("show", "jnim-channels-open"), later.json("why", "jnim-channels-open")):
        assert told["stale"] is True
    assert "Stale: " in later.text("show", "jnim-channels-open")


def test_a_state_that_nobody_spoke_of_lately_is_marked_stale(shell: CommandLine) -> None:
    later = CommandLine(shell.database, clock="2029-01-01T00:00:00Z")

    assert "stale:  the newest evidence on it is old" in later.text("status", "jnim-channels-open")
    assert "Stale: " in later.text("why", "jnim-channels-open")


def test_text_from_outside_neither_steers_the_terminal_nor_is_taken_for_markup(
    new_tracker: Callable[..., Tracker],
) -> None:
    tracker = new_tracker()
    tracker.add_source("The [red]Gazette[/red]", type="outlet", key="gazette")
    claim = tracker.add_claim("A [bold]mayor[/bold] \x1b[31mresigned\x07 in 東京都", key="mayor")
    tracker.log(claim.key, source="gazette", stance="supports", published="2020-01-02")
    shell = on(tracker)

    for words in (("status",), ("show", "mayor"), ("why", "mayor"), ("history", "mayor")):
        text = shell.text(*words)
        assert "A [bold]mayor[/bold] \ufffd[31mresigned\ufffd in 東京都" in " ".join(text.split())
        assert "\x1b" not in text
    assert "[red]Gazette[/red]" in shell.text("why", "mayor")


def test_colour_repeats_what_the_words_say(shell: CommandLine) -> None:
    drawn = shell.text("status", KEY, FORCE_COLOR="1", NO_COLOR="", TERM="xterm-256color")

    assert "\x1b[1;31mrefuted" in drawn
    assert "\x1b[3" not in shell.text("status", KEY, FORCE_COLOR="1", TERM="xterm-256color")


@pytest.mark.parametrize("words", [("status", KEY), ("show", KEY), ("why", KEY), ("history", KEY)])
def test_a_terminal_without_utf_8_gets_letters_that_it_has(
    shell: CommandLine, words: tuple[str, ...]
) -> None:
    assert shell.text(*words, PYTHONIOENCODING="ascii").isascii()


def test_a_narrow_window_loses_no_words(shell: CommandLine) -> None:
    narrow = CommandLine(shell.database, 40).text("show", KEY)

    for word in ("refuted", "supports", "2018-12-31", "Mali", "(Bamako)", "for-own-side", "¶3"):
        assert word in narrow
