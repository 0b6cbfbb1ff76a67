"""STIX 2.1 out: a bundle with an identity for each source, a report for each case, a note or an attributed
relationship for each claim, and an opinion for each piece of evidence."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from claims.vocabulary import EntityType, Kind, SourceType, Stance, Status
from tracker.formats.confidence import (
    confidence_tag,
    credibility_tag,
    likelihood_tag,
    number_of,
    reliability_tag,
)
from tracker.formats.stixparts import IDS, Ids, definitions, extension, timestamp
from tracker.formats.wholly import fields_of
from tracker.report.words import percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from claims.model import Assessment, Case, Claim, Document, Entity, Evidence, Question, Source
    from tracker.report.extract import Extract, Moments, Portion
    from tracker.report.standing import Standing

    Object = dict[str, Any]
    Name = tuple[str, str]

OPINIONS = {
    Stance.SUPPORTS: "agree",
    Stance.DENIES: "strongly-disagree",
    Stance.DOUBTS: "disagree",
    Stance.MENTIONS: "neutral",
}
"""By the meanings of the opinion enumeration (STIX 2.1, 10.17): who agrees believes that it is accurate, who
disagrees that some of it is inaccurate, who strongly disagrees that it is inaccurate."""

VERDICTS = {
    Status.CONFIRMED: "strongly-agree",
    Status.CORROBORATED: "agree",
    Status.UNVERIFIED: "neutral",
    Status.DISPUTED: "neutral",
    Status.DOUBTFUL: "disagree",
    Status.REFUTED: "strongly-disagree",
    Status.RETRACTED: "disagree",
    Status.SUPERSEDED: "disagree",
}

CLASSES = {
    SourceType.GOVERNMENT: "organization",
    SourceType.ARMED_GROUP: "group",
    SourceType.OUTLET: "organization",
    SourceType.ORGANISATION: "organization",
    SourceType.RESEARCHER: "individual",
    SourceType.COURT: "organization",
    SourceType.PERSON: "individual",
    SourceType.WITNESS: "individual",
    SourceType.OTHER: "unknown",
    EntityType.PERSON: "individual",
    EntityType.GROUP: "group",
    EntityType.OTHER: "unknown",
}
"""The identity class of a source, or of an entity."""

_ACTORS = (EntityType.PERSON, EntityType.GROUP)
_DEEDS = (EntityType.INCIDENT, EntityType.OTHER)
_NO_CASE = ""


def write(extract: Extract, options: Mapping[str, str]) -> Iterator[str]:
    """The bundle, an object a line."""
    writer = _Writer(extract, Ids(extract.origin, options.get("ids", IDS[0])), options.get("producer"))
    name = ("bundle", extract.case.key if extract.case else "", str(extract.as_of))
    yield f'{{"type": "bundle", "id": "{writer.ids.of("bundle", *name)}", "objects": [\n'
    separator = ""
    for each in writer.objects():
        yield separator + json.dumps(each, ensure_ascii=False)
        separator = ",\n"
    yield "\n]}\n"


class _Writer:
    """Makes the objects of one bundle, each once."""

    def __init__(self, extract: Extract, ids: Ids, producer: str | None) -> None:
        self.extract = extract
        self.ids = ids
        self.producer = producer
        self.times: Moments = {}
        self.portion: Portion | None = None
        founded = extract.founded
        self.begun = founded.first if founded else f"{extract.made:%Y-%m-%dT%H:%M:%S}.000000Z"
        self.given: set[str] = set()
        self.held: dict[str, list[str]] = {}
        self.newest: dict[str, str] = {}
        self.cases: dict[str, tuple[Case, Moments]] = {}
        self.questions: dict[str, tuple[Question, list[str], str]] = {}

    def objects(self) -> Iterator[Object]:
        yield from definitions()
        yield self._producer()
        for portion in self.extract.portions():
            yield from self._portion(portion)
        yield from self._portion(self.extract.rest())
        for question, refs, modified in self.questions.values():
            yield self._grouping(question, refs, modified)
        for case in self.held:
            yield self._report(case)

    def _portion(self, portion: Portion) -> Iterator[Object]:
        self.times, self.portion = self.extract.moments(portion), portion
        self.cases.update({key: (case, self.times) for key, case in portion.cases.items()})
        yield from self._once(map(self._source, portion.sources.values()))
        yield from self._once(
            made for it in portion.entities.values() if (made := self._entity(it)) is not None
        )
        pieces: dict[str, list[Evidence]] = {}
        for piece in portion.evidence.values():
            pieces.setdefault(piece.claim, []).append(piece)
        for key, claim in portion.claims.items():
            objects = [*self._claim(claim, portion.standings.get(key))]
            ref = objects[-1]["id"]
            objects += [self._opinion(piece, ref) for piece in pieces.get(key, ())]
            verdicts = portion.assessments.get(key, ())
            objects += [self._verdict(each, ref) for each in verdicts if each.in_force]
            self._hold(claim, objects)
            yield from self._once(objects)

    def _once(self, objects: Iterable[Object]) -> Iterator[Object]:
        for each in objects:
            if each["id"] not in self.given:
                self.given.add(each["id"])
                yield each

    def _hold(self, claim: Claim, made: list[Object]) -> None:
        """Remember what belongs to the report of a case, and to a question."""
        case = claim.case or _NO_CASE
        self.held.setdefault(case, []).extend(each["id"] for each in made)
        newest = max(each["modified"] for each in made)
        self.newest[case] = max(self.newest.get(case, newest), newest)
        if claim.question is not None and self.portion is not None:
            question = self.portion.questions[claim.question]
            modified = self._times(("question", question.key))["modified"]
            self.questions.setdefault(question.key, (question, [], modified))[1].append(
                self._claim_ref(claim)
            )

    # --- what all have --------------------------------------------------------------------------

    def _times(self, *names: Name) -> dict[str, str]:
        """When an object was made (its first record) and changed (any of its records)."""
        found = [self.times[name] for name in names if name in self.times]
        first = self.times[names[0]].first if names[0] in self.times else self.begun
        last = max([first, *(each.last for each in found)])
        return {"created": timestamp(first), "modified": timestamp(last)}

    def _object(self, type_: str, id_: str, *names: Name) -> Object:
        return {
            "type": type_,
            "spec_version": "2.1",
            "id": id_,
            "created_by_ref": self.ids.of("identity", "producer"),
            **self._times(*names),
        }

    def _producer(self) -> Object:
        """Who writes the bundle: the tracker, by the name of who founded it."""
        founded = self.extract.founded
        made = self._object("identity", self.ids.of("identity", "producer"), ("", ""))
        name = self.producer or (founded.author if founded else "") or "tracker"
        return {**made, "name": name, "identity_class": "unknown", "roles": ["producer"]}

    # --- who and what -----------------------------------------------------------------------------

    def _source(self, it: Source) -> Object:
        assert self.portion is not None
        made = self._object("identity", self.ids.of("identity", "source", it.key), ("source", it.key))
        made |= {"name": it.name, "identity_class": CLASSES[it.type]}
        if it.type is SourceType.GOVERNMENT:
            made["sectors"] = ["government"]
        if it.note:
            made["description"] = it.note
        if it.reliability is not None:
            made["labels"] = [reliability_tag(it.reliability)]
        if it.url:
            made["external_references"] = [{"source_name": "website", "external_id": it.url}]
        fields = fields_of(it, self.portion.grades.get(it.key, ()))
        return made | {"extensions": extension("source", fields)}

    def _entity(self, it: Entity) -> Object | None:
        """An entity as an identity or an incident; None for a place: a location would need to say where."""
        if it.type is EntityType.PLACE:
            return None
        type_ = "incident" if it.type is EntityType.INCIDENT else "identity"
        made = self._object(type_, self.ids.of(type_, "entity", it.key), ("entity", it.key))
        made["name"] = it.name
        if type_ == "identity":
            made["identity_class"] = CLASSES[it.type]
        if it.note:
            made["description"] = it.note
        if it.wikidata:
            made["external_references"] = [{"source_name": "wikidata", "external_id": it.wikidata}]
        return made | {"extensions": extension("entity", fields_of(it))}

    def _entity_ref(self, it: Entity) -> str:
        return self.ids.of("incident" if it.type is EntityType.INCIDENT else "identity", "entity", it.key)

    def _role(self, type_: str, it: Entity) -> Object:
        """An entity as a campaign or a threat actor: as what attributions are made of, and to."""
        made = self._object(type_, self.ids.of(type_, type_, it.key), ("entity", it.key))
        made["name"] = it.name
        if it.aliases:
            made["aliases"] = list(it.aliases)
        fields = {"key": it.key, "entity_ref": self._entity_ref(it)}
        return made | {"extensions": extension("role", fields)}

    # --- claims -----------------------------------------------------------------------------------

    def _ends(self, it: Claim) -> tuple[Entity, Entity] | None:
        """Of an attribution, what was done and who did it, where both can be STIX objects."""
        assert self.portion is not None
        one, other = (self.portion.entities.get(key or "") for key in (it.subject, it.value_entity))
        if it.kind is not Kind.ATTRIBUTION or one is None or other is None:
            return None
        deed = one.type in _DEEDS and other.type in (*_ACTORS, EntityType.OTHER)
        actor = one.type in _ACTORS and other.type in (*_ACTORS, EntityType.OTHER)
        return (one, other) if deed or actor else None

    def _claim_ref(self, it: Claim) -> str:
        type_ = "note" if self._ends(it) is None else "relationship"
        return self.ids.of(type_, "claim", it.key)

    def _claim(self, it: Claim, standing: Standing | None) -> Iterator[Object]:
        """The claim, last, and before it the ends of its relationship."""
        ends = self._ends(it)
        ref = self._claim_ref(it)
        assert self.portion is not None
        entities = [
            self.portion.entities[key]
            for key in dict.fromkeys((it.subject, it.value_entity, it.where_entity))
            if key is not None and key in self.portion.entities
        ]
        links = [link for link in self.portion.links.values() if link.claim == it.key]
        names = [("claim", it.key), ("status", it.key), *(("link", link.key) for link in links)]
        names += [("entity", each.key) for each in entities if each.type is EntityType.PLACE]
        made = self._object("note" if ends is None else "relationship", ref, *names)
        if it.is_state:  # its evidence ages
            made["modified"] = max(made["modified"], f"{self.extract.as_of}T00:00:00.000Z")
        said = _in_words(it, standing)
        if ends is None:
            refs = [self._entity_ref(each) for each in entities if each.type is not EntityType.PLACE]
            made |= {"abstract": it.text, "content": said}
            made["object_refs"] = refs or [self._report_ref(it.case or _NO_CASE)]
        else:
            one, other = ends
            if one.type in _DEEDS:
                source, target = self._role("campaign", one), self._role("threat-actor", other)
                yield from (source, target)
                target_ref = target["id"]
            else:
                source, target_ref = self._role("threat-actor", one), self._entity_ref(other)
                yield source
            made |= {"relationship_type": "attributed-to", "description": said}
            made |= {"source_ref": source["id"], "target_ref": target_ref}
        if it.lang:
            made["lang"] = it.lang
        if it.external_id:
            made["external_references"] = [_outside(it.external_id)]
        fields = fields_of(it) | {"key": it.key}
        fields["links"] = [fields_of(link) | {"act": None} for link in links]
        fields["links"] = [
            {name: value for name, value in link.items() if value is not None} for link in fields["links"]
        ]
        fields["entity_records"] = [_bare(each) for each in entities if each.type is EntityType.PLACE]
        if standing is not None:
            made |= _confidence(standing)
            fields |= _standing(standing)
        yield made | {"extensions": extension("claim", fields)}

    # --- what is said of them -----------------------------------------------------------------------

    def _opinion(self, it: Evidence, ref: str) -> Object:
        assert self.portion is not None
        source = self.portion.sources[it.source]
        document = self.portion.documents.get(it.document or "")
        names = [("evidence", it.key), ("source", it.source)]
        names += [("document", it.document)] if it.document else []
        made = self._object("opinion", self.ids.of("opinion", "evidence", it.key), *names)
        if it.withdrawn is not None:
            made["revoked"] = True
        if it.credibility is not None:
            made["labels"] = [credibility_tag(it.credibility)]
        if (number := number_of("admiralty", it.credibility)) is not None:
            made["confidence"] = number
        if document is not None:
            made["external_references"] = [self._reference(document, it)]
        if explanation := _explained(it):
            made["explanation"] = explanation
        made |= {"authors": [source.name], "opinion": OPINIONS[it.stance], "object_refs": [ref]}
        fields = fields_of(it)
        fields["source_ref"] = self.ids.of("identity", "source", it.source)
        fields["confidence_scale"] = "admiralty" if it.credibility is not None else None
        fields["document_record"] = document and _bare(document)
        return made | {"extensions": extension("evidence", fields)}

    def _reference(self, it: Document, piece: Evidence) -> Object:
        """Where it was read. An address goes with a hash, as the standard asks; without archived bytes it
        is an identifier."""
        assert self.portion is not None
        publisher = self.portion.sources.get(it.publisher or "")
        parts = (it.title, it.published and it.published.words, piece.locator)
        reference: Object = {
            "source_name": publisher.name if publisher else it.title,
            "description": "; ".join(part for part in parts if part),
        }
        if reference["source_name"] in _LISTS:  # it says so of their ids alone
            reference["source_name"] += " (source)"
        if it.sha256:
            reference["hashes"] = {"SHA-256": it.sha256}
        if it.url and it.sha256 and _WEB.fullmatch(it.url):
            reference["url"] = it.url
        elif it.url:
            reference |= {"external_id": it.url} if _list_of(it.url) is None else _outside(it.url)
        return reference

    def _verdict(self, it: Assessment, ref: str) -> Object:
        made = self._object("opinion", self.ids.of("opinion", "assessment", it.key), ("assessment", it.key))
        made |= {"authors": [it.author], "opinion": VERDICTS[it.status], "object_refs": [ref]}
        made["explanation"] = f"{it.status}: {it.reason}" if it.reason else f"{it.status}"
        return made | {"extensions": extension("assessment", fields_of(it) | {"key": it.key})}

    # --- questions and cases ------------------------------------------------------------------------

    def _grouping(self, it: Question, refs: list[str], modified: str) -> Object:
        made = self._object("grouping", self.ids.of("grouping", "question", it.key), ("question", it.key))
        made["modified"] = max(made["created"], modified)
        made |= {"name": it.text, "context": "unspecified", "object_refs": list(dict.fromkeys(refs))}
        return made | {"extensions": extension("question", fields_of(it))}

    def _report_ref(self, case: str) -> str:
        return self.ids.of("report", "case", case)

    def _report(self, key: str) -> Object:
        case, self.times = self.cases.get(key, (None, {}))
        made = self._object("report", self._report_ref(key), ("case", key))
        made["modified"] = max(made["modified"], self.newest[key])
        made["name"] = (case.title or case.key) if case is not None else "Claims in no case"
        if case is not None and case.about:
            made["description"] = case.about
        made["published"] = made["modified"]
        made["object_refs"] = list(dict.fromkeys(self.held[key]))
        if case is not None:
            made["extensions"] = extension("case", fields_of(case))
        return made


# --- in words and fields ------------------------------------------------------------------------------


def _in_words(it: Claim, standing: Standing | None) -> str:
    if standing is None:
        return it.text
    return (
        f"{it.text}\n\nA claim, {standing.status} as of {standing.as_of}: {standing.likelihood_words} "
        f"({percent(standing.likelihood)}). The evidence base is {standing.confidence}. By the policy "
        f"{standing.policy}."
    )


def _confidence(it: Standing) -> Object:
    """How sure the tracker is that it holds: the likelihood, by the DNI scale, whose words it shares."""
    labels = [likelihood_tag(it.likelihood_words), confidence_tag(it.confidence), f"claim:{it.status}"]
    return {"confidence": number_of("dni", it.likelihood_words), "labels": labels}


def _standing(it: Standing) -> Object:
    return {
        "status": it.status.value,
        "likelihood": round(it.likelihood, 6),
        "likelihood_words": it.likelihood_words,
        "confidence_scale": "dni",
        "evidence_base": it.confidence.value,
        "status_as_of": str(it.as_of),
        "policy": it.policy,
    }


def _explained(it: Evidence) -> str:
    """What was said, where and when, and what became of it."""
    parts = [f"\u201c{it.quote}\u201d" if it.quote else "", it.locator or "", it.note or ""]
    parts.insert(0, f"published {it.published.words}" if it.published else "")
    if it.withdrawn is not None:
        when = f" on {it.withdrawn_on}" if it.withdrawn_on else ""
        parts.append(f"withdrawn ({it.withdrawn}){when}: {it.withdrawn_reason or 'no reason given'}")
    return "; ".join(part for part in parts if part)


def _bare(record: Entity | Document) -> Object:
    return {name: value for name, value in fields_of(record).items() if name != "act"}


def _outside(id_: str) -> Object:
    """An id elsewhere. Those of CVE and CAPEC the standard wants to be called so."""
    return {"source_name": _list_of(id_) or "known elsewhere as", "external_id": id_}


def _list_of(id_: str) -> str | None:
    return next((name for name, form in _LISTS.items() if form.search(id_)), None)


_LISTS = {"cve": re.compile(r"^CVE-\d{4}-(0\d{3}|[1-9]\d{3,})$"), "capec": re.compile(r"^CAPEC-\d+$")}
_CHARACTER = r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_WEB = re.compile(rf"https?://[A-Za-z0-9.-]+(?::\d+)?(?:[/?]{_CHARACTER}*)?(?:#{_CHARACTER}*)?")
