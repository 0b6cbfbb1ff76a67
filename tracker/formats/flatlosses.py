"""What a flat table of evidence has no place for, counted while it is written: whoever exports one should
know that it is not the whole record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from claims.errors import Finding
from claims.vocabulary import Withdrawal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from typing import Any

    from tracker.report.extract import Extract, Portion

HINT = "a table of acts holds these too: --option table=acts"

_RECORDS: dict[str, tuple[str, Callable[[Any], object]]] = {
    "sources": (
        "sources with more than a name, a type, an owner, a side and a grade",
        lambda it: it.url or it.note or len(it.sides) > 1,
    ),
    "entities": (
        "entities with aliases, an item of Wikidata, or a note",
        lambda it: it.aliases or it.wikidata or it.note or it.merged_into,
    ),
    "documents": (
        "documents with an author, a copy, or a note",
        lambda it: it.author or it.sha256 or it.note,
    ),
    "cases": (
        "cases with a title or rules of their own",
        lambda it: it.title or it.about or it.policy or it.rules_off or it.needs_approval,
    ),
}
"""Records that are referred to: what is lost of which of them."""


class Losses:
    """What was left out so far. Held in memory are the keys of records that claims refer to."""

    def __init__(self) -> None:
        self._counts: dict[str, int] = {}
        self._keys: dict[str, set[str]] = {}

    def watched(self, extract: Extract) -> Iterator[Portion]:
        """The portions of an extract, each looked at as it goes by."""
        for portion in extract.portions():
            self._note(portion)
            yield portion

    def findings(self) -> Iterator[Finding]:
        """What was left out, and how much of it."""
        counted = self._counts | {what: len(keys) for what, keys in self._keys.items()}
        for what, count in counted.items():
            if count:
                yield Finding(what, f"{count:,}", HINT)

    def _note(self, portion: Portion) -> None:
        claims = portion.claims
        self._count("links between claims", (each for each in portion.links.values() if each.claim in claims))
        self._count("verdicts of people", (made for each in portion.assessments.values() for made in each))
        self._count("evidence that was logged by mistake", filter(_is_mistake, portion.evidence.values()))
        lasting = (each for each in claims.values() if each.ongoing is not None)
        self._count("remarks on whether claims go on", lasting)
        graded = {key: grades for key, grades in portion.grades.items() if len(grades) > 1}
        self._keep("sources with earlier grades", graded, bool)
        for name, (what, is_more) in _RECORDS.items():
            self._keep(what, getattr(portion, name), is_more)

    def _count(self, what: str, found: Iterable[object]) -> None:
        self._counts[what] = self._counts.get(what, 0) + sum(1 for _ in found)

    def _keep(self, what: str, records: Mapping[str, Any], is_more: Callable[[Any], object]) -> None:
        kept = self._keys.setdefault(what, set())
        kept.update(key for key, each in records.items() if is_more(each))


def _is_mistake(piece: Any) -> bool:
    return piece.withdrawn is Withdrawal.MISTAKE
