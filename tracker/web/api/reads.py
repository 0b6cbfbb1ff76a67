"""What can be asked: the same questions as on the command line, a route for each."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import FileResponse, Response

from claims.errors import NotFound
from tracker.app import Tracker
from tracker.report import jsonable
from tracker.web import headers
from tracker.web.api.answers import answer, entry_after, list_tag, page, tag_of
from tracker.web.api.words import (
    MANY,
    ONE,
    PAGED,
    AsOf,
    Clock,
    Cursor,
    Entry,
    Key,
    Limit,
    OfKind,
    OfStatus,
    Policy,
    RecordedBy,
    Words,
    downloads,
    reads,
)

router = APIRouter(prefix="/api/v1")

MOST_FOUND = 100
"""What a search answers with at most."""


async def told(request: Request, ask: Callable[[Tracker], Any]) -> Response:
    """The answer to a question about the whole record: nothing is asked where it has not changed."""
    has = request.headers.get("if-none-match", "")

    def work(tracker: Tracker, _person: object) -> tuple[str, Any]:
        tag = list_tag(tracker)
        return (tag, None) if tag in has else (tag, ask(tracker))

    tag, value = await request.app.state.room.read(request, work)
    return answer(request, value, tag)


async def one(request: Request, ask: Callable[[Tracker], Any]) -> Response:
    """The answer to a question about one thing, known again by what it says."""
    value = await request.app.state.room.read(request, lambda tracker, _person: ask(tracker))
    return answer(request, value)


def version_now(tracker: Tracker, what: str, key: str) -> int:
    """The version of a record, asked for before the record itself: what comes between is then told to whoever
    gives it back, and not overlooked. 0 where it is gone, as of an earlier day it may still be told."""
    try:
        return tracker.record_version(what, key)
    except NotFound:
        return 0


async def known_again(
    request: Request, what: str, key: str, ask: Callable[[Tracker], dict[str, Any]]
) -> Response:
    """The answer to a question about a record that can be changed: its tag is for If-Match."""

    def work(tracker: Tracker, _person: object) -> tuple[str, Any]:
        version = version_now(tracker, what, key)
        value = ask(tracker)
        return f'"{version}-{tag_of(value)[1:17]}"', value

    tag, value = await request.app.state.room.read(request, work)
    return answer(request, value, tag)


# --- claims ---------------------------------------------------------------------------------------


@router.get("/claims", tags=["claims"], **reads(PAGED, "How claims stand, by key."))
async def claims(
    request: Request,
    kind: OfKind = None,
    subject: Words = None,
    case: Words = None,
    source: Words = None,
    status: OfStatus = [],  # noqa: B006 - FastAPI copies it
    changed_since: Words = None,
    as_of: AsOf = None,
    recorded_by: RecordedBy = None,
    policy: Policy = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """How claims stand: those that pass the filters, by key (``tracker status``)."""
    wanted = page("claims", cursor, limit)

    def ask(tracker: Tracker) -> Any:
        found = tracker.statuses(
            kind=kind,
            subject=subject,
            case=case,
            source=source,
            status=status,
            changed_since=changed_since,
            as_of=as_of,
            recorded_by=recorded_by,
            policy=policy,
            **wanted.asked,
        )
        return wanted.cut(found, jsonable.standing, lambda each: each.key)

    return await told(request, ask)


@router.get("/claims/{key}", tags=["claims"], **reads(ONE, "Everything on one claim."))
async def claim(request: Request, key: Key, as_of: AsOf = None, recorded_by: RecordedBy = None) -> Response:
    """Everything on one claim (``tracker show``). Its ETag is for If-Match."""

    def work(tracker: Tracker, _person: object) -> tuple[str, Any, int]:
        return claim_as_it_is(tracker, key, as_of, recorded_by)

    tag, value, entry = await request.app.state.room.read(request, work)
    return answer(request, value, tag, more={"Tracker-Entry": str(entry)})


def claim_as_it_is(
    tracker: Tracker, key: str, as_of: str | None = None, recorded_by: str | None = None
) -> tuple[str, Any, int]:
    """A claim with its tag, and the newest entry of the journal. That is no part of what is told of the
    claim: it would be another after every act on any other."""
    version = version_now(tracker, "claim", key)
    value = jsonable.show(tracker.show(key, as_of=as_of, recorded_by=recorded_by))
    entry = value.pop("entry")
    return f'"{version}-{tag_of(value)[1:17]}"', value, entry


@router.get("/claims/{key}/why", tags=["claims"], **reads(ONE, "The sum, row by row."))
async def why(
    request: Request,
    key: Key,
    as_of: AsOf = None,
    recorded_by: RecordedBy = None,
    policy: Policy = None,
) -> Response:
    """Why a claim stands as it does, and what would flip it (``tracker why``)."""
    return await one(
        request,
        lambda tracker: jsonable.explanation(
            tracker.why(key, as_of=as_of, recorded_by=recorded_by, policy=policy)
        ),
    )


@router.get("/claims/{key}/history", tags=["claims"], **reads(MANY, "Changes, the oldest first."))
async def history(
    request: Request,
    key: Key,
    clock: Clock = "published",
    as_of: AsOf = None,
    recorded_by: RecordedBy = None,
) -> Response:
    """How a claim changed, and because of what (``tracker history``)."""
    return await one(
        request,
        lambda tracker: [
            jsonable.step(step)
            for step in tracker.history(key, clock=clock, as_of=as_of, recorded_by=recorded_by)
        ],
    )


@router.get("/claims/{key}/diff", tags=["claims"], **reads(ONE, "What differs, and because of what."))
async def diff(
    request: Request,
    key: Key,
    since: Annotated[str, Query(max_length=200)],
    until: Annotated[str, Query(max_length=200)],
    clock: Clock = "published",
    as_of: AsOf = None,
    recorded_by: RecordedBy = None,
) -> Response:
    """What changed in a claim between two days, or two moments (``tracker diff``)."""
    return await one(
        request,
        lambda tracker: jsonable.difference(
            tracker.diff(key, since, until, clock=clock, as_of=as_of, recorded_by=recorded_by)
        ),
    )


@router.get("/changes", tags=["claims"], **reads(PAGED, "Changes across claims, the oldest first."))
async def changes(
    request: Request,
    since: Annotated[str, Query(description="The first day.", max_length=200)],
    clock: Clock = "recorded",
    as_of: AsOf = None,
    recorded_by: RecordedBy = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Status changes across claims since a day (``tracker changes``)."""
    wanted = page("changes", cursor, limit)
    return await told(
        request,
        lambda tracker: wanted.cut(
            tracker.changes(since, clock=clock, as_of=as_of, recorded_by=recorded_by, **wanted.asked),
            jsonable.step,
            lambda step: step.place,
        ),
    )


