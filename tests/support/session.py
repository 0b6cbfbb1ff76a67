"""Terminal sessions as text: run again, with what is printed now in the place of what was printed.

A session is written as a terminal shows it: a line that begins with ``$`` is a command, lines that
begin with ``>`` go on with it, and what follows is its output: standard output, then standard
error, then the exit status where it is not 0. A line that begins with ``#`` is for the reader, but
one such as ``# Given a full disk.`` names something that the caller arranges.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

CLOCK = "2026-11-22T12:00:00Z"
SOURCES = Path(tracker.__file__).parents[1]
FENCED = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
RATE = re.compile(r"^[\d,]+ rows? in [\d.,]+ s: [\d,]+ a second\n", re.MULTILINE)
"""How fast an import was, which is another time another number."""
GIVEN = re.compile(r"# Given (.*)\.")


class Terminal:
    """A shell in a folder of its own, where ``tracker`` is this very program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._bin = folder / ".bin"
        self._bin.mkdir(exist_ok=True)
        self.environment = {
            "PATH": f"{self._bin}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(SOURCES),  # what is installed may be another checkout
            "HOME": str(folder),
            "XDG_CONFIG_HOME": str(folder / ".config"),
            "XDG_DATA_HOME": str(folder / ".data"),
            "LC_ALL": "C.UTF-8",
            "COLUMNS": "80",
            "NO_COLOR": "1",
            "TRACKER_CLOCK": CLOCK,
            "TRACKER_DB": "newsroom.db",
            "TRACKER_AUTHOR": "desk",
        }
        self._tracker_is("-m tracker")

    def fault(self, code: str) -> None:
        """From now on ``tracker`` first runs some code, that makes something fail."""
        script = self._bin / "fault.py"
        script.write_text(f"{code}\nfrom tracker.cli.main import run\nrun()\n", "utf-8")
        self._tracker_is(str(script))

    def _tracker_is(self, program: str) -> None:
        command = self._bin / "tracker"
        command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {program} "$@"\n', "utf-8")
        command.chmod(0o755)

    def run(self, command: str) -> str:
        """What the terminal shows after a command."""
        done = subprocess.run(
            ["/bin/sh", "-c", command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            stdin=subprocess.DEVNULL,
            encoding="utf-8",
            check=False,
            timeout=120,
        )
        status = f"exit status: {done.returncode}\n" if done.returncode else ""
        return _ended(done.stdout) + _ended(RATE.sub("", done.stderr)) + status


Arrange: TypeAlias = "Mapping[str, Callable[[Terminal], AbstractContextManager[object]]]"
"""What "Given …" lines ask for, by their words."""


@dataclass
class _Step:
    """What the session has up to the next command or condition."""

    lines: list[str]
    command: str = ""
    given: str = ""
    output: list[str] = field(default_factory=list)

    @property
    def blank_lines(self) -> int:
        """How many blank lines the writer put after the output."""
        return sum(1 for _ in takewhile(lambda line: not line, reversed(self.output)))


def run_session(text: str, terminal: Terminal, arrange: Arrange | None = None) -> str:
    """The session as it goes now: equal to the text where everything is as it was written."""
    shown = ""
    with ExitStack() as stack:
        for step in _steps(text):
            shown += "".join(f"{line}\n" for line in step.lines)
            if step.given:
                stack.enter_context((arrange or {})[step.given](terminal))
            if step.command:
                output = terminal.run(step.command).rstrip("\n")
                shown += f"{output}\n" if output else ""
                shown += "\n" * step.blank_lines
    return shown


def run_markdown_sessions(path: Path, terminal: Terminal, arrange: Arrange | None = None) -> str:
    """A Markdown file with every block that is fenced as ``console`` run again, in the order of
    the file and all in one folder."""
    return FENCED.sub(
        lambda block: f"```console\n{run_session(block[1], terminal, arrange)}```",
        path.read_text("utf-8"),
    )


def _steps(text: str) -> Iterator[_Step]:
    step = _Step([])
    for line in text.splitlines():
        if line.startswith("$ "):
            yield step
            step = _Step([line], command=line.removeprefix("$ "))
        elif line.startswith("# "):
            yield step
            given = GIVEN.fullmatch(line)
            step = _Step([line], given=given[1] if given else "")
        elif line.startswith(">") and step.command and not step.output:
            step.command += "\n" + line[2:]
            step.lines.append(line)
        elif step.command:
            step.output.append(line)
        else:
            step.lines.append(line)
    yield step


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else text + "\n"
