"""Settled claims from a table: what is taken in, what is refused row by row, and what it is dated by."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from claims.errors import BadFile, NotFound
from claims.vocabulary import Stance, Status
from tests.claims.builders import policy
from tests.support.shared import shared
from tests.support.tables import MAP, row, table
from tracker.app.maps import load_map
from tracker.app.settled import Settled, settled_claims
from tracker.formats.csvmap import read_map

TODAY = date(2026, 11, 22)


def settled(*rows: tuple[str, ...], map_text: str = MAP) -> Settled:
    return settled_claims(table(*rows), read_map(map_text, "ours"), "rumours.csv", TODAY)


def test_rows_become_claims_with_what_was_said_of_them() -> None:
    found = settled(
        row(
            "the bridge is closed",
            "Harbour Post",
            "for",
            "2 March 2024",
            ended="yes",
            link="https://h.example/1",
        ),
        row("the bridge is closed", "Valley Times", "against", "2024-03-05", ended="yes"),
        row("the ferry has sunk", "Valley Times", "neutral"),
    )

    assert found.ends == {"the bridge is closed": "true", "the ferry has sunk": "unsettled"}
    assert found.claims == ["the bridge is closed"]
    assert found.truths(found.claims) == [True]
    assert found.last_day == date(2024, 3, 5)
    assert [piece.stance for piece in found.dossier.evidence.values()] == [
        Stance.SUPPORTS,
        Stance.DENIES,
        Stance.MENTIONS,
    ]
    assert set(found.dossier.sources) == {"Harbour Post", "Valley Times"}
    assert set(found.dossier.documents) == {"https://h.example/1"}
    assert (found.read, found.rejected) == (3, ())


def test_an_ending_is_a_verdict_dated_by_the_last_evidence() -> None:
    found = settled(
        row("it", "one", "for", "2024-03-01", ended="no"), row("it", "two", "for", "2024-04-01", ended="no")
    )

    (made,) = found.dossier.assessments["it"]
    assert (made.status, made.author, made.made_on) == (
        Status.REFUTED,
        "The rumour desk",
        date(2024, 4, 1),
    )


def test_whoever_does_not_know_an_ending_has_no_verdict() -> None:
    found = settled(row("one", "a", "for", ended="no"), row("two", "a", "for", ended="yes"))

    assert set(found.known(policy(), {"two"}).assessments) == {"two"}


def test_evidence_without_a_date_counts_from_the_last_day() -> None:
    found = settled(row("it", "one", "for", "2024-03-01"), row("it", "two", "for", ""))

    assert [piece.counts_from for piece in found.dossier.evidence.values()] == [
        date(2024, 3, 1),
        date(2024, 3, 1),
    ]


def test_a_claim_of_which_nothing_is_said_is_a_claim_all_the_same() -> None:
    found = settled(row("it", "one", "for", ended="yes"), map_text=MAP.replace('"supports"', '""'))

    assert found.ends == {"it": "true"}
    assert found.dossier.evidence == {}


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (row("it", "one", "for", "someday"), "'someday' cannot be read as a date"),
        (row("it", "one", "for", "03/04/2024"), "can be 2024-04-03 or 2024-03-04"),
        (row("it", "one", "sideways"), "which is none of 'for', 'against', 'neutral'"),
        (row("it", "", "for"), "a stance needs its source"),
        (row("other", "one", "for", ended="no"), "was true in a row before, and false here"),
    ],
)
def test_what_is_wrong_with_a_row_is_listed_and_stops_nothing(bad: tuple[str, ...], says: str) -> None:
    found = settled(row("other", "one", "for", ended="yes"), bad, row("it", "two", "for"))

    (finding,) = found.rejected
    assert finding.row == 3
    assert says in finding.message
    assert len(found.dossier.evidence) == 2
    assert "one" not in {piece.source for piece in found.dossier.evidence.values() if piece.claim == "it"}


def test_a_word_that_is_no_word_of_the_record_is_a_finding() -> None:
    found = settled(row("it", "one", "for"), map_text=MAP + 'basis = "hearsay"\n')

    assert "'hearsay' is not a basis" in found.rejected[0].message


def test_a_map_is_found_by_its_name_or_its_path(tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    path.write_text(MAP, "utf-8")

    assert load_map(str(path)).constants["kind"] == "event"
    assert load_map("emergent").name == "emergent"
    with pytest.raises(NotFound, match="there is no map 'emergant'"):
        load_map("emergant")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(BadFile, match="cannot be read"):
        load_map(str(path))
    with pytest.raises(BadFile, match="cannot be read"):
        load_map(str(tmp_path))


def test_emergent_is_taken_in_whole() -> None:
    data = shared("data", "emergent", "emergent-dev.csv").read_bytes()

    found = settled_claims(data, load_map("emergent"), "emergent-dev.csv", TODAY)

    assert (found.read, found.rejected) == (1277, ())
    assert sorted(found.ends.values()).count("true") == 32
    assert len(found.claims) == 88
    assert len(found.dossier.evidence) == 1277


def test_of_rumour_threads_those_who_take_no_side_are_left_out() -> None:
    data = shared("data", "rumoureval", "rumoureval2019-train-dev.csv").read_bytes()

    found = settled_claims(data, load_map("rumoureval"), "rumoureval.csv", TODAY)

    assert (found.read, found.rejected) == (6702, ())
    assert len(found.claims) == 252
    assert len(found.dossier.evidence) == 1027 + 460
    assert {piece.credibility for piece in found.dossier.evidence.values()} == {None, "5"}
    assert {source.reliability for source in found.dossier.sources.values()} == {None, "D"}
