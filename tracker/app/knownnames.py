"""What rows name besides claims and sources: entities by any of their names, questions by their words, and
cases. They are few beside the rows of a table, and held in memory from the first row that names one.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from claims.names import fold
from tracker.store import find

if TYPE_CHECKING:
    from claims.model import Entity, Question
    from tracker.store.read import Reader


class KnownNames:
    """Finds the keys of what words name, as :class:`tracker.app.lookup.Lookup` does, without a question to
    the database for each."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    # --- entities ---------------------------------------------------------------------------

    @cached_property
    def _names(self) -> dict[str, set[str]]:
        """The standing entities of each name in its folded form; those that were merged are what they were
        merged into."""
        found: dict[str, set[str]] = defaultdict(set)
        for entity in self._reader.entities().values():
            if not entity.withdrawn:
                key = find.entity_that_stands_for(self._reader.connection, entity.key)
                for name in (entity.name, *entity.aliases):
                    found[fold(name)].add(key)
        return found

    @cached_property
    def _keys(self) -> list[str]:
        """The keys of all entities, in order."""
        return sorted(self._reader.entities())

    def entity(self, words: str) -> str | None:
        """The key of the one entity that words name: its key, a name, or the beginning of its key; None
        where none or several are called that."""
        wanted = words.strip()
        place = bisect_left(self._keys, wanted)
        if self._keys[place : place + 1] == [wanted]:
            return wanted
        named = self._names.get(fold(wanted))
        if named:
            return next(iter(named)) if len(named) == 1 else None
        begins = [key for key in self._keys[place : place + 2] if wanted and key.startswith(wanted)]
        return begins[0] if len(begins) == 1 else None

    def is_new(self, words: str) -> bool:
        """Whether words name no entity at all, neither one nor several, and begin no key."""
        wanted = words.strip()
        place = bisect_left(self._keys, wanted)
        begins = any(key.startswith(wanted) for key in self._keys[place : place + 1])
        return bool(wanted) and not begins and not self._names.get(fold(wanted))

    def same(self, words: str, known: str | None, entity: str | None) -> bool:
        """Whether words say what is recorded in others: the same ones, or the name of the same entity."""
        return words == known or (entity is not None and self.entity(words) == entity)

    def learn_entity(self, entity: Entity) -> None:
        """A row has registered an entity."""
        place = bisect_left(self._keys, entity.key)
        if self._keys[place : place + 1] != [entity.key]:
            insort(self._keys, entity.key)
            for name in (entity.name, *entity.aliases):
                self._names[fold(name)].add(entity.key)

    def forget_entity(self, entity: Entity) -> None:
        """It was not registered after all."""
        place = bisect_left(self._keys, entity.key)
        if self._keys[place : place + 1] == [entity.key]:
            del self._keys[place]
            for name in (entity.name, *entity.aliases):
                self._names[fold(name)].discard(entity.key)

    # --- questions and cases ----------------------------------------------------------------

    @cached_property
    def _questions(self) -> dict[str, str]:
        """The key of each question by its words; of several, the first."""
        found: dict[str, str] = {}
        for question in self._reader.questions().values():
            if not question.withdrawn:
                found.setdefault(question.text, question.key)
        return found

    @cached_property
    def _question_keys(self) -> set[str]:
        return set(self._reader.questions())

    @cached_property
    def _cases(self) -> set[str]:
        return set(self._reader.cases())

    def question(self, key: str | None, words: str | None) -> str | None:
        """The key of a question, by that key or by its words; None for one that is not there."""
        if key is not None:
            return key if key in self._question_keys else None
        if words is None or words in self._question_keys:
            return words
        return self._questions.get(words)

    def learn_question(self, question: Question) -> None:
        """A row has posed a question."""
        self._question_keys.add(question.key)
        self._questions.setdefault(question.text, question.key)

    def forget_question(self, question: Question) -> None:
        """It was not posed after all."""
        self._question_keys.discard(question.key)
        if self._questions.get(question.text) == question.key:
            del self._questions[question.text]

    def has_case(self, key: str) -> bool:
        """Whether there is a case of this key."""
        return key in self._cases

    def learn_case(self, key: str) -> None:
        """A row opens a case."""
        self._cases.add(key)

    def forget(self) -> None:
        """Look all of it up anew."""
        for name in ("_names", "_keys", "_questions", "_question_keys", "_cases"):
            self.__dict__.pop(name, None)
