"""An import under way: rows that only add go in bulk, those that change what is recorded one by one."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from claims.errors import BadValue, ClaimsError
from claims.vocabulary import Status, read_word
from tracker.app.bulk import Draft
from tracker.app.known import Known, document_name, folded, outside_name
from tracker.app.recorded import ADOPTED, NAMED
from tracker.app.rowacts import RowActs, known_source
from tracker.app.rowdrafts import Alone, RowDrafts
from tracker.formats.csvtable import RowFinding
from tracker.formats.rowsaid import Record, Records
from tracker.journal.entry import day_of
from tracker.store.passing import Verdict

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from datetime import date

    from claims.model import Claim, Document, Source
    from tracker.app.bulk import BulkTransaction
    from tracker.app.spreadsheets import ImportedRows, SpreadsheetActs
    from tracker.formats.csvmap import Map
    from tracker.journal.entry import Entry

PORTION = 2_000
"""Rows that are looked up together."""

WRITTEN = 1_000
"""Rows that are written together, while the next ones are made into entries."""

MOST_LISTED = 100_000
"""Rows that cannot be taken, of which each is listed; of more it is told how many."""

PREVIEWED = 5
"""Rows of which a preview shows all that is recorded of them."""

Row = Record | Records

word = lru_cache(maxsize=4096)(read_word)


class Shown(NamedTuple):
    """What is recorded of one row: the entries that it makes."""

    where: str
    entries: tuple[Draft | Entry, ...]


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Look for circles among objects only seldom: a portion makes many objects, none of them in a circle,
    and they would be looked at over and over."""
    before = gc.get_threshold()
    gc.set_threshold(300_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


class Import:
    """One import under way. ``told`` is called after each portion; once ``stopped`` says so, no more rows
    are taken, and what became of claims is left for another time."""

    def __init__(
        self,
        desk: SpreadsheetActs,
        act: BulkTransaction,
        result: ImportedRows,
        name: str,
        told: Callable[[], None],
        *,
        chosen: Map,
        stopped: Callable[[], bool] = lambda: False,
    ) -> None:
        self.desk = desk
        self.act = act
        self.result = result
        self.reason = f"imported from {name}"
        self.known = Known(act.reader, act.keys)
        self._undo: list[Callable[[], object]] = []
        """How what is known is put back where the row in hand comes to nothing."""
        self.drafts = RowDrafts(
            *(desk, self.known, act.keys),
            reason=self.reason,
            recorded_on=day_of(act.recorded_at),
            language=chosen.language,
            century=chosen.century,
            undo=self._undo,
        )
        self.rows = RowActs(desk, self.known, self.reason, self.drafts.dated, self._undo)
        self._columns = [part.columns for part in chosen.parts]
        self._told = told
        self._stopped = stopped

    def run(self, said: Iterable[Row | RowFinding]) -> None:
        """Take all rows, and then what became of the claims."""
        rows = iter(said)
        while portion := list(islice(rows, PORTION)):
            if self._stopped():
                self.result.stopped_at = portion[0].row
                break
            self.result.read += len(portion)
            whole = [each for each in portion if not isinstance(each, RowFinding)]
            for each in portion:
                if isinstance(each, RowFinding):
                    self._refuse(each)
            self.known.look_up([record for row in whole for record in records_of(row)])
            for number, row in enumerate(whole, 1):
                self._take(row)
                if number % WRITTEN == 0 and number < len(whole):
                    self.known.logged(self.act.flush())
            self.known.logged(self.act.flush())
            self.known.note()
            self._told()
        if self.result.stopped_at is None:
            self._assess_all()
        self.known.meetings.close()

    def _refuse(self, finding: RowFinding) -> None:
        self.result.refused += 1
        if len(self.result.rejected) < MOST_LISTED:
            self.result.rejected.append(finding)

    def _take(self, row: Row) -> None:
        """One row, done whole or, where something is wrong with it, not at all."""
        self._undo.clear()
        try:
            made: Sequence[Draft | Entry] = self._in_bulk(row)
        except Alone:
            self._put_back()
            self.known.logged(self.act.flush())
            try:
                made = self._by_itself(row)
            except ClaimsError as error:
                self._put_back()
                self._refuse(finding_of(row, error, self._columns))
                return
        except ClaimsError as error:
            self._put_back()
            self._refuse(finding_of(row, error, self._columns))
            return
        self.result.recorded += bool(made)
        if len(self.result.preview) < PREVIEWED:
            told = (each for each in made if each.act not in (ADOPTED, NAMED))
            self.result.preview.append(Shown(place_of(row), tuple(told)))

    def _put_back(self) -> None:
        """What is known is as it was before the row in hand."""
        for undo in reversed(self._undo):
            undo()
        self._undo.clear()

    def _by_itself(self, row: Row) -> list[Entry]:
        with self.desk.act():
            verdicts = [self._one_by_itself(record) for record in records_of(row)]
            made = list(self.act.entries)
        self._count(verdicts, recorded=bool(made))
        return made

    def _one_by_itself(self, record: Record) -> Verdict | None:
        rows, fields = self.rows, record.fields
        verdict = self._verdict(record)
        claim = rows.claim(record)
        source, document, day = None, None, None
        if "stance" in fields:
            source = rows.source(fields)
            document = rows.document(fields, source)
            day = rows.evidence(claim, source, document, fields).counts_from
        name = outside_name(record)
        made = name not in self.known.claims
        return self._done(name, fields, claim, source, document, day, verdict, made=made)

    def _in_bulk(self, row: Row) -> list[Draft]:
        """A row that only adds; raises :class:`Alone` where it is to go by itself."""
        drafts: list[Draft] = []
        verdicts = [self._one_in_bulk(record, drafts) for record in records_of(row)]
        self.act.add(drafts)
        self._count(verdicts, recorded=bool(drafts))
        return drafts

    def _one_in_bulk(self, record: Record, drafts: list[Draft]) -> Verdict | None:
        fields, adds = record.fields, self.drafts
        verdict = self._verdict(record)
        name = outside_name(record)
        known = self.known.claims.get(name)
        claim = adds.claim(fields, drafts) if known is None else adds.same_claim(known, fields)
        source, document, day = None, None, None
        if "stance" in fields:
            source = known_source(self.known, fields["source"]) or adds.source(fields, drafts)
            document = adds.document(fields, source, drafts)
            day = adds.evidence(claim, source, document, fields, drafts)
        return self._done(name, fields, claim, source, document, day, verdict, made=known is None)

    def _done(
        self,
        called: str,
        fields: dict[str, str],
        claim: Claim,
        source: Source | None,
        document: Document | None,
        day: date | None,
        verdict: Verdict | None,
        *,
        made: bool,
    ) -> Verdict | None:
        """Nothing was refused: what was made is known from here on, and from which ``day`` the evidence
        counts. Gives the verdict, where it counts."""
        known, undo = self.known, self._undo
        known.call(called, claim, undo)
        met = known.meet(claim, undo, made=made)
        if made:
            known.take_key("claims", claim.key, undo)
        if source is not None and not known.sources.get(name := folded(fields["source"])):
            known.take_key("sources", source.key, undo)
            known.sources[name] = [source]
            undo.append(lambda: known.sources.update({name: []}))
        found_in = document_name(fields)
        if document is not None and found_in is not None and not known.documents.get(found_in):
            known.take_key("documents", document.key, undo)
            known.documents[found_in] = document
            undo.append(lambda: known.documents.update({found_in: None}))
        newest, said = met.newest, met.verdict
        undo.append(lambda: met.put_back(newest, said))
        if day is not None:
            met.newest = day if newest is None else max(newest, day)
        if verdict is None or said is not None:
            return None
        met.verdict = verdict
        return verdict

    def _count(self, verdicts: Iterable[Verdict | None], *, recorded: bool) -> None:
        for verdict in verdicts:
            if verdict is not None:
                verdict.counted = recorded

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
            raise BadValue(f"the assessment is {status} here, and {before.status} in row {before.row}")
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
                    self._refuse(RowFinding(it.row, error.message))
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


def records_of(row: Row) -> tuple[Record, ...]:
    """The things that a row says."""
    return row.records if isinstance(row, Records) else (row,)


def place_of(row: Row) -> str:
    """The place of a row, for people."""
    return RowFinding(row.row, "", row.sheet).where


def finding_of(row: Row, error: ClaimsError, columns: Sequence[Mapping[str, str]]) -> RowFinding:
    """What is wrong with a row, and in which column, where the message names what stands there."""
    for record in records_of(row):
        for name, value in record.fields.items():
            if repr(value) in error.message or f"the {name.replace('_', ' ')} " in error.message:
                return RowFinding(row.row, error.message, row.sheet, columns[record.part].get(name, ""))
    return RowFinding(row.row, error.message, row.sheet)
