"""Answers compared with the truth where it is known: how many are right, and how many are contested."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.agreement.answers import TIE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from claims.agreement.table import Floats, Table


@dataclass(frozen=True, slots=True)
class Marks:
    """How answers fared on ``n`` questions of known truth.

    ``expected``: how many are right if a contested one is settled by lot, as the expected value.
    ``answered``: those with one best candidate, ``right`` of which are right. ``contested``: those on which
    several share the first place. On the rest nobody spoke, and they count as wrong.
    """

    n: int
    expected: float
    answered: int
    right: int
    contested: int

    @property
    def accuracy(self) -> float | None:
        """The share that is right, contested ones by lot; None where nothing was asked."""
        return self.expected / self.n if self.n else None

    @property
    def precision(self) -> float | None:
        """The share of the answers given that is right; None where none was."""
        return self.right / self.answered if self.answered else None

    @property
    def share_contested(self) -> float | None:
        """The share of the questions to which no answer was given, since several are as good."""
        return self.contested / self.n if self.n else None


def mark(table: Table, score: Floats, truth: Mapping[Any, Any]) -> Marks:
    """The marks of whatever gives each candidate of a table a score. ``truth``: the right label by the name
    of the question; those that the table does not have are counted too."""
    top = np.zeros(0, dtype=np.bool_)
    if table.questions:
        top = score >= np.repeat(np.maximum.reduceat(score, table.first), table.size) - TIE
    place = {name: at for at, name in enumerate(table.question_names)}
    expected, answered, right, contested = 0.0, 0, 0, 0
    for question, label in truth.items():
        if question not in place:
            continue
        first = int(table.first[place[question]])
        shown = first + np.flatnonzero(top[first : first + int(table.size[place[question]])])
        hits = sum(table.label_names[int(table.label[at])] == label for at in shown)
        expected += hits / len(shown)
        if len(shown) > 1:
            contested += 1
        else:
            answered += 1
            right += hits
    return Marks(n=len(truth), expected=expected, answered=answered, right=right, contested=contested)
