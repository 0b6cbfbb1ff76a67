"""What a redaction takes out, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tracker.report.words import listed

if TYPE_CHECKING:
    from tracker.journal.redaction import Redaction
    from tracker.report.models import Redacting

SHOWN = 60
"""Characters of a text that are shown before it goes."""


def going(it: Redacting) -> list[str]:
    """What would go, for a person to look at first."""
    lines = [f"{_whose(it)} goes from {_from_where(it)}:"]
    lines += [f"  “{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”" for text in it.texts]
    lines += [f"  the archived file {digest}" for digest in it.files]
    return lines + [f"  {each}" for each in _elsewhere(it)]


def gone(it: Redacting) -> list[str]:
    """What is gone, once it is."""
    lines = [f"redacted {_whose(it)} from {_from_where(it)}"]
    lines += _elsewhere(it)
    if not it.wiped:
        lines.append(
            "something is left in the database's files while another program reads them: "
            "then run tracker db scrub"
        )
    return lines


def _whose(it: Redacting) -> str:
    if it.files:
        return f"the archived bytes of {it.key}"
    return f"{listed(it.fields)} of {it.key}" if it.fields else it.key


def _from_where(it: Redacting) -> str:
    if it.files:
        return "the archive"
    numbers = ", ".join(str(seq) for seq in it.entries)
    return f"{'entry' if len(it.entries) == 1 else 'entries'} {numbers}"


def _elsewhere(it: Redacting) -> list[str]:
    if it.files:
        return [
            f"the same bytes are archived for {subject} (entry {seq})" for seq, _, subject in it.elsewhere
        ]
    return [
        f"the same words stay in entry {seq} ({act} of {subject}): tracker redact --entry {seq} --reason …"
        for seq, act, subject in it.elsewhere
    ]


def redacting(it: Redacting) -> dict[str, Any]:
    """What was redacted; the words themselves are not repeated."""
    return {
        "key": it.key,
        "what": it.what,
        "fields": list(it.fields),
        "redacted": list(it.entries),
        "files": list(it.files),
        "elsewhere": [{"entry": seq, "act": act, "subject": subject} for seq, act, subject in it.elsewhere],
        "wiped": it.wiped,
    }


def redaction(it: Redaction) -> dict[str, Any]:
    """A redacted entry, as verification found it."""
    return {
        "entry": it.seq,
        "by_entry": it.by,
        "author": it.author,
        "recorded_at": it.recorded_at,
        "reason": it.reason,
    }
