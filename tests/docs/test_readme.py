"""The README: its session is what the program prints, and its commands are the ones that are run."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.support.session import Terminal, run_markdown_sessions

pytestmark = pytest.mark.slow  # it starts many processes, or many trackers

README = Path(__file__).parents[2] / "README.md"


def test_the_session_is_what_the_program_prints(tmp_path: Path) -> None:
    shown = run_markdown_sessions(README, Terminal(tmp_path))
    if os.environ.get("UPDATE_GOLDEN"):
        README.write_text(shown, "utf-8")
    assert shown == README.read_text("utf-8")


def test_it_opens_with_three_sentences_and_two_commands() -> None:
    text = README.read_text("utf-8")
    opening = text.split("\n\n")[1]
    assert len(re.findall(r"\.(?:\s|$)", opening)) == 3
    commands = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    assert [command.count("\n") for command in commands] == [1, 1]
    assert "tracker demo" in commands[0]
    assert commands[1].rstrip().endswith("pytest")
