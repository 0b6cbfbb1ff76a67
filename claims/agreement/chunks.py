"""Work cut into pieces of whole questions, so that threads can share it and caches can hold it.

The pieces depend on the table alone and are added up in their order, so that the result does not
depend on how many threads did the work.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from claims.agreement.table import Floats, Table

    Run = Callable[[Callable[["Chunk"], Floats], list["Chunk"]], Iterable[Floats]]

ROWS = 1 << 16
"""About this many rows to a piece: half a megabyte for each column."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a table: slices of its questions, its candidates and its rows."""

    questions: slice
    candidates: slice
    rows: slice


def chunks_of(table: Table) -> list[Chunk]:
    """The table cut into pieces of whole questions."""
    edge = np.concatenate([[0], np.cumsum(table.spoken)]).astype(np.int64)
    start = np.concatenate([table.first, [len(table.question)]])
    pieces, question = [], 0
    while question < table.questions:
        last = int(np.searchsorted(edge, edge[question] + ROWS, side="right")) - 1
        last = max(question + 1, last)
        pieces.append(
            Chunk(
                questions=slice(question, last),
                candidates=slice(int(start[question]), int(start[last])),
                rows=slice(int(edge[question]), int(edge[last])),
            )
        )
        question = last
    return pieces


@contextmanager
def workers(threads: int) -> Iterator[Run]:
    """A ``map`` over pieces that so many threads share. numpy lets go of the interpreter's lock, so
    that they work at once."""
    if threads <= 1:
        yield map
        return
    with ThreadPoolExecutor(threads) as pool:
        yield pool.map
