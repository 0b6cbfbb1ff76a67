"""Bars on standard error: for a person who looks on, and for nobody else."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from tracker.cli.progress import Bars

if TYPE_CHECKING:
    import pytest


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


def test_on_a_terminal_the_work_its_rate_and_what_is_left_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", screen := Terminal())
    monkeypatch.setenv("COLUMNS", "100")
    monkeypatch.setenv("TERM", "xterm")
    with Bars() as tell:
        for done in range(0, 50_000_001, 10_000_000):
            tell("read", done, 100_000_000)
        tell("resolved", 10, 20)

    shown = screen.getvalue()
    assert "reading" in shown
    assert " 50%" in shown
    assert "MB/s" in shown
    assert "resolving" in shown


def test_elsewhere_nothing_is_shown_and_rich_is_not_loaded(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "rich.progress", None)  # an import of it would fail
    with Bars() as tell:
        tell("read", 1, 2)
    assert capsys.readouterr() == ("", "")
