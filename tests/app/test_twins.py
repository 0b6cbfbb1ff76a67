"""Names that can be taken for others: what cannot be seen is refused, what looks alike is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from claims.errors import BadValue
from tests.support.dump import dump

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

FAKE = "R\u0435uters"  # with a Cyrillic letter


def said(tracker: Tracker) -> dict[str, list[tuple[str, tuple[tuple[str, str], ...]]]]:
    return {what: [(it.key, it.others) for it in found] for what, found in tracker.twins().items()}


def test_a_source_that_looks_like_another(tracker: Tracker) -> None:
    tracker.add_source("Reuters")
    assert said(tracker) == {}

    tracker.add_source(FAKE)

    assert said(tracker) == {"source": [("reuters-2", (("reuters", "Reuters"),))]}


def test_a_source_that_is_renamed(tracker: Tracker) -> None:
    tracker.add_source("Reuters")
    tracker.add_source("Harbour Post", key="post")
    tracker.revise_source("post", note="daily", reason="x")
    assert said(tracker) == {}
    tracker.revise_source("post", name="REUTERS", reason="x")
    assert said(tracker) == {"source": [("post", (("reuters", "Reuters"),))]}


def test_an_alias_of_an_entity(tracker: Tracker) -> None:
    tracker.add_entity("Amadou Diallo", key="diallo")
    tracker.add_entity("Kouffa", key="kouffa")
    tracker.alias_entity("kouffa", ["Amadou Dia1lo"])
    assert said(tracker) == {"entity": [("kouffa", (("diallo", "Amadou Diallo"),))]}


def test_one_that_is_merged_or_withdrawn_is_nobody_to_be_taken_for(tracker: Tracker) -> None:
    tracker.add_entity("Kouffa", key="kouffa")
    tracker.add_entity("Koufa", key="koufa")
    tracker.merge_entity("koufa", "kouffa", reason="one person")
    tracker.add_entity("K0ufa", key="other")
    assert said(tracker) == {}


def test_an_author_who_looks_like_another(new_tracker: Callable[..., Tracker]) -> None:
    new_tracker(author="anna").add_source("A")
    other = new_tracker(author="\u0430nna")
    other.add_source("B")
    assert said(other)["author"] == [("\u0430nna", (("anna", "anna"),))]


def test_sources_of_a_casebook(tracker: Tracker) -> None:
    tracker.import_casebook("casebook: 1\nsources: {one: {name: Post One}, two: {name: Post 0ne}}\n")
    assert [key for key, _ in said(tracker)["source"]] == ["one", "two"]


def test_sources_named_alike_across_spellings(tracker: Tracker) -> None:
    tracker.add_source("Harbour Post", key="post")
    assert tracker.named_alike("The Harbor Post") == [("post", "Harbour Post")]
    assert tracker.named_alike("Gazette") == []


HIDDEN = ["Post\u202e", "Po\u200bst", "Po\tst", "\x1b[31mPost", "Post\x9b", "a\u200db"]


@pytest.mark.parametrize("name", HIDDEN)
def test_a_name_that_cannot_be_seen_whole_is_refused_wherever_one_is_given(
    new_tracker: Callable[..., Tracker], name: str
) -> None:
    tracker = new_tracker()
    tracker.add_source("Gazette", key="gazette")
    tracker.add_entity("Mayor", key="mayor")
    tracker.add_claim("It rained", key="rain")
    before = dump(tracker)
    for act in (
        lambda: tracker.add_source(f"x{name}x"),
        lambda: tracker.add_source("x", owner=f"x{name}x"),
        lambda: tracker.add_source("x", sides=[f"x{name}x"]),
        lambda: tracker.revise_source("gazette", name=f"x{name}x", reason="x"),
        lambda: tracker.add_entity(f"x{name}x"),
        lambda: tracker.alias_entity("mayor", [f"x{name}x"]),
        lambda: tracker.add_document("A page", author=f"x{name}x"),
        lambda: tracker.assess("rain", "confirmed", reason="x", by=f"x{name}x"),
        lambda: new_tracker(author=f"x{name}x").add_claim("y"),
    ):
        with pytest.raises(BadValue, match=r"U\+[0-9A-F]{4}"):
            act()
    assert dump(tracker) == before


def test_what_people_wrote_is_kept_as_they_wrote_it(tracker: Tracker) -> None:
    text = "He said:\u202b \u0642\u0627\u0644 \u202cand left\u200b"
    tracker.add_claim(text, key="said")
    assert tracker.show("said").standing.claim.text == text


def test_a_row_with_such_a_name_is_listed(tracker: Tracker, tmp_path: Path) -> None:
    (tmp_path / "m.toml").write_text('[columns]\nclaim = "c"\nsource = "s"\nstance = "d"\n', "utf-8")
    data = "c,s,d\none,Reuters,supports\ntwo,Ga\u202ezette,supports\n"
    data += f"three,{FAKE},denies\nfour,P\u0430st,denies\n"

    found = tracker.import_csv(data.encode(), map_name=str(tmp_path / "m.toml"))

    assert [finding.row for finding in found.rejected] == [3, 4]
    assert "holds a character that is not seen, U+202E" in found.rejected[0].message
    assert f"'{FAKE}' looks like Reuters (reuters), but mixes" in found.rejected[1].message
    assert [it.mixed for it in tracker.twins()["source"]] == [("Cyrillic", "Latin")]  # of row 5
