"""What the rows of a table say by a map: records of named fields, one or several from each row.

A row says what its columns say, translated where the map translates; what templates make of its cells,
with columns in braces: ``"At least {low} people died in {place|the area}"``; and what is the same for
all rows. A template of which a column is empty says nothing, unless a word for that stands behind a bar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from claims.errors import BadFile, BadValue
from claims.names import did_you_mean, fold
from tracker.formats.cells import text_of, what_is_wrong
from tracker.formats.csvtable import RowFinding, one_of_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

REQUIRED = ("claim", "source", "stance")
"""Fields that a translation may not leave open where the cell is empty."""

ANYTHING_ELSE, ITSELF = "*", "{}"
LONGEST_SHOWN, MOST_SHOWN = 40, 12

KEYS = ("key", "question_key", "case")
"""Fields that are keys: what a template puts there is made lower-case letters, digits and hyphens."""

ROW_ID = "row_id"
"""The field that names the row, where the map says which columns do."""

EXACT, PLAIN = CELLS = ("exact", "plain")
"""Said of cells: they are as ``tracker export`` writes those of a table of evidence; or they are texts as
they are, even where a spreadsheet would mean an error by them."""

_PIECES = re.compile(r"(\{[^{}]*\})")
_HOLE = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")


@dataclass(frozen=True, slots=True)
class Record:
    """What one row says, or one of several things that it says: text by field, without what is empty.
    Without ``stance`` it says only that there is such a claim, and what became of it. ``part`` is the number
    of the part of the map that says so; the first is 0."""

    row: int
    fields: dict[str, str]
    sheet: str = ""
    part: int = 0


@dataclass(frozen=True, slots=True)
class Records:
    """The several things that one row says: they are taken all, or none."""

    row: int
    records: tuple[Record, ...]
    sheet: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One of the things that a row says. ``values``: for a field, what each text in its column stands for
    ("" : nothing; the key ``*``: whatever else stands there; the value ``{}``: the text itself).

    ``only``: for a column, the texts with which a row says this at all; without any, it must not be empty.
    ``unless``: for a column, the texts with which it does not; without any, it must be empty. ``several``:
    for a column whose cells hold several things, the sign between them; a row says this of each, and of the
    first, second … of all such columns together."""

    name: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    templates: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    unless: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    several: Mapping[str, str] = field(default_factory=dict)

    def columns_used(self) -> set[str]:
        """All columns that it looks into."""
        holes = {hole for template in self.templates.values() for hole in holes_of(template)}
        return {*self.columns.values(), *self.only, *self.unless, *holes, *self.several}


def holes_of(template: str) -> list[str]:
    """The columns that a template names."""
    return [found[1] for found in _HOLE.finditer(template)]


def whole_number(cell: str) -> str:
    """A cell, without the ".0" that programs write behind whole numbers."""
    return cell[:-2] if cell.endswith(".0") and cell[:-2].lstrip("-").isdecimal() else cell


def slug(text: str) -> str:
    """A text as a part of a key: lower-case letters and digits, joined by hyphens."""
    return "-".join(fold(text).split())


