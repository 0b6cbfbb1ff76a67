"""Rival values from tables: one value a row, who is right by the pattern of agreement, and how that compares
with the truth where it is known. No tracker is read or written, and no grade or label is used."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from claims.agreement import mark, resolve, tabulate
from claims.agreement.answers import TIE
from claims.errors import BadFile
from tracker.formats import csvmap, csvtable, flights
from tracker.formats.csvtable import RowFinding
from tracker.report.rivals import Answer, Marked, Rivals

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from claims.agreement import Answers, Table
    from tracker.formats.csvmap import Map

Said = tuple[int, str, str, str]
"""A row's number, the item, the source, and the value."""

Wrong = tuple[str, RowFinding]
"""What is wrong with a row, with the name of its file."""

_DAY = re.compile(r"\d{8}")


def resolve_values(
    files: Sequence[tuple[bytes, str]], gold: Sequence[tuple[bytes, str]], chosen: Map
) -> Rivals:
    """Who is right about each item of some tables, given as their bytes and names.

    With ``gold``, tables of true values, the answers and those of the majority are marked.

    Raises :class:`BadFile` where a file is no such table, nothing usable is in them, or no item of the
    gold is in the tables.
    """
    said, findings = _said(files, chosen)
    if not said:
        names = ", ".join(name for _, name in files)
        raise BadFile(f"{names}: no row gives a value", "each row needs an item, a source and a value")
    table = tabulate(*zip(*((item, value, source) for _, item, source, value in said), strict=True))
    found = resolve(table)
    truth, doubtful = _truth(gold, chosen)
    if gold:
        _some_known(truth, table, [name for _, name in gold])
    return Rivals(
        table=table,
        answers=answers_of(found.answers),
        suspicions=found.suspicions,
        marks=Marked(mark(table, found.answers.score, truth), mark(table, table.votes, truth))
        if gold
        else None,
        rejected=(*findings, *doubtful),
    )


def _some_known(truth: Mapping[str, str], table: Table, names: Sequence[str]) -> None:
    """Refuse a gold that has nothing to do with the tables."""
    if not truth:
        raise BadFile(f"{', '.join(names)}: no true value", "each row needs an item and its value")
    if truth.keys().isdisjoint(table.question_names):
        raise BadFile(
            f"no item of {', '.join(names)} is in the tables",
            f"they must be written alike; there {next(iter(truth))!r}, here {table.question_names[0]!r}",
        )


def answers_of(answers: Answers) -> tuple[Answer, ...]:
    """The answer to each question, by its name."""
    table, best = answers.table, answers.answer()
    return tuple(_answer(answers, table, at, int(best[at])) for at in range(table.questions))


def _answer(answers: Answers, table: Table, at: int, best: int) -> Answer:
    item = str(table.question_names[at])
    if best >= 0:
        value = str(table.label_names[int(table.label[best])])
        return Answer(item, value, float(answers.probability[best]), ())
    first = int(table.first[at])
    here = range(first, first + int(table.size[at]))
    highest = max(float(answers.score[one]) for one in here)
    among = [one for one in here if answers.score[one] >= highest - TIE]
    values = tuple(str(table.label_names[int(table.label[one])]) for one in among)
    return Answer(item, None, float(answers.probability[among[0]]), values)


# --- rows -----------------------------------------------------------------------------------------


def _read(
    file: tuple[bytes, str], chosen: Map, *, gold: bool, several: bool
) -> tuple[list[Said], list[Wrong]]:
    """What the rows of a file say, and what is wrong with the others; ``several``: files, of a day each."""
    data, name = file
    if chosen.holds == csvmap.FLIGHTS:
        said, findings = flights.read(data, name, _day(name) if several else "", truth=gold)
    else:
        said, findings = _rows(data, name, _without_source(chosen) if gold else chosen)
    return said, [(name, each) for each in findings]


def _day(name: str) -> str:
    """The day of a file that is read beside those of other days."""
    if found := _DAY.match(name):
        return found[0]
    raise BadFile(
        f"{name} does not say of which day it is", "where several are read, their names begin with YYYYMMDD"
    )


def _rows(data: bytes, name: str, chosen: Map) -> tuple[list[Said], list[RowFinding]]:
    records, findings = chosen.records(csvtable.read(data, name, chosen.delimiter, chosen.encoding))
    said = []
    for record in records:
        fields = record.fields
        if value := fields.get("value"):  # who gives no value says nothing
            said.append((record.row, fields["item"], fields.get("source", ""), value))
    return said, findings


def _without_source(chosen: Map) -> Map:
    """The map of the table of true values, in which nobody speaks."""
    columns = {field: column for field, column in chosen.columns.items() if field != "source"}
    part = replace(chosen.parts[0], columns=columns, constants={**chosen.constants, "source": "gold"})
    return replace(chosen, parts=(part,))


def _said(files: Sequence[tuple[bytes, str]], chosen: Map) -> tuple[list[Said], list[Wrong]]:
    said: list[Said] = []
    wrong: list[Wrong] = []
    for file in files:
        rows, findings = _read(file, chosen, gold=False, several=len(files) > 1)
        said += rows
        wrong += findings
    return said, wrong


def _truth(files: Sequence[tuple[bytes, str]], chosen: Map) -> tuple[dict[str, str], list[Wrong]]:
    """The true value of each item; where it is given twice, the last time counts."""
    truth: dict[str, str] = {}
    at: dict[str, tuple[str, int]] = {}
    wrong: list[Wrong] = []
    for file in files:
        rows, findings = _read(file, chosen, gold=True, several=len(files) > 1)
        wrong += findings
        for number, item, _, value in rows:
            if truth.get(item, value) != value:
                name, before = at[item]
                again = f"{item!r} has another true value in row {number} of {file[1]}, which counts"
                wrong.append((name, RowFinding(before, again)))
            truth[item], at[item] = value, (file[1], number)
    return truth, wrong
