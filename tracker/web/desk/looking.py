"""Pages to look at: the lists, and one for each claim, source, entity and case."""

from collections.abc import Callable, Sequence
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from claims.vocabulary import EntityType, Kind, Status
from tracker.app import Tracker
from tracker.app.plotting import LIVES
from tracker.app.tokens import may
from tracker.pages.collected import FIGURE, Said, tally_of
from tracker.plots.case import matrix
from tracker.plots.figure import Figure
from tracker.plots.person import life_line
from tracker.plots.source import calibration
from tracker.report import forreaders
from tracker.report.jsonable import record_rows
from tracker.report.models import EntityRecord
from tracker.web.desk.rendering import LINKS, page, rows_of, site, titles_of
from tracker.web.identity import Person

router = APIRouter(include_in_schema=False)

SHOWN = 50
"""Rows of a list that one page has."""

MOST_FOUND = 100

Done = Annotated[int | None, Query(ge=0, le=2**53)]
Text = Annotated[str, Query(max_length=500)]
After = Annotated[str | None, Query(max_length=500)]


async def answered(request: Request, make: Any) -> Response:
    """A page, made where one may wait for the database."""
    made: Response = await request.app.state.room.read(request, make)
    return made


def onward(path: str, last: str | None, **asked: str) -> str | None:
    """The address of the page that follows; None where there is none."""
    if last is None:
        return None
    return f"{path}?{urlencode({**{k: v for k, v in asked.items() if v}, 'after': last})}"


@router.get("/")
async def start() -> Response:
    """The desk begins with the claims."""
    return RedirectResponse("/claims", 303)


@router.get("/claims")
async def claims(
    request: Request,
    q: Text = "",
    status: Text = "",
    kind: Text = "",
    case: Text = "",
    after: After = None,
    done: Done = None,
) -> Response:
    """Claims: those that words find, or those that pass the filters, by key."""

    def make(tracker: Tracker, person: Person) -> Response:
        more = None
        entities = []
        if q.strip():
            hits = tracker.search(q, limit=MOST_FOUND)
            entities = [hit for hit in hits if hit.what == "entity"]
            keys = [hit.key for hit in hits if hit.what == "claim"]
            found = tracker.statuses(keys) if keys else []
            found = [each for each in found if status in ("", each.status.value)]
        else:
            found = tracker.statuses(
                status=[status] if status else [],
                kind=kind or None,
                case=case or None,
                after=after,
                limit=SHOWN + 1,
            )
            more = found[SHOWN - 1].key if len(found) > SHOWN else None
            found = found[:SHOWN]
        return page(
            tracker,
            person,
            "desk-claims.html",
            "claims",
            done=done,
            rows=rows_of(found),
            entities=entities,
            titles=titles_of(tracker, {each.claim.case for each in found}),
            asked={"q": q, "status": status, "kind": kind, "case": case},
            words={"status": list(Status), "kind": list(Kind)},
            next=onward("/claims", more, status=status, kind=kind, case=case),
        )

    return await answered(request, make)


@router.get("/claims/{key}")
async def claim(request: Request, key: str, done: Done = None) -> Response:
    """Everything on one claim, and what can be done with it."""

    def make(tracker: Tracker, person: Person) -> Response:
        from tracker.plots.claim import claim_chart
        from tracker.web import headers

        it = tracker.claim_in_full(key, suspicions=False)
        if it.claim.key != key:
            return RedirectResponse(f"/claims/{quote(it.claim.key, safe='')}", 303)
        chart = claim_chart(it.dossier, it.steps, others=it.pieces) if it.steps else None
        text = site(tracker, person).claim(
            it,
            LINKS,
            template="desk-claim.html",
            titles=titles_of(tracker, {it.claim.case}),
            chart=chart,
            done=done,
            person=person,
            allowed=lambda role: may(person.role, role),
        )
        return Response(text, headers=headers.NEVER_KEPT, media_type="text/html")

    return await answered(request, make)


@router.get("/copying/{key}")
async def copying(request: Request, key: str) -> Response:
    """Whether the sources of a claim may be copying one another: it takes long where they have said much, so
    that it has a page of its own."""

    def make(tracker: Tracker, person: Person) -> Response:
        from tracker.report import suspicions

        it = tracker.why(key)
        told = [paragraph for each in it.suspicions for paragraph in suspicions.paragraphs(each)]
        return page(tracker, person, "desk-copying.html", "claims", claim=it.standing.claim, told=told)

    return await answered(request, make)


async def in_order(
    request: Request, name: str, after: str | None, done: int | None, ask: Callable[..., Sequence[Any]]
) -> Response:
    """A page of a list of records, by key; ``ask`` gives those that come after one, of a tracker."""

    def make(tracker: Tracker, person: Person) -> Response:
        found = ask(tracker, after=after, limit=SHOWN + 1)
        last = found[SHOWN - 1].key if len(found) > SHOWN else None
        more = onward(f"/{name}", last)
        rows = found[:SHOWN]
        return page(tracker, person, f"desk-{name}.html", name, done=done, rows=rows, next=more)

    return await answered(request, make)


@router.get("/sources")
async def sources(request: Request, after: After = None, done: Done = None) -> Response:
    """Sources, by key."""
    return await in_order(request, "sources", after, done, Tracker.sources)


