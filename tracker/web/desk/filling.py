"""Filling in forms: shown, looked at beforehand, and sent. Nothing is recorded that does not come from a form
of ours, in the session that it was shown in."""

import secrets
from collections.abc import Mapping
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from claims.errors import ChangedMeanwhile, ClaimsError, JudgedMeanwhile, NotFound
from tracker.app import Tracker
from tracker.app.serving import done_as
from tracker.errors import AlreadyRecorded, Uncertain
from tracker.web.desk.fields import Form
from tracker.web.desk.forms import FORMS, number
from tracker.web.desk.rendering import LINKS, Move, moves, page
from tracker.web.desk.sending import keep, read_form, session_of, token_for
from tracker.web.identity import Person
from tracker.web.problems import Refusal, refusal

router = APIRouter(include_in_schema=False)


def form_of(name: str) -> Form:
    """The form of a name. Raises :class:`Refusal`."""
    if name not in FORMS:
        raise Refusal(404, "not-found", f"there is no form {name[:60]!r}", "go back to the claims")
    return FORMS[name]


@router.get("/do/{name}")
async def shown_alone(request: Request, name: str) -> Response:
    """A form that is about no record yet."""
    return await _shown(request, name, "")


@router.get("/do/{name}/{key:path}")
async def shown(request: Request, name: str, key: str) -> Response:
    """A form that is about a record."""
    return await _shown(request, name, key)


async def _shown(request: Request, name: str, key: str) -> Response:
    form = form_of(name)
    session = session_of(request)
    asked = dict(request.query_params)

    def make(tracker: Tracker, person: Person) -> Response:
        about = _about(tracker, form, key)
        values = {field.name: asked.get(field.name, "")[:1000] for field in form.fields}
        if form.known is not None:
            values |= form.known(tracker, key)
        filled = Filled(form, key, values, _fresh(), _version(tracker, form, key))
        return filled.shown(tracker, person, about, token_for(request, session))

    answer: Response = await request.app.state.room.read(request, make, needed=form.role)
    keep(request, answer, session)
    return answer


@router.post("/do/{name}")
async def sent_alone(request: Request, name: str) -> Response:
    """A form that is about no record yet, as it was filled in."""
    return await _sent(request, name, "")


@router.post("/do/{name}/{key:path}")
async def sent(request: Request, name: str, key: str) -> Response:
    """A form that is about a record, as it was filled in."""
    return await _sent(request, name, key)


async def _sent(request: Request, name: str, key: str) -> Response:
    form = form_of(name)
    given = await read_form(request)
    session = session_of(request)
    values = {field.name: given.get(field.name, "") for field in form.fields}
    filled = Filled(form, key, values, given.get("request", "")[:100] or _fresh(), given.get("seen", ""))
    own = request.app.state.room.identities.is_own_form(session, given.get("form", ""))
    if not own:
        stale = Refusal(
            403,
            "cross-site",
            "this form is of an earlier session; nothing was recorded",
            "look through it, and send it again",
        )
        return await _again(request, filled, session, stale)
    if given.get("step") != "save":
        return await _again(request, filled, session, None, look=True)
    try:
        where, tracker = await request.app.state.room.write(
            request,
            filled.done,
            asked={"form": name, "key": key, "values": values},
            name=f"form-{filled.request}",
            needed=form.role,
        )
    except AlreadyRecorded:
        return RedirectResponse("/audit", 303)
    except ClaimsError as error:
        return await _again(request, filled, session, error)
    return RedirectResponse(_told(where, tracker), 303)


async def _again(
    request: Request, filled: "Filled", session: str, error: Exception | None, *, look: bool = False
) -> Response:
    """A form once more, with what is wrong, or what it would do."""
    filled = filled.after(error)

    def make(tracker: Tracker, person: Person) -> Response:
        told, failed = None, error
        if look:
            try:
                told = filled.looked_at(request, person)
            except ClaimsError as refused:
                failed = refused
        about = _about(tracker, filled.form, filled.key)
        token = token_for(request, session)
        return filled.after(failed).shown(tracker, person, about, token, told=told, error=failed)

    room = request.app.state.room
    answer: Response = await room.read(request, make, needed=filled.form.role, writes=look)
    keep(request, answer, session)
    return answer


