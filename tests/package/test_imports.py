"""The import rules of setup.cfg hold, and would catch whoever broke them."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# In a process of its own: it changes sys.path and keeps what it read.
CHECK = "import sys; from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"

VIOLATIONS = {
    "the domain imports the database library": ("claims/planted.py", "import sqlalchemy"),
    "the domain imports the application": ("claims/planted.py", "import tracker.errors"),
    "the domain reads the clock": ("claims/resolve/planted.py", "import time"),
    "a command writes SQL": ("tracker/cli/planted.py", "import sqlalchemy"),
    "a format knows the store": ("tracker/formats/planted.py", "import tracker.store"),
    "the store calls the command line": ("tracker/store/planted.py", "import tracker.cli"),
}


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", CHECK], cwd=folder, capture_output=True, text=True, check=False, timeout=120
    )


def test_the_import_rules_hold() -> None:
    done = lint(ROOT)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("violation", list(VIOLATIONS))
def test_a_violation_is_caught(tmp_path: Path, violation: str) -> None:
    path, line = VIOLATIONS[violation]
    for room in ("claims", "tracker"):
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "setup.cfg", tmp_path)
    (tmp_path / path).write_text(f'"""Planted."""\n\n{line}\n', encoding="utf-8")

    done = lint(tmp_path)

    assert done.returncode == 1, done.stdout + done.stderr
    assert "planted" in done.stdout
