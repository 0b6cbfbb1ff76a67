"""Very many plain claims in two halves, each resolved by itself: what is said of one claim rests on no other,
but for its rivals, which are in the same half."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from claims.resolve.plaintable import PlainTable
from claims.resolve.track import Track
from claims.standing import since_when

if TYPE_CHECKING:
    from datetime import date

    from claims.policy import Policy
    from claims.resolve.kernel import Ints
    from claims.resolve.plain import PlainFacts
    from claims.resolve.plaintable import Said
    from claims.resolve.worth import Worth


FIRST = 0.46
"""The share of the first half: whoever works it out has more to do besides, with what comes of both."""


class Part(NamedTuple):
    """Some of the claims of facts, and their places among all."""

    facts: PlainFacts
    places: Ints


def in_halves(facts: PlainFacts) -> tuple[Part, Part]:
    """Plain claims in two halves, with all rivals in one."""
    count = len(facts.claims)
    begin = int(count * FIRST)
    second = np.arange(count) >= begin
    if len(facts.questions):
        answers = np.flatnonzero(facts.question >= 0)
        of = facts.question[answers]
        first = np.full(len(facts.questions), count)
        np.minimum.at(first, of, answers)
        second[answers] = first[of] >= begin
    return (
        Part(facts.without(second), np.flatnonzero(~second)),
        Part(facts.without(~second), np.flatnonzero(second)),
    )


class Standing:
    """How all of some plain claims stand on a day, and since when. ``worth``: by the records of all sources;
    None where the policy heeds none."""

    def __init__(self, facts: PlainFacts, policy: Policy, day: date, worth: Worth | None) -> None:
        self.table = PlainTable(facts, policy)
        self.track = Track(self.table, worth) if worth is not None and worth.cases.sources else None
        self.day = day
        every = np.arange(len(facts.claims))
        self.said = self.table.on(every, np.full(len(every), day.toordinal()), self.track)

    def since(self) -> Ints:
        """Since which day each has had its status, as :func:`claims.standing.since_when` has it."""
        every = np.arange(len(self.table.keys))
        return since_when(self.table, every, self.said.status, self.day, self.track)


def together(one: Said, other: Said, parts: tuple[Part, Part]) -> Said:
    """What is said of both halves, each claim at its place."""
    columns = []
    for name in one.__slots__:
        mine, theirs = getattr(one, name), getattr(other, name)
        whole = np.empty(len(mine) + len(theirs), dtype=mine.dtype)
        whole[parts[0].places], whole[parts[1].places] = mine, theirs
        columns.append(whole)
    return type(one)(*columns)
