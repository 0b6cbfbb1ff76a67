"""Entries of other journals: what of them could have been recorded here, and what is refused.

Whoever sends a journal may have written their own program. What a person could not record here is not
taken in from elsewhere either, and what is taken in is in the form in which it is written here.
"""

from __future__ import annotations

import re
from dataclasses import MISSING, dataclass, fields
from datetime import date
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, Conflict, FutureDate
from claims.model import Assessment, Case, Claim, Document, Entity, Evidence, Question, Source
from claims.names import fold
from claims.vocabulary import AssessmentState, LinkState, Withdrawal
from tracker.app.claiming import REVISABLE
from tracker.app.evidencing import CORRECTABLE
from tracker.app.limits import need_words
from tracker.app.recorded import ADOPTED, NAMED
from tracker.app.sourcing import DOCUMENTED
from tracker.journal.entry import moment
from tracker.journal.payload import fields_of, plain

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from tracker.journal.entry import Entry


class Known(Exception):
    """Raised inside where both journals hold the same already; never seen outside."""


@dataclass(frozen=True, slots=True)
class EntryFinding:
    """An entry of another journal that was not taken in: its number there, and why."""

    seq: int
    subject: str
    message: str


NO_TEXT = "its text is missing, and no entry of theirs says that it was redacted"

RECORDED: dict[str, tuple[str, type]] = {
    "case.recorded": ("cases", Case),
    "question.recorded": ("questions", Question),
    "document.recorded": ("documents", Document),
    "source.registered": ("sources", Source),
    "entity.registered": ("entities", Entity),
    "claim.recorded": ("claims", Claim),
    "evidence.logged": ("evidence", Evidence),
    "assessment.made": ("assessments", Assessment),
}
"""Acts that make a record: which, and the form of it."""

MADE_BY = {records: act for act, (records, _) in RECORDED.items()}
"""The act that makes each kind of record."""

REVISED: dict[str, tuple[str, type]] = {
    "case.revised": ("cases", Case),
    "question.revised": ("questions", Question),
    "document.revised": ("documents", Document),
    "document.archived": ("documents", Document),
    "source.revised": ("sources", Source),
    "entity.revised": ("entities", Entity),
    "claim.revised": ("claims", Claim),
    "evidence.corrected": ("evidence", Evidence),
}

OWN_AFFAIR = frozenset(
    (
        *(ADOPTED, NAMED, "entry.redacted"),
        *("claim.published", "publication.withdrawn", "publication.restored"),
    )
)
"""Acts that concern only whom they were done by: what their program went by, what they published, and
what they took out of their own journal."""

REFERENCES: dict[str, dict[str, str]] = {
    "documents": {"publisher": "sources"},
    "claims": {
        "subject": "entities",
        "value_entity": "entities",
        "where_entity": "entities",
        "question": "questions",
        "case": "cases",
    },
    "evidence": {"claim": "claims", "source": "sources", "document": "documents"},
    "assessments": {"claim": "claims"},
}
"""Fields that hold the key of another record."""

WORDS = {
    "cases": "case",
    "questions": "question",
    "documents": "document",
    "sources": "source",
    "entities": "entity",
    "claims": "claim",
    "evidence": "evidence",
    "assessments": "assessment",
}

CHANGEABLE: dict[str, frozenset[str]] = {
    "cases": frozenset({"title", "about", "policy", "rules_off", "needs_approval"}),
    "questions": frozenset({"text", "exactly_one", "counted", "cumulative"}),
    "documents": frozenset(DOCUMENTED),
    "sources": frozenset({"name", "type", "sides", "owner", "url", "note"}),
    "entities": frozenset({"name", "type", "aliases", "wikidata", "note"}),
    "claims": frozenset({*REVISABLE, "value_entity", "where_entity"}),
    "evidence": frozenset(CORRECTABLE),
    "assessments": frozenset(),
}
"""Fields of each kind of record that a revision can change."""

_ONLY_AT_FIRST = {
    "sources": frozenset({"reliability"}),
    "evidence": frozenset({"claim"}),
    "assessments": frozenset({"claim", "status", "likelihood"}),
}
"""Fields that are recorded with the record, and changed by other acts or never."""

_NEEDED = {
    "questions": "text",
    "documents": "title",
    "sources": "name",
    "entities": "name",
    "claims": "text",
}
"""The field of each kind of record that cannot be empty."""