class Reading:
    """A part of a map at work on a table with these headings. Raises :class:`BadFile` where the table
    lacks one of its columns."""

    def __init__(
        self,
        part: Part,
        headings: Sequence[str],
        name: str,
        *,
        of: str,
        holds: str,
        identity: Sequence[str] = (),
        number: int = 0,
        cells: str = "",
    ) -> None:
        _check_columns(part, identity, headings, name, of)
        self._part, self._number = part, number
        self._exact, self._errors = cells == EXACT, cells != PLAIN
        self._said = "value" if holds == "values" else "stance"
        self._folded: dict[str, dict[str, str]] = {}
        for what, known in part.values.items():
            folded = self._folded[what] = {}
            for text, value in known.items():
                folded.setdefault(text.casefold(), value)
        self._place = {heading: place for place, heading in enumerate(headings)}
        self._columns = tuple((what, self._place[col]) for what, col in part.columns.items())
        self._only = {
            self._place[column]: {text.casefold() for text in texts} for column, texts in part.only.items()
        }
        self._unless = {
            self._place[column]: {text.casefold() for text in texts} for column, texts in part.unless.items()
        }
        self._identity = [self._place[column] for column in identity]
        self._several = {self._place[column]: sign for column, sign in part.several.items()}
        self.always = not (part.only or part.unless or part.several)
        """Whether each row says this, once."""

    def applies(self, cells: Sequence[str]) -> bool:
        """Whether a row says this at all."""
        for place, texts in self._only.items():
            cell = cells[place].strip().casefold()
            if cell not in texts if texts else not cell:
                return False
        for place, texts in self._unless.items():
            cell = cells[place].strip().casefold()
            if cell in texts if texts else cell:
                return False
        return True

    def parted(self, cells: Sequence[str]) -> Iterator[Sequence[str]]:
        """The cells of a row once for each of the things that some of them hold. The first of these columns
        says how many there are; one that holds another number of things, none of which is whose, is empty."""
        if not self._several:
            yield cells
            return
        parts = {place: cells[place].split(sign) for place, sign in self._several.items()}
        many = len(next(iter(parts.values())))
        for nth in range(many):
            own = list(cells)
            for place, held in parts.items():
                own[place] = held[nth] if len(held) == many else ""
            yield own

    def said(self, number: int, cells: Sequence[str], sheet: str = "", nth: int = 0) -> Record | RowFinding:
        """What a row says, or what is wrong with it; of several things, the one of this number (from 0)."""
        fields = dict(self._part.constants)
        for name, place in self._columns:
            cell = cells[place].strip()
            if self._exact or cell[:1] == "#":
                cell, wrong = self._text(cell)
                if wrong:
                    return self._wrong(number, name, wrong, sheet)
            value: str | None = cell
            if name in self._folded:
                value = self._value(name, cell)
                if value is None:
                    known = _listed(self._part.values[name])
                    held = f"holds {_shown(cell)}, which" if cell else "is empty, and that"
                    what = f"{held} is none of {known}"
                    return self._wrong(number, name, what, sheet)
            if value:
                fields[name] = value
            elif name in ("claim", "item") or (name == "stance" and name not in self._folded):
                return self._wrong(number, name, f"is empty, and a row needs its {name}", sheet)
        if self._part.templates and (empty := self._fill(fields, cells)):
            what = f"the column {empty!r} is empty, and the claim is worded by it"
            return RowFinding(number, what, sheet, empty)
        if self._said in fields and "source" not in fields:
            return self._wrong(number, "source", f"is empty, and a {self._said} needs its source", sheet)
        if self._identity and not self._identify(fields, cells):
            return RowFinding(number, "the columns that name the row are empty", sheet)
        if nth and ROW_ID in fields:
            fields[ROW_ID] += f" | {nth + 1}"
        return Record(number, fields, sheet, self._number)

    def _text(self, cell: str) -> tuple[str, str]:
        """The text that a cell holds, and what is wrong with it ("" if nothing is)."""
        if cell[:1] == "#" and self._errors and (wrong := what_is_wrong(cell)):
            return cell, wrong
        if not self._exact:
            return cell, ""
        try:
            return text_of(cell), ""
        except BadValue as error:
            return cell, f"holds what is no cell: {error.message}"

    def _fill(self, fields: dict[str, str], cells: Sequence[str]) -> str:
        """Fill the templates; the column for want of which there is no claim, or ""."""
        for name, template in self._part.templates.items():
            parts: dict[str, str] = {}
            for hole in _HOLE.finditer(template):
                cell = cells[self._place[hole[1]]].strip()
                parts[hole[0]] = ("" if what_is_wrong(cell) else cell) or hole[2] or ""
            lacking = next((hole for hole, part in parts.items() if not part), None)
            if lacking is not None and name == "claim":
                return holes_of(lacking)[0]
            if lacking is None:
                filled = "".join(parts.get(piece, piece) for piece in _PIECES.split(template))
                fields[name] = slug(filled) if name in KEYS else filled
        return ""

    def _identify(self, fields: dict[str, str], cells: Sequence[str]) -> bool:
        """Name the row by the columns that make its identity."""
        named = [cells[place].strip() for place in self._identity]
        if not any(named):
            return False
        name = " | ".join(named)
        fields[ROW_ID] = name
        if "claim_id" not in fields and "key" not in fields:
            fields["claim_id"] = f"{name} ({self._part.name})" if self._part.name else name
        return True

    def _wrong(self, number: int, name: str, what: str, sheet: str) -> RowFinding:
        column = self._part.columns.get(name)
        if column is None:
            template = self._part.templates.get(name, "")
            column = next(iter(holes_of(template)), None)
        if column is None:
            return RowFinding(number, f"the {name} {what}", sheet)
        return RowFinding(number, f"the column {column!r} {what}", sheet, column)

    def _value(self, name: str, cell: str) -> str | None:
        """What a cell stands for; None where the map does not know."""
        known = self._folded[name]
        value = known.get(cell.casefold())
        if value is None:
            value = known.get(ANYTHING_ELSE) if cell or name in REQUIRED else ""
        return cell if value == ITSELF else value


def _check_columns(part: Part, identity: Iterable[str], headings: Sequence[str], name: str, of: str) -> None:
    looked_for = {column: f"the {what}" for what, column in part.columns.items()}
    for column in (*part.only, *part.unless, *part.several, *identity):
        looked_for.setdefault(column, "a column")
    for what, template in part.templates.items():
        for column in holes_of(template):
            looked_for.setdefault(column, f"a part of the {what}")
    one_of_each(headings, looked_for, name)
    for column, what in looked_for.items():
        if column not in headings:
            near = did_you_mean(column, [heading for heading in headings if heading])
            meant = f"did you mean {' or '.join(near)}? " if near else ""
            raise BadFile(
                f"{name} has no column {column!r}, where the map {of} looks for {what}",
                f"{meant}its columns are: {printable(headings)}",
            )


def _listed(texts: Iterable[str]) -> str:
    """Some texts as a list, not longer than a person reads."""
    every = [repr(each) for each in texts]
    return ", ".join(every if len(every) <= MOST_SHOWN else [*every[:MOST_SHOWN], "…"])


def _shown(cell: str) -> str:
    return repr(cell if len(cell) <= LONGEST_SHOWN else cell[:LONGEST_SHOWN] + "…")


def printable(headings: Sequence[str], most: int = 300) -> str:
    """Headings as they can be printed: a file that is no table may hold anything."""
    words = ", ".join("".join(c if c.isprintable() else "�" for c in each) for each in headings)
    return words if len(words) <= most else f"{words[:most]}…"
