"""Pages of the desk: the site that they belong to, and what one sees of how an act would turn out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.responses import HTMLResponse

from claims.vocabulary import likelihood_words
from tracker.app.tokens import may
from tracker.pages.collected import Row
from tracker.pages.links import Links
from tracker.pages.rendering import Pages, Site
from tracker.report.words import percent
from tracker.web import headers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.app import Tracker
    from tracker.app.outcome import Outcome
    from tracker.report.standing import Standing
    from tracker.web.identity import Person

TEMPLATES = Path(__file__).parents[1] / "templates"

LINKS = Links()


@dataclass(frozen=True, slots=True)
class Move:
    """A claim that an act moves, or would: from which status to which, and how likely it is then."""

    claim: str
    was: str | None
    status: str
    words: str
    text: str


def moves(tracker: Tracker, outcome: Outcome) -> list[Move]:
    """The claims that stand otherwise by an act."""
    texts = _texts(tracker, [change.claim for change in outcome.changes])
    return [
        Move(
            claim=change.claim,
            was=None if change.was is None else str(change.was.value),
            status=str(change.status.value),
            words=f"{likelihood_words(change.likelihood)} ({percent(change.likelihood)})",
            text=texts.get(change.claim, ""),
        )
        for change in outcome.changes
    ]


def _texts(tracker: Tracker, keys: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    with tracker.reading() as reader:
        for key, claim in reader.claims(keys).items():
            found[key] = claim.text
    return found


def page(
    tracker: Tracker, person: Person, template: str, here: str, status: int = 200, **context: Any
) -> HTMLResponse:
    """A page of the desk, rendered."""
    context.setdefault("done", None)
    text = site(tracker, person).render(
        template, here, LINKS, person=person, allowed=lambda role: may(person.role, role), **context
    )
    return HTMLResponse(text, status, headers=headers.NEVER_KEPT)


def site(tracker: Tracker, person: Person) -> Pages:
    """The site that all pages of the desk belong to."""
    size, _ = tracker.head()
    seen = f"As of today, up to entry {size} of the journal. You are {person.name}, {person.role}."
    return Pages(Site(title="Claims desk", seen=seen), TEMPLATES)


def rows_of(standings: list[Standing]) -> list[Row]:
    """Claims as lists show them."""
    return [
        Row(
            key=each.key,
            text=each.claim.text,
            lang=each.claim.lang,
            kind=str(each.claim.kind.value),
            case=each.claim.case,
            subject=each.subject,
            about=each.claim.subject,
            status=str(each.status.value),
            likelihood=each.likelihood,
            confidence=str(each.confidence),
            supporting=each.supporting_lines,
            opposing=each.opposing_lines,
            changed=each.changed.isoformat() if each.changed else "",
            stale=each.stale,
        )
        for each in standings
    ]


def titles_of(tracker: Tracker, keys: set[str | None]) -> Mapping[str, str]:
    """The titles of some cases, by key."""
    with tracker.reading() as reader:
        return {
            key: case.title or key for key, case in reader.cases([k for k in keys if k is not None]).items()
        }
