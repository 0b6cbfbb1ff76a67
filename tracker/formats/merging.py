"""In which order merged entities are told, so that each merge can be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


def in_order(into: Mapping[str, str | None]) -> Iterator[tuple[str, bool]]:
    """Entities, given with what each was merged into, and whether to say so yet: into one that was itself
    merged nothing can be merged any more. So one that stands in the middle comes twice, first as if it had
    not been merged. What was merged into what is not among them, or in a ring, is told as it is."""
    given: set[str] = set()
    for key in _those_merged_into_it_first(into):
        target = into[key]
        if target is not None and target in into and target not in given:
            given.add(target)
            yield target, False
        if target is not None or key not in given:
            given.add(key)
            yield key, True


def _those_merged_into_it_first(into: Mapping[str, str | None]) -> list[str]:
    merged: dict[str, list[str]] = {}
    for key, target in into.items():
        if target is not None and target in into:
            merged.setdefault(target, []).append(key)
    ordered: dict[str, None] = {}
    for key in into:
        path = [key]
        while path:
            left = [each for each in merged.get(path[-1], ()) if each not in ordered and each not in path]
            if left:
                path.append(left[0])
            else:
                ordered.setdefault(path.pop())
    return list(ordered)
