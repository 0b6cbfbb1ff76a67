"""The history of a list of threat actors: each value that an actor was given is a claim, and what the list
said of it, from when to when, is evidence."""

from __future__ import annotations

import io
import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from claims.errors import BadFile, Finding
from tests.support.affair import spoiled
from tests.support.examples import examples
from tests.support.handing import two_trackers
from tests.support.shared import shared
from tracker.formats.acts import Group, LogEvidence, RecordClaim
from tracker.formats.attributions import LIST, read

if TYPE_CHECKING:
    from pathlib import Path

    from tracker.app import Tracker


def line(day: str, event: str, name: str = "Grey Heron", actor: str = "id-1", **more: Any) -> dict[str, Any]:
    return {"t": f"{day}T10:00:00+01:00", "commit": day, "event": event, "actor": actor, "name": name, **more}


def change(day: str, field: str, new: Any, **more: Any) -> dict[str, Any]:
    return line(day, "change", field=field, old=None, new=new, **more)


def jsonl(*lines: Any) -> bytes:
    return b"".join(json.dumps(each).encode() + b"\n" for each in lines)


def parts(*lines: Any) -> list[Group | Finding]:
    return list(read(io.BytesIO(jsonl(*lines)), "x.jsonl", {}))


def stays(*lines: Any) -> list[tuple[str, str, str | None]]:
    """Each claim, and from when to when the list said so."""
    found = []
    for group in parts(*lines):
        assert isinstance(group, Group)
        (claim,) = (act for act in group.acts if isinstance(act, RecordClaim))
        found += [
            (claim.text, str(act.published), act.withdrawn)
            for act in group.acts
            if isinstance(act, LogEvidence)
        ]
    return found


NORTH, SOUTH = "Grey Heron belongs to NO", "Grey Heron belongs to SO"


def test_a_value_that_is_changed_is_taken_back_on_that_day() -> None:
    assert stays(
        line("2020-01-01", "add", country="NO"), change("2021-02-02", "country", "SO", actor="id-1")
    ) == [(NORTH, "2020-01-01", "2021-02-02"), (SOUTH, "2021-02-02", None)]


def test_a_value_that_comes_back_is_said_twice() -> None:
    changes = [change("2021-02-02", "country", "SO"), change("2022-03-03", "country", "NO")]
    assert stays(line("2020-01-01", "add", country="NO"), *changes) == [
        (NORTH, "2020-01-01", "2021-02-02"),
        (NORTH, "2022-03-03", None),
        (SOUTH, "2021-02-02", "2022-03-03"),
    ]


def test_an_actor_that_is_removed_is_no_longer_spoken_of() -> None:
    lines = [line("2020-01-01", "add", country="NO"), line("2021-02-02", "remove")]
    assert stays(*lines) == [(NORTH, "2020-01-01", "2021-02-02")]


def test_an_actor_that_only_gets_another_id_goes_on() -> None:
    lines = [
        line("2020-01-01", "add", country="NO"),
        line("2021-02-02", "remove"),
        line("2021-02-02", "add", actor="id-2", country="NO"),
    ]
    assert stays(*lines) == [(NORTH, "2020-01-01", None)]


@pytest.mark.parametrize("nothing", [None, "", " ", "Unknown"])
def test_nobody_named_is_no_claim(nothing: str | None) -> None:
    assert stays(line("2020-01-01", "add", country=nothing, sponsor=nothing)) == []


def test_a_confidence_is_a_credibility_unless_it_is_what_all_were_given(tracker: Tracker) -> None:
    lines = [
        line("2020-01-01", "add", country="NO"),
        change("2020-02-02", "confidence", "50"),
        line("2020-03-03", "add", "Red Fox", "id-2", country="SO", confidence="25"),
    ]
    found = tracker.import_file(jsonl(*lines), "misp-attributions", options={"source": "Our list"})
    assert (found.recorded, found.rejected) == (2, [])
    pieces = {
        claim.claim.text: [(it.credibility, it.note) for it in tracker.show(claim.key).evidence]
        for claim in tracker.statuses()
    }
    assert pieces == {
        NORTH: [(None, "confidence 50 from 2020-02-02")],
        "Red Fox belongs to SO": [("4", "confidence 25 from 2020-03-03")],
    }
    assert [source.name for source in tracker.sources()] == ["Our list"]


def test_what_is_no_event_is_listed_and_stops_nothing() -> None:
    *findings, group = parts(
        *("x", {}, line("soon", "add"), line("2020-01-01", "move"), change("2020-01-01", "colour", "red")),
        line("2020-01-01", "add", country="NO", actor="id-9"),
    )
    assert [(each.where, each.message) for each in findings if isinstance(each, Finding)] == [
        ("line 1", "this is 'x', not an event"),
        ("line 2", "an event lacks its time, actor or name"),
        ("line 3", "its t is 'soonT10:00:00+01:00', not a date"),
        ("line 4", "its event is 'move'"),
        ("line 5", "its field is 'colour'"),
    ]
    assert isinstance(group, Group)


def test_a_line_without_end_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.formats.attributions.LONGEST_LINE", 100)
    with pytest.raises(BadFile, match="a line of more than 100 bytes"):
        parts("x" * 200)


@given(st.integers(0, 10**6))
@examples(60)
def test_no_wrong_type_anywhere_breaks_the_reader(case: int) -> None:
    random = Random(case)
    lines: Any = [
        line("2020-01-01", "add", country="NO", sponsor="North", confidence="50"),
        change("2020-02-02", "confidence", 75),
        line("2020-03-03", "remove"),
    ]
    for _ in range(random.choice((1, 2, 5))):
        lines = spoiled(random, lines)
    assert all(
        isinstance(each, Group | Finding) for each in parts(*(lines if isinstance(lines, list) else [lines]))
    )


@pytest.mark.slow
def test_the_real_history(empty_database: Path, tmp_path: Path) -> None:
    """Ten years of changes: one claim for each value that each actor was ever given, counted from the file
    by itself."""
    data = shared("data", "misp", "threat-actor-attribution-history.jsonl").read_bytes()
    lines = [json.loads(each) for each in data.splitlines()]
    values: set[tuple[str, str, str]] = set()
    for each in lines:
        named = {"country": each.get("country"), "sponsor": each.get("sponsor")}
        if each["event"] == "change":
            named = {each["field"]: each["new"]} if each["field"] != "confidence" else {}
        for field, value in named.items():
            if value and value.strip() and value.strip() != "Unknown":
                values.add((each["name"].casefold(), field, value.strip()))

    with two_trackers(empty_database, tmp_path) as (tracker, _):
        found = tracker.import_file(data, "misp-attributions", name="history.jsonl")

        assert len(lines) == 2_107
        assert (found.recorded, found.refused) == (len(values), 2) == (618, 2)
        assert [each.message for each in found.rejected] == ["an event lacks its time, actor or name"] * 2
        assert [source.name for source in tracker.sources()] == [LIST]
        by_text = {claim.claim.text: claim for claim in tracker.statuses()}
        hotel = [
            (it.published.edtf, it.withdrawn_on and str(it.withdrawn_on))
            for country in ("KP", "KR")
            for it in tracker.show(by_text[f"darkhotel belongs to {country}"].key).evidence
            if it.published is not None
        ]
        assert hotel == [("2018-09-17", "2018-10-29"), ("2018-10-29", None)]
        assert by_text["darkhotel belongs to KP"].status == "retracted"
        assert tracker.import_file(data, "misp-attributions", name="history.jsonl").recorded == 0
