"""What ``tracker policy evaluate`` prints of tables of rival values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.cli.output import emit_object, emit_rows, say
from tracker.cli.tables import draw, show_lines, window_width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tracker.formats.csvmap import Map
    from tracker.report.rivals import Rivals

MOST_SHOWN = 10
"""Rows that could not be taken, and suspicions, of which each is named."""


def evaluate_values(files: Sequence[str], gold: Sequence[str], chosen: Map, format_: str) -> None:
    """Resolve tables of values, and print how the answers fared, or, without gold, the answers."""
    from tracker.app.rivals import resolve_values
    from tracker.cli.files import read_bytes
    from tracker.formats.csvtable import MAX_BYTES

    read = [[read_bytes(each, MAX_BYTES + 1) for each in names] for names in (files, gold)]
    found = resolve_values(read[0], read[1], chosen)
    if format_ == "table":
        _show(found)
    elif found.marks is None:
        from tracker.report.rivals import answer

        emit_rows([answer(each) for each in found.answers], format_)
    else:
        from tracker.report.rivals import as_json

        written = as_json(found, found.marks)
        if format_ in ("json", "jsonl"):
            emit_object(written, format_)
        else:
            emit_rows([written], format_)


def _show(found: Rivals) -> None:
    from tracker.report import rivals, words

    for name, each in found.rejected[:MOST_SHOWN]:
        say(f"left out: {name}, {each}")
    if len(found.rejected) > MOST_SHOWN:
        say(f"left out: {len(found.rejected) - MOST_SHOWN} rows more")
    if found.rejected:
        say()
    if found.marks is not None:
        draw(rivals.side_by_side(found.marks))
        say()
    paragraphs = rivals.summary(found)
    for paragraph in paragraphs[: MOST_SHOWN + 1]:
        show_lines(words.wrapped(paragraph, window_width(), rest="  "))
    if len(paragraphs) > MOST_SHOWN + 1:
        say(f"And {len(paragraphs) - MOST_SHOWN - 1} suspicions more.")
    if found.marks is None:
        say("The answer to each item: --format csv or json. How right they are: --gold FILE.")
