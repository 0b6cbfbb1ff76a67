"""Strings that break programs, wherever a person may write words.

Nothing but an error that can be mended may come of them; what is recorded is recorded to the
letter, verifies, and survives the way out into a casebook and back in.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import unicodedata
from typing import TYPE_CHECKING

import pytest

from claims.errors import ClaimsError
from tests.conftest import Clock
from tests.support.dump import dump
from tests.support.shared import shared
from tracker.app import open_tracker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tracker.app import Tracker

pytestmark = pytest.mark.slow  # it starts many processes, or many trackers

MORE = [
    *("a\x00b", "\x1b[31mred\x1b[0m", "\x9b31m", "bell\x07", "\r\n", "\x85", "\u2028", "\ufeff", "\x7f"),
    *(
        "half \ud800 of one",
        "\udcff",
        "=1+1",
        "@SUM(A1)",
        "%s %d {0}",
        "'; DROP TABLE claims; --",
        "~",
        "null",
    ),
    *("- a\n- b", "key: value", "# not a comment", "|\n  text", "&anchor", "*alias", "!!python/object:x"),
    *("2018-11-23", "yes", "1e5", "\t", "[red]markup[/red]", "a" * 500, "e\u0301", "\u202eright to left"),
]


@pytest.fixture(scope="module")
def strings() -> list[str]:
    found: list[str] = json.loads(shared("vectors", "naughty-strings.json").read_text("utf-8"))
    return found + MORE


@pytest.fixture(scope="module")
def filled(
    strings: list[str], empty_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tracker]:
    """A tracker that holds every string that it takes, in every place; only to be read."""
    path = tmp_path_factory.mktemp("naughty") / "filled.db"
    shutil.copy(empty_database, path)
    with open_tracker(str(path), author="desk", clock=Clock()) as tracker:
        fill(tracker, strings)
        yield tracker


def fill(tracker: Tracker, strings: list[str]) -> None:
    tracker.add_source("Somebody", key="somebody")
    tracker.add_document("A page", key="page")
    with tracker.act():
        for number, text in enumerate(strings):
            with contextlib.suppress(ClaimsError):
                tracker.add_source(text, note=text, owner=text, sides=[text], reason=text)
            with contextlib.suppress(ClaimsError):
                tracker.add_entity(text, aliases=[text, f"{text}!"], note=text)
            with contextlib.suppress(ClaimsError):
                tracker.add_claim(text, key=f"c{number}", value=text, where=text, external_id=text)
                tracker.log(f"c{number}", source="somebody", stance="supports", document="page", quote=text)


def test_most_are_words_like_any_others_and_kept_to_the_letter(filled: Tracker, strings: list[str]) -> None:
    claims = {claim.key: claim for claim in filled.claims()}
    refused = [text for number, text in enumerate(strings) if f"c{number}" not in claims]

    assert [text for text in refused if text.strip() and _is_text(text)] == []
    for number, text in enumerate(strings):
        if text not in refused:
            assert claims[f"c{number}"].text == text.strip()
            assert claims[f"c{number}"].value == text
            assert filled.show(f"c{number}").evidence[0].quote == text


def test_the_record_verifies(filled: Tracker) -> None:
    assert filled.audit().problems == ()


@pytest.mark.slow
def test_they_survive_a_casebook(filled: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    exported = filled.export_casebook()
    again = new_tracker("again")
    again.import_casebook(exported)

    assert again.export_casebook() == exported
    assert again.import_casebook(exported).recorded == 0
    assert [claim.text for claim in again.claims()] == [claim.text for claim in filled.claims()]
    assert again.audit().ok


def test_no_question_breaks_on_one_in_seven(filled: Tracker, strings: list[str]) -> None:
    ask_with([*strings[::7], *MORE], filled)


@pytest.mark.slow
@pytest.mark.sqlite_only  # what they could break is the same on both
def test_no_question_breaks_on_them(filled: Tracker, strings: list[str]) -> None:
    ask_with([*strings, *MORE], filled)


def ask_with(strings: list[str], filled: Tracker) -> None:
    for text in strings:
        for question in (
            filled.search,
            filled.named_alike,
            filled.status,
            filled.show,
            filled.source,
            filled.entity,
            filled.entries,
            filled.changes,
            lambda words: filled.statuses(subject=words),
            lambda words: filled.statuses(case=words, kind=words),
            lambda words: filled.statuses(as_of=words),
            lambda words: filled.statuses(["c1"], recorded_by=words),
            lambda words: filled.diff("c1", words, words),
            filled.export_casebook,
        ):
            with contextlib.suppress(ClaimsError):
                question(text)


def test_no_act_breaks_on_one_in_seven(tracker: Tracker, strings: list[str]) -> None:
    act_with([*strings[::7], *MORE], tracker)


@pytest.mark.slow
@pytest.mark.sqlite_only  # what they could break is the same on both
def test_no_act_breaks_on_them(tracker: Tracker, strings: list[str]) -> None:
    act_with([*strings, *MORE], tracker)


def act_with(strings: list[str], tracker: Tracker) -> None:
    tracker.add_source("Somebody", key="somebody")
    tracker.add_entity("Someone", key="someone", type="person")
    tracker.add_claim("Something", key="something")
    tracker.add_claim("Something else", key="else")
    tracker.dry_run = True
    before = dump(tracker)
    for text in strings:
        for act in (
            lambda words: tracker.add_claim("x", key=words),
            lambda words: tracker.add_claim("x", when=words),
            lambda words: tracker.add_claim("x", kind=words),
            lambda words: tracker.add_claim("x", subject=words),
            lambda words: tracker.add_claim("x", kind="count", value=words),
            lambda words: tracker.add_claim("x", question=words),
            lambda words: tracker.add_claim("x", case=words, lang=words),
            lambda words: tracker.log("something", source=words, stance="supports"),
            lambda words: tracker.log("something", source="somebody", stance=words),
            lambda words: tracker.log("something", source="somebody", stance="denies", published=words),
            lambda words: tracker.log("something", source="somebody", stance="denies", relays=words),
            lambda words: tracker.log("something", source="somebody", stance="denies", file=words),
            lambda words: tracker.log(
                "something", source="somebody", stance="denies", url=words, quote=words
            ),
            lambda words: tracker.log("something", source="somebody", stance="denies", key=words),
            lambda words: tracker.revise_claim("something", text=words, reason=words),
            lambda words: tracker.revise_source("somebody", name=words, reason="x"),
            lambda words: tracker.grade_source("somebody", words, reason="x"),
            lambda words: tracker.alias_entity("someone", [words]),
            lambda words: tracker.add_source(words) and tracker.twins(),
            lambda words: tracker.add_entity(words, aliases=[words]) and tracker.twins(),
            lambda words: tracker.add_source("x", owner=words, sides=[words]),
            lambda words: tracker.add_document(words, author=words, url=words),
            lambda words: tracker.assess("something", "confirmed", reason=words, by=words),
            lambda words: tracker.add_case(words, title=words, about=words),
            lambda words: tracker.link("something", words, "else", reason="x"),
            lambda words: tracker.link("something", "supports", words, reason="x"),
            lambda words: tracker.assess("something", "confirmed", likelihood=words, reason="x"),
            lambda words: tracker.withdraw("something", by_source=words, reason="x"),
        ):
            with contextlib.suppress(ClaimsError):
                act(text)
    assert dump(tracker) == before


@pytest.mark.parametrize("every", [4, pytest.param(1, marks=pytest.mark.slow)])
def test_no_casebook_breaks_on_them(tracker: Tracker, strings: list[str], every: int) -> None:
    for text in [*strings[::every], *MORE]:
        for casebook in (
            text,
            f"casebook: 1\nclaims: {text}",
            f"casebook: 1\nclaims:\n  c:\n    text: {text}\n",
        ):
            with contextlib.suppress(ClaimsError):
                tracker.import_casebook(casebook)
    assert tracker.audit().ok


def _is_text(text: str) -> bool:
    return "\x00" not in text and all(unicodedata.category(c) != "Cs" for c in text)
