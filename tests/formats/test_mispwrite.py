"""A MISP event: what each record becomes, its tags, and that all comes back."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from tests.app.test_casebook_round_trip import casebooks
from tests.support.affair import AFFAIR
from tests.support.examples import examples
from tests.support.handing import handed_on, told, two_trackers
from tracker.formats import casebook as form

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tracker.app import Tracker
    from tracker.formats.casebook import Casebook

Event = dict[str, Any]


def events(tracker: Tracker, **options: Any) -> list[Event]:
    written = b"".join(tracker.export_file("misp", **options))
    return [each["Event"] for each in json.loads(written)["response"]]


def record(event: Event, word: str, key: str) -> dict[str, Any]:
    """An object of a record, with its attributes by their relations."""
    for each in event["Object"]:
        attributes = {it["object_relation"]: it for it in each["Attribute"]}
        if each["name"] == f"claims-{word}" and attributes["key"]["value"] == key:
            return each | {"by": attributes}
    raise KeyError(key)


@pytest.fixture
def affair(begun: Callable[..., Tracker]) -> Tracker:
    return begun("affair", lambda told, _: told.import_casebook(AFFAIR, name="affair.yaml"))


@pytest.fixture(scope="module")
def event(empty_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Event:
    """The affair as an event."""
    with two_trackers(empty_database, tmp_path_factory.mktemp("event")) as (one, _):
        one.import_casebook(AFFAIR, name="affair.yaml")
        (found,) = events(one)
        return found


def test_a_case_is_an_event_with_an_object_for_each_record(event: Event) -> None:
    assert event["info"] == "The blast at the depot"
    assert Counter(each["name"].removeprefix("claims-") for each in event["Object"]) == {
        "case": 1,
        "source": 3,
        "entity": 5,
        "question": 2,
        "document": 2,
        "claim": 6,
        "evidence": 6,
        "link": 2,
        "assessment": 2,
    }
    uuids = [each["uuid"] for each in event["Object"]]
    uuids += [it["uuid"] for each in event["Object"] for it in each["Attribute"]]
    assert len(uuids) == len(set(uuids))


def test_claims_and_evidence_carry_the_tags_of_the_taxonomies(event: Event) -> None:
    claim, piece = record(event, "claim", "bad-luck"), record(event, "evidence", "by-brigade.ministry")
    assert [each["name"] for each in claim["by"]["text"]["Tag"]] == [
        'estimative-language:likelihood-probability="roughly-even-chance"',
        'estimative-language:confidence-in-analytic-judgment="low"',
    ]
    assert [each["name"] for each in piece["by"]["stance"]["Tag"]] == [
        'admiralty-scale:source-reliability="b"',
        'admiralty-scale:information-credibility="2"',
    ]
    ungraded = record(event, "evidence", "toll-5.ministry")
    tags = [each["name"] for each in ungraded["by"]["stance"]["Tag"]]
    assert tags == ['admiralty-scale:source-reliability="b"']


def test_evidence_refers_to_its_claim_by_its_stance(event: Event) -> None:
    claim, piece = record(event, "claim", "by-brigade"), record(event, "evidence", "by-brigade.brigade")
    (reference,) = piece["ObjectReference"]
    assert (reference["relationship_type"], reference["referenced_uuid"]) == ("denies", claim["uuid"])


def test_an_attribution_names_a_threat_actor_and_a_verdict_is_an_opinion_too(event: Event) -> None:
    claim = record(event, "claim", "by-brigade")
    assert (claim["by"]["value"]["type"], claim["by"]["value"]["category"]) == ("threat-actor", "Attribution")
    (opinion,) = claim["Opinion"]
    assert (opinion["opinion"], opinion["authors"], opinion["comment"]) == (90, "ann", "confirmed: seen it")
    (other,) = record(event, "claim", "bad-luck")["Opinion"]
    assert (other["opinion"], other["authors"]) == (5, "bob")


def test_ids_and_times_are_the_same_in_every_export(affair: Tracker, clock: Any) -> None:
    first = events(affair)
    clock.tick(hours=2)
    assert events(affair) == first
    affair.log("bad-luck", source="gazette", stance="supports")
    (later,) = events(affair)
    assert int(later["timestamp"]) == int(first[0]["timestamp"]) + 7_200


def test_claims_in_no_case_have_an_event_of_their_own(tracker: Tracker) -> None:
    tracker.add_claim("It rained.")
    assert [each["info"] for each in events(tracker)] == ["Claims in no case"]


# --- there and back -------------------------------------------------------------------------------------


def test_everything_comes_back_by_its_keys(affair: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    other = new_tracker("other")
    found = handed_on(affair, other, "misp", keys="keep", name="affair.yaml")
    assert found.rejected == []
    ours, theirs = told(affair), told(other)
    assert [act["key"] for act in ours if act not in theirs] == ["old-brigade"]  # no claim is about it
    assert [act for act in theirs if act not in ours] == []


def test_what_one_wrote_oneself_is_known_again(affair: Tracker) -> None:
    assert handed_on(affair, affair, "misp", keys="keep").recorded == 0


def test_another_tracker_takes_it_in_once(affair: Tracker, new_tracker: Callable[..., Tracker]) -> None:
    other = new_tracker("other")
    assert handed_on(affair, other, "misp").rejected == []
    assert handed_on(affair, other, "misp").recorded == 0
    ours, theirs = (
        {each.claim.text: (each.evidence, each.claim.when) for each in it.statuses()}
        for it in (affair, other)
    )
    assert ours == theirs


@given(book=casebooks())
@settings(examples(6), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_casebook_comes_back(book: Casebook, empty_database: Path, tmp_path_factory: Any) -> None:
    with two_trackers(empty_database, tmp_path_factory.mktemp("misp")) as (one, other):
        one.import_casebook(form.write(book), name="book.yaml")
        assert handed_on(one, other, "misp", keys="keep", name="book.yaml").rejected == []
        spoke = {piece.source for claim in one.statuses() for piece in one.show(claim.key).evidence}
        kept = [
            act
            for act in told(one, only_referred=True)
            if act["act"] != "source" or act["key"] in spoke or act["key"] == "s0"
        ]
        assert [act for act in told(other) if act["act"] != "source"] == [
            act for act in kept if act["act"] != "source"
        ]
        assert {act["key"] for act in told(other) if act["act"] == "source"} >= spoke
        assert handed_on(one, other, "misp", keys="keep").recorded == 0
