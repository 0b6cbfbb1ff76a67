"""Publishing how a claim stands, and saying that two people are one, at the desk."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.support.desk import Browser, plain
from tests.support.web import client

if TYPE_CHECKING:
    from starlette.testclient import TestClient

    from tests.support.places import Places
    from tracker.app import Tracker

pytestmark = pytest.mark.sqlite_only


@pytest.fixture
def browser(web: TestClient) -> Browser:
    return Browser(web)


def test_what_was_published_is_said_beforehand_and_recorded(browser: Browser, newsroom: Tracker) -> None:
    assert "/do/publish/mayor-killed" in browser.open("/claims/mayor-killed")
    told, page = browser.record(
        "/do/publish/mayor-killed", where="print, page 3", note="in the second edition"
    )
    assert f"mayor-killed as {newsroom.status('mayor-killed').status}" in told
    assert "Recorded as entry" in page
    assert "Where it was published" in page
    (published,) = newsroom.publications("mayor-killed")
    assert (published.place, published.note) == ("print, page 3", "in the second edition")


def test_who_publishes_what_was_changed_meanwhile_is_told(browser: Browser, newsroom: Tracker) -> None:
    browser.open("/do/publish/mayor-killed")
    newsroom.log("mayor-killed", source="rebels", stance="denies")
    shown = plain(browser.send("/do/publish/mayor-killed", "save", 409, where="print"))
    assert "its status went from" in shown
    assert newsroom.publications() == []
    browser.send("/do/publish/mayor-killed", "save", 200, where="print")
    assert newsroom.publications()[0].status == "disputed"


def test_a_day_to_come_is_not_published_on(browser: Browser, newsroom: Tracker) -> None:
    browser.open("/do/publish/mayor-killed")
    browser.send("/do/publish/mayor-killed", "look", 422, where="print", on="in a year")
    assert newsroom.publications() == []


def test_two_who_are_one_are_merged_and_parted(browser: Browser, newsroom: Tracker) -> None:
    newsroom.add_entity("Abdou", key="abdou", type="person")
    newsroom.add_claim("Abdou was seen", key="seen", kind="sign-of-life", subject="abdou", when="2013")
    for source in ("ministry", "rebels"):
        newsroom.log("seen", source=source, stance="supports", published="1 Mar 2013", basis="witnessed")
    before = newsroom.status("mayor-killed").status
    assert "/do/merge/abdou" in browser.open("/entities/abdou")
    told, page = browser.record("/do/merge/abdou", into="The mayor", reason="his second name")
    assert "abdou is in truth mayor" in told
    after = newsroom.status("mayor-killed").status
    assert f"This would move it from {before} to {after}: The mayor was killed" in re_likely(told)
    assert before != after
    assert "The mayor" in page
    assert "Recorded as entry" in page
    assert newsroom.entity("abdou").entity.merged_into == "mayor"

    assert "/do/unmerge/abdou" in browser.open("/entities/mayor")
    assert "/do/unmerge/abdou" in browser.open("/entities/abdou")
    told, _ = browser.record("/do/unmerge/abdou", reason="another man")
    assert "abdou and mayor are two again" in told
    assert newsroom.status("mayor-killed").status == before


def re_likely(told: str) -> str:
    """What a form told, without how likely."""
    return re.sub(r" , [a-z ]+ \(\d+%\)", "", told)


def test_the_second_who_merges_is_told_what_the_first_did(browser: Browser, newsroom: Tracker) -> None:
    newsroom.add_entity("Abdou", key="abdou", type="person")
    newsroom.add_entity("Another", key="other", type="person")
    browser.open("/do/merge/abdou")
    newsroom.merge_entity("abdou", "other", reason="so it is")
    fields = {"into": "mayor", "reason": "his second name"}
    assert "entity merged abdou" in plain(browser.send("/do/merge/abdou", "save", 409, **fields))
    assert "is merged into other already" in plain(browser.send("/do/merge/abdou", "save", 409, **fields))


def test_only_reviewers_publish_and_no_reader_merges(places: Places, newsroom: Tracker) -> None:
    with client(places.find("newsroom"), need_token=True) as web:
        for role, publishes, merges in (("reader", 403, 403), ("logger", 403, 200), ("reviewer", 200, 200)):
            token, _ = newsroom.add_token(role, role)
            web.post("/login", data={"token": token})
            assert web.get("/do/publish/mayor-killed").status_code == publishes
            assert web.get("/do/merge/mayor").status_code == merges
            assert ("/do/publish" in web.get("/claims/mayor-killed").text) == (publishes == 200)
            assert ("/do/merge" in web.get("/entities/mayor").text) == (merges == 200)
