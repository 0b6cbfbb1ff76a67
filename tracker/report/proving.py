"""Proofs in words and as JSON: what a bundle shows, and what it does not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tracker.report.entries import payload_words
from tracker.report.words import count

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from tracker.journal.bundles import Checked
    from tracker.journal.entry import Entry
    from tracker.journal.notes import Checkpoint
    from tracker.report.models import Audit

LONGEST = 300
"""Characters of an entry's payload in words: a quote may have thousands."""

NOT_SHOWN = (
    "Not shown: that nothing else was recorded on it, that what was recorded is true, or who really was "
    "behind the name of an author."
)
HELD_BACK = "only its hash is here, and nothing that says why: it may be held back"
UNAUTHENTICATED = (
    "UNAUTHENTICATED: it holds together, but only by a key that it brings along itself.",
    "Anybody can make such a bundle under any name. Give the key that the newsroom publishes with --key.",
)


def head_words(head: Checkpoint) -> str:
    """A tree head in one line."""
    return f"{head.origin}: {count(head.size, 'entry', 'entries')}, root {head.root.hex()}"


def checked_lines(found: Checked, stamped: datetime | None, *, unchecked_stamp: bool) -> Iterator[str]:
    """What checking a bundle found, line by line."""
    head = found.checkpoint
    if not found.holds or head is None:
        yield "BROKEN: this proves nothing"
        yield from (f"  {problem}" for problem in found.problems)
        return
    yield from ("verified",) if found.authenticated else UNAUTHENTICATED
    yield f"checkpoint of {head_words(head)}"
    yield from (f"  it also says: {line}" for line in head.extensions)
    if stamped is not None:
        yield f"A timestamping authority saw this checkpoint on {stamped:%Y-%m-%d at %H:%M:%S} UTC."
    elif unchecked_stamp:
        yield "It has a timestamp that was not checked: give the authority's certificates with --tsa-cert"
    if found.earlier is not None:
        yield f"earlier checkpoint of {head_words(found.earlier)}"
        earlier = found.earlier.size
        yield f"Shown: the {head.size} entries begin with all {earlier} of the earlier one, unchanged."
    elif found.entries:
        shown = count(len(found.entries), "entry", "entries")
        on = f"entry {found.about}" if isinstance(found.about, int) else found.about
        if not found.said:
            on = f"what it says is {on}, though no text in it does"
        yield f"Shown: {shown} on {on}, as they stood in that journal when the checkpoint was signed:"
        for seq, entry in found.entries.items():
            yield f"  {_redacted(seq, found) if entry is None else _entry_words(entry)}"
        yield NOT_SHOWN


def _entry_words(entry: Entry) -> str:
    moment = entry.recorded_at[:19].replace("T", " ")
    reason = f" ({entry.reason})" if entry.reason else ""
    author = entry.author + (f" (from {entry.received.get('origin')})" if entry.received else "")
    done = f"{author}: {entry.act} {entry.subject}{reason}"
    payload = payload_words(entry.payload)
    if len(payload) > LONGEST:
        payload = payload[:LONGEST] + "… (all of it: --format json)"
    return f"{entry.seq:>6}  {moment}  {done} {payload}"


def _redacted(seq: int, found: Checked) -> str:
    said = found.redactions.get(seq)
    why = f"redacted by {said.author} (entry {said.by}): {said.reason}" if said else HELD_BACK
    return f"{seq:>6}  {why}"


def checked_json(found: Checked, stamped: datetime | None) -> dict[str, Any]:
    """What checking a bundle found."""
    return {
        "ok": found.holds,
        "authenticated": found.authenticated,
        "problems": list(found.problems),
        "checkpoint": None if found.checkpoint is None else head_json(found.checkpoint),
        "earlier": None if found.earlier is None else head_json(found.earlier),
        "about": found.about,
        "stamped": None if stamped is None else stamped.isoformat(),
        "entries": [
            {"seq": seq, "redacted": seq in found.redactions} if entry is None else json.loads(entry.body)
            for seq, entry in found.entries.items()
        ],
    }


def head_json(head: Checkpoint) -> dict[str, Any]:
    """A tree head."""
    return {"origin": head.origin, "size": head.size, "root": head.root.hex()}


def audit_lines(found: Audit) -> Iterator[str]:
    """What verifying a tracker found, line by line."""
    yield f"{'verified' if found.ok else 'BROKEN'}: {found.entries} entries, root {found.root}"
    if found.checkpoints:
        compared = f"{count(found.checkpoints, 'checkpoint')} compared"
        if found.signed:
            yield f"{compared}; the first {found.covered} entries are as they were signed"
        else:
            yield f"{compared}; the first {found.covered} entries agree with them"
            yield "whether they are genuine was not asked: --key asks for their signatures"
    if found.checkpoints and found.covered < found.entries:
        first, last = found.covered + 1, found.entries
        which = f"entry {last}" if first == last else f"entries {first} to {last}"
        yield f"of {which} only this database itself speaks"
    yield from (f"  {problem}" for problem in found.problems)
    yield from (f"  {each}" for each in found.redacted)
    yield from (f"  archived document {digest[:12]}…: redacted" for digest in found.files)
