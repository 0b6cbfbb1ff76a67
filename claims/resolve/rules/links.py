"""Rules about what is said to contradict, to depend, or to support: links by people, and plain negation."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from claims.resolve.rules.rule import Rule
from claims.resolve.ties import Lean, Tie
from claims.vocabulary import Relation

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.model import Claim
    from claims.resolve.rules.rule import Look

_CONTRACTED = re.compile(r"\b(is|are|was|were|has|have|had|do|does|did|would|will|could)n['\u2019]t\b")
_WORD = re.compile(r"\w+")
_MAYBE = re.compile(r"\b(?:not|never)\b|n['\u2019]t\b", re.IGNORECASE)
_NEGATIONS = frozenset({"not", "never"})


def contradicts(look: Look) -> Iterator[Tie]:
    """Claims that a person linked as contradicting each other."""
    for link in look.links(Relation.CONTRADICTS):
        first, second = sorted((link.claim, link.other))
        because = link.reason or f"{link.claim} contradicts {link.other}"
        yield Tie("contradicts", first, second, look.strength("contradicts"), because)


def explicit_negation(look: Look) -> Iterator[Tie]:
    """Claims of one kind on one subject, with the same value and date, whose words are the same
    but for one "not" or "never". Sound before all: other words, however like, make no tie."""
    strength = look.strength("explicit-negation")
    if not strength or not any(may_be_negated(claim.text) for claim in look.dossier.claims.values()):
        return
    said: dict[tuple[object, ...], dict[bool, list[str]]] = defaultdict(lambda: {True: [], False: []})
    for claim in look.dossier.claims.values():
        if claim.subject is not None:
            words, negated = without_negation(claim.text)
            said[_of_what(claim, look), words][negated].append(claim.key)
    for found in said.values():
        for one in sorted(found[False]):
            for other in sorted(found[True]):
                yield Tie("explicit-negation", one, other, strength, f"{other} says the contrary of {one}")


def may_be_negated(text: str) -> bool:
    """Whether a text has a word of negation in it: a quick look, before the words are taken apart."""
    return _MAYBE.search(text) is not None


def without_negation(text: str) -> tuple[str, bool]:
    """The words of a text without its one negation, and whether it had one; "did not take" and
    "took" are left as the different words that they are."""
    spoken = text.casefold()
    if "n't" in spoken or "n\u2019t" in spoken:
        spoken = _CONTRACTED.sub(r"\1 not", spoken)
    words = _WORD.findall(spoken)
    plain = [word for word in words if word not in _NEGATIONS]
    if len(words) - len(plain) != 1:
        return " ".join(words), False
    return " ".join(plain), True


def _of_what(claim: Claim, look: Look) -> tuple[object, ...]:
    value = look.entity(claim.value_entity) or (claim.value or "").strip().casefold()
    when = claim.when.edtf if claim.when is not None else None
    return claim.kind, look.entity(claim.subject), value, when, look.entity(claim.where_entity)


def leaning(look: Look) -> Iterator[Lean]:
    """Claims that depend on others, refine them, or are supported by them, as people linked them."""
    for link in look.links(Relation.DEPENDS_ON, Relation.REFINES, Relation.SUPPORTS):
        rule, strength = str(link.relation), look.strength(link.relation)
        because = link.reason or f"{link.claim} {link.relation} {link.other}"
        if link.relation is Relation.SUPPORTS:
            yield Lean(rule, link.other, link.claim, strength, because, backs=True)
        else:
            yield Lean(rule, link.claim, link.other, strength, because)


RULES = (
    Rule(
        name="contradicts",
        says="two claims that a person linked as contradicting each other",
        example="the bridge was destroyed; a convoy crossed it that night, and a person linked the two",
        not_this="the same two claims, with the link resolved: there are two bridges",
        strength=5.0,
        find=contradicts,
    ),
    Rule(
        name="explicit-negation",
        says="two claims of one kind on one subject, with the same value, date and place, whose words "
        'differ by one "not" or "never" alone',
        example="the mayor was at the meeting; the mayor was not at the meeting",
        not_this="the mayor was at the meeting; the mayor missed the meeting",
        strength=6.0,
        find=explicit_negation,
    ),
)

LEANING = (
    Rule(
        name="depends-on",
        says="a refuted premise: a claim that depends on another falls with it, and gives nothing back",
        example="the River Front broke up because its leader was dead; the leader was not dead",
        not_this="the leader was dead, and the River Front did not break up",
        strength=5.0,
        find=leaning,
        leans=True,
    ),
    Rule(
        name="refines",
        says="a claim that says another more closely falls with it, a little less far",
        example="the leader was killed by a drone; the leader was not killed",
        not_this="the leader was killed, though by no drone",
        strength=4.0,
        find=leaning,
        leans=True,
    ),
    Rule(
        name="supports",
        says="a claim gains a little from one that is said to support it, if somebody says this who does "
        "not say the other",
        example="the camp was empty the next day, on the word of a driver; so the fighters had left",
        not_this="the ministry says both that the fighters had left and that the camp was empty",
        strength=1.0,
        find=leaning,
        leans=True,
    ),
)
