"""Maps: what the columns of somebody's table mean here, as a small TOML file.

``[columns]`` gives a field its column, ``[values.FIELD]`` translates what stands in it, and
``[constants]`` gives a field one value for all rows. ``holds`` says what a row is: a piece of evidence,
or the value that a source gives for an item. What the words mean is for the application.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile
from claims.names import did_you_mean
from tracker.formats.csvtable import RowFinding
from tracker.formats.tomltext import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tracker.formats.csvtable import RowReader, Table

    Places = tuple[tuple[str, Any], ...]

FIELDS: dict[str, str] = {
    "claim": "the words of the claim",
    "claim_id": "how the claim is called outside; rows with the same one are on the same claim",
    "kind": "the kind of claim",
    "when": "when it happened",
    "lang": "the language of its words",
    "source": "who speaks, by name",
    "source_type": "what kind of source that is",
    "reliability": "its grade, A to F",
    "stance": "what the source says of the claim",
    "published": "when it said so",
    "url": "where that can be read",
    "title": "the title of what is read there",
    "quote": "the words",
    "credibility": "how credible the information is, 1 to 6",
    "basis": "how the source knows",
    "side": "whose interest it serves",
    "note": "a remark on the evidence",
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

REQUIRED = ("claim", "source", "stance")
ANYTHING_ELSE = "*"
LONGEST_SHOWN = 40
_SECTIONS = ("about", "holds", "delimiter", "columns", "values", "constants")


@dataclass(frozen=True, slots=True)
class Record:
    """What one row says: text by field, without what is empty. Without ``stance`` it says only that
    there is such a claim, and what became of it."""

    row: int
    fields: dict[str, str]


@dataclass(frozen=True, slots=True)
class Map:
    """What the columns of a kind of table mean. ``values``: for a field, what each text in its
    column stands for ("" : nothing; the key ``*``: whatever else stands there)."""

    name: str
    columns: Mapping[str, str]
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ","
    holds: str = EVIDENCE

    def records(self, table: Table) -> tuple[list[Record], list[RowFinding]]:
        """What the rows of a table say, and what is wrong with those that say nothing usable.

        Raises :class:`BadFile` where the table lacks a column of this map.
        """
        reading = _Reading(self, table.headings, table.name)
        records: list[Record] = []
        findings = list(table.findings)
        for number, cells in table.rows:
            said = reading.said(number, cells, reading.by_heading)
            if isinstance(said, Record):
                records.append(said)
            else:
                findings.append(said)
        return records, sorted(findings, key=lambda finding: finding.row)

    def stream(self, rows: RowReader) -> Iterator[Record | RowFinding]:
        """What each row says as it is read, or what is wrong with it.

        Raises :class:`BadFile`, on the way, where there is no table or it lacks a column of this map.
        """
        reading = None
        for number, cells, problem in rows:
            if problem:
                yield RowFinding(number, problem)
                continue
            if reading is None:
                reading = _Reading(self, rows.headings, rows.name)
            yield reading.said(number, cells, reading.by_place)
        if reading is None:
            _Reading(self, rows.headings, rows.name)


class _Reading:
    """A map at work on a table with these headings."""

    def __init__(self, chosen: Map, headings: tuple[str, ...], name: str) -> None:
        for what, column in chosen.columns.items():
            if column not in headings:
                near = did_you_mean(column, [heading for heading in headings if heading])
                meant = f"did you mean {' or '.join(near)}? " if near else ""
                raise BadFile(
                    f"{name} has no column {column!r}, where the map {chosen.name} looks for the {what}",
                    f"{meant}its columns are: {_printable(headings)}",
                )
        self._map = chosen
        self._said = "value" if chosen.holds == VALUES else "stance"
        self._folded: dict[str, dict[str, str]] = {}
        for what, known in chosen.values.items():
            folded = self._folded[what] = {}
            for text, value in known.items():
                folded.setdefault(text.casefold(), value)
        self.by_heading: Places = tuple(chosen.columns.items())
        self.by_place: Places = tuple((what, headings.index(col)) for what, col in chosen.columns.items())

    def said(self, number: int, cells: Any, places: Places) -> Record | RowFinding:
        """What a row says; ``places`` is where its cells are found."""
        fields = dict(self._map.constants)
        for name, place in places:
            value = cell = cells[place].strip()
            if name in self._folded:
                value = self._value(name, cell)
                if value is None:
                    known = ", ".join(repr(each) for each in self._map.values[name])
                    return self._wrong(number, name, f"holds {_shown(cell)}, which is none of {known}")
            if value:
                fields[name] = value
            elif name in ("claim", "item") or (name == "stance" and name not in self._folded):
                return self._wrong(number, name, f"is empty, and a row needs its {name}")
        if self._said in fields and "source" not in fields:
            return self._wrong(number, "source", f"is empty, and a {self._said} needs its source")
        return Record(number, fields)

    def _wrong(self, number: int, name: str, what: str) -> RowFinding:
        return RowFinding(number, f"the column {self._map.columns[name]!r} {what}")

    def _value(self, name: str, cell: str) -> str | None:
        """What a cell stands for; None where the map does not know."""
        known = self._folded[name]
        if (value := known.get(cell.casefold())) is not None:
            return value
        return known.get(ANYTHING_ELSE) if cell or name in REQUIRED else ""


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= LONGEST_SHOWN else cell[:LONGEST_SHOWN] + "…")


def shipped_names() -> list[str]:
    """The maps that ship with the program."""
    folder = files("tracker") / "maps"
    return sorted(each.name.removesuffix(".toml") for each in folder.iterdir() if each.name.endswith(".toml"))


def shipped(name: str) -> Map:
    """A map that ships with the program."""
    return read_map((files("tracker") / "maps" / f"{name}.toml").read_text("utf-8"), name)


def read_map(text: str, name: str) -> Map:
    """A map from the text of its file. Raises :class:`BadFile`, saying which line of it is no good."""
    data = read_toml(text, name, "see docs/evaluate.md for an example")
    _known(data, _SECTIONS, f"{name}: a section")
    holds = data.get("holds", EVIDENCE)
    if holds not in HOLDS:
        raise BadFile(f"{name}: holds is {holds!r}", f"it is one of: {', '.join(HOLDS)}")
    known, required = HOLDS[holds]
    columns = _texts(data, "columns", name)
    constants = _texts(data, "constants", name)
    translations = data.get("values", {})
    if not isinstance(translations, dict):
        raise BadFile(f"{name}: values is no section", "write one section for each field: [values.stance]")
    values = {each: _texts(translations, each, f"{name}: values") for each in translations}
    for section in (columns, constants, values):
        _known(section, tuple(known), f"{name}: a field")
    if missing := [each for each in required if each not in columns and each not in constants]:
        raise BadFile(f"{name} does not say where the {missing[0]} is", f"add to [columns]: {missing[0]} = …")
    if both := sorted(set(columns) & set(constants)):
        raise BadFile(f"{name}: {both[0]} is both a column and a constant", "keep one of them")
    if idle := sorted(set(values) - set(columns)):
        raise BadFile(f"{name}: values of {idle[0]}, which is no column", f"add to [columns]: {idle[0]} = …")
    delimiter = data.get("delimiter", ",")
    if not isinstance(delimiter, str) or len(delimiter) != 1 or delimiter in '"\r\n':
        raise BadFile(f"{name}: delimiter is {delimiter!r}, not one sign", 'write: delimiter = ";"')
    return Map(name, columns, values, constants, delimiter, holds)


def _texts(data: Mapping[str, Any], section: str, name: str) -> dict[str, str]:
    found = data.get(section, {})
    if not isinstance(found, dict):
        raise BadFile(f"{name}: {section} is no section", f"begin it with [{section}]")
    for key, value in found.items():
        if not isinstance(value, str):
            raise BadFile(f"{name}: {section}: {key} is {value!r}, not text", "put it in quotes")
    return found


def _known(found: Mapping[str, object], known: tuple[str, ...], what: str) -> None:
    for each in found:
        if each not in known:
            near = did_you_mean(each, known)
            meant = f"did you mean {' or '.join(near)}? " if near else ""
            raise BadFile(f"{what} is {each!r}, which there is not", f"{meant}there are: {', '.join(known)}")


def _printable(headings: Sequence[str], most: int = 300) -> str:
    """Headings as they can be printed: a file that is no table may hold anything."""
    words = ", ".join("".join(c if c.isprintable() else "�" for c in each) for each in headings)
    return words if len(words) <= most else f"{words[:most]}…"
