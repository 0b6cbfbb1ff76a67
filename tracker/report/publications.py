"""What was published, and what of it must be corrected, in all forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.vocabulary import Confidence, Status, likelihood_words
from tracker.journal.entry import moment
from tracker.report.jsonable import number, publication
from tracker.report.tables import Column, Row, Table, likelihood
from tracker.report.verdicts import assessment
from tracker.report.words import PAST, count, listed, moment_words, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from claims.model import Assessment, Claim, Evidence
    from tracker.report.standing import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """A status of a claim that was published: where, on which day, and what it was.

    ``entry`` is the journal entry that says so; ``withdrawn`` that this was a mistake;
    ``superseded_by`` the entry of what was published later at the same place.
    """

    entry: int
    claim: str
    place: str
    published_on: date
    status: Status
    likelihood: float
    confidence: Confidence
    policy: str
    note: str | None
    author: str
    recorded_at: str
    withdrawn: bool = False
    superseded_by: int | None = None

    @property
    def is_current(self) -> bool:
        """Whether it is what that place says now."""
        return not self.withdrawn and self.superseded_by is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """A journal entry by which a published status came to be wrong; ``evidence`` where it is about
    a piece of evidence, ``source`` the name of who speaks there, ``claim`` the text of the claim that it
    is about."""

    entry: int
    act: str
    subject: str
    author: str
    recorded_at: str
    reason: str
    evidence: Evidence | None = None
    source: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """A publication that no longer says what the tracker says.

    ``why``: ``status`` (another than was published), ``withdrawn`` (the claim was recorded by
    mistake), ``reworded`` (the claim says something else), ``merged`` (whom it is about turned out to
    be another). ``now`` is how the claim stands, None where it was withdrawn. ``since`` is the
    moment of recording, None where time alone changed it. ``text_then`` is what the claim said.
    """

    publication: Publication
    claim: Claim
    text_then: str
    why: tuple[str, ...]
    now: Standing | None
    since: str | None
    because: tuple[Because, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What to look at next: the assessments that are ``waiting`` for a second person, the oldest first, and
    the ``corrections`` that what was published needs, the oldest publication first, of so many
    ``publications`` that stand."""

    corrections: tuple[Correction, ...]
    publications: int
    waiting: tuple[Assessment, ...]
    as_of: date
    recorded_by: str | None


# --- as JSON ------------------------------------------------------------------------------------


def correction(it: Correction) -> dict[str, Any]:
    """A publication that must be corrected: what it said, what is said now, and why."""
    now = it.now
    return {
        "claim": it.claim.key,
        "text": it.claim.text,
        "why": list(it.why),
        "published": publication(it.publication),
        "now": now
        and {
            "status": now.status.value,
            "likelihood": number(now.likelihood),
            "likelihood_words": now.likelihood_words,
            "confidence": str(now.confidence),
            "policy": now.policy,
        },
        "since": it.since,
        "because": [
            {
                "entry": each.entry,
                "act": each.act,
                "subject": each.subject,
                "author": each.author,
                "recorded_at": each.recorded_at,
                "reason": each.reason,
            }
            for each in it.because
        ],
        "words": paragraph(it),
    }


def review(it: Review) -> dict[str, Any]:
    """What to look at next."""
    return {
        "as_of": it.as_of.isoformat(),
        "recorded_by": it.recorded_by,
        "publications": it.publications,
        "corrections": [correction(each) for each in it.corrections],
        "waiting": [assessment(each) for each in it.waiting],
    }


def published_words(claim: str, said: Mapping[str, Any]) -> str:
    """What an entry ``claim.published`` says, in words."""
    chance = float(said["likelihood"])
    status = f"{said['status']} ({likelihood_words(chance)}, {percent(chance)})"
    return f"published on {said['on']}: {claim} as {status}, at {said['place']}"


# --- in words -----------------------------------------------------------------------------------

_WHAT_CHANGED = {
    "claim.recorded": "another claim bears on it",
    "claim.revised": "what the claim says was put right",
    "claim.withdrawn": "the claim was recorded by mistake",
    "claim.restored": "the claim stands again",
    "evidence.corrected": "how evidence had been recorded was put right",
    "source.graded": "a source is judged otherwise",
    "source.revised": "more is known of a source",
    "entity.merged": "two names turned out to be one",
    "entity.unmerged": "one name turned out to be two",
    "case.revised": "the case is resolved by other rules",
    "policy.adopted": "claims are resolved by another policy",
    "claims.linked": "it was found to be tied to another claim",
    "link.resolved": "two claims turned out to be compatible",
    "link.reopened": "two claims turned out to be incompatible",
    "entry.redacted": "personal data was taken out of the record",
}


