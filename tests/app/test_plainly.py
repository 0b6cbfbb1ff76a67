"""Plain claims go by columns, and get what the resolver says of each of them alone, to the last bit."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa
from hypothesis import example, given
from hypothesis import strategies as st

from claims.fewplain import stand
from claims.history import changed_on
from claims.oneplain import Voices, courses_for, is_one, outcomes_alone, stand_alone
from claims.resolve import resolve
from claims.resolve.courses import Courses, courses_of
from claims.resolve.dossier import split
from claims.resolve.plain import KINDS
from claims.resolve.plaintable import NEVER, PlainTable
from claims.resolve.records import fared
from claims.resolve.sheet import Sheet
from claims.resolve.track import Cases, Track
from claims.resolve.verdict import CONFIDENCES, STATUSES
from claims.resolve.worth import Worth
from claims.settling import outcomes_of
from claims.standing import outcomes_of_plain, since_when
from claims.vocabulary import Basis, Kind, Side
from tests.claims.builders import policy, policy_with_records
from tests.support.examples import examples
from tracker.app.plainly import Work
from tracker.app.policies import load_policy
from tracker.app.resolving import Reach, rows_anew, terms_of
from tracker.helper import Helper
from tracker.store import copies, outcomes
from tracker.store import tables as t
from tracker.store.fares import read_fares
from tracker.store.plain import read_cases, read_plain
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine import Connection

    from claims.policy import Policy
    from claims.resolve.plain import PlainFacts
    from claims.resolve.plaintable import Said
    from tracker.app.resolving import Terms

TODAY = date(2024, 3, 15)
SOURCES = ("a", "b", "c", "d", "e")
WORDS = ("they saw the bridge fall at noon", "they saw the bridge fall at dawn", "no", None)
QUESTIONS = {"any": False, "one": True}
"""Questions, and whether one of the answers must be right."""
PICK = st.sampled_from
DAY = st.integers(0, 900).map(lambda days: TODAY - timedelta(days=days))
POLICIES = PICK([policy(), policy_with_records(), load_policy()])


@st.composite
def piece(draw: st.DrawFn) -> dict[str, Any]:
    """A piece of evidence; now and then one that makes its claim no plain one."""
    published = draw(DAY)
    said = draw(PICK([published, published, None]))
    return {
        "source": draw(PICK(SOURCES)),
        "stance": draw(PICK(("supports", "supports", "denies", "doubts", "mentions"))),
        "recorded_on": draw(PICK([TODAY, published])),
        "published_edtf": None if said is None else said.isoformat(),
        "published_latest": said,
        "document": draw(PICK([None, None, "report", "letter"])),
        "quote": draw(PICK(WORDS)),
        "credibility": draw(PICK([None, "1", "3", "5", "6"])),
        "basis": draw(PICK([None, *map(str, Basis)])),
        "side": draw(PICK([None, None, *map(str, Side)])),
        "relays": draw(PICK([None] * 9 + ["a"])),
        "withdrawn": draw(PICK([None] * 9 + ["mistake"])),
    }


@st.composite
def verdict(draw: st.DrawFn) -> dict[str, Any]:
    """A person's verdict, which may be proposed only, approved later, or taken back."""
    made_on = draw(DAY)
    state = draw(PICK(["made", "made", "proposed", "approved", "rejected"]))
    decided = state in ("approved", "rejected")
    return {
        "status": draw(PICK(["confirmed", "confirmed", "refuted", "disputed"])),
        "author": "desk",
        "made_on": made_on,
        "reason": "seen",
        "withdrawn": draw(PICK([False] * 4 + [True])),
        "state": state,
        "decided_by": "head" if decided else None,
        "decided_on": made_on + timedelta(days=draw(st.integers(0, 40))) if decided else None,
    }


