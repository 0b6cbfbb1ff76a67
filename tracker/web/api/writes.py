"""What can be done: the same acts as on the command line, a route for each, recorded under the name of
whoever comes in."""

import re
from collections.abc import Callable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from claims.errors import NotFound
from tracker.app import Tracker
from tracker.app.tokens import LOGGER, REVIEWER
from tracker.errors import AlreadyRecorded
from tracker.report import jsonable
from tracker.report.verdicts import assessment as verdict
from tracker.web import headers
from tracker.web.api.answers import done, written
from tracker.web.api.words import (
    Aliases,
    Because,
    CorrectedEvidence,
    Decision,
    DryRun,
    Grade,
    IdempotencyKey,
    IfMatch,
    Key,
    NewAssessment,
    NewCase,
    NewClaim,
    NewEntity,
    NewEvidence,
    NewLink,
    NewSource,
    RevisedClaim,
    Undoing,
    Withdrawal,
    writes,
)
from tracker.web.problems import Refusal

router = APIRouter(prefix="/api/v1")

_TAG = re.compile(r'"(\d{1,18})-[0-9a-f]{16}"')


async def act(
    request: Request,
    what: Callable[[Tracker], dict[str, Any]],
    body: Any,
    name: str | None,
    *,
    dry_run: bool,
    made: bool = True,
    needed: str = LOGGER,
    alone: bool = False,
) -> Response:
    """Do an act, and tell what it recorded and changed; of one that was recorded before under the same
    name, that it was."""
    asked = {"method": request.method, "path": request.url.path, "body": body.model_dump(mode="json")}
    try:
        record, tracker = await request.app.state.room.write(
            request, what, asked=asked, name=name, dry_run=dry_run, needed=needed, alone=alone
        )
    except AlreadyRecorded as before:
        value = {"already_recorded": True, "entries": list(range(before.first, before.last + 1))}
        return Response(written(value), headers=headers.NEVER_KEPT, media_type="application/json")
    return done(tracker, record, made=made)


def known_of(if_match: str | None, key: str, of: str = "claims") -> int | None:
    """Up to which entry a client knows a record, by the tag that it gives back; None where it gives none, or
    takes the record as it is. Raises :class:`Refusal` for what is no tag of one."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise Refusal(
            412,
            "conflict",
            f"{if_match[:60]!r} is not how {key} was tagged",
            f"read it, and give back its ETag: GET /api/v1/{of}/{key}",
        )
    return int(found[1])


def claim_of_link(tracker: Tracker, link: str) -> str:
    """The claim whose tag is that of a link; what a rule found need not be recorded."""
    try:
        with tracker.lookup() as look:
            return look.link(link).claim
    except NotFound:
        return link.partition(":")[0]


# --- claims ---------------------------------------------------------------------------------------


@router.post("/claims", tags=["claims"], status_code=201, **writes("Recorded."))
async def add_claim(
    request: Request, body: NewClaim, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Record a claim (``tracker claim add``)."""
    given = body.given("text", "kind")
    return await act(
        request,
        lambda tracker: jsonable.claim(tracker.add_claim(body.text, kind=body.kind or "other", **given)),
        body,
        name,
        dry_run=dry_run,
    )


