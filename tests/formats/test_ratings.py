"""What desks publish as ratings, read as statuses: their word first, numbers only where a scale says which
end is the better one, and nothing guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.vocabulary import Status
from tracker.formats.ratings import Rating, read_rating, write_rating


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("FALSE", "refuted"),
        ("Pants on Fire!", "refuted"),
        ("Falso", "refuted"),
        ("FAUX", "refuted"),
        ("خاطئ", "refuted"),
        ("Mostly False", "doubtful"),
        ("Sem contexto", "doubtful"),
        ("Half True", "disputed"),
        ("Mixto", "disputed"),
        ("Verdadeiro, mas", "corroborated"),
        ("Verdadeiro", "confirmed"),
        ("Impossível provar", "unverified"),
    ],
)
def test_a_known_word_is_a_status_whatever_its_case_and_accents(word: str, status: str) -> None:
    for written in (word, word.lower(), f" {word.upper()} "):
        assert read_rating(Rating(written)).status == status
    assert read_rating(Rating(word)).remarks == ()


@pytest.mark.parametrize(
    ("rating", "trouble"),
    [
        (Rating("False", 5, worst=5, best=1), "the scale is inverted: 5 (worst) to 1 (best)"),
        (Rating("False", 1, worst=1, best=1), "the scale has one point: 1 (worst) to 1 (best)"),
        (Rating("False", 4, best=6), "ratingValue 4 has no scale: there is no worstRating"),
        (Rating("False", 4), "ratingValue 4 has no scale: there is no bestRating"),
        (Rating("False", 6, worst=1, best=5), "ratingValue 6 lies outside the scale, 1 (worst) to 5 (best)"),
    ],
)
def test_where_the_scale_is_odd_the_word_is_heeded_and_that_is_said(rating: Rating, trouble: str) -> None:
    verdict = read_rating(rating)
    assert verdict.status is Status.REFUTED
    assert verdict.remarks == (f"{trouble}; read as refuted, by its word “False”",)

    unknown = read_rating(Rating("Will it rain?", rating.value, rating.worst, rating.best))
    assert unknown.status is None
    assert trouble in unknown.remarks[0]
    assert "no verdict is recorded" in unknown.remarks[0]


def test_a_number_that_says_the_opposite_of_the_word_is_told() -> None:
    verdict = read_rating(Rating("True", 1, worst=1, best=5))
    assert verdict.status is Status.CONFIRMED
    assert verdict.remarks == (
        "its number, 1 on a scale from 1 to 5, says the opposite; read as confirmed, by its word “True”",
    )


@pytest.mark.parametrize(
    ("value", "status"),
    [(1, "refuted"), (2, "doubtful"), (3, "disputed"), (4, "corroborated"), (5, "confirmed")],
)
def test_a_number_speaks_where_no_word_is_known(value: int, status: str) -> None:
    verdict = read_rating(Rating("It is complicated", value, worst=1, best=5))
    assert verdict.status == status
    assert f"read as {status}, by its number {value} on a scale from 1 to 5" in verdict.remarks[0]


def test_a_sentence_is_read_by_how_it_begins_or_not_at_all() -> None:
    read = read_rating(Rating("False. The photo was taken years before"))
    assert read.status is Status.REFUTED
    assert "by how it begins" in read.remarks[0]
    assert read_rating(Rating("True, says nobody")).status is None
    assert read_rating(Rating("Not false at all")).status is None
    assert read_rating(Rating("True?")).status is None


def test_no_rating_is_none() -> None:
    verdict = read_rating(Rating())
    assert (verdict.status, verdict.remarks) == (None, ("there is no rating",))


@pytest.mark.parametrize("status", Status)
def test_what_is_written_is_read_as_it_was_meant(status: Status) -> None:
    written = write_rating(status)
    read = Rating(
        written["alternateName"],
        written.get("ratingValue"),
        written.get("worstRating"),
        written.get("bestRating"),
    )
    verdict = read_rating(read)
    assert (verdict.status, verdict.remarks) == (status, ())


def test_what_says_nothing_of_the_truth_has_no_number() -> None:
    for status in ("unverified", "retracted", "superseded"):
        assert set(write_rating(Status(status))) == {"@type", "alternateName"}


NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)


@given(st.text(max_size=40), NUMBERS, NUMBERS, NUMBERS)
def test_whatever_is_not_plain_is_remarked_on(word: str, value, worst, best) -> None:
    rating = Rating(word, value, worst, best)
    verdict = read_rating(rating)
    assert verdict.remarks or (verdict.status is not None and not rating.trouble)
