"""Claims in full: the same as show, why, history and the journal say one by one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.newsroom import furnish
from tracker.app.paging import page_of
from tracker.store.pages import Stretch, Wanted

if TYPE_CHECKING:
    from tracker.app import Tracker

KEYS = ("kouffa-killed-2018", "kouffa-alive-video", "ag-ghali-created-ansar-dine-2011")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "asked",
    [{}, {"as_of": "2018-12-31"}, pytest.param({"recorded_by": "entry:120"}, marks=pytest.mark.slow)],
    ids=["now", "on a day", "by an entry"],
)
def test_a_claim_in_full_is_what_is_told_of_it_piece_by_piece(
    demo: Tracker, key: str, asked: dict[str, str]
) -> None:
    found = demo.claim_in_full(key, **asked)
    shown, why = demo.show(key, **asked), demo.why(key, **asked)

    assert found.standing == shown.standing
    for name in ("entity", "question", "rivals", "bonds", "links", "assessments", "publications"):
        assert getattr(found.dossier, name) == getattr(shown, name), name
    gone = {piece.key for piece in shown.evidence if piece.counts_from > shown.standing.as_of}
    assert [piece.key for piece in found.dossier.evidence] == [
        piece.key for piece in shown.evidence if "as_of" not in asked or piece.key not in gone
    ]
    for name in ("resolution", "flips", "if_wrong", "lines", "suspicions"):
        assert getattr(found.explanation, name) == getattr(why, name), name
    assert list(found.steps) == demo.history(key, **asked)
    told = [] if "as_of" in asked else demo.history(key, clock="recorded", **asked)
    assert list(found.recorded) == told


def test_the_entries_are_those_of_the_claim_and_what_hangs_on_it(demo: Tracker) -> None:
    for key in KEYS:
        assert list(demo.claim_in_full(key).entries) == demo.entries(key)


def test_of_the_past_no_later_entry_is_told(tracker: Tracker) -> None:
    furnish(tracker)
    known = tracker.entries()[-1].seq
    tracker.log("mayor-killed", source="rebels", stance="denies", published="14 May 2012")

    found = tracker.claim_in_full("mayor-killed", recorded_by=f"entry:{known}")

    assert [entry.act for entry in found.entries] == ["claim.recorded", "evidence.logged"]


def test_as_of_a_day_no_later_evidence_is_told_nor_its_entry(tracker: Tracker) -> None:
    furnish(tracker)
    later = tracker.log("mayor-killed", source="rebels", stance="denies", published="14 May 2012")

    found = tracker.claim_in_full("mayor-killed", as_of="2012-05-13")

    assert later.key not in {piece.key for piece in found.dossier.evidence}
    assert later.key not in {entry.subject for entry in found.entries}


def test_as_of_a_day_nothing_is_told_of_what_was_taken_back_or_published_later(tracker: Tracker) -> None:
    furnish(tracker)
    piece = tracker.log("mayor-killed", source="rebels", stance="denies", published="14 May 2012")
    tracker.withdraw(piece.key, by_source="1 June 2012", reason="they say now that he lives")
    tracker.publish("mayor-killed", where="https://desk.test/mayor")

    def acts(day: str | None) -> set[str]:
        return {entry.act for entry in tracker.claim_in_full("mayor-killed", as_of=day).entries}

    assert acts("2012-05-15") == {"claim.recorded", "evidence.logged"}
    assert acts("2012-06-01") == {"claim.recorded", "evidence.logged", "evidence.withdrawn"}
    assert "claim.published" in acts(None)


@pytest.mark.slow
def test_many_at_once_are_what_each_is_alone(demo: Tracker) -> None:
    with demo.view() as view:
        page = page_of(view, Wanted(), Stretch(most=40))
        together = {each.claim.key: each for each in demo.in_full(view, page)}

    assert sorted(together) == sorted(page)
    for key in list(together)[::8]:
        assert together[key] == demo.claim_in_full(key)
