"""The table of all benchmarks: a row for each thing, a column for each size, and what is to be reached."""

from __future__ import annotations

from typing import TYPE_CHECKING

from benchmarks import figures

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_what_was_reached_stands_beside_what_is_to_be_reached(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "figures.jsonl"
    monkeypatch.setenv(figures.FILE, str(kept))
    figures.note("one log", "4 ×", bound="10 ×", claims=1_000)
    figures.note("help", "1.1", bound="1.6")
    figures.note("one log", "9 ×", bound="10 ×", claims=1_000_000)
    figures.note("one log", "6 ×", bound="10 ×", claims=1_000_000)
    assert figures.table(kept.read_text("utf-8").splitlines()).splitlines() == [
        "| what | to reach | 1,000 claims | 1,000,000 claims | by itself |",
        "| --- | --- | --- | --- | --- |",
        "| one log | 10 × | 4 × | 6 × |  |",
        "| help | 1.6 |  |  | 1.1 |",
    ]


def test_nothing_is_noted_where_nobody_asks_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(figures.FILE, raising=False)
    monkeypatch.chdir(tmp_path)
    figures.note("help", "1.1")
    assert list(tmp_path.iterdir()) == []
