"""What a PostgreSQL server says in refusing, in words for those who can do something about it."""

from __future__ import annotations

import psycopg
import pytest

from tracker.errors import Collided
from tracker.store import pgfaults


def test_what_the_server_was_doing_is_not_told_with_its_rows() -> None:
    said = 'canceling statement due to statement timeout\nCONTEXT:  COPY statuses, line 7: "dam"'
    found = pgfaults.translate(psycopg.errors.QueryCanceled(said), "newsroom")
    assert "statement timeout" in found.message
    assert "dam" not in found.message


@pytest.mark.parametrize("state", ["40001", "40P01", "23505"])
def test_those_who_collide_are_told_to_run_it_again(state: str) -> None:
    fault = psycopg.errors.lookup(state)("could not")
    found = pgfaults.translate(fault, "newsroom")
    assert isinstance(found, Collided)
    assert found.hint == "run the command again"
    assert found.exit_status == 6
