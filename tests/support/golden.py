"""Golden files: what was printed, kept to be compared with what is printed now.

After a change that is meant, write them anew and read what git shows of the difference:

    UPDATE_GOLDEN=1 pytest tests/cli
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "golden"


def assert_golden(name: str, text: str) -> None:
    """Compare a text with the golden file of a name, such as ``reports/status.txt``."""
    path = FOLDER / name
    if os.environ.get("UPDATE_GOLDEN"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.exists(), f"there is no golden file {name}: make it with UPDATE_GOLDEN=1"
    assert text == path.read_text(encoding="utf-8"), f"{name} differs; if it should, set UPDATE_GOLDEN=1"
