"""Synthetic worlds of claims and sources, in which it is known who is right and who copies whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from claims.agreement import tabulate

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from claims.agreement import Answers, Table

    Ints = NDArray[np.int64]
    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class World:
    """Claims, true by the toss of a coin, each with so many assertions by different sources out of
    1,000, which are right with a probability between ``worst`` and ``best``.

    On the part ``copied`` of the claims, ``together`` assertions come from one of ``syndicates`` of
    ``members`` sources each. To the part ``echo`` each of them repeats what the syndicate's origin says,
    which is right ``origin_right`` of the time; else it speaks for itself. The others come from
    sources outside all syndicates. With ``beats``, all assertions on a claim come from one of so many
    beats, and nobody copies; if ``alike``, the sources of one beat are about equally good.
    """

    claims: int
    assertions: int = 5
    sources: int = 1000
    worst: float = 0.40
    best: float = 0.95
    copied: float = 0.30
    syndicates: int = 20
    members: int = 15
    together: int = 3
    origin_right: float = 0.45
    echo: float = 1.0
    beats: int = 0
    alike: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A world that was drawn: the table of its assertions (labels 0 and 1), the truth of each claim,
    and the members of each syndicate."""

    table: Table
    truth: Flags
    syndicates: list[list[int]]


def draw(world: World, seed: int) -> Drawn:
    """One drawing of a world."""
    chance = np.random.default_rng(seed)
    reliability = chance.uniform(world.worst, world.best, world.sources)
    if world.alike:
        level = np.repeat(chance.uniform(world.worst, world.best, world.beats), world.sources // world.beats)
        reliability = np.clip(level + chance.uniform(-0.05, 0.05, world.sources), 0.4, 0.97)
    truth = chance.random(world.claims) < 0.5
    source = _sources(world, chance)
    right = chance.random(source.shape) < reliability[source]
    if world.copied and not world.beats:
        _copy(world, chance, source, right, reliability)
    stance = (right == truth[:, None]).astype(np.int8)
    table = tabulate(
        np.repeat(np.arange(world.claims), world.assertions), stance.ravel(), source.ravel(), answers=(0, 1)
    )
    groups = np.arange(world.syndicates * world.members).reshape(world.syndicates, world.members)
    return Drawn(table, truth, groups.tolist() if world.copied and not world.beats else [])


def _sources(world: World, chance: np.random.Generator) -> Ints:
    """Who speaks on each claim."""
    if not world.beats:
        return distinct(chance, world.claims, world.assertions, world.sources)
    size = world.sources // world.beats
    beat = chance.integers(world.beats, size=world.claims)
    return beat[:, None] * size + distinct(chance, world.claims, world.assertions, size)


def _copy(world: World, chance: np.random.Generator, source: Ints, right: Flags, reliability: Floats) -> None:
    """Let syndicates speak on some of the claims."""
    copied = np.flatnonzero(chance.random(world.claims) < world.copied)
    members, together = world.members, world.together
    group = chance.integers(world.syndicates, size=len(copied))
    source[copied, :together] = group[:, None] * members + distinct(chance, len(copied), together, members)
    origin = chance.random(len(copied)) < world.origin_right
    echoes = chance.random((len(copied), together)) < world.echo
    own = chance.random((len(copied), together)) < reliability[source[copied, :together]]
    right[copied, :together] = np.where(echoes, origin[:, None], own)
    inside = world.syndicates * members
    rest = world.assertions - together
    outside = inside + distinct(chance, len(copied), rest, world.sources - inside)
    source[copied, together:] = outside
    right[copied, together:] = chance.random(outside.shape) < reliability[outside]


def distinct(chance: np.random.Generator, rows: int, many: int, out_of: int) -> Ints:
    """So many different numbers below ``out_of`` in each row."""
    drawn = chance.integers(out_of, size=(rows, many))
    while True:
        in_order = np.sort(drawn, axis=1)
        again = np.flatnonzero((in_order[:, 1:] == in_order[:, :-1]).any(axis=1))
        if not len(again):
            return drawn
        drawn[again] = chance.integers(out_of, size=(len(again), many))


def vote_share(table: Table) -> Floats:
    """Per candidate: its share of the votes on its question."""
    return table.votes / np.repeat(table.spoken, table.size)


def accuracy(score: Floats, truth: Flags) -> float:
    """How often the better of the two candidates of a claim is the right one; a tie counts one half."""
    lead = score[1::2] - score[::2]
    return float(np.where(np.abs(lead) < 1e-9, 0.5, (lead > 0) == truth).mean())


def brier(probability: Floats, truth: Flags) -> float:
    """The mean squared distance between the likelihood of the claims and their truth."""
    return float(((probability[1::2] - truth) ** 2).mean())


def marks(answers: Answers, truth: Flags) -> tuple[float, float]:
    """Accuracy and Brier score of answers."""
    return accuracy(answers.score, truth), brier(answers.probability, truth)
