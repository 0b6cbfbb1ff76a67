"""Redaction: what is taken out of entries, and the entries that stand in for those that lost their text.

The text of a redacted entry is gone; its hash stays in its place in the tree. A later entry of the act
``entry.redacted`` names it by number and hash, and holds what stands in for it: the same entry
without what was taken out, so that everything that follows from the journal still does.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from tracker.journal.entry import Entry, Redacted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    Wanted = Mapping[str, Collection[Any] | None]
    """Fields to take out, each with the values that must go; None stands for all of them."""

ACT = "entry.redacted"
GONE = "[redacted]"
"""Stands where there must be a text."""

RECORDS = {
    "claim": ("claim.recorded", "claim.revised"),
    "evidence": ("evidence.logged", "evidence.corrected"),
    "source": ("source.registered", "source.revised"),
    "entity": ("entity.registered", "entity.revised"),
    "document": ("document.recorded", "document.revised", "document.archived"),
    "question": ("question.recorded", "question.revised"),
    "case": ("case.recorded", "case.revised"),
    "assessment": ("assessment.made",),
    "link": ("link.resolved", "link.reopened"),
    "publication": ("claim.published",),
}
"""The acts that write down a person's own words, by what they are about."""

_NEEDED = {
    "claim": ("text",),
    "source": ("name",),
    "entity": ("name",),
    "document": ("title",),
    "question": ("text",),
    "case": ("title", "about"),
    "assessment": ("by",),
    "link": ("because",),
    "publication": ("place",),
}
_FREE = {
    "claim": ("value", "when", "where", "external_id", "note"),
    "evidence": ("quote", "locator", "note"),
    "source": ("sides", "owner", "url", "note"),
    "entity": ("aliases", "wikidata", "note"),
    "document": ("author", "url", "note", "file"),
    "question": ("counted",),
    "publication": ("note",),
}
_WITH = {"value": "value_entity", "where": "where_entity"}
"""Fields that say the same in other words, and go with them."""

_RECORD_OF = {act: record for record, acts in RECORDS.items() for act in acts}


def record_of(act: str) -> str | None:
    """What an act that holds texts is about; None for others."""
    return _RECORD_OF.get(act)


def fields_of(record: str) -> tuple[str, ...]:
    """The fields of a record that can be redacted: words and dates. Keys, and the words of the
    vocabulary, can be corrected, but say nothing about a person by themselves."""
    return (*_NEEDED.get(record, ()), *_FREE.get(record, ()))


def values_in(entry: Entry) -> dict[str, list[Any]]:
    """What an entry holds in each field that can be redacted."""
    found: dict[str, list[Any]] = {}
    for part in _parts(entry.payload):
        for name in fields_of(record_of(entry.act) or ""):
            value = _value(part, name)
            if value not in (None, "", [], GONE):
                found.setdefault(name, []).append(value)
    return found


def without(entry: Entry, wanted: Wanted, *, reason: bool = False) -> Entry:
    """An entry without some of its texts; the same where it holds none of them."""
    payload = entry.payload
    if record := record_of(entry.act):
        names = [name for name in fields_of(record) if name in wanted]
        payload = {
            name: _part_without(record, value, names, wanted, keep=True) if _is_part(name, value) else value
            for name, value in payload.items()
        }
        if "set" not in payload or "file" in payload:
            payload = _part_without(record, payload, names, wanted, keep=False)
    if payload == entry.payload and not (reason and entry.reason not in ("", GONE)):
        return entry
    return replace(entry, payload=payload, reason=GONE if reason and entry.reason else entry.reason)


