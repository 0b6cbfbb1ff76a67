"""The whole way: declared groups counted once, syndicates looked for, answers and records learned."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from claims.agreement.groups import count_once, membership, shares
from claims.agreement.learning import learn
from claims.agreement.parameters import DEFAULT
from claims.agreement.syndicates import find_syndicates

if TYPE_CHECKING:
    from collections.abc import Iterable

    from claims.agreement.answers import Answers
    from claims.agreement.parameters import Parameters
    from claims.agreement.syndicates import Suspicion
    from claims.agreement.table import Table


@dataclass(frozen=True, slots=True)
class Resolved:
    """The answers, and who is suspected of copying, for a person to confirm. Where groups were declared,
    ``answers.table`` has their rows as one."""

    answers: Answers
    suspicions: tuple[Suspicion, ...]


def resolve(
    table: Table,
    *,
    declared: Iterable[Iterable[Any]] = (),
    look: bool = True,
    numbers: Parameters = DEFAULT,
    threads: int = 1,
) -> Resolved:
    """Who is right, by the pattern of agreement alone.

    ``declared`` groups of sources (by name) are known to speak with one mouth: they count once, by the record
    of the group. Unless told not to ``look``, syndicates are sought among the rest; suspicion makes
    their rows count in shares, each by its own record, which is milder, since it may be wrong.
    """
    rows = count_once(table, membership(table, declared))
    found = find_syndicates(rows, numbers) if look else []
    group = membership(rows, [suspicion.members for suspicion in found])
    part = shares(rows, group, [suspicion.evidence.echo for suspicion in found])
    return Resolved(learn(rows, numbers, shares=part, threads=threads), tuple(found))
