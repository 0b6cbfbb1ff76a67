"""Casebooks into the tracker and out of it: importing records what differs, and nothing twice."""

from __future__ import annotations

import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from claims.dates import from_date, from_edtf, parse
from claims.errors import BadFile, ClaimsError, Conflict, Finding, NotFound
from claims.keys import KEY_PATTERN
from claims.vocabulary import LinkState, Withdrawal
from tracker.app.claiming import ClaimActs
from tracker.app.exporting import casebook_of
from tracker.app.judging import JudgementActs
from tracker.app.overwriting import Rewritten, is_unchanged, read_older, rewritten, with_needed
from tracker.app.view import Views
from tracker.formats import casebook as form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from claims.dates import UncertainDate
    from claims.model import Case
    from tracker.app.transaction import Transaction
    from tracker.formats.casebook import Casebook, Item
    from tracker.store.read import Reader


LONGEST_CHAIN = 100
"""Claims whose dates count from each other, one after the other."""

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


class CasebookActs(ClaimActs, JudgementActs, Views):
    """Importing and exporting casebooks."""

    def import_casebook(self, text: str, *, name: str = "casebook") -> Imported:
        """Record what a casebook says and the tracker does not know yet, all of it or nothing.

        A second import of the same file records nothing; an edited one records the differences,
        with the file as the reason. What is missing from the file is left as it is.

        Raises :class:`BadCasebook`, listing everything that is wrong, each with its line.
        """
        book = form.read(text, name)
        with self.act(asked={"casebook": text}) as act:
            return _Import(self, act, book).run()

    def import_demo(self) -> Imported:
        """Import the casebook that ships with the program."""
        return self.import_casebook(shipped_casebook("jnim"), name="jnim.yaml")

    def export_casebook(
        self,
        case: str | None = None,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
        over: str | None = None,
    ) -> str:
        """A case as a casebook; without one, the whole of a tracker that has one case or none.

        As of a day: without what had not been published by then, what had not been taken back still
        standing, and without later verdicts. As recorded by a moment: as it was written here then.
        ``over`` is the text of an older casebook, whose comments and order are kept
        (:meth:`rewrite_casebook`).
        """
        return self.rewrite_casebook(over or "", case, as_of=as_of, recorded_by=recorded_by).text

    def rewrite_casebook(
        self,
        over: str,
        case: str | None = None,
        *,
        as_of: str | date | None = None,
        recorded_by: str | int | date | None = None,
    ) -> Rewritten:
        """A case as a casebook that is written over an older one. What says what the record says is kept
        byte for byte, with its comments and in its place; what changed is written anew there; what is new
        comes last in its section; what the record does not have is taken out.

        Where that cannot be, the casebook is written plainly, and the answer says why.
        """
        day = None if as_of is None else self.read_day(as_of)
        with self.record(recorded_by) as reader:
            chosen = _chosen(reader, case)
            old, why = read_older(over, chosen.key if chosen is not None else None)
            now = casebook_of(reader, chosen, everything=case is None, as_of=day, besides=old)
            if old is None:
                return Rewritten(form.write(now), why)
            if is_unchanged(old, now):
                return Rewritten(over)
            whole = with_needed(old, now, reader)
        return rewritten(over, old, self._what_it_says(whole), now)

    def _what_it_says(self, book: Casebook) -> Casebook | None:
        """What a casebook says, in the words of an export: it is imported into a tracker that is made for it.
        None where it cannot be imported."""
        from tracker.app.tracker import open_tracker

        with TemporaryDirectory(prefix="casebook-") as folder:
            file = Path(folder) / "said.db"
            file.write_bytes(_empty_tracker())
            with open_tracker(
                str(file), author=self.author, clock=self._clock, dayfirst=self.dayfirst
            ) as other:
                try:
                    other.import_casebook(form.write(book))
                except ClaimsError:
                    return None
                with other.reading() as reader:
                    case = reader.cases([book.case.key])[book.case.key] if book.case is not None else None
                    return casebook_of(reader, case, everything=True)


