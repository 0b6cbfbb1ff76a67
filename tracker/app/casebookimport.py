"""A casebook's import under way: item after item, complaints collected, counts kept."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from claims.dates import from_date, from_edtf, parse
from claims.errors import BadFile, ClaimsError, Conflict, Finding, NotFound
from claims.keys import KEY_PATTERN
from claims.vocabulary import LinkState, Withdrawal
from tracker.app.casebookmistakes import blamed, hint_for, mistakes_in
from tracker.formats import casebook as form
from tracker.formats.casebookfields import FIELDS, KEYED, LISTED, NAMED
from tracker.formats.merging import in_order

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from claims.dates import UncertainDate
    from tracker.app.casebooks import CasebookActs
    from tracker.app.transaction import Transaction
    from tracker.formats.casebook import Casebook, Item


LONGEST_CHAIN = 100
"""Claims whose dates count from each other, one after the other."""

_STAND_INS = {"stance": "mentions", "relation": "supports", "status": "unverified", "reason": "…"}
"""What takes the place of a field that an item cannot be without, where there is a mistake in it."""

_VITAL: dict[str, frozenset[str]] = {
    **dict.fromkeys(FIELDS, frozenset(("", "name", "title", "text", "claim", "to"))),
    "claims": frozenset(("", "text", "when")),
    "evidence": frozenset(("key", "source")),
}
"""Fields without which nothing can be said of the rest of an item; "" is its key."""

_RESTORED = {
    "cases": "case",
    "sources": "source",
    "entities": "entity",
    "documents": "document",
    "questions": "question",
    "claims": "claim",
}
"""Records that an import brings back when they had been withdrawn, and the acts' word for each."""


@dataclass(slots=True)
class Imported:
    """What an import came to. ``read``: items in the file; ``recorded``: those that were new or
    had changed; ``unchanged``: the others."""

    read: int = 0
    recorded: int = 0
    unchanged: int = 0


