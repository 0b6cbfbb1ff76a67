"""A claim in words for readers: names instead of keys, and the four answers that its page begins with."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from claims.vocabulary import Stance
from tracker.report.words import (
    because_words,
    count,
    likelihood_clause,
    listed,
    percent,
    standing_notes,
)

if TYPE_CHECKING:
    from claims.dates import UncertainDate
    from claims.model import Evidence
    from claims.resolve import Flip
    from tracker.report.infull import InFull
    from tracker.report.models import Step
    from tracker.report.standing import Standing

TELLING = 0.005
"""A likelihood that moves by less than half a percentage point shows nothing."""

FIRST = 2
"""So many ways in which a claim would stand otherwise are told at once."""

SAID = {
    Stance.SUPPORTS: "support",
    Stance.DENIES: "denial",
    Stance.DOUBTS: "doubt",
    Stance.MENTIONS: "mention",
}


@lru_cache(maxsize=4096)
def day_words(day: date | str) -> str:
    """A day as it is printed: 28 February 2019."""
    when = date.fromisoformat(day[:10]) if isinstance(day, str) else day
    return f"{when.day} {when:%B} {when.year}"


@lru_cache(maxsize=4096)
def when_words(when: UncertainDate) -> str:
    """A date as finely as it is known; a certain day as it is printed."""
    if when.earliest is not None and when.earliest == when.latest and when.precision == "day":
        return day_words(when.earliest)
    return when.describe()


def likely(it: Standing) -> str:
    """How likely a claim is, in a sentence."""
    clause = likelihood_clause(it.likelihood)
    return f"{clause[0].upper()}{clause[1:]}."


def founded(it: Standing) -> str:
    """How well founded that is, in another."""
    if not it.supporting_lines and not it.opposing_lines:
        return f"Confidence is {it.confidence}: no evidence takes a side."
    return (
        f"Confidence is {it.confidence}: the evidence comes to"
        f" {count(it.supporting_lines, 'supporting line')}"
        f" and {count(it.opposing_lines, 'opposing line')}."
    )


def since(it: InFull) -> str:
    """Since when a claim stands as it does."""
    standing = it.standing
    if standing.changed is None:
        return f"It has been {standing.status} from the beginning: no evidence has moved it."
    return f"It has been {standing.status} since {day_words(standing.changed)}."


def notes(it: InFull) -> list[str]:
    """What must not be overlooked besides: staleness, and a person's verdict."""
    return standing_notes(it.standing)


def turning(it: InFull) -> Step | None:
    """The change that gave a claim the status that it has; None where none did."""
    found = None
    for step in it.steps:
        if step.was != step.status:
            found = step
    return found if found is not None and found.status == it.standing.status else None


def cause(it: InFull, step: Step) -> str:
    """Because of what a claim changed: who said what, by name."""
    named = {key: _named(it, it.pieces[key]) for key in step.because if key in it.pieces}
    words = because_words(step, named, it.claim.key)
    return f"{words[0].upper()}{words[1:]}."


def because(it: InFull) -> str:
    """Because of what a claim stands as it does."""
    step = turning(it)
    if step is None:
        return (
            "Nobody has said anything of it that would move it." if not it.steps else cause(it, it.steps[-1])
        )
    return cause(it, step)


def _named(it: InFull, piece: Evidence) -> Evidence:
    """A piece with the name of its source, and with the words of the claim where it is another one."""
    on = piece.claim
    if on != it.claim.key and on in it.others:
        on = f"that “{it.others[on].claim.text.rstrip('.')}”"
    return replace(piece, source=it.sources.get(piece.source, piece.source), claim=on)


def flips(it: InFull) -> list[str]:
    """What would change the status, as sentences, what matters most first; one that says so where nothing
    would."""
    now = it.explanation.resolution
    found = sorted(
        it.explanation.flips, key=lambda flip: (-abs(flip.likelihood - now.likelihood), flip.remove)
    )
    said = [
        f"Without {_removed(it, flip)} it would be {flip.status} ({percent(flip.likelihood)})."
        for flip in found
    ]
    return said or [_nothing_flips(it)]


def first_flips(it: InFull) -> list[str]:
    """The first few of them, and how many more there are."""
    found = flips(it)
    more = len(found) - FIRST
    return found if more <= 0 else [*found[:FIRST], f"{count(more, 'more way')}: see below."]


def _nothing_flips(it: InFull) -> str:
    if not it.explanation.resolution.contributions and not it.explanation.resolution.effects:
        return "Any evidence that takes a side."
    telling = [each for each in it.explanation.if_wrong if each.flips]
    if telling:
        first = telling[0]
        name = it.sources.get(first.source, first.source)
        return (
            f"No single piece of evidence. If {name} were wrong in all that goes back to it, it would be"
            f" {first.status} ({percent(first.likelihood)})."
        )
    return "No piece of evidence, left out alone, would change the status; only new evidence can."


def _removed(it: InFull, flip: Flip) -> str:
    pieces = it.explanation.evidence | dict(it.pieces) | {each.key: each for each in it.dossier.evidence}
    return listed(_piece(it, key, pieces.get(key)) for key in flip.remove)


def _piece(it: InFull, key: str, piece: Evidence | None) -> str:
    """A piece of evidence, so that a reader knows which is meant."""
    if piece is None:
        return key
    what = SAID[piece.stance]
    if piece.claim != it.claim.key and piece.claim in it.others:
        what += f" of “{it.others[piece.claim].claim.text.rstrip('.')}”"
    exact = piece.published is not None and piece.published.precision == "day"
    when = f" of {when_words(piece.published)}" if piece.published is not None and exact else ""
    return f"the {what}{when} by {it.sources.get(piece.source, piece.source)}"


def wrong(it: InFull) -> list[str]:
    """What the claim would be if a source were wrong, where that would show."""
    now = it.explanation.resolution.likelihood
    return [
        f"{it.sources.get(each.source, each.source)}:"
        f" {'it would be' if each.flips else 'it would still be'} {each.status} ({percent(each.likelihood)})."
        for each in it.explanation.if_wrong
        if abs(each.likelihood - now) >= TELLING
    ]
