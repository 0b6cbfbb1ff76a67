"""Keys for very many new records: what is taken is asked of the database for many at a time."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from tracker.store.tables import metadata

if TYPE_CHECKING:
    from collections.abc import Collection

    from tracker.store.read import Reader

AHEAD = 100
"""How many numbers behind a stem are looked up together."""

MOST_FAMILIES = 50_000
"""Stems of which the next free number is remembered."""


class _Family:
    """The numbers behind one stem: all below ``next`` are taken, and of those up to ``upto`` the ones in
    ``taken``."""

    __slots__ = ("next", "taken", "upto")

    def __init__(self) -> None:
        self.next, self.upto, self.taken = 2, 1, set[int]()


class FreshKeys:
    """Keys that no record of a table has: the words themselves, or those and the first number that
    is free. It counts on nobody else writing meanwhile."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._there: defaultdict[str, set[str]] = defaultdict(set)
        self._asked: defaultdict[str, set[str]] = defaultdict(set)
        self._families: dict[tuple[str, str], _Family] = {}

    def expect(self, records: str, stems: Collection[str]) -> None:
        """Look up which of some stems are taken, before keys are made of them. What was expected of
        these records before is forgotten: it must be in the database by now."""
        self._there[records] = self._taken(records, stems)
        self._asked[records] = set(stems)

    def expected(self, records: str) -> Collection[str]:
        """The stems that were expected of these records the last time."""
        return self._asked.get(records, set())

    def fresh(self, records: str, stem: str) -> str:
        """The key that a new record gets; it is free until it is :meth:`taken <take>`."""
        asked, there = self._asked[records], self._there[records]
        if stem not in asked and stem not in there:
            asked.add(stem)
            there |= self._taken(records, [stem])
        if stem not in there:
            return stem
        family = self._family(records, stem)
        number = family.next
        while self._is_taken(records, stem, family, number):
            number += 1
        return f"{stem}-{number}"

    def take(self, records: str, key: str) -> None:
        """A record has got a key."""
        self._there[records].add(key)
        if not self._families:
            return
        stem, _, digits = key.rpartition("-")
        family = self._families.get((records, stem)) if digits.isdecimal() else None
        if family is None or digits != str(int(digits)):
            return
        family.taken.add(int(digits))
        while family.next in family.taken:
            family.taken.remove(family.next)
            family.next += 1

    def give_back(self, records: str, key: str) -> None:
        """A record that had :meth:`taken <take>` a key is not made after all."""
        self._there[records].discard(key)
        stem, _, digits = key.rpartition("-")
        family = self._families.get((records, stem)) if digits.isdecimal() else None
        if family is None or digits != str(int(digits)):
            return
        number = int(digits)
        if number < family.next:
            family.taken.update(range(number + 1, family.next))
            family.next = number
        family.taken.discard(number)

    def _family(self, records: str, stem: str) -> _Family:
        family = self._families.get((records, stem))
        if family is None:
            if len(self._families) >= MOST_FAMILIES:
                self._families.clear()
            family = self._families[records, stem] = _Family()
        return family

    def _is_taken(self, records: str, stem: str, family: _Family, number: int) -> bool:
        if number > family.upto:
            keys = [f"{stem}-{n}" for n in range(number, number + AHEAD)]
            found = self._taken(records, keys) | self._there[records].intersection(keys)
            family.taken.update(int(key.rpartition("-")[2]) for key in found)
            family.upto = number + AHEAD - 1
        return number in family.taken

    def _taken(self, records: str, keys: Collection[str]) -> set[str]:
        table = metadata.tables[records]
        return self._reader.keys(table, table.c.key, keys, "key")
