"""What may have been meant by a key that nothing has, in a record too large to be read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from claims.errors import NotFound
from tests.support.many import fill
from tests.support.plans import noted
from tracker.store import tables as t
from tracker.store.nearby import BESIDE, near_keys

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.fixture
def large(tracker: Tracker) -> Tracker:
    """More claims, entities and questions than are looked at beside a key."""
    with tracker.act():
        tracker.add_source("Radio Tombouctou", key="radio")
        tracker.add_entity("Amadou Kouffa", type="person", aliases=["Koufa"])
        tracker.add_claim("He was killed", key="kouffa-killed-2018")
        tracker.add_claim("A convoy was hit", key="convoy")
        tracker.log("kouffa-killed-2018", source="radio", stance="supports")
    with tracker.database.writing() as connection:
        fill(connection, claims=BESIDE + 300, names=BESIDE + 300, seqs_from=1_000)
        rows = [
            {"key": f"who-{n}", "text": "Who?", "exactly_one": False, "withdrawn": False}
            for n in range(3 * BESIDE)
        ]
        connection.execute(sa.insert(t.questions), rows)
    return tracker


SLIPS = [
    ("claims", "kouffa-kiled-2018", "kouffa-killed-2018"),
    ("claims", "aouffa-killed-2018", "kouffa-killed-2018"),
    ("claims", "koufa-killed-2018", "kouffa-killed-2018"),
    ("claims", "killed-2018", "kouffa-killed-2018"),
    ("claims", "conwoy", "convoy"),
    ("sources", "rabio", "radio"),
    ("entities", "amado-kouffa", "amadou-kouffa"),
    ("entities", "bmadou-kouffa", "amadou-kouffa"),
    ("evidence", "koufa-killed-2018.radio", "kouffa-killed-2018.radio"),
    ("evidence", "kouffa-killed-2018.ratio", "kouffa-killed-2018.radio"),
    ("questions", "who-59x", "who-59"),
]
HOSTILE = ["", " ", "-", "'", "%", "\u202e", "x" * 5_000, "é" * 300, "مرحبا"]
TABLES = ("claims", "evidence", "sources", "entities", "questions", "cases", "links")


def test_a_key_with_a_slip_in_it(large: Tracker) -> None:
    with large.reading() as reader:
        for records, typed, meant in SLIPS:
            assert meant in near_keys(reader.connection, records, typed), typed


def test_whatever_is_typed(large: Tracker) -> None:
    with large.reading() as reader:
        for records in TABLES:
            assert [] in [near_keys(reader.connection, records, typed) for typed in HOSTILE]


def test_no_list_of_all_is_read(large: Tracker) -> None:
    with noted(large.database.engine) as asked:
        for look_up in (large.show, large.source, large.entity):
            with pytest.raises(NotFound, match="no "):
                look_up("nothing-like-it")
        large.named_alike("Radio Tombouktou")
        large.search("Kouffa")
    assert all("WHERE" in statement for statement, _ in asked)
    assert not [statement for statement, _ in asked if "merged_into IS NOT NULL" in statement]


def test_a_merged_entity_is_followed(tracker: Tracker) -> None:
    for key in ("one", "two", "three"):
        tracker.add_entity(f"Person {key}", key=key, type="person")
    tracker.merge_entity("one", "two", reason="the same")
    tracker.merge_entity("two", "three", reason="the same")
    assert tracker.entity("Person one").entity.key == "three"


def test_names_that_look_alike_are_found_among_many(large: Tracker) -> None:
    large.add_source("R\u0430dio Tombouctou", key="other")
    assert [twin.others for twin in large.twins()["source"]] == [(("radio", "Radio Tombouctou"),)]
