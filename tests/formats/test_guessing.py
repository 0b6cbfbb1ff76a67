"""Maps that are guessed from headings, and saved."""

from __future__ import annotations

import pytest

from claims.errors import BadFile
from tracker.formats import tables
from tracker.formats.csvmap import FIELDS, read_map
from tracker.formats.guessing import guess, map_text


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
    found = guess(headings, [], "x.csv").columns
    assert {field: found.get(field) for field in columns} == columns


def test_a_table_of_no_claims_is_refused() -> None:
    with pytest.raises(BadFile, match="no column is called like a claim") as refused:
        guess(("a", "b"), [], "x.csv")
    assert "the columns are: a, b" in refused.value.hint


def test_the_order_of_dates_is_seen_in_them() -> None:
    def order(*days: str) -> str | None:
        return guess(("claim", "date"), [["x", day] for day in days], "x.csv").dates

    assert order("03/04/2018", "13/04/2018") == "day-first"
    assert order("03/04/2018", "04-13-2018") == "month-first"
    assert order("03/04/2018", "2018-04-13") is None
    assert order("13/04/2018", "04/13/2018") is None


def test_who_takes_no_position_is_taken_to_support() -> None:
    assert guess(("claim", "source"), [], "x.csv").constants == {"stance": "supports"}


def test_where_nobody_is_named_the_table_speaks_and_takes_no_side() -> None:
    assert guess(("claim", "stance"), [], "x.csv").constants == {"source": "x.csv", "stance": "mentions"}


@pytest.mark.parametrize("heading_row", [1, 3])
def test_a_guess_that_is_saved_is_the_same_map(heading_row: int) -> None:
    found = guess(
        ('the "claim"', "claim", "stance", "verdict", "day"),
        [["", "", "", "", "13/04/2018"]],
        "x",
        heading_row,
    )
    again = read_map(map_text(found, 'Of "x".'), "the guess")
    assert again == found


def test_names_of_fields_are_fields() -> None:
    from tracker.formats.guessing import HEADINGS

    assert set(HEADINGS) <= set(FIELDS)
    names = [name for each in HEADINGS.values() for name in each]
    assert len(set(names)) == len(names)


def test_headings_stand_where_the_table_begins() -> None:
    import io

    table = b"Our rumours\n\nclaim,source,day\nIt rained,Post,13/04/2018\n"
    looked = tables.look(io.BytesIO(table), "x.csv")
    assert (looked.row, looked.headings) == (3, ("claim", "source", "day"))