class Filled:
    """A form with what was typed into it. ``request`` names it, so that it is recorded once; ``seen`` is the
    newest entry that was known of the claim when it was shown."""

    def __init__(self, form: Form, key: str, values: Mapping[str, str], request: str, seen: str) -> None:
        self.form = form
        self.key = key
        self.values = dict(values)
        self.request = request
        self.seen = seen if seen.isascii() and seen.isdigit() and len(seen) < 19 else ""

    def done(self, tracker: Tracker) -> str:
        """Do what the form is for; where to go then."""
        values = {**self.values, "seen": self.seen}
        claim = _claim_of(tracker, self.form, self.key)
        if claim is None or not self.seen:
            return self.form.does(tracker, self.key, values)
        with tracker.unchanged_since(claim, int(self.seen)):
            return self.form.does(tracker, self.key, values)

    def looked_at(self, request: Request, person: Person) -> list[Move]:
        """How claims would stand; nothing of it is recorded."""
        dry = request.app.state.room.shared.tracker(person.name, dry_run=True)
        done_as(dry, person.role, self.done)
        return moves(dry, dry.outcome)

    def after(self, error: Exception | None) -> "Filled":
        """The same, with what has become known by being told."""
        if isinstance(error, ChangedMeanwhile | JudgedMeanwhile):
            return Filled(self.form, self.key, self.values, _fresh(), str(error.entry))
        return self

    def shown(
        self,
        tracker: Tracker,
        person: Person,
        about: str,
        token: str,
        *,
        told: list[Move] | None = None,
        error: Exception | None = None,
    ) -> Response:
        """The page of the form."""
        failed = refusal(error) if isinstance(error, ClaimsError) else error
        return page(
            tracker,
            person,
            "desk-form.html",
            "",
            200 if failed is None else getattr(failed, "status", 422),
            form=self.form,
            about=about,
            back=LINKS.to("claim", self.key) if self.form.about == "claim" else None,
            action=f"/do/{self.form.name}" + (f"/{quote(self.key, safe='')}" if self.key else ""),
            values=self.values,
            token=token,
            request=self.request,
            seen=self.seen,
            told=told,
            error=failed,
            changes=getattr(error, "changes", ()),
            sure=isinstance(error, Uncertain),
            vague=[field for field in self.form.fields if field.more],
            plain=[field for field in self.form.fields if not field.more],
        )


def _about(tracker: Tracker, form: Form, key: str) -> str:
    """What a form is about, in words. Raises :class:`NotFound` where that is not there."""
    if bool(form.about) != bool(key):
        raise NotFound(f"the form {form.name!r} is about {form.about or 'nothing'}", "go back to the claims")
    if form.about == "claim":
        return tracker.status(key).claim.text
    if form.about == "entry":
        tracker.inclusion(number(key))
    with tracker.lookup() as look:
        if form.about == "source":
            return look.source(key).name
        if form.about == "evidence":
            return look.evidence(key).key
        if form.about == "link":
            return look.link(key).key
    return key


def _claim_of(tracker: Tracker, form: Form, key: str) -> str | None:
    """The claim that an act of a form changes, of which somebody may have changed something meanwhile."""
    if form.about in ("evidence", "link"):
        with tracker.lookup() as look:
            return look.evidence(key).claim if form.about == "evidence" else look.link(key).claim
    return key if form.about == "claim" else None


def _version(tracker: Tracker, form: Form, key: str) -> str:
    claim = _claim_of(tracker, form, key)
    if claim is not None:
        return str(tracker.claim_version(claim))
    return str(tracker.head()[0]) if form.judges else ""


def _fresh() -> str:
    return secrets.token_urlsafe(12)


def _told(where: str, tracker: Tracker) -> str:
    """Where to go after an act: a page that says which entry was recorded."""
    path, hash_, piece = where.partition("#")
    entries = tracker.outcome.entries
    return f"{path}?done={entries[-1].seq if entries else 0}{hash_}{piece}"
