"""Evidence on very many claims as whole columns: to the last value what reading it row by row gives."""

from __future__ import annotations

import dataclasses
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import sqlalchemy as sa

from claims.vocabulary import Basis, Credibility, Side, Stance
from tests.claims.builders import policy
from tests.support.plans import noted
from tracker.store import plain
from tracker.store import tables as t
from tracker.store.columnwise import LONGEST, SEPARATOR, pieces_at_once
from tracker.store.dialects import CHUNK

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection

    from claims.resolve.plain import PlainFacts
    from tracker.app import Tracker
    from tracker.store.plain import Pieces

CLAIMS = [f"c{n}" for n in range(CHUNK + 50)] + ["c1-b", "قناة", "ünder", "a|b", "a,b", "'", "c\n1", "🙂"]
"""Some are not such as the tracker makes them. Behind that of c1-b come, by their keys alone, those of c1."""
SOURCES = ["paper", "radio", "Ägypten heute", "new\nline", "~", "0", "a.b", "東京"]
QUOTES = [
    "they saw it",
    "two\nlines",
    "",
    " ",
    "~",
    "'quoted'",
    "a, b; c|d\te",
    "قالوا",
    "🙂" * 20,
    "%s ? :x",
]
DAYS = [date(1, 1, 1), date(9999, 12, 31), date(2000, 2, 29), date(999, 12, 31)]


