"""What can be done to the records around claims: revised, merged, published, withdrawn, redacted.

This room's modules do without ``from __future__ import annotations``: FastAPI reads their signatures.
"""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from tracker.app import Tracker
from tracker.app.tokens import ADMIN, REVIEWER
from tracker.report import jsonable
from tracker.web.api.reads import told
from tracker.web.api.words import (
    MANY,
    POLICY,
    WORDS,
    Because,
    Body,
    DryRun,
    IdempotencyKey,
    IfMatch,
    Key,
    RecordedBy,
    Text,
    Why,
    Words,
    reads,
    writes,
)
from tracker.web.api.writes import act, claim_of_link, known_of

router = APIRouter(prefix="/api/v1")


class RevisedSource(Body):
    """What of a source changes; null takes a field out."""

    name: Text | None = None
    type: Text | None = None
    sides: list[Text] | None = Field(None, max_length=100)
    owner: Text | None = None
    url: Text | None = None
    note: Text | None = None
    reason: Why


class RevisedEntity(Body):
    """What of an entity changes; null takes a field out. ``aliases`` are its other names, in place of those
    it has."""

    name: Text | None = None
    type: Text | None = None
    aliases: list[Text] | None = Field(None, max_length=1000)
    wikidata: Text | None = None
    note: Text | None = None
    reason: Why


class Merger(Body):
    """Which entity another is in truth."""

    into: Text
    reason: Why


class NewQuestion(Body):
    """A question to pose."""

    text: Text
    key: Text | None = None
    exactly_one: bool = False
    counted: Text | None = None
    cumulative: bool = False
    reason: Why = ""


class RevisedQuestion(Body):
    """What of a question changes; null takes out what is counted."""

    text: Text | None = None
    exactly_one: bool = False
    counted: Text | None = None
    cumulative: bool = False
    reason: Why


class RevisedCase(Body):
    """What of a case changes. ``policy`` is that which resolves its claims ("none": the tracker's own);
    ``off`` and ``on`` are contradiction rules to switch off or on again."""

    title: Text = ""
    about: Text = ""
    policy: Annotated[str, Field(pattern=POLICY)] = "none"
    off: list[Text] = Field(default_factory=list, max_length=100)
    on: list[Text] = Field(default_factory=list, max_length=100)
    needs_approval: bool = False
    reason: Why


class DocumentFields(Body):
    """What can be said of a document."""

    publisher: Text | None = Field(None, max_length=WORDS, description="A source, by key or name.")
    author: Text | None = None
    url: Text | None = None
    published: Text | None = Field(None, description="When it came out, as a person writes it.")
    note: Text | None = None


class NewDocument(DocumentFields):
    """A document to record; its file is kept on the command line."""

    title: Text
    key: Text | None = None


class RevisedDocument(DocumentFields):
    """What of a document changes; null takes a field out."""

    title: Text | None = None
    reason: Why


class Published(Body):
    """Where, and when, the status of a claim was published."""

    where: Text = Field(description='A URL, or words such as "print, page 3".')
    on: Text | None = Field(None, description="The day; today's if it is left out.")
    note: Text | None = None


class Record(Body):
    """A record of any kind; ``what`` (claim, evidence, …) says of which, where several have the key."""

    key: Text
    what: Text | None = None
    reason: Why


class Redaction(Body):
    """What must go for ever: a ``field`` of a record, what an ``entry`` says, the archived ``file`` of a
    document."""

    key: Text | None = None
    field: Text | None = None
    entry: int | None = Field(None, ge=1, le=2**53)
    file: bool = False
    what: Text | None = None
    reason: Why


# --- sources and entities ---------------------------------------------------------------------------


