"""Who says what about which question, as columns: questions, candidate answers, assertions.

A question has candidates; an assertion is one source naming one candidate. A plain claim is a
question with two candidates: a support names the one, a denial the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.integer[Any]]
    Column = Sequence[Any] | NDArray[Any]

SPARSE = 4
"""Whole numbers up to this many times the number of rows are renumbered without sorting."""


FEW_LABELS = 100
"""So many labels, each on ten questions or more, are classes that every question is sorted into."""


@dataclass(frozen=True, slots=True)
class Table:
    """Assertions in one order that does not depend on the order in which they came.

    Rows, ascending by candidate and then source: ``candidate`` and ``source`` (indices). Candidates,
    ascending by question and then label: ``question`` and ``label`` (indices) and ``votes``, the rows
    that name each. Questions: ``first`` (index of the first candidate), ``size`` (number of
    candidates), ``spoken`` (number of rows). ``question_names``, ``label_names`` and ``source_names``
    say what the indices stand for. ``closed``: there are few labels, and all stand on every
    question, named or not.
    """

    candidate: Ints
    source: Ints
    question: Ints
    label: Ints
    question_names: Column
    label_names: Column
    source_names: Column
    closed: bool
    first: Ints
    size: Ints
    votes: Floats
    spoken: Floats

    @property
    def rows(self) -> int:
        """How many assertions there are."""
        return len(self.candidate)

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return len(self.first)

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return len(self.label_names)

    @property
    def sources(self) -> int:
        """How many sources there are."""
        return len(self.source_names)

    @property
    def binary(self) -> bool:
        """Whether each question has the same two candidates."""
        return self.closed and self.labels == 2

    def question_of_rows(self) -> Ints:
        """For each row the index of its question."""
        return self.question[self.candidate]


def tabulate(
    questions: Column, labels: Column, sources: Column, *, answers: Sequence[Any] | None = None
) -> Table:
    """A table from three columns of equal length, in any order: ``sources[i]`` says that the answer
    to ``questions[i]`` is ``labels[i]``.

    The columns may hold anything that can be told apart; arrays of whole numbers are fastest. The
    same source saying the same twice counts once. ``answers`` names the only labels that there can be
    (for plain claims: denied, supported), all of which then stand on every question. Without it, that
    is taken to be so where two labels occur, or at most ``FEW_LABELS`` on ten times as many questions:
    classes, not free answers. Raises ``ValueError`` for columns of different lengths, and for labels
    that are not among the ``answers``.
    """
    if not len(questions) == len(labels) == len(sources):
        raise ValueError(
            f"questions, labels and sources have {len(questions)}, {len(labels)} and {len(sources)} rows"
        )
    question_names, question = _numbered(questions)
    label_names, label = _numbered(labels)
    source_names, source = _numbered(sources)
    if answers is not None:
        label_names, label = _as_answers(label_names, label, answers)
    # One number for each row, made in place: tables are large.
    key = question.astype(np.int64)
    for names, index in ((label_names, label), (source_names, source)):
        key *= len(names)
        key += index
    key = _ascending(key)
    pair = key // max(1, len(source_names))
    source = key - pair * len(source_names)
    candidates: Ints
    row: Ints
    few = len(label_names) <= min(FEW_LABELS, len(question_names) / 10)
    if answers is not None or len(label_names) == 2 or few:
        candidates, row = np.arange(len(label_names) * len(question_names)), pair
    else:
        candidates, row = _runs(pair)
    return assemble(
        row.astype(np.int32),
        source.astype(np.int32),
        (candidates // max(1, len(label_names))).astype(np.int32),
        (candidates % max(1, len(label_names))).astype(np.int32),
        (question_names, label_names, source_names),
    )


def assemble(
    candidate: Ints, source: Ints, question: Ints, label: Ints, names: tuple[Column, Column, Column]
) -> Table:
    """A table of columns that are numbered and sorted already; works out what follows from them."""
    first = np.flatnonzero(np.diff(question, prepend=-1))
    size = np.diff(first, append=len(question))
    votes = summed(candidate, None, len(question))
    return Table(
        candidate=candidate,
        source=source,
        question=question,
        label=label,
        question_names=names[0],
        label_names=names[1],
        source_names=names[2],
        closed=len(names[1]) >= 2 and bool((size == len(names[1])).all()),
        first=first,
        size=size,
        votes=votes,
        spoken=np.add.reduceat(votes, first) if len(first) else np.zeros(0),
    )


def summed(at: NDArray[Any], values: NDArray[Any] | None, size: int) -> Floats:
    """``size`` sums: of the values (1 each if not given) that have the same number in ``at``."""
    return np.asarray(np.bincount(at, values, size), dtype=np.float64)


def per_question(table: Table, values: Floats) -> Floats:
    """The sum of the candidates' values on each question."""
    if not table.questions:
        return np.zeros(0)
    return np.asarray(np.add.reduceat(values, table.first))


def per_candidate(table: Table, values: NDArray[Any]) -> NDArray[Any]:
    """The questions' values, repeated for each candidate."""
    return np.repeat(values, table.size)


def _numbered(column: Column) -> tuple[Column, Ints]:
    """The distinct things in a column, sorted, and for each row the index of its thing."""
    if isinstance(column, np.ndarray) and column.dtype.kind in "iu" and len(column):
        low, high = int(column.min()), int(column.max())
        if low >= 0 and high <= SPARSE * len(column):
            present = np.zeros(high + 1, dtype=np.bool_)
            present[column] = True
            if present.all():
                return np.arange(high + 1), column
            return np.flatnonzero(present), (np.cumsum(present, dtype=np.int32) - 1)[column]
    if isinstance(column, np.ndarray) and column.dtype.kind != "O":
        names, index = np.unique(column, return_inverse=True)
        return names, index
    distinct = set(column)
    try:
        things = sorted(distinct)
    except TypeError:  # things of several kinds: any order does, if it is always the same
        things = sorted(distinct, key=lambda thing: (type(thing).__name__, repr(thing)))
    number = {thing: index for index, thing in enumerate(things)}
    return things, np.fromiter((number[thing] for thing in column), dtype=np.int64, count=len(column))


def _as_answers(names: Column, label: Ints, answers: Sequence[Any]) -> tuple[Column, Ints]:
    """The labels renumbered as the answers."""
    place = {answer: index for index, answer in enumerate(answers)}
    unknown = [name for name in names if name not in place]
    if unknown:
        raise ValueError(f"label {unknown[0]!r} is none of {', '.join(map(repr, answers))}")
    number = np.array([place[name] for name in names], dtype=np.int64)
    return list(answers), label if (number == np.arange(len(number))).all() else number[label]


def _ascending(key: NDArray[np.int64]) -> NDArray[np.int64]:
    """The distinct keys in ascending order; those given are sorted in place."""
    if not (key[1:] > key[:-1]).all():
        key.sort()
        new = key[1:] > key[:-1]
        if not new.all():
            key = key[np.concatenate([[True], new])]
    return key


def _runs(key: NDArray[np.int64]) -> tuple[NDArray[np.int64], Ints]:
    """The distinct values of an ascending key, and for each row the index of its value."""
    if not len(key):
        return key, np.zeros(0, dtype=np.int64)
    starts = np.concatenate([[True], key[1:] != key[:-1]])
    return key[starts], np.cumsum(starts) - 1
