"""Every reader of the program behind one door: bytes in; what it makes of them, or an error that a user
can mend. For fuzzing (``tests.support.fuzz``)."""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from io import BytesIO
from typing import TYPE_CHECKING

from claims import counts, dates, edtf
from claims.errors import ClaimsError
from claims.lookalikes import twins, unseen
from claims.names import suggest
from claims.policy import policy_from_data
from claims.resolve.methods import method_of
from tests.support.affair import BUNDLE, EVENT
from tests.support.sheets import spreadsheet
from tests.support.tables import MAP, row, table
from tracker.app import maps, rivals, settled
from tracker.formats import (
    attributions,
    casebook,
    csvmap,
    csvtable,
    flights,
    guessing,
    looking,
    mispread,
    monthnames,
    packed,
    stixread,
    tables,
    tomltext,
    xlsxtable,
    zipsafe,
)
from tracker.journal import exchange
from tracker.journal.canonical import canonical
from tracker.journal.entry import Entry
from tracker.journal.merkle import leaf_hash, root_of
from tracker.journal.strict import read_json
from tracker.journal.verify import StoredEntry, verify

if TYPE_CHECKING:
    from collections.abc import Callable

TODAY = date(2026, 11, 22)
DATES = (
    *("23 Nov 2018", "late 2018", "a few weeks after then", "between May 2012 and 3 June 2013", "03/04/2018"),
    *("2018-11-23T10:00:00Z", "[2018-09..2018-12]", "156X-12-25", "Y-17E7S3", "2004-06-~01/2004-06-~20"),
    *("two days ago", "mid-1990s", "week 3 of 2019", "the first half of May 2012", "since 2011", "yesterday"),
)
COUNTS = ("12", "10-15", "about 40", "at least 1,000", "fewer than 3", "12 (10-15)", "more than 64 %")
NAMES = ("Amadou Kouffa", "al-Qa'ida", "R\u0435uters", "محمد الأمين", "Le Monde | Gazette", "MNLA")
BOOK = """casebook: 1
case: {key: a, title: "An affair", policy: majority@1}
sources:
  post: {name: Harbour Post, type: outlet, sides: [town], grades: [{grade: B, reason: long known}]}
documents:
  page: {title: A page, publisher: post, published: 2 May 2012, sha256: "%s"}
claims:
  closed:
    text: |
      The bridge is closed
    kind: event
    when: {edtf: 2012-05, words: May 2012}
    evidence:
    - {source: post, stance: supports, document: page, quote: 'It''s "shut"', credibility: 2}
    - {source: post, stance: denies, withdrawn: {mistake: yes, reason: x}}
  open: {text: It is open, kind: event}
links: [{claim: open, relation: contradicts, to: closed, reason: one or the other}]
assessments: [{claim: closed, status: confirmed, likelihood: 90%%, reason: seen}]
""" % ("0f" * 32)
ENTRY = Entry(
    *(7, 7, "2024-01-01T00:00:00.000000Z", "ann", "claim.recorded", "raid", "why", {"text": "é", "n": [1]})
)


def sealed(*bodies: bytes) -> bytes:
    """The bytes of entries as the file of a journal that verifies, whatever they say."""
    root = root_of(leaf_hash(body) for body in bodies).hex()
    head = {exchange.FORMAT: 1, "origin": "theirs", "size": len(bodies), "root": root, "checkpoint": None}
    return b"".join(line + b"\n" for line in (canonical(head), *bodies))


JOURNAL = sealed(*(replace(ENTRY, seq=seq, batch=1).body for seq in (1, 2, 3)))
FLIGHT = (
    b"site\tXY-12-AAA-BBB\t3/4/2015 9:05 PM\t2015-03-04 21:07\tTerminal 2 - Gate B 7\t\t23:59 Mar 4\tTBD\n"
)
ATTRIBUTION = (
    '{"t": "2020-01-02T10:00:00Z", "commit": "a", "event": "change", "actor": "x", "name": "Grey Heron", '
    '"field": "country", "old": null, "new": "NO"}\n'
)
ROWS = table(row("it", "one", "for", link="https://x.example/1"), row("ferry", "two", "against", "late 2018"))
VALUES = csvmap.read_map('holds = "values"\n[columns]\nitem = "i"\nsource = "s"\nvalue = "v"\n', "values")