def because_words(it: Because, about: str) -> str:
    """One cause, in words that can be printed; ``about`` is the key of the claim."""
    piece = it.evidence
    if piece is None:
        return _WHAT_CHANGED.get(it.act, "the record was corrected")
    what = "it" if piece.claim == about else f"that “{it.claim}”"
    said = f"{it.source} {PAST[piece.stance]} {what}"
    when = f" ({piece.published.words})" if piece.published is not None else ""
    if it.act == "evidence.withdrawn" and piece.withdrawn_on is not None:
        return f"{it.source} took back having {PAST[piece.stance]} {what}"
    if it.act == "evidence.withdrawn":
        return f"evidence of {it.source} had been recorded by mistake"
    if it.act == "evidence.corrected":
        return f"what {it.source} said was put right in our record"
    return said + when


def paragraph(it: Correction) -> str:
    """The correction as a paragraph that can be printed."""
    then = it.publication
    opening = (
        f"On {_day(then.published_on)} we published as {then.status} "
        f"({likelihood_words(then.likelihood)}, {percent(then.likelihood)}) that “{it.text_then}” "
        f"({then.place})."
    )
    return " ".join([opening, *_what_is_said_now(it), *_what_changed(it)])


def _what_is_said_now(it: Correction) -> list[str]:
    if it.now is None:
        return ["We take this back: the claim had been recorded by mistake."]
    said = []
    if "reworded" in it.why:
        said.append(f"It should say: “{it.claim.text}”.")
    stands = f"{it.now.status} ({it.now.likelihood_words}, {percent(it.now.likelihood)})"
    if "status" in it.why:
        since = f", as we have held since {_day(moment(it.since).date())}" if it.since else ""
        said.append(f"As of {_day(it.now.as_of)} it is {stands}{since}.")
    if "merged" in it.why:
        said.append(f"It is about {it.now.subject or 'somebody'}, as has turned out since.")
    return said


def _what_changed(it: Correction) -> list[str]:
    if it.now is None:
        return []
    causes = list(dict.fromkeys(because_words(each, it.claim.key) for each in it.because))
    if not causes:
        return ["What changed: time has passed, and nothing newer speaks for it."]
    return [f"What changed: {'; '.join(causes)}."]


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


# --- as tables ----------------------------------------------------------------------------------


def publications_table(found: Iterable[Publication]) -> Table:
    """What was published: one row each, with the place under it."""
    columns = (
        Column("Entry"),
        Column("On"),
        Column("Status", status=True),
        Column("Likelihood"),
        Column("Claim", wraps=True, keys=True),
    )
    return Table(columns, tuple(_row(each) for each in found))


def _row(it: Publication) -> Row:
    under = [("at", it.place)]
    if it.note:
        under.append(("note:", it.note))
    if it.withdrawn:
        under.append(("", "withdrawn: it was recorded by mistake"))
    elif it.superseded_by is not None:
        under.append(("", f"superseded by entry {it.superseded_by}"))
    cells = (
        str(it.entry),
        it.published_on.isoformat(),
        str(it.status),
        likelihood(it.likelihood),
        it.claim,
    )
    return Row(cells, tuple(under))


def corrections_table(found: Sequence[Correction]) -> Table:
    """Publications that must be corrected: what they say, and what is said now."""
    columns = (
        Column("Published"),
        Column("Said", status=True),
        Column("Now", status=True),
        Column("Likelihood"),
        Column("Since"),
    )
    return Table(columns, tuple(_correction_row(each) for each in found))


def _correction_row(it: Correction) -> Row:
    now = it.now
    cells = (
        it.publication.published_on.isoformat(),
        str(it.publication.status),
        str(now.status) if now is not None else "withdrawn",
        likelihood(now.likelihood) if now is not None else "-",
        moment_words(it.since)[:10] if it.since else "-",
    )
    under = [(it.claim.key, it.claim.text), ("at", it.publication.place)]
    if notes := _notes(it):
        under.append(("", notes))
    under += [
        (f"entry {each.entry}:", f"{because_words(each, it.claim.key)}{_because_of(each)}")
        for each in it.because
    ]
    if not it.because:
        under.append(("", "because time has passed"))
    return Row(cells, tuple(under))


def _notes(it: Correction) -> str:
    notes = []
    if "reworded" in it.why:
        notes.append(f"it said “{it.text_then}”" if it.text_then != it.claim.text else "it was revised")
    if "merged" in it.why and it.now is not None:
        notes.append(f"it is about {it.now.subject}")
    return "; ".join(notes)


def _because_of(it: Because) -> str:
    return f" ({it.reason})" if it.reason else ""


def summary(it: Review) -> str:
    """How many publications need a correction."""
    stands = count(it.publications, "publication")
    if not it.publications:
        return "Nothing was published yet. Record what was with: tracker publish KEY --where URL"
    if not it.corrections:
        return f"No correction is needed: {stands} looked at, all as the claims stand."
    claims = listed(dict.fromkeys(each.claim.key for each in it.corrections))
    needed = count(len(it.corrections), "correction")
    return (
        f"{needed} to print, of {stands}: {claims}. In words to print: tracker review --format md. "
        "Once printed: tracker publish KEY --where PLACE"
    )
