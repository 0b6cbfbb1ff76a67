"""What a file says, recorded act by act: the one importer of every format that is read as acts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from claims.errors import BadFile, ClaimsError, Conflict, Finding
from claims.vocabulary import LinkState
from tracker.app.claiming import ClaimActs
from tracker.app.judging import JudgementActs
from tracker.app.recognising import Recognising
from tracker.app.recorded import ADOPTED, NAMED
from tracker.app.view import Views
from tracker.formats import acts as say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from claims.dates import UncertainDate
    from tracker.app.bulk import BulkTransaction
    from tracker.formats.acts import Act, Day, Group
    from tracker.journal.entry import Entry

MOST_LISTED = 100_000
"""Places of a file that cannot be taken, of which each is listed; of more it is told how many."""

PREVIEWED = 5
"""Places of a file of which a preview shows all that is recorded of them."""

OF_POLICIES = (ADOPTED, NAMED)
"""Acts that any act may begin with: which policy is in force is recorded with the first entry by it."""

TELL_EVERY = 100
"""Groups after which it is told how far the import has come."""


@dataclass(slots=True)
class Shown:
    """What is recorded of one place of a file: the entries that it makes."""

    where: str
    entries: tuple[Entry, ...]


@dataclass(slots=True)
class ImportedActs:
    """What an import came to. ``read``: groups of acts in the file; ``recorded``: those that said something
    new; ``unchanged``: those that said nothing new; ``refused``: how many could not be taken, with those
    that could not even be read, and ``rejected`` what is wrong with each, or with the first of very
    many. ``remarked``: how much was taken, but not understood as a whole, and ``remarks`` what.
    ``preview`` is what the first ones came to, ``stopped_at`` the place before which it was stopped."""

    read: int = 0
    recorded: int = 0
    refused: int = 0
    rejected: list[Finding] = field(default_factory=list)
    remarked: int = 0
    remarks: list[Finding] = field(default_factory=list)
    preview: list[Shown] = field(default_factory=list)
    stopped_at: str | None = None

    @property
    def unchanged(self) -> int:
        """Groups that said nothing new."""
        return self.read - self.recorded - self.refused


class Stopped(BadFile):
    """Parts of a file that cannot be taken, where those were to stop the import. ``findings`` lists them,
    and ``result`` says what it would have come to."""

    def __init__(self, name: str, result: ImportedActs) -> None:
        hint = "mend these; or leave them out, and record the others, with --on-error skip"
        self.result = result
        self.findings = [replace(it, where=f"{name}, {it.where}") for it in result.rejected]
        self.closing = f"{name}: nothing was recorded; places that cannot be taken: {result.refused:,}"
        super().__init__(f"{self.findings[0]} (of {result.refused}; nothing was recorded)", hint)


class ActImports(ClaimActs, JudgementActs, Views):
    """Importing what is read as acts."""

    def import_acts(
        self,
        reading: Iterable[Group | Finding],
        *,
        name: str = "file",
        digest: str | None = None,
        case: str | None = None,
        stop_on_error: bool = False,
        progress: Callable[[], None] = lambda: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> ImportedActs:
        """Record what a reader gives and the tracker does not know yet, in one act.

        A group that cannot be taken is listed, leaves nothing, and does not stop the others; with
        ``stop_on_error`` nothing is recorded where there is any. A second import of the same records
        nothing, one that was changed records the differences, with the file as the reason. ``case`` is
        the case of claims that name none; ``digest`` the SHA-256 of the file, as what was asked for. Once
        ``stopped`` says so, what was read so far is kept, and the same import again goes on from there.

        Raises what the reader raises, :class:`Stopped`, and :class:`Conflict` within another act.
        """
        if self._act is not None:
            raise Conflict("an import of a file is an act of its own", "end the other act first")
        from tracker.app.bulk import BulkTransaction  # for those alone who import

        result = ImportedActs()
        with self.act(asked={"file": digest or name, "case": case}, kind=BulkTransaction) as act:
            assert isinstance(act, BulkTransaction)
            _Taking(self, act, result, name, case).run(reading, progress, stopped)
            if stop_on_error and result.refused:
                raise Stopped(name, result)
        return result


class _Taking:
    """One import under way."""

    def __init__(
        self, desk: ActImports, act: BulkTransaction, result: ImportedActs, name: str, case: str | None
    ) -> None:
        self.desk = desk
        self.act = act
        self.result = result
        self.case = case
        self.reason = f"imported from {name}"
        self.known = Recognising(act.reader)
        self._takes: dict[type, Callable[[Any], None]] = {
            say.OpenCase: self._case,
            say.RegisterSource: self._source,
            say.RegisterEntity: self._entity,
            say.RecordDocument: self._document,
            say.PoseQuestion: self._question,
            say.RecordClaim: self._claim,
            say.LogEvidence: self._evidence,
            say.LinkClaims: self._link,
            say.Assess: self._assess,
        }

    def run(
        self,
        reading: Iterable[Group | Finding],
        progress: Callable[[], None],
        stopped: Callable[[], bool],
    ) -> None:
        for number, each in enumerate(reading, 1):
            if stopped():
                self.result.stopped_at = each.where
                break
            self.result.read += isinstance(each, Finding) or bool(each.acts)
            if isinstance(each, Finding):
                self._refuse(each)
            else:
                self._group(each)
            if number % TELL_EVERY == 0:
                progress()
        progress()

    def _refuse(self, finding: Finding) -> None:
        self.result.refused += 1
        if len(self.result.rejected) < MOST_LISTED:
            self.result.rejected.append(finding)

    def _group(self, group: Group) -> None:
        """A group, taken whole or, where something is wrong with it, not at all."""
        before = self.act.recorded
        try:
            with self.known.attempt(), self.desk.act():
                for act in group.acts:
                    self._take(act)
                made = tuple(entry for entry in self.act.entries if entry.act not in OF_POLICIES)
        except ClaimsError as error:
            self._refuse(Finding(group.where, error.message, error.hint))
            return
        self.result.recorded += self.act.recorded > before
        self.result.remarked += len(group.remarks)
        self.result.remarks += group.remarks[: MOST_LISTED - len(self.result.remarks)]
        if len(self.result.preview) < PREVIEWED:
            self.result.preview.append(Shown(group.where, made))

    def _take(self, act: Act) -> None:
        self._takes[type(act)](act)

    # --- who, what, where -------------------------------------------------------------------

    def _case(self, it: say.OpenCase) -> None:
        before = self.act.reader.cases([it.key]).get(it.key)
        self.desk.add_case(
            it.key,
            title=it.title if it.title is not None else (before.title if before else ""),
            about=it.about if it.about is not None else (before.about if before else ""),
            policy=it.policy,
            rules_off=it.rules_off or None,
            needs_approval=it.needs_approval,
            reason=self.reason,
        )

    def _source(self, it: say.RegisterSource) -> None:
        known = self.known.source(it)
        given = _given(it, "type", "sides", "owner", "url", "note")
        if known is None:
            first = it.grades[0][0] if it.grades else it.reliability
            known = self.desk.add_source(
                it.name, key=it.key, reliability=first, reason=self.reason, **given
            ).key
            for grade, why in it.grades[1:]:
                self.desk.grade_source(known, grade, reason=why or self.reason)
        elif it.key is not None:
            self.desk.revise_source(known, reason=self.reason, name=it.name, **given)
            if it.reliability is not None:
                self.desk.grade_source(known, it.reliability, reason=self.reason)
        self.known.learn("source", it.id or it.name, known)

    def _entity(self, it: say.RegisterEntity) -> None:
        known = self.known.entity(it)
        given = _given(it, "type", "aliases", "wikidata", "note")
        if known is None:
            known = self.desk.add_entity(it.name, key=it.key, reason=self.reason, **given).key
        elif it.key is not None:
            self.desk.revise_entity(known, reason=self.reason, name=it.name, **given)
        if it.merged_into is not None:
            into = self.known.key_of("entity", it.merged_into)
            if self.act.reader.entities([known])[known].merged_into != into:
                self.desk.merge_entity(known, into, reason=self.reason)
        self.known.learn("entity", it.id or it.name, known, wikidata=it.wikidata)

    def _document(self, it: say.RecordDocument) -> None:
        publisher = self.known.key_of("source", it.publisher) if it.publisher else None
        known = self.known.document(it, publisher)
        given = _given(it, "author", "url", "sha256", "note")
        if publisher is not None:
            given["publisher"] = publisher
        if known is None:
            known = self.desk.add_document(it.title, key=it.key, published=it.published, **given).key
        elif it.key is not None:
            before = self.act.reader.documents([known])[known]
            if it.published is not None:
                given["published"] = _as_known(it.published, before.published)
            self.desk.revise_document(known, reason=self.reason, title=it.title, **given)
        self.known.learn("document", it.id or it.url or it.title, known)

    def _question(self, it: say.PoseQuestion) -> None:
        known = self.known.question(it)
        given = _given(it, "exactly_one", "counted", "cumulative")
        if known is None:
            known = self.desk.add_question(it.text, key=it.key, reason=self.reason, **given).key
        else:
            self.desk.revise_question(known, reason=self.reason, text=it.text, **given)
        self.known.learn("question", it.id or it.text, known)

    # --- claims, and what is said of them ---------------------------------------------------

    def _claim(self, it: say.RecordClaim) -> None:
        known = self.known.claim(it)
        given = _given(it, "kind", "value", "where", "lang", "ongoing", "note")
        given |= {name: self.known.words_of(given[name]) for name in ("value", "where") if name in given}
        if it.subject is not None:
            given["subject"] = self.known.key_of("entity", it.subject)
        if it.question is not None:
            given["question"] = self.known.key_of("question", it.question)
        if it.id and it.id != it.key:
            given["external_id"] = it.id
        if (case := it.case or (self.case if known is None else None)) is not None:
            given["case"] = case
        if known is None:
            made = self.desk.add_claim(it.text, key=it.key, when=it.when, reason=self.reason, **given)
            key = made.key
        else:
            key = known.key
            if it.when is not None:
                given["when"] = _as_known(it.when, known.when)
            self.desk.revise_claim(key, reason=self.reason, open_new=True, text=it.text, **given)
        self.known.learn("claim", it.id or it.key or it.text, key)

    def _evidence(self, it: say.LogEvidence) -> None:
        claim = self.known.key_of("claim", it.claim)
        source = self.known.key_of("source", it.source)
        document = self.known.key_of("document", it.document) if it.document else None
        known = self.known.evidence(it, claim, source, document)
        given = _given(it, "stance", "locator", "quote", "credibility", "basis", "side", "note")
        if it.relays is not None:
            given["relays"] = self.known.relayed(it.relays)
        if document is not None:
            given["document"] = document
        if known is None:
            key = self.desk.log(
                claim, key=it.key, source=source, published=it.published, reason=self.reason, **given
            ).key
        else:
            key = known.key
            if it.published is not None:
                given["published"] = _as_known(it.published, known.published)
            self.desk.correct_evidence(key, source=source, reason=self.reason, **given)
        if it.withdrawn is not None and (known is None or known.withdrawn is None):
            mistake = it.withdrawn == "mistake"
            on = None if mistake else it.withdrawn
            why = it.withdrawn_reason or self.reason
            self.desk.withdraw(key, mistake=mistake, by_source=on, reason=why)
        self.known.learn("evidence", it.id or key, key)

    def _link(self, it: say.LinkClaims) -> None:
        one, other = (self.known.key_of("claim", each) for each in (it.claim, it.other))
        why = it.reason or self.reason
        resolved = it.state == "resolved"
        if it.rule is not None:  # it finds open ones again by itself
            if resolved:
                self.desk.resolve_contradiction(
                    one, it.rule, other, because=why, reason=it.resolution or self.reason
                )
            return
        key = f"{one}:{it.relation}:{other}"
        before = self.act.reader.links([key]).get(key)
        if before is None or before.state is LinkState.WITHDRAWN:
            self.desk.link(one, it.relation, other, reason=why)
        if resolved and (before is None or before.state is LinkState.OPEN):
            self.desk.resolve_link(key, reason=it.resolution or self.reason)

    def _assess(self, it: say.Assess) -> None:
        claim = self.known.key_of("claim", it.claim)
        by, why = it.by or self.desk.author, it.reason or self.reason
        on = self.desk.read_day(it.on) if it.on is not None else None
        for each in self.act.reader.assessments_of([claim]).get(claim, ()):
            same = (each.status, each.author, each.reason) == (it.status, by, why)
            if same and not each.withdrawn and on in (None, each.made_on):
                return
        self.desk.take_assessment(
            claim,
            it.status,
            likelihood=it.likelihood,
            reason=why,
            by=by,
            on=on,
            proposed=bool(it.proposed),
        )


def _given(it: Act, *names: str) -> dict[str, Any]:
    """The fields of an act that it says something of."""
    fields = {name: getattr(it, name) for name in names}
    return {name: value for name, value in fields.items() if value not in (None, ())}


def _as_known(written: Day, known: UncertainDate | None) -> Day:
    """The date as written, or the recorded one of the same words: "yesterday" means what it meant."""
    if isinstance(written, str) and known is not None and known.words == written.strip():
        return known
    return written
