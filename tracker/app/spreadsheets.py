"""Tables into the tracker: one piece of evidence a row, by a map; importing records nothing twice."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, BadValue, ClaimsError, Conflict, Finding
from claims.lookalikes import mixed_scripts
from claims.names import fold
from claims.vocabulary import Stance, Status, read_word
from tracker.app.claiming import ClaimActs
from tracker.app.judging import JudgementActs
from tracker.app.view import Views
from tracker.formats.csvtable import RowFinding

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from claims.model import Claim, Document, Evidence, Source
    from tracker.app.transaction import Transaction
    from tracker.formats.csvmap import Record

Identity = tuple[str | None, ...]
"""What makes a row the same piece of evidence as one that is recorded: claim and source, and the
document; or, without a document, the stance and the date as written."""


@dataclass(slots=True)
class ImportedRows:
    """What an import came to. ``read``: rows in the file; ``recorded``: those that said something
    new; ``unchanged``: those that said nothing new; ``rejected``: the others, with what is wrong."""

    read: int = 0
    recorded: int = 0
    unchanged: int = 0
    rejected: list[RowFinding] = field(default_factory=list)


class BadRows(BadFile):
    """Rows of a table that cannot be taken, where those were to stop the import. ``findings`` lists
    them, and ``result`` says what it would have come to."""

    def __init__(self, name: str, result: ImportedRows) -> None:
        hint = "mend these rows; or leave them out, and record the others, with --on-error list"
        self.result = result
        self.findings = [Finding(f"{name}, row {it.row}", it.message, hint) for it in result.rejected]
        super().__init__(f"{self.findings[0]} (of {len(self.findings)} rows; nothing was recorded)", hint)


class SpreadsheetActs(ClaimActs, JudgementActs, Views):
    """Importing tables."""

    def import_csv(
        self,
        data: bytes,
        *,
        map_name: str,
        name: str = "table",
        sheet: str | None = None,
        stop_on_error: bool = False,
    ) -> ImportedRows:
        """Record what the rows of a table say and the tracker does not know yet, in one act. The table is
        CSV, or a ``sheet`` of a spreadsheet (.xlsx; without a name, its first one).

        A row that cannot be taken is listed, leaves nothing, and does not stop the others; with
        ``stop_on_error`` nothing is recorded where there is any. A second import of the same file
        records nothing.

        Raises :class:`NotFound` for a map or sheet that there is not, :class:`BadFile` for a file that is
        no table, or lacks a column of the map, and :class:`BadRows` where rows are to stop it.
        """
        from tracker.app.maps import load_map, read_table  # TOML and maps: for those alone who import

        chosen = load_map(map_name)
        read, records, findings = read_table(data, chosen, name, sheet)
        with self.act(asked={"table": sha256(data).hexdigest()}) as act:
            done = _Import(self, act, ImportedRows(read=read, rejected=findings), name).run(records)
            if stop_on_error and done.rejected:
                raise BadRows(name, done)
        return done


@dataclass(slots=True)
class _Verdict:
    """What became of a claim by the table: a status, whose verdict, of which day, from which row."""

    row: int
    status: str
    by: str | None
    on: str | None


class _Import:
    """One import under way: what is known already, by what it is called outside."""

    def __init__(self, desk: SpreadsheetActs, act: Transaction, result: ImportedRows, name: str) -> None:
        self.desk = desk
        self.act = act
        self.result = result
        self.reason = f"imported from {name}"
        with desk.reading() as reader:
            claims = [claim for claim in reader.claims().values() if not claim.withdrawn]
            self.sources: dict[str, list[Source]] = defaultdict(list)
            for source in reader.sources().values():
                if not source.withdrawn:
                    self.sources[fold(source.name)].append(source)
            self.documents = {each.url: each for each in reader.documents().values() if each.url}
        self.claims: dict[str, Claim] = {claim.external_id or claim.text: claim for claim in claims}
        self.pieces: dict[str, dict[Identity, list[Evidence]]] = {}
        self.met: set[str] = set()
        self.verdicts: dict[str, _Verdict] = {}
        self.newest: dict[str, date] = {}

    def run(self, records: list[Record]) -> ImportedRows:
        recorded: set[int] = set()
        for record in records:
            self._take(record.row, partial(self._row, record), recorded)
        for key, verdict in self.verdicts.items():
            self._take(verdict.row, partial(self._assess, key, verdict), recorded)
        result = self.result
        refused = {finding.row for finding in result.rejected}
        result.rejected.sort(key=lambda finding: finding.row)
        result.recorded = len(recorded - refused)
        result.unchanged = result.read - len(recorded | refused)
        return result

    def _take(self, row: int, step: Callable[[], None], recorded: set[int]) -> None:
        """One step of the act, done whole or, where something is wrong with it, not at all."""
        before = len(self.act.entries)
        try:
            with self.desk.act():
                step()
        except ClaimsError as error:
            self.result.rejected.append(RowFinding(row, error.message))
        if len(self.act.entries) > before:
            recorded.add(row)

    # --- one row ----------------------------------------------------------------------------

    def _row(self, record: Record) -> None:
        fields = record.fields
        outside = fields.get("claim_id", fields["claim"])
        verdict = self._verdict(record)
        claim = self._claim(outside, fields)
        source, document = None, None
        piece = None
        if "stance" in fields:
            source = self._source(fields)
            document = self._document(fields, source)
            piece = self._evidence(claim, source, document, fields)
        # Nothing was refused: what was made is known from here on.
        self.claims[outside] = claim
        self.met.add(claim.key)
        if source is not None:
            self.sources[fold(fields["source"])] = [source]
        if document is not None:
            self.documents[fields["url"]] = document
        if piece is not None:
            self.newest[claim.key] = max(self.newest.get(claim.key, piece.counts_from), piece.counts_from)
        if verdict is not None:
            self.verdicts.setdefault(claim.key, verdict)

    def _claim(self, outside: str, fields: dict[str, str]) -> Claim:
        given: dict[str, Any] = {name: fields[name] for name in ("kind", "when", "lang") if name in fields}
        known = self.claims.get(outside)
        if known is None:
            return self.desk.add_claim(
                fields["claim"], external_id=fields.get("claim_id"), reason=self.reason, **given
            )
        if known.key in self.met:  # the first row of a claim speaks for the others
            return known
        if known.when is not None and known.when.words == given.get("when"):
            given["when"] = known.when
        return self.desk.revise_claim(
            known.key, reason=self.reason, open_new=True, text=fields["claim"], **given
        )

    def _source(self, fields: dict[str, str]) -> Source:
        name = fields["source"]
        known = self.sources.get(fold(name), [])
        if len(known) > 1:
            keys = ", ".join(source.key for source in known)
            raise Conflict(f"{name!r} names several sources: {keys}", "merge or rename them")
        if known:
            if name != known[0].name and (mixed := mixed_scripts(name)):
                raise Conflict(
                    f"{name!r} looks like {known[0].name} ({known[0].key}), "
                    f"but mixes {' and '.join(mixed)} letters",
                    "write the name of the source as it is recorded, or register that one by hand",
                )
            return known[0]
        return self.desk.add_source(
            name,
            type=fields.get("source_type", "other"),
            reliability=fields.get("reliability"),
            reason=self.reason,
        )

    def _document(self, fields: dict[str, str], source: Source) -> Document | None:
        url = fields.get("url")
        if url is None:
            return None
        if url in self.documents:
            return self.documents[url]
        title = fields.get("title", url)
        return self.desk.add_document(title, url=url, publisher=source, published=fields.get("published"))

    # --- evidence ---------------------------------------------------------------------------

    def _evidence(
        self, claim: Claim, source: Source, document: Document | None, fields: dict[str, str]
    ) -> Evidence:
        given: dict[str, Any] = {
            name: fields[name]
            for name in ("stance", "published", "quote", "credibility", "basis", "side", "note")
            if name in fields
        }
        given["stance"] = read_word(Stance, given["stance"], "stance")
        found_in = document.key if document is not None else None
        same = self._known(claim.key).get(
            _identity(source.key, found_in, given["stance"], given.get("published")), []
        )
        if not same:
            return self.desk.log(claim, source=source, document=document, reason=self.reason, **given)
        piece = same[0]
        if piece.published is not None and piece.published.words == given.get("published"):
            given["published"] = piece.published  # "yesterday" is the day that it was
        corrected = self.desk.correct_evidence(piece.key, reason=self.reason, **given)
        del same[0]
        return corrected

    def _known(self, claim: str) -> dict[Identity, list[Evidence]]:
        """The evidence on a claim from before this import, that no row has met yet, oldest first."""
        if claim not in self.pieces:
            with self.desk.reading() as reader:
                found = reader.evidence_on([claim]).values()
            mine = self.pieces.setdefault(claim, defaultdict(list))
            for piece in sorted(found, key=lambda piece: (len(piece.key), piece.key)):
                words = piece.published.words if piece.published is not None else None
                mine[_identity(piece.source, piece.document, piece.stance, words)].append(piece)
        return self.pieces[claim]

    # --- verdicts ---------------------------------------------------------------------------

    def _verdict(self, record: Record) -> _Verdict | None:
        fields = record.fields
        if "assessment" not in fields:
            return None
        status = read_word(Status, fields["assessment"], "assessment")
        known = self.claims.get(fields.get("claim_id", fields["claim"]))
        before = self.verdicts.get(known.key) if known is not None else None
        if before is not None and before.status != status:
            raise BadValue(f"the claim is {status} here, and {before.status} in row {before.row}")
        return _Verdict(record.row, status, fields.get("assessed_by"), fields.get("assessed_on"))

    def _assess(self, claim: str, it: _Verdict) -> None:
        """Record how the table says that a claim ended, unless it is recorded so already."""
        by = it.by or self.desk.author
        with self.desk.reading() as reader:
            made = reader.assessments_of([claim]).get(claim, [])
        if any((each.status, each.author) == (it.status, by) for each in made if not each.withdrawn):
            return
        on = self.newest.get(claim) if it.on is None else self.desk.read_day(it.on)
        self.desk.assess(claim, it.status, reason=self.reason, by=by, on=on)


def _identity(source: str, document: str | None, stance: str, published: str | None) -> Identity:
    return (source, document) if document is not None else (source, None, stance, published)
