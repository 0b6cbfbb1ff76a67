"""A suspicion that sources copy one another, in words and as JSON."""

from __future__ import annotations

from shlex import quote
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from claims.agreement import Suspicion
    from claims.suspecting import Suspected, SuspectedLines
    from tracker.report.models import Suspects

TO_CONFIRM = (
    "If they have one origin, declare it (tracker source revise KEY --owner NAME --reason WHY) or log what is"
    " passed on as such (tracker log … --relays SOURCE): then they count once."
)


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


# --- in a tracker ---------------------------------------------------------------------------------


def suspected(it: Suspected) -> dict[str, Any]:
    """A suspicion among the sources of a tracker, by their keys, with what to do about it."""
    return {"members": list(it.members), **figures(it.found), "sentence": str(it.found), "next": steps(it)}


def on_claim(it: SuspectedLines) -> dict[str, Any]:
    """A suspicion that touches a claim: the side, and whose lines there may be one."""
    side = "for" if it.side > 0 else "against"
    return {"side": side, "sources": list(it.sources), **suspected(it.suspected)}


def steps(it: Suspected) -> list[str]:
    """The commands that declare a common origin; an owner that one of them has is proposed for all."""
    owner = quote(it.owners[0]) if len(it.owners) == 1 else "NAME"
    return [f"tracker source revise {key} --owner {owner} --reason WHY" for key in it.members]


def paragraphs(it: SuspectedLines) -> list[str]:
    """What a person should know who reads why a claim stands as it does."""
    names = f"{', '.join(it.names[:-1])} and {it.names[-1]}"
    side = "for" if it.side > 0 else "against"
    count = f"{names} count as separate lines {side} the claim, but may have one origin"
    why = it.suspected.found.words
    return [
        f"Suspected, for a person to confirm: {count}. {why} The likelihood takes no account of it.",
        f"{TO_CONFIRM} All suspicions: tracker source suspects",
    ]


def report(it: Suspects) -> list[str]:
    """All suspicions of a tracker, each with the commands that would confirm it, and what was looked at."""
    recorded = f", as recorded here by {it.recorded_by}" if it.recorded_by else ""
    seen = (
        f"{it.sources} sources that count apart, on {it.questions} questions on which several of them spoke"
    )
    if not it.found:
        return [f"No sources are suspected of copying one another ({seen}), as of {it.as_of}{recorded}."]
    lines = []
    for each in it.found:
        lines += [f"Suspected: {each.found}", *(f"  {step}" for step in steps(each)), ""]
    return [*lines, TO_CONFIRM, f"Looked at: {seen}, as of {it.as_of}{recorded}."]
