"""Maps that are guessed from headings, and saved."""

from __future__ import annotations

from typing import Any

import pytest

from claims.errors import BadFile
from tracker.formats.csvmap import FIELDS, Map, read_map
from tracker.formats.guessing import guess, map_text
from tracker.formats.looking import Looked


def guessed(headings: tuple[str, ...], rows: list[list[str]] | None = None, **found: Any) -> Map:
    """What is guessed of a table in a file that is called x.csv."""
    return guess(Looked(headings, found.pop("row", 1), rows or [], **found), "x.csv")


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        (
            ("Rumour", "Outlet", "Position", "Date published", "Link", "Verdict"),
            {
                "claim": "Rumour",
                "source": "Outlet",
                "stance": "Position",
                "published": "Date published",
                "url": "Link",
                "assessment": "Verdict",
            },
        ),
        (("CLAIM", "Who says", "view"), {"claim": "CLAIM", "source": "Who says", "stance": "view"}),
        (("text", "claim", "source", "x"), {"claim": "claim", "source": "source"}),
        (
            ("Afirmación", "Fuente", "Fecha"),
            {"claim": "Afirmación", "source": "Fuente", "published": "Fecha"},
        ),
        (
            ("claim", "event date", "date", "place"),
            {"when": "event date", "published": "date", "where": "place"},
        ),
    ],
)
def test_columns_are_known_by_their_headings(headings: tuple[str, ...], columns: dict[str, str]) -> None:
    found = guessed(headings).columns
    assert {field: found.get(field) for field in columns} == columns


def test_a_table_of_no_claims_is_refused() -> None:
    with pytest.raises(BadFile, match="no column is called like a claim") as refused:
        guessed(("a", "b"))
    assert "the columns are: a, b" in refused.value.hint


def test_the_order_of_dates_is_seen_in_them() -> None:
    def order(*days: str) -> str | None:
        return guessed(("claim", "date"), [["x", day] for day in days]).dates

    assert order("03/04/2018", "13/04/2018") == "day-first"
    assert order("03/04/2018", "04-13-2018") == "month-first"
    assert order("03/04/2018", "2018-04-13") is None
    assert order("13/04/2018", "04/13/2018") is None


def test_who_takes_no_position_is_taken_to_support() -> None:
    assert guessed(("claim", "source")).constants == {"stance": "supports"}


def test_where_nobody_is_named_the_table_speaks_and_takes_no_side() -> None:
    assert guessed(("claim", "stance")).constants == {"source": "x.csv", "stance": "mentions"}


@pytest.mark.parametrize(
    "found", [{}, {"row": 3}, {"delimiter": ";"}, {"delimiter": "\t", "sheet": 'May "2"'}]
)
@pytest.mark.parametrize("more", [(), ("key", "evidence_key")])
def test_a_guess_that_is_saved_is_the_same_map(found: dict[str, Any], more: tuple[str, ...]) -> None:
    headings = ('the "claim"', "claim", "stance", "verdict", "day", *more)
    guess = guessed(headings, [["", "", "", "", "13/04/2018"]], **found)
    assert read_map(map_text(guess, 'Of "x".'), "the guess") == guess


def test_two_columns_of_one_heading_are_left_out_of_a_guess() -> None:
    assert "note" not in guessed(("claim", "notes", "notes")).columns
    with pytest.raises(BadFile, match="two columns 'claim'"):
        guessed(("claim", "source", "claim"))


def test_only_what_went_out_from_here_is_read_as_that() -> None:
    assert guessed(("key", "claim", "withdrawn")).cells == ""
    assert "withdrawn" not in guessed(("key", "claim", "withdrawn")).columns
    ours = guessed(("key", "claim", "evidence_key", "withdrawn"))
    assert (ours.cells, ours.columns["withdrawn"]) == ("exact", "withdrawn")


def test_names_of_fields_are_fields() -> None:
    from tracker.formats.guessing import HEADINGS

    assert set(HEADINGS) <= set(FIELDS)
    names = [name for each in HEADINGS.values() for name in each]
    assert len(set(names)) == len(names)
