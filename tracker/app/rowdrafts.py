"""What a row adds to the record, as drafts of entries, where it adds and changes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from claims.counts import check_count
from claims.dates import parse
from claims.errors import BadDate, BadValue
from claims.keys import check_key
from claims.kinds import check_fields, rules_of
from claims.model import Claim, Document, Entity, Question, Source, counts_from
from claims.resolve.rules.actors import OF_A_DEED
from claims.vocabulary import Basis, Credibility, EntityType, Kind, Side, SourceType, Stance, read_word
from tracker.app.bulk import Draft
from tracker.app.evidencing import check_found
from tracker.app.known import document_name, row_key, stem
from tracker.app.limits import need_words
from tracker.app.rowacts import EVIDENCE_FIELDS, known_source, same_pieces
from tracker.app.sourcing import read_grade
from tracker.formats.datewords import in_full
from tracker.journal.payload import date_to_plain, payload_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from claims.dates import UncertainDate
    from claims.model import Evidence
    from tracker.app.freshkeys import FreshKeys
    from tracker.app.known import Known
    from tracker.app.spreadsheets import SpreadsheetActs

_WORDS: dict[str, tuple[Any, str]] = {
    "credibility": (Credibility, "credibility (1 to 6)"),
    "basis": (Basis, "basis"),
    "side": (Side, "side"),
}

_AS_SAID = ("locator", "quote", "credibility", "basis", "side", "note")
"""Fields of evidence that a row gives as they are, or as a word for them, in the order of the record's."""

SAME = ("kind", "lang")
"""Fields of a claim that say the same where they are the same words."""

word = lru_cache(maxsize=4096)(read_word)

_TRUE, _FALSE = ("true", "yes", "1"), ("false", "no", "0")


class Alone(Exception):
    """A row that changes what is recorded, or rests on what is still to be written."""


