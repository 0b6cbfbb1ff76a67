"""The feed of changes: well-formed whatever is in it."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from tracker.pages.feed import Item, feed

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_any_words_make_a_well_formed_feed() -> None:
    hostile = "]]><script>\x00\x1f\ufffe\ud800&lt; 'مالي'"
    item = Item("1/it", "2026-11-22T12:00:00Z", hostile, hostile, "claims/it.html")

    root = ET.fromstring(feed("origin", hostile, "2026-11-22T12:00:00Z", [item], author="The desk"))

    title = root.findtext("a:entry/a:title", None, ATOM)
    assert title == "]]><script>\ufffd\ufffd\ufffd\ufffd&lt; 'مالي'"
    assert root.findtext("a:author/a:name", None, ATOM) == "The desk"


def test_the_same_change_of_another_tracker_is_another() -> None:
    item = Item("1/it", "2026-11-22T12:00:00Z", "it", "it", None)

    ids = {
        ET.fromstring(feed(origin, "t", item.at, [item], author="a")).findtext("a:entry/a:id", None, ATOM)
        for origin in ("one", "other")
    }

    assert len(ids) == 2
