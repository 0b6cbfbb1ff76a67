"""Acts of judgement: links between claims, and people's own assessments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, Conflict, NotFound
from claims.keys import number_key
from claims.model import Assessment, Link
from claims.resolve.contradictions import link_of
from claims.resolve.rules import RULES, check_rule, find_ties
from claims.resolve.rules.registry import family_of
from claims.resolve.ties import Lifetime, members_of
from claims.vocabulary import AssessmentState, LinkState, Relation, Status, read_word
from tracker.app.approving import needs_approval
from tracker.app.choosing import Choice
from tracker.app.desk import need_reason
from tracker.app.judged import Looking

if TYPE_CHECKING:
    from datetime import date

    from claims.resolve.ties import AnyTie
    from tracker.app.lookup import Lookup
    from tracker.app.transaction import Transaction


class JudgementActs(Looking):
    """Linking claims, resolving links, assessing claims."""

    def link(self, claim: str, relation: str, other: str, *, reason: str) -> Link:
        """Say what one claim is to another. Reopens a link that was resolved before.

        Raises :class:`Conflict` where the link stands already.
        """
        with self.act() as act, self.lookup() as look:
            one, two = look.claim(claim), look.claim(other)
            if one.key == two.key:
                raise BadValue("a claim cannot be linked to itself", "name two claims")
            word = read_word(Relation, relation, "relation")
            key = f"{one.key}:{word}:{two.key}"
            before = look.reader.links([key]).get(key)
            if before is not None and before.state is LinkState.OPEN:
                raise Conflict(
                    f"{one.key} {word} {two.key} is recorded already",
                    f"to end it: tracker link resolve {key} --reason …",
                )
            why = need_reason(reason)
            if before is not None:
                return self._set_state(act, before, LinkState.OPEN, why)
            payload = {"claim": one.key, "relation": word.value, "other": two.key}
            act.append("claims.linked", key, payload, why)
            return Link(
                key=key,
                claim=one.key,
                relation=word,
                other=two.key,
                reason=why,
                made_by=self.author,
            )

    def resolve_link(self, link: str, *, reason: str) -> Link:
        """Say that a link no longer holds, and why: one that a person made, or a contradiction that
        a rule found, which then no longer ties the two claims. Of several rivals any two can be
        named so, as ``CLAIM:RULE:CLAIM``."""
        with self.act() as act, self.lookup() as look:
            one, rule, other = [*link.strip().split(":"), "", ""][:3]
            if rule in RULES and other and not look.reader.links([link.strip()]):
                self._check_found(one, rule, other, look)
                because = f"{one} and {other} are rivals by the rule {rule}"
                return self.resolve_contradiction(one, rule, other, because=because, reason=reason)
            before = look.link(link)
            if before.state is not LinkState.OPEN:
                raise Conflict(
                    f"{before.key} is {before.state} already", f"see: tracker audit log {before.key}"
                )
            return self._set_state(act, before, LinkState.RESOLVED, reason)

    def _check_found(self, one: str, rule: str, other: str, look: Lookup) -> None:
        """Refuse to resolve what a rule does not find; raises :class:`NotFound`."""
        claims = [look.claim(key) for key in (one, other)]
        cases = look.reader.cases({claim.case for claim in claims if claim.case is not None})
        if off := sorted(case.key for case in cases.values() if rule in case.rules_off):
            raise NotFound(
                f"the rule {rule} is switched off in the case {off[0]}: it finds nothing there to resolve",
                f"switch it on with: tracker case revise {off[0]} --rule-on {rule} --reason …",
            )
        dossier = look.reader.dossier([claim.key for claim in claims])
        policy = Choice(self.policy).policy(claims[0], cases)
        for tie in find_ties(dossier, policy, self.today):
            if _is_of(tie, rule) and {claim.key for claim in claims} <= set(members_of(tie)):
                return
        raise NotFound(
            f"the rule {rule} finds nothing between {claims[0].key} and {claims[1].key}",
            f"see what it finds: tracker link list --rule {rule}",
        )

    def reopen_link(self, link: str, *, reason: str) -> Link:
        """Say that a link holds after all, and why. One that a rule found stays only where the rule
        still finds it."""
        with self.act() as act, self.lookup() as look:
            before = look.link(link)
            if before.state is LinkState.OPEN:
                raise Conflict(f"{before.key} is open", f"see: tracker audit log {before.key}")
            return self._set_state(act, before, LinkState.OPEN, reason)

    def resolve_contradiction(self, claim: str, rule: str, other: str, *, because: str, reason: str) -> Link:
        """Say that what a rule finds between two claims is none, and why, be it found here yet or
        not; ``because`` is what the rule says of them."""
        with self.act() as act, self.lookup() as look:
            one, two = look.claim(claim), look.claim(other)
            there = link_of(one.key, check_rule(rule), two.key, because)
            back = link_of(two.key, there.rule or rule, one.key, because)
            known = look.reader.links([there.key, back.key])
            before = known.get(there.key) or known.get(back.key) or there
            if before.state is not LinkState.OPEN:
                return before
            return self._set_state(act, before, LinkState.RESOLVED, reason)

    def _set_state(self, act: Transaction, before: Link, state: LinkState, reason: str) -> Link:
        why = need_reason(reason)
        payload = {"state": state.value, "was": before.state.value}
        if before.rule is not None:
            # No entry made it, so that this one must say what it is.
            payload |= {
                "claim": before.claim,
                "rule": before.rule,
                "other": before.other,
                "because": before.reason,
            }
        open_again = state is LinkState.OPEN
        act.append("link.reopened" if open_again else "link.resolved", before.key, payload, why)
        return replace(before, state=state, resolution=None if open_again else why)

    def assess(
        self,
        claim: str,
        status: str,
        *,
        likelihood: float | str | None = None,
        reason: str,
        by: str | None = None,
        on: date | None = None,
        proposed: bool = False,
        seen: int | str | None = None,
    ) -> Assessment:
        """Record a person's own verdict. It stands beside the computed status and never enters it.

        ``likelihood`` is a probability, as 0.8 or "80%". ``by`` and ``on`` say whose verdict it was
        and of which day, where it was first made elsewhere. Where the case needs a second person, as it
        stands at this moment, or where it is only ``proposed``, it counts once another approves it.

        Raises :class:`JudgedMeanwhile` where somebody else judged the claim after what this author has
        looked at; ``seen``, the number of an entry, says up to where they know the record all the same.
        """
        with self.act() as act, self.lookup() as look:
            about = look.claim(claim)
            self.check_seen(act, about.key, seen, f"tracker assess {about.key} …")
            return self.take_assessment(
                about.key, status, likelihood=likelihood, reason=reason, by=by, on=on, proposed=proposed
            )

    def take_assessment(
        self,
        claim: str,
        status: str,
        *,
        likelihood: float | str | None = None,
        reason: str,
        by: str | None = None,
        on: date | None = None,
        proposed: bool = False,
    ) -> Assessment:
        """Record a verdict that a file brings: as :meth:`assess`, whatever others made of the claim."""
        with self.act() as act, self.lookup() as look:
            about = look.claim(claim)
            word = read_word(Status, status, "status")
            chance = read_likelihood(likelihood)
            key = number_key(f"{about.key}.assessed", look.taken("assessments"))
            waits = proposed or needs_approval(look.reader, about)
            payload = self.verdict(about.key, word, by=by, on=on, likelihood=chance, proposed=waits)
            why = need_reason(reason)
            act.append("assessment.made", key, payload, why)
            return Assessment(
                key=key,
                claim=about.key,
                status=word,
                author=by or self.author,
                made_on=on or self.today,
                likelihood=chance,
                reason=why,
                state=AssessmentState.PROPOSED if waits else AssessmentState.MADE,
            )

    def verdict(
        self,
        claim: str,
        status: Status,
        *,
        by: str | None,
        on: date | None,
        likelihood: float | None = None,
        proposed: bool = False,
    ) -> dict[str, Any]:
        """What the journal holds of a verdict: whose it was and of which day only where it is another
        author's than ours, or of another day than this."""
        payload: dict[str, Any] = {"claim": claim, "status": status.value}
        if likelihood is not None:
            payload["likelihood"] = repr(likelihood)
        if by is not None and by != self.author:
            payload["by"] = by
        if on is not None and on != self.today:
            payload["on"] = on.isoformat()
        if proposed:
            payload["proposed"] = True
        return payload


def _is_of(tie: AnyTie, rule: str) -> bool:
    """Whether a tie is what a rule found; the deaths and signs of life of a person are of two."""
    if isinstance(tie, Lifetime):
        return rule in ("life-after-death", "two-deaths")
    return family_of(tie.rule) == family_of(rule)


def read_likelihood(text: float | str | None) -> float | None:
    """A probability as people write it, 0.8 or "80%"; raises :class:`BadValue` for what is none."""
    if text is None:
        return None
    hint = 'a likelihood is a probability: 0.8, or "80%"'
    try:
        written = str(text).strip()
        number = float(written.removesuffix("%")) / (100 if written.endswith("%") else 1)
    except ValueError as error:
        raise BadValue(f"{text!r} is not a likelihood", hint) from error
    if not 0 <= number <= 1:
        raise BadValue(f"{text!r} is not between 0 and 1", hint)
    return number
