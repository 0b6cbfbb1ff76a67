"""Plain claims of an act, by columns: how stances on them fared, and the rows of their statuses.

Arrays are loaded on first use: most acts of reading need none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from claims.past import Pasts
from tracker.app.held import Held
from tracker.store import statuses
from tracker.store.direct import expect, is_far

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from claims.model import Link
    from claims.oneplain import Voices
    from claims.policy import Policy, RecordNumbers
    from claims.resolve.counted import CountedAccounts
    from claims.resolve.courses import Fares
    from claims.resolve.plain import PlainFacts
    from claims.resolve.plaintable import PlainTable, Said
    from claims.resolve.records import Fared
    from claims.resolve.track import Case, Track
    from claims.resolve.worth import Worth
    from tracker.app.memory import Known
    from tracker.app.resolving import Terms
    from tracker.helper import Helper
    from tracker.store.database import Connection

FEW = 20
"""For so few claims the records of sources are read as what their cases add up to, not case by case."""

MANY = 2_000
"""From so many claims on, the records of all sources are read at once."""


@dataclass(slots=True)
class Work:
    """What is known already of the claims that are being resolved: days that were looked back on, what
    plain claims rest on, and the records of all sources, as long as the journal has ``size`` entries."""

    pasts: Pasts = field(default_factory=Pasts)
    facts: dict[frozenset[str], PlainFacts] = field(default_factory=dict)
    held: Held = field(default_factory=Held)
    """What claims rest on that are asked for once more, beside the last that were asked for."""
    table: PlainTable | None = None
    """The claims as arrays, where they are few."""
    worth: Worth | None = None
    accounts: CountedAccounts | None = None
    kept: tuple[frozenset[str], Sequence[Fared]] | None = None
    """How all stances on some few claims fare, as it was kept just now."""
    known: Known | None = None
    """What the act knows from earlier ones."""
    helper: Helper | None = None
    """Who does half of what very many claims take."""
    everything: bool = False
    """The records of all sources are read at once, however few claims there are."""
    size: int | None = None
    by_columns: bool = True
    """Whether plain claims are resolved by columns: where acts of a short journal are done again and nothing
    else is, to load what that needs takes longer."""

    def forget(self) -> None:
        """Forget what may have changed."""
        self.pasts, self.worth, self.accounts, self.facts = Pasts(), None, None, {}
        self.held.forget()
        self.table = self.kept = None


def plain_facts(
    connection: Connection, claims: Collection[str], policy: Policy, work: Work
) -> PlainFacts | None:
    """The plain claims among some whole tied groups, and of many the answers to simple questions too; None
    where a policy has none."""
    if not work.by_columns:
        return None
    from claims.resolve.plain import is_for_columns
    from tracker.store.plain import read_plain

    if not is_for_columns(policy):
        return None
    slot = frozenset(claims)
    if work.helper is not None:
        work.helper.is_for(len(slot))  # it gets ready while the claims are read
    if slot not in work.facts:
        if (known := work.held.take(slot)) is None:
            rivals = len(slot) >= MANY or work.everything
            known = read_plain(connection, claims, policy, rivals=rivals)
            work.held.put(slot, known)
        work.facts = {slot: known}
    return work.facts[slot]


def plain_outcomes(facts: PlainFacts, policy: Policy, until: date, work: Work | None = None) -> list[Fared]:
    """How every stance on plain claims fared by what was public up to a day."""
    from claims.oneplain import is_one, outcomes_alone
    from claims.standing import outcomes_of_plain, outcomes_on

    if work is not None and len(facts.claims) <= FEW and not len(facts.questions):
        table = _table(facts, policy, work)
        return outcomes_alone(table, until) if is_one(table) else outcomes_on(table, until)
    return outcomes_of_plain(facts, policy, until)


def plain_links(facts: PlainFacts) -> tuple[set[str], dict[str, Link]]:
    """The claims that answer simple questions, and the links of these to their rivals, by key."""
    if not len(facts.questions):
        return set(), {}
    from claims.resolve.rivalry import links_between

    answers = {key for key, number in zip(facts.claims, facts.question.tolist(), strict=True) if number >= 0}
    return answers, links_between(facts)


def _table(facts: PlainFacts, policy: Policy, work: Work) -> PlainTable:
    """The table of some facts; of few claims it is made once for all who ask."""
    from claims.resolve.plaintable import PlainTable

    if work.table is not None and work.table.facts is facts and work.table.policy is policy:
        return work.table
    table = PlainTable(facts, policy)
    if len(facts.claims) <= FEW:
        work.table = table
    return table


def plain_rows(
    connection: Connection,
    facts: PlainFacts,
    stored: Mapping[str, Mapping[str, Any]],
    touched: Mapping[str, int],
    terms: Terms,
    work: Work,
) -> Iterator[dict[str, Any]]:
    """The rows of statuses for the plain claims that do not stand as they are stored."""
    policy = terms.choice.own
    if work.helper is not None and work.helper.is_for(len(facts.claims)):
        from tracker.app.shared import Shared

        worth = None if policy.records is None else _worth_of_all(connection, policy.records, work)
        shared = Shared(facts, policy, terms.as_of, worth, work.helper)
        said, since = shared.said, shared.since
    else:
        said, since = _standing(connection, facts, terms, work)
    rows = list(_rows(facts.claims, said, terms))  # while a helper goes on
    causes = _causes(facts, said, touched, terms.last) if (facts.question >= 0).any() else touched
    for row, day in zip(rows, since(), strict=True):
        row["changed"] = date.fromordinal(day) if day else None
        if not _is_stored(row, stored):
            row["seq"] = causes.get(row["claim"], terms.last)
            yield row


def _standing(
    connection: Connection, facts: PlainFacts, terms: Terms, work: Work
) -> tuple[Said, Callable[[], list[int]]]:
    """What is said of plain claims; and what tells since when each stands so."""
    import numpy as np

    from claims.fewplain import stand
    from claims.oneplain import is_one, stand_alone
    from claims.standing import since_when

    table = _table(facts, terms.choice.own, work)
    if is_one(table) and work.worth is None and not work.everything:
        said, day = stand_alone(table, terms.as_of, _voices(connection, table, terms.choice.own, work))
        return said, lambda: [day]
    track = track_of(connection, table, terms.choice.own, work)
    if len(table.keys) <= FEW and table.rivalry is None and (track is None or not track.by_steps):
        said, days = stand(table, terms.as_of, track)
        return said, lambda: days
    every = np.arange(len(table.keys))
    said = table.on(every, np.full(len(every), terms.as_of.toordinal()), track)
    return said, lambda: since_when(table, every, said.status, terms.as_of, track).tolist()


def _causes(facts: PlainFacts, said: Said, touched: Mapping[str, int], last: int) -> dict[str, int]:
    """The last entry that touched a claim, or a rival that has a say in it; else the last that touched any of
    them."""
    causes, hears = dict(touched), said.hears.tolist()
    rivals: dict[int, list[tuple[str, bool]]] = {}
    for key, question, hearing in zip(facts.claims, facts.question.tolist(), hears, strict=True):
        if question >= 0:
            rivals.setdefault(question, []).append((key, hearing))
    for answers in rivals.values():
        of_all = max((touched[key] for key, _ in answers if key in touched), default=last)
        for key, hearing in answers:
            causes[key] = of_all if hearing else touched.get(key, of_all)
    return causes


def _is_stored(row: Mapping[str, Any], stored: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a claim stands as it is stored, and since the same day."""
    held = stored.get(row["claim"])
    return held is not None and held["changed"] == row["changed"] and statuses.alike(held, row)


