"""A made-up affair that has something of everything a casebook can hold, for formats that others read; and
what a bundle or an event of other people looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from random import Random

AFFAIR = """\
casebook: 1
case: {key: blast, title: The blast at the depot, about: Who did it., policy: majority@1,
  rules-off: [two-dates]}
sources:
  ministry:
    name: Ministry of the Interior
    type: government
    sides: [government, coalition]
    owner: the state
    reliability: B
    url: https://ministry.test/
    note: Speaks on Mondays.
    grades: [{grade: C, reason: new here}, {grade: B, reason: long known}]
  gazette: {name: The Gazette, type: outlet, reliability: F}
  brigade: {name: The Brigade, type: armed-group, sides: [brigade]}
entities:
  blast: {name: The blast, type: incident, wikidata: Q1}
  brigade: {name: The Brigade, type: group, aliases: [Brigade 7, B7], note: Five people.}
  old-brigade: {name: The old Brigade, type: group, merged-into: brigade}
  state: {name: The Northern State, type: other}
  major: {name: The major, type: person}
  depot: {name: The depot, type: place, note: By the river.}
documents:
  page:
    title: Blast at the depot
    publisher: gazette
    author: A. Reporter
    url: https://gazette.test/1
    published: 12 May 2012
    note: Front page.
  letter: {title: A letter, published: {edtf: 2012-05-14, words: on Monday}}
questions:
  who: {text: Who blew up the depot?, exactly-one: true}
  toll: {text: How many died?, counted: people, cumulative: true}
claims:
  by-brigade:
    text: The Brigade blew up the depot.
    kind: attribution
    subject: blast
    value: The Brigade
    when: 11 May 2012
    where: The depot
    question: who
    lang: en
    note: The first account.
    evidence:
      - {source: ministry, stance: supports, published: 12 May 2012, credibility: 2, basis: inferred,
         document: page, locator: p. 1, quote: "It was the Brigade, they say."}
      - {source: brigade, stance: denies, published: a few days after by-brigade, side: for-own-side,
         credibility: 6}
      - {source: gazette, stance: mentions, published: 12 May 2012, relays: ministry, document: page}
      - {source: gazette, stance: doubts, published: 13 May 2012, credibility: 4, note: An editorial.,
         withdrawn: {by-source: 20 May 2012, reason: corrected}}
  by-state:
    text: The Northern State is behind the Brigade.
    kind: attribution
    subject: brigade
    value: The Northern State
    external-id: "https://elsewhere.test/9"
    evidence:
      - {key: by-state.slip, source: gazette, stance: supports, withdrawn: {mistake: true, reason: misread}}
  by-others:
    text: Others blew up the depot.
    kind: event
    subject: blast
    value: persons unknown
    question: who
  toll-5: {text: Five died., kind: count, value: "5", question: toll,
    evidence: [{source: ministry, stance: supports, published: {edtf: 2012-05-13, words: last Sunday},
      document: letter}]}
  major-there: {text: The major was at the depot., kind: location, subject: major, value: The depot,
    ongoing: false}
  bad-luck: {text: It was bad luck.}
links:
  - {claim: by-others, relation: contradicts, to: by-brigade, reason: one or the other}
  - {claim: bad-luck, relation: refines, to: by-others, reason: so it seemed, state: resolved,
     resolution: it is not}
assessments:
  - {claim: by-brigade, status: confirmed, likelihood: "0.9", by: ann, on: "2012-06-01", reason: seen it}
  - {claim: bad-luck, status: refuted, by: bob, on: "2012-06-02", reason: no}
