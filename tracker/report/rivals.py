"""Rival values resolved by the pattern of agreement: the answers, how they fared, for people and programs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tracker.report import suspicions
from tracker.report.tables import Column, Row
from tracker.report.tables import Table as Drawing

if TYPE_CHECKING:
    from claims.agreement import Marks, Suspicion, Table
    from tracker.formats.csvtable import RowFinding

DIGITS = 6
UNKNOWN = "-"


@dataclass(frozen=True, slots=True)
class Answer:
    """The best value of an item and how likely it is; or, where several share the first place, no
    value, and how likely each of those ``among`` which it is."""

    item: str
    value: str | None
    probability: float
    among: tuple[str, ...]

    @property
    def contested(self) -> bool:
        """Whether several values share the first place."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class Marked:
    """The marks of the answers, and those of the majority of the votes."""

    answers: Marks
    majority: Marks


@dataclass(frozen=True, slots=True)
class Rivals:
    """Tables of values, resolved: the answer to each item, suspected sources, and, where the truth of some
    items was given, the ``marks``. ``rejected``: rows that could not be taken, each with the name of
    its file."""

    table: Table
    answers: tuple[Answer, ...]
    suspicions: tuple[Suspicion, ...]
    marks: Marked | None
    rejected: tuple[tuple[str, RowFinding], ...]


def as_json(it: Rivals, marks: Marked) -> dict[str, Any]:
    """How the answers fared, with what was read and who is suspected."""
    return {
        **_marks(marks.answers),
        "items": it.table.questions,
        "sources": it.table.sources,
        "assertions": it.table.rows,
        "majority": _marks(marks.majority),
        "suspicions": [suspicions.as_json(each) for each in it.suspicions],
        "rejected": [{"file": name, "row": each.row, "error": each.message} for name, each in it.rejected],
    }


def _marks(it: Marks) -> dict[str, Any]:
    return {
        "n": it.n,
        "accuracy": _rounded(it.accuracy),
        "precision": _rounded(it.precision),
        "contested": _rounded(it.share_contested),
        "answered": it.answered,
        "right": it.right,
        "set_aside": it.contested,
        "unheard": it.n - it.answered - it.contested,
    }


def answer(it: Answer) -> dict[str, Any]:
    """One answer as a row."""
    return {
        "item": it.item,
        "value": it.value,
        "probability": _rounded(it.probability),
        "contested": it.contested,
        "among": list(it.among),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DIGITS)


# --- for people -------------------------------------------------------------------------------


def side_by_side(it: Marked) -> Drawing:
    """How the answers fared, with the majority beside them."""
    both = (it.answers, it.majority)
    rows = [
        Row(("items of known value", *(str(each.n) for each in both))),
        Row(("accuracy, contested ones by lot", *(_figure(each.accuracy) for each in both))),
        Row(("precision of the answers given", *(_figure(each.precision) for each in both))),
        Row(("answers given", *(str(each.answered) for each in both))),
        Row(("contested, set aside", *(f"{each.contested} ({_share(each)})" for each in both))),
    ]
    if unheard := it.answers.n - it.answers.answered - it.answers.contested:
        rows.append(Row(("nobody spoke on", str(unheard), str(unheard))))
    return Drawing((Column("measure"), Column("agreement"), Column("majority")), tuple(rows))


def summary(it: Rivals) -> list[str]:
    """What was read, and who is suspected: a paragraph each."""
    contested = sum(each.contested for each in it.answers)
    read = f"{it.table.questions:,} items, {it.table.sources:,} sources, {it.table.rows:,} assertions"
    return [f"{read}; {contested:,} items are contested.", *(f"Suspected: {each}" for each in it.suspicions)]


def _figure(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.3f}"


def _share(it: Marks) -> str:
    return UNKNOWN if it.share_contested is None else f"{it.share_contested:.1%}"