@cache
def _empty_tracker() -> bytes:
    """The file of a tracker in which nothing is recorded."""
    from tracker.app.tracker import create_tracker

    with TemporaryDirectory(prefix="casebook-") as folder:
        file = Path(folder) / "empty.db"
        create_tracker(str(file), author="nobody").close()
        return file.read_bytes()


def _chosen(reader: Reader, case: str | None) -> Case | None:
    """The case that is asked for, or the only one."""
    cases = {key: case for key, case in reader.cases().items() if not case.withdrawn}
    if case is not None and case not in cases:
        known = ", ".join(cases) or "none"
        raise NotFound(f"there is no case {case!r}", f"the cases here are: {known}")
    if case is None and len(cases) > 1:
        raise Conflict(
            f"this tracker has {len(cases)} cases, and a casebook holds one",
            f"choose with --case: {', '.join(cases)}",
        )
    return cases[case] if case is not None else next(iter(cases.values()), None)


def shipped_casebook(name: str) -> str:
    """The text of a casebook that ships with the program."""
    return (files("tracker") / "casebooks" / f"{name}.yaml").read_text("utf-8")


class _Import:
    """One import under way: item after item, complaints collected, counts kept."""

    def __init__(self, desk: CasebookActs, act: Transaction, book: Casebook) -> None:
        self.desk = desk
        self.act = act
        self.book = book
        self.result = Imported()
        self.findings: list[tuple[int, Finding]] = []
        self.reason = f"imported from {book.name}"
        self.case = book.case.key if book.case is not None else None
        self.restored: set[str] = set()
        self.claim_keys = {item.key for item in book.claims}

    def run(self) -> Imported:
        book = self.book
        if book.case is not None:
            self._each([book.case], self._case)
        self._each(book.sources, self._source)
        self._each(book.entities, self._entity)
        self._each(book.entities, self._merge, count=False)
        self._each(book.documents, self._document)
        self._each(book.questions, self._question)
        self._each(self._anchors_first(book.claims), self._claim)
        for item in book.claims:
            if not self.findings or item.key not in self._broken():
                self._evidence_of(item)
        self._each(book.links, self._link)
        self._each(book.assessments, self._assessment)
        if self.findings:
            raise form.BadCasebook(self.findings)
        return self.result

    def _broken(self) -> set[str]:
        """Claims of the file that were refused; their evidence has nothing to stand on."""
        with self.desk.reading() as reader:
            return self.claim_keys - set(reader.claims(self.claim_keys))

    # --- one item after the other -----------------------------------------------------------

    def _each(self, items: list[Item], take: Callable[[Item], object], *, count: bool = True) -> None:
        for item in items:
            with self._counted(item, count=count):
                take(item)

    @contextmanager
    def _counted(self, item: Item, *, count: bool = True) -> Iterator[None]:
        before = len(self.act.entries)
        try:
            yield
        except ClaimsError as error:
            finding = Finding(self.book.where(item), error.message, error.hint)
            self.findings.append((item.line, finding))
        if not count:
            return
        self.result.read += 1
        if len(self.act.entries) > before:
            self.result.recorded += 1
        else:
            self.result.unchanged += 1

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
        pieces = dict(zip(keys, items, strict=True))
        for key in _relayed_first(pieces):
            with self._counted(pieces[key]):
                self._evidence(claim.key, key, pieces[key])

    def _evidence(self, claim: str, key: str, item: Item) -> None:
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
                    f"{self.book.where(item)}: the dates count from each other ({ring})",
                    "give one of these claims a date of its own",
                )
            if len(path) == LONGEST_CHAIN:
                raise BadFile(
                    f"{self.book.where(item)}: a chain of more than {LONGEST_CHAIN} dates leads here",
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