@router.patch("/claims/{key}", tags=["claims"], **writes("Revised."))
async def revise_claim(
    request: Request,
    key: Key,
    body: RevisedClaim,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Change what a claim says (``tracker claim revise``). With If-Match only as you know it."""
    known = known_of(if_match, key)

    def revise(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known):
            return jsonable.claim(
                tracker.revise_claim(key, reason=body.reason, open_new=True, **body.given("reason"))
            )

    return await act(request, revise, body, name, dry_run=dry_run, made=False)


@router.post("/claims/{key}/withdrawal", tags=["claims"], status_code=201, **writes("Withdrawn."))
async def withdraw_claim(
    request: Request,
    key: Key,
    body: Because,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Withdraw a claim that was recorded by mistake (``tracker withdraw``)."""
    known = known_of(if_match, key)

    def withdraw(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known):
            return {"claim": tracker.withdraw_record(key, what="claim", reason=body.reason).subject}

    return await act(request, withdraw, body, name, dry_run=dry_run)


@router.post("/claims/{key}/restoration", tags=["claims"], status_code=201, **writes("Restored."))
async def restore_claim(
    request: Request, key: Key, body: Because, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Bring back a claim that was withdrawn (``tracker restore``)."""
    return await act(
        request,
        lambda tracker: {"claim": tracker.restore(key, what="claim", reason=body.reason).subject},
        body,
        name,
        dry_run=dry_run,
    )


@router.post("/claims/{key}/evidence", tags=["evidence"], status_code=201, **writes("Logged."))
async def log(
    request: Request,
    key: Key,
    body: NewEvidence,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Log what a source says of a claim (``tracker log``). With ``dry_run``, how it would then stand."""
    known = known_of(if_match, key)

    def add(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known):
            return jsonable.evidence(tracker.log(key, **body.given()), None, None)

    return await act(request, add, body, name, dry_run=dry_run)


@router.post("/claims/{key}/assessments", tags=["assessments"], status_code=201, **writes("Assessed."))
async def assess(
    request: Request,
    key: Key,
    body: NewAssessment,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Record a person's own verdict (``tracker assess``). Where others judged the claim after what you
    have seen of it (If-Match, or ``seen``), you are told of that instead."""
    known = known_of(if_match, key)

    def judge(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known):
            given = body.given("status", "seen")
            return verdict(tracker.assess(key, body.status, seen=body.seen or known, **given))

    return await act(request, judge, body, name, dry_run=dry_run, needed=REVIEWER)


# --- evidence and links -----------------------------------------------------------------------------


@router.patch("/evidence/{key}", tags=["evidence"], **writes("Corrected."))
async def correct(
    request: Request,
    key: Key,
    body: CorrectedEvidence,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Put right how evidence was logged (``tracker correct``). If-Match: with the ETag of its claim."""
    known = known_of(if_match, key)

    def put_right(tracker: Tracker) -> dict[str, Any]:
        with tracker.lookup() as look:
            claim = look.evidence(key).claim
        with tracker.unchanged_since(claim, known):
            piece = tracker.correct_evidence(key, reason=body.reason, **body.given("reason"))
            return jsonable.evidence(piece, None, None)

    return await act(request, put_right, body, name, dry_run=dry_run, made=False)


@router.post("/evidence/{key}/withdrawal", tags=["evidence"], status_code=201, **writes("Withdrawn."))
async def withdraw(
    request: Request,
    key: Key,
    body: Withdrawal,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Withdraw evidence that its source took back, or that was logged by mistake (``tracker withdraw``).
    If-Match: with the ETag of its claim."""
    known = known_of(if_match, key)

    def take_out(tracker: Tracker) -> dict[str, Any]:
        with tracker.lookup() as look:
            claim = look.evidence(key).claim
        with tracker.unchanged_since(claim, known):
            return jsonable.evidence(tracker.withdraw(key, **body.given()), None, None)

    return await act(request, take_out, body, name, dry_run=dry_run)


@router.post("/links", tags=["links"], status_code=201, **writes("Linked."))
async def link(
    request: Request, body: NewLink, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Link two claims (``tracker link``)."""
    return await act(
        request,
        lambda tracker: jsonable.link(
            tracker.link(body.claim, body.relation, body.other, reason=body.reason)
        ),
        body,
        name,
        dry_run=dry_run,
    )


@router.post("/links/{key}/resolution", tags=["links"], status_code=201, **writes("Resolved."))
async def resolve(
    request: Request,
    key: Key,
    body: Because,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Say that a link no longer holds, or that what a rule found is no contradiction
    (``tracker link resolve``). If-Match: with the ETag of its first claim."""
    known = known_of(if_match, key.partition(":")[0])

    def end(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(claim_of_link(tracker, key), known):
            return jsonable.link(tracker.resolve_link(key, reason=body.reason))

    return await act(request, end, body, name, dry_run=dry_run)


# --- judgements of a second person ------------------------------------------------------------------


@router.post("/assessments/{key}/approval", tags=["assessments"], status_code=201, **writes("Approved."))
async def approve(
    request: Request, key: Key, body: Decision, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Approve what somebody else proposes of a claim (``tracker approve``)."""
    return await act(
        request,
        lambda tracker: verdict(tracker.approve(key, **body.given())),
        body,
        name,
        dry_run=dry_run,
        needed=REVIEWER,
    )


@router.post("/assessments/{key}/rejection", tags=["assessments"], status_code=201, **writes("Rejected."))
async def reject(
    request: Request, key: Key, body: Decision, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Reject what somebody else proposes of a claim (``tracker reject``)."""
    return await act(
        request,
        lambda tracker: verdict(tracker.reject(key, reason=body.reason, seen=body.seen)),
        body,
        name,
        dry_run=dry_run,
        needed=REVIEWER,
    )


# --- sources, entities, cases -------------------------------------------------------------------------


@router.post("/sources", tags=["sources"], status_code=201, **writes("Registered."))
async def add_source(
    request: Request, body: NewSource, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Register a source (``tracker source add``)."""
    return await act(
        request,
        lambda tracker: jsonable.source(tracker.add_source(body.name, **body.given("name"))),
        body,
        name,
        dry_run=dry_run,
    )


@router.post("/sources/{key}/grades", tags=["sources"], status_code=201, **writes("Graded."))
async def grade(
    request: Request,
    key: Key,
    body: Grade,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Give a source another grade (``tracker source grade``)."""
    known = known_of(if_match, key, "sources")

    def regrade(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known, "source"):
            return jsonable.source(tracker.grade_source(key, body.grade, reason=body.reason))

    return await act(request, regrade, body, name, dry_run=dry_run, needed=REVIEWER)


@router.post("/entities", tags=["entities"], status_code=201, **writes("Registered."))
async def add_entity(
    request: Request, body: NewEntity, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Register a person, group, place or incident (``tracker entity add``)."""
    return await act(
        request,
        lambda tracker: jsonable.entity(tracker.add_entity(body.name, **body.given("name"))),
        body,
        name,
        dry_run=dry_run,
    )


@router.post("/entities/{key}/aliases", tags=["entities"], status_code=201, **writes("Named."))
async def alias(
    request: Request,
    key: Key,
    body: Aliases,
    dry_run: DryRun = False,
    if_match: IfMatch = None,
    name: IdempotencyKey = None,
) -> Response:
    """Add other names or spellings of an entity (``tracker entity alias``)."""
    known = known_of(if_match, key, "entities")

    def call(tracker: Tracker) -> dict[str, Any]:
        with tracker.unchanged_since(key, known, "entity"):
            return jsonable.entity(tracker.alias_entity(key, body.aliases, reason=body.reason))

    return await act(request, call, body, name, dry_run=dry_run)


@router.post("/cases", tags=["cases"], status_code=201, **writes("Opened."))
async def open_case(
    request: Request, body: NewCase, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Open a case (``tracker case add``)."""
    return await act(
        request,
        lambda tracker: jsonable.case(tracker.open_case(body.key, **body.given("key"))),
        body,
        name,
        dry_run=dry_run,
    )


@router.post("/undo", tags=["audit"], status_code=201, **writes("Taken back."))
async def undo(
    request: Request, body: Undoing, dry_run: DryRun = False, name: IdempotencyKey = None
) -> Response:
    """Take an act back, by recording its reverse (``tracker undo``)."""

    def take_back(tracker: Tracker) -> dict[str, Any]:
        done_now = tracker.undo(body.entry, reason=body.reason, whole=body.whole)
        return {"undone": [entry.payload["undoes"] for entry in done_now if "undoes" in entry.payload]}

    return await act(request, take_back, body, name, dry_run=dry_run)
