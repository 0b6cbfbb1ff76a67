"""ClaimReview from the command line: what was taken without being understood as a whole is told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.formats.test_claimreview import REVIEW
from tracker.cli import imported

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

UNKNOWN = (
    "“Will he come back?” is no rating word that is known: no verdict is recorded, "
    "and the rating is kept as a note"
)
ODD = REVIEW | {"reviewRating": {"alternateName": "Will he come back?"}, "datePublished": "soon"}


def test_remarks_are_told_beside_what_cannot_be_taken(folder: Path, run) -> None:
    (folder / "reviews.json").write_text(json.dumps([ODD, REVIEW | {"claimReviewed": ""}]), "utf-8")
    status, out, _ = run("import", "claimreview", "reviews.json", "--dry-run")
    assert status == 1
    assert out.splitlines()[:5] == [
        "reviews.json: read 2, would record 1, unchanged 0, rejected 1",
        "  [1]: claimReviewed is empty: it does not say what was claimed",
        "taken all the same:",
        "  [0]: datePublished: “soon” is no date that can be read",
        f"  [0]: reviewRating: {UNKNOWN}",
    ]


def test_remarks_alone_are_no_failure_and_are_there_for_programs(folder: Path, run) -> None:
    (folder / "reviews.json").write_text(json.dumps(ODD), "utf-8")
    status, out, _ = run("import", "claimreview", "reviews.json", "--format", "json")
    told = json.loads(out)
    assert (status, told["recorded"], told["rejected"]) == (0, 1, [])
    assert [each["row"] for each in told["remarks"]] == ["the only object"] * 2


def test_of_very_many_remarks_the_first_are_told(
    folder: Path,
    run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(imported, "MOST_REMARKS", 1)
    (folder / "reviews.json").write_text(json.dumps(ODD), "utf-8")
    _, out, _ = run("import", "claimreview", "reviews.json")
    assert "  and 1 more; all of them: --format json\n" in out


def test_reviews_go_out_as_they_were_asked_for(folder: Path, run) -> None:
    (folder / "reviews.json").write_text(json.dumps(REVIEW), "utf-8")
    run("import", "claimreview", "reviews.json")
    status, _, err = run("export", "claimreview")
    assert status == 2
    assert "error[bad-value]: nobody is said to publish these reviews" in err
    page = "page=https://our.test/{key}"
    asked = ("export", "claimreview", "--option", "organisation=Us", "--option", page)
    assert run(*asked, "-o", "ours.jsonld")[0] == 0
    (review,) = json.loads((folder / "ours.jsonld").read_text("utf-8"))["@graph"]
    assert review["author"]["name"] == "Us"
