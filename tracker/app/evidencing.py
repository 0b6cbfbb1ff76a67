"""Acts on evidence: logging, correcting and withdrawing what sources say of claims."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, BeforeEvent, Conflict, MissingDocument
from claims.keys import check_key, number_key
from claims.model import Evidence
from claims.vocabulary import Basis, Credibility, Kind, Side, Stance, Withdrawal, read_word
from tracker.app.desk import need_reason
from tracker.app.limits import check_revision
from tracker.app.sourcing import SourceActs
from tracker.journal.entry import moment
from tracker.journal.payload import changes, payload_of
from tracker.store import ahead

if TYPE_CHECKING:
    from pathlib import Path

    from claims.dates import UncertainDate
    from claims.model import Claim, Document, Source
    from tracker.app.lookup import Lookup

CORRECTABLE = (
    *("source", "stance", "published", "document", "locator", "quote", "credibility"),
    *("basis", "side", "relays", "note"),
)
LONGEST_KEY = 200
"""Characters of a key of evidence: made by itself it is the claim's, the source's, and a number."""

_WORDS = {
    "stance": (Stance, "stance"),
    "credibility": (Credibility, "credibility (1 to 6)"),
    "basis": (Basis, "basis"),
    "side": (Side, "side"),
}


class EvidenceActs(SourceActs):
    """Logging, correcting, withdrawing evidence."""

    def log(
        self,
        claim: str | Claim,
        *,
        source: str | Source,
        stance: str,
        published: str | UncertainDate | None = None,
        key: str | None = None,
        document: str | Document | None = None,
        url: str | None = None,
        file: str | Path | None = None,
        locator: str | None = None,
        quote: str | None = None,
        credibility: str | None = None,
        basis: str | None = None,
        side: str | None = None,
        relays: str | None = None,
        note: str | None = None,
        reason: str = "",
    ) -> Evidence:
        """Log what a source says of a claim. Claim, source and document are named, or at hand.

        ``published`` is when the source said it; without it the evidence counts from today.
        ``relays`` names the source, or the evidence on this claim, that is merely passed on.

        Raises :class:`NotFound` for an unknown claim or source, :class:`BadValue` for a word that
        is not in the vocabulary, :class:`FutureDate`, :class:`BeforeEvent`, and
        :class:`MissingDocument` for a quote that was found nowhere.
        """
        on, by = (each.strip() if isinstance(each, str) else each.key for each in (claim, source))
        foreseeing = partial(ahead.to_be_logged, claim=on, key=key or f"{on}.{by}")
        with self.act(foreseeing=foreseeing) as act, self.lookup() as look:
            about = look.claim(claim)
            fields: dict[str, Any] = {
                "source": source,
                "stance": stance,
                "published": published,
                "locator": locator,
                "quote": quote,
                "credibility": credibility,
                "basis": basis,
                "side": side,
                "relays": relays,
                "note": note,
            }
            found_in = self.document_for(look, document, url, file)
            read = self._read_evidence(fields, about, look)
            piece = Evidence(
                document=found_in,
                key=self._evidence_key(key, about.key, read["source"], look),
                claim=about.key,
                recorded_on=moment(act.recorded_at).date(),
                **read,
            )
            self._check_evidence(piece, about)
            act.append("evidence.logged", piece.key, payload_of(piece), reason)
            return piece

    def correct_evidence(self, evidence: str, *, reason: str, **fields: Any) -> Evidence:
        """Put right how a piece of evidence was logged; None takes a field out."""
        if unknown := sorted(set(fields) - set(CORRECTABLE)):
            raise BadValue(
                f"evidence has no {unknown[0]!r} that could be corrected",
                f"it has: {', '.join(CORRECTABLE)}",
            )
        check_revision(fields, CORRECTABLE, ("source", "stance"), "evidence")
        with self.act() as act, self.lookup() as look:
            before = look.evidence(evidence)
            about = look.reader.claims([before.claim])[before.claim]
            after = replace(before, **self._read_evidence(fields, about, look))
            self._check_evidence(after, about)
            if changed := changes(before, after):
                act.append("evidence.corrected", before.key, changed, need_reason(reason))
            return after

    def withdraw(
        self,
        evidence: str,
        *,
        by_source: str | UncertainDate | None = None,
        mistake: bool = False,
        reason: str,
    ) -> Evidence:
        """Withdraw evidence: the source took it back on a day, or it was our own mistake.

        What a source took back counts until that day; a mistake never counts.
        """
        if (by_source is None) == (not mistake):
            raise BadValue(
                "say who withdraws it: the source, or we as our own mistake",
                "give either --by-source DATE or --mistake",
            )
        with self.act() as act, self.lookup() as look:
            before = look.evidence(evidence)
            if before.withdrawn is not None:
                raise Conflict(
                    f"{before.key} was withdrawn already ({before.withdrawn})",
                    "tracker undo takes a withdrawal back",
                )
            how, on = Withdrawal.MISTAKE, None
            if by_source is not None:
                how = Withdrawal.BY_SOURCE
                day = self.read_published(by_source)
                on = min(day.latest or self.today, self.today) if day else self.today
                first = before.published.earliest if before.published is not None else None
                if first is not None and on < first:
                    raise BeforeEvent(
                        f"{before.key} cannot be taken back on {on}, before it was said "
                        f"({before.published.describe() if before.published else ''})",
                        "check the two dates",
                    )
            payload = {"how": how.value, "on": on.isoformat() if on else None}
            act.append("evidence.withdrawn", before.key, payload, need_reason(reason))
            return replace(before, withdrawn=how, withdrawn_on=on, withdrawn_reason=reason.strip())

    # --- reading and checking ---------------------------------------------------------------

    def _read_evidence(self, fields: dict[str, Any], about: Claim, look: Lookup) -> dict[str, Any]:
        read = dict(fields)
        if "source" in read:
            read["source"] = look.source(read["source"]).key
        for name, (vocabulary, what) in _WORDS.items():
            if read.get(name) is not None:
                read[name] = read_word(vocabulary, str(read[name]), what)
        if read.get("published") is not None:
            read["published"] = self.read_published(read["published"])
        if read.get("document") is not None:
            read["document"] = look.document(read["document"]).key
        if read.get("relays") is not None:
            read["relays"] = look.relayed(read["relays"], about.key)
        return read

    def _evidence_key(self, key: str | None, claim: str, source: str, look: Lookup) -> str:
        taken = look.taken("evidence")
        if key is None:
            return number_key(f"{claim}.{source}", taken)
        check_key(key, "key of evidence", LONGEST_KEY)
        if taken(key):
            raise Conflict(f"there is evidence with the key {key!r} already", "choose another key")
        return key

    def _check_evidence(self, piece: Evidence, about: Claim) -> None:
        check_piece(piece)
        self.check_dates(about, piece.published, f"evidence of {piece.source}")

    def check_dates(self, about: Claim, published: UncertainDate | None, what: str) -> None:
        """Refuse evidence on an event dated before the event; raises :class:`BeforeEvent`."""
        if about.when is None or published is None or about.is_state or about.kind is Kind.OTHER:
            return
        if published.latest is None or about.when.earliest is None:
            return
        if published.latest < about.when.earliest:
            raise BeforeEvent(
                f"{what} was published {published.describe()}, before the event that "
                f"{about.key} reports ({about.when.describe()})",
                "check both dates; a forecast is a claim of its own, of kind statement",
            )


def check_piece(piece: Evidence) -> None:
    """Refuse evidence that does not fit together: raises :class:`MissingDocument` for a quote that was
    found nowhere, and :class:`BadValue` for a source that relays itself."""
    check_found(piece.quote, piece.locator, piece.document)
    if piece.relays in (piece.source, piece.key):
        raise BadValue(f"{piece.source} cannot relay itself", "leave --relays out")


def check_found(quote: str | None, locator: str | None, document: str | None) -> None:
    """Refuse a quote, or a place, that was found in no document; raises :class:`MissingDocument`."""
    if (quote or locator) and document is None:
        raise MissingDocument(
            f"a {'quote' if quote else 'locator'} was given, but not the document it was found in",
            "name the document with --document, --url or --file",
        )
