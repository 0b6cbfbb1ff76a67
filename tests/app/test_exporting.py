"""What is exported holds all that it names, so that it can be read by somebody who has nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.handing import told

if TYPE_CHECKING:
    from collections.abc import Callable

    from tracker.app import Tracker


@pytest.fixture(params=[("adam", "bert", "carl"), ("zoe", "yves", "xena")], ids=["rising", "falling"])
def merged(tracker: Tracker, request: pytest.FixtureRequest) -> Tracker:
    """A claim of a case about somebody who turned out to be another, who turned out to be a third."""
    tracker.add_case("harbour", title="The harbour")
    one, other, third = request.param
    for key in request.param:
        tracker.add_entity(f"Name of {key}", key=key, type="person")
    tracker.add_claim("He died.", key="died", kind="death", subject=one, case="harbour")
    tracker.merge_entity(one, other, reason="the same man")
    tracker.merge_entity(other, third, reason="the same man")
    return tracker


def entities(tracker: Tracker) -> dict[str, str | None]:
    """Every entity, with what it was merged into."""
    return {act["key"]: act.get("merged_into") for act in told(tracker) if act["act"] == "entity"}


@pytest.mark.slow
@pytest.mark.parametrize("case", [None, "harbour"])
@pytest.mark.parametrize("name", ["casebook", "stix", "misp", "jsonl"])
def test_merges_that_lead_on_to_others_come_along(
    merged: Tracker, new_tracker: Callable[..., Tracker], name: str, case: str | None
) -> None:
    other = new_tracker("other")
    for recorded in (True, False):
        if name == "casebook":
            done = other.import_casebook(merged.export_casebook(case))
        elif name == "jsonl":
            done = other.import_table(b"".join(merged.export_file(name, case)), name)
        else:
            data = b"".join(merged.export_file(name, case))
            done = other.import_file(data, name, options={"keys": "keep"})
        assert getattr(done, "rejected", []) == []
        assert bool(done.recorded) is recorded
    assert entities(other) == entities(merged)
    assert len([into for into in entities(other).values() if into]) == 2