@st.composite
def claim(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """A claim with its evidence and what people said of it; some are about one man, whom a report of his
    death ties to the others, and some answer a question."""
    fields = {
        "kind": draw(PICK([str(kind) for kind in Kind])),
        "subject": draw(PICK([None, None, None, "man"])),
        "ongoing": draw(PICK([None, None, True, False])),
        "question": draw(PICK([None, None, *QUESTIONS])),
        "value": draw(PICK([None, None, "12", "North"])),
    }
    pieces = draw(st.lists(piece(), max_size=draw(PICK([7, 7, 7, 12]))))
    return fields, pieces, draw(PICK([[], [], draw(st.lists(verdict(), max_size=3))]))


@st.composite
def answer(draw: st.DrawFn) -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:
    """A claim that answers a question, and that something was said on, of which nothing was taken back."""
    fields = {
        "kind": draw(PICK([str(kind) for kind in Kind])),
        "question": draw(PICK(["any", *QUESTIONS])),
        "ongoing": draw(PICK([None, None, True])),
    }
    pieces = [
        {**each, "relays": None, "withdrawn": None}
        for each in draw(st.lists(piece(), min_size=1, max_size=7))
    ]
    return fields, pieces, draw(PICK([[], [], draw(st.lists(verdict(), max_size=2))]))


CLAIMS = st.one_of(
    st.lists(claim(), min_size=1, max_size=6),
    st.lists(st.one_of(answer(), answer(), claim()), min_size=2, max_size=6),
)


@st.composite
def case(draw: st.DrawFn) -> dict[str, Any]:
    """How a stance of a source fared on a claim that is elsewhere."""
    since = draw(DAY)
    return {
        "source": draw(PICK(SOURCES)),
        "kind": draw(PICK([str(kind) for kind in KINDS[:4]])),
        "sign": draw(PICK([1, -1])),
        "right": draw(st.booleans()),
        "since": since,
        "until": draw(PICK([None, None, since + timedelta(days=90)])),
    }


def put(connection: Connection, claims: list[Any], cases: list[Any]) -> None:
    """All of it into empty tables."""
    grades = ("A", "C", "F", None, "E")
    owners = (None, None, "Group", "Group", None)
    connection.execute(
        sa.insert(t.sources),
        [
            {
                "key": s,
                "name": s,
                "folded": s,
                "type": "outlet",
                "reliability": g,
                "owner": o,
                "withdrawn": False,
            }
            for s, g, o in zip(SOURCES, grades, owners, strict=True)
        ],
    )
    connection.execute(sa.insert(t.source_sides).values(source="e", position=0, side="north"))
    connection.execute(
        sa.insert(t.questions),
        [
            {"key": key, "text": key, "exactly_one": one, "cumulative": False, "withdrawn": False}
            for key, one in QUESTIONS.items()
        ],
    )
    connection.execute(sa.insert(t.entities).values(key="man", name="Man", type="person", withdrawn=False))
    connection.execute(
        sa.insert(t.documents),
        [
            {"key": "report", "title": "What they saw at the bridge", "publisher": "b", "withdrawn": False},
            {"key": "letter", "title": "What they saw at the bridges", "publisher": None, "withdrawn": False},
        ],
    )
    for n, (fields, pieces, verdicts) in enumerate(claims):
        plain = {
            "key": f"c{n}",
            "text": f"Claim {n}",
            "folded": "",
            "withdrawn": False,
            "recorded_at": "",
            "seq": n,
        }
        connection.execute(sa.insert(t.claims).values({**plain, **fields}))
        for at, each in enumerate(pieces):
            connection.execute(sa.insert(t.evidence).values(key=f"c{n}.{at}", claim=f"c{n}", **each))
        for at, each in enumerate(verdicts):
            row = {"key": f"c{n}.judged-{at}", "claim": f"c{n}", "seq": 10 * n + at, **each}
            connection.execute(sa.insert(t.assessments).values(**row))
    elsewhere = {
        "key": "x",
        "text": "x",
        "folded": "",
        "kind": "other",
        "withdrawn": True,
        "recorded_at": "",
        "seq": 0,
    }
    for n, each in enumerate(cases):
        connection.execute(sa.insert(t.claims).values({**elsewhere, "key": f"x{n}", "seq": 100 + n}))
        connection.execute(sa.insert(t.outcomes).values(claim=f"x{n}", evidence="x", **each))


SAID = {
    **dict.fromkeys(("published_edtf", "published_latest", "document", "quote", "credibility")),
    **dict.fromkeys(("side", "relays", "withdrawn")),
    "stance": "denies",
    "basis": "witnessed",
}
JUDGED_LATER = (
    {"kind": "responsibility", "subject": None, "ongoing": None},
    [
        {**SAID, "source": "a", "recorded_on": TODAY - timedelta(days=570)},
        {**SAID, "source": "b", "recorded_on": TODAY - timedelta(days=600), "stance": "doubts"},
    ],
    [
        {
            "status": "confirmed",
            "author": "desk",
            "reason": "seen",
            "withdrawn": False,
            "state": "made",
            "made_on": TODAY - timedelta(days=450),
        }
    ],
)
"""A claim whose settlement bears on the records of those who spoke on it, but never on itself."""

RIGHT_ONCE = {
    "source": "a",
    "kind": "sign-of-life",
    "sign": 1,
    "right": True,
    "since": TODAY - timedelta(days=368),
    "until": None,
}


def rivals_of(number: int, facts: PlainFacts) -> set[str]:
    """The claims that answer the same question as one of some, itself among them; none, if that has none."""
    if facts.question[number] < 0:
        return set()
    return {facts.claims[other] for other in np.flatnonzero(facts.question == facts.question[number])}


@pytest.mark.slow
@example(claims=[JUDGED_LATER], cases=[RIGHT_ONCE], by=load_policy())
@given(claims=CLAIMS, cases=st.lists(case(), max_size=60), by=POLICIES)
@examples(150)
def test_columns_say_what_the_resolver_says(claims: list[Any], cases: list[Any], by: Policy) -> None:
    with copies.in_memory() as connection:
        put(connection, claims, cases)
        reader = Reader(connection)
        keys = {f"c{n}" for n in range(len(claims))}
        facts = read_plain(connection, keys, by, rivals=True)
        plain = list(facts.claims)
        if by.records is not None:
            found = outcomes_of_plain(facts, by, TODAY)
            dossier = reader.dossier(keys, closed=True)
            usual = [fared(each) for each in outcomes_of(dossier, by, TODAY)]
            assert sorted(map(repr, found)) == sorted(repr(each) for each in usual if each.claim in plain)
            outcomes.replace(connection, keys, usual)
        parts = {key: part for part in split(reader.dossier(keys, closed=True)) for key in part.claims}
        table = PlainTable(facts.in_short(), by)
        track = None
        if by.records:
            track = Track(table, Worth(Cases(read_cases(connection), KINDS), by.records))
        every = np.arange(len(plain))
        today = np.full(len(plain), TODAY.toordinal())
        said = table.on(every, today, track)
        since = since_when(table, every, said.status, TODAY, track)
        if by.records is not None:
            accounts = outcomes.read_accounts(connection, SOURCES, keys)
            courses = courses_of(accounts, KINDS, set(table.kind.tolist()))
            added_up = Track(table, Worth(courses, by.records, by_steps=False))
            again = table.on(every, today, added_up)
            assert again.likelihood.tolist() == said.likelihood.tolist()
            assert since_when(table, every, said.status, TODAY, added_up).tolist() == since.tolist()
            read = read_fares(connection, SOURCES), outcomes.read_cases_on(connection, keys)
            at_once = Worth(Courses(*read, KINDS, set(table.kind.tolist())), by.records, by_steps=False)
            track = Track(table, at_once)
        if table.rivalry is None:
            assert in_one_look(table, track) == (shown(said), since.tolist())
        fares = list(outcomes_of_plain(facts, by, TODAY))
        for n in np.flatnonzero(facts.question < 0).tolist():
            here = PlainTable(read_plain(connection, {plain[n]}, by), by)
            assert by_itself(connection, here) == ([each[n] for each in shown(said)], int(since[n]))
            assert sorted(outcomes_alone(here, TODAY)) == sorted(f for f in fares if f.claim == plain[n])
        for n, key in enumerate(plain):
            now = resolve(parts[key], by, TODAY)[key]
            assert set(parts[key].claims) == (rivals_of(n, facts) or {key})
            assert said.likelihood[n] == now.likelihood
            assert STATUSES[said.status[n]] is now.status
            assert CONFIDENCES[said.confidence[n]] is now.confidence
            counted = (said.supporting_lines[n], said.opposing_lines[n], said.evidence[n])
            assert counted == (now.supporting_lines, now.opposing_lines, now.evidence)
            assert said.stale[n] == now.stale
            assert said.changes_on[n] == (now.changes_on.toordinal() if now.changes_on else NEVER)
            changed = changed_on(parts[key], by, key, now)
            assert since[n] == (changed.toordinal() if changed else 0)


def in_one_look(table: PlainTable, track: Track | None) -> tuple[list[Any], list[int]]:
    said, since = stand(table, TODAY, track)
    return shown(said), since


def by_itself(connection: Connection, table: PlainTable) -> tuple[list[Any], int]:
    """What is said of the only claim of a table, and since when."""
    assert is_one(table)
    said, since = stand_alone(table, TODAY, voices_of(connection, table))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("claims.oneplain.CELLS", 7 * len(table.claim))  # few days at a time
        patch.setattr("tracker.store.fares.FEW", 0)
        patch.setattr("tracker.store.fares.MANY", 0)
        voices_of(connection, table)  # which are kept from then on
        again, anew = stand_alone(table, TODAY, voices_of(connection, table))
    assert (shown(again), anew) == (shown(said), since)
    return [column[0] for column in shown(said)], since


def voices_of(connection: Connection, table: PlainTable) -> Voices | None:
    if (numbers := table.policy.records) is None:
        return None
    found = read_fares(connection, SOURCES, keeping=True)
    courses = courses_for(found, int(table.kind[0]), numbers)
    return Voices(table, courses, outcomes.read_cases_on(connection, table.keys), numbers)


def shown(said: Said) -> list[Any]:
    return [getattr(said, field.name).tolist() for field in dataclasses.fields(said)]


@pytest.fixture(scope="module")
def helper() -> Iterator[Helper]:
    with pytest.MonkeyPatch.context() as patch, Helper() as made:
        patch.setattr("tracker.helper.processors", lambda: 2)
        yield made


@given(claims=CLAIMS, cases=st.lists(case(), max_size=60))
@examples(25)
def test_records_of_all_sources_at_once_give_every_claim_what_those_that_were_read_for_it_do(
    helper: Helper, claims: list[Any], cases: list[Any]
) -> None:
    terms = terms_of(load_policy(), "2024-03-15T12:00:00.000000Z", 1)
    with copies.in_memory() as connection, pytest.MonkeyPatch.context() as patch:
        put(connection, claims, cases)
        reader = Reader(connection)
        tied = reader.tied({f"c{n}" for n in range(len(claims))})
        touched = {f"c{n}": n + 2 for n in range(0, len(claims), 2)}
        reached = Reach(touched, tied)
        read = resolved(reader, reached, terms)
        patch.setattr("tracker.app.plainly.FEW", 0)
        patch.setattr("tracker.app.plainly.MANY", 1)
        assert resolved(reader, reached, terms) == read
        assert resolved(reader, reached, terms) == read  # those that are linked by rules by now
        patch.setattr("claims.resolve.rivalry._MARGIN", 2.0)
        assert resolved(reader, reached, terms) == read  # as if all rivals were near a border
        patch.setattr("tracker.helper.ENOUGH", 1)
        assert resolved(reader, reached, terms, helper) == read  # half of them by another process


def resolved(
    reader: Reader, reached: Reach, terms: Terms, helper: Helper | None = None
) -> tuple[list[Any], list[Any]]:
    """The rows of statuses of claims, by key, and the links that rules found between them."""
    rows, _ = rows_anew(reader, reached, {}, terms, Work(helper=helper), keeping=True)
    assert helper is None or helper.pid is not None
    links = reader.connection.execute(sa.select(t.links).order_by(t.links.c.key)).all()
    return sorted(rows, key=lambda row: str(row["claim"])), [tuple(link) for link in links]


@given(st.lists(claim(), min_size=1, max_size=6))
@examples(30)
def test_what_must_be_looked_at_as_a_whole_is_not_plain(claims: list[Any]) -> None:
    with copies.in_memory() as connection:
        put(connection, claims, [])
        facts = read_plain(connection, {f"c{n}" for n in range(len(claims))}, load_policy())
        for each in facts.claims:
            fields, pieces, _ = claims[int(each[1:])]
            assert all(piece["withdrawn"] is None for piece in pieces)
            if fields["subject"] and fields["kind"] == "death":
                about_him = [about for about, _, _ in claims if about["subject"]]
                assert not [one for one in about_him if one["kind"] == "sign-of-life"]


def simple_among(*answers: dict[str, Any], links: tuple[dict[str, Any], ...] = ()) -> list[str]:
    """Which of some claims, each spoken of once, are resolved as answers to simple questions."""
    told = {**SAID, "stance": "supports", "recorded_on": TODAY - timedelta(days=9)}
    claims = [
        ({"kind": "other", "question": "any", **fields}, [{**told, "source": "a"}], []) for fields in answers
    ]
    with copies.in_memory() as connection:
        put(connection, claims, [])
        for n, link in enumerate(links):
            made = {"key": f"l{n}", "claim": "c0", "other": "c1", "relation": "contradicts", "state": "open"}
            connection.execute(sa.insert(t.links).values({**made, "made_by": "rule", "reason": "so", **link}))
        keys = {f"c{n}" for n in range(len(claims))}
        facts = read_plain(connection, keys, load_policy(), rivals=True)
        assert set(read_plain(connection, keys, load_policy()).claims).isdisjoint(facts.claims)
    return [key for key, number in zip(facts.claims, facts.question.tolist(), strict=True) if number >= 0]


def test_rival_answers_that_nothing_else_ties_are_resolved_by_columns() -> None:
    north, south, more = {"value": "North"}, {"value": "South"}, {"value": None}
    assert simple_among(north, south, more) == ["c0", "c1", "c2"]
    assert simple_among({"question": "one"}) == ["c0"]  # it must be right
    assert simple_among(north, south, {"value": "north "}) == []
    assert simple_among(north, {"kind": "count", "value": "12"}) == []
    assert simple_among(north, {"kind": "attribution", "value": "guard; militia"}) == []
    assert simple_among(north, {"withdrawn": True}) == []
    assert simple_among(*[more] * 9) == []
    death = {"kind": "death", "subject": "man"}
    assert simple_among(north, death, {**death, "question": None}) == []


def test_answers_that_a_person_linked_are_looked_at_as_a_whole() -> None:
    by_rule = {"rule": "one-answer"}
    assert simple_among({}, {}, links=(by_rule,)) == ["c0", "c1"]
    assert simple_among({}, {}, links=({"made_by": "desk"},)) == []
    assert simple_among({}, {}, links=({**by_rule, "state": "resolved"},)) == []


def test_days_on_which_no_record_can_have_turned_a_claim_are_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = {**SAID, "source": "c", "stance": "supports", "basis": None}
    said = ({"kind": "other", "subject": None}, [{**told, "recorded_on": TODAY - timedelta(days=600)}], [])
    right = {"source": "c", "kind": "other", "sign": 1, "right": True, "until": None}
    cases = [{**right, "since": TODAY - timedelta(days=day)} for day in range(300)]
    asked: list[int] = []
    status = Sheet.status
    monkeypatch.setattr(
        Sheet, "status", lambda self, claims, days: asked.extend(days) or status(self, claims, days)
    )
    with copies.in_memory() as connection:
        put(connection, [said], cases)
        by = policy_with_records()
        table = PlainTable(read_plain(connection, {"c0"}, by), by)
        track = Track(table, Worth(Cases(read_cases(connection), KINDS), by.records))
        every = np.arange(1)
        now = table.on(every, np.array([TODAY.toordinal()]), track)
        since = since_when(table, every, now.status, TODAY, track)
    assert date.fromordinal(int(since[0])) == TODAY - timedelta(days=600)
    assert asked == []


TOLD = {**SAID, "stance": "supports", "basis": None}


def lines_of_claim(*pieces: dict[str, Any]) -> list[int] | None:
    """The lines of the pieces on a claim, by number; None where it is not plain."""
    with copies.in_memory() as connection:
        put(connection, [({"kind": "other", "subject": None}, list(pieces), [])], [])
        facts = read_plain(connection, {"c0"}, policy_with_records())
    return facts.pieces.line.tolist() if facts.claims else None


def test_two_pieces_of_one_line_are_plain() -> None:
    """Read in one document, or worded alike; witnesses heard in one report are two witnesses still."""
    day = TODAY - timedelta(days=10)
    read = [{**TOLD, "source": source, "recorded_on": day, "document": "letter"} for source in "abe"]
    worded = [{**TOLD, "source": source, "recorded_on": day, "quote": WORDS[0]} for source in "abe"]
    seen = [{**each, "basis": "witnessed"} for each in read]
    assert lines_of_claim(*read) == lines_of_claim(*worded) == [0, 0, 0]
    assert lines_of_claim(*seen) == [0, 1, 2]


def test_lines_that_hang_together_by_a_later_piece_are_looked_at_day_by_day() -> None:
    """Two outlets of one group (c and d), of which one was read with a, the other with b."""
    early, late = (TODAY - timedelta(days=days) for days in (30, 10))
    by = {
        source: {**TOLD, "source": source, "recorded_on": early, "document": document}
        for source, document in (("a", "letter"), ("c", "letter"), ("d", "report"), ("b", "report"))
    }
    assert lines_of_claim(*by.values()) == [0, 0, 0, 0]
    assert lines_of_claim(by["a"], {**by["c"], "recorded_on": late}, by["d"], by["b"]) == [0, 0, 0, 0]
    joint = {**by["c"], "quote": WORDS[0], "recorded_on": late}
    apart = {**TOLD, "source": "b", "recorded_on": early, "quote": WORDS[0]}
    assert lines_of_claim(by["a"], joint, apart) is None


def test_a_line_whose_origin_is_heard_on_the_other_side_too_is_looked_at_day_by_day() -> None:
    day = TODAY - timedelta(days=10)
    read = [{**TOLD, "source": source, "recorded_on": day, "document": "letter"} for source in "ab"]
    assert lines_of_claim(*read, {**TOLD, "source": "e", "recorded_on": day, "stance": "denies"}) == [0, 0, 2]
    assert lines_of_claim(*read, {**TOLD, "source": "b", "recorded_on": day, "stance": "denies"}) is None
