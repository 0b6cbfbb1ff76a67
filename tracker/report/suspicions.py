"""A suspicion that sources copy one another, in words and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.agreement import Suspicion


def figures(it: Suspicion) -> dict[str, Any]:
    """How a group was found and how it agreed, as JSON."""
    seen = it.evidence
    return {
        "found_by": it.found_by,
        "questions": seen.questions,
        "comparisons": round(seen.comparisons, 1),
        "agreed": round(seen.agreed, 1),
        "expected": round(seen.expected, 1),
        "apart": round(seen.apart, 1),
        "echo": seen.echo,
        "nats": round(seen.nats, 1),
    }


def as_json(it: Suspicion) -> dict[str, Any]:
    """A suspicion among the sources of a table, by their names."""
    return {"members": [str(each) for each in it.members], **figures(it), "sentence": str(it)}