class RowDrafts:
    """Drafts of what rows add; each method raises :class:`Alone` where a row is to go by itself, and
    :class:`ClaimsError` where something is wrong with it."""

    def __init__(
        self,
        desk: SpreadsheetActs,
        known: Known,
        keys: FreshKeys,
        *,
        reason: str,
        recorded_on: date,
        language: str = "",
        century: int | None = None,
        undo: list[Callable[[], object]],
    ) -> None:
        self.desk = desk
        self.known = known
        self.keys = keys
        self.reason = reason
        self.recorded_on = recorded_on
        self.language = language
        self.century = century
        self.undo = undo
        self.today = desk.today
        self._read_date = lru_cache(maxsize=16_384)(self._date)
        self._plain_date = lru_cache(maxsize=16_384)(self._date_in_plain)

    # --- claims -----------------------------------------------------------------------------

    def claim(self, fields: dict[str, str], drafts: list[Draft]) -> Claim:
        """A new claim."""
        text = need_words(fields["claim"], "the text of a claim")
        kind = word(Kind, fields.get("kind", "other"), "kind of claim")
        when = self.read(fields["when"], "when") if "when" in fields else None
        given: dict[str, Any] = {}
        if not fields.keys().isdisjoint(("subject", "value", "where", "question", "question_key", "case")):
            given = self._about(fields, kind, drafts)
        key = fields.get("key")
        key = self.keys.fresh("claims", stem(fields["claim"])) if key is None else check_key(key)
        claim = Claim(
            key=key,
            text=text,
            kind=kind,
            when=when,
            lang=fields.get("lang"),
            external_id=fields.get("claim_id"),
            note=fields.get("claim_note"),
            **given,
        )
        check_fields(kind, subject=claim.subject, subject_type=None, value=claim.value, when=when)
        drafts.append(Draft("claim.recorded", key, payload_of(claim), self.reason))
        return claim

    def _about(self, fields: dict[str, str], kind: Kind, drafts: list[Draft]) -> dict[str, Any]:
        """What a claim is about, and what it answers."""
        names, rules = self.known.names, rules_of(kind)
        given: dict[str, Any] = {}
        if "subject" in fields and rules.subject:  # it may be of the wrong type
            raise Alone
        self._register(fields, drafts)
        if "subject" in fields:
            subject = names.entity(fields["subject"])
            if subject is None:
                raise Alone
            given["subject"] = subject
        for name in ("value", "where"):
            if name in fields:
                given[name] = fields[name]
                given[f"{name}_entity"] = names.entity(fields[name])
        if "value" in fields and rules.value == "count":
            check_count(fields["value"])
        elif given.get("value", "") and given["value_entity"] is None and names_somebody(kind):
            raise Alone
        if "case" in fields:
            if not names.has_case(fields["case"]):
                raise Alone
            given["case"] = fields["case"]
        if "question" in fields or "question_key" in fields:
            given["question"] = self._question(fields, drafts)
        return given

    def _register(self, fields: dict[str, str], drafts: list[Draft]) -> None:
        """New entities, where the map says what they are, and nobody is called anything like that."""
        for what in ("subject", "value"):
            name, type_ = fields.get(what), fields.get(f"{what}_type")
            if name is None or type_ is None or self.known.names.entity(name) is not None:
                continue
            if not self.known.names.is_new(name):
                raise Alone
            entity = Entity(
                key=self.known.entity_stem(name),
                name=need_words(name, "the name of an entity"),
                type=word(EntityType, type_, "entity type"),
            )
            self.known.register(entity, self.undo)
            drafts.append(Draft("entity.registered", entity.key, payload_of(entity), self.reason))

    def _question(self, fields: dict[str, str], drafts: list[Draft]) -> str:
        key, words = fields.get("question_key"), fields.get("question")
        known = self.known.names.question(key, words)
        if known is not None:
            return known
        question = question_of(fields, self.known.question_stem)
        self.known.pose(question, self.undo)
        drafts.append(Draft("question.recorded", question.key, payload_of(question), self.reason))
        return question.key

    def same_claim(self, known: Claim, fields: dict[str, str]) -> Claim:
        """The claim as it is recorded, where a row says nothing else of it."""
        if known.key in self.known.met:  # the first row of a claim speaks for the others
            return known
        same = (
            known.text == fields["claim"]
            and all(getattr(known, name) == fields[name] for name in SAME if name in fields)
            and ("when" not in fields or is_date(known.when, fields["when"]))
            and ("claim_note" not in fields or known.note == fields["claim_note"])
        )
        for name in ("value", "where"):
            if same and name in fields:
                there, entity = getattr(known, name), getattr(known, f"{name}_entity")
                same = self.known.names.same(fields[name], there, entity)
        if same and (known.subject is not None or known.value is not None):
            same = "subject" in fields or "value" in fields
        if same and "subject" in fields:
            same = known.subject is not None and self.known.names.entity(fields["subject"]) == known.subject
        if same and "case" in fields:
            same = known.case == fields["case"]
        if same and ("question" in fields or "question_key" in fields):
            named = self.known.names.question(fields.get("question_key"), fields.get("question"))
            same = known.question is not None and named == known.question
        if not same:
            raise Alone
        return known

    # --- who says so, and where -------------------------------------------------------------

    def source(self, fields: dict[str, str], drafts: list[Draft]) -> Source:
        """The source of a row: known by its name, or a new one."""
        known = known_source(self.known, fields["source"])
        if known is not None:
            return known
        source = Source(
            key=self.keys.fresh("sources", stem(fields["source"])),
            name=need_words(fields["source"], "the name of a source"),
            type=word(SourceType, fields.get("source_type", "other"), "source type"),
            sides=(fields["side_of"],) if "side_of" in fields else (),
            owner=fields.get("owner"),
            reliability=read_grade(fields.get("reliability")),
        )
        drafts.append(Draft("source.registered", source.key, payload_of(source), self.reason))
        return source

    def document(self, fields: dict[str, str], source: Source, drafts: list[Draft]) -> Document | None:
        """The document of a row: known by its address, or a new one; None where it names none."""
        name, url = document_name(fields), fields.get("url")
        if name is None:
            return None
        known = self.known.documents.get(name)
        if known is not None:
            return known
        title = fields["document"] if url is None else fields.get("title", url)
        document = Document(
            key=self.keys.fresh("documents", stem(title)),
            title=need_words(title, "the title of a document"),
            publisher=source.key,
            url=url,
            published=self._published(fields),
        )
        drafts.append(Draft("document.recorded", document.key, payload_of(document), ""))
        return document

    def evidence(
        self,
        claim: Claim,
        source: Source,
        document: Document | None,
        fields: dict[str, str],
        drafts: list[Draft],
    ) -> date:
        """The evidence of a row: a new piece, or a known one of which it says nothing else. Gives the day
        that it counts from."""
        stance = word(Stance, fields["stance"], "stance")
        key = f"{claim.key}.{source.key}"  # numbered where another piece is called so
        if (named := row_key(claim.key, fields)) is not None:
            key = named
            piece = self.known.piece_of_row(key, self.undo)
            if piece is not None:
                return self._same(piece, source, document, fields | {"stance": stance}).counts_from
        elif self.known.pieces.get(claim.key):
            given = {**fields, "stance": stance}
            if same := same_pieces(self.known, claim, source, document, given):
                found = self._same(same[0], source, document, given)
                self.known.take_piece(same, self.undo)
                return found.counts_from
        if "relays" in fields or "withdrawn" in fields:
            raise Alone
        said = {name: _said(name, fields[name]) for name in _AS_SAID if name in fields}
        published = self._published(fields)
        payload: dict[str, Any] = {"claim": claim.key, "source": source.key, "stance": stance.value}
        if published is not None:
            payload["published"] = self._plain_date(fields["published"], self.today)
        if document is not None:
            payload["document"] = document.key
        check_found(fields.get("quote"), fields.get("locator"), payload.get("document"))
        if claim.when is not None:
            self.desk.check_dates(claim, published, f"evidence of {source.key}")
        drafts.append(Draft("evidence.logged", key, payload | said, self.reason))
        return counts_from(published, self.recorded_on)

    def _same(
        self, piece: Evidence, source: Source, document: Document | None, fields: dict[str, Any]
    ) -> Evidence:
        """The piece as it is recorded, where a row says nothing else of it."""
        others = (name for name in EVIDENCE_FIELDS if name in fields and name not in ("stance", "published"))
        if (
            piece.stance != fields["stance"]
            or piece.source != source.key
            or (document is not None and piece.document != document.key)
            or ("published" in fields and not is_date(piece.published, fields["published"]))
            or any(getattr(piece, name) != fields[name] for name in others)
            or "relays" in fields
            or ("withdrawn" in fields and piece.withdrawn is None)
        ):
            raise Alone
        return piece

    # --- dates ------------------------------------------------------------------------------

    def _published(self, fields: dict[str, str]) -> UncertainDate | None:
        text = fields.get("published")
        return None if text is None else self.read(text, "published")

    def read(self, text: str, what: str) -> UncertainDate:
        """A date by its words alone; one that counts from a claim is for the row by itself."""
        return self._read_date(text, what, self.today)

    def _date(self, text: str, what: str, today: date) -> UncertainDate:
        refuse_count(text)
        words = in_full(text, self.language, self.century)
        read = parse(words, today=today, dayfirst=self.desk.dayfirst, anchors=_alone)
        if words != text:
            read = replace(read, words=" ".join(text.split()))
        if what == "published":
            self.desk.read_published(read)
        return read

    def _date_in_plain(self, text: str, today: date) -> dict[str, Any]:
        return date_to_plain(self._read_date(text, "published", today))

    def dated(self, text: str) -> str | UncertainDate:
        """A date of a row that goes by itself: as written, but for the names of months in another language
        than those that dates are written in, and for years without their century."""
        refuse_count(text)
        words = in_full(text, self.language, self.century)
        if words == text:
            return text
        read = parse(words, today=self.today, dayfirst=self.desk.dayfirst)
        return replace(read, words=" ".join(text.split()))


