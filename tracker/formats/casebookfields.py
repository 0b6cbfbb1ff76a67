"""What a casebook may hold: its sections and fields, the form of each, its words, and what it means.

The reader, the JSON Schema and the pages all go by these tables.
"""

from __future__ import annotations

from claims import vocabulary as v

VERSION = "1"

TEXT, FLAG, TEXTS, DATE = "text", "flag", "list", "date"
WITHDRAWAL, GRADES, EVIDENCE = "withdrawal", "grades", "evidence"

KEYED = ("sources", "entities", "documents", "questions", "claims")
LISTED = ("links", "assessments")
"""Sections that are mappings by key, and those that are lists."""

FIELDS: dict[str, dict[str, str]] = {
    "case": {
        "key": TEXT,
        "title": TEXT,
        "about": TEXT,
        "policy": TEXT,
        "rules-off": TEXTS,
        "needs-approval": FLAG,
    },
    "sources": {
        "name": TEXT,
        "type": TEXT,
        "sides": TEXTS,
        "owner": TEXT,
        "reliability": TEXT,
        "url": TEXT,
        "note": TEXT,
        "grades": GRADES,
    },
    "entities": {
        "name": TEXT,
        "type": TEXT,
        "aliases": TEXTS,
        "wikidata": TEXT,
        "note": TEXT,
        "merged-into": TEXT,
    },
    "documents": {
        "title": TEXT,
        "publisher": TEXT,
        "author": TEXT,
        "url": TEXT,
        "published": DATE,
        "sha256": TEXT,
        "note": TEXT,
    },
    "questions": {"text": TEXT, "exactly-one": FLAG, "counted": TEXT, "cumulative": FLAG},
    "claims": {
        "text": TEXT,
        "kind": TEXT,
        "subject": TEXT,
        "value": TEXT,
        "when": DATE,
        "where": TEXT,
        "question": TEXT,
        "case": TEXT,
        "lang": TEXT,
        "external-id": TEXT,
        "ongoing": FLAG,
        "note": TEXT,
        "evidence": EVIDENCE,
    },
    "evidence": {
        "key": TEXT,
        "source": TEXT,
        "stance": TEXT,
        "published": DATE,
        "document": TEXT,
        "locator": TEXT,
        "quote": TEXT,
        "credibility": TEXT,
        "basis": TEXT,
        "side": TEXT,
        "relays": TEXT,
        "note": TEXT,
        "withdrawn": WITHDRAWAL,
    },
    "links": {
        "claim": TEXT,
        "relation": TEXT,
        "to": TEXT,
        "rule": TEXT,
        "reason": TEXT,
        "state": TEXT,
        "resolution": TEXT,
    },
    "assessments": {
        "claim": TEXT,
        "status": TEXT,
        "likelihood": TEXT,
        "by": TEXT,
        "on": TEXT,
        "reason": TEXT,
        "proposed": FLAG,
    },
    "withdrawn": {"by-source": TEXT, "mistake": FLAG, "reason": TEXT},
    "grades": {"grade": TEXT, "reason": TEXT},
    "date": {"edtf": TEXT, "words": TEXT},
}
"""What each part of a casebook may hold, and in what form. Names are those of the record."""

REQUIRED: dict[str, tuple[str, ...]] = {
    "case": ("key",),
    "sources": ("name",),
    "entities": ("name",),
    "documents": ("title",),
    "questions": ("text",),
    "claims": ("text",),
    "evidence": ("source", "stance"),
    "links": ("claim", "relation", "to", "reason"),
    "assessments": ("claim", "status", "reason"),
    "withdrawn": ("reason",),
    "grades": ("grade",),
    "date": ("edtf",),
}

SINGULAR = {
    "sources": "a source",
    "entities": "an entity",
    "documents": "a document",
    "questions": "a question",
    "claims": "a claim",
    "links": "a link",
    "assessments": "an assessment",
    "evidence": "evidence",
    "case": "the case",
    "withdrawn": "a withdrawal",
    "grades": "a grade",
    "date": "a date",
}
"""What an item of each section is, for messages."""

WORDS: dict[tuple[str, str], tuple[str, ...]] = {
    place: tuple(term.value for term in terms)
    for place, terms in {
        ("sources", "type"): v.SourceType,
        ("sources", "reliability"): v.Reliability,
        ("entities", "type"): v.EntityType,
        ("claims", "kind"): v.Kind,
        ("evidence", "stance"): v.Stance,
        ("evidence", "credibility"): v.Credibility,
        ("evidence", "basis"): v.Basis,
        ("evidence", "side"): v.Side,
        ("links", "relation"): v.Relation,
        ("links", "state"): (v.LinkState.OPEN, v.LinkState.RESOLVED),
        ("assessments", "status"): v.Status,
        ("grades", "grade"): v.Reliability,
    }.items()
}
"""The fields that hold one word of a closed list, by section and name, with the words."""