def put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Evidence in an empty tracker, in this order, with all that it is of."""
    known = {"folded": "", "withdrawn": False}
    connection.execute(
        sa.insert(t.sources), [{**known, "key": key, "name": key, "type": "outlet"} for key in SOURCES]
    )
    connection.execute(
        sa.insert(t.documents), [{"key": f"d{n}", "title": "seen", "withdrawn": False} for n in range(9)]
    )
    claim = {**known, "kind": "other", "recorded_at": ""}
    connection.execute(
        sa.insert(t.claims),
        [{**claim, "key": key, "text": f"What {key} says", "seq": n} for n, key in enumerate(CLAIMS)],
    )
    for row in rows:
        connection.execute(sa.insert(t.evidence).values(**row))


def row_of(claim: str, source: str = "paper", number: int = 0, **more: Any) -> dict[str, Any]:
    said = {"stance": "supports", "recorded_on": date(2026, 1, 2)}
    return {"key": f"{claim}.{source}-{number}", "claim": claim, "source": source, **said, **more}


def crowd(dice: random.Random, each: int = 4) -> list[dict[str, Any]]:
    """Evidence on all claims but a few, of which nearly all that may be missing is missing now and then."""

    def perhaps(values: Any, often: float = 0.5) -> Any:
        return dice.choice(list(values)) if dice.random() < often else None

    days = [*DAYS, *(date(2018, 1, 1) + timedelta(days=dice.randrange(2_000)) for _ in range(50))]
    return [
        row_of(
            claim,
            dice.choice(SOURCES),
            number,
            stance=dice.choice([str(stance) for stance in Stance]),
            recorded_on=dice.choice(days),
            published_latest=perhaps(days, 0.8),
            credibility=perhaps(map(str, Credibility)),
            basis=perhaps(map(str, Basis)),
            side=perhaps(map(str, Side), 0.1),
            document=perhaps([f"d{n}" for n in range(9)], 0.3),
            quote=perhaps(QUOTES, 0.3),
            relays=perhaps([*SOURCES, "nobody"], 0.1),
            withdrawn=perhaps(["mistake"], 0.05),
        )
        for claim in CLAIMS
        for number in range(dice.randrange(each))
    ]


def is_same(found: Pieces | None, by_row: Pieces) -> None:
    assert found is not None
    for field in dataclasses.fields(by_row[0]):
        one, other = getattr(found[0], field.name), getattr(by_row[0], field.name)
        assert type(one) is type(other), field.name
        if isinstance(one, np.ndarray):
            assert (one.dtype, one.tolist()) == (other.dtype, other.tolist()), field.name
        else:
            assert one == other, field.name
    for numbers, others in zip(found[1:3], by_row[1:3], strict=True):
        assert list(numbers.items()) == list(others.items())
    assert (found[3] == by_row[3]).all()


def both(tracker: Tracker) -> tuple[Pieces | None, Pieces]:
    claims = sorted(CLAIMS)
    with tracker.reading() as reader:
        return pieces_at_once(reader.connection, claims), plain.pieces_by_row(reader.connection, claims)


def put_all(tracker: Tracker, rows: list[dict[str, Any]]) -> None:
    with tracker.database.writing() as connection:
        put(connection, rows)


@pytest.mark.on_both
@pytest.mark.parametrize("seed", range(3))
def test_whole_columns_hold_what_rows_do(tracker: Tracker, seed: int) -> None:
    """Whether or not rows were written in the order of their keys."""
    dice = random.Random(seed)
    rows = crowd(dice)
    if seed:
        dice.shuffle(rows)
    else:
        rows.sort(key=lambda row: (row["claim"], row["key"]))
    put_all(tracker, rows)
    found, by_row = both(tracker)
    assert len(by_row[0].keys) == len(rows) > CHUNK
    assert by_row[3].any()
    is_same(found, by_row)


@pytest.mark.on_both
def test_it_is_so_where_somebody_listens_to_what_is_asked(tracker: Tracker) -> None:
    put_all(tracker, crowd(random.Random(5)))
    with noted(tracker.database.engine) as asked:
        found, by_row = both(tracker)
    assert any("count(*)" in words for words, _ in asked)
    is_same(found, by_row)


@pytest.mark.on_both
def test_nothing_was_said(tracker: Tracker) -> None:
    put_all(tracker, [])
    is_same(*both(tracker))


@pytest.mark.on_both
@pytest.mark.parametrize(
    "odd",
    [
        {"quote": f"{SEPARATOR}"},
        {"quote": "x" * (LONGEST + 1)},
        {"relays": f"some{SEPARATOR}body"},
        {"key": f"c1{SEPARATOR}paper"},
    ],
    ids=["quote", "long", "relays", "key"],
)
def test_what_does_not_fit_into_a_text_is_read_by_row(
    tracker: Tracker, odd: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    put_all(tracker, [row_of("c0"), {**row_of("c1"), **odd}, row_of("c2", quote="seen")])
    found, by_row = both(tracker)
    assert found is None
    monkeypatch.setattr(plain, "MANY", 1)
    with tracker.reading() as reader:
        is_same(plain._pieces(reader.connection, sorted(CLAIMS)), by_row)


@pytest.mark.on_both
@pytest.mark.parametrize(
    "odd", [{"stance": "swears"}, {"basis": "dreamt"}, {"credibility": "9"}, {"side": ""}, {"basis": "~"}]
)
def test_words_that_are_none_are_not_taken_for_others(tracker: Tracker, odd: dict[str, Any]) -> None:
    put_all(tracker, [row_of("c0"), {**row_of("c1"), **odd}])
    with tracker.reading() as reader:
        assert pieces_at_once(reader.connection, ["c0", "c1"]) is None
        with pytest.raises(KeyError):
            plain.pieces_by_row(reader.connection, ["c0", "c1"])


@pytest.mark.sqlite_only
@pytest.mark.parametrize(
    "day", ["20180203", "2018-02-30", "-001-01-01", "2018-1-2", "2018-02-030", "soon", ""]
)
def test_days_in_another_form_are_left_to_reading_by_row(tracker: Tracker, day: str) -> None:
    put_all(tracker, [row_of("c0"), row_of("c1")])
    with tracker.database.writing() as connection:
        connection.exec_driver_sql("UPDATE evidence SET recorded_on = ? WHERE claim = 'c1'", (day,))
    with tracker.reading() as reader:
        assert pieces_at_once(reader.connection, ["c0", "c1"]) is None


@pytest.mark.sqlite_only
def test_a_character_that_ends_texts_elsewhere_ends_none_here(tracker: Tracker) -> None:
    put_all(tracker, [row_of("c0", quote="a\0b"), row_of("c1", quote="\0"), row_of("c2", relays="x\0y")])
    is_same(*both(tracker))


@pytest.mark.on_both
def test_many_claims_are_read_so_and_few_are_not(tracker: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    put_all(tracker, crowd(random.Random(7)))

    def read(many: int) -> PlainFacts:
        monkeypatch.setattr(plain, "MANY", many)
        with tracker.reading() as reader:
            return plain.read_plain(reader.connection, CLAIMS, policy())

    by_row = read(many=len(CLAIMS) + 1)
    monkeypatch.setattr(plain, "pieces_by_row", None)
    at_once = read(many=len(CLAIMS))
    assert at_once.claims == by_row.claims
    assert (at_once.sources, at_once.known) == (by_row.sources, by_row.known)
    assert (at_once.headlines, at_once.publishers.tolist()) == (by_row.headlines, by_row.publishers.tolist())
    nobody = np.zeros(0, dtype=np.bool_)
    is_same((at_once.pieces, {}, {}, nobody), (by_row.pieces, {}, {}, nobody))
