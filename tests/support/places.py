"""Where the trackers of a test are: SQLite files, or databases on a PostgreSQL server."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from tests.support.postgres import Databases


class Places(Protocol):
    """Gives each tracker of a test a place of its own."""

    kind: str

    def find(self, name: str, template: str = "empty") -> str:
        """The URL or path of the tracker of this name: a copy of a template when first asked for."""

    def begin(self, story: str, fill: Callable[[str], None], name: str) -> str:
        """The URL or path of the tracker of this name, in which a story was told."""

    def close(self) -> None:
        """Take away all of them."""


class Files:
    """SQLite files in a folder; ``templates`` are files by name, and ``stories`` is
    the folder of those that were told."""

    kind = "sqlite"

    def __init__(self, folder: Path, templates: Callable[[str], Path], stories: Path) -> None:
        self._folder = folder
        self._templates = templates
        self._stories = stories

    def find(self, name: str, template: str = "empty") -> str:
        path = self._folder / f"{name}.db"
        if not path.exists():
            shutil.copy(self._templates(template), path)
        return str(path)

    def begin(self, story: str, fill: Callable[[str], None], name: str) -> str:
        told = self._stories / f"{story}.db"
        if not told.exists():
            shutil.copy(self._templates("empty"), told)
            fill(str(told))
        path = self._folder / f"{name}.db"
        shutil.copy(told, path)
        return str(path)

    def close(self) -> None:
        """The folder goes by itself."""


class Bases:
    """Databases on a PostgreSQL server; ``fill`` makes a template's rows, given its URL."""

    kind = "postgres"

    def __init__(self, databases: Databases, fill: Mapping[str, Callable[[str], None]]) -> None:
        self._databases = databases
        self._fill = fill
        self._made: dict[str, tuple[str, str]] = {}

    def find(self, name: str, template: str = "empty") -> str:
        if name not in self._made:
            source = self._databases.template(template, self._fill[template])
            find = self._databases.borrow if template == "empty" else self._databases.make
            self._made[name] = (find(source), template)
        return self._made[name][0]

    def begin(self, story: str, fill: Callable[[str], None], name: str) -> str:
        """Told each time: to copy a database takes longer."""
        url = self.find(name)
        fill(url)
        return url

    def close(self) -> None:
        for url, template in self._made.values():
            if template == "empty":
                self._databases.give_back(url)
            else:
                self._databases.drop(url)