@dataclass(frozen=True, slots=True)
class Reader:
    """What reads, sound examples of what it reads, and the errors that it may raise."""

    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    may_raise: tuple[type[Exception], ...] = (ClaimsError,)


def text(data: bytes) -> str:
    """Bytes as a command line holds them: what is no UTF-8 stays in the text as halves of characters."""
    return data.decode("utf-8", "surrogateescape")


def _utf8(*seeds: str) -> tuple[bytes, ...]:
    return tuple(seed.encode() for seed in seeds)


def _json(*seeds: object) -> tuple[bytes, ...]:
    return tuple(json.dumps(seed).encode() for seed in seeds)


def _stored(data: bytes) -> object:
    body = data.decode("utf-8", "surrogateescape")
    copied = (7, 7, ENTRY.recorded_at, "ann", "claim.recorded", "raid", body, "00" * 32)
    return verify([StoredEntry(*copied)], (1, ""), [""])


def _policy(data: bytes) -> object:
    policy = policy_from_data(read_json(data), "ours.json")
    return method_of(policy.rule)


def _names(data: bytes) -> object:
    name = text(data)
    return (
        unseen(name),
        twins([("a", name)], [("b", "Reuters")]),
        suggest(name, [("k", "Kouffa"), ("m", name)]),
    )


def _gold(data: bytes) -> object:
    file = (data, "rivals.csv")
    return rivals.resolve_values([file], [file], VALUES)


def _guessed(form: str) -> Callable[[bytes], object]:
    """Reads a table as it is read where nobody gives a map."""

    def read(data: bytes) -> object:
        looked = looking.look(io.BytesIO(data), "x", form)
        if looked.holds_acts:
            return list(tables.acts(io.BytesIO(data), "x", form))
        ours = guessing.guess(looked, "x", sheet=form != "jsonl")
        csvmap.read_map(guessing.map_text(ours), "ours")
        return list(maps.stream_table(io.BytesIO(data), ours, "x", None, form))

    return read


LINES = b"""{"act": "source", "name": "Post", "sides": ["one"], "grades": [["A", "why"]]}
{"act": "claim", "text": "It rained.", "when": "yesterday", "when_edtf": "2012-05-13", "ongoing": true}
"""
OBJECTS = b'{"claim": "It rained.", "source": {"name": "Post"}, "stance": "for", "n": [1.10, null]}\n' * 3
ACT_ROWS = b"""act,name,text,note\nsource,Post,,'=1\nclaim,,It rained.,""" b'"""a\\u0001"""\n'


def _policies() -> tuple[bytes, ...]:
    folder = files("tracker") / "policies"
    return tuple(each.read_bytes() for each in folder.iterdir() if each.name.endswith(".json"))


def _maps() -> tuple[bytes, ...]:
    folder = files("tracker") / "maps"
    return (MAP.encode(), *(each.read_bytes() for each in folder.iterdir() if each.name.endswith(".toml")))