def track_of(connection: Connection, table: PlainTable, policy: Policy, work: Work) -> Track | None:
    """The records of the sources of a table; None where the policy heeds none, or there are none."""
    from claims.resolve.courses import Courses
    from claims.resolve.plain import KINDS
    from claims.resolve.track import Cases, Track
    from claims.resolve.worth import Worth
    from tracker.store.plain import read_cases

    if policy.records is None:
        return None
    worth = work.worth
    if worth is None and len(table.keys) <= FEW and not work.everything:
        fares = _fares(connection, table.sources, work)
        named = _cases_on(connection, table.keys, work)
        courses = Courses(fares, named, KINDS, set(table.kind.tolist()))
        worth = Worth(courses, policy.records, by_steps=False)
    elif worth is None and len(table.keys) < MANY and not work.everything:
        worth = Worth(Cases(read_cases(connection, table.sources), KINDS), policy.records)
    else:
        worth = _worth_of_all(connection, policy.records, work)
    return Track(table, worth) if worth.cases.sources else None


def _voices(connection: Connection, table: PlainTable, policy: Policy, work: Work) -> Voices | None:
    """The records of those who speak on the only claim of a table; None where the policy heeds none."""
    from claims.oneplain import Voices, courses_for

    if policy.records is None:
        return None
    numbers, kind = policy.records, int(table.kind[0])
    held = {} if work.known is None else work.known.courses
    slot = kind, numbers
    if missing := [source for source in table.sources if slot not in held.get(source, {})]:
        for source, course in courses_for(_fares(connection, missing, work), kind, numbers).items():
            held.setdefault(source, {})[slot] = course
    named = _cases_on(connection, table.keys, work)
    found = {
        source: held[source][slot] for source in table.sources if source in held and slot in held[source]
    }
    return Voices(table, found, named, numbers)


