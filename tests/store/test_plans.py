"""No main question reads a big table from end to end: the databases say themselves how they would look.

A new question is one line in ``QUESTIONS``. It is asked of a tracker of a few thousand claims, and each
statement that it sends is then explained by the database. SQLite must search; PostgreSQL, which reads
small tables whole whatever the indexes, is given enough rows, and statistics, to choose.
"""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
import sqlalchemy as sa

from claims.vocabulary import Kind, LinkState, Status
from tracker.store import fares, journal, pages, statuses
from tracker.store import tables as t
from tracker.store.inserting import insert_rows
from tracker.store.pages import Stretch, Wanted
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sqlalchemy.engine import Connection

    from tests.support.places import Places
    from tracker.app import Tracker

CLAIMS = 4_000
SOURCES = 400
BIG = (
    *("journal", "claims", "evidence", "statuses", "status_changes", "status_ends", "links", "assessments"),
    *("questions", "entities", "outcomes", "source_records"),
)
"""The tables that grow with the work."""

PAGE = Stretch("claim-02000", most=10)
FIRST = Stretch(most=10)
OLD = date(2026, 1, 2)
KEY = "claim-01234"


def unsure(connection: Connection, own: str = "made-up@1", **wanted: Any) -> list[str]:
    cases = Reader(connection).cases_by_policy
    return pages.unsure_keys(connection, Wanted(**wanted), PAGE, today=OLD, own=own, cases=cases)


QUESTIONS: dict[str, Callable[[Connection], object]] = {
    "merges": lambda c: Reader(c).merged(),
    "list": lambda c: pages.claim_keys(c, Wanted(), PAGE),
    "list by kind": lambda c: pages.claim_keys(c, Wanted(kind=Kind.DEATH), FIRST),
    "list by case": lambda c: pages.claim_keys(c, Wanted(case="case-7"), PAGE),
    "list by source": lambda c: pages.claim_keys(c, Wanted(source="source-7"), FIRST),
    "list by all": lambda c: pages.claim_keys(
        c, Wanted(kind=Kind.DEATH, case="case-7", source="source-7"), FIRST
    ),
    "status": lambda c: pages.status_keys(c, Wanted(), PAGE),
    "status by status": lambda c: pages.status_keys(
        c, Wanted(status=(Status.DISPUTED, Status.RETRACTED)), PAGE
    ),
    "status by kind and status": lambda c: pages.status_keys(
        c, Wanted(kind=Kind.DEATH, status=(Status.DISPUTED,)), FIRST
    ),
    "status by case": lambda c: pages.status_keys(c, Wanted(case="case-7"), FIRST),
    "status by source": lambda c: pages.status_keys(c, Wanted(source="source-7"), FIRST),
    "status since a day": lambda c: pages.status_keys(c, Wanted(changed_since=date(2019, 6, 1)), FIRST),
    "status of one claim": lambda c: statuses.read(c, [KEY]),
    "unsure": unsure,
    "unsure of a kind": lambda c: unsure(c, kind=Kind.DEATH),
    "unsure after an update": lambda c: unsure(c, own="made-up@2"),
    "claims about somebody": lambda c: Reader(c).claims_about(["person-7"]),
    "claim with its evidence": lambda c: (
        Reader(c).claims([KEY]),
        Reader(c).evidence_on([KEY]),
        Reader(c).links_of([KEY]),
        Reader(c).assessments_of([KEY]),
    ),
    "claims of a source, relayed too": lambda c: Reader(c).claims_of_sources(["source-7"]),
    "changes of a claim": lambda c: statuses.read_changes(c, claim=KEY),
    "changes since": lambda c: statuses.read_moves(
        c, (journal.first_entry_since(c, "2026-01-01"), ""), most=100
    ),
    "links": lambda c: pages.link_keys(c, Stretch("claim-02000", most=10), state=None, rule=None),
    "links in a state": lambda c: pages.link_keys(c, FIRST, state=LinkState.RESOLVED, rule=None),
    "links by a rule": lambda c: pages.link_keys(c, FIRST, state=None, rule="two-deaths"),
    "links by a rule in a state": lambda c: pages.link_keys(c, PAGE, state=LinkState.OPEN, rule="two-deaths"),
    "questions": lambda c: pages.record_keys(c, "questions", Stretch("question-02000", most=10)),
    "past statuses": lambda c: pages.past_statuses(c, 6_000, PAGE),
    "past, by status": lambda c: pages.past_keys(c, 6_000, FIRST, (Status.RETRACTED,), OLD),
    "past, by case": lambda c: pages.claims_ever(c, Wanted(case="case-7"), PAGE),
    "past, by source": lambda c: (
        pages.claims_ever(c, Wanted(source="source-7"), PAGE),
        pages.evidence_keys(c, "source-7", [KEY]),
    ),
    "past statuses of some": lambda c: (
        pages.past_statuses_of(c, 6_000, [KEY]),
        pages.past_ends(c, 6_000, [KEY]),
    ),
    "between two entries": lambda c: pages.keys_between(c, 6_000, 6_100, PAGE, OLD),
    "entries of a claim": lambda c: journal.read_entries(c, subjects=[KEY]),
    "end of the log": lambda c: journal.read_entries(c, newest=10),
    "a page of the log": lambda c: journal.read_entries(c, first=5_000, limit=10),
    "a range of the journal": lambda c: journal.read_entries(c, first=5_000, last=5_020),
    "entries of a rare act": lambda c: journal.read_entries(c, act="source.graded"),
    "rare acts since": lambda c: journal.read_rare(c, ["claim.revised", "entity.merged"], 500, 10),
    "how sources fared": lambda c: fares.read_fares(c, ["source-7", "source-8"]),
    "how sources fared who are not kept": lambda c: fares.keep(c, ["source-7", "source-8"]),
    "moments": lambda c: (journal.last_entry_by(c, "2026-03-01"), journal.act_of(c, 7_000)),
}


