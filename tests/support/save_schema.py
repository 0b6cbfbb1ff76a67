"""Saves a database of the newest schema as SQL, for later versions to be tested on.

Run it once when a schema is released, and never again for that schema:

    tracker demo --db demo.db
    python -m tests.support.save_schema demo.db

Without a file it saves an empty database. Full-text tables are saved by their contents: the tables
that SQLite keeps behind them cannot be restored from SQL.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = Path(__file__).parents[1] / "data" / "schemas"
SHADOW_SUFFIXES = ("config", "content", "data", "docsize", "idx")


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def statements(connection: sqlite3.Connection) -> Iterator[str]:
    """The database as SQL, tables in the order they were made, so that equal databases give equal files."""
    made = connection.execute(
        "SELECT type, name, sql FROM sqlite_master"
        " WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' ORDER BY rowid"
    ).fetchall()
    virtual = [name for _, name, sql in made if sql.upper().startswith("CREATE VIRTUAL TABLE")]
    shadows = {f"{name}_{suffix}" for name in virtual for suffix in SHADOW_SUFFIXES}
    yield "PRAGMA foreign_keys = OFF"
    yield "BEGIN"
    for kind, name, sql in made:
        if kind != "table" or name in shadows:
            continue
        yield sql
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(name)})")]
        columns = [quoted(column) for column in (["rowid", *columns] if name in virtual else columns)]
        names = ", ".join(columns)
        order = ", ".join(str(place + 2) for place in range(1 if name in virtual else len(columns)))
        # SQLite's own quoting, so that the file restores to the very values.
        values = " || ', ' || ".join(f"quote({column})" for column in columns)
        select = f"SELECT {values}, {names} FROM {quoted(name)} ORDER BY {order}"
        for row in connection.execute(select):
            yield f"INSERT INTO {quoted(name)} ({names}) VALUES ({row[0]})"
    # Triggers last: they must not fire while rows are put back.
    yield from (sql for kind, _, sql in made if kind in {"index", "view"})
    yield from (sql for kind, _, sql in made if kind == "trigger")
    yield "COMMIT"


def main() -> None:
    from tracker.store import migrate, schema

    with tempfile.TemporaryDirectory() as folder:
        if len(sys.argv) > 1:
            file = Path(sys.argv[1])
        else:
            file = Path(folder) / "empty.db"
            migrate.upgrade(f"sqlite:///{file}")
        with closing(sqlite3.connect(file)) as connection:
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
            if version != schema.HEAD:
                sys.exit(f"{file} has schema {version}, not {schema.HEAD}")
            target = FOLDER / f"{version}.sql"
            if target.exists():
                sys.exit(f"{target} is there already, and a released schema never changes")
            text = ";\n".join(statements(connection)) + ";\n"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    print(f"saved {target}")


if __name__ == "__main__":
    main()
