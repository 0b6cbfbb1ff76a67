"""Forms of the desk filled in without a script, as a browser does."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.testclient import TestClient

HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


class Browser:
    """Fills in forms as they are shown, without a script."""

    def __init__(self, web: TestClient) -> None:
        self.web = web
        self.hidden: dict[str, str] = {}

    def open(self, path: str) -> str:
        shown = self.web.get(path)
        assert shown.status_code == 200, shown.text
        self.hidden = dict(HIDDEN.findall(shown.text))
        return shown.text

    def send(self, path: str, step: str, code: int, files: Any = None, **fields: str) -> str:
        typed = self.hidden | fields | {"step": step}
        answered = self.web.post(path, data=typed, files=files, follow_redirects=True)
        assert answered.status_code == code, answered.text
        self.hidden = dict(HIDDEN.findall(answered.text)) or self.hidden
        return answered.text

    def record(self, path: str, **fields: str) -> tuple[str, str]:
        """Fill in a form: what it says that it would do, and the page that one comes to by sending it."""
        self.open(path)
        told = plain(self.send(path, "look", 200, **fields))
        return told, plain(self.send(path, "save", 200, **fields))


def plain(page: str) -> str:
    """The words of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def plain_text(page: str) -> str:
    """A page with its signs as they are meant."""
    return unescape(page)
