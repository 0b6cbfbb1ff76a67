"""The desk in a real browser: by keys alone, without scripts, better with them, and for everybody."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from tests.support.browser import chromium, focus_on, serious_issues
from tests.support.hostile import HOSTILE, fill_with
from tests.support.newsroom import furnish
from tests.support.web import running

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

    from tests.support.web import Running
    from tracker.app import Tracker

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture
def server(tracker: Tracker) -> Iterator[Running]:
    with running(tracker.database.path) as started:
        yield started


def fill(page: Page, **fields: str) -> None:
    """Fill in a form by keys: each field in the order in which Tab comes to it."""
    for name, words in fields.items():
        focus_on(page, f"[name={name}]")
        if page.locator(f"select[name={name}]").count():
            options = page.locator(f"select[name={name}] option").all_inner_texts()
            for _ in range(options.index(words)):
                page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type(words)


def press(page: Page, selector: str) -> None:
    """Go to a link or a button by Tab, and press Enter."""
    focus_on(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def record(page: Page, **fields: str) -> str:
    """Fill in a form, look at what it would do, and send it; what it said."""
    fill(page, **fields)
    press(page, "button[value=look]")
    told = page.locator("#told").inner_text()
    press(page, "button[value=save]")
    return told


def test_the_archetype_by_keys_alone_and_without_scripts(
    browser: Browser, server: Running, tracker: Tracker
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(server.address)
    press(page, "a[href='/do/claim']")
    claim = {"kind": "death", "subject": "The commander", "new_subject": "person", "when": "late 2018"}
    told = record(page, text="The commander was killed", **claim)
    assert "A new claim would stand as" in told
    killed = page.url.partition("?")[0]
    assert page.locator("#status").inner_text().strip() == "unverified"

    def log(**fields: str) -> str:
        press(page, "a[data-key=e]")
        return record(page, **fields)

    log(source="France", new_source="government", stance="supports", published="Nov 2018")
    told = log(source="The group", new_source="armed-group", stance="denies", published="Dec 2018")
    assert "This would" in told

    press(page, "a[href='/do/claim']")
    record(
        page,
        text="The commander was seen alive",
        kind="sign-of-life",
        subject="The commander",
        when="Feb 2019",
    )
    for source in ("Observer", "Radio North"):
        told = log(source=source, new_source="outlet", stance="supports", published="1 Mar 2019")
    page.goto(killed)
    assert page.locator("#status").inner_text().strip() == "refuted"
    assert tracker.audit().problems == ()
    context.close()


def test_with_scripts_it_says_in_place_what_a_form_would_do(
    browser: Browser, server: Running, tracker: Tracker
) -> None:
    furnish(tracker)
    before = tracker.head()
    page = browser.new_page()
    page.goto(f"{server.address}claims/mayor-killed")
    page.keyboard.press("e")
    page.wait_for_url("**/do/evidence/**")
    page.fill("[name=source]", "rebels")
    page.select_option("[name=stance]", "denies")
    page.locator("#told .told").wait_for()
    assert "This would" in page.locator("#told").inner_text()
    assert page.locator("#save").is_visible()
    assert tracker.head() == before
    page.close()


def test_a_file_that_was_chosen_once_is_kept_with_the_evidence(
    browser: Browser, server: Running, tracker: Tracker, tmp_path
) -> None:
    furnish(tracker)
    scan = tmp_path / "letter <b>.pdf"
    scan.write_bytes(b"a letter")
    page = browser.new_page()
    page.goto(f"{server.address}do/evidence/mayor-killed")
    page.fill("[name=source]", "rebels")
    page.select_option("[name=stance]", "denies")
    page.set_input_files("[name=file]", scan)
    page.locator("#kept input[name=kept]").wait_for(state="attached")
    assert "letter _b_.pdf" in page.locator("#kept").inner_text()
    assert page.input_value("[name=file]") == ""
    assert serious_issues(page) == []
    press(page, "button[value=save]")
    (document,) = tracker.documents()
    assert tracker.archived(document.key)[1].read_bytes() == b"a letter"
    page.close()


def test_search_finds_as_one_types(browser: Browser, server: Running, tracker: Tracker) -> None:
    furnish(tracker)
    page = browser.new_page()
    page.goto(f"{server.address}claims")
    assert page.locator("#results tbody tr").count() == 2
    page.keyboard.press("/")
    page.keyboard.type("fled")
    page.locator("#results tbody tr").nth(1).wait_for(state="detached")
    assert "fled" in page.locator("#results").inner_text()
    assert page.url.endswith("/claims?q=fled")
    page.close()


PAGES = (
    *("claims", "claims/mayor-killed", "do/claim", "do/evidence/mayor-killed", "do/assess/mayor-killed"),
    *(
        "copying/mayor-killed",
        "review",
        "changes",
        "audit",
        "sources",
        "sources/ministry",
        "entities",
        "entities/mayor",
        "cases",
    ),
    *("do/revise-case/town", "cases/town"),
    *("keys", "login", "nowhere"),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_shuts_anybody_out_or_asks_elsewhere(
    browser: Browser, server: Running, tracker: Tracker, scheme: str
) -> None:
    furnish(tracker)
    tracker.open_case("town")
    context = browser.new_context(color_scheme=scheme, viewport={"width": 360, "height": 640})
    page = context.new_page()
    asked: list[str] = []
    wrong: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
    found = []
    for path in PAGES:
        page.goto(server.address + path)
        found += serious_issues(page)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= 360, (path, width)
    assert found == []
    assert {url for url in asked if not url.startswith((server.address, "data:"))} == set()
    assert [each for each in wrong if "404" not in each] == []
    context.close()


def test_hostile_words_run_nowhere(browser: Browser, server: Running, tracker: Tracker) -> None:
    """Hundreds of them, as names, quotes and addresses."""
    fill_with(tracker)
    page = browser.new_page()
    ran: list[str] = []
    asked: list[str] = []
    page.on("dialog", lambda dialog: (ran.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: asked.append(request.url))
    claims = [each.key for each in tracker.claims()]
    paths = [f"claims/{quote(key)}" for key in claims[::9]]
    paths += [f"do/revise/{quote(key)}" for key in claims[::40]]
    paths += [f"claims?after={quote(key)}" for key in claims[::50]]
    paths += [f"sources/{quote(each.key)}" for each in tracker.sources()[::20]]
    paths += [f"entities/{quote(each.key)}" for each in tracker.entities()[::20]]
    paths += [f"claims?q={quote(words)}" for words in HOSTILE[::120]]
    paths += [f"do/claim?text={quote(words)}" for words in HOSTILE[::120]]
    paths += ["audit", "changes", "sources", "entities", "review"]
    for path in paths:
        page.goto(server.address + path)
        assert page.evaluate("window.pwned") is None, path
        assert page.locator("a[href^='javascript:' i], a[href^='data:' i], main iframe").count() == 0, path
    assert ran == []
    assert {url for url in asked if not url.startswith((server.address, "data:,"))} == set()
    page.close()
