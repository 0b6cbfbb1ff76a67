"""The formats of Wikidata: entity JSON, read and written, and QuickStatements, written."""

from __future__ import annotations

from tracker.formats.registry import Format
from tracker.formats.wikidata import reading, writing

FORMATS = (
    Format(
        name="wikidata",
        summary="items of Wikidata with their statements: entity JSON",
        read=reading.read,
        write=writing.write_json,
        options=reading.OPTIONS | writing.JSON_OPTIONS,
        endings=(".json", ".jsonl"),
        page="docs/wikidata.md",
    ),
    Format(
        name="quickstatements",
        summary="commands that add statements to Wikidata",
        write=writing.write_commands,
        options=writing.QUICK_OPTIONS,
        endings=(".qs", ".txt", ".tsv"),
        page="docs/wikidata.md",
    ),
)