@cache
def readers() -> dict[str, Reader]:
    """Every reader by its name; that of spreadsheets only where openpyxl is installed."""
    ours = csvmap.read_map(MAP, "ours")
    plain = _utf8("a,b\n1,2\n", 'a;b\n"x ""y""\nz",2\n')
    found = {
        "casebook": Reader(lambda data: casebook.read(text(data), "book.yaml"), _utf8(BOOK)),
        "table": Reader(csvtable.read, (*plain, ROWS, ROWS.decode().encode("utf-16"))),
        "table by a map": Reader(lambda data: maps.read_table(data, ours, "rows.csv"), (ROWS,)),
        "table of acts": Reader(_guessed("csv"), (ACT_ROWS, ROWS)),
        "JSON Lines": Reader(_guessed("jsonl"), (LINES, OBJECTS)),
        "packed": Reader(
            lambda data: packed.opened(io.BytesIO(data), "x", 1_000_000).read(),
            (gzip.compress(ROWS, mtime=0), ROWS),
        ),
        "month": Reader(lambda data: monthnames.in_english(text(data), "ru"), _utf8(*DATES), ()),
        "settled claims": Reader(lambda data: settled.settled_claims(data, ours, "x.csv", TODAY), (ROWS,)),
        "rival values": Reader(_gold, _utf8("i,s,v\nq,a,1\nq,b,2\nr,a,3\n")),
        "map": Reader(lambda data: csvmap.read_map(text(data), "ours"), _maps()),
        "settings": Reader(
            lambda data: tomltext.read_toml(text(data), "config.toml", "mend it"),
            _utf8('db = "x.db"\nauthor = "a"\ndayfirst = true\n'),
        ),
        "flights": Reader(lambda data: flights.read(data, "f.txt"), (FLIGHT * 3,)),
        "true flights": Reader(lambda data: flights.read(data, "f.txt", truth=True), (FLIGHT[5:] * 3,)),
        "policy": Reader(_policy, _policies(), (ClaimsError, ValueError)),
        "JSON": Reader(read_json, (ENTRY.body, b'[1.5e3, "\\ud83d\\ude00", {"a": null}]'), (ValueError,)),
        "entry": Reader(Entry.from_body, (ENTRY.body,), (ValueError,)),
        "journal": Reader(lambda data: exchange.read(data, "theirs.jsonl"), (JOURNAL,)),
        "stored entry": Reader(_stored, (ENTRY.body,), ()),
        "date": Reader(
            lambda data: dates.parse(text(data), today=TODAY, dayfirst=True, anchors=lambda _: None),
            _utf8(*DATES),
        ),
        "EDTF": Reader(lambda data: edtf.read(text(data)), _utf8(*DATES)),
        "count": Reader(lambda data: counts.check_count(text(data)), _utf8(*COUNTS)),
        "name": Reader(_names, _utf8(*NAMES), ()),
        "STIX": Reader(lambda data: list(stixread.read(BytesIO(data), "x.json", {})), _json(BUNDLE)),
        "MISP": Reader(lambda data: list(mispread.read(BytesIO(data), "x.json", {})), _json(EVENT)),
        "attributions": Reader(
            lambda data: list(attributions.read(BytesIO(data), "x.jsonl", {})), _utf8(ATTRIBUTION * 2)
        ),
        "zip": Reader(lambda data: zipsafe.members(data, "x.zip"), _spreadsheets()),
    }
    if find_spec("openpyxl"):
        found["spreadsheet"] = Reader(lambda data: xlsxtable.read(data, "x.xlsx"), _spreadsheets())
    return found


def _spreadsheets() -> tuple[bytes, ...]:
    if find_spec("openpyxl"):
        return (spreadsheet(("a", "b"), ("one", 1.5), (TODAY, None)), spreadsheet(("a",), ("=1+1",), (True,)))
    return (b"PK\x05\x06" + bytes(18),)


SIGNS: tuple[bytes, ...] = (
    *(b"\x00", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xff\xfe", b"\x1f\x8b", b"PK\x03\x04"),
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b'"',
        b"'",
        b",",
        b";",
        b":",
        b"\n",
        b"\r",
        b"\t",
        b"\\",
        b"\\u0000",
        b"\\ud800",
    ),
    *(b"-", b"--- ", b"&a ", b"*a", b"!!str ", b"<<: ", b"|", b">", b"#", b"~", b"null", b"true", b"NaN"),
    *(b"0", b"-0", b"1e400", b"-1", b"9" * 30, b"9" * 5_000, b"9007199254740993", b"Infinity", b"0x1F"),
    *(
        b"2018-02-30",
        b"0000",
        b"9999",
        b"X",
        b"~",
        b"?",
        b"%",
        b"..",
        b"/",
        b"T24:00",
        b"ago",
        b"after",
        b"S1",
    ),
    *(
        "\u202e".encode(),
        "\u200b".encode(),
        "\u0661".encode(),
        "½".encode(),
        "\u017f".encode(),
        "İ".encode(),
        b"\x1b[",
    ),
    json.dumps({"a": {"a": [[]]}}).encode(),
)
"""What breaks readers, to be put anywhere."""