def _parts(payload: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of what was recorded, or those that a revision set and replaced."""
    return [payload] + [value for name, value in payload.items() if _is_part(name, value)]


def _is_part(name: str, value: Any) -> bool:
    """Whether this is what a revision set or replaced; of a link, ``was`` is a word."""
    return name in ("set", "was") and isinstance(value, dict)


def _value(part: dict[str, Any], name: str) -> Any:
    return part["file"].get("name") if name == "file" and "file" in part else part.get(name)


def _part_without(
    record: str, part: dict[str, Any], names: Iterable[str], wanted: Wanted, *, keep: bool
) -> dict[str, Any]:
    """Fields without what must go. With ``keep``, a field stays and is empty."""
    left = dict(part)
    for name in names:
        value, among = _value(left, name), wanted[name]
        if value in (None, "", []) or (among is not None and value not in among):
            continue
        if name == "file":
            left["file"] = {**left["file"], "name": GONE}
            continue
        if name in _NEEDED.get(record, ()):
            left[name] = GONE
            continue
        for gone in (name, _WITH.get(name, name)):
            if keep and gone in left:
                left[gone] = [] if isinstance(left[gone], list) else None
            else:
                left.pop(gone, None)
    return left


def texts_in(value: Any) -> Iterable[str]:
    """Every text in a plain value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from texts_in(inner)


# --- what stands in for redacted entries --------------------------------------------------------


def item(stand_in: Entry, leaf: str, by: int | None = None) -> dict[str, Any]:
    """What an entry of redaction says of one entry. ``by`` is the number of the earlier redaction
    that it was taken over from."""
    instead = {name: value for name, value in asdict(stand_in).items() if value is not None}
    instead.pop("redacted", None)
    del instead["seq"]
    said = {"seq": stand_in.seq, "leaf": leaf, "instead": instead}
    return said if by is None else {**said, "by": by}


def named_only(redaction: Entry) -> Entry:
    """An entry of redaction of which a later one took over what stands in for what."""
    entries = [{"seq": each["seq"], "leaf": each["leaf"]} for each in redaction.payload["entries"]]
    return replace(redaction, payload={**redaction.payload, "entries": entries})


def stand_ins(redactions: Iterable[tuple[int, str]]) -> dict[int, Entry]:
    """What stands in for each redacted entry, by number, from the number and body of every entry of
    the act ``entry.redacted``, the newest first: one that was itself redacted has no text, but a
    later one holds what stands in for it. Entries of other acts say nothing.
    Raises ``ValueError`` for a body that is no entry."""
    found: dict[int, Entry] = {}
    for seq, body in redactions:
        said = Entry.from_body(body.encode("utf-8", "surrogatepass")) if body else found.get(seq)
        if said is None or said.act != ACT:
            continue
        for each in said.payload["entries"]:
            if "instead" in each and each["seq"] < seq:
                found.setdefault(each["seq"], _stand_in(each, seq))
    return found


def _stand_in(said: dict[str, Any], by: int) -> Entry:
    """What stands in for an entry, as the entry ``by`` says."""
    redacted = Redacted(by=said.get("by", by), leaf=said["leaf"])
    return Entry(seq=said["seq"], **said["instead"], redacted=redacted)


# --- verification ---------------------------------------------------------------------------------

COLUMNS = ("batch", "recorded_at", "author", "act", "subject")


@dataclass(frozen=True, slots=True)
class Blank:
    """A row of the journal without its text: its place, what its columns say, and its hash (hex)."""

    place: int
    seq: int
    columns: dict[str, Any]
    leaf: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """An entry whose text is gone: by which entry, who redacted it, when and why."""

    seq: int
    by: int
    author: str
    recorded_at: str
    reason: str

    def __str__(self) -> str:
        day = self.recorded_at[:10]
        return f"entry {self.seq}: redacted by entry {self.by} ({self.author}, {day}): {self.reason}"


def judge(
    blanks: Iterable[Blank], redactions: Iterable[tuple[int, str]], reasons: Mapping[int, Entry]
) -> tuple[list[tuple[int, str]], list[Redaction]]:
    """Which rows without a text were redacted, and what is wrong with the others: the place of each
    in the journal, and what. ``redactions`` as :func:`stand_ins` takes them, ``reasons`` the
    entries among them that have a text."""
    try:
        standing = stand_ins(redactions)
    except (ValueError, TypeError, KeyError):
        standing = {}
    problems: list[tuple[int, str]] = []
    sound: list[Redaction] = []
    for blank in blanks:
        there = standing.get(blank.seq)
        if there is None or there.redacted is None or there.redacted.leaf != blank.leaf:
            missing = "its text is missing, and no entry says that it was redacted"
            problems.append((blank.place, f"entry {blank.seq}: {missing}"))
            continue
        problems += [
            (blank.place, f"entry {blank.seq}: the column {name} does not match what stands in for its text")
            for name in COLUMNS
            if getattr(there, name) != blank.columns[name]
        ]
        by = reasons.get(there.redacted.by) or standing.get(there.redacted.by)
        if by is not None:
            sound.append(Redaction(blank.seq, by.seq, by.author, by.recorded_at, by.reason))
    return problems, sound