@router.get("/search", tags=["claims"], **reads(MANY, "What was found, the best first."))
async def search(
    request: Request,
    q: Annotated[str, Query(description="Words, or a name in any spelling.", min_length=1, max_length=500)],
    limit: Annotated[int, Query(ge=1, le=MOST_FOUND)] = 20,
) -> Response:
    """Claims by words, and names across spellings (``tracker search``)."""
    return await told(request, lambda tracker: [jsonable.hit(hit) for hit in tracker.search(q, limit=limit)])


@router.get("/review", tags=["claims"], **reads(ONE, "What waits, and what must be corrected."))
async def review(request: Request, as_of: AsOf = None, recorded_by: RecordedBy = None) -> Response:
    """What waits for a second person, or must be corrected (``tracker review``)."""
    from tracker.report.publications import review as as_json

    return await told(request, lambda tracker: as_json(tracker.review(as_of=as_of, recorded_by=recorded_by)))


# --- sources, entities, cases and the rest ----------------------------------------------------------


@router.get("/sources", tags=["sources"], **reads(PAGED, "Sources, by key."))
async def sources(
    request: Request, recorded_by: RecordedBy = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Sources (``tracker source list``)."""
    wanted = page("sources", cursor, limit)
    return await told(
        request,
        lambda tracker: wanted.cut(
            tracker.sources(recorded_by=recorded_by, **wanted.asked), jsonable.source, lambda each: each.key
        ),
    )


@router.get("/sources/{key}", tags=["sources"], **reads(ONE, "A source with its record."))
async def source(request: Request, key: Key, as_of: AsOf = None, recorded_by: RecordedBy = None) -> Response:
    """A source, its grades, what it said, and how that fared (``tracker source show``). Its ETag is for
    If-Match."""
    return await known_again(
        request,
        "source",
        key,
        lambda tracker: jsonable.source_record(tracker.source(key, as_of=as_of, recorded_by=recorded_by)),
    )


@router.get("/entities", tags=["entities"], **reads(PAGED, "Entities, by key."))
async def entities(
    request: Request, recorded_by: RecordedBy = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Entities (``tracker entity list``)."""
    wanted = page("entities", cursor, limit)
    return await told(
        request,
        lambda tracker: wanted.cut(
            tracker.entities(recorded_by=recorded_by, **wanted.asked), jsonable.entity, lambda each: each.key
        ),
    )


@router.get("/entities/{key}", tags=["entities"], **reads(ONE, "An entity with the claims about it."))
async def entity(request: Request, key: Key, as_of: AsOf = None, recorded_by: RecordedBy = None) -> Response:
    """An entity and the claims about it (``tracker entity show``). Its ETag is for If-Match."""
    return await known_again(
        request,
        "entity",
        key,
        lambda tracker: jsonable.entity_record(tracker.entity(key, as_of=as_of, recorded_by=recorded_by)),
    )


@router.get("/cases", tags=["cases"], **reads(PAGED, "Cases, by key."))
async def cases(
    request: Request, recorded_by: RecordedBy = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Cases (``tracker case list``)."""
    wanted = page("cases", cursor, limit)
    return await told(
        request,
        lambda tracker: wanted.cut(
            tracker.cases(recorded_by=recorded_by, **wanted.asked), jsonable.case, lambda each: each.key
        ),
    )


@router.get("/cases/{key}", tags=["cases"], **reads(ONE, "A case."))
async def case(request: Request, key: Key) -> Response:
    """A case, without its claims. Its ETag is for If-Match."""

    def ask(tracker: Tracker) -> dict[str, Any]:
        with tracker.lookup() as look:
            return jsonable.case(look.case(key))

    return await known_again(request, "case", key, ask)


@router.get("/questions", tags=["questions"], **reads(PAGED, "Questions, by key."))
async def questions(
    request: Request, recorded_by: RecordedBy = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Questions (``tracker question list``)."""
    wanted = page("questions", cursor, limit)
    return await told(
        request,
        lambda tracker: wanted.cut(
            tracker.questions(recorded_by=recorded_by, **wanted.asked),
            jsonable.question,
            lambda each: each.key,
        ),
    )


@router.get("/questions/{key}", tags=["questions"], **reads(ONE, "A question with its answers."))
async def question(
    request: Request, key: Key, as_of: AsOf = None, recorded_by: RecordedBy = None
) -> Response:
    """A question with its rival answers (``tracker question show``)."""
    return await one(
        request,
        lambda tracker: jsonable.question_record(tracker.question(key, as_of=as_of, recorded_by=recorded_by)),
    )


@router.get("/links", tags=["links"], **reads(PAGED, "Links, by key."))
async def links(
    request: Request,
    claim: Words = None,
    state: Words = None,
    rule: Words = None,
    as_of: AsOf = None,
    recorded_by: RecordedBy = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Links between claims, made by people or found by rules (``tracker link list``)."""
    wanted = page("links", cursor, limit)
    return await told(
        request,
        lambda tracker: wanted.cut(
            tracker.links(
                claim, state=state, rule=rule, as_of=as_of, recorded_by=recorded_by, **wanted.asked
            ),
            jsonable.link,
            lambda each: each.key,
        ),
    )


@router.get("/documents", tags=["documents"], **reads(PAGED, "Documents, by key."))
async def documents(
    request: Request, recorded_by: RecordedBy = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Documents (``tracker document list``)."""
    wanted = page("documents", cursor, limit)
    return await told(
        request,
        lambda tracker: wanted.cut(
            tracker.documents(recorded_by=recorded_by, **wanted.asked),
            jsonable.document,
            lambda each: each.key,
        ),
    )


@router.get("/documents/{key}/file", tags=["documents"], **downloads())
async def archived(request: Request, key: Key) -> Response:
    """The archived file of a document, to be kept and never to be shown: what it is nobody knows."""
    found, path = await request.app.state.room.read(request, lambda tracker, _person: tracker.archived(key))
    return sandboxed(found.key, path)


def sandboxed(name: str, path: Path) -> Response:
    """A file that came from outside, as a download that no browser takes for a page of ours."""
    given = {"Content-Security-Policy": headers.SANDBOX, **headers.NEVER_KEPT}
    kind = "application/octet-stream"
    return FileResponse(path, media_type=kind, filename=f"{name}.bin", headers=given)


# --- the journal ------------------------------------------------------------------------------------


@router.get("/audit/head", tags=["audit"], **reads(ONE, "The size and root of the journal."))
async def head(request: Request) -> Response:
    """How far the journal has come: the head of the RFC 6962 tree over it."""

    def ask(tracker: Tracker) -> Any:
        size, root = tracker.head()
        return {"entries": size, "root": root}

    return await one(request, ask)


@router.get("/audit/entries", tags=["audit"], **reads(PAGED, "Entries, the oldest first."))
async def entries(
    request: Request, subject: Words = None, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """The journal, or what of it is on one key and what hangs on it (``tracker audit log``)."""
    from tracker.report.entries import entry as as_json

    wanted = page("entries", cursor, limit)

    def ask(tracker: Tracker) -> Any:
        after = entry_after(wanted)
        found = tracker.entries(subject, after=after, limit=limit + 1)
        return wanted.cut(found, as_json, lambda entry: str(entry.seq))

    return await told(request, ask)


@router.get("/audit/proof/{entry}", tags=["audit"], **reads(ONE, "The audit path of an entry."))
async def proof(request: Request, entry: Entry) -> Response:
    """That an entry is in the journal: its text, its leaf hash, and the audit path to the root."""

    def ask(tracker: Tracker) -> Any:
        it = tracker.inclusion(entry)
        return {
            "entry": it.entry,
            "text": it.text,
            "leaf": it.leaf,
            "path": list(it.path),
            "entries": it.size,
            "root": it.root,
        }

    return await one(request, ask)


@router.get("/me", tags=["me"], **reads(ONE, "Who you are here."))
async def me(request: Request) -> Response:
    """Whose name acts bear that are done by this token, and its role."""
    person = await request.app.state.room.read(request, lambda _tracker, person: person)
    return answer(request, {"name": person.name, "role": person.role}, more=headers.NEVER_KEPT)