def _said(name: str, text: str) -> str:
    """What a row says in a field of evidence, in the words of the vocabulary where it has one for it."""
    if name not in _WORDS:
        return text
    vocabulary, what = _WORDS[name]
    return str(word(vocabulary, text, what).value)


def names_somebody(kind: Kind) -> bool:
    """Whether the value of a claim of a kind names an entity, or several who did something together."""
    return rules_of(kind).value == "entity" or kind in OF_A_DEED


def question_of(fields: dict[str, str], made: Callable[[str], str]) -> Question:
    """The question that a row poses; ``made`` makes a key of its words."""
    key, words = fields.get("question_key"), fields.get("question")
    if words is None:
        words = str(key)
    if key is None:
        key = words if " " not in words.strip() else made(words)
    return Question(
        key=check_key(key),
        text=need_words(words, "the text of a question"),
        exactly_one=_flag(fields, "exactly_one"),
        counted=fields.get("counted"),
        cumulative=_flag(fields, "cumulative"),
    )


def _flag(fields: dict[str, str], name: str) -> bool:
    said = fields.get(name, "false").lower()
    if said not in (*_TRUE, *_FALSE):
        raise BadValue(f"{name} is {fields[name]!r:.60}", "write true or false")
    return said in _TRUE


def refuse_count(text: str) -> None:
    """Refuse a number that may be how a spreadsheet counts days, and say which day it means by it. Raises
    :class:`BadDate`."""
    if not (text.isdecimal() and len(text) == 5):
        return
    day = date(1899, 12, 30) + timedelta(days=int(text))
    raise BadDate(
        f"{text!r} is a number, not a date; a spreadsheet that counts days means {day} by it",
        "give the column the format of dates, and save it again",
    )


def is_date(known: UncertainDate | None, words: str) -> bool:
    """Whether a date is recorded with these words."""
    return known is not None and known.words == words


def _alone(_key: str) -> None:
    raise Alone
