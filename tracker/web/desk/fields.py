"""Forms as data: what each asks for, by the words of the field, and what it does with the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote

from claims import vocabulary as v
from claims.errors import UsageError
from tracker.app.tokens import LOGGER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from enum import StrEnum

    from tracker.app import Tracker

    Values = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One thing that a form asks for. ``words`` are those to choose from; a ``needed`` one must be given;
    ``rows`` is for long texts."""

    name: str
    label: str
    hint: str = ""
    words: tuple[str, ...] = ()
    needed: bool = False
    rows: int = 0
    file: bool = False
    """Whether it is a file that is sent; the form is then given where its bytes are."""
    role: str = ""
    """The role without which nobody is asked for it; what is not asked for stays as it is."""

    more: bool = False
    """Whether it is among what few need, and is shown when asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A form: its ``fields``, what it ``does`` for a record with what was typed, and the ``role`` that this
    needs. ``does`` returns the address, within the desk, of what was recorded. ``about``: what its key is
    the key of. ``known`` gives what stands in the fields at first."""

    name: str
    title: str
    verb: str
    fields: tuple[Field, ...]
    does: Callable[[Tracker, str, Values], str]
    about: str = ""
    role: str = LOGGER
    known: Callable[[Tracker, str], Values] | None = None
    judges: bool = False
    """Whether it is a verdict, of which others may have made another meanwhile."""

    @property
    def typed(self) -> tuple[Field, ...]:
        """The fields that something is typed into, or chosen in: all but files."""
        return tuple(field for field in self.fields if not field.file)

    @property
    def takes_file(self) -> bool:
        """Whether a file may come with it."""
        return len(self.typed) < len(self.fields)


def page_of(what: str, key: str) -> str:
    """The address of a record's page."""
    return f"/{what}/{quote(key, safe='')}"


def changed(values: Values, before: Values, fields: Iterable[Field]) -> dict[str, str | None]:
    """Those of some fields that were typed over; None for what was taken out."""
    names = [field.name for field in fields if field.name in values]
    typed = {name: values[name].strip() for name in names}
    return {name: typed[name] or None for name in names if typed[name] != before.get(name, "")}


def lines(text: str | None) -> list[str]:
    """What stands on each line."""
    return [line.strip() for line in (text or "").splitlines() if line.strip()]


def given(values: Values, *names: str) -> dict[str, str]:
    """Those of some fields that something was typed into."""
    return {name: values[name].strip() for name in names if values.get(name, "").strip()}


def need(values: Values, *names: str) -> None:
    """Refuse a form in which something is missing; raises :class:`UsageError`."""
    missing = [name for name in names if not values.get(name, "").strip()]
    if missing:
        raise UsageError(f"{' and '.join(missing)}: nothing was typed there", "fill it in")


def chosen(kind: type[StrEnum], *, optional: bool = True) -> tuple[str, ...]:
    """The words of a vocabulary, to choose from."""
    words = tuple(str(word.value) for word in kind)
    return ("", *words) if optional else words


KEY = Field(name="key", label="Key", hint="made from its words if left empty", more=True)
NOTE = Field(name="note", label="Note", rows=2, more=True)
REASON = Field(name="reason", label="Reason", hint="why the record is changed", needed=True, rows=2)
WHY = Field(name="reason", label="Reason", rows=2, more=True)

CLAIM = (
    Field(name="text", label="What is claimed", hint="in a sentence", needed=True, rows=2),
    Field(name="kind", label="Kind", words=chosen(v.Kind, optional=False), needed=True),
    Field(name="subject", label="About", hint="a person, group, place or incident: key or name"),
    Field(name="when", label="When it happened", hint="12 May 2012, late 2018, 2018-11"),
    Field(name="value", label="Answer", hint="a group, a number, a range"),
    Field(name="where", label="Where"),
    Field(name="case", label="Case", hint="its key; opened if it is new"),
    Field(name="question", label="Question", hint="the one that it answers", more=True),
    Field(name="lang", label="Language", hint="a BCP 47 tag, such as fr", more=True),
    Field(name="external_id", label="Id elsewhere", more=True),
    Field(name="note", label="Note", rows=2, more=True),
)

EVIDENCE = (
    Field(name="source", label="Source", hint="who says it: key or name", needed=True),
    Field(name="stance", label="Stance", words=chosen(v.Stance, optional=False), needed=True),
    Field(name="published", label="Published", hint="when it said so: 13 May 2012, Dec 2018"),
    Field(name="url", label="Address of the document", hint="https://…"),
    Field(name="quote", label="Quote", hint="the source's own words", rows=3),
    Field(name="locator", label="Where in the document", hint="page, section, minute", more=True),
    Field(name="credibility", label="Credibility", words=("", *"123456"), more=True),
    Field(name="basis", label="How it knows", words=chosen(v.Basis), more=True),
    Field(name="side", label="Speaks", words=chosen(v.Side), more=True),
    Field(name="relays", label="Passes on", hint="the source that it has this from", more=True),
    Field(name="note", label="Note", rows=2, more=True),
)

FILE = Field(
    name="file",
    label="A copy of the document",
    hint="a file, kept in the archive with its SHA-256",
    file=True,
)
NEW_SUBJECT = Field(
    name="new_subject",
    label="If nobody is called so, register as",
    words=chosen(v.EntityType),
)
NEW_SOURCE = Field(
    name="new_source", label="If there is no such source, register as", words=chosen(v.SourceType)
)
