"""Finds the migrations and runs them; imported only by what makes or upgrades a database."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from tracker.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable

    from alembic.config import Config
    from sqlalchemy import URL, Connection


def location(package: Path | None = None) -> Path:
    """The folder of the migrations: inside the installed package, or beside it in a checkout.

    An installed wheel has them as tracker/migrations; an editable install cannot map the folder,
    so there they are found where they are kept. The second place is only believed if it looks
    like migrations: beside an installed package, "alembic" is the library.
    """
    home = Path(str(files("tracker"))) if package is None else package
    candidates = (home / "migrations", home.parent / "alembic")
    for folder in candidates:
        if (folder / "env.py").is_file() and (folder / "versions").is_dir():
            return folder
    raise StoreError(
        "the migrations that make and upgrade a database are missing from this installation: looked in "
        + " and ".join(str(folder) for folder in candidates),
        "install the program again",
    )


def config(target: Connection | URL | str | None = None, folder: Path | None = None) -> Config:
    """What alembic's own commands take: our migrations, on this database."""
    from alembic.config import Config
    from sqlalchemy import URL

    made = Config()
    made.set_main_option("script_location", str(folder or location()).replace("%", "%%"))
    if isinstance(target, URL):
        target = target.render_as_string(hide_password=False)
    if isinstance(target, str):
        # A password may hold a %, which the settings would read as the start of a name.
        made.set_main_option("sqlalchemy.url", target.replace("%", "%%"))
    elif target is not None:
        made.attributes["connection"] = target
    return made


def head(folder: Path | None = None) -> str:
    """The newest revision that there is a migration for."""
    from alembic.script import ScriptDirectory

    newest = ScriptDirectory.from_config(config(folder=folder)).get_current_head()
    if newest is None:
        raise StoreError("this installation has no migrations", "install the program again")
    return newest


def current(connection: Connection) -> str | None:
    """The revision of this database; None if it has never been migrated."""
    from alembic.runtime.migration import MigrationContext

    return MigrationContext.configure(connection).get_current_revision()


def upgrade(
    target: Connection | URL | str,
    revision: str = "head",
    folder: Path | None = None,
    after: Callable[[Connection], None] | None = None,
) -> None:
    """Bring the database to this revision, and do what comes ``after``, wholly or not at all.

    A connection that is inside a transaction stays in it, and the caller commits; one that is
    not is committed here.
    """
    from alembic import command

    made = config(target, folder)
    made.attributes["after"] = after
    command.upgrade(made, revision)
