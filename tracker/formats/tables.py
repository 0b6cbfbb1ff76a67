"""The formats that are tables: a row says what a map says that its cells mean."""

from __future__ import annotations

from tracker.formats.registry import Format

FORMATS = (
    Format(
        name="csv",
        summary="a table of text, or a sheet of a spreadsheet, read by a map",
        endings=(".csv",),
        page="docs/imports.md",
        kind="rows",
        reads=True,
    ),
)
