"""STIX of other producers, with all that they put into a bundle: versions, markings, custom objects, makers
who are not in it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.handing import told
from tracker.formats.stixforeign import LONGEST_CLAIM
from tracker.formats.stixparts import version_of

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.taking import ImportedActs


def made(type_: str, number: int, **fields: Any) -> dict[str, Any]:
    """An object of another producer."""
    return {
        "type": type_,
        "spec_version": "2.1",
        "id": id_of(type_, number),
        "created": "2020-01-01T00:00:00Z",
        "modified": "2020-01-01T00:00:00Z",
        **fields,
    }


def id_of(type_: str, number: int) -> str:
    return f"{type_}--00000000-0000-4000-8000-{number:012}"


CERT = made("identity", 1, name="Harbour CERT", identity_class="organization")
HERON = made("campaign", 2, name="Grey Heron")
SLEEPS = made("note", 3, content="It sleeps.", object_refs=[HERON["id"]], created_by_ref=CERT["id"])
AGREES = made("opinion", 4, opinion="agree", object_refs=[SLEEPS["id"]], authors=["Kim"])


def taken(tracker: Tracker, *objects: dict[str, Any], **options: str) -> ImportedActs:
    data = json.dumps({"type": "bundle", "id": id_of("bundle", 0), "objects": objects}).encode()
    return tracker.import_file(data, "stix", options=options)


def acts(tracker: Tracker, word: str) -> list[dict[str, Any]]:
    return [act for act in told(tracker) if act["act"] == word]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("2020-01-02T00:00:00Z", "2020-01-02T00:00:00.500Z"),
        ("2020-01-02T00:00:00.49Z", "2020-01-02T00:00:00.5Z"),
        ("2020-01-02T00:00:00.9Z", "2020-01-02T00:00:01Z"),
    ],
)
def test_the_newest_version_counts_to_the_fraction_of_a_second(
    tracker: Tracker, older: str, newer: str
) -> None:
    old = SLEEPS | {"modified": older, "content": "Old."}
    new = SLEEPS | {"modified": newer, "content": "New."}
    assert version_of(older) < version_of(newer)
    for order in ((old, new), (new, old)):
        taken(tracker, CERT, HERON, *order)
        assert [act["text"] for act in acts(tracker, "claim")] == ["New."]
    assert version_of("2020-01-02T00:00:00Z") == version_of("2020-01-02T00:00:00.000Z")


def test_what_is_marked_says_so(tracker: Tracker) -> None:
    statement = made(
        "marking-definition", 9, definition_type="statement", definition={"statement": "Members"}
    )
    red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
    part = {"marking_ref": statement["id"], "selectors": ["content"]}
    amber = made("marking-definition", 8, name="TLP:AMBER+STRICT")
    taken(
        tracker,
        *(CERT, HERON, statement, amber),
        SLEEPS | {"object_marking_refs": [red], "granular_markings": [part]},
        AGREES | {"object_marking_refs": [amber["id"], id_of("marking-definition", 7)]},
    )
    (claim,) = acts(tracker, "claim")
    assert claim["note"] == "marked TLP:RED, “Members” (content)"
    notes = {act["source"]: act.get("note") for act in acts(tracker, "evidence")}
    assert notes == {
        "harbour-cert": None,
        "kim": f"marked TLP:AMBER+STRICT, {id_of('marking-definition', 7)}",
    }


def test_a_grade_on_an_identity_is_that_of_the_source(tracker: Tracker) -> None:
    graded = CERT | {"labels": ['admiralty-scale:source-reliability="b"']}
    taken(tracker, graded, HERON, SLEEPS)
    assert [each.reliability for each in tracker.sources()] == ["B"]


def test_a_label_of_estimative_language_is_a_verdict_of_the_maker(tracker: Tracker) -> None:
    labels = [
        'estimative-language:likelihood-probability="very-likely"',
        'estimative-language:confidence-in-analytic-judgment="low"',
    ]
    taken(tracker, CERT, HERON, SLEEPS | {"labels": labels})
    (verdict,) = acts(tracker, "assessment")
    assert (verdict["by"], verdict["on"], verdict["status"], verdict["likelihood"]) == (
        *("Harbour CERT", "2020-01-01"),
        *("corroborated", "0.875"),
    )
    assert verdict["reason"] == "likelihood: very likely; confidence: low (estimative-language)"
    assert taken(tracker, CERT, HERON, SLEEPS | {"labels": labels}).recorded == 0


def test_a_maker_who_is_not_in_the_file_is_named(tracker: Tracker) -> None:
    absent = id_of("identity", 77)
    opinion = {name: value for name, value in AGREES.items() if name != "authors"}
    found = taken(tracker, CERT, HERON, SLEEPS, opinion | {"created_by_ref": absent})
    assert [each.message for each in found.rejected] == [f"its maker {absent} is not in the file"]
    found = taken(tracker, CERT, HERON, SLEEPS, opinion | {"created_by_ref": absent}, source="Kim")
    assert (found.recorded, found.rejected) == (1, [])


def test_what_says_nothing_that_is_taken_is_counted(tracker: Tracker) -> None:
    found = taken(
        tracker,
        *(CERT, HERON, SLEEPS, AGREES),
        made("opinion", 5, opinion="agree", object_refs=[AGREES["id"]], authors=["Lee"]),
        made("malware", 6, name="Bill"),
        made("malware", 7, name="Beak"),
        made("x-acme-thing", 8, x_acme_colour="grey"),
    )
    assert (found.read, found.recorded, found.refused) == (2, 2, 0)
    assert [each.message for each in found.remarks] == ["passed over: 1 opinion, 2 malware, 1 x-acme-thing"]
    assert taken(tracker, CERT, HERON, SLEEPS, AGREES).remarks == []


def test_an_opinion_on_a_custom_object_is_on_a_claim_with_its_name(tracker: Tracker) -> None:
    thing = made("x-acme-thing", 8, name="Old boat")
    taken(tracker, thing, AGREES | {"object_refs": [thing["id"]]})
    assert [act["text"] for act in acts(tracker, "claim")] == ["X acme thing: Old boat"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("content", "text"),
    [
        ("It sleeps. " + "Very long. " * 60, None),
        ("It sleeps.\n\n" + "Very long. " * 60, "It sleeps."),
        ("z" * 600, "z" * LONGEST_CLAIM + "…"),
    ],
)
def test_a_long_note_without_an_abstract_claims_how_it_begins(
    tracker: Tracker, content: str, text: str | None
) -> None:
    taken(tracker, CERT, HERON, SLEEPS | {"content": content})
    (claim,) = acts(tracker, "claim")
    assert claim["note"] == content.strip()
    assert claim["text"] == text if text else claim["text"].startswith("It sleeps. Very long.")
    assert len(claim["text"]) <= LONGEST_CLAIM + 1
