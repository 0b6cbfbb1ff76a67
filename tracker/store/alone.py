"""Which claims of an act stand by themselves, and which are rival answers that nothing else ties."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, NamedTuple

from claims.resolve.plain import PlainQuestion
from claims.resolve.rules.actors import OF_A_DEED, SEVERAL
from claims.resolve.slots import Facts, groups_of
from claims.vocabulary import EntityType, Kind, LinkState
from tracker.store import tables as t
from tracker.store.driving import driver_rows, is_empty
from tracker.store.neighbours import final, links_of
from tracker.store.read import read_merged, rows_of_claims
from tracker.store.remembering import FEW, once

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import sqlalchemy as sa
    from sqlalchemy.engine import Connection

    from claims.policy import Policy

_C = t.claims.c
_OWN_TERMS = t.cases.c.policy.is_not(None) | t.cases.c.rules_off.is_not(None)


_OF_A_DEED = frozenset(kind.value for kind in OF_A_DEED)


class Row(NamedTuple):
    """What decides whether a claim stands by itself."""

    key: str
    kind: str
    ongoing: int | None
    question: str | None
    withdrawn: int
    case: str | None
    text: str
    subject: str | None
    value_entity: str | None
    value: str | None


class Question(NamedTuple):
    """A simple question, and the claims that answer it."""

    asked: PlainQuestion
    claims: list[Row]


class Alone(NamedTuple):
    """Claims that stand by themselves, in the order of their keys; and the simple questions."""

    claims: list[Row]
    questions: list[Question]


_COLUMNS = (
    *(_C.key, _C.kind, _C.ongoing, _C.question, _C.withdrawn, _C.case_key),
    *(_C.text, _C.subject, _C.value_entity, _C.value),
)
_row = itemgetter(*(column.name for column in _COLUMNS))


def alone(connection: Connection, claims: Collection[str], policy: Policy) -> Alone:
    """The claims among some whole tied groups that stand by themselves; and the simple questions that others
    answer."""
    rows = _rows(connection, claims)
    terms = once(connection, "terms", lambda: _terms(connection))
    groups = _groups(connection, rows)
    shared = Counter(key for group in groups if len(group) > 1 for key in group)
    linked, bound = _linked(connection, rows)
    asked = _asked(connection, rows.values(), policy)
    merged = read_merged(connection) if asked else {}
    simple = [
        Question(question, answers)
        for question, answers in asked.values()
        if _is_simple(answers, merged)
        and all(
            row.case not in terms and row.key not in bound and shared[row.key] == (len(answers) > 1)
            for row in answers
        )
    ]
    found = sorted(
        row
        for row in rows.values()
        if not row.withdrawn
        and terms.get(row.case) is None
        and row.key not in linked
        and not shared[row.key]
        and row.question not in asked
    )
    return Alone(found, simple)


def _rows(connection: Connection, claims: Collection[str]) -> dict[str, Row]:
    if len(claims) > FEW:
        return {row.key: row for row in map(Row._make, driver_rows(connection, _COLUMNS, _C.key, claims))}
    return {key: Row(*_row(found)) for key, found in rows_of_claims(connection, claims).items()}


def _terms(connection: Connection) -> dict[str | None, str | None]:
    """The policies of the cases that name one, or leave out rules, by key."""
    key, policy_of = t.cases.c.key, t.cases.c.policy
    return dict(driver_rows(connection, (key, policy_of), key, None, (_OWN_TERMS,)))


# --- questions --------------------------------------------------------------------------------


def _asked(
    connection: Connection, rows: Iterable[Row], policy: Policy
) -> dict[str, tuple[PlainQuestion, list[Row]]]:
    """The questions that some claims answer, but for those that have one answer and make nothing of it."""
    answers: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.question is not None:
            answers[row.question].append(row)
    if not answers:
        return {}
    from claims.resolve.rivalry import prices_of  # loads the rules of ties, which most acts need not

    q = t.questions.c
    columns = (q.key, q.text, q.exactly_one)
    known = {
        key: PlainQuestion(key, text, bool(one))
        for key, text, one in driver_rows(connection, columns, q.key, answers)
    }
    found = {}
    for key, some in answers.items():
        question = known.get(key) or PlainQuestion(key, key, exactly_one=False)
        if len(some) > 1 or prices_of(question, policy)[1]:
            found[key] = (question, sorted(some))
    return found


def _is_simple(answers: Sequence[Row], merged: Mapping[str, str]) -> bool:
    """Whether the answers to a question are few, are there, and are rivals two by two: no two are the same,
    none is a number, and none names an actor, who may have acted with others."""
    from claims.resolve.rivalry import MOST

    said = {_said(row, merged) for row in answers}
    return len(said) == len(answers) <= MOST and not any(
        row.withdrawn
        or (row.value is not None and row.kind == Kind.COUNT.value)
        or (row.kind in _OF_A_DEED and (row.value_entity or SEVERAL in (row.value or "")))
        for row in answers
    )


def _said(row: Row, merged: Mapping[str, str]) -> str:
    """What a claim answers to its question, as :func:`claims.resolve.rules.answer_of` has it."""
    if row.value_entity is not None:
        return "entity:" + final(row.value_entity, merged)
    return f"claim:{row.key}" if row.value is None else "value:" + row.value.strip().casefold()


# --- what ties claims ----------------------------------------------------------------------------


def among(connection: Connection, column: sa.Column[Any], keys: Collection[str]) -> set[str]:
    """Which of some keys a column holds."""
    if is_empty(connection, column.table):
        return set()
    return {row[0] for row in driver_rows(connection, (column,), column, keys)}


def _linked(connection: Connection, rows: Mapping[str, Row]) -> tuple[set[str], set[str]]:
    """The claims that are linked; and those of them that are not merely linked as rival answers to one
    question, by a rule."""
    linked: set[str] = set()
    bound: set[str] = set()
    if is_empty(connection, t.links):
        return linked, bound
    for claim, other, rule, state in chain.from_iterable(links_of(connection, rows).values()):
        linked |= {claim, other}
        questions = {rows[key].question if key in rows else None for key in (claim, other)}
        if rule is None or state != LinkState.OPEN.value or None in questions or len(questions) > 1:
            bound |= {claim, other}
    return linked, bound


def _groups(connection: Connection, rows: Mapping[str, Row]) -> list[list[str]]:
    """The claims in groups of those that share a slot."""
    facts = {
        key: Facts(Kind(row.kind), row.text, row.subject, row.value_entity, row.question)
        for key, row in rows.items()
        if row.subject is not None or row.value_entity is not None or row.question is not None
    }
    if not facts:
        return []
    merged = read_merged(connection)
    subjects = {final(each.subject, merged) for each in facts.values() if each.subject}
    columns = (t.entities.c.key, t.entities.c.type)
    entities = driver_rows(connection, columns, t.entities.c.key, subjects)
    incidents = {key for key, type_ in entities if type_ == EntityType.INCIDENT.value}
    return groups_of(facts, lambda key: final(key, merged), incidents.__contains__)
