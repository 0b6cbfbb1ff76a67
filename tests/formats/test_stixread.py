"""STIX of other people: notes, attributions, opinions and sightings become claims and evidence, with who made
them; and what is damaged is listed, whatever it is."""

from __future__ import annotations

import copy
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from claims.errors import BadFile, BadValue, Finding
from tests.support.affair import BUNDLE
from tests.support.handing import told
from tests.support.shared import shared
from tracker.formats.acts import Group
from tracker.formats.stixread import read

if TYPE_CHECKING:
    from tracker.app import Tracker
    from tracker.app.taking import ImportedActs

CERT = "identity--00000000-0000-4000-8000-000000000001"


def taken(tracker: Tracker, value: Any, **options: str) -> ImportedActs:
    return tracker.import_file(json.dumps(value).encode(), "stix", name="theirs.json", options=options)


def claims_of(tracker: Tracker) -> dict[str, dict[str, Any]]:
    return {act["text"]: act for act in told(tracker) if act["act"] == "claim"}


def said_in(tracker: Tracker) -> dict[str, list[dict[str, Any]]]:
    """Evidence by the text of its claim, with the names of sources and the titles of documents."""
    acts = told(tracker)
    named = (act for act in acts if act["act"] in ("source", "document"))
    names = {act["key"]: act.get("name", act.get("title")) for act in named}
    texts = {act["key"]: act["text"] for act in acts if act["act"] == "claim"}
    found: dict[str, list[dict[str, Any]]] = {}
    for act in acts:
        if act["act"] == "evidence":
            shown = {name: value for name, value in act.items() if name not in ("act", "key", "claim")}
            shown |= {name: names[shown[name]] for name in ("source", "document") if name in shown}
            found.setdefault(texts[act["claim"]], []).append(shown)
    return found


ATTRIBUTED = "Grey Heron is attributed to The Northern State"
SLEEPS = "It sleeps at weekends."
INDICATOR = "Indicator: heron.test"


def test_a_bundle_of_other_people(tracker: Tracker) -> None:
    found = taken(tracker, BUNDLE)

    assert (found.read, found.recorded, found.rejected) == (5, 5, [])
    claims = claims_of(tracker)
    assert claims.keys() == {ATTRIBUTED, SLEEPS, INDICATOR}
    attributed = claims[ATTRIBUTED]
    assert (attributed["kind"], attributed["value"], attributed["when"], attributed["id"]) == (
        *("attribution", "The Northern State", "2019-01-01/2019-12-31"),
        "relationship--00000000-0000-4000-8000-000000000004",
    )
    said = said_in(tracker)
    assert said[ATTRIBUTED] == [
        {
            "source": "Harbour CERT",
            "stance": "supports",
            "published": "2020-03-01",
            "document": "On herons",
            "credibility": "2",
            "note": "confidence 75: 2 (Admiralty credibility)",
        }
    ]
    assert [(it["source"], it["stance"], it.get("credibility")) for it in said[SLEEPS]] == [
        ("Jo Doe", "supports", None),
        ("Harbour CERT", "denies", "1"),
    ]
    words = "We saw it on two.; confidence 92: 1 (Admiralty credibility); authors: Kim"
    assert said[SLEEPS][1]["note"] == words
    assert said[INDICATOR] == [
        {"source": "Harbour CERT", "stance": "supports", "published": "2020-04-30", "note": "seen 3 times"}
    ]
    (cert,) = (source for source in tracker.sources() if source.name == "Harbour CERT")
    assert cert.type == "government"


def test_a_second_import_records_nothing_and_a_changed_one_what_changed(tracker: Tracker) -> None:
    taken(tracker, BUNDLE)
    assert taken(tracker, BUNDLE).recorded == 0

    changed = copy.deepcopy(BUNDLE)
    changed["objects"][4] |= {"abstract": "It slept at weekends.", "modified": "2020-06-01T00:00:00.000Z"}
    assert taken(tracker, changed).recorded == 1
    assert "It slept at weekends." in claims_of(tracker)


