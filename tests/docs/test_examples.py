"""What the pages work out by hand is what the program computes, and their casebook is one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import tracker as program
from docs.pages import run_examples
from tests.support.session import Terminal

if TYPE_CHECKING:
    from tracker.app import Tracker

DOCS = Path(__file__).parents[2] / "docs"
CLAIM = "kouffa-killed-2018"


def blocks(page: str, form: str) -> list[str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{form}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_the_sums_done_by_hand_give_what_the_program_gives(demo: Tracker) -> None:
    names: dict[str, float] = {}
    for code in blocks("resolver.md", "python"):
        exec(code, names)

    for day, by_hand in (("2018-12-31", "first"), ("2019-05-30", "second"), ("2026-11-22", "third")):
        resolution = demo.why(CLAIM, as_of=day).resolution
        rows = [row.weight for row in (*resolution.contributions, *resolution.effects)]
        assert names[by_hand] == pytest.approx(resolution.base_log_odds + sum(rows), abs=1e-9)
        assert names["likelihood"](names[by_hand]) == pytest.approx(resolution.likelihood, abs=1e-9)


def test_the_casebook_of_its_page_is_imported_once(tracker: Tracker) -> None:
    text = blocks("casebook.md", "yaml")[0]

    first = tracker.import_casebook(text, name="mayor.yaml")
    second = tracker.import_casebook(text, name="mayor.yaml")

    assert first.recorded == first.read > 0
    assert (second.recorded, second.unchanged) == (0, first.read)


def test_the_casebook_of_its_page_comes_back_whole(tracker: Tracker) -> None:
    text = blocks("casebook.md", "yaml")[0]
    tracker.import_casebook(text)

    again = tracker.import_casebook(tracker.export_casebook())

    assert again.recorded == 0


def test_the_program_of_the_examples_is_this_very_one(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path)
    terminal.fault("import tracker; print(tracker.__file__)")

    assert terminal.run("tracker --version").splitlines()[0] == program.__file__


def test_an_example_that_prints_something_else_is_noticed() -> None:
    page = (
        "```console\n$ tracker --version\ntracker 0\n```\n\n```python\nprint(1 + 1)\n```\n\n```text\n3\n```\n"
    )

    made = run_examples(page)

    assert "tracker 0\n" not in made
    assert made.endswith("```text\n2\n```\n")
