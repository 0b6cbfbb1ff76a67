"""Acts of judgement: links between claims, and people's own assessments."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from claims.errors import BadValue, Conflict
from claims.keys import number_key
from claims.model import Assessment, Link
from claims.vocabulary import LinkState, Relation, Status, read_word
from tracker.app.desk import Desk, need_reason

if TYPE_CHECKING:
    from datetime import date


class JudgementActs(Desk):
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
                payload = {"state": "open", "was": before.state.value}
                act.append("link.reopened", key, payload, why)
                return replace(before, state=LinkState.OPEN, resolution=None)
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
        """Say that a link no longer holds, and why."""
        with self.act() as act, self.lookup() as look:
            before = look.link(link)
            if before.state is not LinkState.OPEN:
                raise Conflict(
                    f"{before.key} is {before.state} already", f"see: tracker audit log {before.key}"
                )
            why = need_reason(reason)
            payload = {"state": "resolved", "was": before.state.value}
            act.append("link.resolved", before.key, payload, why)
            return replace(before, state=LinkState.RESOLVED, resolution=why)

    def assess(
        self,
        claim: str,
        status: str,
        *,
        likelihood: float | str | None = None,
        reason: str,
        by: str | None = None,
        on: date | None = None,
    ) -> Assessment:
        """Record a person's own verdict. It stands beside the computed status and never enters it.

        ``likelihood`` is a probability, as 0.8 or "80%". ``by`` and ``on`` say whose verdict it was
        and of which day, where it was first made elsewhere.
        """
        with self.act() as act, self.lookup() as look:
            about = look.claim(claim)
            word = read_word(Status, status, "status")
            chance = _read_likelihood(likelihood)
            key = number_key(f"{about.key}.assessed", look.taken("assessments"))
            payload = {"claim": about.key, "status": word.value}
            if chance is not None:
                payload["likelihood"] = repr(chance)
            if by is not None and by != self.author:
                payload["by"] = by
            if on is not None and on != self.today:
                payload["on"] = on.isoformat()
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
            )


def _read_likelihood(text: float | str | None) -> float | None:
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
