"""Files of documents: their bytes as they come in; they go out with what else is read.

This room's modules do without ``from __future__ import annotations``: FastAPI reads their signatures.
"""

from tempfile import TemporaryFile
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from tracker.app import Tracker
from tracker.app.tokens import LOGGER
from tracker.report import jsonable
from tracker.web.api.words import DryRun, IdempotencyKey, Key, writes
from tracker.web.api.writes import act
from tracker.web.uploads import BYTES_KIND

router = APIRouter(prefix="/api/v1")

_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {BYTES_KIND: {"schema": {"type": "string", "format": "binary"}}},
    }
}


class Sent(BaseModel):
    """A file that was sent, by which the same request is known: its name and its SHA-256."""

    name: str
    sha256: str


@router.post(
    "/documents/{key}/file",
    tags=["documents"],
    status_code=201,
    openapi_extra=_BYTES,
    **writes("Kept."),
)
async def keep_file(
    request: Request,
    key: Key,
    file: Annotated[str, Query(description="What the file is called.", min_length=1, max_length=500)],
    dry_run: DryRun = False,
    name: IdempotencyKey = None,
) -> Response:
    """Keep a copy of a document in the archive, and its SHA-256 in the record: the bytes as they are
    (``tracker document add --file``)."""
    room = request.app.state.room
    person = await room.person(request, LOGGER)
    with room.uploads.turn(person.name), TemporaryFile() as received:
        async for portion in request.stream():
            await run_in_threadpool(received.write, portion)
        received.seek(0)
        waits = await room.work(lambda: room.uploads.keep(person.name, file, received))
    try:
        found = room.uploads.find(person.name, waits)

        def keep(tracker: Tracker) -> dict[str, Any]:
            return jsonable.document(tracker.keep_file(key, found.path))

        sent = Sent(name=found.name, sha256=found.sha256)
        return await act(request, keep, sent, name, dry_run=dry_run)
    finally:
        room.uploads.drop(waits)
