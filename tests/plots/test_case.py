"""The matrix of a case: who says what of which claim, and what was too much to draw."""

from __future__ import annotations

from claims.model import Case
from claims.vocabulary import Status, Withdrawal
from tests.claims.builders import claim, said
from tests.support.pictures import AS_OF, HOSTILE, check, standing, texts
from tracker.plots.case import MOST_CLAIMS, matrix
from tracker.report.pictures import Matrix


def case(claims, evidence, **fields):
    names = {piece.source: piece.source.title() for piece in evidence}
    of = Case(key="raid", title="The raid")
    return Matrix(
        **{
            "case": of,
            "claims": tuple(claims),
            "evidence": tuple(evidence),
            "sources": names,
            "as_of": AS_OF,
            **fields,
        }
    )


RAID = case(
    [
        standing(claim("happened"), status=Status.CONFIRMED, likelihood=0.98),
        standing(claim("in-march"), status=Status.DISPUTED, likelihood=0.5),
        standing(claim("silent")),
    ],
    [
        said("army", of="happened"),
        said("paper", of="happened"),
        said("army", of="in-march"),
        said("paper", "denies", of="in-march"),
        said("paper", "supports", of="in-march", key="in-march.again", withdrawn=Withdrawal.MISTAKE),
    ],
)


def marks(figure, stance):
    return [each for each in check(figure).iter() if each.get("class") == f"{stance} mark"]


def test_each_field_has_the_stances_that_the_source_took():
    figure = matrix(RAID)
    assert len(marks(figure, "supports")) == 4 + 1  # and the key to the shape
    assert len(marks(figure, "denies")) == 1 + 1
    assert figure.title == "The raid: who says what"


def test_the_likeliest_claims_come_first():
    assert [row[0] for row in matrix(RAID).tables[0].rows] == [
        "The text of happened.",
        "The text of in-march.",
        "The text of silent.",
    ]


def test_the_description_says_where_sources_part():
    told = matrix(RAID).description
    assert told.startswith(
        "A table of 3 claims against 2 sources, as of 2024-03-15. In all, 4 supports and 1 denies."
    )
    assert told.endswith("Supported by some and denied by others: in-march.")


def test_what_is_too_much_is_not_drawn_and_that_is_said():
    claims = [standing(claim(f"c{n:03}")) for n in range(MOST_CLAIMS + 5)]
    figure = matrix(case(claims, [said(f"s{n:02}", of="c000") for n in range(60)]))
    check(figure)
    assert "Not drawn: 5 more claims and" in texts(figure)
    assert len(figure.tables[0].rows) == MOST_CLAIMS + 5
    assert figure.tables[0].rows[0][3].count("supports") == 60


def test_an_empty_case_and_hostile_names_can_be_drawn():
    check(matrix(case([], [])))
    check(
        matrix(
            case(
                [standing(claim(note=None))],
                [said("x")],
                sources={"x": HOSTILE},
                case=Case(key="x", title=HOSTILE),
            )
        )
    )
