"""The page about a claim: what it answers first, and that all it was told is text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tracker.pages.links import files_of_report
from tracker.pages.rendering import Pages, Site

if TYPE_CHECKING:
    from tracker.app import Tracker

SHOWN = "“Amadou Kouffa was shown alive in a video some months after he was reported dead”"
BY = "by Amadou Kouffa, in a video"
LINKS = files_of_report().seen_from("claims/x.html")


def page_of(tracker: Tracker, key: str, **asked: str) -> str:
    pages = Pages(Site(title="The newsroom", seen="As of today.", static=True))
    return pages.claim(tracker.claim_in_full(key, **asked).for_readers(), LINKS)


def part(page: str, name: str) -> str:
    """The words of an element with an id."""
    found = re.search(rf'<(\w+)[^>]* id="{name}".*?>(.*?)</\1>', page, re.DOTALL)
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[2]).split())


@pytest.fixture
def page(demo: Tracker) -> str:
    return page_of(demo, "kouffa-killed-2018")


def test_it_answers_first_what_how_likely_how_well_founded_since_when_why_and_what_would_change_it(
    page: str,
) -> None:
    parts = ("claimed", "status", "likely", "founded", "since", "because", "change")

    assert [part(page, name) for name in parts] == [
        "Amadou Kouffa was killed in a French military operation in late 2018.",
        "refuted",
        "There is almost no chance that it is true (1%).",
        "Confidence is high: the evidence comes to 1 supporting line and 2 opposing lines.",
        "Since when It has been refuted since 31 May 2019.",
        f"Because of what Amadou Kouffa, in a video supported that {SHOWN}.",
        f"What would change it Without the support of {SHOWN} {BY} it would be disputed (28%).",
    ]
    assert sorted(parts, key=lambda name: page.index(f'id="{name}"')) == list(parts)
    assert page.index('id="change"') < page.index('id="evidence"')


def test_it_has_the_evidence_the_history_and_the_entries_with_their_hashes(demo: Tracker, page: str) -> None:
    for piece in demo.show("kouffa-killed-2018").evidence:
        assert f'id="{piece.key}"' in page
    for entry in demo.entries("kouffa-killed-2018"):
        assert entry.leaf.hex() in page
    for step in demo.history("kouffa-killed-2018"):
        assert f'datetime="{step.at}"' in page


def test_another_day_gives_another_page(demo: Tracker) -> None:
    then = page_of(demo, "kouffa-killed-2018", as_of="2018-12-31")

    assert part(then, "status") == "unverified"
    assert "kouffa-killed-2018.france" in then
    assert "kouffa-killed-2018.aqim" not in then
    assert "video" not in part(then, "because")


def test_nothing_in_it_is_run_or_loaded_from_elsewhere(page: str) -> None:
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:", page)
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}\u202e&amp;'


def test_what_came_from_outside_is_text(tracker: Tracker) -> None:
    tracker.add_source(f"Source {HOSTILE.replace(chr(0x202E), '')}", key="them", type="outlet")
    tracker.add_document(f"Title {HOSTILE}", key="page", url="javascript:alert(1)")
    tracker.add_claim(f"Claim {HOSTILE}", key="it", kind="event", lang='en" onclick="x')
    tracker.log("it", source="them", stance="supports", quote=f"Quote {HOSTILE}", document="page")

    page = page_of(tracker, "it")

    assert "<script" not in page
    assert "<img" not in page
    assert "{{ 7*7 }}" in page
    assert "onclick" not in page
    assert 'href="javascript' not in page
    assert "javascript:alert(1)" in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") >= 4


def test_the_language_of_a_claim_is_said(tracker: Tracker) -> None:
    tracker.add_claim("قتل القائد", key="it", kind="event", lang="ar")

    assert re.search(r'<h1 id="claimed" dir="auto" lang="ar">قتل القائد</h1>', page_of(tracker, "it"))


def test_verdicts_that_wait_are_not_published(tracker: Tracker) -> None:
    tracker.add_case("affair", needs_approval=True)
    tracker.add_claim("It happened", key="it", kind="event", case="affair")
    tracker.assess("it", "confirmed", reason="I was there")

    assert "I was there" not in page_of(tracker, "it")
