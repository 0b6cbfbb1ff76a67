"""Suspected syndicates: sources that agree where others do not. A suspicion is for a person to confirm.

Copying leaves the split of votes as it would be among better sources, so it cannot be seen in how much
sources agree, only in *who* agrees. Groups to look at are found in two ways, because each sees what the
other cannot. Where sources speak on few of the questions, those are looked at that keep each other's
company more than chance would have it; they are picked without looking at what they say, so their
agreement is a fair test. Where all speak on everything, those are looked at that agree; there chance
has had a choice, and the group must pay for the naming of its members.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lgamma, log
from typing import TYPE_CHECKING, Any

import numpy as np

from claims.agreement.dependence import Evidence, evidence_of, usual_of
from claims.agreement.neighbours import Pairs, pairs_of, sampled
from claims.agreement.parameters import DEFAULT
from claims.agreement.table import per_question, summed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claims.agreement.parameters import Parameters
    from claims.agreement.table import Floats, Ints, Table

    Flags = NDArray[np.bool_]

GROWTH = 10
"""A group is grown in at most so many steps; it usually rests after three."""

NAMED = 4
"""So many members are named in a sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Sources that may be copying one another, or an origin that they share.

    ``members``: their names. ``found_by``: "company" or "agreement", how they came to be looked at.
    ``evidence``: why. It rests on a sample of the table if that is large.
    """

    members: tuple[Any, ...]
    found_by: str
    evidence: Evidence

    def __str__(self) -> str:
        return f"{self.words} To be confirmed by a person."

    @property
    def words(self) -> str:
        """Who may be copying, and why that is thought."""
        seen = self.evidence
        names = [str(member) for member in self.members]
        shown = [*names[:NAMED], f"{len(names) - NAMED} more"] if len(names) > NAMED + 1 else names
        return (
            f"{', '.join(shown[:-1])} and {shown[-1]} may be copying. On {seen.questions} questions on which "
            f"others spoke too, they agree in {seen.agreed:.0f} of {seen.comparisons:.0f} comparisons, where "
            f"{seen.expected:.0f} would be expected if each spoke for itself ({seen.nats:.0f} nats); "
            f"{seen.apart:.0f} times on an answer that most others did not give."
        )


def find_syndicates(table: Table, numbers: Parameters = DEFAULT) -> list[Suspicion]:
    """The groups that agree as copiers would, the most suspicious seeds first; no source is in two."""
    small = sampled(table, numbers)
    if not small.rows:
        return []
    search = _Search(small, numbers)
    search.look("company")
    search.look("agreement")
    return search.found


class _Search:
    """A search under way: the sources that are still free, and what has been found."""

    def __init__(self, table: Table, numbers: Parameters) -> None:
        self.table = table
        self.numbers = numbers
        self.said = summed(table.source, None, table.sources)
        self.active = int((self.said > 0).sum())
        self.usual = usual_of(table)
        self.question = table.question_of_rows()
        self.free = self.said > 0
        self.pairs: Pairs = pairs_of(table, numbers)
        self.found: list[Suspicion] = []

    def look(self, way: str) -> None:
        """Grow a group from each promising pair, until too many have come to nothing."""
        promise = self.pairs.company(self.said) if way == "company" else self.pairs.agreement
        failures = 0
        for pair in np.argsort(-promise, kind="stable"):
            if promise[pair] <= self.numbers.seed or failures > self.numbers.failures:
                return
            seed = self.pairs.members(int(pair))
            if not self.free[seed].all():
                continue
            found = self._grown(seed, way)
            if found is None:
                failures += 1
                continue
            members, evidence = found
            self.free &= ~members
            names = tuple(self.table.source_names[int(at)] for at in np.flatnonzero(members))
            self.found.append(Suspicion(names, way, evidence))

    def _grown(self, seed: Ints, way: str) -> tuple[Flags, Evidence] | None:
        members = np.zeros(self.table.sources, dtype=np.bool_)
        members[seed] = True
        if way == "company":
            members = self._company_of(members)
            if members.sum() <= 2 or self._suspicious(members, self.numbers.least_echo, 0.0) is None:
                return None
        members = self._alike(members)
        if way == "company":
            least, price = self.numbers.least_echo, 0.0
        else:
            least, price = self.numbers.least_echo_of_alike, _naming(self.active, int(members.sum()))
        evidence = self._suspicious(members, least, price)
        return None if evidence is None else (members, evidence)

    def _suspicious(self, members: Flags, least_echo: float, price: float) -> Evidence | None:
        """The evidence, if it is enough. More than half of all sources are no syndicate but the trade."""
        if not 2 <= members.sum() <= self.active / 2:
            return None
        evidence = evidence_of(self.table, self._votes(members), self.usual)
        enough = evidence.nats >= self.numbers.evidence + price and evidence.echo >= least_echo
        return evidence if enough else None

    def _votes(self, members: Flags) -> Floats:
        inside = members[self.table.source].astype(np.float64)
        return summed(self.table.candidate, inside, len(self.table.question))

    def _company_of(self, members: Flags) -> Flags:
        """Who speaks beside members of the group far more often than others do, whatever they say."""
        seed = members
        for _ in range(GROWTH):
            inside = members[self.table.source]
            beside = summed(self.question, inside, self.table.questions)[self.question] > inside
            met = summed(self.table.source, beside, self.table.sources)
            within = min(0.95, max(0.2, self._rate(met, members)))
            without = min(0.9 * within, self._rate(met, ~members))
            odds = met * log(within / without) + (self.said - met) * log((1 - within) / (1 - without))
            grown = (odds > self.numbers.belongs) & self.free
            if members is seed:
                grown |= seed
            if grown.sum() < 2 or (grown == members).all():
                return np.asarray(grown)
            members = grown
        return members

    def _rate(self, met: Floats, who: Flags) -> float:
        return float((met[who].sum() + 0.5) / (self.said[who].sum() + 1))

    def _alike(self, members: Flags) -> Flags:
        """Who belongs by what it says: rows beside members with the same answer, with another, and alone."""
        belongs = log(self.active / max(int(members.sum()), 3))
        for _ in range(GROWTH):
            inside = members[self.table.source].astype(np.float64)
            votes = self._votes(members)
            beside = per_question(self.table, votes)[self.question] - inside
            same = 2 * (votes[self.table.candidate] - inside) > beside
            yes = summed(self.table.source, (beside > 0) & same, self.table.sources)
            no = summed(self.table.source, (beside > 0) & ~same, self.table.sources)
            seen = np.stack([yes, no, self.said - yes - no])
            nats = np.log(_shares(seen, members)) - np.log(_shares(seen, ~members))
            odds = (nats[:, None] * seen).sum(axis=0)
            grown = (odds > belongs) & self.free
            if grown.sum() < 2 or (grown == members).all():
                return np.asarray(grown)
            members = grown
        return members


def _shares(seen: Floats, who: Flags) -> Floats:
    """How the rows of these sources fall into three kinds."""
    total = seen[:, who].sum(axis=1) + np.array([0.5, 0.5, 1.0])
    return np.asarray(total / total.sum())


def _naming(sources: int, members: int) -> float:
    """The nats that it takes to say which sources are meant: the logarithm of the number of such groups."""
    if members > sources:
        return 0.0
    return lgamma(sources + 1) - lgamma(members + 1) - lgamma(sources - members + 1)