def test_of_two_versions_of_an_object_the_newer_counts(tracker: Tracker) -> None:
    older = BUNDLE["objects"][4] | {"abstract": "Old.", "modified": "2019-01-01T00:00:00.000Z"}
    taken(tracker, {**BUNDLE, "objects": [*BUNDLE["objects"], older]})
    assert SLEEPS in claims_of(tracker)


@pytest.mark.parametrize(
    ("opinion", "stance"),
    [
        ("strongly-agree", "supports"),
        ("agree", "supports"),
        ("neutral", "mentions"),
        ("disagree", "doubts"),
        ("strongly-disagree", "denies"),
    ],
)
def test_every_opinion_is_a_stance(opinion: str, stance: str) -> None:
    said = BUNDLE["objects"][5] | {"opinion": opinion}
    (group,) = [each for each in _read([BUNDLE["objects"][0], said]) if isinstance(each, Group)]
    assert group.acts[-1].stance == stance


def test_what_was_seen_no_time_is_denied(tracker: Tracker) -> None:
    bundle = copy.deepcopy(BUNDLE)
    bundle["objects"][7]["count"] = 0
    taken(tracker, bundle)
    assert [it["stance"] for it in said_in(tracker)[INDICATOR]] == ["denies"]


def test_what_was_revoked_is_withdrawn_evidence(tracker: Tracker) -> None:
    bundle = copy.deepcopy(BUNDLE)
    bundle["objects"][5] |= {"revoked": True, "modified": "2020-07-01T00:00:00.000Z"}
    taken(tracker, bundle)
    (piece,) = (it for it in said_in(tracker)[SLEEPS] if it["stance"] == "denies")
    assert (piece["withdrawn"], piece["withdrawn_reason"]) == ("2020-07-01", "revoked by its maker")


def test_confidence_means_what_one_says_that_it_means(tracker: Tracker) -> None:
    taken(tracker, BUNDLE, scale="dni")
    (piece,) = said_in(tracker)[ATTRIBUTED]
    assert (piece["note"], piece.get("credibility")) == ("confidence 75: likely (DNI scale)", None)


def test_no_confidence_is_no_credibility(tracker: Tracker) -> None:
    bundle = copy.deepcopy(BUNDLE)
    del bundle["objects"][3]["confidence"]
    taken(tracker, bundle)
    assert "credibility" not in said_in(tracker)[ATTRIBUTED][0]


def test_labels_that_are_tags_count_before_a_number(tracker: Tracker) -> None:
    bundle = copy.deepcopy(BUNDLE)
    bundle["objects"][3]["labels"] = [
        'admiralty-scale:information-credibility="6"',
        'admiralty-scale:source-reliability="c"',
    ]
    taken(tracker, bundle)
    assert said_in(tracker)[ATTRIBUTED][0]["credibility"] == "6"
    assert {source.name: source.reliability for source in tracker.sources()}["Harbour CERT"] == "C"


def test_one_object_by_itself_needs_what_it_is_about(tracker: Tracker) -> None:
    opinion = BUNDLE["objects"][5] | {"created_by_ref": None, "authors": []}
    (nobody,) = taken(tracker, opinion).rejected
    assert nobody.message == "it does not say whose it is"
    (unknown,) = taken(tracker, opinion, source="Kim").rejected
    assert "note--00000000-0000-4000-8000-000000000005" in unknown.message
    taken(tracker, BUNDLE)
    assert taken(tracker, opinion, source="Kim").recorded == 1


def test_an_opinion_on_ones_own_claim_comes_home(tracker: Tracker) -> None:
    """A desk elsewhere adds its opinion to a bundle and sends it back."""
    tracker.add_claim("It rained.", key="rain")
    bundle = json.loads(b"".join(tracker.export_file("stix")))
    (note,) = (each for each in bundle["objects"] if each["type"] == "note")
    bundle["objects"] += [BUNDLE["objects"][0], BUNDLE["objects"][5] | {"object_refs": [note["id"]]}]

    found = taken(tracker, bundle, keys="keep")

    assert found.rejected == []
    assert [each.key for each in tracker.statuses()] == ["rain"]
    assert [it["source"] for it in said_in(tracker)["It rained."]] == ["Harbour CERT"]


