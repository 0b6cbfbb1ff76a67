"""MISP out: an event for each case, with an object for each claim, piece of evidence, source and verdict, and
the tags of the taxonomies admiralty-scale and estimative-language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from claims.vocabulary import Kind
from tracker.formats.confidence import confidence_tag, credibility_tag, likelihood_tag, reliability_tag
from tracker.formats.mispparts import attributes_of, epoch, misp_object, tag
from tracker.formats.stixparts import Ids
from tracker.formats.wholly import fields_of
from tracker.report.words import percent

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from claims.model import Assessment, Claim, Evidence
    from tracker.report.extract import Extract, Moments, Portion
    from tracker.report.standing import Standing

    Object = dict[str, Any]

OPINIONS = {
    "confirmed": 95,
    "corroborated": 75,
    "unverified": 50,
    "disputed": 50,
    "doubtful": 25,
    "refuted": 5,
    "retracted": 25,
    "superseded": 25,
}
"""The number of an opinion for a verdict without a likelihood: the middle of one of MISP's five bands."""


def write(extract: Extract, options: Mapping[str, str]) -> Iterator[str]:
    """The events, one a line."""
    events = _Events(extract, options.get("producer"))
    for portion in extract.portions():
        events.take(portion)
    yield '{"response": [\n'
    yield ",\n".join(json.dumps({"Event": each}, ensure_ascii=False) for each in events.made())
    yield "\n]}\n"


