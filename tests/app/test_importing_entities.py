"""Tables that name whom nobody knows yet: in bulk the same comes out as row by row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.app.test_importing import check_rebuilt, row_by_row, small, told  # noqa: F401 - a fixture
from tests.support.dump import dump
from tracker.app.requests import numbered_request
from tracker.formats.csvmap import read_map

if TYPE_CHECKING:
    from collections.abc import Callable

    import pytest

    from tracker.app import Tracker

RAIDS = read_map(
    """
identity = ["id"]
[columns]
source = "paper"
subject = "raid"
value = "group"
[templates]
claim = "{group} made the {raid}"
[constants]
kind = "attribution"
subject_type = "incident"
value_type = "group"
stance = "supports"
""",
    "raids",
)

TABLE = """id,paper,raid,group
1,Harbour Post,Ourou raid,The Guard
2,Valley Times,Ourou raid,The Militia
3,Valley Times,ourou  RAID,the guard
4,Valley Times,Dori raid,The Known
5,Valley Times,Dori,The Guard
6,Valley Times,Kona raid,Two of a name
7,Valley Times,Lost raid,"A name
in two lines"
8,Valley Times,Lost raid,The Guard and the Known
"""


def furnish(tracker: Tracker) -> None:
    tracker.add_entity("The Known", type="group", aliases=["Known ones"])
    tracker.add_entity("Two of a name", key="one", type="group")
    tracker.add_entity("Two of a name", key="two", type="group")


def test_new_entities_are_registered_as_row_by_row(
    new_tracker: Callable[..., Tracker],
    small: None,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_bulk, alone = (new_tracker(name, new_request=numbered_request) for name in ("bulk", "alone"))
    answers = []
    for tracker in (in_bulk, alone):
        if tracker is alone:
            row_by_row(monkeypatch)
        furnish(tracker)
        first = tracker.import_csv(TABLE.encode(), map_name=RAIDS)
        answers.append((told(first), told(tracker.import_csv(TABLE.encode(), map_name=RAIDS))))

    assert answers[0] == answers[1]
    assert [each.row for each in answers[0][0][3]] == [7, 8]
    assert answers[0][1][1] == 0
    assert dump(in_bulk) == dump(alone)
    check_rebuilt(in_bulk)


def test_an_entity_of_a_row_that_is_refused_is_not_left_behind(tracker: Tracker) -> None:
    found = tracker.import_csv(TABLE.encode(), map_name=RAIDS)

    with tracker.reading() as reader:
        names = {entity.name for entity in reader.entities().values()}
    assert found.refused == 1
    assert not any("\n" in name for name in names)
    assert {"Ourou raid", "The Guard", "Lost raid"} <= names
