"""Journals from somebody who wrote their own program: what nobody could have recorded here is listed,
nothing else is hindered by it, and the record verifies afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.support.forging import journal_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker

HEX = "a" * 64


def entry(act: str, subject: str, received: object = None, **payload: Any) -> dict[str, Any]:
    made = {"act": act, "subject": subject, "payload": payload}
    return made if received is None else {**made, "received": received}


GAZETTE = entry("source.registered", "gazette", name="The Gazette", type="outlet")
BURNED = entry("claim.recorded", "burned", text="It burned", kind="event")
STOOD = entry("claim.recorded", "stood", text="It stood", kind="event")
HEARD = entry("evidence.logged", "burned.gazette", claim="burned", source="gazette", stance="supports")
MAYOR = entry("entity.registered", "mayor", name="The mayor", type="person")
PAPER = entry("document.recorded", "paper", title="A paper")
SOUND = (GAZETTE, BURNED, STOOD, HEARD, MAYOR, PAPER)

FOUND = {"rule": "life-after-death", "claim": "burned", "other": "stood", "because": "so"}
OPENED = {"state": "resolved", "was": "open"}

STRANGE = {
    "no text": entry("claim.recorded", "new", text=" ", kind="event"),
    "no name": entry("source.registered", "new", name="", type="outlet"),
    "another's date": entry("claim.recorded", "new", text="New", when={"edtf": "2012", "words": 7}),
    "more than a date": entry("claim.recorded", "new", text="New", when={"edtf": "2012", "more": {}}),
    "aliases that are a text": entry("entity.registered", "new", name="N", type="person", aliases="abc"),
    "no hash": entry("document.recorded", "new", title="New", sha256="../../etc/passwd"),
    "published in the future": entry(
        "evidence.logged", "e2", claim="burned", source="gazette", stance="denies", published={"edtf": "2999"}
    ),
    "what is said of another claim": entry(
        "evidence.logged", "e2", claim="stood", source="gazette", stance="denies", relays="burned.gazette"
    ),
    "evidence on another claim": entry(
        "evidence.corrected", "burned.gazette", set={"claim": "stood"}, was={"claim": "burned"}
    ),
    "a grade by the back door": entry(
        "source.revised", "gazette", set={"reliability": "A"}, was={"reliability": None}
    ),
    "a text taken out": entry("claim.revised", "burned", set={"text": " "}, was={"text": "It burned"}),
    "taken back on no day": entry("evidence.withdrawn", "burned.gazette", how="by-source", on=None),
    "taken back tomorrow": entry("evidence.withdrawn", "burned.gazette", how="by-source", on="9999-12-31"),
    "a verdict of nobody": entry("assessment.made", "a", claim="burned", status="confirmed", by=" "),
    "a verdict of no name": entry("assessment.made", "a", claim="burned", status="confirmed", by={}),
    "a verdict of the future": entry(
        "assessment.made", "a", claim="burned", status="refuted", on="9999-01-01"
    ),
    "a link of no reason": entry("link.resolved", "x:y:z", **{**FOUND, **OPENED, "because": {}}),
    "a link to itself": entry("link.resolved", "x:y:z", **{**FOUND, **OPENED, "other": "burned"}),
    "a link reopened shut": entry("link.reopened", "x:y:z", **FOUND, **OPENED),
    "a file of no hash": entry("document.archived", "paper", set={"note": "x"}, was={"note": None}, file=7),
    "no author": {**entry("entity.registered", "new", name="New", type="person"), "author": ""},
    "merged into a list": entry("entity.merged", "mayor", into=["mayor"]),
}

ORIGIN = {"leaf": HEX, "origin": "east", "seq": 7, "recorded_at": "2025-01-01T00:00:00.000000Z", "by": "eve"}


@pytest.mark.slow  # so many
@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE.keys())
def test_what_nobody_could_have_recorded_is_listed(tracker: Tracker, strange: dict[str, Any]) -> None:
    found = tracker.import_journal(journal_file(*SOUND, strange))
    assert [each.seq for each in found.conflicts] == [len(SOUND) + 1]
    assert found.recorded == len(SOUND)
    assert tracker.audit().problems == ()


@pytest.mark.slow  # so many
@pytest.mark.parametrize("field", ["leaf", "origin", "seq", "recorded_at"])
@pytest.mark.parametrize("value", [[], {}, None, True, "", -1])
def test_where_an_entry_came_from_is_said_as_it_must_be(tracker: Tracker, field: str, value: Any) -> None:
    strange = {**MAYOR, "received": {**ORIGIN, field: value}}
    found = tracker.import_journal(journal_file(GAZETTE, strange, BURNED))
    assert [each.seq for each in found.conflicts] == [2]
    assert found.recorded == 2


def test_two_entries_that_say_they_are_one_are_taken_in_once(tracker: Tracker) -> None:
    found = tracker.import_journal(
        journal_file({**GAZETTE, "received": ORIGIN}, {**BURNED, "received": ORIGIN})
    )
    assert (found.recorded, found.known) == (1, 1)
    assert tracker.audit().problems == ()


STANDS_IN = {
    "batch": 1,
    "recorded_at": "2026-01-01T00:00:00.000000Z",
    "author": "eve",
    "act": "source.registered",
    "subject": "gazette",
    "reason": "",
    "payload": {"name": "The Gazette", "type": "outlet"},
}


STRANGE_FIELDS = [
    (field, value)
    for field in (*STANDS_IN, "received", "leaf")
    for value in (7, [], "x")
    if field in ("recorded_at", "leaf") or not isinstance(value, type(STANDS_IN.get(field, {})))
]


@pytest.mark.slow  # so many
@pytest.mark.parametrize(("field", "value"), STRANGE_FIELDS)
def test_what_stands_in_for_an_entry_must_be_one(tracker: Tracker, field: str, value: Any) -> None:
    instead = {**STANDS_IN, **({} if field == "leaf" else {field: value})}
    said = {"seq": 1, "leaf": value if field == "leaf" else HEX, "instead": instead}
    gone = f'{{"redacted":"{HEX}"}}'.encode()
    found = tracker.import_journal(journal_file(gone, entry("entry.redacted", "x", entries=[said]), BURNED))
    assert found.recorded == 1
    assert tracker.audit().problems == ()
    tracker.add_source("Another")
    assert tracker.audit().problems == ()


def test_a_file_that_another_desk_archived_stays_there(
    new_tracker: Callable[..., Tracker], tmp_path: Path
) -> None:
    north, south = new_tracker("north"), new_tracker("south")
    north.add_source("The Gazette")
    north.add_claim("It burned", key="burned")
    page = tmp_path / "page.txt"
    page.write_text("It burned.")
    north.log("burned", source="gazette", stance="supports", file=page, quote="It burned.")
    found = south.import_journal("".join(north.export_journal()).encode())
    assert found.conflicts == []
    assert south.audit().problems == ()


def test_a_text_that_is_missing_without_a_redaction_is_listed(tracker: Tracker) -> None:
    found = tracker.import_journal(journal_file(f'{{"redacted":"{HEX}"}}'.encode(), BURNED))
    assert [(each.seq, each.message[:19]) for each in found.conflicts] == [(1, "its text is missing")]
    assert found.recorded == 1


def test_an_empty_journal_can_be_sent(new_tracker: Callable[..., Tracker]) -> None:
    sent = "".join(new_tracker("north").export_journal(origin="north")).encode()
    assert new_tracker("south").import_journal(sent).read == 0


def test_what_a_third_desk_made_of_an_entry_is_found_by_the_desk_that_recorded_it(
    new_tracker: Callable[..., Tracker],
) -> None:
    north, south = new_tracker("north", author="nora"), new_tracker("south", author="sid")
    north.add_claim("It burned", key="burned")
    recorded = north.entries("burned")[0]
    origin = {**ORIGIN, "leaf": recorded.leaf.hex(), "origin": "north", "recorded_at": recorded.recorded_at}
    forged = entry("claim.recorded", "burned", origin, text="It stood", kind="other")
    south.import_journal(journal_file({**forged, "author": "nora"}))

    found = south.import_journal("".join(north.export_journal()).encode())

    assert [each.subject for each in found.conflicts] == ["burned"]
    assert "came as this one by another desk, and says something else" in found.conflicts[0].message