_SHA256 = re.compile("[0-9a-f]{64}")
_HINT = "the entry is not sound"


def check_origin(entry: Entry) -> None:
    """Refuse an entry that does not say who acted, or says wrongly where it stood before it came to
    the journal that sent it; raises :class:`BadValue`."""
    need_words(entry.author, "the author of an entry")
    before = entry.received
    if before is None:
        return
    leaf, origin, seq = (before.get(name) for name in ("leaf", "origin", "seq"))
    sound = (
        isinstance(leaf, str)
        and _SHA256.fullmatch(leaf) is not None
        and isinstance(origin, str)
        and 0 < len(origin) <= 200
        and type(seq) is int
        and seq > 0
    )
    if not sound:
        raise BadValue("where the entry came from is not said, or not as it must be", _HINT)
    moment(before["recorded_at"])


def fields_made(records: str, cls: type, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What a new record is to hold, in plain terms as they are written here; raises
    :class:`BadValue`. Whose verdict an assessment is, and of which day, is no field of it."""
    allowed = CHANGEABLE[records] | _ONLY_AT_FIRST.get(records, frozenset())
    defaults = {field.name: field.default for field in fields(cls) if field.default is not MISSING}
    read = _read(records, cls, payload, allowed)
    return {
        name: plain(value) for name, value in read.items() if name not in defaults or value != defaults[name]
    }


def fields_changed(records: str, cls: type, payload: Mapping[str, Any]) -> dict[str, Any]:
    """The fields that a revision sets, or those that it replaced, in plain terms as they are written
    here; raises :class:`BadValue`."""
    read = _read(records, cls, payload, CHANGEABLE[records])
    return {name: plain(value) for name, value in read.items()}


def _read(records: str, cls: type, payload: Mapping[str, Any], allowed: frozenset[str]) -> dict[str, Any]:
    if unknown := sorted(set(payload) - allowed):
        raise BadValue(f"the {unknown[0]} of {records} cannot be set so", _HINT)
    read = fields_of(cls, payload)
    needed = _NEEDED.get(records)
    if needed in read:
        need_words(read[needed], f"the {needed}")
    if read.get("sha256") is not None and not _SHA256.fullmatch(read["sha256"]):
        raise BadValue(f"{read['sha256']!r:.60} is no SHA-256", _HINT)
    return read


def verdict_of(payload: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Whose verdict an assessment is, of which day, and whether it waits, as far as its payload says. Raises
    :class:`BadValue`, and :class:`FutureDate` for a day that is yet to come."""
    said: dict[str, Any] = {}
    if (by := payload.get("by")) is not None:
        if not isinstance(by, str):
            raise BadValue(f"{by!r:.60} is nobody's name", _HINT)
        said["by"] = need_words(by, "whose verdict it is")
    if (on := payload.get("on")) is not None:
        _not_yet(date.fromisoformat(on), today)
        said["on"] = on
    if (proposed := payload.get("proposed")) is not None:
        if proposed is not True:
            raise BadValue(f"{proposed!r:.60} does not say that it is proposed", _HINT)
        said["proposed"] = True
    return said


OF_VERDICTS = frozenset({"by", "on", "proposed"})
"""What the payload of an assessment says beside its fields."""

DECISIONS = {
    "assessment.approved": AssessmentState.APPROVED,
    "assessment.rejected": AssessmentState.REJECTED,
    "assessment.reopened": AssessmentState.PROPOSED,
}
"""What a second person makes of an assessment."""


def decision_of(
    entry: Entry, ours: Assessment, proposers: Collection[str], brought_by: str
) -> dict[str, Any]:
    """What an entry of theirs says of an assessment that waits, or waited. Raises :class:`Known` where it
    stands so here already, :class:`Conflict` where it was decided otherwise here, and :class:`BadValue`
    for what nobody could have recorded: that somebody approved what is their own, or brings the approval."""
    state = DECISIONS[entry.act]
    if ours.state is state and entry.author == (ours.decided_by or entry.author):
        raise Known
    if ours.state is AssessmentState.MADE:
        raise BadValue("it decides on an assessment that needed nobody's approval", _HINT)
    if state is AssessmentState.PROPOSED:
        if entry.payload["was"] != ours.state:
            raise Conflict(f"the assessment is {ours.state} here")
        return {"was": ours.state.value}
    if ours.state is not AssessmentState.PROPOSED:
        raise Conflict(f"the assessment was {ours.state} here by {ours.decided_by}")
    own = {fold(name) for name in proposers} if state is AssessmentState.APPROVED else set()
    if fold(entry.author) in own:
        raise BadValue(f"{entry.author} approves what is their own", _HINT)
    if fold(brought_by) in own:
        raise BadValue(f"{brought_by} brings an approval of what is their own", "let somebody else import it")
    return {}


def withdrawal_of(payload: Mapping[str, Any], today: date) -> tuple[Withdrawal, date | None]:
    """How evidence was withdrawn, and on which day its source took it back. Raises ``ValueError`` and
    ``TypeError`` for what is no such thing, and :class:`FutureDate`."""
    how = Withdrawal(payload["how"])
    if how is Withdrawal.MISTAKE:
        return how, None
    on = date.fromisoformat(payload["on"])
    _not_yet(on, today)
    return how, on


def link_state_of(entry: Entry) -> dict[str, Any]:
    """What an entry says of the state of a link; raises :class:`BadValue` and ``ValueError``."""
    said = {name: LinkState(entry.payload[name]).value for name in ("state", "was")}
    if (said["state"] == LinkState.OPEN.value) != (entry.act == "link.reopened"):
        raise BadValue(f"{entry.act} cannot make a link {said['state']}", _HINT)
    if "rule" in entry.payload:
        for name in ("claim", "rule", "other", "because"):
            said[name] = entry.payload[name]
            if not isinstance(said[name], str):
                raise BadValue(f"{said[name]!r:.60} cannot be the {name} of a link", _HINT)
        if said["claim"] == said["other"]:
            raise BadValue("it links a claim to itself", _HINT)
    return said


def file_of(entry: Entry) -> dict[str, Any]:
    """What the entry of an archived document says of its file, which stays where it was; raises
    :class:`BadValue`."""
    said = entry.payload.get("file")
    name, size = (said.get("name"), said.get("bytes")) if isinstance(said, dict) else (None, None)
    if not isinstance(name, str) or type(size) is not int:
        raise BadValue("the archived file is not described as it must be", _HINT)
    return {"file": {"name": name, "bytes": size}}


def check_published(published: Any, today: date) -> None:
    """Refuse what was published on a day that is yet to come; raises :class:`FutureDate`."""
    if published is not None and published.earliest is not None:
        _not_yet(published.earliest, today)


def _not_yet(day: date, today: date) -> None:
    if day > today:
        raise FutureDate(f"{day} is in the future (today is {today})", "take it in again once it has come")


def logged_then(piece: Evidence, entry: Entry) -> bool:
    """Whether evidence was logged on the day of an entry of theirs: without a date it counts from then."""
    first = min(entry.recorded_at, (entry.received or {}).get("recorded_at", entry.recorded_at))
    return piece.recorded_on == moment(first).date()


_LEFT_OUT = frozenset(
    (
        *("claim", "source", "document", "relays", "publisher", "subject", "value", "value_entity"),
        *("where_entity", "question", "case", "when", "published", "other", "into", "from"),
        *("undoes", "was", "because", "rule", "file"),
    )
)
"""Fields that hold keys, which may be others at other desks, or that only some desks write."""


def says_the_same(mine: Entry, theirs: Entry) -> bool:
    """Whether an entry that was brought here is the one that it says it is: by the same person, of the
    same moment, and in the same words, keys and dates aside. What was redacted is not compared."""
    if mine.redacted is not None or theirs.redacted is not None:
        return True
    if (mine.act, mine.author, mine.reason) != (theirs.act, theirs.author, theirs.reason):
        return False
    if (mine.received or {}).get("recorded_at") != theirs.recorded_at:
        return False
    here, there = (each.payload.get("set", each.payload) for each in (mine, theirs))
    names = here.keys() if "set" in mine.payload else here.keys() | there.keys()
    return all((here.get(name) or None) == (there.get(name) or None) for name in names - _LEFT_OUT)


def bare(payload: dict[str, Any]) -> dict[str, Any]:
    """What was logged of a record, without what was done to it later."""
    return {n: value for n, value in payload.items() if n not in ("withdrawn_on", "withdrawn_reason")}


def undated(value: Any) -> Any:
    """Plain terms with the order of lists kept and an empty list as nothing."""
    return None if value == [] else value
