"""Many claims and names in the tables alone, past the journal, for what depends on how many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from claims.names import fold
from claims.spelling import searched
from tracker.store import tables as t
from tracker.store.spellings import learn_names, learn_words

if TYPE_CHECKING:
    from tracker.store.database import Connection

_SYLLABLES = ("ba", "ko", "mi", "tu", "re", "sa", "no", "li", "du", "ge", "fa", "po")


def made_up(number: int) -> str:
    """A word that can be said, another one for each number."""
    letters, left = "", number + 200
    while left:
        left, at = divmod(left, len(_SYLLABLES))
        letters += _SYLLABLES[at]
    return letters


def fill(connection: Connection, *, claims: int, names: int, seqs_from: int = 1) -> None:
    """So many claims, sources and entities, with made-up words; the claims are numbered from a number on."""
    named = {
        "sources": {f"source-{n}": [f"{made_up(n)} {made_up(n * 3)}"] for n in range(names)},
        "entities": {f"entity-{n}": [f"{made_up(n)} {made_up(n * 7)}"] for n in range(names)},
    }
    for records, keys in named.items():
        rows = [{"key": key, "name": given[0], "withdrawn": False} for key, given in keys.items()]
        if records == "sources":
            rows = [{**row, "folded": fold(row["name"]), "type": "outlet"} for row in rows]
            connection.execute(sa.insert(t.sources), rows)
        else:
            connection.execute(sa.insert(t.entities), [{**row, "type": "person"} for row in rows])
            aliases = [
                {"entity": row["key"], "position": 0, "name": row["name"], "folded": fold(row["name"])}
                for row in rows
            ]
            connection.execute(sa.insert(t.entity_names), aliases)
        for key, given in keys.items():
            learn_names(connection, records, key, given)
    rows = [_claim(number, names, seqs_from) for number in range(claims)]
    connection.execute(sa.insert(t.claims), rows)
    learn_words(connection, [word for row in rows for word in row["folded"].split()])


def _claim(number: int, entities: int, seqs_from: int) -> dict[str, object]:
    text = f"{made_up(number)} of {made_up(number * 7)} was seen in {1900 + number % 100}"
    key = f"claim-{number}"
    return {
        "key": key,
        "text": text,
        "folded": searched(text, key),
        "kind": "event",
        "subject": f"entity-{number % entities}",
        "withdrawn": False,
        "recorded_at": "2026-11-22T12:00:00.000000Z",
        "seq": seqs_from + number,
    }
