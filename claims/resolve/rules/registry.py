"""Every contradiction rule, and what they find in a dossier once people have had their say.

The order in which claims were logged does not matter. Rules have strengths, set by the policy; none
is absolute. A rule can be switched off for a case: it then ties no claim of that case. What a rule
found and a person resolved, with a reason, no longer ties.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from claims.errors import BadValue
from claims.names import did_you_mean
from claims.resolve.rules import actors, events, held, life, links, questions
from claims.resolve.rules.rule import Look
from claims.resolve.ties import Lean, Lifetime, Tie, among_only, members_of
from claims.vocabulary import LinkState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from claims.model import Link
    from claims.policy import Policy
    from claims.resolve.dossier import Dossier
    from claims.resolve.rules.rule import Rule
    from claims.resolve.ties import AnyTie

RULES: dict[str, Rule] = {
    rule.name: rule
    for rule in (
        *life.RULES,
        *held.RULES,
        *events.RULES,
        *actors.RULES,
        *questions.RULES,
        *links.RULES,
        *links.LEANING,
    )
}
"""Every rule by name, in the order in which they are listed."""

_FINDING = {
    leans: tuple(dict.fromkeys(rule.find for rule in RULES.values() if rule.leans is leans))
    for leans in (False, True)
}
"""What finds ties, and what finds leanings, each once."""

OLDEST = frozenset({"life-after-death", "one-answer", "exactly-one", "contradicts"})
"""Rules that every policy names. They are told first, so that what they add to a claim is the same
whatever rules came later: of several ties, each row is what one added after those before it."""


def default_strengths() -> dict[str, float]:
    """The price in nats that each rule was made for: where a new policy starts from."""
    return {rule.name: rule.strength for rule in RULES.values()}


def check_rule(name: str) -> str:
    """The name of a rule; raises :class:`BadValue` for another, saying what was perhaps meant."""
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    if wanted in RULES:
        return wanted
    near = did_you_mean(wanted, RULES)
    hint = f"did you mean {' or '.join(near)}?" if near else "list them with: tracker rules"
    raise BadValue(f"{name!r} is no contradiction rule", hint)


def find_ties(dossier: Dossier, policy: Policy, as_of: date) -> list[AnyTie]:
    """Every tie between claims that cannot all hold, or not all fail, by what was public on a
    day, in an order that does not depend on logging."""
    look = Look(dossier, policy, as_of)
    resolved = _resolved(dossier)
    ties = []
    for found in _found(look, leans=False):
        assert not isinstance(found, Lean)
        tie = _where_on(found, look)
        if tie is not None and (tie := _unresolved(tie, resolved)) is not None:
            ties.append(tie)
    return sorted(ties, key=lambda tie: (tie.rule not in OLDEST, members_of(tie), tie.rule, tie.because))


def find_leans(dossier: Dossier, policy: Policy, as_of: date = date.max) -> list[Lean]:
    """Every claim that leans on another by what was public on a day, in an order that does not
    depend on logging."""
    look = Look(dossier, policy, as_of)
    leans = []
    for found in _found(look, leans=True):
        assert isinstance(found, Lean)
        both = (dossier.claims[found.claim], dossier.claims[found.on])
        if look.is_on(found.rule, both):
            leans.append(found)
    return sorted(leans, key=lambda lean: (lean.claim, lean.on, lean.rule, lean.because))


def _found(look: Look, *, leans: bool) -> Iterator[AnyTie | Lean]:
    for find in _FINDING[leans]:
        yield from find(look)


def _where_on(tie: AnyTie, look: Look) -> AnyTie | None:
    """What is left of a tie among the claims in whose cases its rule is on."""
    rules = ("exactly-one", "one-answer") if tie.rule == "exactly-one" else (tie.rule,)
    claims = look.dossier.claims
    on = {key for key in members_of(tie) if all(look.is_on(rule, [claims[key]]) for rule in rules)}
    if len(on) == len(members_of(tie)):
        return tie
    return among_only(tie, on)


# --- what a person resolved ---------------------------------------------------------------------


def family_of(rule: str) -> str:
    """The rules that a resolution holds for: the rules that tie answers to questions are one family,
    so that two answers found compatible stay so when the question is put another way."""
    return "question" if rule in questions.OF_QUESTIONS else rule


def _resolved(dossier: Dossier) -> dict[str, list[Link]]:
    """The links that rules found and people resolved, by family of rules."""
    found: dict[str, list[Link]] = {}
    for key in sorted(dossier.links):
        link = dossier.links[key]
        if link.rule is not None and link.state is LinkState.RESOLVED:
            found.setdefault(family_of(link.rule), []).append(link)
    return found


def _unresolved(tie: AnyTie, resolved: dict[str, list[Link]]) -> AnyTie | None:
    """What is left of a tie when some of its claims were found to be compatible: answers that can
    both hold become one."""
    if isinstance(tie, Lifetime):
        return _unresolved_of_life(tie, resolved)
    links = resolved.get(family_of(tie.rule), ())
    if not links:
        return tie
    if isinstance(tie, Tie):
        return None if any({link.claim, link.other} == {tie.first, tie.second} for link in links) else tie
    answers = [set(answer) for answer in tie.answers]
    for link in links:
        near = [answer for answer in answers if answer & {link.claim, link.other}]
        if len(near) > 1:
            answers = [answer for answer in answers if answer not in near]
            answers.append(set.union(*near))
    if len(answers) == len(tie.answers):
        return tie
    if len(answers) < 2 and not tie.none:
        return None
    return replace(tie, answers=tuple(sorted(tuple(sorted(answer)) for answer in answers)))


def _unresolved_of_life(tie: Lifetime, resolved: dict[str, list[Link]]) -> Lifetime:
    """The deaths and signs of life of a person, of which some were found to be compatible: each rule
    by itself, as where they are tied two by two."""
    deaths, members = set(tie.deaths), set(members_of(tie))
    pairs = {
        (link.claim, link.other)
        for rule in ("life-after-death", "two-deaths")
        for link in resolved.get(rule, ())
        if members.issuperset((link.claim, link.other))
        and deaths.issuperset((link.claim, link.other)) == (rule == "two-deaths")
    }
    return replace(tie, together=tie.together | pairs)
