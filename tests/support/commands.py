"""Runs the real command line, with a clock that stands still: in this process, or in one of its own."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from contextlib import ExitStack, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import jsonschema

from tests.support.session import RATE
from tracker.cli.main import main

if TYPE_CHECKING:
    from tracker.app import Tracker

CLOCK = "2026-11-22T12:00:00Z"


@dataclass(frozen=True)
class CommandLine:
    """``tracker`` on one database, a file or a URL, in a terminal of one width."""

    database: Path | str
    columns: int = 80
    clock: str = CLOCK

    def run(self, *words: str, stdin: bytes = b"", **environment: str) -> subprocess.CompletedProcess[str]:
        """What a command does, without the half second in which a process starts: the same ``main``
        with other arguments, environment and streams."""
        set_to = self._environment(environment)
        given, stdout, stderr = (_stream(set_to, holds) for holds in (stdin, b"", b""))
        with ExitStack() as stack:
            stack.enter_context(patch.dict(os.environ, set_to, clear=True))
            stack.enter_context(patch.object(sys, "stdin", given))
            stack.enter_context(redirect_stdout(stdout))
            stack.enter_context(redirect_stderr(stderr))
            try:
                main(list(words))
            except SystemExit as end:
                status = end.code
        assert isinstance(status, int)
        return subprocess.CompletedProcess(words, status, _written(stdout), _written(stderr))

    def process(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """What a command does in a process of its own, as it is for those who type it."""
        return subprocess.run(
            [sys.executable, "-m", "tracker", *words],
            env=self._environment(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    def _environment(self, more: dict[str, str]) -> dict[str, str]:
        """No config file and no data folder but those of the test."""
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        settings = {
            "HOME": str(self.database.parent) if isinstance(self.database, Path) else os.devnull,
            "TRACKER_DB": str(self.database),
            "TRACKER_CLOCK": self.clock,
            "COLUMNS": str(self.columns),
            "NO_COLOR": "1",
            "PYTHONIOENCODING": "utf-8",
        }
        return kept | settings | more

    def text(self, *words: str, **environment: str) -> str:
        """What a command prints that succeeds, and complains of nothing."""
        done = self.run(*words, **environment)
        assert (done.returncode, RATE.sub("", done.stderr)) == (0, ""), done.stderr
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.text(*words, "--format", "json"))


def _stream(environment: dict[str, str], holds: bytes) -> io.TextIOWrapper:
    """A stream with the encoding that Python would give to its own."""
    return io.TextIOWrapper(io.BytesIO(holds), encoding=environment["PYTHONIOENCODING"])


def _written(stream: io.TextIOWrapper) -> str:
    """What was written to a stream, lines ending as they do in text."""
    stream.flush()
    found = stream.buffer
    assert isinstance(found, io.BytesIO)
    return found.getvalue().decode("utf-8").replace("\r\n", "\n")


def on(tracker: Tracker, **options: Any) -> CommandLine:
    """The command line on a tracker that is open here."""
    return CommandLine(tracker.database.path or tracker.database.url, **options)


def check_shape(value: Any, schema: str) -> None:
    """Whether a value has the shape that one of the shipped schemas gives."""
    text = files("tracker").joinpath("schemas", f"{schema}.json").read_text("utf-8")
    rules = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(rules)
    jsonschema.Draft202012Validator(rules).validate(value)
