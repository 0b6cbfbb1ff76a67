"""Prints what resolving large groups of tied claims costs: ``python -m benchmarks.joint``.

Each group goes the whole way through ``claims.resolve.resolve``, with evidence on every claim.
``--size`` says how many claims each has; also shown is how many of them were resolved exactly.
``--accuracy`` prints instead how far off the approximation is where the exact answer is known.
"""

from __future__ import annotations

import argparse
import random
import resource
import statistics
import time
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.tangled import KINDS, errors, mixed
from benchmarks.tangled import tangle as tangle_of_pairs
from claims.dates import from_date
from claims.model import Claim, Evidence, Link, Question, Source
from claims.resolve import Dossier, resolve
from claims.resolve.joint import OneLife, settle
from claims.resolve.lifetimes import Lifespan
from claims.vocabulary import Kind, Relation, SourceType, Stance
from tracker.app.policies import load_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from benchmarks.tangled import Make

SOURCES = 50
FIRST = date(2010, 1, 1)
AS_OF = date(2026, 1, 1)


def main() -> None:
    """Run all of it and print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.joint", description=__doc__)
    parser.add_argument("--size", type=int, default=10_000, help="claims in each group")
    parser.add_argument("--only", help="one group, by the first word of its name")
    parser.add_argument("--accuracy", action="store_true", help="how far off the approximation is")
    asked = parser.parse_args()
    if asked.accuracy:
        accuracy()
        return
    policy = load_policy("weight-of-evidence")
    print(f"{'group':<42}{'claims':>8}{'ties':>8}{'seconds':>9}{'exact':>8}{'peak MB':>9}")
    if not asked.only:
        one_lifetime(asked.size, random.Random(1))  # noqa: S311
    for name, make in GROUPS.items():
        if asked.only and not name.startswith(asked.only):
            continue
        dossier = make(asked.size, random.Random(1))  # noqa: S311
        began = time.perf_counter()
        found = resolve(dossier, policy, AS_OF)
        spent = time.perf_counter() - began
        exact = sum(one.exact for one in found.values()) / len(found)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{name:<42}{len(found):>8}{len(dossier.links):>8}{spent:>9.2f}{exact:>8.0%}{peak:>9.0f}",
            flush=True,
        )


def accuracy() -> None:
    """Print by how much the approximation is off in random groups that can be resolved exactly."""
    print(f"{'kind of group':<20}{'claims':>10}{'groups':>8}{'largest':>10}{'median':>10}{'9 in 10':>10}")
    cases: list[tuple[Make, int, tuple[int, int]]] = [(make, 3000, (2, 8)) for make in KINDS]
    cases += [(make, 300, (30, 40)) for make in (tangle_of_pairs, mixed)]
    for make, number, sizes in cases:
        off = errors(make, number, sizes)
        shown = (max(off), statistics.median(off), statistics.quantiles(off, n=10)[-1])
        name = make.__name__.replace("_", " ")
        print(f"{name:<20}{f'{sizes[0]} to {sizes[1]}':>10}{number:>8}", end="")
        print("".join(f"{figure:>10.4f}" for figure in shown), flush=True)


def one_lifetime(size: int, chance: random.Random) -> None:
    """Print what deaths and signs of life cost that are one factor, without the way there."""
    days = np.array(
        [[first, first + chance.choice((0, 0, 6, 30))] for first in chance.choices(range(5000), k=size)]
    )
    half = size // 2
    died = days[:half][np.argsort(days[:half].sum(axis=1), kind="stable")]
    span = Lifespan(died, days[half:], (), 6.0, 6.0)
    own = np.array([chance.uniform(-4, 4) for _ in range(size)])
    began = time.perf_counter()
    settled = settle(own, [OneLife(tuple(range(half)), tuple(range(half, size)), span)])
    spent = time.perf_counter() - began
    print(f"{'one lifetime, as a factor alone':<42}{size:>8}{1:>8}{spent:>9.2f}{settled.exact:>8.0%}")


# --- groups ---------------------------------------------------------------------------------


def question(size: int, chance: random.Random) -> Dossier:
    """One question with so many rival answers."""
    claims = [_claim(n, Kind.ATTRIBUTION, value=f"group {n}", question="who") for n in range(size)]
    return _dossier(claims, chance, questions={"who": Question(key="who", text="Who did it?")})


def silent(size: int, chance: random.Random) -> Dossier:
    """The same, where there is evidence on half of the answers only."""
    return _spoken_of(question(size, chance), size // 2)


def lifetime(size: int, chance: random.Random) -> Dossier:
    """One person, reported dead and seen alive equally often."""
    kinds = [Kind.DEATH if n % 2 else Kind.SIGN_OF_LIFE for n in range(size)]
    days = [FIRST + timedelta(days=chance.randrange(5000)) for _ in range(size)]
    claims = [_claim(n, kinds[n], subject="someone", when=from_date(days[n])) for n in range(size)]
    return _dossier(claims, chance)


def chain(size: int, chance: random.Random) -> Dossier:
    """Claims that depend on each other, one on the next."""
    claims = [_claim(n, Kind.EVENT) for n in range(size)]
    return _dossier(claims, chance, _links(Relation.DEPENDS_ON, ((n, n + 1) for n in range(size - 1))))


def ring(size: int, chance: random.Random) -> Dossier:
    """The same, the last depending on the first."""
    claims = [_claim(n, Kind.EVENT) for n in range(size)]
    return _dossier(claims, chance, _links(Relation.DEPENDS_ON, ((n, (n + 1) % size) for n in range(size))))


def contradictions(size: int, chance: random.Random) -> Dossier:
    """Claims that contradict each other, each the next, in a circle."""
    claims = [_claim(n, Kind.EVENT) for n in range(size)]
    return _dossier(claims, chance, _links(Relation.CONTRADICTS, ((n, (n + 1) % size) for n in range(size))))


def tangle(size: int, chance: random.Random) -> Dossier:
    """Claims with twice as many contradictions between them, at random."""
    claims = [_claim(n, Kind.EVENT) for n in range(size)]
    pairs = {tuple(sorted(chance.sample(range(size), 2))) for _ in range(2 * size)}
    return _dossier(claims, chance, _links(Relation.CONTRADICTS, sorted(pairs)))


def entangled(size: int, chance: random.Random) -> Dossier:
    """One question, with as many contradictions between its answers, and some that depend on each
    other in a ring."""
    claims = [_claim(n, Kind.ATTRIBUTION, value=f"group {n}", question="who") for n in range(size)]
    pairs = {tuple(sorted(chance.sample(range(size), 2))) for _ in range(size)}
    links = _links(Relation.CONTRADICTS, sorted(pairs))
    return _dossier(claims, chance, links, {"who": Question(key="who", text="Who did it?")})


def ringed(size: int, chance: random.Random) -> Dossier:
    """One question, the first two of whose answers depend on each other."""
    return replace(question(size, chance), links=_links(Relation.DEPENDS_ON, [(0, 1), (1, 0)]))


GROUPS: dict[str, Callable[[int, random.Random], Dossier]] = {
    "question with rival answers": question,
    "half of the rival answers silent": silent,
    "lifetime: deaths and signs of life": lifetime,
    "chain of claims that depend on the next": chain,
    "ring of claims that depend on the next": ring,
    "circle of contradictions": contradictions,
    "tangle of contradictions": tangle,
    "entangled question": entangled,
    "dependent answers to a question": ringed,
}


def _claim(number: int, kind: Kind, **fields: object) -> Claim:
    return Claim(key=f"c{number:05}", text=f"Claim {number}", kind=kind, **fields)  # type: ignore[arg-type]


def _links(relation: Relation, pairs: Iterable[tuple[int, ...]]) -> dict[str, Link]:
    links = (
        Link(key=f"l{at}", claim=f"c{a:05}", relation=relation, other=f"c{b:05}", reason="")
        for at, (a, b) in enumerate(pairs)
    )
    return {link.key: link for link in links}


def _dossier(
    claims: list[Claim],
    chance: random.Random,
    links: dict[str, Link] | None = None,
    questions: dict[str, Question] | None = None,
) -> Dossier:
    """The claims, with two pieces of evidence on each."""
    evidence = {}
    for number, claim in enumerate(claims):
        for piece in range(2):
            evidence[f"e{number:05}.{piece}"] = Evidence(
                key=f"e{number:05}.{piece}",
                claim=claim.key,
                source=f"s{chance.randrange(SOURCES)}",
                stance=chance.choice((Stance.SUPPORTS, Stance.SUPPORTS, Stance.DENIES)),
                published=from_date(FIRST + timedelta(days=5000 + chance.randrange(500))),
                recorded_on=AS_OF,
            )
    return Dossier(
        claims={claim.key: claim for claim in claims},
        evidence=evidence,
        sources={
            f"s{n}": Source(key=f"s{n}", name=f"Source {n}", type=SourceType.OTHER) for n in range(SOURCES)
        },
        links=links or {},
        questions=questions or {},
    )


def _spoken_of(dossier: Dossier, count: int) -> Dossier:
    kept = set(sorted(dossier.claims)[:count])
    gone = [key for key, piece in dossier.evidence.items() if piece.claim not in kept]
    return dossier.without(gone)


if __name__ == "__main__":
    main()
