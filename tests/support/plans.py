"""How a database means to answer: which tables it would read from beginning to end."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Engine

Asked = tuple[str, Any]
"""A statement as the driver got it, and its parameters."""


@contextmanager
def noted(engine: Engine) -> Iterator[list[Asked]]:
    """What is asked of a database within."""
    found: list[Asked] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        if statement.lstrip().upper().startswith(("SELECT", "WITH")):
            found.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)


FEW = "ix_claims_several"
"""An index over the few claims that name several entities: reading all of it is no harm."""

_WHOLE = {"sqlite": r"SCAN (\w+)\b(?! VIRTUAL)", "postgresql": r"Seq Scan on (\w+)"}


def read_whole(engine: Engine, asked: list[Asked]) -> dict[str, str]:
    """The tables that would be read from beginning to end, each with a statement that does."""
    kind = engine.dialect.name
    explain = "EXPLAIN QUERY PLAN" if kind == "sqlite" else "EXPLAIN"
    found: dict[str, str] = {}
    with engine.connect() as connection:
        for statement, parameters in asked:
            for row in connection.exec_driver_sql(f"{explain} {statement}", parameters):
                line = str(row[-1])
                for table in re.findall(_WHOLE[kind], line):
                    if FEW not in line and table != "CONSTANT":
                        found[table] = f"{line}: {statement}"
    return found
