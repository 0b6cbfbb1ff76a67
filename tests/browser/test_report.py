"""The report in a real browser, opened from disk: for all, by keys, on a phone, in the dark, on paper."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.browser import chromium, focus_on, serious_issues
from tests.support.hostile import HOSTILE, fill_with
from tracker.app import create_tracker, open_tracker
from tracker.pages.site import Wish, write_site

expect = pytest.importorskip("playwright.sync_api").expect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = [pytest.mark.slow, pytest.mark.browser, pytest.mark.sqlite_only]

CLAIM = "claims/kouffa-killed-2018.html"
PHONE = {"width": 390, "height": 844}


def now() -> datetime:
    return datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(scope="module")
def report(demo_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    with open_tracker(str(demo_database), author="desk", clock=now) as tracker:
        write_site(tracker, folder, Wish(title="What is said of JNIM", since="2018-12-31"))
    return folder


@pytest.fixture
def opened(browser: Browser, report: Path) -> Iterator[Any]:
    """Opens a page of the report from disk; whatever is asked for must lie in its folder."""
    contexts: list[BrowserContext] = []

    def at(path: str, **how: Any) -> Page:
        contexts.append(browser.new_context(**how))
        page = contexts[-1].new_page()
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: asked.append(f"error: {error}"))
        page.on("console", lambda message: asked.append(f"console: {message.text}"))
        page.goto((report / path).as_uri())
        return page

    asked: list[str] = []
    yield at
    for context in contexts:
        context.close()
    home = report.as_uri() + "/"
    assert not [url for url in asked if not url.startswith((home, "data:,"))]


def shown(page: Page) -> list[str]:
    """The claims that the index lists."""
    return page.locator("#claims tbody tr:visible th a").all_inner_texts()


# --- the index ------------------------------------------------------------------------------------


def test_words_find_claims_whatever_their_accents_and_clearing_brings_all_back(opened: Any) -> None:
    page = opened("index.html")
    every = shown(page)
    page.fill("#words", "KOUFFÁ killed")
    expect(page.locator("#count")).not_to_be_empty()

    assert shown(page) == ["Amadou Kouffa was killed in a French military operation in late 2018."]
    assert page.inner_text("#count") == "1 claim of 79"

    page.click("button[type=reset]")
    expect(page.locator("#count")).to_be_empty()
    assert shown(page) == every


def test_a_status_filters_and_what_is_found_leads_to_its_page(opened: Any) -> None:
    page = opened("index.html")
    page.select_option("#wanted", "refuted")
    expect(page.locator("#claims tbody tr")).to_have_count(1)
    page.click("#claims tbody a")

    assert page.url.endswith(CLAIM)
    assert page.inner_text("#status").strip() == "refuted"


def test_columns_sort_both_ways_and_say_so(opened: Any) -> None:
    page = opened("index.html")
    head = page.locator("#claims thead th").nth(2)
    head.locator("button").click()
    page.wait_for_selector("th[aria-sort=descending]")
    first = shown(page)[0]
    head.locator("button").click()
    page.wait_for_selector("th[aria-sort=ascending]")

    assert "video" in first
    assert "killed" in shown(page)[0]
    assert head.get_attribute("aria-sort") == "ascending"


def test_by_keys_alone_one_filters_sorts_and_opens(opened: Any) -> None:
    page = opened("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    focus_on(page, "#words")
    page.keyboard.type("alive")
    expect(page.locator("#claims tbody tr")).to_have_count(1)
    focus_on(page, "#claims thead button")
    page.keyboard.press("Enter")
    page.wait_for_selector("th[aria-sort]")
    focus_on(page, "#claims tbody a")
    page.keyboard.press("Enter")
    page.wait_for_url("**/kouffa-alive-video.html")


def test_without_a_script_all_is_there(opened: Any) -> None:
    page = opened("index.html", java_script_enabled=False)

    assert len(shown(page)) == 79
    assert not page.locator("#filter").is_visible()
    page.click("#claims tbody a >> nth=0")
    assert page.locator("#status").is_visible()


# --- everywhere -------------------------------------------------------------------------------------

PAGES = (
    *("index.html", CLAIM, "entities/index.html", "entities/kouffa.html", "sources/index.html"),
    *("sources/aqim.html", "cases/index.html", "cases/jnim.html", "changes.html", "audit.html"),
)


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_serious(opened: Any, path: str) -> None:
    assert serious_issues(opened(path, color_scheme="light")) == []


@pytest.mark.parametrize("path", ["index.html", CLAIM, "changes.html"])
def test_nor_does_it_in_the_dark(opened: Any, path: str) -> None:
    assert serious_issues(opened(path, color_scheme="dark")) == []


def test_on_a_narrow_screen_nothing_runs_over(opened: Any) -> None:
    for path in PAGES:
        page = opened(path, viewport={"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, path


def test_the_first_screen_of_a_claim_answers_all_questions_on_a_phone(opened: Any) -> None:
    page = opened(CLAIM, viewport=PHONE)

    for name in ("claimed", "status", "likely", "founded", "since", "because", "change"):
        box = page.locator(f"#{name}").bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= PHONE["height"], name


def test_the_dark_is_dark_and_the_light_light(opened: Any) -> None:
    def paper(scheme: str) -> int:
        page = opened(CLAIM, color_scheme=scheme)
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(int(part) for part in re.findall(r"\d+", colour)[:3])

    assert paper("dark") < 150
    assert paper("light") > 600


def test_on_paper_are_no_ways_to_elsewhere_and_the_addresses_of_links(opened: Any) -> None:
    page = opened(CLAIM, color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")

    assert not page.locator("nav").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator("#claimed").is_visible()
    assert page.pdf().startswith(b"%PDF")


def test_each_page_has_one_main_heading_and_a_language(opened: Any) -> None:
    for path in PAGES:
        page = opened(path)
        assert page.locator("h1").count() == 1, path
        assert page.locator("main").count() == 1, path
        assert page.get_attribute("html", "lang") == "en", path
        levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3')].map((h) => +h.tagName[1])")
        assert all(after - before <= 1 for before, after in pairwise(levels)), path


# --- what was logged cannot be run --------------------------------------------------------------------


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "report").mkdir()
    with create_tracker(str(folder / "newsroom.db"), author="desk", clock=now) as tracker:
        fill_with(tracker)
        write_site(tracker, folder / "report", Wish(title="<script>window.pwned=1</script>"))
    return folder / "report"


def test_five_hundred_hostile_strings_execute_nothing(browser: Browser, hostile: Path) -> None:
    assert len(set(HOSTILE)) >= 500
    context = browser.new_context()
    page = context.new_page()
    heard: list[str] = []
    page.on("dialog", lambda dialog: (heard.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda message: heard.append(f"console {message.text}"))
    page.on("pageerror", lambda error: heard.append(f"error {error}"))
    page.on("request", lambda request: heard.append(request.url))
    page.on("popup", lambda popup: heard.append(f"popup {popup.url}"))
    home = hostile.as_uri() + "/"
    every = sorted(hostile.rglob("*.html"))
    for path in every:
        page.goto(path.as_uri())
        assert page.evaluate("typeof window.pwned") == "undefined", path
        bad = page.evaluate(
            "[...document.querySelectorAll('a[href],link[href]')].map((a) => a.href)"
            ".filter((href) => !/^(https?:|file:|data:,$)/.test(href))"
        )
        assert bad == [], path
        scripts = page.evaluate(
            "[...document.scripts].filter((s) => !s.src && s.type !== 'application/ld+json').length"
        )
        assert scripts == 0, path
    page.goto((hostile / "index.html").as_uri())
    page.fill("#words", "a")
    expect(page.locator("#count")).not_to_be_empty()
    assert page.evaluate("typeof window.pwned") == "undefined"
    context.close()
    assert [url for url in heard if not url.startswith((home, "data:,"))] == []
    assert len(every) > 100
