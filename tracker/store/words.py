"""Search: the claims that hold the words a person typed, or words like them, on any database."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

import sqlalchemy as sa

from claims.spelling import BEGINNING as LEAST
from claims.spelling import LIKE, begins, can_be_misspelled, canons_of, readings_of
from tracker.store import find, spellings
from tracker.store import tables as t
from tracker.store.fulltext import MOST_ASKED, AnyOf, Holding, claims_holding

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from sqlalchemy.engine import Connection

MOST = 1000
"""Claims that are looked at for one search, the newest of those that answer to it."""

MOST_SPELLED = 12
"""Words of a search whose other spellings are looked for: who types more has copied them."""

WHOLE, BEGINNING = 1.0, 0.99
"""What a claim scores for a word that it holds, and for one that begins with it. One that holds another
word in its place scores as much as the two are alike, and less than these."""

SPELLED_OTHERWISE = 0.98


@dataclass(frozen=True, slots=True)
class Found:
    """A claim that was found: how well it answers (0 to 1), and the words in it that stand for others."""

    key: str
    score: float
    instead: tuple[str, ...] = ()


class Words:
    """The words of the claims that stand in some tables, and which claims hold them or are about whom."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def holding(self, asked: Sequence[AnyOf], most: int) -> list[Holding]:
        """The newest standing claims that hold a word of each group."""
        return claims_holding(self.connection, asked, most)

    def beginning(self, word: str) -> list[str] | None:
        """The longer words that begin with one; None where they are looked for by how they begin."""
        return spellings.words_beginning(self.connection, word)

    def others(self, word: str) -> Mapping[str, float]:
        """Words of claims that may be meant by one, itself left out, with how like they are (0 to 1): its
        other spellings, and, where no claim has any nor a word that begins so, those that are near it."""
        if spellings.is_number(word):
            return {}
        (canon,) = canons_of([word])
        same = self._of_canons({canon: 1.0})
        if same or not can_be_misspelled(canon) or self._one_begins_so(word):
            return {other: likeness for other, likeness in same.items() if other != word}
        return self._of_canons(self._near(canon))

    def about(self, entities: Iterable[str]) -> dict[str, list[str]]:
        """Keys of the newest standing claims that have each of some entities as subject or value, or among
        several there, by entity."""
        found: dict[str, dict[str, None]] = {}
        for entity in entities:
            keys = found.setdefault(entity, {})
            for column in (t.claims.c.subject, t.claims.c.value_entity):
                keys |= dict.fromkeys(self._newest_naming(column, entity))
        # All that name several are read for this: once, whoever is looked for.
        for key, named in self._of_several(found):
            for entity in named:
                found[entity][key] = None
        return {entity: list(keys) for entity, keys in found.items()}

    # --- what is asked of the tables ----------------------------------------------------------

    def _of_canons(self, canons: Mapping[str, float]) -> dict[str, float]:
        """The first words of some canons, the most like first."""
        return dict(islice(spellings.words_of(self.connection, canons).items(), spellings.OTHERS))

    def _one_begins_so(self, word: str) -> bool:
        return spellings.words_beginning(self.connection, word, 1) != []

    def _near(self, canon: str) -> dict[str, float]:
        return spellings.near_canons(self.connection, canon, LIKE)

    def _newest_naming(self, column: sa.Column[str], entity: str) -> Iterable[str]:
        return [key for key, _ in newest_naming(self.connection, column, entity, MOST)]

    def _of_several(self, entities: Collection[str]) -> Iterable[tuple[str, set[str]]]:
        return find.claims_of_several(self.connection, entities, ~t.claims.c.withdrawn)


def claims_like(words: Words, text: str, limit: int) -> list[Found]:
    """The claims that hold all words of a text, the best first, then by key.

    A word may be whole, or the beginning of one; only where too few claims hold it so, others are looked
    for that may have been meant. Where a sign stands within a word, as in Ba'ath, what is left of the word
    without it may be held as well. Of more than ``MOST`` the newest are looked at.
    """
    best: dict[str, Found] = {}
    for asked in readings_of(text):
        for each in _holding(words, asked, limit):
            if each.key not in best or best[each.key].score < each.score:
                best[each.key] = each
    return _in_order(best.values(), limit)


def _holding(words: Words, asked: Sequence[str], limit: int) -> list[Found]:
    if not asked or limit <= 0:
        return []
    most = max(MOST, limit)
    found: dict[str, Found] = {}
    _keep(found, asked, words.holding([AnyOf((word,)) for word in asked], most), {})
    if len(found) < limit:
        longer = [_beginning(words, word) for word in asked[:MOST_ASKED]]
        _keep(found, asked, words.holding(longer, most), {})
        if len(found) < limit and len(asked) <= MOST_SPELLED:
            others = {word: words.others(word) for word in asked}
            if any(others.values()):
                wider = [
                    replace(each, whole=(*each.whole, *others[word]))
                    for each, word in zip(longer, asked, strict=True)
                ]
                _keep(found, asked, words.holding(wider, most), others)
    return _in_order(found.values(), limit)


def _in_order(found: Iterable[Found], limit: int) -> list[Found]:
    return sorted(found, key=lambda each: (-each.score, each.key))[: max(0, limit)]


def _beginning(words: Words, word: str) -> AnyOf:
    """The word, and the words that begin with it: by name, which an index can skip through, unless they
    are too many for that."""
    if len(word) < LEAST:
        return AnyOf((word,))
    longer = words.beginning(word)
    return AnyOf((word,), word) if longer is None else AnyOf((word, *longer))


def _keep(
    found: dict[str, Found],
    asked: Sequence[str],
    held: Iterable[Holding],
    others: Mapping[str, Mapping[str, float]],
) -> None:
    for key, folded, _ in held:
        if key not in found:
            scored = _scored(key, folded.split(), asked, others)
            if scored is not None:
                found[key] = scored


def _scored(
    key: str, words: Collection[str], asked: Sequence[str], others: Mapping[str, Mapping[str, float]]
) -> Found | None:
    """A claim by the word that it answers worst; None where it has nothing for one of them."""
    there = frozenset(words)
    worst, instead = WHOLE, []
    for word in asked:
        if word in there:
            continue
        if any(begins(each, word) for each in there):
            worst = min(worst, BEGINNING)
            continue
        near = [(-likeness, other) for other, likeness in others.get(word, {}).items() if other in there]
        if not near:
            return None
        negative, other = min(near)
        worst = min(worst, -negative * SPELLED_OTHERWISE)
        instead.append(other)
    return Found(key, round(worst, 4), tuple(instead))


def newest_naming(
    connection: Connection, column: sa.Column[str], entity: str, most: int, last: int | None = None
) -> list[tuple[str, int]]:
    """The newest standing claims with an entity in a column, of all or of those recorded up to an entry: key
    and the entry of each."""
    query = sa.select(t.claims.c.key, t.claims.c.seq).where(column == entity, ~t.claims.c.withdrawn)
    if last is not None:
        query = query.where(t.claims.c.seq <= last)
    found = connection.execute(query.order_by(t.claims.c.seq.desc()).limit(most))
    return [(row.key, row.seq) for row in found]
