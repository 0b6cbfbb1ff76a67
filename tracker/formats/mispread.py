"""MISP in: the attributes and objects of events that somebody graded, judged or saw.

What this program wrote itself is read from its own objects. Of what others wrote, a claim is what has a tag
of the taxonomies admiralty-scale or estimative-language, an opinion, or a sighting.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, BadValue, ClaimsError, Finding
from tracker.formats import acts as say
from tracker.formats.acts import Group
from tracker.formats.confidence import Tagged, read_tags
from tracker.formats.estimates import estimate
from tracker.formats.jsonfields import Fields
from tracker.formats.jsontext import read_value
from tracker.formats.mispparts import TEMPLATES, day_of, fields_of_object
from tracker.formats.ownrecords import OwnRecord, OwnRecords
from tracker.formats.stixread import keeps_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from tracker.formats.acts import Act, Reading

NO_EVENT = 'it should be an event: {"Event": {…}}, a list of these, or {"response": [{"Event": {…}}, …]}'
LAST = 4_102_444_800
"""Seconds from 1970 to 2100: no record of MISP is from later."""

BANDS: tuple[tuple[int, str, str], ...] = (
    (81, "supports", "strongly agree"),
    (61, "supports", "agree"),
    (41, "mentions", "neutral"),
    (21, "doubts", "disagree"),
    (0, "denies", "strongly disagree"),
)
"""The bands of MISP's own opinions, from 0 to 100, with the stance that each is."""

SIGHTINGS = {0: ("supports", "seen"), 1: ("denies", "false positive"), 2: ("mentions", "expired")}


def read(file: BinaryIO, name: str, options: Mapping[str, str]) -> Reading:
    """The acts of one event, or of several."""
    keep_keys = keeps_keys(options)
    events: list[_Event] = []
    for number, value in enumerate(_events(read_value(file, name), name)):
        where = f"Event[{number}]"
        event = value.get("Event", value) if isinstance(value, dict) else value
        if not isinstance(event, dict):
            yield Finding(where, f"this is {event!r:.60}, not an event", NO_EVENT)
            continue
        try:
            events.append(_Event(Fields(event, where)))
        except ClaimsError as error:
            yield Finding(where, error.message, error.hint)
    records = OwnRecords([record for event in events for record in event.own], keep_keys=keep_keys)
    yield from records.things()
    yield from records.claims()
    yield from records.said()
    opinions = {str(record.fields.get("opinion")) for event in events for record in event.own}
    for event in events:
        yield from event.foreign(records.names, opinions)


def _events(value: Any, name: str) -> list[Any]:
    if isinstance(value, dict) and isinstance(value.get("response"), list | dict):
        value = value["response"]
    if isinstance(value, dict) and ("Event" in value or "info" in value):
        value = [value]
    if not isinstance(value, list):
        raise BadFile(f"{name} is no MISP event", NO_EVENT)
    return value


def _attributes(it: Fields) -> Iterator[Fields]:
    """The attributes of an object or event; none where these are no list, which is told of it itself."""
    value = it.data.get("Attribute")
    for number, each in enumerate(value if isinstance(value, list) else ()):
        if isinstance(each, dict):
            yield Fields(each, f"{it.where}, Attribute[{number}]")


def _own_word(it: Fields) -> str | None:
    """The kind of record that an object of this program holds; None for what others wrote."""
    template = it.data.get("template_uuid")
    return TEMPLATES.get(template) if isinstance(template, str) else None


def _tags(it: Fields) -> list[str]:
    return [each.text("name") or "" for each in it.objects("Tag")]


def _marks(tags: list[str]) -> str:
    """With whom something may be shared, by tags of the traffic light protocol; "" where none says so."""
    found = [each for each in tags if each.lower().startswith("tlp:")]
    return f"marked {', '.join(found)}" if found else ""


@dataclass(frozen=True, slots=True)
class _Thing:
    """An attribute, an object or the event, as what is claimed."""

    text: str
    note: str | None
    tagged: Tagged
    opinions: list[Fields]
    sightings: list[Fields]
    when: str | None

    @property
    def is_claim(self) -> bool:
        return self.tagged != Tagged() or bool(self.opinions or self.sightings)


