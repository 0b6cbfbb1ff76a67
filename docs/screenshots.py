"""Takes the pictures of the report that docs/report.md shows: ``python -m docs.screenshots``.

The bundled case is reported as of a day that stands still, and looked at with the system's Chromium, which
Playwright drives; both are needed only for this and for the tests of pages.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tracker.app import create_tracker
from tracker.pages.site import Wish, write_site

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


def main() -> None:
    """Write the report of the bundled case, and take all pictures of it."""
    from playwright.sync_api import sync_playwright

    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        sys.exit("there is no Chromium here: apt-get install chromium")
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made) / "report"
        folder.mkdir()
        with create_tracker(str(Path(made) / "demo.db"), author="desk", clock=lambda: NOW) as tracker:
            tracker.import_demo()
            write_site(tracker, folder, Wish(title="What is said of JNIM", since="2018-12-31"))
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
            for name, (path, screen) in SHOTS.items():
                page = browser.new_context(**screen).new_page()
                page.goto((folder / path).as_uri())
                page.screenshot(path=PICTURES / f"{name}.png")
                print(f"{name}.png")
            browser.close()


if __name__ == "__main__":
    main()