# --- real files -----------------------------------------------------------------------------------------


def test_real_objects_with_what_they_refer_to(tracker: Tracker) -> None:
    """A note, an opinion and a sighting as the library of the standard's makers has them. They refer to
    objects that are not in the files, and the opinion has no author."""
    real = [json.loads(shared("data", "stix", f"{name}.json").read_text("utf-8")) for name in _REAL]

    alone = taken(tracker, real)
    assert (alone.read, alone.recorded, alone.refused) == (3, 1, 2)
    assert [each.message for each in alone.rejected] == ["it does not say whose it is"] * 2

    campaign, relationship, indicator, identity = (
        *(real[0]["object_refs"][0], real[1]["object_refs"][0]),
        *(real[2]["sighting_of_ref"], real[2]["where_sighted_refs"][0]),
    )
    around = [
        {"type": "campaign", "id": campaign, "name": "A campaign"},
        {
            "type": "relationship",
            "id": relationship,
            "relationship_type": "targets",
            "source_ref": campaign,
            "target_ref": identity,
        },
        {"type": "indicator", "id": indicator, "name": "A file"},
        {"type": "identity", "id": identity, "name": "A team", "identity_class": "organization"},
    ]
    whole = taken(tracker, [*around, *real], source="An analyst")
    assert whole.rejected == []
    said = said_in(tracker)
    shown = {text: [(it["source"], it["stance"]) for it in pieces] for text, pieces in said.items()}
    assert shown["A campaign targets A team"] == [("An analyst", "denies")]
    assert shown["Indicator: A file"] == [("A team", "supports")]
    (note,) = (act for act in told(tracker) if act.get("id") == real[0]["id"])
    assert note["subject"] == "campaign"


_REAL = ("note", "opinion", "sighting")


# --- damage ---------------------------------------------------------------------------------------------


def _read(value: Any, **options: str) -> list[Group | Finding]:
    return list(read(io.BytesIO(json.dumps(value).encode()), "x.json", options))


@pytest.mark.parametrize("value", [None, 1, "x", {}, {"type": "bundle", "objects": 1}, {"type": "note"}])
def test_what_is_no_stix_is_refused_whole(value: Any) -> None:
    with pytest.raises(BadFile, match=r"x\.json is no STIX"):
        _read(value)


_GRADES = [f'admiralty-scale:source-reliability="{grade}"' for grade in "ab"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"confidence": 101}, "its confidence is 101, not a whole number from 0 to 100"),
        ({"confidence": True}, "its confidence is True"),
        ({"confidence": "high"}, "its confidence is 'high'"),
        ({"created": "yesterday"}, "its created is 'yesterday', not a date"),
        ({"object_refs": "note--x"}, "its object_refs is 'note--x', not a list of texts"),
        ({"object_refs": []}, "the opinion is about nothing"),
        ({"opinion": "maybe"}, "its opinion is 'maybe'"),
        ({"opinion": None}, "its opinion is None"),
        ({"revoked": "perhaps"}, "its revoked is 'perhaps', not true or false"),
        ({"labels": _GRADES}, "its tags say two things"),
        ({"external_references": [1]}, "its external_references[0] is 1, not an object"),
        ({"id": "opinion--1"}, "'opinion--1' is no id of a opinion"),
        ({"type": 7}, "it has no type, or no id"),
    ],
)
def test_a_wrong_value_is_told_with_its_place(changes: dict[str, Any], said: str) -> None:
    objects = [*BUNDLE["objects"][:5], BUNDLE["objects"][5] | changes]
    (finding,) = (each for each in _read(objects) if isinstance(each, Finding))
    assert said in finding.message
    assert finding.where.startswith("objects[5]")


def test_options_are_checked() -> None:
    with pytest.raises(BadValue, match="keys cannot be 'all'"):
        _read(BUNDLE, keys="all")
    with pytest.raises(BadValue, match="there is no scale 'ours'"):
        _read(BUNDLE, scale="ours")
