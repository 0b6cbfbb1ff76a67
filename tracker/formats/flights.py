"""What web sites say of flights, in the raw form in which it was gathered (Li et al., "Truth finding on
the deep web", 2012): lines without headings, fields separated by tabs, times in many spellings.

A line names a site, a flight, and its scheduled and actual departure, departure gate, scheduled and actual
arrival, and arrival gate. Files of true values have no site. Each of the six is an item of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.errors import BadFile
from tracker.formats import packed
from tracker.formats.csvtable import LARGEST_STREAM, LONGEST_LINE, RowFinding, unpacked
from tracker.formats.rowsaid import Record, Records, slug

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

TIMES = {"scheduled departure": 2, "actual departure": 3, "scheduled arrival": 5, "actual arrival": 6}
GATES = {"departure gate": 4, "arrival gate": 7}
COLUMNS = 8
"""Of a line with its site; a line of true values has one less."""

_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})")

Said = tuple[int, str, str, str]
"""A line's number, the item, the source, and the value."""


def read(
    data: bytes, name: str, day: str = "", *, truth: bool = False
) -> tuple[list[Said], list[RowFinding]]:
    """What the lines of a file say, and what is wrong with those that say nothing usable.

    ``day`` begins the name of each item, so that days can be read together. ``truth``: the lines have
    no site, and the source is "". Lines with fewer fields lack the last values; a field that is no time
    or gate says nothing. Raises :class:`BadFile` where no line is of this form.
    """
    said: list[Said] = []
    findings: list[RowFinding] = []
    least = COLUMNS - truth
    for number, ended in enumerate(unpacked(data, name).decode("utf-8", "replace").split("\n"), start=1):
        line = ended.rstrip("\r")
        if not line.strip():
            continue
        fields = ["", *line.split("\t")] if truth else line.split("\t")
        if _no_flight(fields, truth=truth):
            findings.append(RowFinding(number, f"this is no flight: {least} fields, with tabs between them"))
            continue
        prefix = f"{day} {fields[1]}" if day else fields[1]
        said += [(number, f"{prefix} {what}", fields[0], value) for what, value in values(fields)]
    if not said:
        raise _holds_none(name, truth=truth)
    return said, findings


def stream(
    file: BinaryIO, name: str, constants: Mapping[str, str] | None = None
) -> Iterator[Records | RowFinding]:
    """What each line of an open file says, as it is read: up to six claims by its site, each an answer to the
    question what became of this flight on this day. The name of the file begins with the day (YYYYMMDD),
    or nothing is known of it. ``constants`` are fields that are the same everywhere.

    Raises :class:`BadFile`, on the way, where no line is of this form.
    """
    day = day_of(name)
    on = f" on {day}" if day else ""
    plain = packed.opened(file, name, LARGEST_STREAM)
    any_flight = False
    number = 0
    while ended := plain.readline(LONGEST_LINE):
        number += 1
        line = ended.decode("utf-8", "replace").rstrip("\r\n")
        if not line.strip():
            continue
        fields = line.split("\t")
        if _no_flight(fields):
            yield RowFinding(number, f"this is no flight: {COLUMNS} fields, with tabs between them")
            continue
        any_flight = True
        site, flight = fields[0].strip(), fields[1].strip()
        common = {**(constants or {}), "source": site, "source_type": "outlet", "stance": "supports"}
        if day:
            common["published"] = day
        records = []
        for what, value in values(fields):
            item = f"{day} {flight} {what}".strip()
            said = {
                "claim": f"The {what} of flight {flight}{on} is {value}",
                "claim_id": f"{item} = {value}",
                "value": value,
                "question": f"What is the {what} of flight {flight}{on}?",
                "question_key": slug(item),
            }
            records.append(Record(number, common | said))
        yield Records(number, tuple(records))
    if not any_flight:
        raise _holds_none(name)


def day_of(name: str) -> str:
    """The day that the name of a file begins with (YYYYMMDD), as ISO 8601; "" where it does not."""
    found = _DAY.match(name)
    return "-".join(found.groups()) if found else ""


def _no_flight(fields: list[str], *, truth: bool = False) -> bool:
    return len(fields) < 3 or not fields[1].strip() or not (truth or fields[0].strip())


def _holds_none(name: str, *, truth: bool = False) -> BadFile:
    return BadFile(
        f"{name} holds no flights",
        f"a line has {COLUMNS - truth} fields with tabs between them: {'' if truth else 'site, '}flight, "
        "scheduled and actual departure, gate, scheduled and actual arrival, gate",
    )


def values(fields: list[str], *, gates: bool = True) -> Iterator[tuple[str, str]]:
    """What one line says of a flight, in one spelling; ``fields`` begin with the site."""
    for what, column in TIMES.items():
        said = minute(fields[column]) if column < len(fields) else None
        if said:
            yield what, said
    for what, column in GATES.items() if gates else ():
        said = gate(fields[column]) if column < len(fields) else None
        if said:
            yield what, said


MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CLOCK = re.compile(r"(\d{1,2}):(\d\d)\s*([ap])?", re.IGNORECASE)
DATES = (
    re.compile(r"\d{4}-\d\d-\d\d\s+(?P<month>\d\d)/(?P<day>\d\d)\b"),
    re.compile(r"\d{4}-(?P<month>\d\d)-(?P<day>\d\d)"),
    re.compile(r"\b(?P<month>\d{1,2})/(?P<day>\d{1,2})/\d{2,4}\b"),
    re.compile(r"\b(?P<month>\d\d)-(?P<day>\d\d)-\d\d\b"),
    re.compile(r"\b(?P<day>\d\d)-(?P<month>[A-Z][a-z]{2})-\d{4}"),
    re.compile(rf"(?P<month>{'|'.join(MONTHS)})[a-z]*\.?\s*(?P<day>\d{{1,2}})\b", re.IGNORECASE),
)


def minute(text: str) -> str | None:
    """A time as "MM-DD HH:MM", None where none is given. Sites give local times, whatever zone they add."""
    clock = CLOCK.search(text)
    if clock is None:
        return None
    hour = int(clock[1])
    if clock[3]:
        hour = hour % 12 + (12 if clock[3].lower() == "p" else 0)
    rest = f"{text[: clock.start()]} {text[clock.end() :]}"
    for form in DATES:
        date = form.search(rest)
        if date and (month := _month(date["month"])):
            return f"{month:02d}-{int(date['day']):02d} {hour:02d}:{clock[2]}"
    return None


def _month(word: str) -> int | None:
    """A month by its number or the first letters of its English name; None for other letters."""
    if word.isdigit():
        return int(word)
    return MONTHS.index(word.lower()) + 1 if word.lower() in MONTHS else None


NO_GATE = re.compile(r"(NOT|NONE|N/A|TB[AD]|CHK|-+$|�|$)")


def gate(text: str) -> str | None:
    """A gate by its letters and digits, without its terminal; None where none is given."""
    said = text.strip().upper()
    if NO_GATE.match(said):
        return None
    last = said.split(" - ")[-1]
    said = re.sub(r"^(TERMINAL|TERM\.?|GATE)\s*", "", said) if last == said else last
    return re.sub(r"[^A-Z0-9]", "", said) or None
