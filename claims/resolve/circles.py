"""Circles: claims that can move each other, in an order in which each rests on earlier ones only."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Edges = Mapping[int, Sequence[int]]


def circles(count: int, moves: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The strongly connected parts of a graph over the numbers below ``count``, in which a pair
    (a, b) says that a moves b: those that move come before those that are moved.

    Kosaraju's algorithm, without recursion.
    """
    forward: dict[int, list[int]] = defaultdict(list)
    backward: dict[int, list[int]] = defaultdict(list)
    for mover, moved in moves:
        forward[mover].append(moved)
        backward[moved].append(mover)
    if not forward:
        return [[number] for number in reversed(range(count))]
    seen: set[int] = set()
    finished = [number for start in range(count) for number in _reached(start, forward, seen)]
    seen.clear()
    parts = (_reached(start, backward, seen) for start in reversed(finished))
    return [sorted(part) for part in parts if part]


def _reached(start: int, edges: Edges, seen: set[int]) -> list[int]:
    """What can be reached from a start and was not seen before, each after all it leads to."""
    if start in seen:
        return []
    seen.add(start)
    done = []
    path = [(start, iter(edges.get(start, ())))]
    while path:
        number, ways = path[-1]
        fresh = next((way for way in ways if way not in seen), None)
        if fresh is None:
            done.append(number)
            path.pop()
        else:
            seen.add(fresh)
            path.append((fresh, iter(edges.get(fresh, ()))))
    return done