"""

BUNDLE: dict[str, Any] = {
    "type": "bundle",
    "id": "bundle--00000000-0000-4000-8000-000000000000",
    "objects": [
        {
            "type": "identity",
            "id": "identity--00000000-0000-4000-8000-000000000001",
            "name": "Harbour CERT",
            "identity_class": "organization",
            "sectors": ["government"],
        },
        {
            "type": "threat-actor",
            "id": "threat-actor--00000000-0000-4000-8000-000000000002",
            "name": "Grey Heron",
            "aliases": ["Heron", "Grey Heron"],
        },
        {
            "type": "identity",
            "id": "identity--00000000-0000-4000-8000-000000000003",
            "name": "The Northern State",
        },
        {
            "type": "relationship",
            "id": "relationship--00000000-0000-4000-8000-000000000004",
            "created": "2020-03-01T10:00:00.000Z",
            "modified": "2020-03-01T10:00:00.000Z",
            "created_by_ref": "identity--00000000-0000-4000-8000-000000000001",
            "relationship_type": "attributed-to",
            "source_ref": "threat-actor--00000000-0000-4000-8000-000000000002",
            "target_ref": "identity--00000000-0000-4000-8000-000000000003",
            "description": "By its tools.",
            "start_time": "2019-01-01T00:00:00Z",
            "stop_time": "2019-12-31T00:00:00Z",
            "confidence": 75,
        },
        {
            "type": "note",
            "id": "note--00000000-0000-4000-8000-000000000005",
            "created": "2020-03-02T10:00:00.000Z",
            "modified": "2020-03-02T10:00:00.000Z",
            "authors": ["Jo Doe"],
            "abstract": "It sleeps at weekends.",
            "content": "Nothing was ever seen of it on a Sunday.",
            "lang": "en",
            "object_refs": ["threat-actor--00000000-0000-4000-8000-000000000002"],
            "external_references": [
                {
                    "source_name": "blog",
                    "url": "https://blog.test/1",
                    "hashes": {"SHA-256": "0F" * 32},
                }
            ],
        },
        {
            "type": "opinion",
            "id": "opinion--00000000-0000-4000-8000-000000000006",
            "created": "2020-04-01T10:00:00.000Z",
            "modified": "2020-04-01T10:00:00.000Z",
            "created_by_ref": "identity--00000000-0000-4000-8000-000000000001",
            "authors": ["Kim"],
            "opinion": "strongly-disagree",
            "explanation": "We saw it on two.",
            "confidence": 92,
            "object_refs": ["note--00000000-0000-4000-8000-000000000005"],
        },
        {
            "type": "indicator",
            "id": "indicator--00000000-0000-4000-8000-000000000007",
            "name": "heron.test",
            "description": "Where it calls home.",
        },
        {
            "type": "sighting",
            "id": "sighting--00000000-0000-4000-8000-000000000008",
            "created": "2020-05-01T10:00:00.000Z",
            "modified": "2020-05-01T10:00:00.000Z",
            "sighting_of_ref": "indicator--00000000-0000-4000-8000-000000000007",
            "where_sighted_refs": ["identity--00000000-0000-4000-8000-000000000001"],
            "last_seen": "2020-04-30T23:00:00Z",
            "count": 3,
        },
        {
            "type": "report",
            "id": "report--00000000-0000-4000-8000-000000000009",
            "name": "On herons",
            "created_by_ref": "identity--00000000-0000-4000-8000-000000000001",
            "published": "2020-03-05T00:00:00Z",
            "object_refs": ["relationship--00000000-0000-4000-8000-000000000004"],
        },
    ],
}
"""A bundle of other people, with one of each kind of object that is read."""

EVENT: dict[str, Any] = {
    "Event": {
        "uuid": "00000000-0000-4000-8000-000000000010",
        "info": "Grey Heron calls home",
        "date": "2020-03-01",
        "Orgc": {"name": "Harbour CERT", "uuid": "00000000-0000-4000-8000-000000000011"},
        "Attribute": [
            {
                "uuid": "00000000-0000-4000-8000-000000000012",
                "type": "threat-actor",
                "value": "Grey Heron",
                "comment": "By its tools.",
                "timestamp": "1583107200",
                "Tag": [
                    {"name": 'admiralty-scale:source-reliability="b"'},
                    {"name": 'admiralty-scale:information-credibility="2"'},
                    {"name": 'estimative-language:likelihood-probability="very-likely"'},
                    {"name": 'estimative-language:confidence-in-analytic-judgment="moderate"'},
                    {"name": "tlp:green"},
                ],
                "Opinion": [
                    {
                        "uuid": "00000000-0000-4000-8000-000000000013",
                        "opinion": "20",
                        "comment": "Others use them too.",
                        "authors": "kim@desk.test",
                        "created": "2020-04-01 10:00:00",
                    }
                ],
            },
            {
                "uuid": "00000000-0000-4000-8000-000000000014",
                "type": "domain",
                "value": "heron.test",
                "Sighting": [
                    {"type": "0", "date_sighting": "1585699200", "Organisation": {"name": "Lake CERT"}},
                    {"type": "1", "date_sighting": "1585785600", "source": "sensor 9"},
                    {"type": "2", "date_sighting": "1585872000", "Organisation": {"name": "Lake CERT"}},
                ],
            },
            {"uuid": "00000000-0000-4000-8000-000000000015", "type": "ip-dst", "value": "192.0.2.1"},
        ],
        "Object": [
            {
                "uuid": "00000000-0000-4000-8000-000000000016",
                "name": "annotation",
                "Attribute": [
                    {"uuid": "00000000-0000-4000-8000-000000000017", "type": "text", "value": "It sleeps."}
                ],
                "Opinion": [{"opinion": 61, "authors": "lee@desk.test", "created": "2020-04-02 10:00:00"}],
            }
        ],
    }
}
"""An event of other people: an attribute with tags and an opinion, one that was seen, one that nobody judged,
and an object with an opinion."""

JUNK: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, 10**30, "", " ", "x", "9" * 400, "\u202e", "2020-13-45", "x--y", [], {}),
    *([None], [[]], [{}], {"": None}, ["x", 1], {"name": 1}, "report--00000000-0000-4000-8000-000000000009"),
)


class Seeds:
    """Values to be spoiled; a name for them that is not as long as they are."""

    def __init__(self, *values: Any) -> None:
        self.all = values


def spoiled(random: Random, value: Any) -> Any:
    """A JSON value with one of its parts, of whatever depth, replaced by junk or left out."""
    places = list(_places(value, ()))
    path = random.choice(places)
    return _put(value, path, random.choice(JUNK), leave_out=random.random() < 0.1)


def _places(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in items:
        yield from _places(each, (*path, name))


def _put(value: Any, path: tuple[Any, ...], junk: Any, *, leave_out: bool) -> Any:
    if not path:
        return junk
    name, *rest = path
    if isinstance(value, dict):
        if leave_out and not rest:
            return {key: each for key, each in value.items() if key != name}
        return value | {name: _put(value[name], tuple(rest), junk, leave_out=leave_out)}
    return [
        _put(each, tuple(rest), junk, leave_out=leave_out) if at == name else each
        for at, each in enumerate(value)
    ]
