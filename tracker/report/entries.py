"""What entries of the journal record, in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.journal.entry import Entry

NUMBERS = "numbers"
"""Where an entry holds the whole file of a policy as text: pages that say little to a reader."""


def payload_words(payload: Mapping[str, Any]) -> str:
    """What an entry records, as JSON on one line; of a policy's file only how long it is."""
    shown = dict(payload)
    if isinstance(shown.get(NUMBERS), str):
        shown[NUMBERS] = f"… ({len(shown[NUMBERS]):,} characters: --format json)"
    return json.dumps(shown, ensure_ascii=False)


def entry(it: Entry) -> dict[str, Any]:
    """An entry as it is stored, with its hash; of a redacted one what stands in for it, and by which
    entry."""
    marked = {} if it.redacted is None else {"redacted_by": it.redacted.by}
    return {**it.fields, "leaf": it.leaf.hex(), **marked}