SECTIONS: dict[str, str] = {
    "case": "One case; all claims of the file belong to it unless they name another.",
    "sources": "By key: who speaks.",
    "entities": "By key: people, groups, places and incidents.",
    "documents": "By key: what was published.",
    "questions": "By key: what rival claims answer.",
    "claims": "By key: what is claimed.",
    "evidence": "A list inside a claim: who says what of it.",
    "links": "A list: what one claim is to another.",
    "assessments": "A list: people's own verdicts.",
    "withdrawn": "Inside a piece of evidence; give one of the first two.",
    "grades": "A list inside a source: all its grades, oldest first, the last the same as `reliability`.",
    "date": "Where a date must mean the same on whatever day the file is read.",
}
WHAT = {
    ("sources", "type"): "a source type",
    ("sources", "reliability"): "a reliability grade",
    ("entities", "type"): "an entity type",
    ("claims", "kind"): "a kind of claim",
    ("evidence", "stance"): "a stance",
    ("evidence", "credibility"): "a credibility (1 to 6)",
    ("evidence", "basis"): "a basis",
    ("evidence", "side"): "a side",
    ("links", "relation"): "a relation",
    ("links", "state"): "a state of a link",
    ("assessments", "status"): "a status",
    ("grades", "grade"): "a reliability grade",
}
"""What a word of each of these lists is, for messages."""

NAMED = {
    ("documents", "publisher"): "sources",
    ("evidence", "source"): "sources",
    ("evidence", "relays"): "sources",
    ("claims", "subject"): "entities",
    ("claims", "value"): "entities",
    ("claims", "where"): "entities",
    ("entities", "merged-into"): "entities",
    ("evidence", "document"): "documents",
    ("claims", "question"): "questions",
    ("links", "claim"): "claims",
    ("links", "to"): "claims",
    ("assessments", "claim"): "claims",
}
"""The fields that name a record, with the section in which those are."""

MEANINGS: dict[str, dict[str, str]] = {
    "case": {
        "key": "its key; never changes",
        "title": "what it is called",
        "about": "what it is about",
        "policy": "the [policy](policies.md) that resolves its claims, `none` for the tracker's own",
        "rules-off": "the [contradiction rules](resolver.md#ties-and-leaning) that are switched off in it",
        "needs-approval": "whether [a second person](team.md#a-second-person) must approve assessments in it",
    },
    "sources": {
        "name": "what it is called",
        "type": "see [source types](vocabulary.md#source); `other` unless given",
        "sides": "the camps it belongs to, the closest first; the first one decides its line",
        "owner": "who owns or directs it; decides its line before any side does",
        "reliability": "its present Admiralty grade, A to F",
        "url": "where it publishes",
        "note": "anything to remember",
        "grades": "the grades it was given over time; read only when the source is new",
    },
    "entities": {
        "name": "its main name",
        "type": "see [entity types](vocabulary.md#entity); `other` unless given",
        "aliases": "other names and spellings",
        "wikidata": "its Wikidata item",
        "note": "anything to remember",
        "merged-into": "the key of the entity that it in truth is",
    },
    "documents": {
        "title": "its title, or what it is",
        "publisher": "the key of the source that published it",
        "author": "who wrote it",
        "url": "where it is",
        "published": "when it came out",
        "sha256": "the digest of its archived bytes; written by export, not read by import",
        "note": "anything to remember",
    },
    "questions": {
        "text": "the question in words",
        "exactly-one": "whether one of the answers must be right",
        "counted": "for counts: who or what is counted",
        "cumulative": "for counts: whether the number can only grow from one day to the next",
    },
    "claims": {
        "text": "what is claimed, in words",
        "kind": "see [kinds](vocabulary.md#kind); `other` unless given",
        "subject": "the entity it is about: key or name",
        "value": "the answer: an entity, a count or words, as the kind asks",
        "when": "when it happened, or held",
        "where": "the place; an entity's name is recognised",
        "question": "the question that it answers: key, or a new one in words",
        "case": "another case than the file's",
        "lang": "the language of its words (BCP 47)",
        "external-id": "its id elsewhere",
        "ongoing": "whether it is a state that goes on, and can go stale; without it, its kind says so",
        "note": "anything to remember",
        "evidence": "who says what of it",
    },
    "evidence": {
        "key": "its key; made from claim and source unless given",
        "source": "who says it: key or name",
        "stance": "see [stances](vocabulary.md#stance)",
        "published": "when the source said it",
        "document": "the key of the document it was read in",
        "locator": "where in the document; needs a document",
        "quote": "the source's own words; needs a document",
        "credibility": "Admiralty credibility, 1 to 6",
        "basis": "how the source knows",
        "side": "whose side it serves",
        "relays": "the source, or the evidence on the same claim, that it merely passes on",
        "note": "anything to remember",
        "withdrawn": "that it was taken back",
    },
    "links": {
        "claim": "the key of the one claim",
        "relation": "see [relations](vocabulary.md#link)",
        "to": "the key of the other claim",
        "rule": "the rule that found it, if no person made it; only what was resolved of these is written",
        "reason": "why",
        "state": "`resolved` where it no longer holds",
        "resolution": "why it no longer holds",
    },
    "assessments": {
        "claim": "the key of the claim",
        "status": "the verdict, one of the [statuses](vocabulary.md#status)",
        "likelihood": "a probability: `0.8` or `80%`",
        "by": "whose verdict; the one who imports unless given",
        "on": "of which day; the day of import unless given",
        "reason": "why",
        "proposed": "`true` where it waits for a second person",
    },
    "withdrawn": {
        "by-source": "the day on which the source took it back",
        "mistake": "`true` where it was our own error",
        "reason": "why",
    },
    "grades": {
        "grade": "A to F",
        "reason": "why",
    },
    "date": {
        "edtf": "the value in EDTF",
        "words": "the words as the source had them",
    },
}
