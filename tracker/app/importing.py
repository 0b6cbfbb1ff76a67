"""An import under way: rows that only add go in bulk, those that change what is recorded one by one."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any

from claims.dates import parse
from claims.errors import BadValue, ClaimsError
from claims.kinds import check_fields
from claims.model import Claim, Document, Evidence, Source
from claims.vocabulary import Basis, Credibility, Kind, Side, SourceType, Stance, Status, read_word
from tracker.app.bulk import Draft
from tracker.app.evidencing import check_piece
from tracker.app.known import Known, folded, outside_name, stem
from tracker.app.limits import need_words
from tracker.app.rowacts import EVIDENCE_FIELDS, RowActs, known_source, same_pieces
from tracker.app.sourcing import read_grade
from tracker.formats.csvmap import Record
from tracker.formats.csvtable import RowFinding
from tracker.journal.entry import day_of
from tracker.journal.payload import payload_of
from tracker.store.passing import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import date

    from claims.dates import UncertainDate
    from tracker.app.bulk import BulkTransaction
    from tracker.app.spreadsheets import ImportedRows, SpreadsheetActs

PORTION = 2_000
"""Rows that are looked up, and written, together."""

MOST_LISTED = 100_000
"""Rows that cannot be taken, of which each is listed; of more it is told how many."""

_WORDS: dict[str, tuple[Any, str]] = {
    "credibility": (Credibility, "credibility (1 to 6)"),
    "basis": (Basis, "basis"),
    "side": (Side, "side"),
}

word = lru_cache(maxsize=4096)(read_word)


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for circles among objects only seldom: a portion makes many objects, none of them in a circle,
    and to look at them over and over costs a sixth of an import."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class _Alone(Exception):
    """A row that changes what is recorded, or rests on what is still to be written."""


class Import:
    """One import under way."""

    def __init__(
        self,
        desk: SpreadsheetActs,
        act: BulkTransaction,
        result: ImportedRows,
        name: str,
        told: Callable[[], None],
    ) -> None:
        self.desk = desk
        self.act = act
        self.result = result
        self.reason = f"imported from {name}"
        self.today = desk.today
        self.recorded_on = day_of(act.recorded_at)
        self.known = Known(act.reader, act.keys)
        self.rows = RowActs(desk, self.known, self.reason)
        self._told = told
        self._read_date = lru_cache(maxsize=16_384)(self._date)

    def run(self, said: Iterable[Record | RowFinding]) -> None:
        """Take all rows, and then what became of the claims."""
        rows = iter(said)
        while portion := list(islice(rows, PORTION)):
            self.result.read += len(portion)
            records = [each for each in portion if isinstance(each, Record)]
            for each in portion:
                if isinstance(each, RowFinding):
                    self._refuse(each.row, each.message)
            self.known.look_up(records)
            for record in records:
                self._take(record)
            self.known.logged(self.act.flush())
            self.known.note()
            self._told()
        self._assess_all()
        self.known.meetings.close()

    def _refuse(self, row: int, message: str) -> None:
        self.result.refused += 1
        if len(self.result.rejected) < MOST_LISTED:
            self.result.rejected.append(RowFinding(row, message))

    def _take(self, record: Record) -> None:
        """One row, done whole or, where something is wrong with it, not at all."""
        try:
            self._in_bulk(record)
        except ClaimsError as error:
            self._refuse(record.row, error.message)
        except _Alone:
            self.known.logged(self.act.flush())
            try:
                self._by_itself(record)
            except ClaimsError as error:
                self._refuse(record.row, error.message)

    def _by_itself(self, record: Record) -> None:
        before = self.act.recorded
        rows, fields = self.rows, record.fields
        with self.desk.act():
            verdict = self._verdict(record)
            claim = rows.claim(record)
            source, document, piece = None, None, None
            if "stance" in fields:
                source = rows.source(fields)
                document = rows.document(fields, source)
                piece = rows.evidence(claim, source, document, fields)
        made = outside_name(record) not in self.known.claims
        recorded = self.act.recorded > before
        self._done(record, claim, source, document, piece, verdict, made=made, recorded=recorded)

    def _in_bulk(self, record: Record) -> None:
        """A row that only adds; raises :class:`_Alone` where it is to go by itself."""
        fields = record.fields
        drafts: list[Draft] = []
        verdict = self._verdict(record)
        known = self.known.claims.get(outside_name(record))
        claim = self._new_claim(fields, drafts) if known is None else self._same_claim(known, fields)
        source, document, piece = None, None, None
        if "stance" in fields:
            source = known_source(self.known, fields["source"]) or self._new_source(fields, drafts)
            document = self._document(fields, source, drafts)
            piece = self._evidence(claim, source, document, fields, drafts)
        self.act.add(drafts)
        self._done(
            *(record, claim, source, document, piece, verdict), made=known is None, recorded=bool(drafts)
        )

    def _done(
        self,
        record: Record,
        claim: Claim,
        source: Source | None,
        document: Document | None,
        piece: Evidence | None,
        verdict: Verdict | None,
        *,
        made: bool,
        recorded: bool,
    ) -> None:
        """Nothing was refused: what was made is known from here on."""
        known, fields = self.known, record.fields
        known.claims[outside_name(record)] = claim
        met = known.meet(claim, made=made)
        keys = self.act.keys
        if made:
            keys.take("claims", claim.key)
        if source is not None and not known.sources.get(name := folded(fields["source"])):
            keys.take("sources", source.key)
            known.sources[name] = [source]
        if document is not None and not known.documents.get(fields["url"]):
            keys.take("documents", document.key)
            known.documents[fields["url"]] = document
        if piece is not None:
            day = piece.counts_from
            met.newest = day if met.newest is None else max(met.newest, day)
        if recorded:
            self.result.recorded += 1
        if verdict is not None and met.verdict is None:
            verdict.counted = recorded
            met.verdict = verdict

    # --- what a row adds ----------------------------------------------------------------------

    def _new_claim(self, fields: dict[str, str], drafts: list[Draft]) -> Claim:
        text = need_words(fields["claim"], "the text of a claim")
        kind = word(Kind, fields.get("kind", "other"), "kind of claim")
        when = self._read_date(fields["when"], "when", self.today) if "when" in fields else None
        key = self.act.keys.fresh("claims", stem(fields["claim"]))
        claim = Claim(
            key=key,
            text=text,
            kind=kind,
            when=when,
            lang=fields.get("lang"),
            external_id=fields.get("claim_id"),
        )
        check_fields(kind, subject=None, subject_type=None, value=None, when=when)
        drafts.append(Draft("claim.recorded", key, payload_of(claim), self.reason))
        return claim

    def _same_claim(self, known: Claim, fields: dict[str, str]) -> Claim:
        """The claim as it is recorded, where a row says nothing else of it."""
        if known.key in self.known.met:  # the first row of a claim speaks for the others
            return known
        plain = known.subject is None and known.value is None
        same = known.text == fields["claim"] and all(
            getattr(known, name) == fields[name] for name in ("kind", "lang") if name in fields
        )
        if not (plain and same and ("when" not in fields or _is_date(known.when, fields["when"]))):
            raise _Alone
        return known

    def _new_source(self, fields: dict[str, str], drafts: list[Draft]) -> Source:
        source = Source(
            key=self.act.keys.fresh("sources", stem(fields["source"])),
            name=need_words(fields["source"], "the name of a source"),
            type=word(SourceType, fields.get("source_type", "other"), "source type"),
            reliability=read_grade(fields.get("reliability")),
        )
        drafts.append(Draft("source.registered", source.key, payload_of(source), self.reason))
        return source

    def _document(self, fields: dict[str, str], source: Source, drafts: list[Draft]) -> Document | None:
        url = fields.get("url")
        if url is None:
            return None
        known = self.known.documents.get(url)
        if known is not None:
            return known
        title = fields.get("title", url)
        document = Document(
            key=self.act.keys.fresh("documents", stem(title)),
            title=need_words(title, "the title of a document"),
            publisher=source.key,
            url=url,
            published=self._published(fields),
        )
        drafts.append(Draft("document.recorded", document.key, payload_of(document), ""))
        return document

    def _evidence(
        self,
        claim: Claim,
        source: Source,
        document: Document | None,
        fields: dict[str, str],
        drafts: list[Draft],
    ) -> Evidence:
        stance = word(Stance, fields["stance"], "stance")
        if self.known.pieces.get(claim.key):
            given = {**fields, "stance": stance}
            if same := same_pieces(self.known, claim, source, document, given):
                return self._same_piece(same, stance, fields)
        found = {
            name: word(*_WORDS[name][:1], fields[name], _WORDS[name][1]) for name in _WORDS if name in fields
        }
        piece = Evidence(
            key=f"{claim.key}.{source.key}",  # numbered where another piece is called so
            claim=claim.key,
            source=source.key,
            stance=stance,
            recorded_on=self.recorded_on,
            published=self._published(fields),
            document=document.key if document is not None else None,
            quote=fields.get("quote"),
            note=fields.get("note"),
            **found,
        )
        check_piece(piece)
        self.desk.check_dates(claim, piece.published, f"evidence of {piece.source}")
        drafts.append(Draft("evidence.logged", piece.key, payload_of(piece), self.reason))
        return piece

    def _same_piece(self, same: list[Evidence], stance: Stance, fields: dict[str, str]) -> Evidence:
        """The piece as it is recorded, where a row says nothing else of it."""
        piece = same[0]
        others = (name for name in EVIDENCE_FIELDS if name in fields and name not in ("stance", "published"))
        if (
            piece.stance != stance
            or ("published" in fields and not _is_date(piece.published, fields["published"]))
            or any(getattr(piece, name) != fields[name] for name in others)
        ):
            raise _Alone
        self.known.match(piece.key)
        del same[0]
        return piece

    # --- dates --------------------------------------------------------------------------------

    def _published(self, fields: dict[str, str]) -> UncertainDate | None:
        text = fields.get("published")
        return None if text is None else self._read_date(text, "published", self.today)

    def _date(self, text: str, what: str, today: date) -> UncertainDate:
        """A date by its words alone; one that counts from a claim is for the row by itself."""
        read = parse(text, today=today, dayfirst=self.desk.dayfirst, anchors=_alone)
        if what == "published":
            self.desk.read_published(read)
        return read

    # --- verdicts -----------------------------------------------------------------------------

    def _verdict(self, record: Record) -> Verdict | None:
        fields = record.fields
        if "assessment" not in fields:
            return None
        status = word(Status, fields["assessment"], "assessment")
        known = self.known.claims.get(outside_name(record))
        met = self.known.met.get(known.key) if known is not None else None
        before = met.verdict if met is not None else None
        if before is not None and before.status != status:
            raise BadValue(f"the claim is {status} here, and {before.status} in row {before.row}")
        return Verdict(record.row, status, fields.get("assessed_by"), fields.get("assessed_on"))

    def _assess_all(self) -> None:
        for portion in self.known.meetings.verdicts(PORTION):
            claims = [claim for claim, _, _ in portion]
            made = self.act.reader.assessments_of(claims)
            waiting = self.act.reader.needing_approval(claims)
            for claim, newest, it in portion:
                by = it.by or self.desk.author
                standing = (each for each in made.get(claim, ()) if not each.withdrawn)
                if any((each.status, each.author) == (it.status, by) for each in standing):
                    continue
                try:
                    self._assess(claim, newest, it, by, waits=claim in waiting)
                except ClaimsError as error:
                    self._refuse(it.row, error.message)
                    self.result.recorded -= it.counted
                else:
                    self.result.recorded += not it.counted
            self.act.flush()
            self._told()

    def _assess(self, claim: str, newest: date | None, it: Verdict, by: str, *, waits: bool) -> None:
        """Record how the table says that a claim ended; it may have to wait for a second person."""
        on = newest if it.on is None else self.desk.read_day(it.on)
        status = word(Status, it.status, "status")
        payload = self.desk.verdict(claim, status, by=by, on=on, proposed=waits)
        self.act.add([Draft("assessment.made", f"{claim}.assessed", payload, self.reason)])


def _alone(_key: str) -> None:
    raise _Alone


def _is_date(known: UncertainDate | None, words: str) -> bool:
    return known is not None and known.words == words
