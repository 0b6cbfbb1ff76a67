"""Maps: what the columns of somebody's table mean here, as a small TOML file.

``[columns]`` gives a field its column, ``[values.FIELD]`` translates what stands in it, ``[templates]`` makes
a field of several columns, and ``[constants]`` gives a field one value for all rows. Where a row says
several things, each is a ``[[claims]]`` of its own, with the same four sections; what stands outside holds
for all of them. ``holds`` says what a row is: a piece of evidence, or the value that a source gives for an
item. What the words mean is for the application.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import blake2b
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from claims.names import did_you_mean
from tracker.formats.csvtable import ENCODINGS, RowFinding
from tracker.formats.monthnames import LANGUAGES
from tracker.formats.rowsaid import CELLS, Part, Reading, Record, Records, holes_of, whole_number
from tracker.formats.tomltext import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.formats.csvtable import RowReader, Table

FIELDS: dict[str, str] = {
    "claim": "the words of the claim",
    "claim_id": "how the claim is called outside; rows with the same one are on the same claim",
    "key": "how the claim is called here, where the table is to say so",
    "kind": "the kind of claim",
    "subject": "whom it is about, by name",
    "subject_type": "what that is, where it may not be known yet",
    "value": "the answer that it gives",
    "value_type": "what kind of entity that is, where it may not be known yet",
    "when": "when it happened",
    "where": "where it happened",
    "question": "what it answers, in words",
    "question_key": "how that question is called here",
    "counted": "what the question counts",
    "cumulative": "whether that number can only grow: true or false",
    "exactly_one": "whether one of the answers must be right: true or false",
    "case": "the case that it belongs to",
    "lang": "the language of its words",
    "claim_note": "a remark on the claim",
    "source": "who speaks, by name",
    "source_type": "what kind of source that is",
    "reliability": "its grade, A to F",
    "side_of": "the camp that it belongs to",
    "owner": "who owns or directs it",
    "stance": "what the source says of the claim",
    "published": "when it said so",
    "url": "where that can be read",
    "title": "the title of what is read there",
    "document": "what that is called, where it has no address",
    "evidence_key": "how the piece of evidence is called here, where the table is to say so",
    "locator": "where in it that stands",
    "quote": "the words",
    "credibility": "how credible the information is, 1 to 6",
    "basis": "how the source knows",
    "side": "whose interest it serves",
    "relays": "whom it merely passes on, by name",
    "note": "a remark on the evidence",
    "withdrawn": "on which day the source took it back",
    "withdrawn_reason": "why it did",
    "assessment": "what became of the claim: a status, by somebody's own verdict",
    "assessed_by": "whose verdict that is",
    "assessed_on": "of which day (without it, the day of the last evidence on the claim)",
}
"""What a row can say, one piece of evidence a row."""

VALUE_FIELDS: dict[str, str] = {
    "item": "what is asked: rival values of one item cannot both be right",
    "source": "who says so, by name",
    "value": "the value that it gives",
}
"""What a row can say, one value a row."""

EVIDENCE, VALUES, FLIGHTS = "evidence", "values", "flights"
HOLDS: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    EVIDENCE: (FIELDS, ("claim", "source", "stance")),
    VALUES: (VALUE_FIELDS, ("item", "source", "value")),
    FLIGHTS: ({}, ()),
}
"""What a table can hold: the fields of a row, and those that it needs. Flights come in a form of
their own, without headings."""

DAY_FIRST, MONTH_FIRST = "day-first", "month-first"

WHOLE, ONCE = "whole", "once"
"""Said of numbers: 4.0 is 4. Said of rows that repeat one before them word for word: they count once."""

_SECTIONS = ("columns", "values", "templates", "constants")
_OF_SHARED = ("several",)
_SETTINGS = (
    *("about", "holds", "delimiter", "dates", "language", "century", "numbers", "cells", "encoding"),
    *("sheet", "headings"),
    *("identity", "repeats", "claims", *_OF_SHARED),
)
_OF_PART = ("name", "only", "unless", *_OF_SHARED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Map:
    """What the columns of a kind of table mean: the ``parts`` that each row may say, most often one.

    ``encoding`` is that of a table of text which is neither UTF-8 nor UTF-16.
    ``dates`` says which comes first in 03/04/2018, ``language`` is that of the names of months, ``century``
    the one of years that are written with two digits; ``identity`` are the columns that make a row the same
    row; ``headings`` the rows (the first is 1) that the names of columns stand in, of several sheets those of
    ``sheet``; () and None: the first. Of ``sheets``, each says those parts of which it has the columns.
    ``whole``: 4.0 is 4. ``once``: a row that repeats one before it word for word says nothing. ``cells``:
    they are as :func:`tracker.formats.cells.exact` writes them, or plain texts, none of which is an error.
    """

    name: str
    parts: tuple[Part, ...]
    delimiter: str = ","
    encoding: str = ""
    holds: str = EVIDENCE
    dates: str | None = None
    language: str = ""
    identity: tuple[str, ...] = ()
    headings: tuple[int, ...] = ()
    sheet: str | None = None
    sheets: tuple[str, ...] = ()
    century: int | None = None
    whole: bool = False
    once: bool = False
    cells: str = ""

    @property
    def dayfirst(self) -> bool | None:
        """Whether the day comes first in 03/04/2018; None where the map does not say."""
        return None if self.dates is None else self.dates == DAY_FIRST

    @property
    def columns(self) -> Mapping[str, str]:
        """The columns of what a row says first, by field."""
        return self.parts[0].columns

    @property
    def constants(self) -> Mapping[str, str]:
        """What is the same for all rows in what they say first."""
        return self.parts[0].constants

    def columns_used(self) -> list[str]:
        """All columns that it looks into, in order."""
        return sorted({*self.identity}.union(*(part.columns_used() for part in self.parts)))

    def in_case(self, case: str) -> Map:
        """The same, with claims in a case where it does not say which."""
        parts = (
            part
            if "case" in part.columns or "case" in part.templates
            else replace(part, constants={"case": case, **part.constants})
            for part in self.parts
        )
        return replace(self, parts=tuple(parts))

    def records(self, table: Table) -> tuple[list[Record], list[RowFinding]]:
        """What the rows of a table say, and what is wrong with those that say nothing usable.

        Raises :class:`BadFile` where the table lacks a column of this map.
        """
        readings = self._readings(table.headings, table.name)
        records: list[Record] = []
        findings = list(table.findings)
        for number, cells in table.rows:
            said = self._said(readings, number, [cells[heading] for heading in table.headings])
            if isinstance(said, RowFinding):
                findings.append(said)
            else:
                records += said.records if isinstance(said, Records) else [said]
        return records, sorted(findings, key=lambda finding: finding.row)

    def stream(self, rows: RowReader) -> Iterator[Record | Records | RowFinding]:
        """What each row says as it is read, or what is wrong with it.

        Raises :class:`BadFile`, on the way, where there is no table or it lacks a column of this map.
        """
        readings = None
        met: set[bytes] = set()
        for number, cells, problem in rows:
            if self.once and not problem and _is_met(cells, met):
                yield Records(number, (), rows.sheet)
                continue
            if problem:
                yield RowFinding(number, problem, rows.sheet)
                continue
            if readings is None:
                readings = self._readings(rows.headings, rows.name)
            yield self._said(readings, number, cells, rows.sheet)
        if readings is None:
            self._readings(rows.headings, rows.name)

    def _readings(self, headings: tuple[str, ...], name: str) -> list[Reading]:
        parts = list(enumerate(self.parts))
        if self.sheets:
            parts = [(at, part) for at, part in parts if part.columns_used().issubset(headings)] or parts
        return [
            Reading(
                *(part, headings, name),
                of=self.name,
                holds=self.holds,
                identity=self.identity,
                number=number,
                cells=self.cells,
            )
            for number, part in parts
        ]

    def _said(
        self, readings: list[Reading], number: int, cells: Sequence[str], sheet: str = ""
    ) -> Record | Records | RowFinding:
        if self.whole:
            cells = [whole_number(cell) for cell in cells]
        if len(readings) == 1 and readings[0].always:
            return readings[0].said(number, cells, sheet)
        records = []
        for reading in readings:
            if reading.applies(cells):
                for nth, own in enumerate(reading.parted(cells)):
                    said = reading.said(number, own, sheet, nth)
                    if isinstance(said, RowFinding):
                        return said
                    records.append(said)
        return Records(number, tuple(records), sheet)


def _is_met(cells: Sequence[str], met: set[bytes]) -> bool:
    """Whether a row repeats one that was met; of each eight bytes are kept."""
    digest = blake2b("\x1f".join(cells).encode("utf-8", "surrogateescape"), digest_size=8).digest()
    if digest in met:
        return True
    met.add(digest)
    return False


def shipped_names() -> list[str]:
    """The maps that ship with the program."""
    folder = files("tracker") / "maps"
    return sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml"))


def shipped(name: str) -> Map:
    """A map that ships with the program."""
    return read_map((files("tracker") / "maps" / f"{name}.toml").read_text("utf-8"), name)


def read_map(text: str, name: str) -> Map:
    """A map from the text of its file. Raises :class:`BadFile`, saying which line of it is no good."""
    data = read_toml(text, name, "see docs/imports.md for an example")
    _known(data, (*_SETTINGS, *_SECTIONS), f"{name}: a section")
    holds = data.get("holds", EVIDENCE)
    if holds not in HOLDS:
        raise BadFile(f"{name}: holds is {holds!r}", f"it is one of: {', '.join(HOLDS)}")
    delimiter = data.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise BadFile(f"{name}: delimiter is {delimiter!r}, not one sign", 'write: delimiter = ";"')
    sheets = data.get("sheet")
    several_sheets = tuple(_list(sheets, f"{name}: sheet")) if isinstance(sheets, list) else ()
    return Map(
        name=name,
        parts=_parts(data, name, holds),
        delimiter=delimiter,
        encoding=_one_of(data, "encoding", ENCODINGS, name) or "",
        holds=holds,
        dates=_one_of(data, "dates", (DAY_FIRST, MONTH_FIRST), name),
        language=_one_of(data, "language", ("en", *LANGUAGES), name) or "",
        identity=tuple(_list(data.get("identity", []), f"{name}: identity")),
        headings=_numbers(data.get("headings", []), name),
        sheet=None if several_sheets else _text(data, "sheet", name),
        sheets=several_sheets,
        century=_century(data, name),
        whole=_one_of(data, "numbers", (WHOLE,), name) is not None,
        once=_one_of(data, "repeats", (ONCE,), name) is not None,
        cells=_one_of(data, "cells", CELLS, name) or "",
    )


def _parts(data: Mapping[str, Any], name: str, holds: str) -> tuple[Part, ...]:
    """The things that a row may say: each of ``claims``, over what stands outside; or that alone."""
    given = data.get("claims", [])
    if not isinstance(given, list) or not all(isinstance(each, dict) for each in given):
        raise BadFile(f"{name}: claims is no list of sections", "begin each with [[claims]]")
    shared = {section: data.get(section, {}) for section in (*_SECTIONS, *_OF_SHARED)}
    if not given:
        return (_part(shared, name, holds),)
    if holds != EVIDENCE:
        raise BadFile(f"{name}: a table of {holds} has no [[claims]]", "leave them out")
    parts = []
    for number, each in enumerate(given, 1):
        where = f"{name}, claims {number}"
        _known(each, (*_OF_PART, *_SECTIONS), f"{where}: a section")
        own = {section: _section(each, section, where) for section in _SECTIONS}
        over = {what: None for section in ("columns", "templates", "constants") for what in own[section]}
        merged = {
            section: {
                **{
                    k: v
                    for k, v in _section(shared, section, name).items()
                    if k not in over or section == "values"
                },
                **own[section],
            }
            for section in _SECTIONS
        }
        merged["several"] = each.get("several", shared["several"])
        for what in ("only", "unless"):
            merged[what] = _choice(each, what, where)
        parts.append(_part(merged, where, holds, _text(each, "name", where) or str(number)))
    return tuple(parts)


def _part(data: Mapping[str, Any], name: str, holds: str, called: str = "") -> Part:
    known, required = HOLDS[holds]
    columns, templates = _texts(data, "columns", name), _texts(data, "templates", name)
    constants = _texts(data, "constants", name)
    translations = data.get("values", {})
    if not isinstance(translations, dict):
        raise BadFile(f"{name}: values is no section", "write one section for each field: [values.stance]")
    values = {each: _texts(translations, each, f"{name}: values") for each in translations}
    for section in (columns, templates, constants, values):
        _known(section, tuple(known), f"{name}: a field")
    said = (columns, templates, constants)
    if missing := [each for each in required if not any(each in section for section in said)]:
        raise BadFile(f"{name} does not say where the {missing[0]} is", f"add to [columns]: {missing[0]} = …")
    words = {"columns": columns, "templates": templates, "constants": constants}
    for one, other in (("columns", "constants"), ("columns", "templates"), ("templates", "constants")):
        if both := sorted(set(words[one]) & set(words[other])):
            what = f"{both[0]} is both a {one[:-1]} and a {other[:-1]}"
            raise BadFile(f"{name}: {what}", "keep one of them")
    if called:
        values = {each: known_values for each, known_values in values.items() if each in columns}
    if idle := sorted(set(values) - set(columns)):
        raise BadFile(f"{name}: values of {idle[0]}, which is no column", f"add to [columns]: {idle[0]} = …")
    for what, template in templates.items():
        if not holes_of(template) or "" in holes_of(template):
            raise BadFile(
                f"{name}: the template of {what} names no column", 'write: "{a column} and {another|else}"'
            )
    several = _texts(data, "several", name)
    if empty := [column for column, sign in several.items() if not sign.strip()]:
        raise BadFile(f"{name}: several: {empty[0]} is parted by nothing", 'write the sign: "a column" = ";"')
    return Part(
        name=called,
        several=several,
        columns=columns,
        values=values,
        templates=templates,
        constants=constants,
        only=data.get("only", {}),
        unless=data.get("unless", {}),
    )


def _choice(data: Mapping[str, Any], what: str, where: str) -> dict[str, tuple[str, ...]]:
    """For which rows a part is: for a column, the texts that it must hold, or must not."""
    found = data.get(what, {})
    if not isinstance(found, dict):
        raise BadFile(f"{where}: {what} is {found!r}", f'write: {what} = {{"a column" = ["a text"]}}')
    return {column: tuple(_list(texts, f"{where}: {what}")) for column, texts in found.items()}


def _section(data: Mapping[str, Any], section: str, name: str) -> dict[str, Any]:
    found = data.get(section, {})
    if not isinstance(found, dict):
        raise BadFile(f"{name}: {section} is no section", f"begin it with [{section}]")
    return found


def _texts(data: Mapping[str, Any], section: str, name: str) -> dict[str, str]:
    found = _section(data, section, name)
    for key, value in found.items():
        if not isinstance(value, str):
            raise BadFile(f"{name}: {section}: {key} is {value!r}, not text", "put it in quotes")
    return found


def _text(data: Mapping[str, Any], what: str, name: str) -> str | None:
    found = data.get(what)
    if found is not None and not isinstance(found, str):
        raise BadFile(f"{name}: {what} is {found!r}, not text", "put it in quotes")
    return found


def _one_of(data: Mapping[str, Any], what: str, words: Sequence[str], name: str) -> str | None:
    found = _text(data, what, name)
    if found is not None and found not in words:
        raise BadFile(f"{name}: {what} is {found!r}", f"it is one of: {', '.join(words)}")
    return found


def _century(data: Mapping[str, Any], name: str) -> int | None:
    found = data.get("century")
    if found is None or (isinstance(found, int) and found % 100 == 0 and 0 < found < 10_000):
        return found
    raise BadFile(f"{name}: century is {found!r}", "write its first year: century = 2000")


def _list(found: Any, what: str) -> list[str]:
    listed = [found] if isinstance(found, str) else found
    if not isinstance(listed, list) or not all(isinstance(each, str) for each in listed):
        raise BadFile(f"{what} is {found!r}, not texts", 'write: ["one", "two"]')
    return listed


def _numbers(found: Any, name: str) -> tuple[int, ...]:
    numbers = found if isinstance(found, list) else [found]
    plain = all(isinstance(each, int) and not isinstance(each, bool) for each in numbers)
    if not plain or any(each < 1 for each in numbers) or numbers != sorted(set(numbers)):
        raise BadFile(
            f"{name}: headings is {found!r}", "give the numbers of rows in order: headings = [2, 3]"
        )
    return tuple(numbers)


def _known(found: Mapping[str, object], known: tuple[str, ...], what: str) -> None:
    for each in found:
        if each not in known:
            near = did_you_mean(each, known)
            meant = f"did you mean {' or '.join(near)}? " if near else ""
            raise BadFile(f"{what} is {each!r}, which there is not", f"{meant}there are: {', '.join(known)}")
