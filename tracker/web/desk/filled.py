"""A form with what was typed into it: done, looked at beforehand, shown again."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote

from claims.errors import ChangedMeanwhile, ClaimsError, JudgedMeanwhile, NotFound
from tracker.app.serving import done_as
from tracker.app.tokens import may
from tracker.errors import Uncertain
from tracker.pages.links import FOLDERS
from tracker.web.desk.forms import number
from tracker.web.desk.noting import notes
from tracker.web.desk.rendering import LINKS, moves, page
from tracker.web.problems import refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

    from tracker.app import Tracker
    from tracker.app.serving import Shared
    from tracker.web.desk.fields import Form
    from tracker.web.desk.rendering import Move
    from tracker.web.identity import Person
    from tracker.web.uploads import Waiting


@dataclass(frozen=True, slots=True)
class Shown:
    """What a form is shown with: what it is ``about``, in words; the ``token`` by which it is known to be
    ours; and how many bytes of a file it may bring."""

    about: str
    token: str
    most: int


@dataclass(frozen=True, slots=True)
class Told:
    """What an act would do: the claims that it would move, and what it would note of records."""

    moves: list[Move]
    notes: list[str]


@dataclass(frozen=True, slots=True)
class Filled:
    """A form with what was typed into it. ``request`` names it, so that it is recorded once; ``seen`` is the
    newest entry that was known of its record when it was shown. ``kept`` is the name under which a ``file``
    that came with it waits."""

    form: Form
    key: str
    values: Mapping[str, str]
    request: str
    seen: str
    kept: str = ""
    file: Waiting | None = None

    @property
    def asked(self) -> dict[str, object]:
        """What is asked for, by which the same form sent twice is known: a file by its bytes."""
        asked: dict[str, object] = {"form": self.form.name, "key": self.key, "values": dict(self.values)}
        return asked if self.file is None else asked | {"file": self.file.asked}

    def done(self, tracker: Tracker) -> str:
        """Do what the form is for; where to go then."""
        seen = self.seen if self.seen.isascii() and self.seen.isdigit() and len(self.seen) < 19 else ""
        values = {**self.values, "seen": seen}
        if self.file is not None:
            values["file"] = str(self.file.path)
        record = record_of(tracker, self.form, self.key)
        if record is None or not seen:
            return self.form.does(tracker, self.key, values)
        what, key = record
        with tracker.unchanged_since(key, int(seen), what):
            return self.form.does(tracker, self.key, values)

    def looked_at(self, shared: Shared, person: Person) -> Told:
        """What it would note, and how claims would then stand; nothing of it is recorded."""
        dry = shared.tracker(person.name, dry_run=True)
        done_as(dry, person.role, self.done)
        return Told(moves(dry, dry.outcome), notes(dry.outcome.entries))

    def after(self, error: Exception | None) -> Filled:
        """The same, with what has become known by being told."""
        if isinstance(error, ChangedMeanwhile | JudgedMeanwhile):
            return replace(self, request=fresh(), seen=str(error.entry))
        return self

    def shown(
        self,
        tracker: Tracker,
        person: Person,
        around: Shown,
        *,
        told: Told | None = None,
        error: Exception | None = None,
    ) -> Response:
        """The page of the form."""
        failed = refusal(error) if isinstance(error, ClaimsError) else error
        asked = [field for field in self.form.fields if not field.role or may(person.role, field.role)]
        return page(
            tracker,
            person,
            "desk-form.html",
            "",
            200 if failed is None else getattr(failed, "status", 422),
            form=self.form,
            about=around.about,
            back=LINKS.to(self.form.about, self.key) if self.form.about in FOLDERS else None,
            action=f"/do/{self.form.name}" + (f"/{quote(self.key, safe='')}" if self.key else ""),
            values=self.values,
            token=around.token,
            request=self.request,
            seen=self.seen,
            kept=self.kept,
            file=self.file,
            most=around.most,
            told=told,
            error=failed,
            changes=getattr(error, "changes", ()),
            sure=isinstance(error, Uncertain),
            vague=[field for field in asked if field.more],
            plain=[field for field in asked if not field.more],
        )


def about_of(tracker: Tracker, form: Form, key: str) -> str:
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
        if form.about == "entity":
            return look.entity(key).name
        if form.about == "case":
            return look.case(key).title or key
        if form.about == "evidence":
            return look.evidence(key).key
        if form.about == "link":
            return look.link(key).key
    return key


def record_of(tracker: Tracker, form: Form, key: str) -> tuple[str, str] | None:
    """What an act of a form changes, of which somebody may have changed something meanwhile: the kind of
    record, and its key; of evidence and links, their claim."""
    if form.about in ("evidence", "link"):
        with tracker.lookup() as look:
            return "claim", look.evidence(key).claim if form.about == "evidence" else look.link(key).claim
    return (form.about, key) if form.about in FOLDERS else None


def version_of(tracker: Tracker, form: Form, key: str) -> str:
    """The newest entry on what a form is about; "" where that does not matter."""
    record = record_of(tracker, form, key)
    if record is not None:
        return str(tracker.record_version(*record))
    return str(tracker.head()[0]) if form.judges else ""


def fresh() -> str:
    """A name that no form had."""
    return secrets.token_urlsafe(12)
