"""A real browser: the system's Chromium, driven by Playwright. Where there is none the tests skip and say so,
unless TRACKER_BROWSER says that one is needed."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")

SERIOUS = ("serious", "critical")


def missing(why: str) -> None:
    """Skip a test that needs a browser; fail it where one was to be there."""
    if os.environ.get("TRACKER_BROWSER"):
        pytest.fail(f"TRACKER_BROWSER is set, and {why}")
    pytest.skip(why)


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright is not installed")
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        missing("there is no Chromium on this machine: apt-get install chromium")
    with sync_playwright() as driver:
        # As root, as in a container, Chromium starts only without its own sandbox.
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield browser
        browser.close()


def serious_issues(page: Page) -> list[str]:
    """What axe-core finds on a page that is serious or critical."""
    axe = next(file for file in files("axe_playwright_python").iterdir() if file.name == "axe.min.js")
    page.evaluate(axe.read_text("utf-8"))
    found: dict[str, Any] = page.evaluate(
        "axe.run({preload: false})"
    )  # no page may load its own stylesheet by script
    return [
        f"{page.url}: {each['id']}: {json.dumps([node['html'][:200] for node in each['nodes']][:3])}"
        for each in found["violations"]
        if each["impact"] in SERIOUS
    ]


def focus_on(page: Page, selector: str) -> None:
    """Go to something by the Tab key alone."""
    for _ in range(200):
        page.keyboard.press("Tab")
        if page.locator(f"{selector}:focus").count():
            return
    raise AssertionError(f"no Tab leads to {selector} on {page.url}")