class CasebookImport:
    """One import under way: item after item, complaints collected, counts kept."""

    def __init__(self, desk: CasebookActs, act: Transaction, book: Casebook) -> None:
        self.desk = desk
        self.act = act
        self.book = book
        self.result = Imported()
        self.findings: list[tuple[int, Finding]] = []
        self.refused: set[str] = set()
        self.reason = f"imported from {book.name}"
        self.case = book.case.key if book.case is not None else None
        self.restored: set[str] = set()
        self.claim_keys = {item.key for item in book.claims}

    def run(self) -> Imported:
        """Take all items; raises :class:`BadCasebook` at the end where anything is wrong."""
        book = self.book
        if book.case is not None:
            self._each("case", [book.case], self._case)
            self.case = None if self.case in self.refused else self.case
        self._each("sources", book.sources, self._source)
        self._each("entities", book.entities, self._entity)
        entities = {item.key: item for item in book.entities}
        for key, merged in in_order({key: it.fields.get("merged-into") for key, it in entities.items()}):
            if merged and key not in self.refused:
                with self._told("entities", entities[key]):
                    self._merge(entities[key])
        self._each("documents", book.documents, self._document)
        self._each("questions", book.questions, self._question)
        self._each("claims", self._anchors_first(book.claims), self._claim)
        for item in book.claims:
            self._evidence_of(item)
        self._each("links", book.links, self._link)
        self._each("assessments", book.assessments, self._assessment)
        if self.findings:
            raise form.BadCasebook(self.findings)
        return self.result

    def mistakes(self) -> list[tuple[int, Finding]]:
        """What is wrong with the words of all items, each by itself, for a file that cannot be taken anyway;
        nothing is recorded."""
        cases = [self.book.case] if self.book.case is not None else []
        for section, items in (
            ("case", cases),
            *((name, getattr(self.book, name)) for name in (*KEYED, *LISTED)),
            ("evidence", [piece for item in self.book.claims for piece in item.fields.get("evidence") or []]),
        ):
            for item in items:
                self._mistakes(section, item)
        return self.findings

    # --- one item after the other -----------------------------------------------------------

    def _each(self, section: str, items: list[Item], take: Callable[[Item], object]) -> None:
        for item in items:
            self._one(section, item, take)

    def _one(self, section: str, item: Item, take: Callable[[Item], object]) -> None:
        """Take an item, and count it; without those of its fields in which there is a mistake: as all that
        is wrong is told at once, what follows should not suffer from it."""
        before = len(self.act.entries)
        wrong = self._mistakes(section, item)
        if wrong & _VITAL[section]:
            self._refuse(item)
        else:
            stand_in = {name: _STAND_INS.get(name) for name in wrong}
            with self._told(section, replace(item, fields=item.fields | stand_in)):
                take(replace(item, fields=item.fields | stand_in))
        self.result.read += 1
        if len(self.act.entries) > before:
            self.result.recorded += 1
        else:
            self.result.unchanged += 1

    def _mistakes(self, section: str, item: Item) -> set[str]:
        """Complain of the fields of an item that cannot be as they are; their names."""
        found = list(mistakes_in(item, section, lambda name, text: self._read(section, item, name, text)))
        for each in found:
            self._complain(item.lines.get(each.field, item.line), each.message, each.hint)
        return {each.field for each in found}

    @contextmanager
    def _told(self, section: str, item: Item) -> Iterator[None]:
        """List what is wrong with an item, unless it only names what was refused itself."""
        try:
            yield
        except ClaimsError as error:
            name = blamed(item, error.message)
            text = str(item.fields.get(name) or "").strip()
            if not (isinstance(error, NotFound) and text in self.refused):
                hint = hint_for(error, section, name, text, self._keys(section, name))
                self._complain(item.lines.get(name, item.line), error.message, hint)
            self._refuse(item)

    def _complain(self, line: int, message: str, hint: str) -> None:
        self.findings.append((line, Finding(self.book.where(line), message, hint)))

    def _refuse(self, item: Item) -> None:
        """Remember what an item is called: whoever names it is not to blame for that it is not there."""
        self.refused |= {item.key, str(item.fields.get("name") or "").strip()} - {""}

    def _keys(self, section: str, name: str) -> list[str]:
        """The keys that a field may name."""
        named = NAMED.get((section, name))
        return [item.key for item in getattr(self.book, named)] if named else []

    def _read(self, section: str, item: Item, name: str, text: str) -> None:
        """Read a date, to see whether it can be; one that counts from a claim of the file is read when that
        has been recorded, and words that are recorded already mean what they meant."""
        if name == "on":
            self.desk.read_day(text)
        elif not self._anchors_in(text):
            try:
                (self.desk.read_date if section == "claims" else self.desk.read_published)(text)
            except ClaimsError:
                if not self._is_recorded(section, item, name, text):
                    raise

    def _is_recorded(self, section: str, item: Item, name: str, text: str) -> bool:
        key = item.fields.get("key") or item.key
        with self.desk.reading() as reader:
            known = getattr(reader, section)([key]).get(key)
        if name == "by-source":
            return known is not None and known.withdrawn is not None
        day = known and getattr(known, "when" if section == "claims" else "published")
        return day is not None and day.words == text.strip()

    # --- records ----------------------------------------------------------------------------

    def _case(self, item: Item) -> None:
        fields = item.fields
        self._known("cases", item.key)
        self.desk.add_case(
            item.key,
            title=fields.get("title") or "",
            about=fields.get("about") or "",
            policy=fields.get("policy"),
            rules_off=fields.get("rules-off") or (),
            needs_approval=fields.get("needs-approval"),
        )

    def _source(self, item: Item) -> None:
        fields = dict(item.fields)
        grades: list[dict[str, Any]] = fields.pop("grades", None) or []
        reliability = fields.pop("reliability", None)
        known = self._known("sources", item.key)
        given = {
            "name": fields["name"],
            "type": fields.get("type") or "other",
            "sides": fields.get("sides") or [],
            **{name: fields.get(name) for name in ("owner", "url", "note")},
        }
        if known is None:
            first = grades[0]["grade"] if grades else reliability
            self.desk.add_source(
                given.pop("name"), key=item.key, reliability=first, reason=self.reason, **given
            )
            for grade in grades[1:]:
                why = grade.get("reason") or self.reason
                self.desk.grade_source(item.key, grade["grade"], reason=why)
        else:
            self.desk.revise_source(item.key, reason=self.reason, **given)
        self.desk.grade_source(item.key, reliability, reason=self.reason)

    def _entity(self, item: Item) -> None:
        fields = item.fields
        given = {
            "name": fields["name"],
            "type": fields.get("type") or "other",
            "aliases": fields.get("aliases") or [],
            **{name: fields.get(name) for name in ("wikidata", "note")},
        }
        if self._known("entities", item.key) is None:
            self.desk.add_entity(given.pop("name"), key=item.key, reason=self.reason, **given)
        else:
            self.desk.revise_entity(item.key, reason=self.reason, **given)

    def _merge(self, item: Item) -> None:
        into = item.fields.get("merged-into")
        known = self._known("entities", item.key)
        if into is not None and known is not None and known.merged_into != into:
            self.desk.merge_entity(item.key, into, reason=self.reason)

    def _document(self, item: Item) -> None:
        fields = item.fields
        known = self._known("documents", item.key)
        published = self._date(fields.get("published"), known and known.published)
        given = {name: fields.get(name) for name in ("publisher", "author", "url", "sha256", "note")}
        if known is None:
            self.desk.add_document(fields["title"], key=item.key, published=published, **given)
        else:
            self.desk.revise_document(
                item.key, reason=self.reason, title=fields["title"], published=published, **given
            )

    def _question(self, item: Item) -> None:
        text = item.fields["text"]
        given: dict[str, Any] = {
            "exactly_one": bool(item.fields.get("exactly-one")),
            "counted": item.fields.get("counted"),
            "cumulative": bool(item.fields.get("cumulative")),
        }
        if self._known("questions", item.key) is None:
            self.desk.add_question(text, key=item.key, **given)
        else:
            self.desk.revise_question(item.key, reason=self.reason, text=text, **given)

    def _claim(self, item: Item) -> None:
        fields = item.fields
        known = self._known("claims", item.key)
        given = {name: fields.get(name) for name in ("subject", "value", "where", "question", "lang", "note")}
        given["external_id"] = fields.get("external-id")
        given["ongoing"] = fields.get("ongoing")
        given["case"] = fields.get("case", self.case)
        given["when"] = self._date(fields.get("when"), known and known.when)
        text, kind = fields["text"], fields.get("kind") or "other"
        if known is None:
            self.desk.add_claim(text, key=item.key, kind=kind, reason=self.reason, **given)
        else:
            self.desk.revise_claim(item.key, reason=self.reason, open_new=True, text=text, kind=kind, **given)

    def _evidence_of(self, claim: Item) -> None:
        items = claim.fields.get("evidence") or []
        keys = form.evidence_keys(claim.key, [item.fields for item in items])
        pieces = {key: replace(item, key=key) for key, item in zip(keys, items, strict=True)}
        for key in _relayed_first(pieces):
            self._one("evidence", pieces[key], lambda item: self._evidence(claim.key, item.key, item))

    def _evidence(self, claim: str, key: str, item: Item) -> None:
        if claim in self.refused:
            return
        fields = item.fields
        known = self._known("evidence", key)
        if known is not None and known.claim != claim:
            raise Conflict(f"{key} is evidence on {known.claim}", "give this piece another key")
        given: dict[str, Any] = {
            name: fields.get(name)
            for name in (
                *("source", "stance", "document", "locator", "quote", "credibility"),
                *("basis", "side", "relays", "note"),
            )
        }
        given["published"] = self._date(fields.get("published"), known and known.published)
        if known is None:
            self.desk.log(claim, key=key, reason=self.reason, **given)
        else:
            if claim in self.restored and known.withdrawn is Withdrawal.MISTAKE:
                # It went when its claim was undone, and comes back with it.
                self.act.append(
                    "evidence.restored", key, {"was": {"how": "mistake", "on": None}}, self.reason
                )
                known = replace(known, withdrawn=None)
            self.desk.correct_evidence(key, reason=self.reason, **given)
        taken_back = fields.get("withdrawn")
        if taken_back and (known is None or known.withdrawn is None):
            self.desk.withdraw(
                key,
                by_source=taken_back.get("by-source"),
                mistake=bool(taken_back.get("mistake")),
                reason=taken_back["reason"],
            )

    def _link(self, item: Item) -> None:
        fields = item.fields
        state = fields.get("state") or "open"
        if fields.get("rule"):
            self._contradiction(fields, state)
            return
        key = f"{fields['claim']}:{fields['relation']}:{fields['to']}"
        known = self._known("links", key)
        if known is None or known.state is LinkState.WITHDRAWN:
            self.desk.link(fields["claim"], fields["relation"], fields["to"], reason=fields["reason"])
        if state != "open" and (known is None or known.state is LinkState.OPEN):
            self.desk.resolve_link(key, reason=fields.get("resolution") or self.reason)

    def _contradiction(self, fields: dict[str, Any], state: str) -> None:
        """What a rule found: it finds it again by itself, and only what people made of it counts."""
        if state == "open":
            return
        self.desk.resolve_contradiction(
            fields["claim"],
            fields["rule"],
            fields["to"],
            because=fields["reason"],
            reason=fields.get("resolution") or self.reason,
        )

    def _assessment(self, item: Item) -> None:
        fields = item.fields
        on = self.desk.read_day(fields["on"]) if fields.get("on") else self.desk.today
        by = fields.get("by") or self.desk.author
        with self.desk.reading() as reader:
            before = reader.assessments_of([fields["claim"]]).get(fields["claim"], [])
        same = [
            each
            for each in before
            if not each.withdrawn
            and (each.status, each.author, each.reason) == (fields["status"], by, fields["reason"])
        ]
        if not same:
            self.desk.take_assessment(
                fields["claim"],
                fields["status"],
                likelihood=fields.get("likelihood"),
                reason=fields["reason"],
                by=by,
                on=on,
                proposed=bool(fields.get("proposed")),
            )

    # --- help -------------------------------------------------------------------------------

    def _known(self, records: str, key: str) -> Any:
        """What is recorded under a key. A record that was withdrawn comes back: the file has it."""
        with self.desk.reading() as reader:
            known = getattr(reader, records)([key]).get(key)
        if records in _RESTORED and known is not None and known.withdrawn:
            self.act.append(f"{_RESTORED[records]}.restored", key, {}, self.reason)
            self.restored.add(key)
            return replace(known, withdrawn=False)
        return known

    def _date(
        self, written: str | dict[str, str] | None, known: UncertainDate | None
    ) -> str | UncertainDate | None:
        """The date as written, or the one already recorded for the same words: "yesterday" means
        the day that it meant when it was first imported."""
        if isinstance(written, dict):
            return from_edtf(written["edtf"], written.get("words") or "")
        if written is None or known is None or known.words != written.strip():
            return written
        return written if self._anchors_in(written) else known

    def _anchors_in(self, text: str) -> set[str]:
        """The claims of the file that a date counts from: not every word that is also a key."""
        possible = set(re.findall(KEY_PATTERN, text)) & self.claim_keys
        found: set[str] = set()

        def note(key: str) -> UncertainDate | None:
            if key not in possible:
                return None
            found.add(key)
            return from_date(self.desk.today)

        if possible:
            with suppress(ClaimsError):
                parse(text, today=self.desk.today, dayfirst=self.desk.dayfirst, anchors=note)
        return found

    def _anchors_first(self, claims: list[Item]) -> list[Item]:
        """Claims in an order in which the date of each is known before another counts from it."""
        by_key = {item.key: item for item in claims}
        ordered: dict[str, Item] = {}
        path: list[str] = []

        def visit(item: Item) -> None:
            if item.key in ordered:
                return
            if item.key in path:
                ring = " → ".join([*path[path.index(item.key) :], item.key])
                raise BadFile(
                    f"{self.book.where(item.line)}: the dates count from each other ({ring})",
                    "give one of these claims a date of its own",
                )
            if len(path) == LONGEST_CHAIN:
                raise BadFile(
                    f"{self.book.where(item.line)}: a chain of more than {LONGEST_CHAIN} dates leads here",
                    "give this claim a date of its own",
                )
            path.append(item.key)
            for key in sorted(self._anchors_in(str(item.fields.get("when") or ""))):
                visit(by_key[key])
            path.pop()
            ordered[item.key] = item

        for item in claims:
            visit(item)
        return list(ordered.values())


def _relayed_first(pieces: Mapping[str, Item]) -> list[str]:
    """The keys in an order in which what is relayed comes before what relays it; pieces that
    relay each other in a ring keep the order of the file."""
    ordered: dict[str, None] = {}

    def visit(key: str, path: tuple[str, ...]) -> None:
        relays = pieces[key].fields.get("relays") or ""
        if relays in pieces and relays not in ordered and relays not in path:
            visit(relays, (*path, key))
        ordered.setdefault(key)

    for key in pieces:
        visit(key, ())
    return list(ordered)
