"""Links that are found anew, page by page: the whole list, and for each page no more claims than it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest

from tests.app.test_paging import pages
from tracker.app import linklists
from tracker.app.bygone import PastView

if TYPE_CHECKING:
    from tracker.app import Tracker

DAY = "2026-11-20"

# The colon after the key of a claim comes after hyphens and figures, and before letters.
CLAIMS = ("man", "man-1", "man-1-again", "man-10", "man1", "manor", "n")


@pytest.fixture
def linked(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> Tracker:
    """Claims whose keys begin alike, each of which supports the next, and two that cannot both hold."""
    monkeypatch.setattr(linklists, "PORTION", 1)
    tracker.add_source("The Gazette", type="outlet")
    tracker.add_entity("A man", key="a-man", type="person")
    for key in CLAIMS:
        tracker.add_claim(f"It is {key}", key=key)
    for one, other in zip(CLAIMS, [*CLAIMS[1:], CLAIMS[0]], strict=True):
        tracker.link(one, "supports", other, reason="so it seems")
    for year in (2017, 2018):
        tracker.add_claim("He died", key=f"man-died-{year}", kind="death", subject="a-man", when=f"{year}")
        tracker.log(f"man-died-{year}", source="The Gazette", stance="supports", published="2019")
    return tracker


@pytest.mark.on_both
@pytest.mark.parametrize("size", [1, 2, 3])
def test_pages_of_links_are_the_whole_list_whatever_keys_begin_with(linked: Tracker, size: int) -> None:
    whole = linked.links(as_of=DAY)
    assert [each.key for each in whole] == sorted(each.key for each in linked.links())
    assert "man-died-2017:two-deaths:man-died-2018" in {each.key for each in whole}
    assert len(whole) == len(CLAIMS) + 1
    assert pages(linked.links, size, as_of=DAY) == whole


def test_links_from_claims_that_were_withdrawn_are_on_their_page(linked: Tracker) -> None:
    linked.withdraw_record("man-10", reason="entered twice")
    assert pages(linked.links, 2, as_of=DAY) == linked.links(as_of=DAY)


def test_a_page_of_links_looks_at_claims_until_none_can_come_before_its_end(
    linked: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []
    with linked.view() as view:
        whole = type(view).links
    monkeypatch.setattr(type(view), "links", lambda self, keys: looked_at.extend(keys) or whole(self, keys))

    after = "man-1-again:supports:man-10"
    page = linked.links(as_of=DAY, after=after, limit=2)

    assert [each.key for each in page] == ["man-10:supports:man1", "man-1:supports:man-1-again"]
    assert looked_at == ["man", "man-1", "man-1-again", "man-10", "man-died-2017"]


@pytest.mark.on_both
def test_of_claims_that_stand_by_themselves_nothing_is_brought(tracker: Tracker) -> None:
    """However many there are, a list of the links of the past asks no view for theirs."""
    tracker.add_source("The Gazette", key="gazette", type="outlet")
    tracker.add_entity("A man", key="a-man", type="person")
    for number in range(5):
        tracker.add_claim(f"It is {number}", key=f"c{number}")
        tracker.log(f"c{number}", source="gazette", stance="supports", published="2019")
    for year in (2017, 2018):
        tracker.add_claim("He died", key=f"died-{year}", kind="death", subject="a-man", when=f"{year}")
        tracker.log(f"died-{year}", source="gazette", stance="supports", published="2019")
    then = tracker.entries()[-1].seq
    tracker.add_source("The Post")

    with patch.object(PastView, "links", autospec=True, side_effect=PastView.links) as asked:
        found = tracker.links(recorded_by=then, limit=10)

    assert [link.rule for link in found] == ["two-deaths"]
    assert [sorted(call.args[1]) for call in asked.call_args_list] == [["died-2017", "died-2018"]]