@pytest.fixture
def big(places: Places, new_tracker: Callable[..., Tracker]) -> Tracker:
    """A tracker of some thousand claims, written straight into the tables, with statistics."""
    tracker = new_tracker()
    with tracker.database.writing() as connection:
        fill(connection)
        if places.kind == "postgres":
            connection.exec_driver_sql("ANALYZE")
    return tracker


def fill(connection: Connection) -> None:
    """Rows that are no record, but as many and as mixed as those of one."""
    at, day = "2026-01-01T00:00:00.000000Z", date(2026, 1, 1).isoformat()
    kinds, words = [kind.value for kind in Kind], [status.value for status in Status]

    def add(table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
        insert_rows(connection, table, [tuple(row.get(c.name) for c in table.columns) for row in rows])

    def key(n: int) -> str:
        return f"claim-{n:05}"

    def many(table: sa.Table, count: int, **columns: Any) -> None:
        """So many rows: each value as it is, or what it gives for the number of the row."""
        made = (
            {name: value(n) if callable(value) else value for name, value in columns.items()}
            for n in range(count)
        )
        add(table, made)

    def some(n: int) -> int:
        return n % SOURCES

    named = {"name": "x", "withdrawn": False}
    many(t.sources, SOURCES, key=lambda n: f"source-{n}", folded="x", type="other", **named)
    many(t.entities, CLAIMS, key=lambda n: f"person-{n}", type="person", **named)
    policy = {"policy": lambda n: "made-up@3" if n == 3 else None}
    many(
        t.cases,
        SOURCES,
        key=lambda n: f"case-{n}",
        title="x",
        about="",
        withdrawn=False,
        needs_approval=False,
        **policy,
    )
    asked = {"text": "who?", "cumulative": False, "exactly_one": False, "withdrawn": False}
    many(t.questions, CLAIMS, key=lambda n: f"question-{n:05}", **asked)
    many(t.policies, 1, seq=1, label="made-up@1", recorded_at=at)
    what = {"text": "claim", "folded": "claim", "kind": lambda n: kinds[n % len(kinds)]}
    of = {"subject": lambda n: f"person-{some(n)}", "case_key": lambda n: f"case-{some(n)}"}
    many(t.claims, CLAIMS, seq=lambda n: n + 1, key=key, withdrawn=False, recorded_at=at, **what, **of)
    said = {"source": lambda n: f"source-{some(n)}", "stance": "supports", "recorded_on": day}
    relays = {"relays": lambda n: f"source-{n % 7}" if n % 100 == 0 else None}
    many(t.evidence, CLAIMS, key=lambda n: f"{key(n)}.x", claim=key, **said, **relays)
    verdict = {
        "seq": 1,
        "state": "final",
        "status": "refuted",
        "author": "desk",
        "made_on": day,
        "reason": "so",
        "withdrawn": False,
    }
    many(t.assessments, CLAIMS, key=lambda n: f"{key(n)}.assessed", claim=key, **verdict)
    many(
        t.outcomes,
        CLAIMS,
        claim=key,
        source=lambda n: f"source-{some(n)}",
        since=day,
        evidence="x",
        kind="event",
        sign=1,
        right=True,
    )
    many(t.source_records, SOURCES // 2, source=lambda n: f"source-{n * 2}", changes=b"x" * 400)
    linked = {"relation": "supports", "reason": "so", "made_by": "desk"}
    linked |= {"state": lambda n: "open" if n % 200 else "resolved"}
    linked |= {"rule": lambda n: "two-deaths" if n % 300 == 0 else None}
    many(t.links, CLAIMS - 1, key=lambda n: f"{key(n)}.so", claim=key, other=lambda n: key(n + 1), **linked)
    when = {"recorded_at": lambda n: f"2026-01-01T00:00:00.{n:06}Z"}
    did = {"act": lambda n: "source.graded" if n % 500 == 0 else "claim.recorded", "author": "desk"}
    entry = {"subject": lambda n: key(n % CLAIMS), "body": "{}", "leaf": ""}
    many(t.journal, 2 * CLAIMS, seq=lambda n: n + 1, batch=lambda n: n + 1, **when, **did, **entry)

    def status(n: int, seq: int) -> dict[str, Any]:
        return {
            "claim": key(n),
            "status": words[n % len(words)],
            "likelihood": 0.5,
            "confidence": "low",
            "supporting_lines": 1,
            "opposing_lines": 1,
            "evidence": 2,
            "stale": False,
            "policy": "made-up@1",
            "as_of": day,
            "seq": seq,
            "recorded_at": at,
            "changed": date(2019, 6, 1 + n % 3).isoformat() if n % 200 == 0 else "2018-01-01",
            "changes_on": day if n % 200 == 0 else None,
        }

    add(t.statuses, (status(n, 2 * n + 2) for n in range(CLAIMS)))
    add(t.status_changes, (status(n, 2 * n + 1 + more) for n in range(CLAIMS) for more in (0, 1)))
    add(t.status_ends, ({"claim": key(n), "seq": 2 * n + 2} for n in range(0, CLAIMS, 3)))


def asked(tracker: Tracker, question: Callable[[Connection], object]) -> list[tuple[str, Any]]:
    """The statements that a question sends, with their values."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_: object) -> None:
        if statement.lstrip().startswith("SELECT"):
            sent.append((statement, values))

    sa.event.listen(tracker.database.engine, "before_cursor_execute", note)
    try:
        with tracker.database.reading() as connection:
            try:
                question(connection)
            except Exception:  # noqa: BLE001 - the rows are no entries; how they are found is what matters
                assert sent
    finally:
        sa.event.remove(tracker.database.engine, "before_cursor_execute", note)
    return sent


def read_whole(tracker: Tracker, statement: str, values: Any) -> set[str]:
    """The big tables that a statement reads from end to end, as its database says."""
    with tracker.database.reading() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            found = {m[1] for row in rows if (m := re.match(r"SCAN (\w+)", row[3]))}
        else:
            steps = plan_on_postgres(connection, statement, values)
            found = {node["Relation Name"] for node in steps if node["Node Type"] == "Seq Scan"}
    return found.intersection(BIG)


def indexes_of(tracker: Tracker, statement: str, values: Any) -> set[str]:
    """The indexes that a statement goes along."""
    with tracker.database.reading() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            return {m[1] for row in rows if (m := re.search(r"INDEX (\w+)", row[3]))}
        steps = plan_on_postgres(connection, statement, values)
        return {node["Index Name"] for node in steps if "Index Name" in node}


def plan_on_postgres(connection: Connection, statement: str, values: Any) -> Iterator[dict[str, Any]]:
    plan = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", values).scalar()
    tree = json.loads(plan) if isinstance(plan, str) else plan
    return nodes(tree[0]["Plan"])


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for each in plan.get("Plans", ()):
        yield from nodes(each)


def test_no_question_reads_a_big_table_whole(big: Tracker) -> None:
    whole = [
        f"{name}: {sorted(tables)} by {statement}"
        for name, question in QUESTIONS.items()
        for statement, values in asked(big, question)
        if (tables := read_whole(big, statement, values))
    ]

    assert not whole, "\n".join(whole)
    # And the plans would show a table that is:
    assert read_whole(big, "SELECT text FROM claims WHERE external_id || note = 'nothing'", ()) == {"claims"}


RARE = {
    "links in a state": {"ix_links_state_key"},
    "links by a rule": {"ix_links_rule_key"},
    "past, by status": {"ix_status_changes_status_claim", "ix_status_changes_aging"},
}
"""What is rare, and the indexes by which it is found rather than by looking at everything in turn."""


def test_what_is_rare_is_found_by_an_index_of_its_own(big: Tracker) -> None:
    for name, indexes in RARE.items():
        used = {each for asking in asked(big, QUESTIONS[name]) for each in indexes_of(big, *asking)}
        assert indexes <= used, f"{name}: {used}"
