"""Who was named as the state behind each threat actor, as a list of actors changed over the years: JSON Lines
with an addition, a change or a removal each, as they are mined from the history of a MISP galaxy.

Each value that an actor was given is a claim of its own, with what the list says as evidence: from the
day on which it was put in until the day on which it was taken out or changed. Values of one actor are
rival answers to one question.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, BadValue, ClaimsError, Finding
from claims.names import fold
from tracker.formats import acts as say
from tracker.formats.acts import Group
from tracker.formats.confidence import word_of
from tracker.formats.jsonfields import Fields
from tracker.formats.jsontext import value_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from tracker.formats.acts import Reading

LIST = "MISP galaxy of threat actors"
LONGEST_LINE = 100_000
_QUESTIONS = {"country": "Which country does {} belong to?", "sponsor": "Which state is suspected behind {}?"}
_TEXTS = {"country": "{} belongs to {}", "sponsor": "{} is suspected to be sponsored by {}"}
_SAID_NOTHING = ("", "unknown")
UNSAID_CONFIDENCE = 50
"""The confidence that the galaxy has where nobody gave one: it was put on all actors on one day, and says
as little as none."""


@dataclass(slots=True)
class _Stay:
    """A value that an actor had, from one day to another, and the confidences it had meanwhile."""

    actor: str
    what: str
    value: str
    since: str
    until: str | None = None
    because: str = ""
    confidences: list[tuple[str, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Actor:
    """An entry of the list: its name, and the values that it has."""

    name: str
    values: dict[str, str] = field(default_factory=dict)
    confidence: int | None = None


@dataclass(frozen=True, slots=True)
class _Event:
    where: str
    fields: Fields
    day: str


def read(file: BinaryIO, name: str, options: Mapping[str, str]) -> Reading:
    """A group for each value that each actor was given, in the order in which they first were."""
    history = _History()
    events: list[_Event] = []
    for number, line in enumerate(_lines(file, name), 1):
        if not line.strip():
            continue
        where = f"line {number}"
        try:
            events.append(_event(value_of(line, "this"), where))
        except ClaimsError as error:
            yield Finding(where, error.message, error.hint)
    for (day, _), found in groupby(events, key=lambda it: (it.day, it.fields.data.get("commit"))):
        yield from history.take(day, list(found))
    yield from history.groups(options.get("source") or LIST)


def _lines(file: BinaryIO, name: str) -> Iterator[bytes]:
    while line := file.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise BadFile(f"{name} has a line of more than {LONGEST_LINE:,} bytes", "is it JSON Lines?")
        yield line


def _event(value: Any, where: str) -> _Event:
    if not isinstance(value, dict):
        raise BadValue(f"this is {value!r:.60}, not an event", 'an event has "t", "event", "actor", "name"')
    fields = Fields(value, where)
    day = fields.day("t")
    if day is None or fields.text("actor") is None or fields.text("name") is None:
        raise BadValue("an event lacks its time, actor or name", 'it has "t", "event", "actor", "name"')
    if fields.text("event") not in ("add", "change", "remove"):
        raise BadValue(f"its event is {fields.text('event')!r:.60}", "there are: add, change, remove")
    return _Event(where, fields, day)


class _History:
    """The list as it changes. An actor is known by its name: ids of entries were given anew once."""

    def __init__(self) -> None:
        self._entries: dict[str, _Actor] = {}
        self._called: dict[str, dict[str, _Actor]] = {}
        self._open: dict[str, dict[tuple[str, str, str], _Stay]] = {}
        self._stays: list[_Stay] = []
        self._names: dict[str, str] = {}

    def take(self, day: str, events: list[_Event]) -> Iterator[Finding]:
        """Apply what changed at once, and note which values came and went by it."""
        why: dict[tuple[str, str], str] = {}
        touched: dict[str, None] = {}
        for event in events:
            try:
                touched[self._apply(event, why)] = None
            except ClaimsError as error:
                yield Finding(event.where, error.message, error.hint)
        for actor in touched:
            self._compare(actor, day, why)

    def _compare(self, actor: str, day: str, why: dict[tuple[str, str], str]) -> None:
        """Begin and end what an actor has since, or has no more."""
        held: dict[tuple[str, str, str], int | None] = {}
        for entry in self._called.get(actor, {}).values():
            held |= {(actor, name, value): entry.confidence for name, value in entry.values.items()}
        open_ = self._open.setdefault(actor, {})
        for key, confidence in held.items():
            self._begin(key, day)
            self._note(key, day, confidence)
        for key in [key for key in open_ if key not in held]:
            stay = open_.pop(key)
            stay.until = day
            stay.because = why.get(key[:2], "the actor was taken out of the list")

    def _apply(self, event: _Event, why: dict[tuple[str, str], str]) -> str:
        """Apply one event; gives the actor that it is about, by its folded name."""
        fields = event.fields
        id_, name, kind = (fields.text(each) or "" for each in ("actor", "name", "event"))
        self._names.setdefault(fold(name), name)
        if kind == "remove":
            gone = self._entries.pop(id_, None)
            actor = fold(gone.name if gone else name)
            self._called.get(actor, {}).pop(id_, None)
            return actor
        entry = self._entries.setdefault(id_, _Actor(name))
        actor = fold(entry.name)
        self._called.setdefault(actor, {})[id_] = entry
        if kind == "add":
            for each in _QUESTIONS:
                self._set(entry, each, fields.text(each), why)
            entry.confidence = fields.whole("confidence", 0, 100)
            return actor
        what = fields.text("field")
        if what == "confidence":
            entry.confidence = fields.whole("new", 0, 100)
        elif what in _QUESTIONS:
            self._set(entry, what, fields.text("new"), why)
        else:
            raise BadValue(f"its field is {what!r:.60}", "there are: country, sponsor, confidence")
        return actor

    def _set(self, entry: _Actor, name: str, value: str | None, why: dict[tuple[str, str], str]) -> None:
        entry.values.pop(name, None)
        if value is not None and value.casefold() not in _SAID_NOTHING:
            entry.values[name] = value
        why[fold(entry.name), name] = f"the list was changed to say: {value or 'nothing'}"

    def _begin(self, key: tuple[str, str, str], day: str) -> None:
        actor, name, value = key
        if key not in self._open[actor]:
            self._open[actor][key] = _Stay(self._names[actor], name, value, day)
            self._stays.append(self._open[actor][key])

    def _note(self, key: tuple[str, str, str], day: str, confidence: int | None) -> None:
        noted = self._open[key[0]][key].confidences
        if confidence is not None and (not noted or noted[-1][1] != confidence):
            noted.append((day, confidence))

    def groups(self, source: str) -> Iterator[Group]:
        """A claim for each value of each actor, with a piece of evidence for each time that it had it."""
        by_claim: dict[tuple[str, str, str], list[_Stay]] = {}
        for stay in self._stays:
            by_claim.setdefault((stay.actor, stay.what, stay.value), []).append(stay)
        for (actor, name, value), stays in by_claim.items():
            acts = (*_claim(actor, name, value, source), *_says(stays, source))
            yield Group(f"{actor}, {name} {value}", acts)


def _claim(actor: str, name: str, value: str, source: str) -> Iterator[say.Act]:
    question = _QUESTIONS[name].format(actor)
    yield say.RegisterSource(name=source, type="organisation")
    yield say.RegisterEntity(name=actor, type="group")
    yield say.RegisterEntity(name=value, type="other")
    yield say.PoseQuestion(text=question)
    yield say.RecordClaim(
        id=_id_of(actor, name, value),
        text=_TEXTS[name].format(actor, value),
        kind="attribution",
        subject=actor,
        value=value,
        question=question,
    )


def _says(stays: list[_Stay], source: str) -> Iterator[say.Act]:
    for stay in stays:
        told = [number for _, number in stay.confidences if number != UNSAID_CONFIDENCE]
        words = "; ".join(f"confidence {number} from {day}" for day, number in stay.confidences)
        yield say.LogEvidence(
            claim=_id_of(stay.actor, stay.what, stay.value),
            source=source,
            stance="supports",
            published=stay.since,
            credibility=word_of("admiralty", told[-1]) if told else None,
            note=words or None,
            withdrawn=stay.until,
            withdrawn_reason=stay.because if stay.until else None,
        )


def _id_of(actor: str, name: str, value: str) -> str:
    return f"{name}: {actor}: {value}"
