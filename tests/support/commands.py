"""Runs the real command line in a process of its own, with a clock that stands still."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import jsonschema

if TYPE_CHECKING:
    from pathlib import Path

CLOCK = "2026-11-22T12:00:00Z"


@dataclass(frozen=True)
class CommandLine:
    """``tracker`` on one database, in a terminal of one width."""

    database: Path
    columns: int = 80
    clock: str = CLOCK

    def run(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT") if name in os.environ}
        settings = {
            # No config file and no data folder but those of the test.
            "HOME": str(self.database.parent),
            "TRACKER_DB": str(self.database),
            "TRACKER_CLOCK": self.clock,
            "COLUMNS": str(self.columns),
            "NO_COLOR": "1",
            "PYTHONIOENCODING": "utf-8",
        }
        return subprocess.run(
            [sys.executable, "-m", "tracker", *words],
            env=kept | settings | environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
            timeout=60,
        )

    def text(self, *words: str, **environment: str) -> str:
        """What a command prints that succeeds, and complains of nothing."""
        done = self.run(*words, **environment)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def json(self, *words: str) -> Any:
        return json.loads(self.text(*words, "--format", "json"))


def check_shape(value: Any, schema: str) -> None:
    """Whether a value has the shape that one of the shipped schemas gives."""
    text = files("tracker").joinpath("schemas", f"{schema}.json").read_text("utf-8")
    rules = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(rules)
    jsonschema.Draft202012Validator(rules).validate(value)
