"""What an act that logs something on one claim is going to ask, asked along with its turn or what it tells.

The questions are those of the rooms that ask them. A server far away is asked half as often so; where nobody
asks what was foreseen, or the words are others, nothing is lost but the answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tracker.store import find, read
from tracker.store.direct import expect, is_far

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection


def to_be_resolved(connection: Connection, claim: str) -> None:
    """A claim is going to be resolved, once what is told next has been done."""
    if is_far(connection):
        from tracker.store import neighbours, outcomes, plain, statuses  # loads what reading need not

        rooms = (neighbours, plain, outcomes, statuses)
        expect(connection, [room.question_on(connection, claim) for room in rooms])


def to_be_logged(connection: Connection, claim: str, key: str) -> None:
    """Evidence on a claim is going to have a key, unless another piece has it."""
    if is_far(connection) and f"{claim}{key}".isprintable():  # of what a server cannot take it is told later
        questions = read.question_on(connection, claim), find.question_whether_taken("evidence", key)
        expect(connection, questions)
