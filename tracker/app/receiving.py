"""Taking in the entries of another journal, one by one: what is new, what is known, what conflicts.

A record is known by its key or by what it is: a source by its name, a document by its address, a
claim by what it says, evidence by all that was logged of it. What both journals hold is not
recorded again; what they hold differently is a conflict, listed for people to settle; everything
else is recorded as it was there, under the name of who recorded it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from claims.errors import BadValue, ClaimsError, Conflict
from claims.keys import check_key, number_key
from claims.model import Assessment, Case, Claim, Evidence, Link, Source
from claims.names import fold
from claims.resolve.contradictions import link_of
from claims.resolve.rules import check_rule
from claims.resolve.rules.actors import SEVERAL, several_in
from claims.vocabulary import LinkState
from tracker.app.approving import proposers, waiting_here
from tracker.app.changed import IN_WORDS, Theirs
from tracker.app.claiming import check_claim
from tracker.app.evidencing import check_piece
from tracker.app.foreign import (
    DECISIONS,
    MADE_BY,
    NO_TEXT,
    OF_VERDICTS,
    OWN_AFFAIR,
    RECORDED,
    REFERENCES,
    REVISED,
    WORDS,
    EntryFinding,
    Known,
    bare,
    check_origin,
    check_published,
    decision_of,
    fields_changed,
    fields_made,
    file_of,
    link_state_of,
    logged_then,
    says_the_same,
    undated,
    verdict_of,
    withdrawal_of,
)
from tracker.app.lookup import Lookup
from tracker.app.policies import load_policy
from tracker.journal.entry import moment
from tracker.journal.payload import fields_of, payload_of, plain, record_of
from tracker.journal.redaction import GONE
from tracker.store import exchanged, find, journal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tracker.app.claiming import ClaimActs
    from tracker.app.transaction import Transaction
    from tracker.journal.entry import Entry
    from tracker.journal.exchange import JournalFile, Sent


class Receiving:
    """The entries of one other journal, on their way in. ``renamed`` leads from keys there to the
    keys that they are to have here."""

    def __init__(
        self, desk: ClaimActs, act: Transaction, sent: JournalFile, renamed: Mapping[str, str]
    ) -> None:
        self.desk = desk
        self.act = act
        self.reader = act.reader
        self.origin = sent.origin
        self.renamed = renamed
        self.recorded = 0
        self.known = 0
        self.conflicts: list[EntryFinding] = []
        self._once_named = exchanged.once_named(act.connection)
        self._theirs = Theirs(sent.entries)
        self._keys: dict[tuple[str, str], str] = {}
        self._named: set[tuple[str, str]] = set()
        self._held: dict[tuple[str, str], str] = {}
        self._seen = exchanged.known_leaves(act.connection)
        own = {each.leaf for each in sent.entries if each.entry is not None and not each.entry.received}
        brought = journal.read_numbered(act.connection, exchanged.brought(act.connection, own))
        self._told = {each.received["leaf"]: each for each in brought if each.received is not None}

    def take(self, sent: Sent) -> None:
        """Take in one entry, or say why not."""
        entry = sent.entry
        if entry is None:
            self.conflicts.append(EntryFinding(sent.seq, "?", NO_TEXT))
        elif entry.act not in OWN_AFFAIR:
            self._take_or_list(entry, sent.leaf)
        self._theirs.past(entry, sent.leaf)  # also what was lost there, or is of no concern here

    def _take_or_list(self, entry: Entry, leaf: str) -> None:
        try:
            check_origin(entry)
            with self.desk.act():
                self._take(entry, leaf)
            self.recorded += 1
        except Known:
            self.known += 1
        except ClaimsError as error:
            self.conflicts.append(EntryFinding(entry.seq, entry.subject, error.message))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            message = f"the entry is not sound ({type(error).__name__}: {error})"
            self.conflicts.append(EntryFinding(entry.seq, entry.subject, message))

    def _note_key(self, entry: Entry, ours: str) -> None:
        """What is called so there is called so here: later entries will speak of it."""
        if entry.act in RECORDED:
            self._call(RECORDED[entry.act][0], entry.subject, ours)

    def _check_told(self, entry: Entry, leaf: str) -> None:
        """Whether what a third desk said that an entry was is what the desk says that recorded it."""
        told = self._told.get(leaf) if entry.received is None else None
        if told is not None and not says_the_same(told, entry):
            raise Conflict(f"entry {told.seq} here came as this one by another desk, and says something else")

    def _call(self, records: str, theirs: str, ours: str) -> None:
        self._keys[records, theirs] = ours
        self._named.add((records, ours))

    def _take(self, entry: Entry, leaf: str) -> None:
        before = entry.received or {}
        leaf = before.get("leaf", leaf)
        if (ours := self._seen.get(leaf)) is not None:
            self._note_key(entry, ours)
            self._check_told(entry, leaf)
            raise Known
        handler = self._handler(entry.act)
        if handler is None:
            raise BadValue(f"entries of the act {entry.act!r:.60} are not exchanged")
        try:
            subject, payload = handler(entry)
            self._refuse_unknown(entry, subject, payload)
        except Conflict:
            if self._is_settled(entry):
                raise Known from None
            raise
        received = {
            "origin": before.get("origin", self.origin),
            "seq": before.get("seq", entry.seq),
            "leaf": leaf,
            "recorded_at": before.get("recorded_at", entry.recorded_at),
            "by": self.desk.author,
        }
        self.act.append(entry.act, subject, payload, entry.reason, author=entry.author, received=received)
        self._seen[leaf] = subject

    def _refuse_unknown(self, entry: Entry, key: str, payload: dict[str, Any]) -> None:
        """Refuse to change what was changed here too, if they did not know; raises :class:`Conflict`."""
        if entry.act in RECORDED:
            return
        ours = journal.read_entries(self.act.connection, subjects=[key])
        names = [n for n in self._theirs.unknown_among(ours, entry) if n in payload.get("set", [n])]
        if names:
            raise Conflict(f"{IN_WORDS.get(names[0], names[0])} was changed here as well")

    def _is_settled(self, entry: Entry) -> bool:
        """Whether both desks agree by now on what an entry changes."""
        records = next((name for name, word in WORDS.items() if entry.act.startswith(f"{word}.")), "")
        key = self._keys.get((records, entry.subject), entry.subject)
        ours = journal.read_entries(self.act.connection, subjects=[key])
        ours += [each for each in self.act.entries if each.subject == key]
        return self._theirs.settled(ours, entry)

    def _handler(self, act: str) -> Callable[[Entry], tuple[str, dict[str, Any]]] | None:
        if act in RECORDED:
            return self._record
        if act in REVISED:
            return self._revise
        kind, _, done = act.partition(".")
        if kind == "evidence" and done in ("withdrawn", "restored"):
            return self._evidence_withdrawn
        if kind in WORDS.values() and done in ("withdrawn", "restored"):
            return self._withdrawn
        return {
            "source.graded": self._graded,
            **dict.fromkeys(DECISIONS, self._decided),
            "entity.merged": self._merged,
            "entity.unmerged": self._unmerged,
            "claims.linked": self._linked,
            "link.resolved": self._link_state,
            "link.reopened": self._link_state,
        }.get(act)

    # --- keys -------------------------------------------------------------------------------

    def _ours(self, records: str, key: str) -> str:
        """What a record of theirs is called here; raises :class:`Conflict` where it is not here."""
        if why := self._held.get((records, key)):
            raise Conflict(f"it hangs on the {WORDS[records]} {key}, which was not taken in: {why}")
        ours = self._keys.get((records, key), key)
        if not find.is_taken(self.act.connection, records, ours):
            raise Conflict(f"it hangs on the {WORDS[records]} {key}, which is not here")
        return ours

    def _translated(self, records: str, fields: Mapping[str, Any]) -> dict[str, Any]:
        """Fields with the keys of other records as they are called here."""
        read = dict(fields)
        for name, other in REFERENCES.get(records, {}).items():
            if isinstance(read.get(name), str):
                read[name] = self._ours(other, read[name])
        if records == "evidence" and isinstance(read.get("relays"), str):
            read["relays"] = self._relayed(read["relays"])
        if records == "claims" and SEVERAL in (read.get("value") or ""):
            several = sorted(self._ours("entities", key) for key in several_in(read["value"]))
            read["value"] = f"{SEVERAL} ".join(several)
        for name in ("when", "published"):
            if isinstance(read.get(name), dict) and read[name].get("after"):
                after = [self._ours("claims", key) for key in read[name]["after"]]
                read[name] = {**read[name], "after": after}
        return read

    def _relayed(self, key: str) -> str:
        is_piece = ("evidence", key) in self._keys or find.is_taken(self.act.connection, "evidence", key)
        return self._ours("evidence" if is_piece else "sources", key)

    # --- new records ------------------------------------------------------------------------

    def _record(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        records, cls = RECORDED[entry.act]
        place = (records, entry.subject)
        try:
            payload = self._translated(records, self._made(records, cls, entry))
            payload |= waiting_here(self.reader, payload) if cls is Assessment else {}
            known = self._same(records, entry, payload)
            if known is not None:
                self._call(records, entry.subject, known)
                self._compare(records, known, payload)
                raise Known
            key = self._free_key(records, entry, payload)
            self._check(cls, key, payload, entry)
        except ClaimsError as error:
            self._held[place] = error.message
            raise
        self._call(records, entry.subject, key)
        return key, payload

    def _made(self, records: str, cls: type, entry: Entry) -> dict[str, Any]:
        """What a record of theirs is to hold, still with their keys."""
        if cls is not Assessment:
            return fields_made(records, cls, entry.payload)
        made = {name: value for name, value in entry.payload.items() if name not in OF_VERDICTS}
        return fields_made(records, cls, made) | verdict_of(entry.payload, self.desk.today)

    def _same(self, records: str, entry: Entry, payload: dict[str, Any]) -> str | None:
        """The key of our record that is this one of theirs; None where there is none."""
        if entry.subject in self.renamed:
            return None
        if GONE in payload.values():  # words that were taken out tell nothing apart
            return entry.subject if self._is_here(records, entry.subject) else None
        looks: dict[str, Callable[[str, dict[str, Any]], str | None]] = {
            "cases": lambda key, _: key if self._is_here("cases", key) else None,
            "sources": self._same_source,
            "entities": self._same_entity,
            "documents": self._same_document,
            "questions": self._same_question,
            "claims": self._same_claim,
            "evidence": lambda key, fields: self._same_evidence(key, fields, entry),
            "assessments": lambda key, fields: self._same_assessment(key, fields, entry),
        }
        return looks[records](entry.subject, payload)

    def _is_here(self, records: str, key: str) -> bool:
        return find.is_taken(self.act.connection, records, key)

    def _same_source(self, key: str, payload: dict[str, Any]) -> str | None:
        named = find.sources_named(self.act.connection, fold(payload["name"]))
        named = named or self._once_named.get(("source", fold(payload["name"])), [])
        return key if key in named else (named[0] if len(named) == 1 else None)

    def _same_entity(self, key: str, payload: dict[str, Any]) -> str | None:
        named = find.entities_named(self.act.connection, fold(payload["name"]))
        named = named or self._once_named.get(("entity", fold(payload["name"])), [])
        alike = [k for k, each in self.reader.entities(named).items() if each.type == payload["type"]]
        return key if key in alike else (alike[0] if len(alike) == 1 else None)

    def _same_document(self, key: str, payload: dict[str, Any]) -> str | None:
        ours = self.reader.documents([key]).get(key)
        if ours is not None and (ours.url, ours.title) == (payload.get("url"), payload["title"]):
            return key
        return exchanged.document_at(self.act.connection, payload["url"]) if payload.get("url") else None

    def _same_question(self, key: str, payload: dict[str, Any]) -> str | None:
        wanted = fold(payload["text"])
        ours = self.reader.questions()
        alike = [k for k, each in ours.items() if fold(each.text) == wanted and not each.withdrawn]
        return key if key in alike else (alike[0] if alike else None)

    def _same_claim(self, key: str, payload: dict[str, Any]) -> str | None:
        saying = exchanged.claims_saying(self.act.connection, fold(payload["text"]))
        if key in saying:
            return key
        telling = ("kind", "subject", "value", "value_entity", "when")
        for k, each in self.reader.claims(saying).items():
            if all(payload_of(each).get(name) == payload.get(name) for name in telling):
                return k
        return None

    def _same_evidence(self, key: str, payload: dict[str, Any], entry: Entry) -> str | None:
        ours = self.reader.evidence_on([payload["claim"]])
        # Whatever they logged twice is two pieces of theirs: it cannot twice be the same one of ours.
        free = {k: piece for k, piece in ours.items() if ("evidence", k) not in self._named}
        alike = [
            k
            for k, piece in free.items()
            if bare(payload_of(piece)) == payload and (piece.published or logged_then(piece, entry))
        ]
        return key if key in alike else (alike[0] if alike else None)

    def _same_assessment(self, key: str, payload: dict[str, Any], entry: Entry) -> str | None:
        author = payload.get("by", entry.author)
        made = self.reader.assessments_of([payload["claim"]]).get(payload["claim"], [])
        alike = [
            each.key
            for each in made
            if (each.author, each.status, each.reason) == (author, payload["status"], entry.reason)
            and ("assessments", each.key) not in self._named
        ]
        return key if key in alike else (alike[0] if alike else None)

    def _compare(self, records: str, key: str, payload: dict[str, Any]) -> None:
        """A record that both hold: in what do they differ, and did either change it since?"""
        ours = getattr(self.reader, records)([key])[key] if records != "assessments" else None
        if ours is None or exchanged.recorded_payload(self.act.connection, key, MADE_BY[records]) == payload:
            return
        here = bare(payload_of(ours))
        differing = sorted(n for n in here.keys() | payload.keys() if here.get(n) != payload.get(n))
        if differing:
            raise Conflict(f"both have this {WORDS[records]}, and {', '.join(differing)} differ")

    def _free_key(self, records: str, entry: Entry, payload: dict[str, Any]) -> str:
        """The key that a record of theirs gets here."""

        def taken(key: str) -> bool:
            return self._is_here(records, key)

        if records == "evidence":
            stem = f"{payload['claim']}.{payload['source']}"
            return entry.subject if not taken(entry.subject) else number_key(stem, taken)
        if records == "assessments":
            return number_key(f"{payload['claim']}.assessed", taken)
        key = self.renamed.get(entry.subject, entry.subject)
        if taken(key):
            raise Conflict(
                f"another {WORDS[records]} has this key here; take theirs in under another one "
                f"with --rename {entry.subject}=NEW-KEY"
            )
        return key

    def _check(self, cls: type, key: str, payload: dict[str, Any], entry: Entry) -> None:
        """Refuse a record that could not have been made here."""
        check_key(key, longest=200 if cls in (Evidence, Assessment) else 80)
        given: dict[str, Any] = {}
        if cls is Evidence:
            given = {"recorded_on": moment(entry.recorded_at).date()}
        elif cls is Assessment:
            payload = {n: value for n, value in payload.items() if n not in OF_VERDICTS}
            given = {"author": entry.author, "made_on": moment(entry.recorded_at).date()}
        self._check_record(record_of(cls, key, payload, **given))

    def _check_record(self, record: Any) -> None:
        if isinstance(record, Claim):
            check_claim(record, Lookup(self.reader))
        elif isinstance(record, Evidence):
            check_piece(record)
            about = self.reader.claims([record.claim])[record.claim]
            relayed = self.reader.evidence([record.relays or ""]).get(record.relays or "")
            if relayed is not None and relayed.claim != record.claim:
                raise BadValue(f"it relays {relayed.key}, which is on another claim")
            check_published(record.published, self.desk.today)
            self.desk.check_dates(about, record.published, record.key)
        elif isinstance(record, Case):
            if record.policy is not None:
                load_policy(record.policy)
            for rule in record.rules_off:
                check_rule(rule)

    # --- changes ----------------------------------------------------------------------------

    def _revise(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        records, cls = REVISED[entry.act]
        key = self._ours(records, entry.subject)
        ours = getattr(self.reader, records)([key])[key]
        now = self._translated(records, fields_changed(records, cls, entry.payload["set"]))
        was = self._translated(records, fields_changed(records, cls, entry.payload["was"]))
        fields = fields_of(cls, now)
        here = {name: undated(plain(getattr(ours, name))) for name in now}
        left = {name: value for name, value in now.items() if here[name] != undated(value)}
        if not left:
            raise Known
        for name in left:
            if here[name] != undated(was.get(name)):
                raise Conflict(f"{name} was changed here as well: here it is {here[name]!r:.60}")
        self._check_record(replace(ours, **{name: fields[name] for name in left}))
        changed = {"set": left, "was": {name: was[name] for name in left}}
        return key, changed | (file_of(entry) if entry.act == "document.archived" else {})

    def _graded(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        key = self._ours("sources", entry.subject)
        here = plain(self.reader.sources([key])[key].reliability)
        wanted = fields_of(Source, {"reliability": entry.payload["grade"]})["reliability"]
        if here == plain(wanted):
            raise Known
        if here != entry.payload["was"]:
            raise Conflict(f"the source was graded here as well: here it is {here}")
        return key, {"grade": entry.payload["grade"], "was": here}

    def _withdrawn(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        word, _, done = entry.act.partition(".")
        records = next(name for name, each in WORDS.items() if each == word)
        key = self._ours(records, entry.subject)
        if exchanged.is_withdrawn(self.act.connection, records, key) == (done == "withdrawn"):
            raise Known
        user = find.user_of(self.act.connection, records, key) if done == "withdrawn" else None
        if user is not None:
            raise Conflict(f"it was withdrawn there, and here {user} uses it")
        return key, {}

    def _evidence_withdrawn(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        key = self._ours("evidence", entry.subject)
        piece = self.reader.evidence([key])[key]
        if entry.act == "evidence.restored":
            if piece.withdrawn is None:
                raise Known
            was = {"how": plain(piece.withdrawn), "on": plain(piece.withdrawn_on)}
            return key, {"was": was}
        how, on = withdrawal_of(entry.payload, self.desk.today)
        if (piece.withdrawn, piece.withdrawn_on) == (how, on):
            raise Known
        if piece.withdrawn is not None:
            raise Conflict(f"it was withdrawn here otherwise ({piece.withdrawn})")
        return key, {"how": how.value, "on": plain(on)}

    def _merged(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        key, into = self._ours("entities", entry.subject), self._ours("entities", entry.payload["into"])
        ours = self.reader.entities([key, into])
        if ours[key].merged_into == into or key == into:
            raise Known
        if ours[key].merged_into is not None or ours[into].merged_into is not None:
            raise Conflict(f"{key} and {into} were merged otherwise here")
        return key, {"into": into}

    def _unmerged(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        key, into = self._ours("entities", entry.subject), self._ours("entities", entry.payload["from"])
        here = self.reader.entities([key])[key].merged_into
        if here is None:
            raise Known
        if here != into:
            raise Conflict(f"{key} is merged into {here} here")
        return key, {"from": into}

    def _decided(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        key = self._ours("assessments", entry.subject)
        about = self.reader.claims_of_assessments([key])[key]
        ours = next(each for each in self.reader.assessments_of([about])[about] if each.key == key)
        return key, decision_of(entry, ours, proposers(self.act.connection, key), self.desk.author)

    # --- links ------------------------------------------------------------------------------

    def _linked(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        one, two = (self._ours("claims", entry.payload[name]) for name in ("claim", "other"))
        payload = {"claim": one, "relation": entry.payload["relation"], "other": two}
        if one == two:
            raise Conflict("it links two claims that are one here")
        key = f"{one}:{payload['relation']}:{two}"
        if self.reader.links([key]):
            raise Known
        record_of(Link, key, payload, reason=entry.reason)
        return key, payload

    def _link_state(self, entry: Entry) -> tuple[str, dict[str, Any]]:
        payload = link_state_of(entry)
        one, word, two = entry.subject.split(":")
        if "rule" in payload:
            one, two = self._ours("claims", payload["claim"]), self._ours("claims", payload["other"])
            payload |= {"claim": one, "other": two}
            check_rule(payload["rule"])
            key = link_of(one, payload["rule"], two, payload["because"]).key
        else:
            key = f"{self._ours('claims', one)}:{word}:{self._ours('claims', two)}"
        link = self.reader.links([key]).get(key)
        state = LinkState(payload["state"])
        here = link.state if link is not None else LinkState.OPEN
        if here is state:
            raise Known
        if link is None and "rule" not in payload:
            raise Conflict("there is no such link here")
        if here is not LinkState(payload["was"]):
            raise Conflict(f"the link is {here} here")
        return key, payload
