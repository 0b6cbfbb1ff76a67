"""Searches of the past: what would have been found at a moment, told without replaying the rest."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import ClaimsError
from tests.conftest import TODAY, Clock
from tests.support.examples import examples
from tests.support.pasts import no_whole_replay
from tracker.app import open_tracker, searching
from tracker.app.replay import replayed
from tracker.app.searching import search_now, search_then
from tracker.store import pastwords, spellings, words
from tracker.store.read import Reader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.report.models import Hit


@pytest.fixture
def sahel(tracker: Tracker, clock: Clock) -> Tracker:
    """Claims and names that were put in other words later."""
    tracker.add_entity("Amadou Kouffa", key="kouffa", type="person")
    tracker.add_entity("Katiba Macina", key="macina", type="group")
    tracker.add_claim(
        "Koufa was seen at Mopti", key="seen", kind="sign-of-life", subject="kouffa", when="2018"
    )
    tracker.add_claim("The market of Mopti burned", key="burned", kind="event")
    tracker.add_claim("The garrison of Sevare was attacked", key="attacked", kind="event")
    clock.tick(days=1)
    tracker.revise_claim("burned", text="The mill of Djenne burned", reason="another place")
    tracker.withdraw_record("attacked", reason="by mistake")
    tracker.revise_entity("macina", name="The front of liberation", reason="its own name")
    tracker.add_claim("Mopti is quiet, says Koufa", key="quiet", kind="other")
    tracker.add_claim("Of the garrisons of Sevare none was lost", key="lost", kind="other")
    tracker.add_claim("He was seen again", key="again", kind="sign-of-life", subject="kouffa", when="2020")
    return tracker


def before(tracker: Tracker) -> int:
    """The entry after which all was changed."""
    return next(entry.seq for entry in tracker.entries() if entry.act == "claim.revised") - 1


@pytest.mark.on_both
@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Mopti", ["burned", "seen"]),
        ("mill", []),
        ("garrison", ["attacked"]),
        ("garrisons", ["attacked"]),
        ("garison", ["attacked"]),
        ("katiba macina", ["macina"]),
        ("the front of liberation", []),
        ("kufa", ["kouffa", "seen"]),
        ("quiet", []),
        ("marke", ["burned"]),
    ],
)
def test_what_was_found_before_all_was_changed(sahel: Tracker, typed: str, found: list[str]) -> None:
    moment = before(sahel)
    with sahel.record(moment) as reader:
        in_whole = search_now(reader, typed, 20)
    with no_whole_replay():
        in_part = sahel.search(typed, recorded_by=moment)
    assert in_part == in_whole
    assert sorted(hit.key for hit in in_part) == found


def found_at(tracker: Tracker, typed: str, moment: int, limit: int = 20) -> list[str]:
    """What a search finds at a moment, without a replay, which is what it finds in one."""
    in_part, in_whole = both(tracker, typed, moment, limit)
    assert in_part == in_whole
    return [hit.key for hit in in_whole]


def last(tracker: Tracker) -> int:
    return tracker.entries()[-1].seq


def test_claims_that_came_to_hold_a_word_are_in_nobodys_way(tracker: Tracker) -> None:
    """Of the three newest that hold it now, none did then, nor was about the man."""
    tracker.add_entity("The mayor", key="mayor", type="person")
    for key in ("old", "one", "other", "third"):
        about = {"text": "The ferry sank", "subject": "mayor"} if key == "old" else {"text": "It rained"}
        tracker.add_claim(**about, key=key, kind="other")
    then = last(tracker)
    for key in ("one", "other", "third"):
        tracker.revise_claim(key, text="The ferry sank", subject="mayor", reason="better")
    assert found_at(tracker, "ferry", then, 1) == ["old"]
    assert found_at(tracker, "the mayor", then) == ["mayor", "old"]


def test_a_word_that_a_claim_held_before_is_meant(tracker: Tracker) -> None:
    tracker.add_claim("The garison burned", key="burned")
    tracker.add_claim("The garrison fled", key="fled")
    assert found_at(tracker, "garison", last(tracker)) == ["burned", "fled"]
    tracker.revise_claim("burned", text="The fort burned", reason="better")
    then = last(tracker)
    tracker.add_claim("It rained", key="rained")
    assert found_at(tracker, "garisson", then) == ["fled"]
    assert found_at(tracker, "garison", then) == found_at(tracker, "the garison", then)


@pytest.mark.parametrize("how", ["withdrawn", "revised"])
def test_a_word_that_began_so_in_a_claim_that_does_not_say_it_any_more_is_meant(
    tracker: Tracker, how: str
) -> None:
    tracker.add_claim("The marketing began", key="began")
    tracker.add_claim("The markit burned", key="burned")
    if how == "withdrawn":
        tracker.withdraw_record("began", reason="by mistake")
    else:
        tracker.revise_claim("began", text="It began", reason="better")
    then = last(tracker)
    tracker.add_claim("It rained", key="rained")
    assert found_at(tracker, "market", then) == []


def test_of_several_who_acted_together_each_is_found_if_the_claim_was_there(tracker: Tracker) -> None:
    for name in ("Alpha Brigade", "Bravo Brigade", "Gamma Company"):
        tracker.add_entity(name, key=name[:5].lower(), type="group")
    tracker.add_entity("The shelling of the mill", key="shelling", type="incident")

    def did_it(key: str, value: str) -> None:
        tracker.add_claim("They shelled it", key=key, kind="attribution", subject="shelling", value=value)

    did_it("mill", "alpha; bravo")
    did_it("bridge", "alpha; bravo")
    did_it("tower", "alpha; gamma")
    then = last(tracker)
    tracker.revise_claim("bridge", value="alpha; gamma", reason="better")
    tracker.revise_claim("tower", value="alpha; bravo", reason="better")
    did_it("gate", "alpha; bravo")
    assert set(found_at(tracker, "bravo brigade", then)) == {"bravo", "mill", "bridge"}


def test_where_very_much_was_changed_all_is_replayed(sahel: Tracker, monkeypatch: pytest.MonkeyPatch) -> None:
    moment = before(sahel)
    in_part = sahel.search("mopti", recorded_by=moment)
    monkeypatch.setattr(searching, "MOST_CHANGED", 0)
    assert sahel.search("mopti", recorded_by=moment) == in_part
    with pytest.raises(AssertionError, match="was replayed"), no_whole_replay():
        sahel.search("mopti", recorded_by=moment)


def test_where_very_many_words_are_near_all_is_replayed(
    sahel: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_part, _ = both(sahel, "gaprison", before(sahel), 20)
    assert in_part
    monkeypatch.setattr(spellings, "NEAR", 0)
    assert both(sahel, "gaprison", before(sahel), 20)[0] is None  # there may be more names
    monkeypatch.setattr(spellings, "keys_like_names", lambda *_, **__: set())
    assert both(sahel, "gaprison", before(sahel), 20)[0] is None  # and more words
    assert both(sahel, "garrison", before(sahel), 20)[0]


def test_where_very_many_claims_were_ever_revised_a_misspelt_word_has_all_replayed(
    sahel: Tracker, monkeypatch: pytest.MonkeyPatch
) -> None:
    newest = last(sahel)
    monkeypatch.setattr(searching, "MOST_CHANGED", 0)
    assert both(sahel, "garison", newest, 1)[0] is None
    assert both(sahel, "sevare", newest, 1)[0]
    assert both(sahel, "1234", newest, 1)[0] == []


WORDS = (
    *("koufa", "kouffa", "kufa", "mopti", "mopt", "market", "markets", "marketing", "garrison"),
    *("garison", "garrisons", "of", "the", "2018", "20182", "sevare", "sévaré", "ba'ath", "baath"),
)
TEXT = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
TYPED = st.one_of(TEXT, st.lists(st.sampled_from(WORDS), min_size=1, max_size=2).map(" ".join))
NUMBER = st.integers(0, 5)
STEP = st.one_of(
    st.tuples(st.just("add_claim"), TEXT, st.sampled_from([None, 0, 1]), st.booleans()),
    st.tuples(st.just("revise_claim"), NUMBER, TEXT),
    st.tuples(st.just("about"), NUMBER, st.integers(0, 2)),
    st.tuples(st.sampled_from(["withdraw_record", "restore"]), NUMBER),
    st.tuples(
        st.just("undo"),
    ),
    st.tuples(st.just("add_entity"), TEXT),
    st.tuples(st.just("revise_entity"), st.integers(0, 2), TEXT),
    st.tuples(st.just("redact"), NUMBER),
)


def play(tracker: Tracker, steps: list[tuple[Any, ...]]) -> None:
    """Do one thing after the other; what is refused is left out."""
    claims, entities = 0, 1
    for act, *words_ in steps:
        try:
            if act == "add_claim":
                text, subject, value = words_
                about = {"value": f"e{subject}"} if value else {"subject": f"e{subject}"}
                key, claims = f"c{claims}", claims + 1
                tracker.add_claim(text, key=key, kind="other", **({} if subject is None else about))
            elif act == "revise_claim":
                tracker.revise_claim(f"c{words_[0]}", text=words_[1], reason="better")
            elif act == "about":
                tracker.revise_claim(f"c{words_[0]}", subject=f"e{words_[1]}", reason="another")
            elif act == "add_entity":
                key, entities = f"e{entities}", entities + 1
                tracker.add_entity(words_[0], key=key, type="person")
            elif act == "revise_entity":
                tracker.revise_entity(f"e{words_[0]}", name=words_[1], reason="as he is called")
            elif act == "redact":
                tracker.redact(f"c{words_[0]}", field="text", reason="private")
            elif act == "undo":
                tracker.undo(reason="on second thoughts")
            else:
                getattr(tracker, act)(f"c{words_[0]}", reason="by mistake")
        except ClaimsError:
            continue


@pytest.fixture(autouse=True, scope="module")
def few() -> Iterator[None]:
    """As if few claims were looked at, so that the newest of them matter."""
    with pytest.MonkeyPatch.context() as patch:
        for room in (words, pastwords):
            patch.setattr(room, "MOST", 3)
        yield


@given(
    steps=st.lists(STEP, max_size=20),
    asked=st.lists(st.tuples(TYPED, st.integers(0, 25), st.sampled_from([1, 3, 20])), min_size=3, max_size=6),
)
@examples(25)
def test_whatever_was_done_the_past_finds_what_it_did(
    steps: list[tuple[Any, ...]],
    asked: list[tuple[str, int, int]],
    empty_database: Path,
    tmp_path_factory: Any,
) -> None:
    path = tmp_path_factory.mktemp("searching") / "any.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk", clock=Clock(TODAY)) as tracker:
        tracker.add_entity("Koufa", key="e0", type="person")
        play(tracker, steps)
        newest = last(tracker)
        for typed, at, limit in asked:
            moment = 1 + at % newest
            in_part, in_whole = both(tracker, typed, moment, limit)
            assert in_part == in_whole, (typed, moment, limit)


def both(tracker: Tracker, typed: str, moment: int, limit: int) -> tuple[list[Hit] | None, list[Hit]]:
    """What a search finds at a moment, in part and from a replay of the whole journal."""
    with (
        tracker.part_then(moment) as (part, until),
        replayed(part.source, until.entry) as connection,
    ):
        return search_then(part, typed, limit), search_now(Reader(connection), typed, limit)