class _Event:
    """Reads one event: its ``own`` records, and what others wrote."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.info = fields.text("info") or "event"
        self.day = fields.day("date")
        self.marks = _marks(_tags(fields))
        owner = fields.inner("Orgc") or fields.inner("Org")
        self.owner = owner.text("name") if owner else None
        self.objects = list(fields.objects("Object"))
        self.own = [
            OwnRecord(each.where, word, fields_of_object(each), each.text("uuid") or "")
            for each in self.objects
            if (word := _own_word(each)) is not None
        ]

    def foreign(self, names: Mapping[str, str], opinions: set[str]) -> Iterator[Group | Finding]:
        """The groups of what others wrote, or said of what is our own: ``names`` is what our claims are
        called in acts, by their ids; ``opinions`` are those that are verdicts of the file already."""
        for each, claim in self._things(names):
            refused: list[Finding] = []
            try:
                acts = self._acts(each, claim, opinions, refused)
            except ClaimsError as error:
                yield Finding(each.where, error.message, error.hint)
                continue
            if acts:
                yield Group(each.where, tuple(acts))
            yield from refused

    def _things(self, names: Mapping[str, str]) -> Iterator[tuple[Fields, str | None]]:
        """Whatever may be a claim, and those of our own claims that opinions may be on, by their names."""
        yield self.fields, None
        for each in self.objects:
            word = _own_word(each)
            claim = names.get(str(each.data.get("uuid"))) if word == "claim" else None
            if word is None or claim is not None:
                yield each, claim
                yield from ((inner, claim) for inner in _attributes(each))
        yield from ((each, None) for each in _attributes(self.fields))

    # --- a claim, and what is said of it ------------------------------------------------------------

    def _acts(
        self, fields: Fields, claim: str | None, opinions: set[str], refused: list[Finding]
    ) -> list[Act]:
        """What is said of a thing; for one that is no claim of our own, first that it is claimed. An opinion
        or a sighting that is wrong is ``refused``, and the others stand."""
        if fields.flag("deleted"):
            return []
        it = self._thing(fields, opinions)
        acts: list[Act] = []
        if claim is None:
            if not it.is_claim:
                return []
            claim = fields.text("uuid")
            if claim is None:
                raise BadValue("it has no uuid", "MISP gives one to all that it holds")
            acts = [say.RecordClaim(id=claim, text=it.text, note=it.note), *self._owner_says(it, claim)]
        said: list[Act] = []
        for pieces, read_piece in ((it.opinions, self._opinion), (it.sightings, self._sighting)):
            for each in pieces:
                try:
                    said += read_piece(each, claim)
                except ClaimsError as error:
                    refused.append(Finding(each.where, error.message, error.hint))
        return [*acts, *said] if said or it.tagged != Tagged() else []

    def _thing(self, fields: Fields, opinions: set[str]) -> _Thing:
        type_, value = fields.text("type"), fields.text("value")
        attributes = list(fields.objects("Attribute"))
        note = fields.text("comment")
        if fields is self.fields:
            text, note = self.info, None
        elif value is not None:
            text = value if type_ in ("text", "comment", "other", None) else f"{type_}: {value}"
        else:
            values = [each.text("value") for each in attributes]
            shown = ", ".join(each for each in values[:3] if each)
            text = f"{fields.text('name') or 'object'}: {shown or 'nothing'}"
        tags = _tags(fields)
        marks = _marks(tags) or self.marks
        return _Thing(
            text=text,
            note="\n".join(each for each in (note, marks) if each) or None,
            tagged=read_tags(tags),
            opinions=[each for each in fields.objects("Opinion") if each.text("uuid") not in opinions],
            sightings=list(fields.objects("Sighting")),
            when=day_of(fields.whole("timestamp", 0, LAST)) or self.day,
        )

    def _owner_says(self, it: _Thing, claim: str) -> list[Act]:
        """That the organisation of the event says so, with the grades that it tagged it with; and the
        verdict that an estimative tag is."""
        if it.tagged == Tagged():
            return []
        owner = self._named(None)
        said = it.tagged
        words = [f"source reliability {said.reliability} (admiralty-scale)"] if said.reliability else []
        words += ["tagged as deliberately deceptive"] if said.deceptive else []
        piece = say.LogEvidence(
            claim=claim,
            source=owner,
            stance="supports",
            published=it.when,
            credibility=said.credibility,
            note="; ".join(words) or None,
        )
        made = say.RegisterSource(name=owner, type="organisation")
        return [made, piece, *estimate(said, claim, owner, it.when)]

    def _opinion(self, it: Fields, claim: str) -> list[Act]:
        number = it.whole("opinion", 0, 100)
        if number is None:
            raise BadValue("an opinion has no number", "an opinion is from 0 to 100")
        stance, words = next((stance, words) for low, stance, words in BANDS if number >= low)
        who = self._named(it.text("authors") or self._organisation(it, "Orgc"))
        piece = say.LogEvidence(
            claim=claim,
            source=who,
            stance=stance,
            published=it.day("created") or self.day,
            note="; ".join(
                each for each in (it.text("comment"), f"opinion {number} of 100 ({words})") if each
            ),
        )
        return [say.RegisterSource(name=who), piece]

    def _sighting(self, it: Fields, claim: str) -> list[Act]:
        kind = it.whole("type", 0, 2)
        stance, words = SIGHTINGS[kind or 0]
        who = self._named(self._organisation(it, "Organisation") or it.text("source"))
        piece = say.LogEvidence(
            claim=claim,
            source=who,
            stance=stance,
            published=day_of(it.whole("date_sighting", 0, LAST)) or self.day,
            note=f"sighting: {words}",
        )
        return [say.RegisterSource(name=who), piece]

    def _organisation(self, it: Fields, name: str) -> str | None:
        inner = it.inner(name)
        return inner.text("name") if inner else None

    def _named(self, name: str | None) -> str:
        who = name or self.owner
        if who is None:
            raise BadValue("it does not say whose it is", "an event names its organisation in Orgc")
        return who
