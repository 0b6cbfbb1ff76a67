"""Snaks: a property and its value, as Wikidata's JSON has them, and in the one line that is kept of them.

A value is written as QuickStatements writes it: ``Q42``, ``+2016-12-31T00:00:00Z/11`` with ``/J`` for the
Julian calendar, ``+12[+10,+15]U11573``, ``da:"…"``, ``"…"``, ``somevalue`` and ``novalue``. Texts are
quoted as JSON does. What has no such form is kept as the JSON that it was.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue
from tracker.formats.wikidata.ids import name_of, property_of, the

if TYPE_CHECKING:
    from collections.abc import Iterable

SOME, NONE = "somevalue", "novalue"
ENTITY = re.compile(r"[QPLM][1-9]\d*(?:-[FS][1-9]\d*)?")
ITEM = re.compile(r"Q[1-9]\d{0,17}")
PROPERTY = re.compile(r"P[1-9]\d{0,17}")
TIME = re.compile(r"(?P<time>[+-]\d{1,16}-\d\d-\d\dT\d\d:\d\d:\d\dZ)/(?P<precision>\d{1,2})(?P<julian>/J)?")
AMOUNT = r"[+-]?\d+(?:\.\d+)?"
QUANTITY = re.compile(
    rf"(?P<amount>{AMOUNT})(?:\[(?P<low>{AMOUNT}),(?P<high>{AMOUNT})\])?(?:U(?P<unit>[1-9]\d*))?"
)
_LANGUAGE = r"[a-z][a-z0-9-]{0,34}"
_MONOLINGUAL = re.compile(rf'(?P<language>{_LANGUAGE}):(?P<text>".*")')
_LINE = re.compile(r"(?P<property>P[1-9]\d{0,17})(?: \([^\n]*?\))?: (?P<value>.+)")
_NAMED = re.compile(r"(?P<id>[QPLM][1-9]\d*(?:-[FS][1-9]\d*)?) \(.*\)")
BASE = "http://www.wikidata.org/entity/"
GREGORIAN, JULIAN = BASE + the("proleptic Gregorian calendar"), BASE + the("proleptic Julian calendar")
_KINDS = {"Q": "item", "P": "property", "L": "lexeme", "M": "mediainfo", "F": "form", "S": "sense"}


@dataclass(frozen=True, slots=True)
class Snak:
    """A property, by its id, and the text of its value."""

    pid: str
    value: str

    @property
    def item(self) -> str | None:
        """The item that is its value; None for other values."""
        return self.value if ITEM.fullmatch(self.value) else None

    @property
    def text(self) -> str | None:
        """The words that are its value, of whatever language; None for other values."""
        found = _MONOLINGUAL.fullmatch(self.value)
        words = found["text"] if found else self.value
        if not words.startswith('"'):
            return None
        try:
            read = json.loads(words)
        except ValueError:
            return None
        return read if isinstance(read, str) else None

    @property
    def language(self) -> str | None:
        """The language of its words, where it says one."""
        found = _MONOLINGUAL.fullmatch(self.value)
        return found["language"] if found else None

    def line(self) -> str:
        """The snak on a line, with the names of what is known: what a note keeps of it."""
        named, value = name_of(self.pid), self.value
        if ENTITY.fullmatch(value) and (name := name_of(value)):
            value = f"{value} ({name})"
        return f"{self.pid} ({named}): {value}" if named else f"{self.pid}: {value}"


def words(text: str, language: str | None = None) -> str:
    """A text as a value, of a language if it has one."""
    quoted = json.dumps(text, ensure_ascii=False)
    return f"{language}:{quoted}" if language else quoted


def lines_of(note: str | None) -> list[Snak]:
    """The snaks that the lines of a note keep; other lines are passed over."""
    found = []
    for line in (note or "").split("\n"):
        if kept := _LINE.fullmatch(line.strip()):
            named = _NAMED.fullmatch(kept["value"])
            found.append(Snak(kept["property"], named["id"] if named else kept["value"]))
    return found


# --- from JSON ----------------------------------------------------------------------------------


def read_snak(given: Any, what: str) -> Snak:
    """A snak from its JSON. Raises :class:`BadValue` for what is none; ``what`` says what it was to be."""
    if not isinstance(given, dict):
        raise BadValue(f"{what} is no object", "see the documentation of Wikibase's JSON")
    pid, kind = given.get("property"), given.get("snaktype")
    if not isinstance(pid, str) or not PROPERTY.fullmatch(pid):
        raise BadValue(f"{what} names no property", 'a snak has "property": "P…"')
    if kind in (SOME, NONE):
        return Snak(pid, str(kind))
    value = given.get("datavalue")
    if kind != "value" or not isinstance(value, dict) or not isinstance(value.get("type"), str):
        raise BadValue(
            f"{what} ({pid}) has no value", 'a snak has a "snaktype", and a "datavalue" with its type'
        )
    return Snak(pid, _value(value))


def snaks_of(given: Any, what: str) -> list[Snak]:
    """The snaks of qualifiers, or of a reference: an object of lists by property, or an empty list."""
    if not given:
        return []
    if not isinstance(given, dict) or not all(isinstance(each, list) for each in given.values()):
        raise BadValue(f"{what}s are no lists by property", "see the documentation of Wikibase's JSON")
    return [read_snak(each, what) for several in given.values() for each in several]


def _value(given: dict[str, Any]) -> str:
    """The text of a value: of one of the usual forms, or as the JSON that it is."""
    kind, value = given["type"], given.get("value")
    text: str | None = None
    if kind == "wikibase-entityid":
        text = _entity(value)
    elif kind == "time":
        text = _time(value)
    elif kind == "quantity":
        text = _quantity(value)
    elif kind == "string" and isinstance(value, str):
        text = words(value)
    elif kind == "monolingualtext" and isinstance(value, dict) and set(value) == {"text", "language"}:
        language, said = value["language"], value["text"]
        if isinstance(said, str) and isinstance(language, str) and re.fullmatch(_LANGUAGE, language):
            text = words(said, language)
    if text is not None:
        return text
    try:
        return json.dumps(given, ensure_ascii=False, sort_keys=True)
    except RecursionError as error:
        raise BadValue("a value is nested too deep", "look at it in the file") from error


def _entity(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    found, number = value.get("id"), value.get("numeric-id")
    if found is None and value.get("entity-type") == "item" and type(number) is int and number > 0:
        return f"Q{number}"
    return found if isinstance(found, str) and ENTITY.fullmatch(found) else None


def _time(value: Any) -> str | None:
    if not isinstance(value, dict) or any(value.get(name) for name in ("timezone", "before", "after")):
        return None
    return _bare_time(value)


def time_of(text: str) -> str:
    """The time, its precision and its calendar in the text of a value: one that has a time zone as well, or
    something before or after, is kept as JSON. "" for what is no time."""
    if TIME.fullmatch(text):
        return text
    if not text.startswith("{"):
        return ""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return ""
    value = whole.get("value") if whole.get("type") == "time" else None
    return (_bare_time(value) or "") if isinstance(value, dict) else ""


def _bare_time(value: dict[str, Any]) -> str | None:
    time, precision, calendar = value.get("time"), value.get("precision"), value.get("calendarmodel")
    if type(precision) is not int or calendar not in (GREGORIAN, JULIAN):
        return None
    text = f"{time}/{precision}{'/J' if calendar == JULIAN else ''}"
    return text if TIME.fullmatch(text) else None


def _quantity(value: Any) -> str | None:
    if not isinstance(value, dict):
        return None
    amount, low, high = (value.get(name) for name in ("amount", "lowerBound", "upperBound"))
    unit = value.get("unit", "1")
    if not isinstance(unit, str) or (low is None) != (high is None):
        return None
    text = f"{amount}" if low is None else f"{amount}[{low},{high}]"
    if unit != "1":
        text += "U" + unit.removeprefix(BASE + "Q")
    return text if QUANTITY.fullmatch(text) else None


# --- to JSON ------------------------------------------------------------------------------------


def to_json(snak: Snak) -> dict[str, Any]:
    """A snak as the JSON that Wikidata takes. Raises :class:`BadValue` for a value that is of no form."""
    found: dict[str, Any] = {"snaktype": "value", "property": snak.pid}
    if snak.value in (SOME, NONE):
        found["snaktype"] = snak.value
    else:
        found["datavalue"] = _datavalue(snak)
    if datatype := property_of(snak.pid).datatype:
        found["datatype"] = datatype
    return found


def by_property(snaks: Iterable[Snak]) -> dict[str, list[dict[str, Any]]]:
    """Snaks as lists by property: the JSON of qualifiers, or of a reference."""
    found: dict[str, list[dict[str, Any]]] = {}
    for snak in snaks:
        found.setdefault(snak.pid, []).append(to_json(snak))
    return found


def _datavalue(snak: Snak) -> dict[str, Any]:
    text = snak.value
    if ENTITY.fullmatch(text):
        part = text.partition("-")[2] or text
        return {"type": "wikibase-entityid", "value": {"entity-type": _KINDS[part[0]], "id": text}}
    if time := TIME.fullmatch(text):
        model = JULIAN if time["julian"] else GREGORIAN
        value = {"time": time["time"], "timezone": 0, "before": 0, "after": 0}
        value |= {"precision": int(time["precision"]), "calendarmodel": model}
        return {"type": "time", "value": value}
    if many := QUANTITY.fullmatch(text):
        number = {"amount": many["amount"], "unit": BASE + "Q" + many["unit"] if many["unit"] else "1"}
        if many["low"]:
            number |= {"lowerBound": many["low"], "upperBound": many["high"]}
        return {"type": "quantity", "value": number}
    if (said := snak.text) is not None:
        if language := snak.language:
            return {"type": "monolingualtext", "value": {"text": said, "language": language}}
        return {"type": "string", "value": said}
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        whole = None
    if isinstance(whole, dict):
        return whole
    raise BadValue(f"{text[:60]!r} is no value of Wikidata", "mend the line in the note")
