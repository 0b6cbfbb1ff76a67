"""How much room a text takes on a screen, and where its lines break: as Rich has it, without loading it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len as cells
from rich.console import Console
from rich.text import Text

from tests.support.examples import examples
from tracker.cli.screen import cell_len, fold

TEXT = st.text(st.sampled_from("ab cde  -.,é−–“”→·漢字\u0301ڤ😀"), max_size=60)


@examples(100)
@given(TEXT)
def test_a_text_takes_as_many_columns_as_rich_says(text: str) -> None:
    assert cell_len(text) == cells(text)


@examples(100)
@given(TEXT, st.integers(4, 30))
def test_lines_break_where_rich_breaks_them(text: str, width: int) -> None:
    lines = Text(text).wrap(Console(width=width), width)

    assert fold(text, width) == [line.plain.rstrip() for line in lines]
