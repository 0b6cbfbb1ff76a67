"""Long lists on the command line: a table ends after its first page and says how to go on."""

from __future__ import annotations

import csv
import json
import re
from typing import TYPE_CHECKING

import click
import pytest

from tests.support.commands import CommandLine
from tracker.cli import paging, timelines
from tracker.cli.main import COMMANDS, cli

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shell(demo_database: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The bundled casebook, to read only, with short pages."""
    for name in COMMANDS:  # help that is put into words while pages are short would say so ever after
        cli.get_command(click.Context(cli), name)
    monkeypatch.setattr(paging, "FIRST_PAGE", 4)
    return CommandLine(demo_database)


def next_place(text: str) -> str | None:
    """What to type for the next page: a line of its own, however long the key is."""
    found = re.search(r"\nThere are more; all of them with --all. The next page:\n  --after (\S+)\n$", text)
    return found[1] if found else None


LISTS = {
    "status": ("status", "--case", "jnim"),
    "claims": ("claim", "list", "--case", "jnim"),
    "sources": ("source", "list"),
    "entities": ("entity", "list"),
    "changes": ("changes", "--since", "2018"),
    "differences": ("diff", "2020", "today"),
    "differences of what was recorded": ("diff", "2020", "now", "--clock", "recorded"),
    "links": ("link", "list"),
    "open links": ("link", "list", "--state", "open"),
}


@pytest.mark.parametrize("name", LISTS)
def test_the_pages_of_a_table_follow_each_other_to_the_end(shell: CommandLine, name: str) -> None:
    words = LISTS[name]
    whole = shell.json(*words)
    text = shell.text(*words)
    assert len(whole) > 4
    place = next_place(text)
    assert place is not None

    rest = shell.json(*words, "--after", place)

    assert rest == whole[4:]
    assert next_place(shell.text(*words, "--all")) is None
    assert len(shell.json(*words, "--limit", str(len(whole)))) == len(whole)
    assert next_place(shell.text(*words, "--after", place, "--limit", str(len(rest)))) is None


ONE_ROW_EACH = LISTS.keys() - {"open links", "differences", "differences of what was recorded"}
SHORT = {name: words for name, words in LISTS.items() if name in ONE_ROW_EACH} | {
    "log": ("audit", "log"),
    "questions": ("question", "list"),
}


@pytest.mark.parametrize("format_", ["json", "jsonl", "csv", "md"])
@pytest.mark.parametrize("name", SHORT)
def test_programs_are_told_beside_what_they_read_that_there_is_more(
    shell: CommandLine, name: str, format_: str
) -> None:
    words = (*SHORT[name], "--format", format_)
    whole = shell.text(*words)

    done = shell.run(*words, "--limit", "1")

    told = re.fullmatch(r"note: there are more; the next page: --after (\S+)\n", done.stderr)
    assert told is not None
    assert done.returncode == 0
    if format_ == "json":
        rows = json.loads(whole)
        assert json.loads(done.stdout) == rows[:1]
        assert shell.json(*SHORT[name], "--after", told[1]) == rows[1:]
    else:
        assert whole.startswith(done.stdout)
        assert len(done.stdout.splitlines()) == {"jsonl": 1, "csv": 2, "md": 3}[format_]


def test_a_claim_that_differs_is_two_rows_of_one_page(shell: CommandLine) -> None:
    words = ("diff", "2020", "today", "--limit", "2", "--format")
    done = {format_: shell.run(*words, format_) for format_ in ("json", "csv")}
    both = [each["key"] for each in json.loads(done["json"].stdout)]
    rows = list(csv.DictReader(done["csv"].stdout.splitlines()))

    assert [row["key"] for row in rows] == [key for key in both for _ in range(2)]
    assert {each.stderr for each in done.values()} == {
        f"note: there are more; the next page: --after {both[-1]}\n"
    }


def test_one_claim_is_compared_whole(shell: CommandLine) -> None:
    for option in (("--limit", "1"), ("--after", "a")):
        done = shell.run("diff", "kouffa-killed-2018", "2018", "2020", *option)
        assert done.returncode == 2
        assert "one claim is compared whole: leave out --limit and --after" in done.stderr


def test_the_log_shows_the_newest_and_says_how_to_see_the_first(shell: CommandLine) -> None:
    numbers = [entry["seq"] for entry in shell.json("audit", "log")]
    newest = shell.text("audit", "log")

    assert newest.endswith(
        "\nThese are the 4 newest entries; all of them with --all. From the first:\n  --after 0\n"
    )
    assert f"\n{numbers[-1]} " in newest
    assert next_place(shell.text("audit", "log", "--after", "0")) == "4"
    page = json.loads(shell.run("audit", "log", "--after", "0", "--limit", "3", "--format", "json").stdout)
    assert [entry["seq"] for entry in page] == [1, 2, 3]
    assert [entry["seq"] for entry in shell.json("audit", "log", "-n", "2")] == numbers[-2:]


def numbers_in(table: str) -> list[int]:
    return [int(found) for found in re.findall(r"^(\d+) ", table, re.MULTILINE)]


def test_a_shorter_table_of_the_log_is_of_the_newest_too(shell: CommandLine) -> None:
    numbers = [entry["seq"] for entry in shell.json("audit", "log")]

    assert numbers_in(shell.text("audit", "log", "--limit", "3")) == numbers[-3:]
    assert numbers_in(shell.text("audit", "log", "--after", "7", "--limit", "3")) == [8, 9, 10]
    assert "newest" not in shell.text("audit", "log", "--limit", str(len(numbers)))
    assert numbers_in(shell.text("audit", "log", "--all")) == numbers


@pytest.mark.parametrize(
    ("words", "place"),
    [
        (("status",), "zzz"),
        (("status", "--case", "jnim", "--status", "refuted"), "zzz"),
        (("claim", "list"), "zzz"),
        *(((records, "list"), "zzz") for records in ("source", "case", "question", "link")),
        (("changes", "--since", "2018"), "999999/zzz"),
        (("diff", "2018", "2020"), "zzz"),
        (("diff", "2020", "now", "--clock", "recorded"), "zzz"),
        (("changes", "--since", "2018", "--clock", "published"), "2026-11-22/zzz"),
        (("audit", "log"), "999999"),
    ],
)
def test_past_the_end_it_is_said_that_nothing_comes_after(
    shell: CommandLine, words: tuple[str, ...], place: str
) -> None:
    assert shell.text(*words, "--after", place) == f"Nothing comes after {place}.\n"


def test_named_claims_are_no_pages(shell: CommandLine) -> None:
    named = [each["key"] for each in shell.json("status")][5::-1]

    assert [each["key"] for each in shell.json("status", *named)] == named
    assert next_place(shell.text("status", *named)) is None
    for page in (("--limit", "1"), ("--after", named[-1])):
        done = shell.run("status", *named, *page)
        assert done.returncode == 2
        assert "claims that are named are shown all: leave out --limit and --after" in done.stderr


def test_a_search_never_hints_at_more_than_it_takes(
    shell: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ask for it with --limit 4, or" in shell.text("search", "jnim", "--limit", "2")
    monkeypatch.setattr(timelines, "MOST_FOUND", 3)
    assert "ask for it with --limit 3, or" in shell.text("search", "jnim", "--limit", "2")
    assert "more than a search shows: give another word" in shell.text("search", "jnim", "--limit", "3")


KEYED = ("claim", "source", "entity", "case", "question", "document", "link")
"""What is listed by key."""


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("status", "--limit", "3", "--all"), "--limit and --all"),
        (("audit", "log", "-n", "3", "--after", "1"), "leave out --newest"),
        (("audit", "log", "--after", "kouffa"), "--after takes the number"),
        (("changes", "--since", "2018", "--after", "kouffa"), "not the number of an entry"),
        *(((records, "list", "--after", ""), "--after is empty: give the key") for records in KEYED),
        (("status", "--after", " "), "--after is empty: give the key"),
        (("changes", "--since", "2018", "--after", ""), "such as 12/mayor-killed"),
        *(
            (
                ("changes", "--since", "2018", "--clock", "published", "--after", place),
                "such as 2018-03-01/mayor-killed",
            )
            for place in ("kouffa", "12/kouffa", "2018/kouffa", "20180301/kouffa", "2018-13-01/kouffa", "")
        ),
    ],
)
def test_what_makes_no_page_is_refused(shell: CommandLine, words: tuple[str, ...], complaint: str) -> None:
    done = shell.run(*words)

    assert done.returncode == 2
    assert complaint in " ".join(done.stderr.split())


ENDLESS = {name: (*words, "--limit") for name, words in LISTS.items()} | {
    "log": ("audit", "log", "--limit"),
    "newest of the log": ("audit", "log", "--newest"),
}


@pytest.mark.parametrize("name", ENDLESS)
def test_more_may_be_asked_for_than_a_database_can_count(shell: CommandLine, name: str) -> None:
    *words, option = ENDLESS[name]
    assert shell.json(*words, option, "9" * 25) == shell.json(*words)


def test_a_number_that_no_entry_can_have_is_none(shell: CommandLine) -> None:
    done = shell.run("status", "--recorded-by", f"entry:{'1' * 5000}")
    assert done.returncode == 3
    assert done.stderr.startswith(f"error[not-found]: the journal has no entry {'1' * 30}\n")