@router.patch("/sources/{key}", tags=["sources"], **writes("Revised."))
async def revise_source(
    request: Request,
    key: Key,
    body: RevisedSource,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Change what is known of a source (``tracker source revise``)."""
    known = known_of(if_match, key, "sources")

    def revise(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known, "source"):
            return jsonable.source(tracker.revise_source(key, **body.given()))

    return await act(request, revise, body, name, dry_run=dry_run, made=False)


@router.patch("/entities/{key}", tags=["entities"], **writes("Revised."))
async def revise_entity(
    request: Request,
    key: Key,
    body: RevisedEntity,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Change what is known of an entity (``tracker entity revise``)."""
    known = known_of(if_match, key, "entities")

    def revise(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known, "entity"):
            return jsonable.entity(tracker.revise_entity(key, **body.given()))

    return await act(request, revise, body, name, dry_run=dry_run, made=False)


@router.post("/entities/{key}/merger", tags=["entities"], status_code=201, **writes("Merged."))
async def merge(
    request: Request,
    key: Key,
    body: Merger,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Say that one entity is in truth another (``tracker entity merge``)."""
    known = known_of(if_match, key, "entities")

    def join(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known, "entity"):
            return jsonable.entity(tracker.merge_entity(key, body.into, reason=body.reason))

    return await act(request, join, body, name, dry_run=dry_run)


@router.post("/entities/{key}/separation", tags=["entities"], status_code=201, **writes("Taken back."))
async def unmerge(
    request: Request,
    key: Key,
    body: Because,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Take a merge back (``tracker entity unmerge``)."""
    known = known_of(if_match, key, "entities")

    def part(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known, "entity"):
            return jsonable.entity(tracker.unmerge_entity(key, reason=body.reason))

    return await act(request, part, body, name, dry_run=dry_run)


# --- cases, questions, documents, links ---------------------------------------------------------------


@router.patch("/cases/{key}", tags=["cases"], **writes("Revised."))
async def revise_case(
    request: Request,
    key: Key,
    body: RevisedCase,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Change a case; its claims are resolved anew where its policy or rules change
    (``tracker case revise``)."""
    known = known_of(if_match, key, "cases")

    def revise(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known, "case"):
            return jsonable.case(tracker.revise_case(key, **body.given()))

    return await act(request, revise, body, name, dry_run=dry_run, made=False)


@router.post("/questions", tags=["questions"], status_code=201, **writes("Posed."))
async def pose(
    request: Request, body: NewQuestion, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Pose a question (``tracker question add``)."""

    def add(tracker: Tracker) -> dict[str, Any]:
        return jsonable.question(tracker.add_question(body.text, **body.given("text")))

    return await act(request, add, body, name, dry_run=dry_run)


@router.patch("/questions/{key}", tags=["questions"], **writes("Revised."))
async def revise_question(
    request: Request, key: Key, body: RevisedQuestion, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Change a question (``tracker question revise``)."""

    def revise(tracker: Tracker) -> dict[str, Any]:
        return jsonable.question(tracker.revise_question(key, **body.given()))

    return await act(request, revise, body, name, dry_run=dry_run, made=False)


@router.post("/documents", tags=["documents"], status_code=201, **writes("Recorded."))
async def add_document(
    request: Request, body: NewDocument, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Record a document (``tracker document add``)."""

    def add(tracker: Tracker) -> dict[str, Any]:
        return jsonable.document(tracker.add_document(body.title, **body.given("title")))

    return await act(request, add, body, name, dry_run=dry_run)


@router.patch("/documents/{key}", tags=["documents"], **writes("Revised."))
async def revise_document(
    request: Request, key: Key, body: RevisedDocument, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Change what is known of a document (``tracker document revise``)."""

    def revise(tracker: Tracker) -> dict[str, Any]:
        return jsonable.document(tracker.revise_document(key, **body.given()))

    return await act(request, revise, body, name, dry_run=dry_run, made=False)


@router.post("/links/{key}/reopening", tags=["links"], status_code=201, **writes("Reopened."))
async def reopen(
    request: Request,
    key: Key,
    body: Because,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Say that a link holds after all (``tracker link reopen``)."""
    known = known_of(if_match, key.partition(":")[0])

    def hold(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(claim_of_link(tracker, key), known):
            return jsonable.link(tracker.reopen_link(key, reason=body.reason))

    return await act(request, hold, body, name, dry_run=dry_run)


# --- publications -------------------------------------------------------------------------------------


@router.get("/publications", tags=["publications"], **reads(MANY, "In the order of publication."))
async def publications(
    request: Request,
    claim: Words = None,
    withdrawn: Annotated[bool, Query(description="Also what was taken back.")] = False,
    recorded_by: RecordedBy = None,
) -> Response:
    """What was published where and when (``tracker publications``)."""

    def ask(tracker: Tracker) -> Any:
        found = tracker.publications(claim, withdrawn=withdrawn, recorded_by=recorded_by)
        return [jsonable.publication(each) for each in found]

    return await told(request, ask)


@router.post("/claims/{key}/publications", tags=["publications"], status_code=201, **writes("Recorded."))
async def publish(
    request: Request,
    key: Key,
    body: Published,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Record that a claim's status was published (``tracker publish``). No checkpoint is signed: the key for
    that is not the server's."""
    known = known_of(if_match, key)

    def tell(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known):
            entry = tracker.publish(key, **body.given())
        return {"claim": entry.subject, "entry": entry.seq, **entry.payload}

    return await act(request, tell, body, name, dry_run=dry_run, needed=REVIEWER)


# --- any record -----------------------------------------------------------------------------------------


@router.post("/withdrawals", tags=["records"], status_code=201, **writes("Withdrawn."))
async def withdraw_record(
    request: Request, body: Record, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Withdraw a record that was made by mistake (``tracker withdraw``)."""

    def withdraw(tracker: Tracker) -> dict[str, Any]:
        return {"key": tracker.withdraw_record(body.key, what=body.what, reason=body.reason).subject}

    return await act(request, withdraw, body, name, dry_run=dry_run)


@router.post("/restorations", tags=["records"], status_code=201, **writes("Restored."))
async def restore_record(
    request: Request, body: Record, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Bring back a record that was withdrawn (``tracker restore``)."""

    def restore(tracker: Tracker) -> dict[str, Any]:
        return {"key": tracker.restore(body.key, what=body.what, reason=body.reason).subject}

    return await act(request, restore, body, name, dry_run=dry_run)


@router.post("/redactions", tags=["records"], status_code=201, **writes("Redacted."))
async def redact(
    request: Request, body: Redaction, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Take personal data out of the record for ever (``tracker redact``). It cannot be undone: look first,
    with ``dry_run``, what would go."""
    from tracker.report.redactions import redacting

    def take_out(tracker: Tracker) -> dict[str, Any]:
        return redacting(tracker.redact(**body.given()))

    return await act(request, take_out, body, name, dry_run=dry_run, needed=ADMIN, alone=True)