def _fares(connection: Connection, sources: Collection[str], work: Work) -> dict[str, Fares]:
    """How some sources fared, those that have cases."""
    from tracker.store.fares import read_fares

    if work.known is None:
        return read_fares(connection, sources)
    held = work.known.fares
    if missing := [source for source in sources if source not in held]:
        work.known.learn(dict.fromkeys(missing) | read_fares(connection, missing, keeping=True))
    return {source: fares for source in sources if (fares := held[source]) is not None}


def expect_records(connection: Connection, work: Work) -> None:
    """Have a server asked how those fared who speak on a few plain claims that were touched, where an open
    tracker does not know it, along with what it is told next."""
    facts = next(iter(work.facts.values()), None)
    if facts is None or work.known is None or len(facts.claims) > FEW or not is_far(connection):
        return
    from tracker.store.fares import question_of_fares

    if missing := [source for source in facts.sources if source not in work.known.fares]:
        expect(connection, [question_of_fares(connection, missing)])


def _cases_on(connection: Connection, claims: Sequence[str], work: Work) -> list[Case]:
    """All cases on some claims: those that were kept just now, or those that are stored."""
    from claims.resolve.track import Case
    from tracker.store.outcomes import read_cases_on

    if work.kept is None or not work.kept[0].issuperset(claims):
        return read_cases_on(connection, claims)
    asked = set(claims)
    return sorted(
        Case(each.source, each.claim, each.kind, each.sign, each.right, each.since, each.until)
        for each in work.kept[1]
        if each.claim in asked
    )


def _worth_of_all(connection: Connection, numbers: RecordNumbers, work: Work) -> Worth:
    """What stances are worth by the records of all sources, which are kept."""
    if work.worth is not None:
        return work.worth
    from claims.resolve.plain import KINDS
    from claims.resolve.track import Cases
    from claims.resolve.worth import Worth
    from tracker.store.plain import read_cases

    work.worth = Worth(Cases(read_cases(connection), KINDS), numbers)
    return work.worth


def accounts_of_all(
    connection: Connection, claims: Collection[str], policy: Policy, work: Work
) -> CountedAccounts | None:
    """How all sources fared, for claims that are resolved group by group; None where these are too few for
    that, and nobody has asked before: those who speak on them are read then."""
    if policy.records is None or not work.by_columns:
        return None
    from claims.resolve.counted import CountedAccounts
    from claims.resolve.track import Cases

    if len(claims) >= MANY:
        _worth_of_all(connection, policy.records, work)
    if work.accounts is None and work.worth is not None and isinstance(work.worth.cases, Cases):
        work.accounts = CountedAccounts(work.worth.cases, work.worth.cases.sources)
    return work.accounts


def _rows(claims: Sequence[str], said: Said, terms: Terms) -> Iterator[dict[str, Any]]:
    from claims.resolve.plaintable import NEVER
    from claims.resolve.verdict import CONFIDENCES, STATUSES

    columns = (
        claims,
        said.status.tolist(),
        said.likelihood.tolist(),
        said.confidence.tolist(),
        said.supporting_lines.tolist(),
        said.opposing_lines.tolist(),
        said.evidence.tolist(),
        said.stale.tolist(),
        said.changes_on.tolist(),
    )
    label = terms.choice.own.label
    named: list[str] = [str(status) for status in STATUSES]
    good: list[str] = [str(confidence) for confidence in CONFIDENCES]
    for key, status, likelihood, confidence, supporting, opposing, evidence, stale, step in zip(
        *columns, strict=True
    ):
        yield {
            "claim": key,
            "status": named[status],
            "likelihood": likelihood,
            "confidence": good[confidence],
            "supporting_lines": supporting,
            "opposing_lines": opposing,
            "evidence": evidence,
            "stale": stale,
            "policy": label,
            "as_of": terms.as_of,
            "changes_on": None if step == NEVER else date.fromordinal(step),
        }