class _Events:
    """Gathers the objects of each case."""

    def __init__(self, extract: Extract, producer: str | None) -> None:
        self.extract = extract
        self.ids = Ids(extract.origin)
        founded = extract.founded
        self.begun = founded.first if founded else f"{extract.made:%Y-%m-%dT%H:%M:%S}.000000Z"
        self.producer = producer or (founded.author if founded else "") or "tracker"
        self.objects: dict[str, dict[str, Object]] = {}
        self.newest: dict[str, str] = {}
        self.titles: dict[str, str] = {}
        self.times: Moments = {}
        self.portion: Portion | None = None

    def take(self, portion: Portion) -> None:
        """Take in some claims."""
        self.portion, self.times = portion, self.extract.moments(portion)
        pieces: dict[str, list[Evidence]] = {}
        for piece in portion.evidence.values():
            pieces.setdefault(piece.claim, []).append(piece)
        for key, claim in portion.claims.items():
            case = claim.case or ""
            held = self.objects.setdefault(case, {})
            made = [*self._around(claim, pieces.get(key, []))]
            made.append(self._claim(claim, portion.standings.get(key)))
            made += [self._evidence(piece) for piece in pieces.get(key, ())]
            made += [self._verdict(it) for it in portion.assessments.get(key, ()) if it.in_force]
            links = (it for it in portion.links.values() if it.claim == key)
            made += [self._record("link", it.key, fields_of(it)) for it in links]
            held.update({each["uuid"]: each for each in made})

    def made(self) -> Iterator[Object]:
        """The events, when all is taken in."""
        for case, objects in self.objects.items():
            newest = self.newest.get(case, self.begun)
            yield {
                "uuid": self.ids.uuid("misp", "event", case),
                "info": self.titles.get(case, "Claims in no case"),
                "date": newest[:10],
                "timestamp": epoch(newest),
                "threat_level_id": "4",
                "analysis": "1",
                "distribution": "0",
                "published": False,
                "Orgc": {"name": self.producer, "uuid": self.ids.uuid("misp", "organisation")},
                "Tag": [],
                "Attribute": [],
                "Object": list(objects.values()),
            }

    def _at(self, word: str, key: str) -> str:
        found = self.times.get((word, key))
        return found.last if found else self.begun

    def _uuid(self, word: str, key: str) -> str:
        return self.ids.uuid("misp", word, key)

    def _record(self, word: str, key: str, fields: Mapping[str, Any]) -> Object:
        id_, at = self._uuid(word, key), self._at(word, key)
        return misp_object(word, id_, at, attributes_of(id_, at, {"key": key, **fields}))

    def _around(self, claim: Claim, pieces: list[Evidence]) -> Iterator[Object]:
        """What a claim and its evidence refer to, each in the event of its case."""
        portion = self.portion
        assert portion is not None
        if claim.case and claim.case in portion.cases:
            case = portion.cases[claim.case]
            self.titles[claim.case] = case.title or case.key
            yield self._record("case", case.key, fields_of(case))
        entities = [claim.subject, claim.value_entity, claim.where_entity]
        while entities:
            key = entities.pop()
            if key is not None and (entity := portion.entities.get(key)) is not None:
                yield self._record("entity", entity.key, fields_of(entity))
                entities.append(entity.merged_into)
        if claim.question is not None:
            yield self._record("question", claim.question, fields_of(portion.questions[claim.question]))
        read_in = (portion.documents.get(it.document or "") for it in pieces)
        documents = [each for each in read_in if each is not None]
        sources = [*(it.source for it in pieces), *(it.relays for it in pieces)]
        for source in [*sources, *(it.publisher for it in documents)]:
            if source in portion.sources:
                yield self._source(str(source))
        for document in documents:
            yield self._record("document", document.key, fields_of(document))

    def _source(self, key: str) -> Object:
        assert self.portion is not None
        it = self.portion.sources[key]
        made = self._record("source", key, fields_of(it, self.portion.grades.get(key, ())))
        if it.reliability is not None:
            tag(made["Attribute"], "name", reliability_tag(it.reliability))
        return made

    def _claim(self, it: Claim, standing: Standing | None) -> Object:
        at = max(self._at("claim", it.key), self._at("status", it.key))
        case = it.case or ""
        self.newest[case] = max(self.newest.get(case, at), at)
        made = self._record("claim", it.key, fields_of(it))
        made["timestamp"] = epoch(at)
        for each in made["Attribute"]:
            if it.kind is Kind.ATTRIBUTION and each["object_relation"] == "value":
                each |= {"type": "threat-actor", "category": "Attribution"}
        if standing is not None:
            tags = (likelihood_tag(standing.likelihood_words), confidence_tag(standing.confidence))
            tag(made["Attribute"], "text", *tags)
            made["comment"] = (
                f"{standing.status} as of {standing.as_of}: {standing.likelihood_words} "
                f"({percent(standing.likelihood)}); evidence base {standing.confidence}; {standing.policy}"
            )
        assert self.portion is not None
        verdicts = [each for each in self.portion.assessments.get(it.key, ()) if each.in_force]
        if verdicts:
            made["Opinion"] = [self._opinion(each, made["uuid"]) for each in verdicts]
        return made

    def _evidence(self, it: Evidence) -> Object:
        assert self.portion is not None
        at = self._at("evidence", it.key)
        case = self.portion.claims[it.claim].case or ""
        self.newest[case] = max(self.newest.get(case, at), at)
        made = self._record("evidence", it.key, fields_of(it))
        reliability = self.portion.sources[it.source].reliability
        tags = [reliability_tag(reliability)] if reliability is not None else []
        tags += [credibility_tag(it.credibility)] if it.credibility is not None else []
        tag(made["Attribute"], "stance", *tags)
        made["ObjectReference"] = [
            {
                "uuid": self._uuid("reference", it.key),
                "object_uuid": made["uuid"],
                "referenced_uuid": self._uuid("claim", it.claim),
                "relationship_type": it.stance.value,
                "comment": "",
            }
        ]
        return made

    def _verdict(self, it: Assessment) -> Object:
        fields = fields_of(it) | {"opinion": self._uuid("opinion", it.key)}
        return self._record("assessment", it.key, fields)

    def _opinion(self, it: Assessment, claim: str) -> Object:
        """A verdict as an opinion of 0 to 100, which is what MISP shows of it."""
        likelihood = None if it.likelihood is None else round(it.likelihood * 100)
        at = f"{it.made_on} 00:00:00"
        return {
            "uuid": self._uuid("opinion", it.key),
            "object_uuid": claim,
            "object_type": "Object",
            "opinion": OPINIONS[it.status] if likelihood is None else likelihood,
            "comment": f"{it.status}: {it.reason}" if it.reason else f"{it.status}",
            "authors": it.author,
            "created": at,
            "modified": at,
            "distribution": "0",
        }
