"""Rules about who did it: rival perpetrators, and what the accused say of it themselves.

What an actor says of its own deed is kept apart from what others say: it is a claim of its own kind
(``responsibility``), and what it does to an attribution depends on whom the words serve. Several may
have done it together: the keys of several entities as one value ("guard; militia"), or a link that
says that one claim supports, refines or duplicates another, makes no rivals.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from claims.resolve.rules.rule import Rule
from claims.resolve.ties import Lean, Rivals
from claims.vocabulary import Kind, Relation, Side, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from claims.model import Claim
    from claims.resolve.rules.rule import Look

OF_A_DEED = (Kind.ATTRIBUTION, Kind.RESPONSIBILITY)
TOGETHER = (Relation.SUPPORTS, Relation.REFINES, Relation.DUPLICATES)
"""Links between claims that can both hold."""

SEVERAL = ";"
"""Between the keys of entities that did something together."""


def actors_of(claim: Claim, look: Look) -> frozenset[str]:
    """The entities that a claim says did it; none where its value is words only."""
    if claim.value_entity is not None:
        return frozenset({look.dossier.entity_of(claim.value_entity)})
    return frozenset(look.dossier.entity_of(key) for key in several_in(claim.value))


def several_in(value: str | None) -> list[str]:
    """The keys of the entities that a value names as having acted together: "guard; militia"."""
    if value is None or SEVERAL not in value:
        return []
    return [key for part in value.split(SEVERAL) if (key := part.strip())]


def may_act_together(claims: Iterable[Claim], look: Look) -> list[list[str]]:
    """Claims on who did it in groups that can all hold: the same actor, several who are said to
    have acted together, and claims that a person linked."""
    groups: list[tuple[set[str], set[str]]] = []
    linked: dict[str, set[str]] = defaultdict(set)
    for link in look.links(*TOGETHER):
        linked[link.claim].add(link.other)
        linked[link.other].add(link.claim)
    for claim in claims:
        names, keys = set(actors_of(claim, look)), {claim.key}
        near = [group for group in groups if group[0] & names or group[1] & linked[claim.key]]
        for group in near:
            names |= group[0]
            keys |= group[1]
            groups.remove(group)
        groups.append((names, keys))
    return sorted(sorted(keys) for _, keys in groups)


def rival_perpetrators(look: Look) -> Iterator[Rivals]:
    """Attributions and claims of responsibility for one incident that name different actors."""
    strength = look.strength("rival-perpetrators")
    if not strength:
        return
    for incident, claims in sorted(_by_incident(look).items()):
        if len({claim.question for claim in claims}) == 1 and claims[0].question is not None:
            continue  # they are rival answers to that question already
        answers = may_act_together(claims, look)
        if len(answers) > 1:
            yield Rivals(
                rule="rival-perpetrators",
                question=incident,
                answers=tuple(tuple(answer) for answer in answers),
                price=strength,
                none=0.0,
                because=f"different actors for one deed: {_names(look, answers)}",
            )


def _names(look: Look, answers: list[list[str]]) -> str:
    first = (look.dossier.claims[answer[0]] for answer in answers)
    return ", ".join(claim.value or claim.value_entity or claim.key for claim in first)


def _by_incident(look: Look) -> dict[str, list[Claim]]:
    """The claims that name who did it, by what was done, each list by key."""
    deeds: dict[str, list[Claim]] = defaultdict(list)
    for claim in look.of(*OF_A_DEED):
        incident = look.incident(claim.subject)
        if incident is not None and actors_of(claim, look):
            deeds[incident].append(claim)
    return {incident: sorted(claims, key=lambda claim: claim.key) for incident, claims in deeds.items()}


# --- what the accused say -----------------------------------------------------------------------


def responsibility(look: Look) -> Iterator[Lean]:
    """What an actor says of its own deed, on attributions of that deed to the same actor."""
    strengths = {effect: look.strength(f"responsibility-{effect}") for effect in _EFFECTS}
    if not any(strengths.values()):
        return
    said = _said(look)
    for claims in _by_incident(look).values():
        own = [claim for claim in claims if claim.kind is Kind.RESPONSIBILITY]
        others = [claim for claim in claims if claim.kind is Kind.ATTRIBUTION]
        for word in own:
            for claim in others:
                if actors_of(word, look) <= actors_of(claim, look):
                    yield from _effects(word, claim, said[word.key], strengths)


def _said(look: Look) -> dict[str, set[str]]:
    """What counts of each actor's own words on the day: claimed, denied, conceded."""
    said: dict[str, set[str]] = defaultdict(set)
    for piece in look.dossier.evidence.values():
        claim = look.dossier.claims.get(piece.claim)
        if claim is None or claim.kind is not Kind.RESPONSIBILITY or not piece.counts_on(look.as_of):
            continue
        if piece.stance is Stance.DENIES:
            said[claim.key].add("denied")
        elif piece.stance is Stance.SUPPORTS:
            said[claim.key].add("conceded" if piece.side is Side.AGAINST_OWN_SIDE else "claimed")
    return said


def _effects(word: Claim, claim: Claim, said: set[str], strengths: dict[str, float]) -> Iterator[Lean]:
    """The three effects. One that was not said leans with no strength, so that who can move whom
    does not hang on a single piece of evidence."""
    stronger = "conceded" if "conceded" in said else "claimed"
    for effect, strength in strengths.items():
        holds = effect in said and effect in (stronger, "denied")
        if strength:
            yield Lean(
                rule=f"responsibility-{effect}",
                claim=claim.key,
                on=word.key,
                strength=strength if holds else 0.0,
                because=f"{word.value or word.value_entity} {_EFFECTS[effect]}",
                backs=effect != "denied",
            )


_EFFECTS = {
    "claimed": "claimed it, which serves its own side",
    "denied": "denied it, as the accused do",
    "conceded": "conceded it against its own side",
}

RULES = (
    Rule(
        name="rival-perpetrators",
        says="one deed has one actor, unless several are said to have acted together: attributions and "
        "claims of responsibility for the same incident that name different actors",
        example="the River Front bombed the bridge; the Dawn Brigade bombed the bridge",
        not_this="the River Front bombed the bridge; the River Front and the Dawn Brigade bombed it together",
        strength=4.0,
        find=rival_perpetrators,
    ),
    Rule(
        name="responsibility-claimed",
        says="what an actor boasts of speaks a little for attributions of that deed to it",
        example="the River Front says that it bombed the bridge; the police say that the River Front did",
        not_this="the River Front says that it bombed the bridge; the police say that it bombed the mill",
        strength=1.0,
        find=responsibility,
        leans=True,
    ),
    Rule(
        name="responsibility-denied",
        says="what the accused deny speaks against attributions of that deed to them, as far as the "
        "denial itself holds: an interested denial",
        example="the River Front denies having bombed the bridge; the police say that the River Front did",
        not_this="a newspaper doubts that the River Front said anything at all",
        strength=2.0,
        find=responsibility,
        leans=True,
    ),
    Rule(
        name="responsibility-conceded",
        says="what an actor concedes against its own side speaks strongly for attributions of that deed "
        "to it: an admission",
        example="the army concedes that it shelled the clinic; a rights group says that the army did",
        not_this="the army boasts of having shelled a camp",
        strength=2.5,
        find=responsibility,
        leans=True,
    ),
)
