"""Replay: the tables as they follow from the journal, all of it or up to a moment."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING

from claims.policy import Policy
from tracker.app.partial import entries_about
from tracker.app.policies import load_policy
from tracker.app.recorded import ADOPTED, policy_of, recorded_in
from tracker.app.resolving import Cause, record_statuses, terms_of
from tracker.store import copies, journal
from tracker.store.redoing import project_recorded
from tracker.store.spellings import settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from tracker.journal.entry import Entry
    from tracker.store.database import Connection
    from tracker.store.pending import Waiting

SHORT = 500
"""The acts of a journal of so few entries are told again without what is made for very many claims."""


@contextmanager
def replayed(source: Connection, last: int) -> Iterator[Connection]:
    """A connection to tables in memory, holding what had been recorded when an entry was the last;
    what is computed from it (statuses, outcomes, contradictions that rules find) is not there."""
    with copies.in_memory() as connection:
        for entry in journal.read_entries(source, last=last):
            project_recorded(connection, entry)
        settle(connection)
        yield connection


@contextmanager
def retold(
    source: Connection, last: int | None, as_of: date, about: str | None = None
) -> Iterator[Connection]:
    """A connection to tables in memory, made from the journal up to an entry (None: all of it) with
    every act resolved by what had been published by a day. Who asks only ``about`` one claim need not wait
    for more than what ever bore on it."""
    newest = journal.last_entry(source)[0] if last is None else last
    some = None if about is None else entries_about(source, about, newest)
    with copies.in_memory(whole=some is None) as connection:
        if some is not None:
            long, ends = len(some) > SHORT, partial(_end_of_act, source)
            project_all(connection, some, as_of, by_columns=long, end_of=ends)
        else:
            project_all(
                connection, journal.read_entries(source, last=last), as_of, by_columns=is_long(source, last)
            )
        yield connection


def _end_of_act(source: Connection, entry: Entry) -> tuple[int, str]:
    """The number of the last entry of the act of an entry, and when that was recorded."""
    following = journal.read_entry(source, entry.seq + 1)
    if following is None or following.batch != entry.batch:
        return entry.seq, entry.recorded_at
    found = journal.act_of(source, entry.seq)
    assert found is not None
    return found


def _itself(entry: Entry) -> tuple[int, str]:
    return entry.seq, entry.recorded_at


def is_long(source: Connection, last: int | None = None) -> bool:
    """Whether a journal, up to an entry, has so many entries that what is made for very many claims is worth
    loading to tell it again."""
    newest, _ = journal.last_entry(source)
    return (newest if last is None else min(last, newest)) > SHORT


def replay_act(connection: Connection, entries: Iterable[Entry]) -> Cause:
    """Apply the entries of one act, and say what they touched."""
    cause = Cause()
    for entry in entries:
        cause.add(entry.seq, project_recorded(connection, entry))
    return cause


def acts_of(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Entries, act by act."""
    for _, batch in groupby(entries, key=lambda entry: entry.batch):
        yield list(batch)


def project_all(
    connection: Connection,
    entries: Iterable[Entry],
    as_of: date | None = None,
    *,
    leave: Mapping[str, Waiting] | None = None,
    by_columns: bool = True,
    end_of: Callable[[Entry], tuple[int, str]] = _itself,
) -> int:
    """Apply a whole journal to empty tables, resolving after each act just as it was done at the
    time, by the policy then in force; returns the number of entries.

    With a day, each act is resolved by what had been published by that day, or by its own if earlier.
    Claims in ``leave`` are left to be resolved, as the act that they wait for left them; with ``by_columns``
    others are resolved in the way that is quick for many, and takes longer to load. Where not all entries
    of an act are there, ``end_of`` says of the last of them which was the last of the act, and when that was.
    """
    count = 0
    label, recorded = None, dict[str, Policy]()
    for act in acts_of(entries):
        cause, (last, at) = replay_act(connection, act), end_of(act[-1])
        recorded |= recorded_in(act)
        label = next((entry.subject for entry in act if entry.act == ADOPTED), label)
        policy = load_policy() if label is None else policy_of(label, recorded)
        terms = terms_of(policy, at, last, as_of=as_of, recorded=recorded)
        record_statuses(connection, cause, terms, leave=leave, by_columns=by_columns)
        count += len(act)
    settle(connection)
    return count
