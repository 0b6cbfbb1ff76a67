"""Long lists on the command line: a table ends after its first page and says how to go on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.commands import CommandLine
from tracker.cli import paging

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def shell(demo_database: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The bundled casebook, to read only, with short pages."""
    monkeypatch.setattr(paging, "FIRST_PAGE", 4)
    return CommandLine(demo_database)


def next_place(text: str) -> str | None:
    found = re.search(r"The next page: --after (\S+);", " ".join(text.split()))
    return found[1] if found else None


LISTS = {
    "status": ("status", "--case", "jnim"),
    "claims": ("claim", "list", "--case", "jnim"),
    "sources": ("source", "list"),
    "entities": ("entity", "list"),
    "changes": ("changes", "--since", "2018"),
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
    assert len(shell.json(*words, "--limit", "2")) == 2
    assert next_place(shell.text(*words, "--after", place, "--limit", str(len(rest)))) is None


def test_the_log_shows_the_newest_and_says_how_to_see_the_first(shell: CommandLine) -> None:
    numbers = [entry["seq"] for entry in shell.json("audit", "log")]
    newest = shell.text("audit", "log")

    assert "These are the 4 newest entries. From the first: --after 0" in " ".join(newest.split())
    assert f"\n{numbers[-1]} " in newest
    assert next_place(shell.text("audit", "log", "--after", "0")) == "4"
    assert [entry["seq"] for entry in shell.json("audit", "log", "--after", "0", "--limit", "3")] == [1, 2, 3]
    assert [entry["seq"] for entry in shell.json("audit", "log", "-n", "2")] == numbers[-2:]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("status", "--limit", "3", "--all"), "--limit and --all"),
        (("audit", "log", "-n", "3", "--after", "1"), "leave out --newest"),
        (("audit", "log", "--after", "kouffa"), "--after takes the number"),
        (("changes", "--since", "2018", "--after", "kouffa"), "not the number of an entry"),
    ],
)
def test_what_makes_no_page_is_refused(shell: CommandLine, words: tuple[str, ...], complaint: str) -> None:
    done = shell.run(*words)

    assert done.returncode == 2
    assert complaint in " ".join(done.stderr.split())
