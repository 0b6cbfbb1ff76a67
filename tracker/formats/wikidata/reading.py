"""Items read as acts: each statement of a property that is known as a claim about the item, with what its
references, its qualifiers and its rank say of it.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, BinaryIO

from claims.errors import BadValue, ClaimsError, Finding
from claims.vocabulary import EntityType
from tracker.formats.acts import (
    Group,
    LogEvidence,
    PoseQuestion,
    RecordClaim,
    RecordDocument,
    RegisterEntity,
    RegisterSource,
)
from tracker.formats.wikidata import statements as st
from tracker.formats.wikidata.citing import cite
from tracker.formats.wikidata.ids import known, property_of, the
from tracker.formats.wikidata.items import Found, aliases_of, items_of, label_of
from tracker.formats.wikidata.snaks import ITEM, NONE, PROPERTY, SOME, Snak, time_of
from tracker.formats.wikidata.times import when_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from claims.dates import UncertainDate
    from tracker.formats.acts import Act
    from tracker.formats.wikidata.citing import Citation
    from tracker.formats.wikidata.ids import Property

OPTIONS = {
    "lang": "the languages of labels to take, the best first (en,mul)",
    "properties": "further properties to take, such as P39,P1082, or all",
}
DISPUTED, SUPPORTED = the("statement disputed by"), the("statement supported by")
REASONS = {"deprecated": the("reason for deprecated rank"), "preferred": the("reason for preferred rank")}
LONGEST_SHOWN = 120
"""Characters of a value that a message shows."""

KEPT = "it is kept in the note"
MOST_NAMED = 12
"""Properties that are left out, of which each is named."""

RANK = "Wikidata rank: "
"""How the note of what Wikidata itself says of a statement begins."""

PROPERTY_LINE = "Wikidata: "
"""How the first line of the note of a claim begins: the property that it is a statement of."""

_INSTANCE, _HUMAN = the("instance of"), the("human")
_OF_INCIDENTS = tuple(map(the, ("number of deaths", "number of injured", "perpetrator")))
_OF_THE_DEAD = tuple(
    map(the, ("date of death", "place of death", "cause of death", "manner of death", "killed by"))
)
_OF_THE_LIVING = (*_OF_THE_DEAD, the("date of birth"), the("place of birth"), the("date of disappearance"))


def read(file: BinaryIO, name: str, options: Mapping[str, str]) -> Iterator[Group | Finding]:
    """The statements of all items of a file, as acts."""
    reader = _Reader(_languages(options), *_wanted(options))
    found = items_of(file, name)
    each = next(found, None)
    if isinstance(each, Found) and not each.where.startswith("line "):
        rest = [each, *found]  # a document is in memory as a whole: labels are known before they are needed
        for one in rest:
            if isinstance(one, Found):
                reader.learn(one.data)
        found = iter(rest)
        each = next(found)
    while each is not None:
        if isinstance(each, Finding):
            yield each
        else:
            reader.learn(each.data)
            yield from reader.item(each)
        each = next(found, None)


def _languages(options: Mapping[str, str]) -> tuple[str, ...]:
    given = options.get("lang", "en,mul").split(",")
    return tuple(each.strip() for each in given if each.strip())


def _wanted(options: Mapping[str, str]) -> tuple[frozenset[str], bool]:
    """The properties to take besides those of the data file, and whether to take all."""
    given = [each.strip().upper() for each in options.get("properties", "").split(",") if each.strip()]
    if bad := [each for each in given if each != "ALL" and not PROPERTY.fullmatch(each)]:
        raise BadValue(f"{bad[0]!r} is no property", "write them like this: --option properties=P39,P1082")
    return frozenset(given), "ALL" in given


@dataclass(slots=True)
class _Subject:
    """The item that statements are of."""

    id: str
    name: str
    type: EntityType
    aliases: tuple[str, ...]


@dataclass(slots=True)
class _Reader:
    """What is known while a file is read: what items are called."""

    languages: tuple[str, ...]
    wanted: frozenset[str]
    every: bool
    labels: dict[str, str] = field(default_factory=dict)

    def learn(self, data: Any) -> None:
        named = data.get("id") if isinstance(data, dict) else None
        if isinstance(named, str) and ITEM.fullmatch(named) and (label := label_of(data, self.languages)):
            self.labels[named] = label

    def called(self, item: str) -> str:
        return self.labels.get(item, item)

    def item(self, found: Found) -> Iterator[Group | Finding]:
        data = found.data
        try:
            subject = self._subject(data)
            listed = st.statements_in(data)
        except BadValue as error:
            yield Finding(found.where, error.message, error.hint)
            return
        not_taken = (
            *_redirected(found.where, data),
            *self._not_taken(found.where, [pid for pid, _ in listed]),
        )
        places: dict[str, int] = {}
        for pid, given in listed:
            place = places[pid] = places.get(pid, -1) + 1
            where = f"{found.where}, {subject.id} {pid}[{place}]"
            where = where.removeprefix(f"{subject.id}, ").removeprefix("item, ")
            if not PROPERTY.fullmatch(pid):
                yield Finding(where, "this statement names no property", "mend it in the file")
            elif self._takes(pid):
                each = self._statement(subject, given, pid, where)
                if isinstance(each, Group):
                    each, not_taken = replace(each, remarks=(*each.remarks, *not_taken)), ()
                yield each
        if not_taken:
            yield Group(found.where, (), not_taken)

    def _not_taken(self, where: str, every: list[str]) -> tuple[Finding, ...]:
        """What is told of the statements of an item that are left out, if there are any."""
        left = [pid for pid in every if PROPERTY.fullmatch(pid) and not self._takes(pid)]
        if not left:
            return ()
        listed = list(dict.fromkeys(left))
        how_many = "1 statement" if len(left) == 1 else f"{len(left)} statements"
        more = ", …" if len(listed) > MOST_NAMED else ""
        said = f"left out: {how_many} of other properties ({', '.join(listed[:MOST_NAMED])}{more})"
        return (Finding(where, said, "take them too: --option properties=all"),)

    def _takes(self, pid: str) -> bool:
        return self.every or pid in self.wanted or bool(property_of(pid).kind)

    def _subject(self, data: Any) -> _Subject:
        if not isinstance(data, dict):
            raise BadValue("this is no object", "an item is an object with its id and its claims")
        named = data.get("id")
        if isinstance(to := data.get("redirect"), str):
            other = str(data.get("entity", named))[:40]
            raise BadValue(f"{other} is a redirect to {to[:40]}", f"get {to[:40]} instead")
        if "missing" in data:
            raise BadValue(f"the item {str(named)[:40]} is not there", "look it up on Wikidata")
        if not isinstance(named, str) or not ITEM.fullmatch(named):
            raise BadValue(f"this is no item: its id is {str(named)[:40]!r}", "only items (Q…) are read")
        aliases = aliases_of(data, self.languages)
        name = self.called(named)
        return _Subject(named, name, _type_of(data), tuple(each for each in aliases if each != name))

    def _statement(self, subject: _Subject, given: Any, pid: str, where: str) -> Group | Finding:
        try:
            statement = st.read_statement(given)
            if statement.pid != pid:
                raise BadValue(f"it stands under {pid}, but is of {statement.pid}", "mend it in the file")
            return Group(
                where, tuple(self._acts(subject, statement)), tuple(_not_understood(where, statement))
            )
        except ClaimsError as error:
            return Finding(where, error.message, error.hint)

    # --- the acts of one statement --------------------------------------------------------------

    def _acts(self, subject: _Subject, statement: st.Statement) -> Iterator[Act]:
        what, main = property_of(statement.pid), statement.main.value
        yield RegisterEntity(
            name=subject.name, id=subject.id, type=subject.type, aliases=subject.aliases, wikidata=subject.id
        )
        if (item := statement.main.item) and item != subject.id:
            yield RegisterEntity(name=self.called(item), id=item, type=what.entity, wikidata=item)
        called = f"{subject.name} ({subject.id})"  # others may have the same name
        question = what.question.format(subject=called) if what.question and main != SOME else None
        if question:
            yield PoseQuestion(text=question, counted=what.counted or None)
        fields, kept = st.understand(what, main, statement.qualifiers), self._kept(what, statement)
        claim = statement.id or _made_id(subject.id, statement)
        yield RecordClaim(
            id=claim,
            text=self._text(what, subject, main, fields),
            kind=st.kind_of(what, main, subject.type),
            subject=subject.id,
            value=fields.value,
            when=fields.when,
            question=question,
            lang="en",
            ongoing=False if what.kind == "location" else None,
            note="\n".join([f"{PROPERTY_LINE}{what.id} ({what.name})", *(snak.line() for snak in kept)]),
        )
        yield from self._said(subject, claim, statement, fields.when)

    def _kept(self, what: Property, statement: st.Statement) -> list[Snak]:
        """What the note keeps: all that is neither in fields, nor evidence of its own."""
        reason = REASONS.get(statement.rank)
        others = [
            snak
            for snak in statement.qualifiers
            if snak.pid != reason and not (snak.pid in (DISPUTED, SUPPORTED) and snak.item)
        ]
        return st.left_over(what, statement, others)

    def _text(self, what: Property, subject: _Subject, main: str, fields: st.Fields) -> str:
        """What the claim says, in English."""
        when = _phrase(fields.when)
        if main == NONE:
            said = what.never.format(subject=subject.name) or f"{subject.name} has no {what.name}"
        elif not what.text:
            value = self._shown(what, fields.value) or when
            said = f"{what.name} of {subject.name}: {value}"
            if what.name.endswith(" of"):  # "instance of"
                said = f"{subject.name}: {what.name} {value}"
        else:
            some = "an unknown number" if what.datatype == "quantity" else "somebody or something unknown"
            value = some if main == SOME else self.called(fields.value or "")
            said = what.text.format(subject=subject.name, value=value, when=when or "on an unknown date")
        if what.datatype != "time" and when:
            said += f" ({when})"
        return f"{said[:1].upper()}{said[1:]}."

    def _shown(self, what: Property, value: str | None) -> str:
        """A value as people write it: of a property of which nothing is known it is in the form of a snak."""
        snak = Snak(what.id, value or "")
        if snak.item is not None or snak.value == st.UNKNOWN:
            return self.called(snak.value)
        if (text := snak.text) is not None:
            return text
        time = when_of(snak.value)
        return time.words if time is not None else snak.value.removeprefix("+")

    # --- what is said of it ---------------------------------------------------------------------

    def _said(
        self, subject: _Subject, claim: str, statement: st.Statement, when: UncertainDate | None
    ) -> Iterator[Act]:
        cited = [found for each in statement.references if (found := cite(each, self.called)) is not None]
        for each in cited:
            yield from self._cited(claim, each, when)
        for pid, stance in ((DISPUTED, "denies"), (SUPPORTED, "supports")):
            items = [snak for snak in statement.qualifiers if snak.pid == pid and snak.item]
            for snak in dict.fromkeys(items):
                yield _source(self.called(snak.value), snak.value)
                yield LogEvidence(claim=claim, source=snak.value, stance=stance, note=snak.line())
        if not cited or statement.rank != "normal":
            yield from self._ranked(subject, claim, statement)

    def _cited(self, claim: str, cited: Citation, when: UncertainDate | None) -> Iterator[Act]:
        source = cited.item or cited.source
        yield _source(cited.source, cited.item)
        document = None
        if cited.title is not None:
            document = cited.url or f"{source}: {cited.title}"
            yield RecordDocument(
                title=cited.title,
                id=document,
                publisher=source,
                author=cited.author,
                url=cited.url,
                published=cited.dated,
            )
        yield LogEvidence(
            claim=claim,
            source=source,
            stance="supports",
            published=None if _before(cited.published, when) else cited.published,
            document=document,
            quote=cited.quote,
            locator=cited.locator,
            basis=cited.basis,
            note=cited.note,
        )

    def _ranked(self, subject: _Subject, claim: str, statement: st.Statement) -> Iterator[Act]:
        """What Wikidata itself says of a statement: by its rank, with the reason for it."""
        item, page = the("Wikidata"), f"https://www.wikidata.org/wiki/{subject.id}"
        reasons = [snak for snak in statement.qualifiers if snak.pid == REASONS.get(statement.rank)]
        yield _source("Wikidata", item)
        yield RecordDocument(title=f"{subject.name} on Wikidata", id=page, publisher=item, url=page)
        yield LogEvidence(
            claim=claim,
            source=item,
            stance="denies" if statement.rank == "deprecated" else "supports",
            document=page,
            note="\n".join([f"{RANK}{statement.rank}", *(snak.line() for snak in reasons)]),
        )


def _not_understood(where: str, statement: st.Statement) -> Iterator[Finding]:
    """Times that are no date, or coarser than a millennium: the note keeps them, and no more. And those that
    have a time zone, or something before or after, which alone is not heeded."""
    for snak in (statement.main, *statement.qualifiers):
        if property_of(snak.pid).datatype != "time" or snak.value in (SOME, NONE):
            continue
        time = time_of(snak.value)
        if not when_of(snak.value):
            said = f"{time or snak.value[:LONGEST_SHOWN]} is no date that can be counted with"
            yield Finding(where, said, KEPT)
        elif time != snak.value:
            said = f"{time} has a time zone, or times before or after it, which are not heeded"
            yield Finding(where, said, KEPT)


def _redirected(where: str, data: dict[str, Any]) -> Iterator[Finding]:
    """That an item was asked for under an id that it no longer has: who is known by that here is another."""
    told = data.get("redirects")
    old = told.get("from") if isinstance(told, dict) else None
    if isinstance(old, str) and ITEM.fullmatch(old) and old != data["id"]:
        revise = f"tracker entity revise KEY --wikidata {data['id']}"
        said = f"{old} is a redirect to it; where {old} is known here, first: {revise}"
        yield Finding(where, said, "import it again then")


def _source(name: str, item: str | None) -> RegisterSource:
    return RegisterSource(
        name=name, id=item or name, type="other", note=f"{PROPERTY_LINE}{item}" if item is not None else None
    )


def _before(published: UncertainDate | None, when: UncertainDate | None) -> bool:
    """Whether something is dated before what it reports: then the date is that of something else."""
    if published is None or when is None or published.latest is None or when.earliest is None:
        return False
    return published.latest < when.earliest


def _made_id(item: str, statement: st.Statement) -> str:
    """An id for a statement that has none: the same for one that says the same."""
    said = repr((statement.main, sorted(map(repr, statement.qualifiers))))
    return f"{item} {statement.pid} {hashlib.sha256(said.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _type_of(data: dict[str, Any]) -> EntityType:
    """What an item is: a person where it says so or, where it says nothing, if it was born or died; an
    incident if it had victims."""
    claims = data.get("claims")
    has = set(claims) if isinstance(claims, dict) else set()
    kinds = claims.get(_INSTANCE) if isinstance(claims, dict) else None
    for given in kinds if isinstance(kinds, list) else ():
        try:
            if st.read_statement(given).main.value == _HUMAN:
                return EntityType.PERSON
        except BadValue:
            continue
    if has.intersection(_OF_INCIDENTS):
        return EntityType.INCIDENT
    if not kinds and has.intersection(_OF_THE_LIVING):
        return EntityType.PERSON
    return EntityType.OTHER


def _phrase(when: UncertainDate | None) -> str:
    """When, as it stands in a sentence."""
    if when is None:
        return ""
    if when.words.startswith(("about ", "from ", "to ")):
        return when.words
    if re.match(r"-?\d+-\d\d-\d\d", when.words):
        return f"on {when.words}"
    return f"in the {when.words}" if re.search(r"\d(s|st|nd|rd|th)\b", when.words) else f"in {when.words}"


def taken() -> list[Property]:
    """The properties whose statements become claims."""
    return [each for each in known().properties.values() if each.kind]
