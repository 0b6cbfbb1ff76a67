"""Sudden death at random moments: nothing acknowledged is lost, nothing is half there, nothing twice.

``TRACKER_TEST_KILLS`` makes it more, or fewer, than the three hundred and more that are usual.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SCALE = float(os.environ.get("TRACKER_TEST_KILLS") or 300) / 300


def toll(what: str, kills: int, *words: str) -> dict[str, Any]:
    """Kill so many, in a process from which they can be forked, and hear what was left."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.killing", what, "--kills", str(kills), "--json", *words],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=1800,
    )
    found: dict[str, Any] = json.loads(done.stdout)[what]
    return found


def scaled(kills: int) -> int:
    return max(2, round(kills * SCALE))


def check(found: dict[str, Any], kills: int) -> None:
    assert found["problems"] == []
    assert (found["kills"], found["lost"], found["halves"]) == (kills, 0, 0)


pytestmark = [
    pytest.mark.sqlite_only,
    pytest.mark.slow,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="victims are forked"),
]


@pytest.mark.parametrize("seed", ["1", "2"])
def test_single_writes(seed: str) -> None:
    kills = scaled(105)
    found = toll("writes", kills, "--seed", seed)
    check(found, kills)
    assert found["acknowledged"] > kills / 2


def test_imports() -> None:
    kills = scaled(40)
    found = toll("imports", kills)
    check(found, kills)
    assert found["kept"] < kills


def test_an_import_of_ten_thousand_records() -> None:
    kills = scaled(4)
    check(toll("imports", kills, "--rows", "10000"), kills)


def test_upgrades() -> None:
    kills = scaled(50)
    found = toll("upgrades", kills)
    check(found, kills)
    assert found["kept"] < kills
