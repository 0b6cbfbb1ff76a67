"""How stances fared is kept with each act, and whom a changed record touches is told by its cause."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tracker.app import plainly
from tracker.app.plainly import FEW, Work
from tracker.app.policies import load_policy
from tracker.app.settling import record_outcomes
from tracker.store import statuses

if TYPE_CHECKING:
    from tracker.app import Tracker


@pytest.fixture
def desk(tracker: Tracker) -> Tracker:
    """Two claims on which one paper spoke."""
    tracker.add_source("Paper", key="paper")
    for key in ("dam", "depot"):
        tracker.add_claim(f"The {key} burned", key=key, kind="event")
        tracker.log(key, source="paper", stance="supports", published="2026-01-02")
    return tracker


def test_whom_a_record_touches_is_told_by_the_entry_that_changed_it(desk: Tracker) -> None:
    with desk.act():
        desk.assess("dam", "refuted", reason="it stands")
        desk.add_source("Radio")
    made, radio = desk.outcome.entries
    assert (made.act, radio.act) == ("assessment.made", "source.registered")
    with desk.reading() as reader:
        assert statuses.read(reader.connection)["depot"]["seq"] == made.seq


@pytest.mark.parametrize("many", [False, True], ids=["few", "many"])
def test_an_answer_is_told_by_the_last_entry_on_a_rival_of_it(
    tracker: Tracker, monkeypatch: pytest.MonkeyPatch, many: bool
) -> None:
    """However many are resolved together."""
    if many:
        monkeypatch.setattr(plainly, "FEW", 0)
        monkeypatch.setattr(plainly, "MANY", 1)
    tracker.add_source("Paper", key="paper")
    tracker.add_question("Where was he?", key="where")
    for place in ("north", "south"):
        tracker.add_claim(f"He was in the {place}", key=place, kind="other", question="where", value=place)
    with tracker.act():
        for place in ("north", "south"):
            tracker.log(place, source="paper", stance="supports", published="2026-01-02")
    last = tracker.outcome.entries[-1].seq
    with tracker.reading() as reader:
        stored = statuses.read(reader.connection)
    assert (stored["north"]["seq"], stored["south"]["seq"]) == (last, last)


@pytest.mark.on_both
def test_how_a_claim_fared_counts_for_what_it_is_tied_to_no_more(desk: Tracker) -> None:
    """At once, though a rule had found a contradiction between the two that goes only with this act."""
    for name in ("mayor", "baker"):
        desk.add_entity(f"The {name}", key=name, type="person")
        desk.add_claim(f"The {name} died", key=f"{name}-died", kind="death", subject=name, when="2012")
        desk.log(f"{name}-died", source="paper", stance="supports", published="2013")
    desk.add_source("Radio", key="radio")
    desk.add_claim("The mayor lives", key="seen", kind="sign-of-life", subject="mayor", when="2014")
    desk.log("seen", source="radio", stance="supports", published="2014", basis="witnessed")
    assert [link.rule for link in desk.links("seen")] == ["life-after-death"]

    desk.revise_claim("seen", subject="baker", reason="another man")

    assert str(desk.status("baker-died").status) == "refuted"  # a death that the paper had reported
    likelihood = desk.status("mayor-died").likelihood
    assert likelihood == desk.why("mayor-died").resolution.likelihood
    desk.rebuild()
    assert desk.status("mayor-died").likelihood == likelihood


def test_of_very_many_claims_it_is_not_held_how_stances_fared(tracker: Tracker) -> None:
    keys = [f"dam-{number}" for number in range(FEW + 1)]
    with tracker.act():
        for key in keys:
            tracker.add_claim(f"{key} burned", key=key, kind="event")
    with tracker.reading() as reader:
        for some in (keys, keys[1:]):
            work = Work()
            record_outcomes(reader, some, load_policy(), tracker.today, work)
            assert (work.kept is None) == (len(some) > FEW)
