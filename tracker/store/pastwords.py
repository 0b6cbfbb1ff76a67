"""Words of claims at a moment: those of today that were there then, and those of claims changed since."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from tracker.store import find, spellings
from tracker.store import tables as t
from tracker.store.fulltext import AnyOf, claims_holding
from tracker.store.journal import MOST as ALL
from tracker.store.words import MOST, Words, newest_naming

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from tracker.store.fulltext import Holding


class NotToldError(Exception):
    """It takes the whole journal to say which words there were."""


class PastWords(Words):
    """The words of the claims that stood when an entry was the ``last``, and which claims held them.

    Of claims that were ``changed`` since, revised or taken back or put back again, tables of ``then`` say how
    they were; all others are now what they were. ``bring_revised`` adds to these tables all claims that were
    ever revised: words stay known that a claim held only before; it says whether these claims are few enough.
    """

    def __init__(
        self,
        connection: Connection,
        then: Connection,
        last: int,
        changed: Collection[str],
        bring_revised: Callable[[], bool],
    ) -> None:
        super().__init__(connection)
        self.then = then
        self.last = last
        self.changed = changed
        self.bring_revised = bring_revised

    def holding(self, asked: Sequence[AnyOf], most: int) -> list[Holding]:
        """The newest claims that stood and held a word of each group."""
        now = claims_holding(self.connection, asked, most + len(self.changed), last=self.last)
        found = [each for each in now if each.key not in self.changed]
        found += [each for each in claims_holding(self.then, asked, ALL) if each.key in self.changed]
        return sorted(found, key=lambda each: -each.seq)[:most]

    def beginning(self, word: str) -> None:
        """None: longer words are looked for by how they begin, whatever they are."""

    def others(self, word: str) -> Mapping[str, float]:
        """The words that may have been meant by one.

        Raises :class:`NotToldError` where very many claims were ever revised, or very many words are near.
        """
        if not spellings.is_number(word) and not self.bring_revised():
            raise NotToldError
        return super().others(word)

    def _of_canons(self, canons: Mapping[str, float]) -> dict[str, float]:
        said = spellings.words_of(self.then, canons)
        ever = spellings.words_of(self.connection, canons).items()
        there = (each for each in ever if each[0] in said or self._held(AnyOf((each[0],))))
        return dict(islice(there, spellings.OTHERS))

    def _one_begins_so(self, word: str) -> bool:
        return self._held(AnyOf(beginning=word)) or spellings.words_beginning(self.then, word, 1) != []

    def _near(self, canon: str) -> dict[str, float]:
        near = super()._near(canon)
        if spellings.is_cut_off(near):
            raise NotToldError
        return near

    def _held(self, asked: AnyOf) -> bool:
        """Whether a claim that is now what it was held a word, though it may have been taken back by then."""
        most = len(self.changed) + 1
        held = claims_holding(self.connection, [asked], most, last=self.last, withdrawn=True)
        return any(each.key not in self.changed for each in held)

    def _newest_naming(self, column: sa.Column[str], entity: str) -> Iterable[str]:
        now = newest_naming(self.connection, column, entity, MOST + len(self.changed), self.last)
        found = [(seq, key) for key, seq in now if key not in self.changed]
        then = newest_naming(self.then, column, entity, ALL)
        found += [(seq, key) for key, seq in then if key in self.changed]
        return [key for _, key in sorted(found, reverse=True)[:MOST]]

    def _of_several(self, entities: Collection[str]) -> Iterable[tuple[str, set[str]]]:
        stood = ~t.claims.c.withdrawn
        sides = ((self.connection, False, stood & (t.claims.c.seq <= self.last)), (self.then, True, stood))
        for connection, changed, which in sides:
            for key, named in find.claims_of_several(connection, entities, which):
                if (key in self.changed) == changed:
                    yield key, named
