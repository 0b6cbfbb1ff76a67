"""Where pages lie, and how one leads to another: as files of a report, or as addresses of the desk."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable

FOLDERS = {"claim": "claims", "entity": "entities", "source": "sources", "case": "cases"}
"""The folders of pages that are about one record, by what it is."""

LISTS = {
    "claims": ("index.html", "claims"),
    "entities": ("entities/index.html", "entities"),
    "sources": ("sources/index.html", "sources"),
    "cases": ("cases/index.html", "cases"),
    "changes": ("changes.html", "changes"),
    "audit": ("audit.html", "audit"),
    "feed": ("changes.atom", "changes.atom"),
}
"""Pages that are about many: the file of each, and its address at the desk."""

_PLAIN = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*\Z")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|index|com[0-9]|lpt[0-9])(?:\.|\Z)")
"""What Windows takes for a device whatever stands behind the dot; and what is the page of a list."""

LONGEST = 80
"""So long the name of a file may be before its ending; longer keys are cut and told apart by a hash."""


def file_name(key: str) -> str:
    """The name of the file of a record, without its ending: the key, wherever that is a safe name on every
    system, whether or not it heeds case; else what is safe of it, with a hash that tells it from others."""
    if len(key) <= LONGEST and _PLAIN.match(key) and not _RESERVED.match(key):
        return key
    # No key that is a name already has an underscore, so that these never meet those.
    mark = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:16]
    safe = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")[: LONGEST - len(mark) - 2].strip("-")
    return f"{safe or 'key'}_{mark}"


def page_file(what: str, key: str, page: int = 1) -> str:
    """The file of a record's page, by its path within the report; long ones are parted."""
    more = f"_{page}" if page > 1 else ""
    return f"{FOLDERS[what]}/{file_name(key)}{more}.html"


def list_file(name: str, page: int = 1) -> str:
    """The file of a list, by its path within the report."""
    path = LISTS[name][0]
    return path if page == 1 else f"{path.removesuffix('.html')}_{page}.html"


def outside(url: str | None) -> str | None:
    """An address elsewhere, where a link may lead there: by http or https, to a host; None for all else,
    ``javascript:`` and ``data:`` among it."""
    if url is None or re.search(r"[\x00-\x20\x7f\\]", url):
        return None
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and host else None


def _everything(_what: str, _key: str) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Links:
    """Leads from one page to others.

    ``root`` is what a page has to put before the path of another: for files ``../`` or nothing, for the desk
    its first address. ``files``: whether pages are files. ``has`` tells whether there is a page on a record:
    to others nothing leads. ``static`` is where the stylesheet and the script lie.
    """

    root: str = "/"
    files: bool = False
    has: Callable[[str, str], bool] = _everything
    static: str = "static/"

    def to(self, what: str, key: str | None, page: int = 1) -> str | None:
        """The page of a claim, an entity, a source or a case; None where there is none."""
        if not key or not self.has(what, key):
            return None
        if self.files:
            return self.root + page_file(what, key, page)
        more = f"?page={page}" if page > 1 else ""
        return f"{self.root}{FOLDERS[what]}/{quote(key, safe='')}{more}"

    def list(self, name: str, page: int = 1) -> str:
        """A page that is about many records: one of ``LISTS``."""
        if self.files:
            return self.root + list_file(name, page)
        more = f"?page={page}" if page > 1 else ""
        return f"{self.root}{LISTS[name][1]}{more}"

    def asset(self, name: str) -> str:
        """A file that belongs to the look of the pages."""
        return f"{self.root}{self.static}{name}"

    def seen_from(self, path: str) -> Links:
        """The same links, from a file of the report at a path."""
        return replace(self, root="../" * path.count("/"))


def files_of_report(has: Callable[[str, str], bool] = _everything) -> Links:
    """The links of a report on disk, seen from its index."""
    return Links(root="", files=True, has=has)
