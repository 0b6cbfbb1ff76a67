"""What web sites say of flights, in the raw form in which it was gathered (Li et al., "Truth finding on
the deep web", 2012): lines without headings, fields separated by tabs, times in many spellings.

A line names a site, a flight, and its scheduled and actual departure, departure gate, scheduled and actual
arrival, and arrival gate. Files of true values have no site. Each of the six is an item of its own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from claims.errors import BadFile
from tracker.formats.csvtable import RowFinding, unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator

TIMES = {"scheduled departure": 2, "actual departure": 3, "scheduled arrival": 5, "actual arrival": 6}
GATES = {"departure gate": 4, "arrival gate": 7}
COLUMNS = 8
"""Of a line with its site; a line of true values has one less."""

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
        if len(fields) < 3 or not fields[1].strip() or not (truth or fields[0].strip()):
            findings.append(RowFinding(number, f"this is no flight: {least} fields, with tabs between them"))
            continue
        prefix = f"{day} {fields[1]}" if day else fields[1]
        said += [(number, f"{prefix} {what}", fields[0], value) for what, value in values(fields)]
    if not said:
        raise BadFile(
            f"{name} holds no flights",
            f"a line has {least} fields with tabs between them: {'' if truth else 'site, '}flight, "
            "scheduled and actual departure, gate, scheduled and actual arrival, gate",
        )
    return said, findings


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
