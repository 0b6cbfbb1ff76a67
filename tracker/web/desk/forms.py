"""The forms of the desk: each does one act of the application."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from claims import vocabulary as v
from claims.errors import NotFound, UsageError
from tracker.app.tokens import REVIEWER
from tracker.web.desk import records
from tracker.web.desk.fields import (
    CLAIM,
    EVIDENCE,
    FILE,
    NEW_SOURCE,
    NEW_SUBJECT,
    NOTE,
    REASON,
    WHY,
    Field,
    Form,
    changed,
    chosen,
    given,
    need,
    page_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tracker.app import Tracker

    Values = Mapping[str, str]


# --- claims ---------------------------------------------------------------------------------------

_OF_CLAIM = tuple(field.name for field in CLAIM if field.name != "text")


def _add_claim(tracker: Tracker, _key: str, values: Values) -> str:
    need(values, "text")
    fields = given(values, *_OF_CLAIM, "reason")
    if "subject" in fields and values.get("new_subject"):
        fields["subject"] = _entity(tracker, fields["subject"], values["new_subject"])
    made = tracker.add_claim(values["text"], kind=fields.pop("kind", "other"), **fields)  # type: ignore[arg-type]
    return page_of("claims", made.key)


def _entity(tracker: Tracker, name: str, kind: str) -> str:
    """The key of whoever is called so, registered now if nobody is."""
    try:
        return tracker.entity(name).entity.key
    except NotFound:
        return tracker.add_entity(name, type=kind).key


def _revise(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "text", "reason")
    before = _claim(tracker, key)
    fields = changed(values, before, CLAIM)
    revised = tracker.revise_claim(key, reason=values["reason"], open_new=True, **fields)
    return page_of("claims", revised.key)


def _claim(tracker: Tracker, key: str) -> Values:
    """A claim as it stands in the fields of its form."""
    claim = tracker.status(key).claim
    told = {name: getattr(claim, name) for name in ("text", *_OF_CLAIM) if name != "when"}
    told["when"] = claim.when and (claim.when.words or claim.when.edtf)
    return {name: str(value) for name, value in told.items() if value is not None}


def _retract(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "reason")
    tracker.withdraw_record(key, what="claim", reason=values["reason"])
    return "/claims"


# --- evidence and links ---------------------------------------------------------------------------


def _log(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "source", "stance")
    fields = given(values, *(field.name for field in EVIDENCE), "file", "reason")
    if values.get("new_source"):
        try:
            tracker.source(fields["source"])
        except NotFound:
            fields["source"] = tracker.add_source(fields["source"], type=values["new_source"]).key
    piece = tracker.log(key, **fields)
    return f"{page_of('claims', piece.claim)}#{quote(piece.key)}"


def _withdraw(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "how", "reason")
    day = values.get("on", "").strip()
    if values["how"] == BY_SOURCE and not day:
        raise UsageError("on: the day on which the source took it back is missing", "fill it in")
    by = {"by_source": day} if values["how"] == BY_SOURCE else {"mistake": True}
    piece = tracker.withdraw(key, reason=values["reason"], **by)
    return page_of("claims", piece.claim)


_SAID = tuple(field for field in EVIDENCE if field.name != "url")


def _piece(tracker: Tracker, key: str) -> Values:
    """A piece of evidence as it stands in the fields of its form."""
    with tracker.lookup() as look:
        piece = look.evidence(key)
    told = {field.name: getattr(piece, field.name) for field in _SAID}
    told["published"] = piece.published and (piece.published.words or piece.published.edtf)
    return {name: str(value) for name, value in told.items() if value is not None}


def _correct(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "source", "stance", "reason")
    before = _piece(tracker, key)
    fields = changed(values, before, _SAID)
    piece = tracker.correct_evidence(key, reason=values["reason"], **fields)
    return f"{page_of('claims', piece.claim)}#{quote(piece.key)}"


def _link(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "relation", "other", "reason")
    made = tracker.link(key, values["relation"], values["other"], reason=values["reason"])
    return page_of("claims", made.claim)


def _resolve(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "reason")
    return page_of("claims", tracker.resolve_link(key, reason=values["reason"]).claim)


# --- judgements -----------------------------------------------------------------------------------


def _seen(values: Values) -> str | None:
    return values.get("seen") or None


def _assess(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "status", "reason")
    made = tracker.assess(
        key,
        values["status"],
        likelihood=values.get("likelihood", "").strip() or None,
        reason=values["reason"],
        seen=_seen(values),
    )
    return page_of("claims", made.claim)


def _approve(tracker: Tracker, key: str, values: Values) -> str:
    made = tracker.approve(key, reason=values.get("reason", ""), seen=_seen(values))
    return page_of("claims", made.claim)


def _reject(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "reason")
    made = tracker.reject(key, reason=values["reason"], seen=_seen(values))
    return page_of("claims", made.claim)


def _publish(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "where")
    fields = given(values, "on", "note")
    return page_of("claims", tracker.publish(key, where=values["where"], **fields).subject)


# --- the journal --------------------------------------------------------------------------------------


def _undo(tracker: Tracker, key: str, values: Values) -> str:
    need(values, "reason")
    tracker.undo(number(key), reason=values["reason"])
    return "/audit"


def number(entry: str) -> int:
    """The number of an entry of the journal. Raises :class:`NotFound` for what is none."""
    if not (entry.isascii() and entry.isdigit() and len(entry) < 19):
        raise NotFound(f"the journal has no entry {entry[:60]!r}", "see: tracker audit log")
    return int(entry)


BY_SOURCE, BY_US = "its source took it back", "it was logged by mistake"

FORMS = {
    form.name: form
    for form in (
        Form(
            name="claim",
            title="Record a claim",
            verb="Record it",
            fields=(*CLAIM[:3], NEW_SUBJECT, *CLAIM[3:], WHY),
            does=_add_claim,
        ),
        Form(
            name="revise",
            title="Revise the claim",
            verb="Revise it",
            fields=(*CLAIM, REASON),
            does=_revise,
            about="claim",
            known=_claim,
        ),
        Form(
            name="retract",
            title="Withdraw the claim, as recorded by mistake",
            verb="Withdraw it",
            fields=(REASON,),
            does=_retract,
            about="claim",
        ),
        Form(
            name="evidence",
            title="Log evidence",
            verb="Log it",
            fields=(EVIDENCE[0], NEW_SOURCE, *EVIDENCE[1:4], FILE, *EVIDENCE[4:], WHY),
            does=_log,
            about="claim",
        ),
        Form(
            name="correct",
            title="Correct how the evidence was logged",
            verb="Correct it",
            fields=(*_SAID, REASON),
            does=_correct,
            about="evidence",
            known=_piece,
        ),
        Form(
            name="withdraw",
            title="Withdraw the evidence",
            verb="Withdraw it",
            fields=(
                Field(name="how", label="Because", words=(BY_SOURCE, BY_US), needed=True),
                Field(name="on", label="The day on which the source took it back"),
                REASON,
            ),
            does=_withdraw,
            about="evidence",
        ),
        Form(
            name="link",
            title="Link the claim to another",
            verb="Link them",
            fields=(
                Field(name="relation", label="It", words=chosen(v.Relation, optional=False), needed=True),
                Field(name="other", label="The other claim", hint="its key", needed=True),
                REASON,
            ),
            does=_link,
            about="claim",
        ),
        Form(
            name="resolve",
            title="Resolve the link",
            verb="Resolve it",
            fields=(REASON,),
            does=_resolve,
            about="link",
        ),
        Form(
            name="assess",
            title="Assess the claim",
            verb="Assess it",
            fields=(
                Field(name="status", label="Status", words=chosen(v.Status, optional=False), needed=True),
                Field(name="likelihood", label="Likelihood", hint="in your own view: 0.8, or 80%"),
                REASON,
            ),
            does=_assess,
            about="claim",
            role=REVIEWER,
            judges=True,
        ),
        Form(
            name="publish",
            title="Record that its status was published",
            verb="Record it",
            fields=(
                Field(name="where", label="Where", hint="a URL, or: print, page 3", needed=True),
                Field(name="on", label="On", hint="the day, as 14 May 2012; today if left empty"),
                NOTE,
            ),
            does=_publish,
            about="claim",
            role=REVIEWER,
        ),
        Form(
            name="approve",
            title="Approve the assessment",
            verb="Approve it",
            fields=(WHY,),
            does=_approve,
            about="assessment",
            role=REVIEWER,
            judges=True,
        ),
        Form(
            name="reject",
            title="Reject the assessment",
            verb="Reject it",
            fields=(REASON,),
            does=_reject,
            about="assessment",
            role=REVIEWER,
            judges=True,
        ),
        Form(
            name="undo",
            title="Take the entry back",
            verb="Take it back",
            fields=(REASON,),
            does=_undo,
            about="entry",
        ),
        *records.FORMS,
    )
}
"""Every form, by its name."""