@router.get("/sources/{key}")
async def source(request: Request, key: str, done: Done = None) -> Response:
    """A source, and the newest that it said."""

    def make(tracker: Tracker, person: Person) -> Response:
        record = tracker.source(key)
        newest = record.evidence[::-1][:MOST_FOUND]
        said = [
            Said(
                claim=piece.claim,
                piece=piece.key,
                stance=piece.stance,
                day=piece.counts_from.isoformat(),
                when=forreaders.when_words(piece.published) if piece.published is not None else "",
                withdrawn=piece.withdrawn is not None,
            )
            for piece in newest
        ]
        keys = list(dict.fromkeys(piece.claim for piece in newest))
        told = rows_of(tracker.statuses(keys)) if keys else []
        return page(
            tracker,
            person,
            "desk-source.html",
            "sources",
            done=done,
            record=record,
            fared=record_rows(record),
            figure=calibration(tracker.calibrated(record.source.key)) if record.outcomes else None,
            rows=said,
            total=len(record.evidence),
            claims={row.key: row for row in told},
            titles={},
            pager=[],
            page=1,
        )

    return await answered(request, make)


@router.get("/entities")
async def entities(request: Request, after: After = None, done: Done = None) -> Response:
    """People, groups, places and incidents, by key."""
    return await in_order(request, "entities", after, done, Tracker.entities)


@router.get("/entities/{key}")
async def entity(request: Request, key: str, done: Done = None) -> Response:
    """An entity, and the claims about it."""

    def make(tracker: Tracker, person: Person) -> Response:
        record = tracker.entity(key)
        merged = {record.entity.merged_into, *record.merged} - {None}
        return page(
            tracker,
            person,
            "desk-entity.html",
            "entities",
            done=done,
            entity=record.entity,
            merged=record.merged,
            names={each: each for each in sorted(key for key in merged if key)},
            figure=_life(tracker, record),
            rows=rows_of(list(record.claims)),
            total=len(record.claims),
            titles=titles_of(tracker, {each.claim.case for each in record.claims}),
            pager=[],
            page=1,
        )

    return await answered(request, make)


def _life(tracker: Tracker, record: EntityRecord) -> Figure | None:
    """The life line of a person of whom a death or a sign of life is reported."""
    told = any(each.claim.kind in LIVES for each in record.claims)
    if record.entity.type is not EntityType.PERSON or not told:
        return None
    return life_line(tracker.life(record.entity.key))


@router.get("/cases")
async def cases(request: Request, after: After = None, done: Done = None) -> Response:
    """Cases, by key."""
    return await in_order(request, "cases", after, done, Tracker.cases)


@router.get("/cases/{key}")
async def case(request: Request, key: str, done: Done = None) -> Response:
    """The claims of a case: with a figure of who says what of which, where they are not too many for one;
    else the first of them, and the way to all."""

    def make(tracker: Tracker, person: Person) -> Response:
        with tracker.lookup() as look:
            about = look.case(key)
        standings = tracker.statuses(case=about.key, limit=FIGURE + 1)
        drawn = 0 < len(standings) <= FIGURE
        rows = rows_of(standings[:FIGURE])
        if drawn:
            rows = sorted(rows, key=lambda row: row.changed, reverse=True)
        return page(
            tracker,
            person,
            "desk-case.html",
            "cases",
            done=done,
            case=about,
            tally=tally_of(rows) if drawn else [],
            figure=matrix(tracker.matrix(about.key)) if drawn else None,
            rows=rows,
            total=len(rows),
            more=f"/claims?{urlencode({'case': about.key})}" if len(standings) > FIGURE else None,
            titles={},
            pager=[],
            page=1,
        )

    return await answered(request, make)


@router.get("/changes")
async def changes(request: Request, since: Text = "", after: After = None) -> Response:
    """What changed here since a day: of the last thirty, unless another is named."""

    def make(tracker: Tracker, person: Person) -> Response:
        from datetime import timedelta

        day = since or (tracker.today - timedelta(days=30)).isoformat()
        found = tracker.changes(day, after=after, limit=SHOWN + 1)
        last = found[SHOWN - 1].place if len(found) > SHOWN else None
        keys = {step.claim for step in found if step.claim}
        with tracker.reading() as reader:
            texts = {key: claim.text for key, claim in reader.claims(keys).items()}
        more = onward("/changes", last, since=day)
        return page(
            tracker,
            person,
            "desk-changes.html",
            "changes",
            rows=found[:SHOWN],
            texts=texts,
            since=day,
            next=more,
        )

    return await answered(request, make)


@router.get("/audit")
async def audit(
    request: Request, before: Annotated[int | None, Query(ge=1, le=2**53)] = None, done: Done = None
) -> Response:
    """The journal, the newest entries first, and how to verify it."""

    def make(tracker: Tracker, person: Person) -> Response:
        size, root = tracker.head()
        end = size if before is None else min(size, before - 1)
        found = tracker.entries(after=max(0, end - SHOWN), limit=min(SHOWN, end)) if end else []
        earlier = f"/audit?before={found[0].seq}" if found and found[0].seq > 1 else None
        return page(
            tracker,
            person,
            "desk-audit.html",
            "audit",
            done=done,
            rows=list(reversed(found)),
            size=size,
            root=root,
            next=earlier,
        )

    return await answered(request, make)


@router.get("/review")
async def review(request: Request) -> Response:
    """What waits for a second person, and what must be corrected."""

    def make(tracker: Tracker, person: Person) -> Response:
        from tracker.report.publications import paragraph, summary

        found = tracker.review()
        with tracker.reading() as reader:
            texts = {
                key: claim.text
                for key, claim in reader.claims({each.claim for each in found.waiting}).items()
            }
        return page(
            tracker,
            person,
            "desk-review.html",
            "review",
            waiting=found.waiting,
            texts=texts,
            corrections=[paragraph(each) for each in found.corrections],
            summary=summary(found),
        )

    return await answered(request, make)


@router.get("/keys")
async def keys(request: Request) -> Response:
    """Which keys do what."""
    return await answered(request, lambda tracker, person: page(tracker, person, "desk-keys.html", "keys"))
