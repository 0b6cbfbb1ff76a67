"""Rules about questions: at most one of the rival answers is right, or exactly one."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from claims.resolve.rules.actors import OF_A_DEED, actors_of, may_act_together
from claims.resolve.rules.counting import count_of, counts_by_unit, rival_counts
from claims.resolve.rules.rule import Rule
from claims.resolve.ties import Rivals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.model import Claim
    from claims.resolve.dossier import Dossier
    from claims.resolve.rules.rule import Look

OF_QUESTIONS = frozenset({"one-answer", "exactly-one", "numbers", "falling-toll"})
"""Rules that tie the answers to a question. Who finds that two answers can both hold finds it of all."""


def rival_answers(look: Look) -> Iterator[Rivals]:
    """The answers to each question as rivals; claims that give the same answer are none."""
    asked = defaultdict(list)
    for key in sorted(look.dossier.claims):
        claim = look.dossier.claims[key]
        if claim.question is not None:
            asked[claim.question].append(claim)
    for key, claims in sorted(asked.items()):
        numbers = [claim for claim in claims if _by_number(claim, look)]
        for counts in counts_by_unit(numbers):
            yield from rival_counts(look, key, counts)
        yield from _slot(look, key, claims)


def _slot(look: Look, key: str, claims: list[Claim]) -> Iterator[Rivals]:
    """The answers to one question of which at most one, or exactly one, is right."""
    question = look.dossier.questions.get(key)
    exactly_one = question is not None and question.exactly_one and look.is_on("exactly-one", claims)
    none = look.strength("exactly-one" if exactly_one else "none-of-these")
    given = _given(look, claims)
    if len(given) < 2 and not none:
        return
    text = question.text if question is not None else key
    yield Rivals(
        rule="exactly-one" if exactly_one else "one-answer",
        question=key,
        answers=tuple(sorted(tuple(sorted(keys)) for keys in given)),
        price=look.strength("one-answer"),
        none=-none if none else 0.0,
        because=f"{'one of the answers must be right' if exactly_one else 'rival answers to'}: {text}",
    )


def _given(look: Look, claims: list[Claim]) -> list[list[str]]:
    """The answers, each as the claims that give it. Numbers are one answer here: which of them are
    rivals is for a rule of their own to say."""
    together = look.strength("rival-perpetrators") > 0
    deeds, rest = [], defaultdict(list)
    for claim in claims:
        if together and claim.kind in OF_A_DEED and actors_of(claim, look):
            deeds.append(claim)
        elif _by_number(claim, look):
            rest["a number"].append(claim.key)
        else:
            rest[answer_of(claim, look.dossier)].append(claim.key)
    return [*may_act_together(deeds, look), *rest.values()]


def _by_number(claim: Claim, look: Look) -> bool:
    return look.strength("numbers") > 0 and count_of(claim) is not None


def answer_of(claim: Claim, dossier: Dossier) -> str:
    """What a claim answers to its question: its value, else its own text."""
    if claim.value_entity is not None:
        return "entity:" + dossier.entity_of(claim.value_entity)
    if claim.value is not None:
        return "value:" + claim.value.strip().casefold()
    return "claim:" + claim.key


RULES = (
    Rule(
        name="one-answer",
        says="at most one of the rival answers to a question is right; claims that give the same answer "
        "are no rivals",
        example="the River Front was founded in 2011; the River Front was founded in 2014",
        not_this='one and the same group, named "the Front" in one claim and "River Front" in another',
        strength=6.0,
        find=rival_answers,
    ),
    Rule(
        name="exactly-one",
        says="where a question says so, one of its answers must be right: the price of none of them",
        example="either the mayor or his deputy signed; both are denied",
        not_this="somebody signed, and nobody has named the right one yet",
        strength=6.0,
        find=rival_answers,
    ),
    Rule(
        name="none-of-these",
        says="where a question leaves it open whether any answer is right, the price of none of them; "
        "0 makes it one possibility among others",
        example="who signed? the mayor, or his deputy, or somebody whom nobody has named",
        not_this="a question of which exactly one answer must be right",
        strength=0.0,
        find=rival_answers,
    ),
    Rule(
        name="numbers",
        says="counts that answer one question, in one unit, whose ranges cannot both hold; of a "
        "cumulative question, only numbers of one day",
        example="12 died in the raid; 15 to 20 died in the raid",
        not_this="12 died in the raid; 10 to 15 died in the raid",
        strength=6.0,
        find=rival_answers,
    ),
    Rule(
        name="falling-toll",
        says="a cumulative number does not fall: a later one that lies wholly below an earlier one",
        example="by 4 May 165 to 180 had died; by 9 May 160 had died",
        not_this="by 4 May 148 had died; by 9 May 165 to 180 had died",
        strength=4.0,
        find=rival_answers,
    ),
)
