"""SQLite and PostgreSQL side by side: the same acts leave the same record, row for row."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from claims.errors import ClaimsError
from tests.conftest import TEMPLATES
from tests.support.dump import dump
from tests.support.examples import examples
from tests.support.side_by_side import drive, head, twins_at
from tracker.app.casebooks import shipped_casebook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.support.postgres import Databases
    from tests.support.side_by_side import Twins

pytestmark = pytest.mark.on_postgres


@pytest.mark.parametrize(
    ("runs", "steps"), [(1, 12), pytest.param(20, 30, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_any_sequence_of_acts_leaves_the_same_in_both(
    empty_database: Path, postgres: Databases, runs: int, steps: int
) -> None:
    drive(postgres, empty_database, examples(runs), steps)


@pytest.fixture
def twins(demo_database: Path, postgres: Databases, tmp_path: Path) -> Iterator[Twins]:
    """The bundled casebook in both."""
    file = shutil.copy(demo_database, tmp_path / "demo.db")
    url = postgres.make(postgres.template("demo", TEMPLATES["demo"]))
    opened = twins_at(str(file), url)
    yield opened
    opened.close()
    postgres.drop(url)


def test_the_bundled_case_is_the_same_in_both_row_for_row(twins: Twins) -> None:
    one, other = (dump(tracker) for tracker in twins.both)

    assert one == other
    assert len(one["journal"]) > 200
    assert len(one["journal_nodes"]) > 190
    assert head(twins.both[0]) == head(twins.both[1])


QUESTIONS: dict[str, Callable[[Twins], object]] = {
    "statuses": lambda t: t.statuses(),
    "on a day": lambda t: t.statuses(as_of="2018-12-31"),
    "as recorded by a day": lambda t: t.statuses(recorded_by="2026-11-22"),
    "why": lambda t: t.why("kouffa-killed-2018"),
    "show": lambda t: t.show("kouffa-killed-2018"),
    "history": lambda t: t.history("kouffa-killed-2018"),
    "history on the other clock": lambda t: t.history("kouffa-killed-2018", clock="recorded"),
    "search": lambda t: t.search("Kouffa killed"),
    "search for what the database could take for a pattern": lambda t: t.search("100% _ \\ kouffa"),
    "links": lambda t: t.links(),
    "sources": lambda t: t.sources(),
    "entities": lambda t: t.entities(),
    "claims": lambda t: t.claims(),
    "a source and its record": lambda t: t.source("aqim"),
    "the casebook": lambda t: t.export_casebook(),
    "a key that is cut short": lambda t: t.show("kouffa-k"),
    "the journal": lambda t: t.entries(),
    "the newest of the journal": lambda t: t.entries(newest=3),
    "the journal on a claim": lambda t: t.entries("kouffa-killed-2018"),
    "audit": lambda t: t.audit(),
    "the same import again": lambda t: t.import_casebook(shipped_casebook("jnim")),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.slow
def test_every_question_has_the_same_answer(twins: Twins, question: str) -> None:
    try:
        QUESTIONS[question](twins)
    except ClaimsError as error:
        assert error.code == "ambiguous"


@pytest.mark.parametrize("question", ["statuses", "why", "search", "the casebook", "audit"])
def test_the_main_questions_have_the_same_answers(twins: Twins, question: str) -> None:
    QUESTIONS[question](twins)


@pytest.mark.slow
def test_keys_that_a_dictionary_would_order_otherwise(
    empty_database: Path, postgres: Databases, tmp_path: Path
) -> None:
    """Hyphens, digits and capitals: by their bytes, and not as the language of the server has them."""
    file = shutil.copy(empty_database, tmp_path / "order.db")
    url = postgres.make(postgres.template("empty", TEMPLATES["empty"]))
    twins = twins_at(str(file), url)
    try:
        for key in ("ab", "a-b", "a-c", "a1", "a10", "a-1", "aa", "a", "b", "a-a-a"):
            twins.add_claim(f"The text of {key.upper()}", key=key)
            twins.add_source(f"\u00c9cole {key}", key=f"s-{key}")
        found = [claim.key for claim in twins.claims()]
        assert found == sorted(found)
        assert [source.key for source in twins.sources()] == sorted(f"s-{key}" for key in found)
        twins.search("text")
        twins.log("ab", source="\u00c9cole a", stance="supports")
    finally:
        twins.close()
        postgres.drop(url)
