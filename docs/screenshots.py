"""Takes the pictures of the report and of the desk that docs/report.md and docs/desk.md show:
``python -m docs.screenshots``.

The bundled case is reported, and served, as of a day that stands still, and looked at with the system's
Chromium, which Playwright drives; both are needed only for this and for the tests of pages.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tracker.app import create_tracker
from tracker.pages.site import Wish, write_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

PICTURES = Path(__file__).parent / "screenshots"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
CLAIM = "claims/kouffa-killed-2018.html"
DESK, PHONE = {"width": 1000, "height": 700}, {"width": 390, "height": 844}
SHOTS: dict[str, tuple[str, dict[str, Any]]] = {
    "index": ("index.html", {"viewport": DESK}),
    "claim": (CLAIM, {"viewport": {"width": 1000, "height": 1150}}),
    "claim-phone": (CLAIM, {"viewport": PHONE}),
    "claim-dark": (CLAIM, {"viewport": PHONE, "color_scheme": "dark"}),
    "person": ("entities/kouffa.html", {"viewport": DESK}),
}
"""Each picture: which page, and on what screen."""


DENIAL = {"source": "mali", "published": "22 Nov 2026", "url": "https://example.org/statement"}


def main() -> None:
    """Write the report of the bundled case, serve it, and take all pictures of both."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("there is no Chromium here: apt-get install chromium")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        database, folder = Path(made) / "demo.db", Path(made) / "report"
        folder.mkdir()
        with create_tracker(str(database), author="desk", clock=lambda: NOW) as tracker:
            tracker.import_demo()
            write_site(tracker, folder, Wish(title="What is said of JNIM", since="2018-12-31"))
        with sync_playwright() as driver, served(database) as address:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
            look_at_report(browser, folder)
            look_at_desk(browser, address)
            browser.close()


def look_at_report(browser: Browser, folder: Path) -> None:
    """The pages of a report, from disk."""
    for name, (path, screen) in SHOTS.items():
        page = browser.new_context(**screen).new_page()
        page.goto((folder / path).as_uri())
        page.screenshot(path=PICTURES / f"{name}.png")
        print(f"{name}.png")


def look_at_desk(browser: Browser, address: str) -> None:
    """A form that says beforehand what it would do."""
    page = browser.new_context(viewport={"width": 1000, "height": 1050}).new_page()
    page.goto(f"{address}do/evidence/kouffa-alive-video")
    page.select_option("[name=stance]", "denies")
    for name, words in DENIAL.items():
        page.fill(f"[name={name}]", words)
    page.locator("#told .told").wait_for()
    page.locator("#told").scroll_into_view_if_needed()
    page.screenshot(path=PICTURES / "desk-form.png")
    print("desk-form.png")


@contextmanager
def served(database: Path) -> Iterator[str]:
    """The address at which a tracker is served while this lasts."""
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "tracker", "serve", "--port", "0", "--db", str(database), "--as", "desk"],
        env=os.environ | {"TRACKER_CLOCK": NOW.isoformat()},
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
    finally:
        process.terminate()
        process.communicate()


if __name__ == "__main__":
    main()
