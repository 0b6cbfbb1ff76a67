"""Track records: how often a source was right on claims that were settled later, and what that is worth.

Two rates for each source: how often it was right when it supported, and when it denied. Each starts
from what the source's grade is worth and moves with its cases. A stance then weighs what Bayes'
rule gives it: the log-odds of its being right less the log-odds that what it says holds anyway among
the claims that this source speaks on. So a source that denies everything is right as often as
denials are right anyway, and weighs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, log
from typing import TYPE_CHECKING, NamedTuple

from claims.vocabulary import Reliability, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from claims.policy import Policy, RecordNumbers
    from claims.resolve.accounts import Account
    from claims.vocabulary import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How one source's stance on one claim fared: ``sign`` is +1 where it supported and -1 where it
    denied or doubted, ``right`` whether the claim was settled that way, ``since`` the day from which
    and ``until`` the day before which it stood so settled (None: it still does)."""

    source: str
    claim: str
    evidence: str
    kind: Kind
    sign: int
    right: bool
    since: date
    until: date | None = None

    def stands_on(self, day: date) -> bool:
        """Whether the claim was settled so on a day."""
        return self.since <= day and (self.until is None or day < self.until)


class Fared(NamedTuple):
    """How one stance fared, as :class:`Outcome` says it, days as ordinals."""

    claim: str
    source: str
    since: int
    until: int | None
    evidence: str
    kind: str
    sign: int
    right: bool


def fared(outcome: Outcome) -> Fared:
    """An outcome with its days as ordinals."""
    until = None if outcome.until is None else outcome.until.toordinal()
    return Fared(
        *(outcome.claim, outcome.source, outcome.since.toordinal(), until),
        *(outcome.evidence, str(outcome.kind), outcome.sign, outcome.right),
    )


@dataclass(frozen=True, slots=True)
class Record:
    """What a source's settled cases say of one stance: of ``said`` claims on which it took that
    stance it was ``right`` on so many; of the ``spoke`` claims on which it took any, the stance
    would have been right on ``holds``. Cases of other kinds of claim count in part, so these are
    no whole numbers."""

    right: float = 0.0
    said: float = 0.0
    holds: float = 0.0
    spoke: float = 0.0


class Records:
    """The records of sources as of a day.

    ``groups`` gives each claim of the dossier its tied group: what was settled within a group never
    bears on that group. Outcomes of claims outside the dossier bear on all of it.
    """

    def __init__(
        self,
        accounts: Mapping[str, Account],
        as_of: date,
        groups: Mapping[str, int],
        numbers: RecordNumbers,
    ) -> None:
        self.numbers = numbers
        self.groups = groups
        self._as_of = as_of
        self._accounts = accounts
        self._members: dict[int, list[str]] = {}
        for claim, group in groups.items():
            self._members.setdefault(group, []).append(claim)
        self._found: dict[tuple[str, Kind, int, int], Record] = {}

    def of(self, source: str, kind: Kind, sign: int, claim: str) -> Record:
        """The record of a source for one stance on one kind of claim, as it bears on a claim."""
        account = self._accounts.get(source)
        if account is None:
            return Record()
        group = self.groups[claim]
        key = (source, kind, sign, group)
        if key not in self._found:
            apart = self._members[group]
            self._found[key] = account.record(kind, sign, self._as_of, apart, self.numbers)
        return self._found[key]


def record_of(cases: Iterable[Outcome], kind: Kind | None, sign: int, numbers: RecordNumbers) -> Record:
    """The record that some cases of one source make for a stance on one kind of claim (None: on all
    kinds alike)."""
    right = said = holds = spoke = 0.0
    for case in cases:
        part = 1.0 if kind is None or case.kind == kind else numbers.kind
        same = case.sign == sign
        spoke += part
        holds += part * (case.right == same)  # a wrong denial says that the claim was true
        said += part * same
        right += part * (same and case.right)
    return Record(right, said, holds, spoke)


def strength_with(
    record: Record, strength: float, base_rate: float, sign: int, numbers: RecordNumbers
) -> float:
    """What a stance weighs (nats, >= 0) given the record of its source.

    ``strength`` is what it weighs without one, and what it weighs with an empty one. A stance
    never weighs less than nothing: a source that is mostly wrong proves nothing by being so.
    """
    if record.spoke == 0:
        return strength
    anyway = base_rate if sign > 0 else 1 - base_rate
    expected = 1 / (1 + exp(-(strength + _logit(anyway))))
    right = (record.right + numbers.prior * expected) / (record.said + numbers.prior)
    holds = (record.holds + numbers.spoke * anyway) / (record.spoke + numbers.spoke)
    return max(_logit(right) - _logit(holds), 0.0)


FEWEST_CASES = 5
"""With fewer settled cases a record suggests no grade."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """The Admiralty grade that a record alone suggests (None: too few cases), and why."""

    grade: Reliability | None
    because: str


def suggest_grade(cases: Sequence[Outcome], policy: Policy) -> Suggestion:
    """The grade whose factor comes nearest to what a source's record makes of an ungraded word.

    A (completely reliable) to E (unreliable); F is for those who cannot be judged, and so is
    never suggested. The terms are those of STANAG 2511, the factors those of the policy.
    """
    if policy.records is None or len(cases) < FEWEST_CASES:
        settled = "1 settled case" if len(cases) == 1 else f"{len(cases)} settled cases"
        return Suggestion(None, f"{settled}; a grade is suggested from {FEWEST_CASES} on")
    worth = total = 0.0
    for sign, stance in ((1, Stance.SUPPORTS), (-1, Stance.DENIES)):
        record = record_of(cases, None, sign, policy.records)
        strength = policy.stance["default"][stance]
        weight = strength_with(record, strength, policy.base_rate["default"], sign, policy.records)
        worth += record.said * weight
        total += record.said * strength
    factor = worth / total
    grade = min(policy.reliability, key=lambda each: (abs(policy.reliability[each] - factor), each))
    right = sum(case.right for case in cases)
    worded = f"its word is worth ×{factor:.2f} of an ungraded one's"
    return Suggestion(Reliability(grade), f"right on {right} of {len(cases)} settled claims: {worded}")


def _logit(chance: float) -> float:
    return log(chance) - log(1 - chance)
