"""Acts on claims: recording and revising what is claimed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from claims.counts import check_count
from claims.errors import Ambiguous, BadValue, NotFound
from claims.kinds import check_fields, rules_of
from claims.model import Claim
from claims.resolve.rules.actors import OF_A_DEED, SEVERAL
from claims.vocabulary import Kind, read_word
from tracker.app.desk import need_reason
from tracker.app.evidencing import EvidenceActs
from tracker.app.limits import check_revision, need_words
from tracker.app.naming import NameActs
from tracker.app.sourcing import fresh_key
from tracker.journal.payload import changes, payload_of

if TYPE_CHECKING:
    from claims.dates import UncertainDate
    from tracker.app.lookup import Lookup

_PARTED = re.compile(r"\s*(?:;|&|,|\+|\band\b)\s*", re.IGNORECASE)
"""Between the names of several who did something together."""

REVISABLE = (
    *("text", "kind", "subject", "value", "when", "where", "question", "case"),
    *("lang", "external_id", "ongoing", "note"),
)


class ClaimActs(NameActs, EvidenceActs):
    """Recording and revising claims."""

    def add_claim(
        self,
        text: str,
        *,
        kind: str = "other",
        key: str | None = None,
        subject: str | None = None,
        value: str | None = None,
        when: str | UncertainDate | None = None,
        where: str | None = None,
        question: str | None = None,
        case: str | None = None,
        lang: str | None = None,
        external_id: str | None = None,
        ongoing: bool | None = None,
        note: str | None = None,
        reason: str = "",
    ) -> Claim:
        """Record a claim. ``subject`` is an entity (key or name); ``value`` and ``where`` are taken
        as entities where one of that name is known.

        Raises :class:`BadValue` where the fields do not fit the kind, :class:`Conflict` where the
        key is taken, :class:`NotFound` for an unknown subject.
        """
        with self.act() as act, self.lookup() as look:
            fields = {
                "text": text,
                "kind": kind,
                "subject": subject,
                "value": value,
                "when": when,
                "where": where,
                "question": question,
                "case": case,
                "lang": lang,
                "external_id": external_id,
                "ongoing": ongoing,
                "note": note,
            }
            read = self._read_fields({n: v for n, v in fields.items() if v is not None}, look)
            claim = Claim(key=fresh_key(key, text, look.taken("claims"), "claim"), **read)
            claim = _done_together(claim, look)
            check_claim(claim, look)
            act.append("claim.recorded", claim.key, payload_of(claim), reason)
            return claim

    def revise_claim(self, claim: str, *, reason: str, open_new: bool = False, **fields: Any) -> Claim:
        """Change fields of a claim; None takes one out. The key never changes.

        The case must be there, and the question, if it is named by key: a slip of the pen opens
        none. ``open_new`` opens them, as recording a claim does.
        """
        if unknown := sorted(set(fields) - set(REVISABLE)):
            raise BadValue(
                f"a claim has no {unknown[0]!r} that could be revised", f"it has: {', '.join(REVISABLE)}"
            )
        check_revision(fields, REVISABLE, ("text", "kind"), "a claim")
        with self.act() as act, self.lookup() as look:
            before = look.claim(claim)
            if not open_new:
                _check_known(fields.get("case"), fields.get("question"), look)
            after = _done_together(replace(before, **self._read_fields(fields, look)), look)
            check_claim(after, look)
            if changed := changes(before, after):
                for piece in look.reader.evidence_on([before.key]).values():
                    self.check_dates(after, piece.published, piece.key)
                act.append("claim.revised", before.key, changed, need_reason(reason))
            return after

    def _read_fields(self, fields: dict[str, Any], look: Lookup) -> dict[str, Any]:
        """What a person typed, as the values of a claim's fields."""
        read = dict(fields)
        if "text" in read:
            read["text"] = need_words(read["text"], "the text of a claim")
        if "kind" in read:
            read["kind"] = read_word(Kind, read["kind"], "kind of claim")
        if read.get("subject") is not None:
            read["subject"] = look.entity(read["subject"]).key
        for name in ("value", "where"):
            if name in read:
                read[f"{name}_entity"] = _meant(read[name], look)
        if read.get("when") is not None:
            read["when"] = self.read_date(read["when"], "when")
        if read.get("question") is not None:
            read["question"] = self.question_key(read["question"])
        if read.get("case") is not None:
            read["case"] = self.case_key(read["case"])
        return read


def check_claim(claim: Claim, look: Lookup) -> None:
    """Refuse a claim whose fields do not fit its kind, by raising :class:`BadValue`, or whose value
    names nobody, by raising :class:`NotFound`."""
    entity = look.reader.entities([claim.subject])[claim.subject] if claim.subject else None
    check_fields(
        claim.kind,
        subject=claim.subject,
        subject_type=entity.type if entity else None,
        value=claim.value,
        when=claim.when,
    )
    form = rules_of(claim.kind).value
    together = claim.kind in OF_A_DEED and SEVERAL in (claim.value or "")
    if form == "entity" and claim.value is not None and claim.value_entity is None and not together:
        look.entity(claim.value)  # raises, and says what was perhaps meant
    if form == "count" and claim.value is not None:
        check_count(claim.value)


def _check_known(case: str | None, question: str | None, look: Lookup) -> None:
    """Refuse the key of a case or of a question that is not there; raises :class:`NotFound`."""
    if case is not None and not look.taken("cases")(case):
        _refuse("case", case, look.near("cases", case))
    if question is not None and " " not in question.strip() and not look.taken("questions")(question):
        _refuse("question", question, look.near("questions", question))


def _refuse(what: str, key: str, near: list[str]) -> None:
    meant = f"did you mean {' or '.join(near)}? if not, " if near else ""
    words = f'"…" --key {key}' if what == "question" else key
    raise NotFound(f"there is no {what} {key!r}", f"{meant}make it first: tracker {what} add {words}")


def _done_together(claim: Claim, look: Lookup) -> Claim:
    """A claim that several did something together: "the guard and the militia" becomes the keys of
    both. Raises :class:`NotFound` where one of them is not known."""
    if claim.kind not in OF_A_DEED or claim.value is None or claim.value_entity is not None:
        return claim
    parts = [part for part in _PARTED.split(claim.value) if part.strip()]
    if len(parts) < 2:
        return claim
    return replace(claim, value=f"{SEVERAL} ".join(sorted({look.entity(part).key for part in parts})))


def _meant(words: str | None, look: Lookup) -> str | None:
    """The key of the entity that words name; None where none or several are called that."""
    if words is None:
        return None
    try:
        known = look.entity_or_none(words)
    except Ambiguous:
        return None
    return known.key if known is not None else None
